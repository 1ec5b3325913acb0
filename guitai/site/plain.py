"""Short answers given without Django, with the same safe headers."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Route = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

SAFE: Headers = [
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
]


async def say(
    send: Send,
    status: int,
    text: str | bytes,
    *,
    content_type: str = "text/plain; charset=utf-8",
    headers: Headers | None = None,
) -> None:
    """Send one whole response."""
    body = text.encode() if isinstance(text, str) else text
    own = [(b"content-type", content_type.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *SAFE, *(headers or [])]})
    await send({"type": "http.response.body", "body": body})
