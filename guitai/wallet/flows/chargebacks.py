"""Payments disputed at the payer's bank: held by rule when that is told, ended as the bank decides."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from guitai.audit.api import record
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import EXPONENTS
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.wallet.kinds import chargeback as kind
from guitai.wallet.models import Chargeback, Operation
from guitai.wallet.rules import chart
from guitai.wallet.rules.chargebacks import Chargebacks, Verdict, verdict_of
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome

TOPIC = "wallet.payment_disputed"


def note_dispute(payload: Mapping[str, Any]) -> None:
    """See `wallet.api.note_dispute`."""
    required()
    # Under lock: of what a rail says about one payment, one word is taken up after the other.
    paid = (
        Operation.objects.select_for_update()
        .filter(reference=payload["order_reference"], kind="top_up")
        .first()
    )
    if paid is None:
        raise RuntimeError(f"a disputed order {payload['order_reference']} is not in our books")
    rail, verdict = str(payload["rail"]), verdict_of(str(payload["status"]))
    row = Chargeback.objects.filter(rail=rail, dispute=str(payload["dispute"])).first()
    if row is None:
        row = _open(paid, rail, payload)
        _hold(row, paid)
    elif row.state in ("won", "lost"):
        # A word that came late: it is decided.
        return
    row.status = str(payload["status"])
    if verdict != "open":
        _end(row, verdict, Actor("rail", rail))
    row.save()


def lapse_due() -> int:
    """Give back what no bank has decided in time; gives how many there were."""
    due = Chargeback.objects.filter(state="open", decide_by__lte=now()).order_by("decide_by")
    found = list(due.values_list("id", flat=True)[:500])
    for one in found:
        with outermost():
            row = Chargeback.objects.select_for_update().get(id=one)
            if row.state == "open":
                _end(row, "lapsed", SYSTEM)
                row.save()
    return len(found)


def _open(paid: Operation, rail: str, payload: Mapping[str, Any]) -> Chargeback:
    policy = policies.current(Chargebacks).value
    row = Chargeback(
        rail=rail, dispute=str(payload["dispute"]), status=str(payload["status"]), reason=str(payload["reason"]),
        operation_id=paid.id, owner=paid.owner, amount_minor=int(payload["amount"]), currency=str(payload["currency"]),
        decide_by=now() + timedelta(days=policy.days),
    )  # fmt: skip
    row.save(force_insert=True)
    emit(TOPIC, {
        "chargeback": str(row.id), "owner": str(paid.owner), "reference": paid.reference, "rail": rail,
        "amount": row.amount_minor, "currency": row.currency, "reason": row.reason, "case": policy.opens_case,
    })  # fmt: skip
    return row


def _hold(row: Chargeback, paid: Operation) -> None:
    """Hold what is left of it, where the rule says so; what was never credited stands in suspense already."""
    if not policies.current(Chargebacks).value.hold or paid.state != "succeeded":
        return
    if row.currency not in EXPONENTS or row.currency != paid.currency:
        return
    body = {
        "owner": str(row.owner), "reference": paid.reference, "amount": row.amount_minor, "currency": row.currency,
        "decide_by": row.decide_by.isoformat(),
    }  # fmt: skip
    try:
        # Of its own: what holds nothing leaves no operation behind.
        with transaction.atomic():
            held = _run(Intent(kind.HOLD, Actor("rail", row.rail), f"{kind.HOLD}:{row.id}", body, new_id()))
    except _NothingUnspent:
        return
    row.hold_id = held.operation_id
    row.held_minor = Operation.objects.values_list("amount_minor", flat=True).get(id=held.operation_id)
    _audit("chargeback.held", row, Actor("rail", row.rail))


def _end(row: Chargeback, verdict: Verdict | str, actor: Actor) -> None:
    was = row.state
    if row.hold_id is not None and was == "open":
        body = {"operation": str(row.hold_id), "verdict": verdict}
        _run(Intent(kind.END, actor, f"{kind.END}:{row.id}:{verdict}", body, row.hold_id))
    if verdict == "lost":
        _leave(row, row.held_minor if was == "open" else 0)
    row.state, row.ended_at = verdict, now()
    _audit(f"chargeback.{verdict}", row, actor, borne=row.borne_minor)


def _leave(row: Chargeback, taken: int) -> None:
    """The rail has taken the whole; what was spent, or given back for want of a word, is the house's loss."""
    paid = Operation.objects.get(id=row.operation_id)
    if row.currency not in EXPONENTS or paid.state != "succeeded":
        return
    row.borne_minor = row.amount_minor - taken
    if row.borne_minor:
        _house(kind.BEAR, row, paid.reference, chart.CHARGEBACKS, chart.SUSPENSE, row.borne_minor)
    left = _house(kind.LEAVE, row, paid.reference, chart.SUSPENSE, chart.RAILS[row.rail], row.amount_minor)
    row.left_id = left.operation_id


def _house(name: str, row: Chargeback, reference: str, debit: int, credit: int, minor: int) -> Outcome:
    body: dict[str, Any] = {
        "debit": debit, "credit": credit, "amount": minor, "currency": row.currency, "line": None, "code": reference,
    }  # fmt: skip
    return _run(Intent(name, Actor("rail", row.rail), f"{name}:{row.id}", body, new_id()))


class _NothingUnspent(Exception):
    """There is nothing left to hold."""


def _run(intent: Intent) -> Outcome:
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.code == "chargeback_nothing_unspent":
        raise _NothingUnspent
    if answer.outcome != "approved":
        raise RuntimeError(f"{intent.kind} of operation {intent.operation_id} was refused: {answer.code}")
    return answer


def _audit(done: str, row: Chargeback, actor: Actor, **details: int) -> None:
    about = {"chargeback": str(row.id), "dispute": row.dispute, "amount": row.amount_minor, "held": row.held_minor,
             "currency": row.currency}  # fmt: skip
    record(actor, done, ("operation", str(UUID(str(row.operation_id)))), details={**about, **details})
