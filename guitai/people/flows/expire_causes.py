"""Causes that end by themselves: a lock whose time is over, a provisional freeze that nobody made firm."""

from uuid import UUID

from django.db import transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.people.errors import StandingChanged
from guitai.people.flows.standing import lift
from guitai.people.models import StandingCause

_AT_ONCE = 200


def expire_due(person: UUID | None = None) -> int:
    """End what is over, of one person or of all; gives how many causes.

    Each in a transaction of its own, by its id: a firmer freeze that came in between is another cause and stays.
    """
    due = StandingCause.objects.filter(ended_at=None, until__lte=now())
    if person is not None:
        due = due.filter(person_id=person)
    ended = 0
    for owner, cause in list(due.order_by("until", "id").values_list("person_id", "id")[:_AT_ONCE]):
        try:
            with transaction.atomic():
                lift(owner, cause, SYSTEM, how="expired")
            ended += 1
        except StandingChanged:
            continue
    return ended
