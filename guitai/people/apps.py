"""The room people inside Django."""

from django.apps import AppConfig
from django.utils.module_loading import import_string

from guitai.people.explanations import register_explanations


class PeopleConfig(AppConfig):
    name = "guitai.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
        # By name: notify's door needs its tables, which Django knows only when every app has loaded.
        import_string("guitai.people.messages.register_kinds")()
