from django.apps import AppConfig

from guitai.kit import policies
from guitai.wallet.explanations import register_explanations
from guitai.wallet.rules.policies import DEFAULT_LIMITS, Fees, Limits, Waiting


class WalletConfig(AppConfig):
    name = "guitai.wallet"
    label = "wallet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        register_explanations()
        policies.declare("limits", Limits, DEFAULT_LIMITS)
        policies.declare("fees", Fees, Fees())
        policies.declare("waiting", Waiting, Waiting())
