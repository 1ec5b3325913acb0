"""What every request passes: safe headers, the reader's time zone, refusals turned into answers."""

import logging
import re
import zoneinfo
from collections.abc import Callable

from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render
from django.utils import timezone

from guitai.base.refusal import Refusal
from guitai.kit.explain import explain, status
from guitai.kit.operator import operator
from guitai.kit.problems import CONTENT_TYPE, problem_response, response_of_status

Handler = Callable[[HttpRequest], HttpResponse]
_API = "/api/"
_CLIENT_ERROR = 400
# Headers of a bare error that still mean something beside the problem.
_KEPT = ("Allow", "Retry-After", "WWW-Authenticate")
# Django gives these a status of their own; the response then becomes a problem like any other.
_WITH_STATUS = (Http404, PermissionDenied, SuspiciousOperation, BadRequest, MultiPartParserError)
_POLICY = (
    "default-src 'none'; script-src 'self'{runs}; style-src 'self'; img-src 'self' data:; media-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'{posts_to}; "
    "frame-ancestors 'none'; base-uri 'none'"
)
_ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?")
_log = logging.getLogger(__name__)


def content_policy(*, posts_to: str = "", runs: str = "") -> str:
    """What a page may load and where its forms may go: to ourselves, and to one address besides.

    takes    an address that the page has a form for, and one whose script it runs, or none
    gives    the header's value; an address that is no plain http(s) origin is left out
    """
    posts, scripts = _ORIGIN.match(posts_to), _ORIGIN.match(runs)
    return _POLICY.format(posts_to=f" {posts[0]}" if posts else "", runs=f" {scripts[0]}" if scripts else "")


def security_headers(get_response: Handler) -> Handler:
    """A strict content policy and no caching of anything personal."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", content_policy())
        response.headers.setdefault("Permissions-Policy", "camera=(self), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return middleware


def time_zone(get_response: Handler) -> Handler:
    """Show times in the person's zone, or in that of the operator's first region."""

    def middleware(request: HttpRequest) -> HttpResponse:
        name = getattr(getattr(request, "user", None), "time_zone", "") or _operator_zone()
        try:
            timezone.activate(zoneinfo.ZoneInfo(name))
        except (zoneinfo.ZoneInfoNotFoundError, ValueError):
            timezone.activate(zoneinfo.ZoneInfo("UTC"))
        return get_response(request)

    return middleware


class refusals:
    """A refusal that no view handled is an answer in the asker's format, never an error page without words."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        bare = response.get("Content-Type", "").split(";")[0] != CONTENT_TYPE
        if request.path.startswith(_API) and response.status_code >= _CLIENT_ERROR and bare:
            kept = {name: response[name] for name in _KEPT if name in response}
            return response_of_status(response.status_code, kept)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, Refusal):
            return refused(request, error)
        if request.path.startswith(_API) and not isinstance(error, _WITH_STATUS):
            _log.exception("request failed")
            return problem_response("internal_error")
        return None


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A refusal as a whole page, or as a problem for programs."""
    if request.path.startswith(_API):
        return problem_response(refusal.code, refusal.facts)
    said = explain(refusal.code, refusal.facts)
    return render(request, "kit/refusal.html", {"explanation": said}, status=status(refusal.code))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """What Django calls when a form's token is missing or wrong."""
    said = explain("csrf_failed", {})
    if request.path.startswith(_API):
        return problem_response("csrf_failed")
    return render(request, "kit/refusal.html", {"explanation": said}, status=403)


def _operator_zone() -> str:
    regions = operator().regions
    return regions[0].time_zone if regions else "UTC"
