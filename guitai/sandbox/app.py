"""The outside world as one ASGI application."""

import asyncio
import contextlib
import logging
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from guitai.sandbox.alipay import endpoints as _alipay
from guitai.sandbox.asgi import (
    Problem,
    Receive,
    Request,
    Response,
    Route,
    Scope,
    Send,
    body_limit,
    describe_request,
    dispatch,
    json_response,
    read_body,
    redirect,
    route,
    send_response,
)
from guitai.sandbox.bank import clerk as _clerk
from guitai.sandbox.bank import endpoints as _bank
from guitai.sandbox.bank.night import run as run_bank
from guitai.sandbox.card import endpoints as _card
from guitai.sandbox.courier import Courier
from guitai.sandbox.handset import endpoints as _handset
from guitai.sandbox.html import page, tag
from guitai.sandbox.keys import own_key
from guitai.sandbox.outages import Outages
from guitai.sandbox.settings import Settings
from guitai.sandbox.store import Store
from guitai.sandbox.unionpay import endpoints as _unionpay
from guitai.sandbox.wechat import endpoints as _wechat
from guitai.sandbox.words import say
from guitai.sandbox.world import World

_STATIC = Path(__file__).parent / "static"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}
_log = logging.getLogger(__name__)


class Application:
    """Opens storage and starts the courier with the server; closes both with it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._routes: Sequence[Route] = ()
        self._outages = Outages()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        store = Store(self._settings.database)
        key = own_key(self._settings.keys, "bank")
        courier = Courier(store, key)
        world = World(self._settings, store, key, courier)
        self._routes = (
            *_own_routes(self._outages),
            *_bank.routes(world),
            *_clerk.routes(world),
            *_handset.routes(world),
        )
        self._routes = (*self._routes, *_unionpay.routes(world), *_card.routes(world))
        self._routes = (*self._routes, *_alipay.routes(world), *_wechat.routes(world))
        running = [asyncio.create_task(courier.run()), asyncio.create_task(run_bank(world))]
        for task in running:
            task.add_done_callback(_say_why)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        for task in running:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        await courier.close()
        store.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = describe_request(scope)
        try:
            self._outages.check(request)
            body = await read_body(receive, body_limit(self._routes, request))
            response = await dispatch(self._routes, replace(request, body=body))
        except Problem as problem:
            response = _problem(request, problem)
        await send_response(response, send, head=scope["method"] == "HEAD")


def _say_why(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and task.exception():
        _log.error("what runs beside the pages stopped", exc_info=task.exception())


def _problem(request: Request, problem: Problem) -> Response:
    if request.wants_json:
        return json_response({"code": problem.code, "detail": problem.detail}, problem.status)
    title = say("Something cannot be done", request.language)
    return page(
        request, title, tag("p", problem.detail), tag("p", tag("code", problem.code)), status=problem.status
    )


def _own_routes(outages: Outages) -> list[Route]:
    return [
        route("GET", "/", partial(_index, outages)),
        *outages.routes(),
        route("GET", "/healthz", _health),
        route("GET", "/language/{language}", _language),
        route("GET", "/static/{name}", _static),
    ]


async def _index(outages: Outages, request: Request) -> Response:
    language = request.language
    return page(
        request,
        say("The outside world", language),
        tag("p", say(_WELCOME, language)),
        tag(
            "ul",
            [
                tag(
                    "li",
                    tag("a", say(name, language), href=address),
                    tag("p", say(text, language)),
                    outages.button(address.strip("/"), language),
                )
                for name, address, text in (("Bank", "/bank/", _BANK), *_GATEWAYS)
            ],
            tag(
                "li",
                tag("a", say("Telephones", language), href="/handset/"),
                tag("p", say(_HANDSET, language)),
            ),
            class_="doors",
        ),
    )


_WELCOME = (
    "The wallet talks to banks, gateways and telephones. For trying it out, all of them live here, in a process, a "
    "storage and with keys of their own: the bank, Alipay, WeChat Pay, UnionPay, the card acquirer, the phones. Here "
    "you act as the payer, as their clerks, and as whoever holds the phone."
)
_GATEWAYS = (
    ("Alipay", "/alipay/", "The payer's page of Alipay, and what can go wrong there."),
    ("WeChat Pay", "/wechat/", "The payer's page of WeChat Pay, and what can go wrong there."),
    ("UnionPay", "/unionpay/", "The payer's page of UnionPay, and what can go wrong there."),
    ("Card acquirer", "/card/", "The card acquirer's page, and what can go wrong there."),
)
_BANK = "Top-ups and withdrawals at the bank, its statements, and what its clerk can do wrong."
_HANDSET = "What the wallet's messages look like on the phone."


async def _health(request: Request) -> Response:
    return json_response({"status": "ok"})


async def _language(request: Request) -> Response:
    language = "zh" if request.matched["language"] == "zh" else "en"
    target = request.query.get("to", "/")
    # Only our own pages: not `//elsewhere`, and nothing that could end a header line.
    own = (
        target.startswith("/")
        and not target.startswith(("//", "/\\"))
        and target.isascii()
        and target.isprintable()
    )
    cookie = f"sandbox_language={language}; Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly"
    return redirect(target if own else "/", {"Set-Cookie": cookie})


async def _static(request: Request) -> Response:
    path = _STATIC / request.matched["name"]
    if path.parent != _STATIC or path.suffix not in _TYPES or not path.is_file():
        raise Problem(404, "not_found", "There is nothing at this address.")
    return Response(
        path.read_bytes(), content_type=_TYPES[path.suffix], headers={"Cache-Control": "max-age=60"}
    )
