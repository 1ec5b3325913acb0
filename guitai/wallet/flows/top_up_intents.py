"""The intents behind what rails say of top-ups, and behind the settling of payments that did not fit."""

from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.wallet.kinds import parked, top_up
from guitai.wallet.models.parked import ParkedPayment
from guitai.wallet.rules.parked import Step
from guitai.wallet.till.types import Intent, Json


def process(operation_id: UUID, rail: str, *, known: bool) -> Intent:
    """The rail is working on it, or (not known) cannot say what became of it."""
    # A key of its own each time: the operation's state takes it up once.
    key = f"{top_up.PROCESS}:{operation_id}:{new_id()}"
    body: dict[str, Json] = {"operation": str(operation_id), "rail": rail, "known": known}
    return Intent(top_up.PROCESS, Actor("rail", rail), key, body, operation_id)


def fail(operation_id: UUID, rail: str, code: str) -> Intent:
    """The rail has closed the order."""
    key = f"{top_up.FAIL}:{operation_id}:{new_id()}"
    body: dict[str, Json] = {"operation": str(operation_id), "rail": rail, "code": code}
    return Intent(top_up.FAIL, Actor("rail", rail), key, body, operation_id)


def credit_parked(
    row: ParkedPayment, owner: UUID, named: str, actor: Actor, purpose: Purpose | None
) -> Intent:
    """What really came becomes a top-up of its own; `named` is the reference of the one it was meant for."""
    body: dict[str, Json] = {**_body(row), "owner": str(owner), "named": named}
    return Intent(parked.CREDIT, actor, f"{parked.CREDIT}:{row.id}", body, new_id(), purpose=purpose)


def follow_parked(
    row: ParkedPayment, step: Step, actor: Actor, purpose: Purpose | None = None, credited_as: str = "",
    *, paid_out: bool = False,
) -> Intent:  # fmt: skip
    """Tell the top-up that a parked payment named; each step of a payment once, a refund's steps once a refund.

    `paid_out`: a movement of its own takes the money out of suspense
    """
    body: dict[str, Json] = {**_body(row), "step": step, "credited_as": credited_as}
    if row.reserved is not None:
        body["reserved"] = str(row.reserved)
    if paid_out:
        body["paid_out"] = True
    # Somebody may be asked again, and name another account: the row's lock keeps those apart.
    about = str(new_id()) if step in ("asked", "named") else row.refund_reference or ""
    key = f"{parked.FOLLOW}:{row.id}:{step}:{about}"
    return Intent(parked.FOLLOW, actor, key, body, row.operation_id, purpose=purpose)


def _body(row: ParkedPayment) -> dict[str, Json]:
    return {
        "operation": str(row.operation_id), "parked": str(row.id), "rail": row.rail,
        "amount": row.amount_minor, "currency": row.currency or None,
    }  # fmt: skip
