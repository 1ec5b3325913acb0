"""The room desk inside Django."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from guitai.desk.explanations import register_explanations
from guitai.desk.explanations_actions import register_action_explanations
from guitai.desk.rules.service_policy import DEFAULT, NAME, ServiceActions
from guitai.kit import policies


class DeskConfig(AppConfig):
    name = "guitai.desk"
    label = "desk"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
        register_action_explanations()
        policies.declare(NAME, ServiceActions, DEFAULT)
        # By name: these need tables, which Django knows only when every app has loaded.
        import_string("guitai.desk.notices.register_notices")()
        import_string("guitai.desk.web.action_words.register_words")()
