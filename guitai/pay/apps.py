from django.apps import AppConfig


class PayConfig(AppConfig):
    name = "guitai.pay"
    label = "pay"
    default_auto_field = "django.db.models.BigAutoField"
