from django.apps import AppConfig

from guitai.risk.explanations import register_explanations


class RiskConfig(AppConfig):
    name = "guitai.risk"
    label = "risk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
