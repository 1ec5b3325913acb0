"""What people puts into the desk's pages; site/wiring registers these."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from guitai.people import standing_doors


def desk_tools(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`desk.tools`: the way to the pages about safety, with how much waits there."""
    waiting = len(standing_doors.waiting_documents())
    return render_to_string("people/slots/desk_tools.html", {"waiting": waiting}, request)


def case_standing(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`case.standing`: from a case to what stops its customer."""
    return render_to_string("people/slots/case_standing.html", facts, request)
