"""The left pane: the same queue on every page of the desk, with the way to the next case."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest
from django.urls import reverse

from guitai.base.actor import Actor
from guitai.care.types import QueueFilter
from guitai.desk import api
from guitai.desk.types import Queue
from guitai.desk.web.words import EMPTY, FILTERS

_FILTERS: dict[str, QueueFilter] = {
    "unassigned": "unassigned",
    "mine": "mine",
    "waiting": "waiting",
    "escalated": "escalated",
    "all": "all",
}


@dataclass(frozen=True, slots=True)
class Pane:
    """The queue as it is shown, and where the keys j and k lead."""

    queue: Queue
    filters: list[dict[str, Any]]
    carry: str
    next: str | None
    previous: str | None
    empty_title: str
    empty_detail: str


def staff_of(request: HttpRequest) -> Actor:
    """The member of staff whose request this is."""
    return Actor("staff", str(request.user.pk))


def filter_of(request: HttpRequest) -> QueueFilter:
    """The filter in the address, else the queue that everybody serves."""
    return _FILTERS.get(request.GET.get("queue", ""), "unassigned")


def pane(request: HttpRequest, current: str | None = None) -> Pane:
    """The queue for a request, `current` being the case that is open in the middle."""
    chosen = filter_of(request)
    found = api.queue(UUID(str(request.user.pk)), chosen, request.GET.get("cursor"))
    carry = urlencode({"queue": chosen, **({"cursor": found.cursor} if found.cursor else {})})
    references = [line.row.reference for line in found.lines]
    at = references.index(current) if current in references else None
    following = references[at + 1 :] if at is not None else references
    before = references[:at] if at is not None else []
    counts = found.counts
    return Pane(
        queue=found,
        filters=[
            {
                "label": FILTERS[name],
                "href": f"{reverse('desk:desk')}?queue={name}",
                "current": name == chosen,
                "count": getattr(counts, name),
            }
            for name in FILTERS
        ],
        carry=carry,
        next=f"{reverse('desk:case', args=[following[0]])}?{carry}" if following else None,
        previous=f"{reverse('desk:case', args=[before[-1]])}?{carry}" if before else None,
        empty_title=str(EMPTY[chosen][0]),
        empty_detail=str(EMPTY[chosen][1]),
    )
