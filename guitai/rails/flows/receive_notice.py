"""Take in what somebody outside says: store first, judge later."""

import hashlib
from collections.abc import Mapping, Sequence

import msgspec

from guitai.base.ids import new_id
from guitai.kit.crypto import seal_bytes
from guitai.kit.transactions import outermost
from guitai.rails.adapters import rail_named
from guitai.rails.errors import NoticeTooLarge
from guitai.rails.models import InboxMessage
from guitai.rails.queue import defer_settlement
from guitai.rails.types import InboxReceipt, Notice

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


def receive_answer(rail: str, payments: Sequence[Notice]) -> int:
    """Store the payments of a genuine answer beside what the rail tells by itself; gives how many were new.

    They were read when they came, and are kept in the shape in which they were understood.
    """
    stored = 0
    with outermost():
        told = {notice.notice_id: notice for notice in payments}
        known = set(
            InboxMessage.objects.filter(rail=rail, notice_id__in=told).values_list("notice_id", flat=True)
        )
        for notice_id, notice in told.items():
            if notice_id in known:
                continue
            row_id, body = new_id(), msgspec.json.encode(notice)
            message = InboxMessage.objects.create(
                id=row_id,
                rail=rail,
                origin="query",
                notice_id=notice_id,
                headers={},
                body_sealed=seal_bytes(body, purpose=PURPOSE, row=row_id),
                body_sha256=hashlib.sha256(body).digest(),
            )
            defer_settlement(message.id)
            stored += 1
    return stored


def _kept_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Header names in lower case; nothing that JSON in the database cannot hold."""
    kept = {}
    for name, value in list(headers.items())[:_HEADERS_MAX]:
        if name.lower() not in _HEADERS_NOT_KEPT:
            kept[_plain(name.lower())] = _plain(value)
    return kept


def _plain(text: str) -> str:
    return text[:_HEADER_CHARACTERS_MAX].encode("latin-1", "replace").decode("latin-1").replace("\x00", "?")
