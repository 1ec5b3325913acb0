from django.apps import AppConfig
from django.utils.module_loading import import_string


class SiteConfig(AppConfig):
    name = "guitai.site"
    label = "site"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # By name, and last of all apps: the doors it wires need every room's tables to be known.
        import_string("guitai.site.wiring.wire")()
