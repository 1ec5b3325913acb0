"""Promises: a time that a customer was told is kept, or they hear from us first."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q

from guitai.base.clock import now
from guitai.care.models import Case, CaseClock, Promise
from guitai.care.notices import tell_late
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required

_BATCH = 200
# A bill that is late tells so itself, with its new time, within a minute or two; should it stay silent, we do.
_OWN_WORD = timedelta(minutes=5)


def promise(
    customer: UUID,
    what: str,
    by_when: datetime,
    *,
    told_by: str,
    subject: tuple[str, UUID] | None = None,
    case: Case | None = None,
    clock: CaseClock | None = None,
    policies: str = "",
) -> UUID:
    """Keep what a customer is told, in the caller's transaction; a new time for the same thing replaces the old one."""
    required()
    kind, target = subject or ("", None)
    if target is not None:
        same = Promise.objects.filter(
            subject_kind=kind, subject=target, what=what, state__in=("open", "broken"), by_when=by_when
        )
        if (told := same.first()) is not None:
            return UUID(str(told.id))
        _end(kind, target, "void", what)
    row = Promise.objects.create(
        customer=customer, what=what, by_when=by_when, told_by=told_by, subject_kind=kind, subject=target,
        case=case, clock=clock, policies=policies[:160],
    )  # fmt: skip
    return row.id


def keep(kind: str, subject: UUID, what: str | None = None) -> None:
    """What was promised has happened: kept, or late if it was."""
    _end(kind, subject, "kept", what)


def void(kind: str, subject: UUID, what: str | None = None) -> None:
    """It is not owed any more, such as when it is the customer's turn."""
    _end(kind, subject, "void", what)


def miss(kind: str, subject: UUID) -> None:
    """What was promised is late, and its customer has just heard so from whoever promised it."""
    late = Promise.objects.filter(subject_kind=kind, subject=subject, state="open", by_when__lte=now())
    late.update(state="broken", ended_at=now(), told_late_at=now())


def break_due() -> int:
    """Find promises that were not kept and tell their customers, before they ask; gives how many."""
    with outermost():
        late = list(
            Promise.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("case")
            .filter(
                ~Q(subject_kind="operation") | Q(by_when__lte=now() - _OWN_WORD),
                state="open",
                by_when__lte=now(),
            )
            .order_by("by_when")[:_BATCH]
        )
        for row in late:
            _break(row)
        return len(late)


def break_promise(kind: str, subject: UUID) -> None:
    """What was promised about a thing was not kept: its customer is told, unless the job was faster."""
    required()
    late = Promise.objects.select_for_update(of=("self",)).select_related("case")
    for row in late.filter(subject_kind=kind, subject=subject, state="open", by_when__lte=now()):
        _break(row)


def _break(row: Promise) -> None:
    row.state, row.ended_at, row.told_late_at = "broken", now(), now()
    row.save(update_fields=["state", "ended_at", "told_late_at"])
    tell_late(row.customer, row.case.reference if row.case else None, row.by_when, key=f"late:{row.id}")
    emit("care.promise_broken", {"promise": str(row.id), "customer": str(row.customer), "what": row.what})


def _end(kind: str, subject: UUID, state: str, what: str | None) -> None:
    open_ones = Promise.objects.filter(subject_kind=kind, subject=subject, state="open")
    if what is not None:
        open_ones = open_ones.filter(what=what)
    # Done, replaced or dropped after its time, and before anybody noticed: not kept either.
    open_ones.filter(by_when__lt=now()).update(state="broken", ended_at=now())
    open_ones.update(state=state, ended_at=now())
