"""Deciding a held transfer."""

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.wallet.errors import HoldNotOpen, OperationNotFound
from guitai.wallet.flows import intents
from guitai.wallet.models import Operation
from guitai.wallet.till.submit import submit
from guitai.wallet.till.types import Outcome


def decide_hold(reference: str, release: bool, actor: Actor, purpose: Purpose | None) -> Outcome:
    row = Operation.objects.filter(reference=reference).first()
    if row is None or (actor.kind == "customer" and str(row.owner) != actor.id):
        raise OperationNotFound()
    outcome = submit(intents.decide_hold(row.id, release, actor, purpose))
    if outcome.outcome == "refused":
        raise HoldNotOpen()
    return outcome
