from django.apps import AppConfig

from guitai.kit.explanations import register_explanations


class KitConfig(AppConfig):
    name = "guitai.kit"
    label = "kit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
