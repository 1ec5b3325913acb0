from django.apps import AppConfig

from guitai.notify.explanations import register_explanations


class NotifyConfig(AppConfig):
    name = "guitai.notify"
    label = "notify"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
