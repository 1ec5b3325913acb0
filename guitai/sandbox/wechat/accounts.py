"""WeChat beside WeChat Pay: who somebody is to the application, its script for pages, and the payee's confirmation.

Any browser takes the place of the app here.
"""

import hashlib
import json
import os
import secrets
from pathlib import Path
from urllib.parse import urlencode

from guitai.sandbox.asgi import Problem, Request, Response, Route, json_response, route
from guitai.sandbox.bank.orders import is_web_address
from guitai.sandbox.gateways.book import Book
from guitai.sandbox.gateways.desk import PAYERS
from guitai.sandbox.handover import write_private
from guitai.sandbox.html import Element, money, page, tag
from guitai.sandbox.wechat.wire import APP_ID, MERCHANT_ID
from guitai.sandbox.words import say
from guitai.sandbox.world import seconds

_CODE_S = 300
_TICKET_S = 7_200
_SCRIPT = """"use strict";
(() => {
  const at = new URL("confirm", document.currentScript.src);
  let config = null;
  window.wx = {
    config(given) { config = given; },
    ready(then) { setTimeout(then, 0); },
    error() {},
    checkJsApi({ jsApiList, success }) {
      success({ checkResult: Object.fromEntries(jsApiList.map((name) => [name, name === "requestMerchantTransfer"])) });
    },
  };
  window.WeixinJSBridge = {
    invoke(name, wish) {
      const { nonceStr, timestamp, signature } = config;
      at.search = new URLSearchParams({ ...wish, nonceStr, timestamp, signature, url: location.href.split("#")[0] });
      location.assign(at);
    },
  };
})();
"""


def secret_of(folder: Path) -> str:
    """The application's secret, made at the first start."""
    kept = folder / "app_secret.txt"
    if not kept.exists():
        write_private(kept, os.urandom(16).hex().encode())
    return kept.read_text()


class Accounts:
    def __init__(self, book: Book, secret: str) -> None:
        self._book, self._secret = book, secret

    def routes(self) -> list[Route]:
        return [
            route("GET", "/wechat/connect/oauth2/authorize", self.authorize),
            route("GET", "/wechat/sns/oauth2/access_token", self.who),
            route("POST", "/wechat/cgi-bin/stable_token", self.token),
            route("GET", "/wechat/cgi-bin/ticket/getticket", self.ticket),
            route("GET", "/wechat/jweixin.js", self.script),
            route("GET", "/wechat/confirm", self.confirm),
            route("POST", "/wechat/confirm/{token}", self.confirmed),
        ]

    async def authorize(self, request: Request) -> Response:
        """Whoever allows it goes back with a code of their own, which counts once."""
        given = request.query
        back = given.get("redirect_uri", "")
        right = (given.get("appid"), given.get("response_type"), given.get("scope"))
        if right != (APP_ID, "code", "snsapi_base") or not is_web_address(back):
            raise Problem(400, "bad_request", "This application may not ask so.")
        people = {name: _openid(name) for name in PAYERS} | {"": _openid(secrets.token_hex(8))}
        links = {name: f"{back}?{self._allowed(openid, given)}" for name, openid in people.items()}
        if request.wants_json:
            return json_response(links)
        language = request.language
        return page(
            request,
            say("Who are you in WeChat?", language),
            tag("p", say("The wallet asks which account is yours. Whoever allows it goes back.", language)),
            [
                tag("p", tag("a", name or say("Somebody new", language), href=link, class_="button"))
                for name, link in links.items()
            ],
        )

    def _allowed(self, openid: str, given: dict[str, str]) -> str:
        code = secrets.token_hex(16)
        self._book.arrange(f"code:{code}", json.dumps([openid, seconds() + _CODE_S]))
        return urlencode({"code": code, "state": given.get("state", "")})

    async def who(self, request: Request) -> Response:
        given = request.query
        if (given.get("appid"), given.get("secret")) != (APP_ID, self._secret):
            return json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        kept = self._book.taken(f"code:{given.get('code', '')}")
        openid, until = json.loads(kept) if kept else ("", 0)
        if seconds() > until:
            return json_response({"errcode": 40029, "errmsg": "invalid code"})
        return json_response(
            {
                "access_token": secrets.token_hex(16),
                "expires_in": _TICKET_S,
                "openid": openid,
                "scope": "snsapi_base",
            }
        )

    async def token(self, request: Request) -> Response:
        given = request.json()
        if (given.get("appid"), given.get("secret")) != (APP_ID, self._secret):
            return json_response({"errcode": 40125, "errmsg": "invalid appsecret"})
        return json_response({"access_token": self._kept("token"), "expires_in": _TICKET_S})

    async def ticket(self, request: Request) -> Response:
        if request.query.get("access_token") != self._kept("token"):
            return json_response({"errcode": 40001, "errmsg": "invalid credential"})
        return json_response({"errcode": 0, "ticket": self._kept("ticket"), "expires_in": _TICKET_S})

    def _kept(self, what: str) -> str:
        """What WeChat gives out for two hours; here it is good as long as the application's secret."""
        return hashlib.sha256(f"{what}:{self._secret}".encode()).hexdigest()

    async def script(self, request: Request) -> Response:
        return Response(_SCRIPT.encode(), content_type="text/javascript; charset=utf-8")

    async def confirm(self, request: Request) -> Response:
        """The payee's page of a transfer, opened by a page of the application that proves itself."""
        given, language = request.query, request.language
        names = {"noncestr": "nonceStr", "timestamp": "timestamp", "url": "url"}
        signed = "&".join(f"{name}={given.get(field, '')}" for name, field in names.items())
        text = f"jsapi_ticket={self._kept('ticket')}&{signed}"
        right = hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest() == given.get("signature")
        if not right or (given.get("mchId"), given.get("appId")) != (MERCHANT_ID, APP_ID):
            raise Problem(403, "bad_signature", "This page may not ask so.")
        row = self._book.transfer_at(given.get("package", ""))
        back = given["url"] if is_web_address(given["url"]) else ""
        return page(
            request,
            say("Confirm a transfer", language),
            tag("p", tag("strong", money(row["amount"], "CNY"))),
            self._form(row["token"], back, language) if row["state"] == "waiting" else _back(back, language),
        )

    def _form(self, token: str, back: str, language: str) -> Element:
        return tag(
            "form",
            tag("input", type="hidden", name="back", value=back),
            tag("button", say("Accept", language), class_="primary"),
            method="post",
            action=f"/wechat/confirm/{token}",
            class_="stack",
        )

    async def confirmed(self, request: Request) -> Response:
        row = self._book.transfer_at(request.matched["token"])
        self._book.end_transfer(row, "")
        back = request.form().get("back", "") if request.is_form else ""
        return page(
            request,
            say("Received", request.language),
            _back(back if is_web_address(back) else "", request.language),
        )


def _back(back: str, language: str) -> Element | None:
    if not back:
        return None
    return tag("p", tag("a", say("Back to the wallet", language), href=back, class_="button primary"))


def _openid(person: str) -> str:
    """How the application knows somebody, always the same."""
    return f"o{hashlib.sha256(f'{APP_ID}:{person}'.encode()).hexdigest()[:27]}"
