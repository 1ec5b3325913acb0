"""What people puts into the desk's pages; site/wiring registers these."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string


def case_standing(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`case.standing`: from a case to what stops its customer."""
    return render_to_string("people/slots/case_standing.html", facts, request)
