"""Messages over the API, for whoever the customer check of the room above lets in."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router, Schema

from guitai.notify import api
from guitai.notify.access import asking_customer
from guitai.notify.types import InboxItem

router = Router(auth=asking_customer, tags=["messages"])


class MessageOut(Schema):
    id: str
    at: datetime
    kind: str
    title: str
    body: str
    url: str | None
    read: bool


class InboxOut(Schema):
    items: list[MessageOut]
    next_cursor: str | None
    unread: int


class ReadOut(Schema):
    marked: int


@router.get("/messages", response=InboxOut, summary="My messages, newest first")
def read_messages(request: HttpRequest, cursor: str | None = None, limit: int = 20) -> dict[str, Any]:
    owner = request.auth  # type: ignore[attr-defined]
    page = api.inbox(owner, cursor, limit)
    return {
        "items": [_message(item) for item in page.items],
        "next_cursor": page.next_cursor,
        "unread": api.unread_count(owner),
    }


@router.post("/messages/reading", response=ReadOut, summary="Mark all my messages as read")
def mark_messages_read(request: HttpRequest) -> dict[str, Any]:
    return {"marked": api.mark_read(request.auth)}  # type: ignore[attr-defined]


def _message(item: InboxItem) -> dict[str, Any]:
    return {
        "id": str(item.id),
        "at": item.at,
        "kind": item.kind,
        "title": item.title,
        "body": item.body,
        "url": item.url,
        "read": item.read,
    }
