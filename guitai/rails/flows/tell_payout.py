"""What rails say about payouts, in files, on statements or when asked: forward only, once, and told upwards."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guitai.audit.api import record_many
from guitai.audit.types import Entry as AuditEntry
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import Fact
from guitai.kit.topics import emit_many
from guitai.kit.transactions import required
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.rules.payout_reasons import code_of_reason
from guitai.rails.rules.payouts import contradicts, may_follow, state_of_status
from guitai.rails.types import PayoutState, PayoutStatus


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that was said about one payout."""

    row: PayoutRow
    state: PayoutState
    reason: str | None = None
    returned_minor: int | None = None
    statement_entry: int | None = None
    # Our own code, where whoever told it has understood the rail's already.
    code: str | None = None


def apply_statuses(statuses: Iterable[PayoutStatus]) -> tuple[int, int]:
    """Apply a status file in the caller's transaction.

    takes    what it says
    gives    how many payouts it moved, and how many things it said that we have no payout for
    """
    required()
    general: dict[str, PayoutStatus] = {}
    particular: dict[str, dict[str, PayoutStatus]] = {}
    for status in statuses:
        if status.end_to_end_id is None:
            # What is said of an order is more particular than what is said of the whole file.
            if status.payment_information_id or status.message_id not in general:
                general[status.message_id] = status
        else:
            particular.setdefault(status.message_id, {})[status.end_to_end_id] = status
    moved = unknown = 0
    for message_id in {**general, **particular}:
        done, strange = _apply_to_file(message_id, general.get(message_id), particular.get(message_id, {}))
        moved, unknown = moved + done, unknown + strange
    return moved, unknown


def tell(told: Sequence[Told]) -> int:
    """Move payouts forward, in the caller's transaction with their rows locked; gives how many moved."""
    required()
    moment, topics, audits, moved = now(), [], [], 0
    for one in told:
        row = one.row
        if not may_follow(row.state, one.state):
            if contradicts(row.state, one.state):
                audits.append(
                    _audit("rails.payout_contradicted", row, {"told": one.state, "reason": one.reason})
                )
            continue
        _write(one, moment)
        moved += 1
        topics.append((f"rails.payout_{one.state}", _topic(one)))
        audits.append(_audit(f"rails.payout_{one.state}", row, {"reason": one.reason, "code": row.code}))
    emit_many(topics)
    record_many(audits)
    return moved


def _apply_to_file(
    message_id: str, general: PayoutStatus | None, particular: dict[str, PayoutStatus]
) -> tuple[int, int]:
    file = PayoutFile.objects.select_for_update().filter(message_id=message_id).first()
    if file is None:
        return 0, len(particular) + (general is not None)
    file.answered_at = now()
    file.status = general.status if general is not None else file.status
    file.save(update_fields=["answered_at", "status"])
    rows = PayoutRow.objects.select_for_update().filter(file_id=file.id).order_by("id")
    told = []
    known = set()
    for row in rows:
        known.add(row.order_reference)
        status = particular.get(row.order_reference) or general
        state = state_of_status(status.status) if status is not None else None
        if status is not None and state is not None:
            told.append(Told(row, state, status.reason))
    return tell(told), len(particular.keys() - known)


def _write(one: Told, moment: datetime) -> None:
    row = one.row
    row.state = one.state
    fields = ["state"]
    if one.state in ("accepted", "settled", "rejected"):
        row.answered_at = row.answered_at or moment
        fields.append("answered_at")
    if one.state == "settled":
        row.settled_at = moment
        fields.append("settled_at")
    if one.state in ("rejected", "returned"):
        row.ended_at, row.code, row.iso_reason = moment, one.code or code_of_reason(one.reason), one.reason
        fields += ["ended_at", "code", "iso_reason"]
    if one.returned_minor is not None:
        row.returned_minor = one.returned_minor
        fields.append("returned_minor")
    if one.statement_entry is not None:
        row.statement_entry = one.statement_entry
        fields.append("statement_entry")
    if one.state != "accepted":
        # What is known in the end is not asked about any more.
        row.next_query_at = None
        fields.append("next_query_at")
    row.save(update_fields=fields)


def _topic(one: Told) -> dict[str, Any]:
    row = one.row
    said: dict[str, Any] = {
        "rail": row.rail,
        "order_reference": row.order_reference,
        "amount": row.amount_minor,
        "currency": row.currency,
    }
    if one.state in ("rejected", "returned"):
        said |= {"code": row.code, "reason": row.iso_reason}
    if one.state == "returned":
        said["returned"] = one.returned_minor
    if one.statement_entry is not None:
        said["entry_id"] = one.statement_entry
    return said


def _audit(action: str, row: PayoutRow, details: dict[str, Fact]) -> AuditEntry:
    return AuditEntry(Actor("rail", row.rail), action, ("rails.payout", str(row.id)), None, details)
