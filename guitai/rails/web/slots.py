"""What rails puts into pages of others."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string

from guitai.base.refusal import NotFound
from guitai.people.api import staff_member
from guitai.rails import api

_PERMISSION = "operator.settings"


def desk_tools(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`desk.tools`: the way to the pages about rails, for those who may open them, and whether one is not well."""
    try:
        member = staff_member(UUID(str(request.user.pk)))
    except (NotFound, ValueError):
        return ""
    if _PERMISSION not in member.permissions:
        return ""
    unwell = sum(one.state != "ok" for one in api.health())
    return render_to_string("rails/slots/desk_tools.html", {"unwell": unwell}, request)
