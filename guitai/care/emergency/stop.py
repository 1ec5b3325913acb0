"""What can still be done about one operation, with the real verbs of the wallet."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.care.emergency.types import BillOutcome
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationView

_LEFT = ("sent", "succeeded", "unknown")
_STOPS_ITSELF = ("refused", "failed", "returned", "expired", "cancelled")


def stop(customer: UUID, reference: str, case: UUID) -> BillOutcome:
    """Stop, recall and hold one operation as far as that is possible; what was done before is found done."""
    view = wallet.operation(customer, reference).view
    if view.state in _STOPS_ITSELF:
        return "ended"
    if view.state == "held" or (view.kind == "withdrawal" and view.state in ("processing", "unknown")):
        return _cancel(customer, view)
    if view.kind == "transfer" and view.state in _LEFT:
        return _recall(customer, view, case)
    return "gone"


def told(outcome: BillOutcome) -> BillOutcome:
    """What the customer may know: whether a number has a wallet, and what is left in it, shows in none of these."""
    return "recalled" if outcome in ("held", "gone") else outcome


def _cancel(customer: UUID, view: OperationView) -> BillOutcome:
    try:
        wallet.cancel_operation(customer, view.reference)
    except Refusal:
        # The freeze may have been faster, or the bank: its state says which.
        after = wallet.operation(customer, view.reference).view.state
        return "cancelled" if after in ("cancelled", "returned", "failed") else "under_way"
    return "cancelled"


def _recall(customer: UUID, view: OperationView, case: UUID) -> BillOutcome:
    """Asked back in any case, so that the bill looks the same whoever has the number."""
    try:
        wallet.ask_back(customer, view.reference)
    except Refusal:
        return "gone"
    try:
        wallet.hold_claim(view.reference, actor=Actor("customer", str(customer)), case=case)
    except Refusal as refusal:
        made = refusal.code == "claim_made_before"
        return "held" if made else "gone" if refusal.code == "claim_nothing_unspent" else "recalled"
    return "held"
