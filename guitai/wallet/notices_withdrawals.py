"""What people are told about their withdrawals: whatever they did not do themselves just now."""

from django.utils.translation import gettext_lazy as _

from guitai.notify.types import MessageKind

_URL = "/bills/%(reference)s/"
_LOUD, _QUIET = frozenset({"in_app", "sms"}), frozenset({"in_app"})
KINDS = (
    MessageKind("wallet.withdrawal_queued", _QUIET, _("A withdrawal is on its way"),
                _("%(amount)s is on its way to your bank and arrives by %(by)s. If it was not you, freeze your wallet "
                  "now: until it has left, that brings it back. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_held", _LOUD, _("Your withdrawal is being checked"),
                _("%(amount)s is set aside until we have checked it, by %(by)s at the latest. "
                  "If it was not you, freeze your wallet now. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_released", _QUIET, _("Your withdrawal was released"),
                _("The check is done and %(amount)s is on its way to your bank. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_arrived", _LOUD, _("Your withdrawal is at your bank"),
                _("The bank has confirmed %(amount)s. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_late", _LOUD, _("Your withdrawal takes longer than promised"),
                _("%(amount)s has not been confirmed yet. We are sorry. We now expect it by %(by)s and tell you either "
                  "way. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_unknown", _LOUD, _("We do not know yet how your withdrawal ended"),
                _("The bank has not said what became of %(amount)s. You need to do nothing: we tell you by %(by)s. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_failed", _LOUD, _("Your withdrawal failed; the money is back"),
                _("The bank did not carry it out, and the money is in your wallet again. Open the bill to see why, and "
                  "what to do. Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_returned", _LOUD, _("The bank sent your withdrawal back"),
                _("What came back is in your wallet again. Open the bill to see how much, and why. "
                  "Reference %(spoken)s."), _URL),
    MessageKind("wallet.withdrawal_cancelled", _LOUD, _("Your withdrawal did not leave; the money is back"),
                _("%(amount)s and its fee are in your wallet again. Open the bill to see why. Reference %(spoken)s."),
                _URL),
)  # fmt: skip
# (kind of operation, event) -> (message to the owner, message to the payee)
TOLD: dict[tuple[str, str], tuple[str | None, str | None]] = {
    ("withdrawal", "queued"): ("wallet.withdrawal_queued", None),
    ("withdrawal", "held"): ("wallet.withdrawal_held", None),
    ("withdrawal", "released"): ("wallet.withdrawal_released", None),
    ("withdrawal", "succeeded"): ("wallet.withdrawal_arrived", None),
    ("withdrawal", "late"): ("wallet.withdrawal_late", None),
    ("withdrawal", "delayed"): ("wallet.withdrawal_late", None),
    ("withdrawal", "unknown"): ("wallet.withdrawal_unknown", None),
    ("withdrawal", "failed"): ("wallet.withdrawal_failed", None),
    ("withdrawal", "returned"): ("wallet.withdrawal_returned", None),
    ("withdrawal", "cancelled"): ("wallet.withdrawal_cancelled", None),
}
