"""How a device is recognised: by a token that it keeps itself, in a cookie or in the app's own header."""

import re
import secrets
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from guitai.base.clock import now
from guitai.people.flows.note_sign_in import SEEN_EVERY, Visitor, note_use
from guitai.people.rules.device import LABEL_MAX, device_name

COOKIE, HEADER, LABEL_HEADER = "guitai_device", "X-Device-Id", "X-Device-Name"
_TOKEN = re.compile(r"[\w.:-]{16,128}", re.ASCII)
_COOKIE_AGE_S = 400 * 24 * 3600
_SEEN = "people.seen"

Handler = Callable[[HttpRequest], HttpResponse]


def visitor_of(request: HttpRequest) -> Visitor:
    """Where a request comes from."""
    app = _is_app(request)
    given = request.headers.get(HEADER, "") if app else request.COOKIES.get(COOKIE, "")
    return Visitor(
        token=given if _TOKEN.fullmatch(given) else "",
        address=str(get_adapter(request).get_client_ip(request)),
        user_agent=request.headers.get("User-Agent", "")[:400],
        app=app,
        label=device_name(request.headers.get(LABEL_HEADER, ""))[:LABEL_MAX] if app else "",
    )


def with_token(request: HttpRequest, visitor: Visitor) -> Visitor:
    """The same with a token: a browser without one gets it with this answer; an app names itself or stays nameless."""
    if visitor.token or visitor.app:
        return visitor
    token = secrets.token_urlsafe(32)
    request.new_device_token = token  # type: ignore[attr-defined]
    return Visitor(token, visitor.address, visitor.user_agent)


def devices(get_response: Handler) -> Handler:
    """Middleware: give a new browser its token, and note now and then that a session is used."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        token = getattr(request, "new_device_token", "")
        if token:
            response.set_cookie(
                COOKIE,
                token,
                max_age=_COOKIE_AGE_S,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            note_session_use(request, request.session)
        return response

    return middleware


def note_session_use(request: HttpRequest, session: MutableMapping[str, Any]) -> bool:
    """Write the last use down, at most once in ten minutes; gives whether it was written."""
    seen = session.get(_SEEN)
    if seen is not None and time.time() - float(seen) < SEEN_EVERY.total_seconds():
        return False
    key = getattr(session, "session_key", None)
    if not key:
        return False
    session[_SEEN] = int(time.time())
    if seen is not None:
        note_use(key, str(get_adapter(request).get_client_ip(request)), now())
    return True


def _is_app(request: HttpRequest) -> bool:
    return request.path.startswith(("/_allauth/app/", "/api/"))
