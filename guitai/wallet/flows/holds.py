"""Deciding a held transfer or withdrawal."""

from uuid import UUID

from guitai.audit.errors import PurposeNotReal
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.wallet.errors import HoldNotOpen, OperationNotFound, SenderFrozen
from guitai.wallet.flows import intents, withdrawals
from guitai.wallet.models import Operation
from guitai.wallet.till.submit import submit
from guitai.wallet.till.types import Outcome


def check_review(operation_id: UUID, purpose: Purpose | None) -> None:
    """A review is of one operation: it opens no other one; refuses purpose_not_real."""
    if purpose is not None and purpose.kind == "review" and purpose.id != str(operation_id):
        raise PurposeNotReal()


def decide_hold(reference: str, release: bool, actor: Actor, purpose: Purpose | None) -> Outcome:
    row = Operation.objects.filter(reference=reference).first()
    if row is None or (actor.kind == "customer" and str(row.owner) != actor.id):
        raise OperationNotFound()
    check_review(row.id, purpose)
    if row.kind == "withdrawal":
        return withdrawals.decide_hold(row.id, release, actor, purpose)
    outcome = submit(intents.decide_hold(row.id, release, actor, purpose))
    if outcome.outcome == "refused":
        raise SenderFrozen() if outcome.code == "sender_frozen" else HoldNotOpen()
    return outcome
