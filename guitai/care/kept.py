"""How many promises were kept: the figure that everybody may read."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Q

from guitai.base.clock import now
from guitai.care.models import Promise

_DAYS = 90
_KINDS = ("reply", "resolve", "statutory", "call_back", "arrival", "third_party", "other")


@dataclass(frozen=True, slots=True)
class Kept:
    """Promises of a kind that ended in the last ninety days."""

    what: str
    kept: int
    broken: int

    @property
    def total(self) -> int:
        return self.kept + self.broken

    @property
    def percent(self) -> float:
        """The kept share, rounded down to a tenth: never better than it was."""
        return (1000 * self.kept // (self.kept + self.broken)) / 10


def kept_promises() -> list[Kept]:
    """Kept and broken promises of the last ninety days by kind; kinds without one are left out.

    gives    Kept values
    """
    ended = Promise.objects.filter(ended_at__gte=now() - timedelta(days=_DAYS), state__in=("kept", "broken"))
    counted = ended.values("what").annotate(
        kept=Count("id", filter=Q(state="kept")), broken=Count("id", filter=Q(state="broken"))
    )
    found = {row["what"]: Kept(row["what"], row["kept"], row["broken"]) for row in counted}
    return [found[what] for what in _KINDS if what in found]
