"""Where a withdrawal can be found at its rail: queued, handed over, answered, booked, sent back."""

from guitai.rails.api import entries_named, payout_record
from guitai.rails.types import PayoutRecord
from guitai.wallet.types import TraceStep

_ENDED = {
    "rejected": "bank.payout_rejected", "returned": "bank.payout_returned", "cancelled": "rail.payout_cancelled",
}  # fmt: skip


def rail_steps(reference: str) -> list[TraceStep]:
    """What the rail has written down of a payout; nothing for one that was never queued."""
    record = payout_record(reference)
    if record is None:
        return []
    steps = [TraceStep(record.queued_at, "rail.payout_queued", "rail", {"order": record.order_reference})]
    if record.sent_at is not None:
        steps.append(TraceStep(record.sent_at, "rail.payout_sent", "rail", {"file": record.message_id or ""}))
    if record.answered_at is not None and record.state != "rejected":
        steps.append(TraceStep(record.answered_at, "bank.payout_answered", "bank", {}))
    if record.settled_at is not None:
        steps.append(TraceStep(record.settled_at, "bank.payout_settled", "bank", _entry(record)))
    if record.ended_at is not None and record.state in _ENDED:
        reason = {"bank_reason": record.iso_reason} if record.iso_reason else {}
        what = _ENDED[record.state]
        steps.append(TraceStep(record.ended_at, what, "rail" if what.startswith("rail") else "bank", reason))
    return steps


def _entry(record: PayoutRecord) -> dict[str, str]:
    """The bank's own reference of the line that proves it."""
    if record.statement_entry is None:
        return {}
    lines = {line.id: line for line in entries_named([record.order_reference])}
    line = lines.get(record.statement_entry)
    return {"bank_reference": line.reference} if line is not None and line.reference else {}
