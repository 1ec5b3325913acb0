"""What risk holds about somebody: signals.

One that is still open, or was confirmed, is not given out: whoever it is about could act on it.
"""

from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.kit.personal import Erasure, Section, register
from guitai.kit.transactions import required
from guitai.people.api import still_kept
from guitai.risk.models import Signal


def export(person: UUID) -> list[Section]:
    """Checks that are over and were found harmless; never whom else they touched."""
    rows = Signal.objects.filter(person_id=person, state="harmless").order_by("at")
    records = [{"began_at": row.at, "ended_at": row.decided_at} for row in rows]
    labels = {"began_at": _("Began"), "ended_at": _("Found to be in order")}
    return [Section("checks", _("Security checks"), records, labels)] if records else []


def erase(person: UUID) -> Erasure:
    """Signals are kept as long as the law says, then they go."""
    required()
    rows = Signal.objects.filter(person_id=person)
    if not rows.exists():
        return Erasure()
    kept = still_kept(person, gettext_lazy("Security checks"))
    return Erasure(0, (kept,)) if kept is not None else Erasure(rows.delete()[0])


register("risk", export=export, erase=erase, tables=("risk_signal",))
