from django.apps import AppConfig


class SkinConfig(AppConfig):
    name = "guitai.skin"
    label = "skin"
    default_auto_field = "django.db.models.BigAutoField"
