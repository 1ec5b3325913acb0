"""What one member of staff has proposed and another one decides, wherever in the wallet it stands. One read a kind."""

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.wallet.disputed_types import Proposal
from guitai.wallet.models import DailyClose, OpenItem, Operation, ParkedPayment
from guitai.wallet.models.disputed import DisputedPayment

_SHOWN = 100


def proposals() -> list[Proposal]:
    """The oldest first."""
    found = [*_claims(), *_parked(), *_receipts(), *_closes()]
    return sorted(found, key=lambda one: one.proposed_at)


def _claims() -> list[Proposal]:
    rows = DisputedPayment.objects.filter(state="held", decide_by__gt=now()).exclude(proposed_verdict="")
    found = list(rows.order_by("proposed_at")[:_SHOWN])
    references = dict(
        Operation.objects.filter(id__in=[row.operation_id for row in found]).values_list("id", "reference")
    )
    return [
        Proposal(
            "claim", row.id, references[row.operation_id], row.proposed_verdict, Money(row.amount_minor, row.currency),
            row.proposed_reason, row.proposed_by, row.proposed_at or row.held_at, row.decide_by, row.case,
        )
        for row in found
    ]  # fmt: skip


def _parked() -> list[Proposal]:
    rows = ParkedPayment.objects.filter(state="open").exclude(proposed_action="").order_by("proposed_at")
    found = list(rows[:_SHOWN])
    references = dict(
        Operation.objects.filter(id__in=[row.operation_id for row in found]).values_list("id", "reference")
    )
    return [
        Proposal(
            "parked", row.id, references[row.operation_id], row.proposed_action,
            None if row.amount_minor is None else Money(row.amount_minor, row.currency), row.proposed_reason,
            row.proposed_by, row.proposed_at or row.came_at,
        )
        for row in found
    ]  # fmt: skip


def _receipts() -> list[Proposal]:
    rows = OpenItem.objects.filter(state="proposed").order_by("proposed_at")[:_SHOWN]
    return [
        Proposal(
            "receipt", row.id, row.bank_reference, row.proposed_action, Money(row.amount_minor, row.currency),
            row.proposed_reason, row.proposed_by, row.proposed_at or row.came_at,
        )
        for row in rows
    ]  # fmt: skip


def _closes() -> list[Proposal]:
    rows = DailyClose.objects.filter(state="prepared").order_by("prepared_at")[:_SHOWN]
    return [
        Proposal(
            "close", row.id, f"{row.day} {row.rail} {row.currency}", "sign", None, row.note, row.prepared_by,
            row.prepared_at or row.computed_at,
        )
        for row in rows
    ]  # fmt: skip
