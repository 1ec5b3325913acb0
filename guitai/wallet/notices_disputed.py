"""What both sides of a disputed payment are told."""

from django.utils.translation import gettext_lazy as _

from guitai.notify.types import MessageKind

_URL = "/bills/%(reference)s/"
KINDS = (
    MessageKind("wallet.payment_disputed", frozenset({"in_app", "sms"}), _("A payment you received is disputed"),
                _("%(amount)s is set aside until two people have decided, by %(by)s at the latest. Open the bill to "
                  "tell us what it was for. Reference %(spoken)s."), _URL),
    MessageKind("wallet.claim_given_back", frozenset({"in_app", "sms"}), _("A disputed payment was given back"),
                _("%(amount)s was given back to its sender. Open the bill to see why. Reference %(spoken)s."), _URL),
    MessageKind("wallet.claim_recovered", frozenset({"in_app", "sms"}), _("Money that was taken from you is back"),
                _("%(amount)s is in your wallet again. Reference %(spoken)s."), _URL),
    MessageKind("wallet.chargeback_held", frozenset({"in_app", "sms"}), _("A top-up of yours is disputed at the bank"),
                _("%(amount)s is set aside until the bank has decided, by %(by)s at the latest. A case is opened for "
                  "you: tell us there what you know. Reference %(spoken)s."), _URL),
    MessageKind("wallet.chargeback_lost", frozenset({"in_app", "sms"}), _("The bank took a payment back"),
                _("%(amount)s has left your wallet. Open the bill to see why. Reference %(spoken)s."), _URL),
    MessageKind("wallet.claim_released", frozenset({"in_app", "sms"}), _("A sum that was set aside is yours again"),
                _("%(amount)s can be spent again. Reference %(spoken)s."), _URL),
)  # fmt: skip
TOLD: dict[tuple[str, str], tuple[str | None, str | None]] = {
    ("claim", "processing"): ("wallet.payment_disputed", None),
    ("claim", "succeeded"): ("wallet.claim_given_back", "wallet.claim_recovered"),
    ("claim", "returned"): ("wallet.claim_released", None),
    ("chargeback", "processing"): ("wallet.chargeback_held", None),
    ("chargeback", "succeeded"): ("wallet.chargeback_lost", None),
    ("chargeback", "returned"): ("wallet.claim_released", None),
}
