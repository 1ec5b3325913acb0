"""The door of notify: one outbox for everything that is said to people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from guitai.kit.cursors import Page
from guitai.notify import reads
from guitai.notify.access import CustomerCheck
from guitai.notify.access import set_customer_check as _set_customer_check
from guitai.notify.book import set_address_book as _set_address_book
from guitai.notify.flows.deliver import deliver_due as _deliver_due
from guitai.notify.flows.mark_read import mark_read as _mark_read
from guitai.notify.flows.send import send as _send
from guitai.notify.flows.send import send_to_address as _send_to_address
from guitai.notify.kinds import register_kind as _register_kind
from guitai.notify.types import AddressBook, AddressChannel, Facts, InboxItem, MessageKind, OutboxItem

__all__ = [
    "deliver_due",
    "inbox",
    "mark_read",
    "outbox",
    "register_kind",
    "send",
    "send_to_address",
    "set_address_book",
    "set_customer_check",
    "unread_count",
]


def send(owner: UUID, kind: str, facts: Facts, *, key: str) -> None:
    """Tell a person something on the channels of its kind.

    takes    whom, a registered kind, plain JSON facts, a key that is the same when the same thing is said again
    gives    nothing; the message commits with the caller's transaction, a job delivers it afterwards
    refuses  nothing: a key used before changes nothing; an unknown kind raises KeyError
    """
    _send(owner, kind, facts, key=key)


def send_to_address(
    channel: AddressChannel, address: str, kind: str, facts: Facts, *, language: str, key: str
) -> None:
    """Tell an address something: codes to people who are not registered, or not known to be.

    takes    sms or email, an E.164 number or mail address, a registered kind, facts, the language, a key
    gives    nothing; like `send`, without a place in any inbox
    """
    _send_to_address(channel, address, kind, facts, language=language, key=key)


def inbox(owner: UUID, cursor: str | None = None, limit: int = 20) -> Page[InboxItem]:
    """A person's messages, newest first, in the active language.

    takes    whose, a cursor of the page before, how many (at most 50)
    gives    Page of InboxItem
    refuses  cursor_invalid
    """
    return reads.inbox(owner, cursor, limit)


def unread_count(owner: UUID) -> int:
    """How many messages a person has not opened yet; counting stops at 100."""
    return reads.unread_count(owner)


def mark_read(owner: UUID) -> int:
    """Mark all of a person's messages as read; gives how many were not."""
    return _mark_read(owner)


def oldest_waiting() -> datetime | None:
    """Since when the message waits that has waited longest for its delivery; None when none does.

    gives    an aware moment
    """
    return reads.oldest_waiting()


def outbox(address: str | None = None, limit: int = 100) -> Sequence[OutboxItem]:
    """The latest SMS and mail, newest first, for developer pages and tests only.

    takes    an address to filter by, the most items wanted (at most 500)
    gives    OutboxItem values with address and words opened
    """
    return reads.outbox(address, limit)


def deliver_due(limit: int = 200) -> int:
    """Send what is due now; the worker does this by itself, tests and `guitai` commands may.

    gives    how many went out
    """
    return _deliver_due(limit)


def register_kind(kind: MessageKind) -> None:
    """A room declares one kind of message when it starts."""
    _register_kind(kind)


def set_address_book(resolver: AddressBook) -> None:
    """`site.wiring` names whoever knows where people are reached."""
    _set_address_book(resolver)


def set_customer_check(check: CustomerCheck) -> None:
    """The room that knows customers' tokens says, request by request, who is asking over the API."""
    _set_customer_check(check)
