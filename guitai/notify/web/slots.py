"""What notify puts into other rooms' pages; `site.wiring` fills the slots."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string

from guitai.notify import api


def needs_you(request: HttpRequest, facts: dict[str, Any]) -> str:
    """New messages, on the home page; nothing when there are none."""
    if not request.user.is_authenticated:
        return ""
    unread = api.unread_count(UUID(str(request.user.pk)))
    return render_to_string("notify/needs_you.html", {"unread": unread}, request) if unread else ""
