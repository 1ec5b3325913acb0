from django.apps import AppConfig

from guitai.kit import policies, topic_names
from guitai.wallet.explanations import register_explanations
from guitai.wallet.explanations_adjustments import register_adjustment_explanations
from guitai.wallet.explanations_chargebacks import register_chargeback_explanations
from guitai.wallet.explanations_disputed import register_disputed_explanations
from guitai.wallet.explanations_reconciliation import register_reconciliation_explanations
from guitai.wallet.explanations_reserve import register_reserve_explanations
from guitai.wallet.explanations_small_amounts import register_small_amount_explanations
from guitai.wallet.explanations_top_up import register_top_up_explanations
from guitai.wallet.explanations_withdrawals import register_withdrawal_explanations
from guitai.wallet.explanations_wrong_person import register_wrong_person_explanations
from guitai.wallet.reconciliation.policy import ReconciliationSettings
from guitai.wallet.reserve.policy import ReserveSettings, check_keys
from guitai.wallet.rules.chargebacks import Chargebacks
from guitai.wallet.rules.disputed import DisputedPayments
from guitai.wallet.rules.policies import (
    DEFAULT_LIMITS,
    DEFAULT_NEW_PIN,
    Fees,
    LateTopUps,
    Limits,
    NewPinLimits,
    TopUpRails,
    Waiting,
)
from guitai.wallet.rules.small_amounts import SmallAmountPolicy
from guitai.wallet.rules.withdrawals import Withdrawals
from guitai.wallet.topics import EMITTED


class WalletConfig(AppConfig):
    name = "guitai.wallet"
    label = "wallet"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        topic_names.declare("wallet", EMITTED)
        register_explanations()
        register_small_amount_explanations()
        register_top_up_explanations()
        register_reconciliation_explanations()
        register_withdrawal_explanations()
        register_reserve_explanations()
        register_wrong_person_explanations()
        register_disputed_explanations()
        register_adjustment_explanations()
        register_chargeback_explanations()
        policies.declare("limits", Limits, DEFAULT_LIMITS)
        policies.declare("new_pin", NewPinLimits, DEFAULT_NEW_PIN)
        policies.declare("fees", Fees, Fees())
        policies.declare("waiting", Waiting, Waiting())
        policies.declare("late_top_ups", LateTopUps, LateTopUps())
        policies.declare("top_up_rails", TopUpRails, TopUpRails())
        policies.declare("disputed_payments", DisputedPayments, DisputedPayments())
        policies.declare("chargebacks", Chargebacks, Chargebacks())
        policies.declare("small_amounts", SmallAmountPolicy, SmallAmountPolicy())
        policies.declare("withdrawals", Withdrawals, Withdrawals())
        policies.declare("reconciliation", ReconciliationSettings, ReconciliationSettings())
        policies.declare("reserve", ReserveSettings, ReserveSettings(), check=check_keys)
