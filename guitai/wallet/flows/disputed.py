"""Payments that somebody else made with a stolen wallet: held where they arrived, decided by two people.

Each verb is a transaction, of its own or the caller's: what a case writes down about it commits with it.
"""

from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db import transaction

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.wallet import errors_disputed as errors
from guitai.wallet.disputed_reads import view_of
from guitai.wallet.disputed_types import ClaimView, Verdict
from guitai.wallet.kinds import claim as kind
from guitai.wallet.models import Operation
from guitai.wallet.models.disputed import DisputedPayment
from guitai.wallet.rules.disputed import DisputedPayments
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome

_REASON_MAX = 500


def hold(
    operation_id: UUID,
    actor: Actor,
    purpose: Purpose | None,
    case: UUID | None,
    disclosure: Literal["open", "limited"],
) -> ClaimView:
    """See `wallet.api.hold_claim`."""
    with transaction.atomic():
        # Under lock: two alarms about one payment are one claim.
        paid = Operation.objects.select_for_update().filter(id=operation_id).first()
        if paid is None or paid.kind != "transfer" or not paid.delivered or paid.payee is None:
            raise errors.ClaimNotPossible()
        if actor.kind == "customer" and (str(paid.owner) != actor.id or not is_fresh(paid)):
            raise errors.ClaimNotPossible()
        if DisputedPayment.objects.filter(operation_id=paid.id).exists():
            raise errors.ClaimMadeBefore()
        decide_by = now() + timedelta(hours=_policy().decide_hours)
        held = _run(Intent(
            kind.HOLD, actor, f"{kind.HOLD}:{paid.id}:{new_id()}",
            {
                "reference": paid.reference, "sender": str(paid.owner), "payee": str(paid.payee),
                "amount": paid.amount_minor, "currency": paid.currency, "disclosure": disclosure,
                "decide_by": decide_by.isoformat(),
            },
            new_id(), purpose=purpose,
        ))  # fmt: skip
        amount = Operation.objects.values_list("amount_minor", flat=True).get(id=held.operation_id)
        row = DisputedPayment(
            operation_id=paid.id, hold_id=held.operation_id, sender=paid.owner, payee=paid.payee, amount_minor=amount,
            currency=paid.currency, disclosure=disclosure, case=case, held_by=str(actor), held_at=now(),
            decide_by=decide_by,
        )  # fmt: skip
        row.save(force_insert=True)
        return view_of(row)


def is_fresh(paid: Operation) -> bool:
    """Whether the sender's word alone is enough to hold it; after that a person looks first."""
    return paid.created_at > now() - timedelta(hours=_policy().automatic_hours)


def propose(claim: UUID, verdict: Verdict, reason: str, actor: Actor, purpose: Purpose) -> None:
    """See `wallet.api.propose_claim`."""
    reason = " ".join(reason.split())[:_REASON_MAX]
    if not reason:
        raise errors.ClaimReasonMissing()
    with transaction.atomic():
        row = _open(claim)
        row.proposed_verdict, row.proposed_by = verdict, str(actor)
        row.proposed_reason, row.proposed_at = reason, now()
        row.save()
        _audit("claim.proposed", row, actor, purpose, verdict=verdict, reason=reason)


def approve(claim: UUID, verdict: Verdict, actor: Actor, purpose: Purpose) -> ClaimView:
    """See `wallet.api.approve_claim`."""
    with transaction.atomic():
        row = _open(claim)
        if row.proposed_verdict != verdict:
            raise errors.ClaimNotProposed()
        if row.proposed_by == str(actor):
            raise errors.ClaimOwnProposal()
        row.decided_by = str(actor)
        _audit("claim.approved", row, actor, purpose, verdict=verdict, proposed_by=row.proposed_by)
        _end(row, verdict, actor, purpose)
        return view_of(row)


def decline(claim: UUID, reason: str, actor: Actor, purpose: Purpose) -> None:
    """See `wallet.api.decline_claim`."""
    with transaction.atomic():
        row = _open(claim)
        if not row.proposed_verdict:
            raise errors.ClaimNotProposed()
        _audit(
            "claim.declined", row, actor, purpose, verdict=row.proposed_verdict, proposed_by=row.proposed_by,
            reason=reason[:_REASON_MAX],
        )  # fmt: skip
        row.proposed_verdict = row.proposed_by = row.proposed_reason = ""
        row.proposed_at = None
        row.save()


def lapse_due() -> int:
    """Give back to its holder what nobody decided in time; gives how many there were."""
    due = list(
        DisputedPayment.objects.filter(state="held", decide_by__lte=now()).values_list("id", flat=True)
    )
    for claim in due:
        with outermost():
            row = DisputedPayment.objects.select_for_update().get(id=claim)
            if row.state == "held":
                _end(row, "lapse", SYSTEM, None)
    return len(due)


def _end(row: DisputedPayment, verdict: str, actor: Actor, purpose: Purpose | None) -> None:
    _run(Intent(
        kind.DECIDE, actor, f"{kind.DECIDE}:{row.id}", {"operation": str(row.hold_id), "verdict": verdict},
        row.hold_id, purpose=purpose,
    ))  # fmt: skip
    row.state = {"return": "returned", "release": "released", "lapse": "lapsed"}[verdict]
    row.decided_at = now()
    row.save()


def _open(claim: UUID) -> DisputedPayment:
    row = DisputedPayment.objects.select_for_update().filter(id=claim).first()
    if row is None:
        raise errors.ClaimNotFound()
    if row.state != "held" or row.decide_by <= now():
        raise errors.ClaimNotOpen()
    return row


def _run(intent: Intent) -> Outcome:
    """One intent in the caller's transaction; whatever it is refused with undoes all of it."""
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.outcome == "approved":
        return answer
    refusals = {
        "claim_nothing_unspent": errors.ClaimNothingUnspent,
        "claim_owner_stopped": errors.ClaimOwnerStopped,
    }
    raise refusals.get(answer.code or "", errors.ClaimNotOpen)()


def _policy() -> DisputedPayments:
    return policies.current(DisputedPayments).value


def _audit(done: str, row: DisputedPayment, actor: Actor, purpose: Purpose, **details: str) -> None:
    about = {"claim": str(row.id), "amount": row.amount_minor, "currency": row.currency}
    record(actor, done, ("operation", str(row.operation_id)), purpose=purpose, details={**about, **details})
