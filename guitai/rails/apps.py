from django.apps import AppConfig

from guitai.rails.explanations import register_explanations


class RailsConfig(AppConfig):
    name = "guitai.rails"
    label = "rails"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
