"""As little of a web framework as a simulated world needs: requests, answers, routes."""

import json
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

BODY_BYTES_MAX = 65_536
_FIELDS_MAX = 50
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)


class Problem(Exception):
    """An expected error: answered as JSON with its code, or as a page for a browser."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(code)
        self.status, self.code, self.detail = status, code, detail


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    raw_path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    matched: dict[str, str] = field(default_factory=dict)
    raw_query: str = ""

    @property
    def wants_json(self) -> bool:
        return "text/html" not in self.headers.get("accept", "")

    @property
    def is_form(self) -> bool:
        return self.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")

    @cached_property
    def cookies(self) -> dict[str, str]:
        try:
            return {
                name: morsel.value for name, morsel in SimpleCookie(self.headers.get("cookie", "")).items()
            }
        except CookieError:
            return {}

    @property
    def language(self) -> str:
        chosen = self.query.get("language") or self.cookies.get("sandbox_language")
        if chosen in ("en", "zh"):
            return chosen
        return "zh" if self.headers.get("accept-language", "").lower().startswith("zh") else "en"

    def form(self) -> dict[str, str]:
        try:
            fields = parse_qs(self.body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_MAX)
        except ValueError as error:
            raise Problem(400, "form_unreadable", "The form cannot be read.") from error
        return {name: values[-1] for name, values in fields.items()}

    def json(self) -> dict[str, Any]:
        try:
            content = json.loads(self.body or b"{}")
        except (ValueError, RecursionError) as error:
            raise Problem(400, "json_unreadable", "The body is not JSON.") from error
        if not isinstance(content, dict):
            raise Problem(400, "json_unreadable", "The body is not a JSON object.")
        return content


@dataclass(frozen=True)
class Response:
    body: bytes
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


Handler = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True)
class Route:
    method: str
    pattern: re.Pattern[str]
    handler: Handler
    # A page of the wallet may send a browser here with a form.
    from_elsewhere: bool = False
    body_bytes_max: int = BODY_BYTES_MAX


def route(
    method: str,
    path: str,
    handler: Handler,
    *,
    from_elsewhere: bool = False,
    body_bytes_max: int = BODY_BYTES_MAX,
) -> Route:
    """`/bank/pay/{reference}`: a name in braces takes one part of the path."""
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]{1,200})", re.escape(path))
    return Route(method, re.compile(pattern + r"\Z"), handler, from_elsewhere, body_bytes_max)


def body_limit(routes: Sequence[Route], request: Request) -> int:
    """How much of a body the route that fits will take."""
    fitting = (one for one in routes if one.method == request.method and one.pattern.match(request.path))
    found = next(fitting, None)
    return found.body_bytes_max if found is not None else BODY_BYTES_MAX


def json_response(content: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(
        json.dumps(content, ensure_ascii=False).encode(), status, "application/json", headers or {}
    )


def redirect(path: str, headers: dict[str, str] | None = None) -> Response:
    return Response(b"", 303, headers={"Location": path, **(headers or {})})


async def dispatch(routes: Sequence[Route], request: Request) -> Response:
    """The answer of the route that fits; 404 or 405 as a Problem."""
    path_known = False
    for candidate in routes:
        match = candidate.pattern.match(request.path)
        if match is None:
            continue
        path_known = True
        if candidate.method == request.method or (candidate.method == "GET" and request.method == "HEAD"):
            if not candidate.from_elsewhere:
                _same_origin(request)
            return await candidate.handler(replace(request, matched=match.groupdict()))
    if path_known:
        raise Problem(405, "method_not_allowed", "This address does not take that method.")
    raise Problem(404, "not_found", "There is nothing at this address.")


def _same_origin(request: Request) -> None:
    """Another site open in the same browser must not press our buttons."""
    origin = request.headers.get("origin")
    if request.method == "POST" and origin and origin.partition("://")[2] != request.headers.get("host"):
        raise Problem(403, "other_origin", "This form was sent from another site.")


def describe_request(scope: Scope) -> Request:
    """A request as its first line and headers tell it, without its body."""
    fields = parse_qs(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return Request(
        method=scope["method"],
        path=scope["path"],
        raw_path=(scope.get("raw_path") or scope["path"].encode()).decode("latin-1").partition("?")[0],
        query={name: values[-1] for name, values in fields.items()},
        headers={name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]},
        body=b"",
        raw_query=scope["query_string"].decode("latin-1"),
    )


async def read_body(receive: Receive, bytes_max: int = BODY_BYTES_MAX) -> bytes:
    """The whole body in memory, bounded."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise Problem(400, "disconnected", "The sender went away.")
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > bytes_max:
            raise Problem(413, "too_large", f"A request may be at most {bytes_max // 1024} KiB.")
    return body


async def send_response(response: Response, send: Send, *, head: bool = False) -> None:
    headers = {
        "Content-Type": response.content_type,
        "Content-Length": str(len(response.body)),
        "Content-Security-Policy": _POLICY,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
        **response.headers,
    }
    status = HTTPStatus(response.status)
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": int(status), "headers": encoded})
    await send({"type": "http.response.body", "body": b"" if head else response.body})
