"""How many troubles ended without a person: the measure of this room."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q

from guitai.base.clock import now
from guitai.care.models import SolveOutcome

_DAYS = 28
_ONE_LOOK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Solved:
    """A trouble in the last four weeks: how often it was looked at, ended there, or went on to a person."""

    trouble: str
    looked: int
    solved: int
    asked: int


def note_look(customer: UUID, trouble: str, finding: str) -> None:
    """Somebody was shown a finding; the same finding within an hour counts once."""
    since = now() - _ONE_LOOK
    same = SolveOutcome.objects.filter(customer=customer, trouble=trouble, finding=finding, at__gte=since)
    if not same.exists():
        SolveOutcome.objects.create(customer=customer, trouble=trouble, finding=finding[:60])


def note_end(customer: UUID, trouble: str, *, solved: bool) -> None:
    """It helped, or a person is asked: the latest look at it ends so."""
    last = SolveOutcome.objects.filter(customer=customer, trouble=trouble).order_by("-at").first()
    if last is not None:
        SolveOutcome.objects.filter(id=last.id).update(outcome="solved" if solved else "asked")


def figures() -> list[Solved]:
    """The troubles of the last four weeks, those that were looked at most first."""
    counted = (
        SolveOutcome.objects.filter(at__gte=now() - timedelta(days=_DAYS))
        .values("trouble")
        .annotate(
            looked=Count("id"),
            solved=Count("id", filter=Q(outcome="solved")),
            asked=Count("id", filter=Q(outcome="asked")),
        )
        .order_by("-looked")
    )
    return [Solved(**row) for row in counted]
