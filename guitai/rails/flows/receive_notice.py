"""Take in what somebody outside says: store first, judge later."""

import hashlib
from collections.abc import Mapping

from guitai.base.ids import new_id
from guitai.kit.crypto import seal_bytes
from guitai.kit.transactions import outermost
from guitai.rails.adapters import rail_named
from guitai.rails.errors import NoticeTooLarge
from guitai.rails.models import InboxMessage
from guitai.rails.queue import defer_settlement
from guitai.rails.types import InboxReceipt

NOTICE_BYTES_MAX = 65_536
PURPOSE = "rails.inbox"
_HEADERS_MAX = 64
_HEADER_CHARACTERS_MAX = 2_048
# Ours by accident, never a rail's: a browser that is pointed here must not leave its session in the inbox.
_HEADERS_NOT_KEPT = frozenset({"cookie", "authorization", "x-session-token"})


def receive_notice(rail: str, headers: Mapping[str, str], body: bytes) -> InboxReceipt:
    """Store a message raw, with the job that will judge it, in one transaction."""
    rail_named(rail)
    if len(body) > NOTICE_BYTES_MAX:
        raise NoticeTooLarge(bytes_max=NOTICE_BYTES_MAX)
    inbox_id = new_id()
    with outermost():
        message = InboxMessage.objects.create(
            id=inbox_id,
            rail=rail,
            headers=_kept_headers(headers),
            body_sealed=seal_bytes(body, purpose=PURPOSE, row=inbox_id),
            body_sha256=hashlib.sha256(body).digest(),
        )
        defer_settlement(message.id)
    return InboxReceipt(message.id, message.received_at)


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names in lower case; nothing that JSON in the database cannot hold."""
    kept = {}
    for name, value in list(headers.items())[:_HEADERS_MAX]:
        if name.lower() not in _HEADERS_NOT_KEPT:
            kept[_plain(name.lower())] = _plain(value)
    return kept


def _plain(text: str) -> str:
    return text[:_HEADER_CHARACTERS_MAX].encode("latin-1", "replace").decode("latin-1").replace("\x00", "?")
