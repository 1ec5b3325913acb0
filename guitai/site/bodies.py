"""Request bodies: whole and within bounds before Django sees them.

A body is taken in completely first, so that a slow sender holds no thread and a broken connection never
leaves half a form that looks whole. One that is too large is refused early; the answer is held open while
the rest is thrown away, because a connection closed in mid-upload shows people an error of the network.
"""

import asyncio
import logging
import re
import tempfile
from collections.abc import Awaitable, Callable
from typing import IO
from urllib.parse import quote

from guitai.site.plain import Message, Receive, Scope, Send, say

logger = logging.getLogger("guitai.web")

BODY_MAX = 12 * 1024 * 1024
TOO_LARGE = "guitai.too_large"
_IN_MEMORY_MAX = 256 * 1024
_CHUNK = 256 * 1024
_DRAIN_MAX, _DRAIN_S = 512 * 1024 * 1024, 30
_IDLE_S = 30
_NUMBER = re.compile(rb"[0-9]{1,18}")

Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class _Broken(Exception):
    """The sender went away before the body was whole."""


class _Slow(Exception):
    """The sender said nothing for too long."""


def bounded(application: Application) -> Application:
    """The application, with bodies taken in whole and those over BODY_MAX refused."""

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        scope = _cleaned(scope)
        length = _length(scope)
        if length is not None and length < 0:
            await say(send, 400, "Content-Length is not a number\n", headers=[(b"connection", b"close")])
            return
        if (length or 0) > BODY_MAX:
            await _refuse(application, scope, receive, send)
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY_MAX) as body:
            try:
                whole = await _take_in(receive, body)
            except _Broken:
                return
            except _Slow:
                await say(send, 408, "The request took too long\n", headers=[(b"connection", b"close")])
                return
            if not whole:
                await _refuse(application, scope, receive, send)
                return
            size = body.tell()
            body.seek(0)
            await application(_with_length(scope, size), _replay(body, size, receive), send)

    return front


def _cleaned(scope: Scope) -> Scope:
    """A scope that a WSGI environment can hold: no header that passes itself off as another, no raw bytes."""
    headers = [(name, value) for name, value in scope["headers"] if b"_" not in name]
    query = scope.get("query_string", b"")
    if not query.isascii():
        query = quote(query, safe=bytes(range(0x21, 0x7F))).encode()
    return {**scope, "headers": headers, "query_string": query}


def _length(scope: Scope) -> int | None:
    """Content-Length, None when there is none, negative when it cannot be understood."""
    values = {value for name, value in scope["headers"] if name == b"content-length"}
    if not values:
        return None
    value = values.pop()
    return int(value) if not values and _NUMBER.fullmatch(value) else -1


def _with_length(scope: Scope, size: int) -> Scope:
    """The scope of a body of known size, however it was transferred."""
    dropped = (b"content-length", b"transfer-encoding")
    headers = [(name, value) for name, value in scope["headers"] if name not in dropped]
    if size:
        headers.append((b"content-length", str(size).encode()))
    return {**scope, "headers": headers}


async def _take_in(receive: Receive, body: IO[bytes]) -> bool:
    """Read everything into `body`; False as soon as it is too much."""
    more = True
    while more:
        try:
            message = await asyncio.wait_for(receive(), _IDLE_S)
        except TimeoutError:
            raise _Slow from None
        if message["type"] == "http.disconnect":
            raise _Broken
        body.write(message.get("body", b""))
        if body.tell() > BODY_MAX:
            return False
        more = message.get("more_body", False)
    return True


def _replay(body: IO[bytes], size: int, receive: Receive) -> Receive:
    """The taken-in body as messages, then whatever the connection says."""
    finished = False

    async def again() -> Message:
        nonlocal finished
        if finished:
            return await receive()
        chunk = body.read(_CHUNK)
        finished = body.tell() >= size
        return {"type": "http.request", "body": chunk, "more_body": not finished}

    return again


async def _refuse(application: Application, scope: Scope, receive: Receive, send: Send) -> None:
    """Let Django say 413 in the asker's format and language, and end only when the rest was thrown away."""

    async def nothing() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    started = False

    async def held(message: Message) -> None:
        nonlocal started
        if message["type"] == "http.response.start":
            started = True
            headers = [*message["headers"], (b"connection", b"close")]
            await send({**message, "headers": headers})
        elif message.get("more_body", False):
            await send(message)
        else:
            await send({**message, "more_body": True})
            # A sender that waits for our leave (Expect: 100-continue) has not begun: there is nothing to drain.
            if not any(name == b"expect" for name, _value in scope["headers"]):
                await _drain(receive)
            await send({"type": "http.response.body", "body": b""})

    try:
        await application({**_with_length(scope, 0), TOO_LARGE: True}, nothing, held)
    except Exception:  # the page needs the database and the skin; the answer does not
        logger.exception("the page for a request that is too large failed")
        if not started:
            await say(held, 413, "The request is too large: at most 12 MB.\n请求过大：最多 12 MB。\n")


async def _drain(receive: Receive) -> None:
    drained, deadline = 0, asyncio.get_running_loop().time() + _DRAIN_S
    while drained < _DRAIN_MAX:
        try:
            message = await asyncio.wait_for(receive(), deadline - asyncio.get_running_loop().time())
        except TimeoutError:
            return
        drained += len(message.get("body", b""))
        if message["type"] == "http.disconnect" or not message.get("more_body", False):
            return
