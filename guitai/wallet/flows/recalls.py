"""A withdrawal that is at the bank when its wallet is frozen: nobody here can stop it, so somebody asks the bank."""

from datetime import timedelta
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.wallet.errors import RecallOver
from guitai.wallet.kinds.payouts import OPEN
from guitai.wallet.models import Operation, Recall
from guitai.wallet.rules.withdrawals import Withdrawals

WANTED, LATE = "wallet.recall_wanted", "wallet.recall_late"
_NUMBER_MAX = 60
_LATE_BATCH = 100


def want(person: UUID) -> None:
    """What could not be taken back any more is to be recalled, in the caller's transaction; once each."""
    required()
    within = timedelta(minutes=policies.current(Withdrawals).value.recall_within_minutes)
    for operation in Operation.objects.filter(owner=person, kind="withdrawal", state__in=OPEN).order_by("id"):
        row, created = Recall.objects.get_or_create(
            operation_id=operation.id, defaults={"owner": person, "ask_by": now() + within}
        )
        if created:
            emit(WANTED, _told(row, operation))
            _audit("recall.wanted", row, SYSTEM)


def note_asked(reference: str, bank_number: str, actor: Actor) -> None:
    """See `wallet.api.note_recall_asked`."""
    with outermost():
        operation = Operation.objects.filter(reference=reference, kind="withdrawal").first()
        row = (
            Recall.objects.select_for_update().filter(operation_id=operation.id).first()
            if operation
            else None
        )
        if row is None:
            raise NotFound()
        if row.ended_at is not None or row.asked_at is not None:
            raise RecallOver()
        row.asked_at, row.asked_by = now(), str(actor)
        row.bank_number = " ".join(bank_number.split())[:_NUMBER_MAX]
        row.save(update_fields=["asked_at", "asked_by", "bank_number"])
        _audit("recall.asked", row, actor)


def is_wanted(operation_id: str) -> bool:
    """Whether an operation is to be called back, or was."""
    try:
        return Recall.objects.filter(operation_id=UUID(operation_id)).exists()
    except ValueError:
        return False


def follow(operation_id: UUID) -> None:
    """What became of a withdrawal that was to be recalled, in the caller's transaction; it may come back much later."""
    required()
    row = Recall.objects.select_for_update().filter(operation_id=operation_id).first()
    state = Operation.objects.values_list("state", flat=True).filter(id=operation_id).first()
    if row is None or state in OPEN:
        return
    outcome = "left" if state == "succeeded" else "came_back"
    if outcome != row.outcome:
        row.outcome, row.ended_at = outcome, now()
        row.save(update_fields=["outcome", "ended_at"])
        _audit(f"recall.{outcome}", row, SYSTEM)


def tell_late() -> int:
    """Banks that nobody has asked in time: the supervisors hear of it, once each; gives how many."""
    with outermost():
        rows = Recall.objects.select_for_update(skip_locked=True).filter(
            ended_at=None, asked_at=None, late_told_at=None, ask_by__lte=now()
        )
        late = list(rows.order_by("ask_by")[:_LATE_BATCH])
        operations = Operation.objects.in_bulk([row.operation_id for row in late])
        for row in late:
            row.late_told_at = now()
            row.save(update_fields=["late_told_at"])
            emit(LATE, _told(row, operations[row.operation_id]))
    return len(late)


def _told(row: Recall, operation: Operation) -> dict[str, str | int]:
    return {
        "operation_id": str(row.operation_id), "reference": operation.reference, "amount": operation.amount_minor,
        "currency": operation.currency, "ask_by": row.ask_by.isoformat(),
    }  # fmt: skip


def _audit(done: str, row: Recall, actor: Actor) -> None:
    about = str(row.operation_id)
    purpose = Purpose("recall", about, done) if actor.kind == "staff" else None
    details = {"bank_number": row.bank_number}
    record(actor, done, ("operation", about), purpose=purpose, details=details)
