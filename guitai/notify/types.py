"""What crosses the door of notify."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from uuid import UUID

from django.utils.functional import Promise

from guitai.base.refusal import Fact

Channel = Literal["in_app", "sms", "email"]
AddressChannel = Literal["sms", "email"]
Text: TypeAlias = str | Promise
Facts = Mapping[str, Fact]


@dataclass(frozen=True, slots=True)
class MessageKind:
    """One kind of message: where it goes and in which words; `%(fact)s` stands for a fact."""

    name: str
    channels: frozenset[Channel]
    title: Text
    body: Text
    # May hold facts too: "/bills/%(reference)s/".
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where a person is reached, and in which language and time zone they read."""

    phone: str
    email: str
    language: str
    time_zone: str = "UTC"


AddressBook = Callable[[UUID], Address | None]


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A message in the reader's language."""

    id: UUID
    at: datetime
    kind: str
    title: str
    body: str
    url: str | None
    read: bool


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A delivery as /dev/outbox shows it."""

    id: UUID
    at: datetime
    channel: AddressChannel
    address: str
    kind: str
    title: str
    body: str
    state: str
