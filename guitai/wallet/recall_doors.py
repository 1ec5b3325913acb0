"""The part of the wallet's door for withdrawals that are to be called back from the bank."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.wallet import withdrawal_reads
from guitai.wallet.flows import recalls
from guitai.wallet.models import Operation, Recall
from guitai.wallet.withdrawal_types import RecallView

_SHOWN = 100


def open_recalls() -> list[RecallView]:
    """Withdrawals whose bank is to be asked or has been, the most pressing first."""
    rows = Recall.objects.filter(ended_at=None).order_by("asked_at", "ask_by")
    # Nulls sort last: who has not been asked comes first.
    found = sorted(rows[:_SHOWN], key=lambda row: (row.asked_at is not None, row.ask_by))
    return _views(found)


def ended_recalls() -> list[RecallView]:
    """The latest that ended."""
    return _views(list(Recall.objects.exclude(ended_at=None).order_by("-ended_at")[:20]))


def recalls_of(operations: Iterable[UUID]) -> dict[UUID, RecallView]:
    """Recalls by operation; those without one are left out."""
    return {
        one.operation_id: one for one in _views(list(Recall.objects.filter(operation_id__in=set(operations))))
    }


def note_recall_asked(reference: str, *, bank_number: str, actor: Actor) -> None:
    """Staff have asked the bank to call a withdrawal back.

    takes    the operation's canonical reference, the number that the bank gave, who
    gives    nothing
    refuses  not_found, recall_over
    """
    recalls.note_asked(reference, bank_number, actor)


def is_recall_purpose(actor: Actor, purpose: Any) -> bool:
    """Whether a purpose of kind `recall` names a withdrawal that is to be called back: audit asks."""
    return recalls.is_wanted(purpose.id)


def follow_recall(payload: Mapping[str, Any]) -> None:
    """A withdrawal has changed: what came of calling it back, in the caller's transaction."""
    if payload.get("kind") == "withdrawal":
        recalls.follow(UUID(payload["operation_id"]))


def _views(rows: list[Recall]) -> list[RecallView]:
    ids = [row.operation_id for row in rows]
    operations, accounts = Operation.objects.in_bulk(ids), withdrawal_reads.account_labels(ids)
    return [
        RecallView(
            row.operation_id, operation.reference, Money(operation.amount_minor, operation.currency),
            accounts.get(row.operation_id, ""), row.wanted_at, row.ask_by, row.asked_at, row.bank_number, row.outcome,
            row.ended_at,
        )
        for row in rows
        if (operation := operations.get(row.operation_id)) is not None
    ]  # fmt: skip
