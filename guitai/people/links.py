"""Links in notices that work without signing in: they name one thing and can do one thing with it."""

import base64
import binascii
import hmac
from typing import Literal
from uuid import UUID

from guitai.kit import crypto
from guitai.kit.environment import environment

LinkPurpose = Literal["not_me", "number_cancel"]
_MAC_BYTES = 12
_PATHS: dict[LinkPurpose, str] = {"not_me": "not-me", "number_cancel": "number-change"}


def link(purpose: LinkPurpose, row: UUID) -> str:
    """The whole address, short enough for an SMS."""
    return f"{environment().public_url}{path(purpose, row)}"


def path(purpose: LinkPurpose, row: UUID) -> str:
    """The same within the site."""
    token = base64.urlsafe_b64encode(row.bytes + _code(purpose, row)).decode().rstrip("=")
    return f"/{_PATHS[purpose]}/{token}/"


def opened(purpose: LinkPurpose, token: str) -> UUID | None:
    """What a link names, or nothing when it was not made here."""
    try:
        content = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        row = UUID(bytes=content[:16])
    except (binascii.Error, ValueError):
        return None
    return row if hmac.compare_digest(content[16:], _code(purpose, row)) else None


def _code(purpose: LinkPurpose, row: UUID) -> bytes:
    return crypto.mac(f"people.link.{purpose}", str(row))[:_MAC_BYTES]
