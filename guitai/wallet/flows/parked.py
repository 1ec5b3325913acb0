"""Payments that did not fit their top-up: proposed by one, approved by another, and then credited or sent back."""

from typing import Literal
from uuid import UUID

from django.db import transaction

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import new_reference
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost, required
from guitai.people.api import lock_standing
from guitai.rails import api as rails
from guitai.wallet import errors
from guitai.wallet.flows import top_up_intents
from guitai.wallet.flows.holds import check_review
from guitai.wallet.flows.parked_back import forget_proposal, locked, pay_back, run
from guitai.wallet.kinds.base import can_receive
from guitai.wallet.models import Operation, ParkedPayment
from guitai.wallet.rules.parked import Step

Action = Literal["credit", "return"]
_REASON_MAX = 500


def propose(parked_id: UUID, action: Action, reason: str, actor: Actor, purpose: Purpose) -> None:
    reason = " ".join(reason.split())[:_REASON_MAX]
    if not reason:
        raise errors.ParkedReasonMissing()
    # Also within what a case writes down about it.
    with transaction.atomic():
        row = locked(parked_id)
        check_review(row.operation_id, purpose)
        if row.state != "open":
            raise errors.ParkedNotOpen()
        if row.amount_minor is None:
            raise errors.ParkedUncountable()
        row.proposed_action, row.proposed_by = action, str(actor)
        row.proposed_reason, row.proposed_at, row.changed_at = reason, now(), now()
        row.save()
        _audit("top_up.parked_proposed", row, actor, purpose, action=action, reason=reason)


def decline(parked_id: UUID, reason: str, actor: Actor, purpose: Purpose) -> None:
    with outermost():
        row = _proposed(parked_id, None)
        check_review(row.operation_id, purpose)
        declined = row.proposed_action
        forget_proposal(row)
        row.save()
        _audit(
            "top_up.parked_declined",
            row,
            actor,
            purpose,
            action=declined,
            reason=reason.strip()[:_REASON_MAX],
        )


def approve(parked_id: UUID, action: Action, actor: Actor, purpose: Purpose) -> str:
    """Do what was proposed, in one transaction; gives the state it is in then."""
    with outermost():
        row = _proposed(parked_id, action)
        check_review(row.operation_id, purpose)
        if row.proposed_by == str(actor):
            raise errors.ParkedOwnProposal()
        row.decided_by, row.changed_at = str(actor), now()
        _audit("top_up.parked_approved", row, actor, purpose, action=action, proposed_by=row.proposed_by)
        if action == "credit":
            _credit(row, actor, purpose)
        else:
            _send_back(row, actor, purpose)
        return row.state


def return_late(operation: Operation, inbox_id: str) -> None:
    """Have a rail send back what came too late, in the transaction that set it aside."""
    required()
    row = ParkedPayment.objects.select_for_update().get(
        operation_id=operation.id, inbox_id=inbox_id, code="late_payment"
    )
    row.refund_reference = _refund_reference(operation)
    try:
        _ask_refund(row, operation)
    except Refusal as refusal:
        _not_sent_back(row, refusal.code, SYSTEM)
    row.save()


def note_refund(refund_reference: str, *, done: bool, code: str = "") -> None:
    """A rail has sent a payment back, or will not, in the caller's transaction; a refund of others is left alone."""
    required()
    row = ParkedPayment.objects.select_for_update().filter(refund_reference=refund_reference).first()
    if row is None or row.state != "returning":
        return
    actor = Actor("rail", row.rail)
    if done:
        row.state = "returned"
        _follow(row, "returned", actor)
    else:
        _not_sent_back(row, code, actor)
        forget_proposal(row)
    row.changed_at = now()
    row.save()


def bank_reference_of(order_reference: str, inbox_id: str) -> str:
    """The rail's own number of a payment, by the message that told of it: what a refund has to name."""
    told = rails.rail_record(order_reference)
    found = [n.bank_reference or "" for n in told.notices if str(n.id) == inbox_id] if told else []
    return found[0] if found else ""


def _credit(row: ParkedPayment, actor: Actor, purpose: Purpose) -> None:
    operation = Operation.objects.get(id=row.operation_id)
    # Under lock until the end: a freeze comes before this or after it.
    if not can_receive(lock_standing({operation.owner}).get(operation.owner)):
        raise errors.ParkedOwnerStopped()
    credited = run(top_up_intents.credit_parked(row, operation.owner, operation.reference, actor, purpose))
    run(top_up_intents.follow_parked(row, "credited", actor, purpose, credited.reference))
    row.state, row.credited_as = "credited", credited.operation_id
    row.save()


def _send_back(row: ParkedPayment, actor: Actor, purpose: Purpose) -> None:
    """Ask the rail; while it is not done, the money stands where it stood, set aside."""
    operation = Operation.objects.get(id=row.operation_id)
    row.refund_reference, row.reserved = _refund_reference(operation), new_id()
    try:
        _ask_refund(row, operation)
    except Refusal as refusal:
        if refusal.code != "rail_unsupported":
            raise
        # A bank takes no refunds: what came by it goes back as a payment to the account that paid.
        row.refund_reference, row.reserved = pay_back(row, operation, actor, purpose), None
    row.state = "returning"
    paid_out = row.reserved is None
    run(top_up_intents.follow_parked(row, "returning", actor, purpose, paid_out=paid_out))
    row.save()


def _not_sent_back(row: ParkedPayment, code: str, actor: Actor) -> None:
    """The rail will not: it stays in suspense, and two people decide anew."""
    row.state, row.refused_code = "open", code
    _follow(row, "refused", actor)
    row.reserved = None


def _ask_refund(row: ParkedPayment, operation: Operation) -> None:
    if row.amount_minor is None:
        raise errors.ParkedUncountable()
    rails.start_refund(
        operation.reference,
        row.refund_reference,
        Money(row.amount_minor, row.currency),
        bank_reference=row.bank_reference,
        rail=row.rail,
    )


def _follow(row: ParkedPayment, step: Step, actor: Actor, purpose: Purpose | None = None) -> None:
    run(top_up_intents.follow_parked(row, step, actor, purpose))


def _refund_reference(operation: Operation) -> str:
    """Letters and digits only, and no longer than the strictest rail takes: it also names the top-up."""
    return f"{operation.reference}R{new_reference('operation')}"


def _proposed(parked_id: UUID, action: Action | None) -> ParkedPayment:
    row = locked(parked_id)
    if row.state != "open":
        raise errors.ParkedNotOpen()
    if not row.proposed_action or (action is not None and action != row.proposed_action):
        raise errors.ParkedNotProposed()
    return row


def _audit(done: str, row: ParkedPayment, actor: Actor, purpose: Purpose, **details: str) -> None:
    about = {"parked": str(row.id), "amount": row.amount_minor, "currency": row.currency, "rail": row.rail}
    subject = ("operation", str(row.operation_id))
    record(actor, done, subject, purpose=purpose, details={**about, **details})
