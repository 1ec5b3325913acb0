from django.apps import AppConfig
from django.utils.module_loading import import_string

from guitai.kit import topic_names
from guitai.rails.explanations import register_explanations
from guitai.rails.topics import EMITTED


class RailsConfig(AppConfig):
    name = "guitai.rails"
    label = "rails"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
        topic_names.declare("rails", EMITTED)
        # By name: these doors need tables, which Django knows only when every app has loaded.
        checker = import_string("guitai.rails.api.is_rail_purpose")
        import_string("guitai.audit.api.set_purpose_checker")("rail", checker)
