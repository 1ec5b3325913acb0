"""What the operator publishes beside the answered hotlines: senders, sites, social accounts, apps, accounts."""

from typing import Literal

import msgspec

from guitai.base.openhours import Hours
from guitai.kit import policies
from guitai.kit.operator import Words

PublishedKind = Literal["phone", "sms", "email", "website", "chat", "social", "app", "account"]
_SHA256_CHARACTERS = 64
_VALID_DAYS_MAX = 398


class Channel(msgspec.Struct, frozen=True):
    """One thing of ours. `name` says what it is (the network of a social account, the shop of an app); without
    regions or languages it is for all of them; hours are those in which somebody answers there."""

    kind: PublishedKind
    value: str
    name: Words = {}
    regions: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hours: tuple[Hours, ...] = ()
    # Of an app's file: what it must be, to the last bit.
    sha256: str = ""

    def __post_init__(self) -> None:
        if not self.value.strip():
            raise ValueError("a channel has a value: a number, an address, a name")
        if self.sha256 and (
            len(self.sha256) != _SHA256_CHARACTERS or set(self.sha256.lower()) - set("0123456789abcdef")
        ):
            raise ValueError("sha256 is 64 hexadecimal digits")


class Directory(msgspec.Struct, frozen=True):
    """Further channels, and for how many days a signed copy counts."""

    channels: tuple[Channel, ...] = ()
    valid_days: int = 30

    def __post_init__(self) -> None:
        if not 1 <= self.valid_days <= _VALID_DAYS_MAX:
            raise ValueError("valid_days is between 1 and 398")


policies.declare("care.directory", Directory, Directory())


def directory() -> Directory:
    """The directory in force."""
    return policies.current(Directory).value
