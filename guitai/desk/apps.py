"""The room desk inside Django."""

from django.apps import AppConfig

from guitai.desk.explanations import register_explanations


class DeskConfig(AppConfig):
    name = "guitai.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
