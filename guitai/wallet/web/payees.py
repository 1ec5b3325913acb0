"""A payee's number inside an address: sealed, so that neither a picture of it nor a server's log tells it."""

import base64
import binascii
from uuid import UUID

import segno
from django.utils.safestring import SafeString, mark_safe

from guitai.kit.crypto import Unsealable, seal, unseal

_PURPOSE = "wallet.payee_address"
_NO_ROW = UUID(int=0)
_LENGTH_MAX = 400


def token_of(phone: str) -> str:
    """A number as an opaque token."""
    sealed = seal(phone, purpose=_PURPOSE, row=_NO_ROW)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def phone_of(token: str) -> str:
    """The number in a token of ours; nothing in any other text."""
    if not 0 < len(token) <= _LENGTH_MAX:
        return ""
    try:
        sealed = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return unseal(sealed, purpose=_PURPOSE, row=_NO_ROW)
    except (Unsealable, binascii.Error, ValueError):
        return ""


def qr_svg(address: str, label: str) -> SafeString:
    """A QR code as inline SVG that takes its size and colours from the style sheet."""
    code = segno.make(address, error="m", micro=False)
    drawing = code.svg_inline(
        scale=1, border=0, omitsize=True, svgclass="qr", lineclass="qr-dark", title=label
    )
    # Drawn by segno from our own address; the title is escaped by it.
    return mark_safe(drawing.replace("<svg ", '<svg role="img" ', 1))
