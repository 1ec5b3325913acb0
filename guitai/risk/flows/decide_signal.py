"""Staff look at a signal and say what they make of it."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.transactions import outermost
from guitai.risk import reads
from guitai.risk.errors import SignalDecided, SignalReasonMissing
from guitai.risk.models import Signal
from guitai.risk.types import SignalState, SignalView

PURPOSE = "signal"
_REASON_MAX = 200


def look_at(signal: UUID, staff: Actor) -> SignalView:
    """See `risk.api.look_at_signal`."""
    with outermost():
        row = reads.signal_row(signal)
        _record(row, staff, "risk.signal_read", "look at a signal")
    return reads.view(row)


def decide(signal: UUID, staff: Actor, state: SignalState, reason: str) -> None:
    """See `risk.api.decide_signal`."""
    said = " ".join(reason.split())[:_REASON_MAX]
    if not said:
        raise SignalReasonMissing()
    with outermost():
        reads.signal_row(signal)
        row = Signal.objects.select_for_update().get(id=signal)
        # What was confirmed may turn out to be harmless after all; what was found harmless stays so.
        if row.state in ("harmless", state):
            raise SignalDecided()
        row.state, row.reason, row.decided_at, row.decided_by = state, said, now(), str(staff)
        row.save(update_fields=["state", "reason", "decided_at", "decided_by"])
        _record(row, staff, f"risk.signal_{state}", said)


def _record(row: Signal, staff: Actor, action: str, reason: str) -> None:
    purpose, subject = Purpose(PURPOSE, str(row.id), reason), ("person", str(row.person_id))
    audit.record(staff, action, subject, purpose=purpose, details={"signal": str(row.id)})
