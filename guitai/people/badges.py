"""The badge of a member of staff: eight digits that a caller can say and anybody can check."""

from uuid import UUID

from guitai.kit.crypto import mac
from guitai.people.models import User

_DIGITS = 8
_PURPOSE = "people.badge"


def badge_of(staff: UUID) -> str:
    """The badge of a member of staff; it follows from who they are and tells nothing about them."""
    return str(int.from_bytes(mac(_PURPOSE, str(staff))[:8]) % 10**_DIGITS).zfill(_DIGITS)


def plain_badge(text: str) -> str:
    """A badge as typed or said, as eight digits; empty when it is none."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    return digits if len(digits) == _DIGITS else ""


def is_badge(text: str) -> bool:
    """Whether this is the badge of somebody who works here now."""
    wanted = plain_badge(text)
    if not wanted:
        return False
    staff = User.objects.filter(kind=User.Kind.STAFF, is_active=True).values_list("id", flat=True)
    return any(badge_of(person) == wanted for person in staff)
