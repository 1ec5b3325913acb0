"""Whole-page answers for what no room answered. site/urls names `bad_request` as handler400."""

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from guitai.skin.text import duration_text

_TEMPLATES = frozenset({400, 403, 404, 413, 429, 500, 503})


def error_page(request: HttpRequest, status: int, *, wait_s: int | None = None) -> HttpResponse:
    """The page for a status, with how long to wait when that is known."""
    if status not in _TEMPLATES:
        raise ValueError(f"there is no page for status {status}")
    wait = duration_text(wait_s) if wait_s else ""
    response = render(request, f"{status}.html", {"wait": wait}, status=status)
    if wait_s:
        response["Retry-After"] = str(wait_s)
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django calls everything it cannot read a bad request; a body too large has its own answer."""
    too_large = isinstance(exception, RequestDataTooBig | TooManyFilesSent | TooManyFieldsSent)
    return error_page(request, 413 if too_large else 400)
