"""The room care inside Django."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from guitai.care.emergency.explanations import register_emergency_explanations
from guitai.care.explanations import register_explanations
from guitai.care.explanations_cases import register_case_explanations
from guitai.care.explanations_proofs import register_proof_explanations
from guitai.care.reasons import register_reasons


class CareConfig(AppConfig):
    name = "guitai.care"
    label = "care"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
        register_case_explanations()
        register_proof_explanations()
        register_emergency_explanations()
        register_reasons()
        # By name: notify's door needs its tables, which Django knows only when every app has loaded.
        import_string("guitai.care.notices.register_notices")()
        import_string("guitai.care.emergency.words.register_words")()
        import_string("guitai.care.notices_proofs.register_proof_notices")()
        audit = import_string("guitai.audit.api.set_purpose_checker")
        audit("article", import_string("guitai.care.api.is_article_purpose"))
        audit("announcement", import_string("guitai.care.api.is_announcement_purpose"))
        audit("contact_report", import_string("guitai.care.api.is_contact_report_purpose"))
