"""Note a signal, once for the same thing."""

from collections.abc import Sequence
from uuid import UUID

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.kit.transactions import required
from guitai.risk.models import Signal
from guitai.risk.types import SignalKind

ACTOR = Actor("system", "risk")


def raise_signal(person: UUID, kind: SignalKind, source: str, others: Sequence[UUID]) -> None:
    """See `risk.api.signal`."""
    required()
    row, is_new = Signal.objects.get_or_create(
        person_id=person, kind=kind, source=source, defaults={"id": new_id(), "others": list(others)}
    )
    if is_new:
        details = {"signal": str(row.id), "kind": kind}
        audit.record(ACTOR, "risk.signal_raised", ("person", str(person)), details=details)
