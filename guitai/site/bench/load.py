"""The load generator: so many connections that each ask again as soon as they are answered, in a process of its own."""

import asyncio
import json
import random
import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import httptools
import uvloop

from guitai.base.ids import new_id
from guitai.site.bench.fixture import CURRENCY, PIN

_PATIENCE_S = 30
_SHOWN_MAX = 3


@dataclass
class Asking:
    """What every connection of a turn asks, and what came of it."""

    host: str
    port: int
    expected: int
    ends: float = 0.0
    times: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


class Connection(asyncio.Protocol):
    """One customer's connection, kept alive: asks, waits for the answer, asks again."""

    def __init__(self, asking: Asking, requests: "Requests") -> None:
        self._asking, self._requests = asking, requests
        self._began = 0.0
        self._body: list[bytes] = []
        self._parser = httptools.HttpResponseParser(self)
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self._ask()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.over.done():
            self._asking.wrong.append(f"the connection ended: {error!r}")
            self.over.set_result(None)

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        moment, status = time.perf_counter(), self._parser.get_status_code()
        self._asking.times.append(moment - self._began)
        if status != self._asking.expected:
            self._asking.wrong.append(f"{status} {b''.join(self._body)[:300].decode(errors='replace')}")
        self._body.clear()
        if moment < self._asking.ends:
            # The parser is not yet done with this answer: the next question waits for the next turn of the loop.
            asyncio.get_running_loop().call_soon(self._ask)
        else:
            self.over.set_result(None)
            self._transport.close()

    def _ask(self) -> None:
        self._began = time.perf_counter()
        self._transport.write(self._requests.next())


class Requests:
    """The bytes that one connection sends, one request after the other."""

    def next(self) -> bytes:
        raise NotImplementedError


class Pages(Requests):
    """The same page, asked for by a browser that is signed in."""

    def __init__(self, host: str, path: str, cookie: str) -> None:
        head = (
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: sessionid={cookie}\r\nAccept: text/html\r\n\r\n"
        )
        self._bytes = head.encode()

    def next(self) -> bytes:
        return self._bytes


class Transfers(Requests):
    """Transfers of one customer to people they know, each with a key of its own and the PIN."""

    def __init__(self, host: str, token: str, phones: list[str]) -> None:
        self._phones = phones
        self._head = (
            f"POST /api/v1/transfers HTTP/1.1\r\nHost: {host}\r\nX-Session-Token: {token}\r\n"
            "Content-Type: application/json\r\nAccept: application/json\r\n"
        )

    def next(self) -> bytes:
        amount = {"amount": random.randrange(100, 10_000), "currency": CURRENCY}
        body = json.dumps({"phone": random.choice(self._phones), "amount": amount, "note": "", "pin": PIN})
        return (
            f"{self._head}Idempotency-Key: {new_id()}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )


class Worker:
    """Asks a web process of ours, as many customers at once."""

    def transfers(
        self, port: int, senders: list[tuple[str, list[str]]], seconds: float, warm: float
    ) -> dict[str, Any]:
        """takes (session, payees' phones) of each sender, one a connection"""
        host = f"127.0.0.1:{port}"
        return self._measure(port, 201, [Transfers(host, *sender) for sender in senders], seconds, warm)

    def pages(self, port: int, path: str, cookies: list[str], seconds: float, warm: float) -> dict[str, Any]:
        host = f"127.0.0.1:{port}"
        return self._measure(port, 200, [Pages(host, path, cookie) for cookie in cookies], seconds, warm)

    def _measure(
        self, port: int, expected: int, requests: list[Requests], seconds: float, warm: float
    ) -> dict[str, Any]:
        """Answers in the time, their latencies in ms, and what was not as expected, the warming up included."""
        warming = uvloop.run(_turn(Asking("127.0.0.1", port, expected), requests, warm))
        began = time.perf_counter()
        asking = uvloop.run(_turn(Asking("127.0.0.1", port, expected), requests, seconds))
        lasted, wrong = time.perf_counter() - began, [*warming.wrong, *asking.wrong]
        cuts = (
            statistics.quantiles(asking.times, n=100, method="inclusive")
            if len(asking.times) > 1
            else [0.0] * 99
        )
        return {
            "count": len(asking.times),
            "per_second": len(asking.times) / lasted,
            **{f"p{at}_ms": cuts[at - 1] * 1000 for at in (50, 95, 99)},
            "errors": len(wrong),
            "said": wrong[:_SHOWN_MAX],
        }


async def _turn(asking: Asking, requests: list[Requests], seconds: float) -> Asking:
    loop = asyncio.get_running_loop()
    asking.ends = time.perf_counter() + seconds
    made = await asyncio.gather(*(
        loop.create_connection(lambda own=own: Connection(asking, own), asking.host, asking.port)  # type: ignore[misc]
        for own in requests
    ))  # fmt: skip
    waiting = [protocol.over for _, protocol in made]
    _, late = await asyncio.wait(waiting, timeout=seconds + _PATIENCE_S)
    asking.wrong += ["no answer"] * len(late)
    return asking
