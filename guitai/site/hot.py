"""Hot verbs ahead of Django: a whole body in, a whole answer out; what they leave goes on to Django untouched."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache

from django.conf import settings
from django.http.request import split_domain_port, validate_host

from guitai.site.plain import Message, Receive, Route, Scope, Send, say
from guitai.wallet.web.hot import Answer, send_batch, send_transfer

Handler = Callable[[Mapping[str, str], bytes], Awaitable[Answer | None]]
_BODY_MAX = 4 * 1024 * 1024
_IDLE_S = 30

POSTS: dict[str, Handler] = {
    "/api/v1/transfers": send_transfer,
    "/api/v1/transfers/batch": send_batch,
}


async def answer(handler: Handler, pages: Route, scope: Scope, receive: Receive, send: Send) -> None:
    """Let a hot handler answer, or the pages when it does not."""
    messages, body = await _taken_in(receive)
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    said = await handler(headers, body) if body is not None and _is_ours(headers.get("host", "")) else None
    if said is None:
        await pages(scope, _again(messages, receive), send)
        return
    extra = [(name.lower().encode(), value.encode()) for name, value in said.headers]
    await say(send, said.status, said.body, content_type=said.content_type, headers=extra)


async def _taken_in(receive: Receive) -> tuple[list[Message], bytes | None]:
    """What came, and the whole body of it; no body when it was too much, too slow or broken off."""
    messages: list[Message] = []
    size = 0
    try:
        async with asyncio.timeout(_IDLE_S):
            while True:
                message = await receive()
                messages.append(message)
                size += len(message.get("body", b""))
                if message["type"] != "http.request" or size > _BODY_MAX:
                    return messages, None
                if not message.get("more_body", False):
                    return messages, b"".join(part.get("body", b"") for part in messages)
    except TimeoutError:
        return messages, None


def _again(messages: list[Message], receive: Receive) -> Receive:
    """What was taken in already, then whatever else comes."""
    left = iter(messages)

    async def again() -> Message:
        for message in left:
            return message
        return await receive()

    return again


@lru_cache(maxsize=1_024)
def _is_ours(host: str) -> bool:
    """Whether a request came for a name of ours; to any other Django says what is wrong with it."""
    domain, _port = split_domain_port(host)
    return bool(domain) and validate_host(domain, settings.ALLOWED_HOSTS)
