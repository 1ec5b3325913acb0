"""The doors of promises: times that customers are told, kept or broken."""

from datetime import datetime
from uuid import UUID

from guitai.care import kept
from guitai.care.flows import late as _late
from guitai.care.flows import promise as _promise
from guitai.care.kept import Kept


def promise(
    customer: UUID, what: str, by_when: datetime, *, told_by: str, subject: tuple[str, UUID] | None = None
) -> UUID:
    """Keep a time that a customer is told, in the caller's transaction; a new time for the same thing replaces it, the
    same time again is the same promise.

    takes    the customer, what (reply, resolve, statutory, call_back, arrival, third_party, other), by when, told by
             (page, staff, call), what it is about (kind, id)
    gives    the promise's id
    """
    return _promise.promise(customer, what, by_when, told_by=told_by, subject=subject)


def keep_promise(kind: str, subject: UUID) -> None:
    """What was promised about a thing has happened, in the caller's transaction.

    takes    the kind and id of the thing
    gives    nothing; one that is past its time counts as broken
    """
    _promise.keep(kind, subject)


def void_promise(kind: str, subject: UUID) -> None:
    """What was promised about a thing is not owed any more, in the caller's transaction.

    takes    the kind and id of the thing
    gives    nothing
    """
    _promise.void(kind, subject)


def miss_promise(kind: str, subject: UUID) -> None:
    """A promised time has passed, and its customer has heard so from the room itself; in the caller's transaction.

    takes    the kind and id of the thing
    gives    nothing
    """
    _promise.miss(kind, subject)


def kept_promises() -> list[Kept]:
    """How many promises of the last ninety days were kept, by kind.

    gives    Kept values
    """
    return kept.kept_promises()


def note_late() -> int:
    """Note clocks and promises that are past their time; whoever was promised something hears it from us.

    gives    how many there were in this turn; 0 when none is left
    """
    return _late.note_breaches() + _promise.break_due()
