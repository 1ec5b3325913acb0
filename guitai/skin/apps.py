from django.apps import AppConfig
from django.utils.translation import gettext_noop

# What Django says beside an empty field, translated here as we speak: our catalogue wins over its own.
EMPTY_FIELD = gettext_noop("This field is required.")


class SkinConfig(AppConfig):
    name = "guitai.skin"
    label = "skin"
    default_auto_field = "django.db.models.BigAutoField"
