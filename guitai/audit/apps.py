from django.apps import AppConfig

from guitai.audit.explanations import register_explanations


class AuditConfig(AppConfig):
    name = "guitai.audit"
    label = "audit"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
