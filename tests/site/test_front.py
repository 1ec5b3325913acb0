"""The thin front: bodies taken in whole and within bounds, health, metrics, and what is not there."""

import asyncio

import pytest

from guitai.site import health, metrics
from guitai.site.bodies import BODY_MAX, TOO_LARGE, bounded
from guitai.site.plain import say


class Exchange:
    """One request to an ASGI application, message by message."""

    def __init__(self, path="/", method="POST", headers=(), messages=(), client="127.0.0.1"):
        self.scope = {
            "type": "http", "path": path, "method": method, "headers": list(headers), "query_string": b"",
            "client": (client, 5), "http_version": "1.1",
        }  # fmt: skip
        self.messages = list(messages)
        self.sent = []
        self.taken = 0

    async def receive(self):
        self.taken += 1
        return self.messages.pop(0) if self.messages else {"type": "http.disconnect"}

    async def send(self, message):
        self.sent.append(message)

    def run(self, application):
        asyncio.run(application(self.scope, self.receive, self.send))
        return self

    @property
    def status(self):
        return self.sent[0]["status"] if self.sent else None

    @property
    def body(self):
        return b"".join(message.get("body", b"") for message in self.sent)


def chunk(body, more=False):
    return {"type": "http.request", "body": body, "more_body": more}


class Echo:
    """Says what it was given."""

    def __init__(self):
        self.bodies = []
        self.scopes = []

    async def __call__(self, scope, receive, send):
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message["body"], message["more_body"]
        self.bodies.append(body)
        self.scopes.append(scope)
        await say(send, 413 if scope.get(TOO_LARGE) else 200, str(len(body)))


@pytest.fixture
def echo():
    return Echo()


@pytest.mark.parametrize("parts", [[b""], [b"abc"], [b"ab", b"c"], [b"x" * 300_000, b"y" * 300_000]])
def test_a_body_arrives_whole(echo, parts):
    messages = [chunk(part, more=index < len(parts) - 1) for index, part in enumerate(parts)]
    exchange = Exchange(messages=messages, headers=[(b"transfer-encoding", b"chunked")]).run(bounded(echo))
    assert exchange.status == 200
    assert echo.bodies == [b"".join(parts)]
    length = dict(echo.scopes[0]["headers"]).get(b"content-length", b"0")
    assert int(length) == sum(map(len, parts))
    assert b"transfer-encoding" not in dict(echo.scopes[0]["headers"])


def test_half_a_body_reaches_nobody(echo):
    """Half a form may read like a whole one with another amount."""
    exchange = Exchange(messages=[chunk(b"amount=10", more=True)], headers=[(b"content-length", b"11")])
    exchange.run(bounded(echo))
    assert echo.bodies == []
    assert exchange.sent == []


@pytest.mark.parametrize("path", ["/cases/new/", "/api/v1/cases"])
def test_an_announced_large_body_is_refused_before_it_is_read(echo, path):
    large = [chunk(b"x" * BODY_MAX, more=True), chunk(b"y")]
    exchange = Exchange(path, headers=[(b"content-length", b"209715200")], messages=large).run(bounded(echo))
    assert exchange.status == 413
    assert echo.bodies == [b""]
    # The rest was thrown away before the answer ended, so that the sender gets to read it.
    assert exchange.messages == []
    assert (b"connection", b"close") in exchange.sent[0]["headers"]


def test_a_chunked_large_body_is_refused_as_soon_as_it_is_too_much(echo):
    part = b"x" * (BODY_MAX // 2 + 1)
    messages = [chunk(part, more=True), chunk(part, more=True), chunk(b"end")]
    exchange = Exchange(messages=messages).run(bounded(echo))
    assert exchange.status == 413
    assert echo.scopes[0][TOO_LARGE] is True


def test_a_body_of_exactly_the_bound_is_taken(echo):
    exchange = Exchange(
        messages=[chunk(b"x" * BODY_MAX)], headers=[(b"content-length", str(BODY_MAX).encode())]
    )
    assert exchange.run(bounded(echo)).status == 200


def test_the_refusal_needs_no_database():
    async def broken(scope, receive, send):
        raise RuntimeError("no page today")

    exchange = Exchange(headers=[(b"content-length", b"99999999")], messages=[chunk(b"")]).run(
        bounded(broken)
    )
    assert exchange.status == 413
    assert "请求过大".encode() in exchange.body


@pytest.mark.parametrize("value", [b"ten", b"-1", b"1e3", b"9" * 30, "１２".encode()])
def test_a_length_that_is_no_number_is_refused(echo, value):
    exchange = Exchange(headers=[(b"content-length", value)], messages=[chunk(b"x")]).run(bounded(echo))
    assert exchange.status == 400
    assert echo.bodies == []


def test_two_lengths_are_refused(echo):
    headers = [(b"content-length", b"1"), (b"content-length", b"2")]
    assert Exchange(headers=headers, messages=[chunk(b"x")]).run(bounded(echo)).status == 400


def test_a_header_cannot_pass_itself_off_as_another(echo):
    headers = [(b"x_forwarded_proto", b"https"), (b"accept", b"text/html")]
    Exchange(headers=headers, messages=[chunk(b"")]).run(bounded(echo))
    assert echo.scopes[0]["headers"] == [(b"accept", b"text/html")]


def test_alive_says_so_with_safe_headers():
    exchange = Exchange("/healthz", "GET").run(health.alive)
    assert (exchange.status, exchange.body) == (200, b"ok\n")
    assert dict(exchange.sent[0]["headers"])[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    ("token", "headers", "client", "status"),
    [
        ("", [], "127.0.0.1", 200),
        ("", [], "203.0.113.9", 404),
        ("", [(b"x-forwarded-for", b"203.0.113.9")], "127.0.0.1", 404),
        ("secret", [], "127.0.0.1", 404),
        ("secret", [(b"authorization", b"Bearer guess")], "127.0.0.1", 404),
        ("secret", [(b"authorization", b"Bearer secret")], "203.0.113.9", 200),
    ],
)
def test_metrics_are_for_the_operator(monkeypatch, token, headers, client, status):
    monkeypatch.setenv("GUITAI_METRICS_TOKEN", token)
    exchange = Exchange("/metrics", "GET", headers=headers, client=client).run(metrics.page)
    assert exchange.status == status
    assert (b"guitai_http_requests" in exchange.body) is (status == 200)
