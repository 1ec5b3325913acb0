"""WeChat beside WeChat Pay: who somebody is to our application, and what its pages are signed with.

The openid of one application means nothing to another: money goes to the one that the application itself learned.
"""

import hashlib
import re
import secrets
import threading
import time
from collections.abc import Mapping
from urllib.parse import urlencode

import httpx
import msgspec

from guitai.base.clock import now
from guitai.rails.adapters.exchange import Unanswered, exchange
from guitai.rails.adapters.wechat_settings import WeChatSettings

_OPENID = re.compile(r"[A-Za-z0-9_-]{6,64}\Z")
# What WeChat says of a code that is wrong, was used, or is too old.
_CODE_OVER = frozenset({40029, 40163, 42003})
# A ticket is renewed so long before it ends.
_EARLY_S = 300
_SECOND_NS = 1_000_000_000
_tickets: dict[tuple[str, str], tuple[int, str]] = {}
_lock = threading.Lock()


class _Told(msgspec.Struct, frozen=True):
    errcode: int = 0
    openid: str = ""
    # Of a page that WeChat shows before anybody has agreed to anything: an openid of nobody.
    is_snapshotuser: int = 0
    access_token: str = ""
    ticket: str = ""
    expires_in: int = 0


def sign_in_address(settings: WeChatSettings, state: str, return_url: str) -> str:
    """WeChat's page on which somebody says that the account is theirs; it opens in WeChat."""
    wish = {
        "appid": settings.app_id,
        "redirect_uri": return_url,
        "response_type": "code",
        "scope": "snsapi_base",
        "state": state,
    }
    return f"{settings.sign_in_url.rstrip('/')}/connect/oauth2/authorize?{urlencode(wish)}#wechat_redirect"


def openid_of(settings: WeChatSettings, transport: httpx.BaseTransport | None, code: str) -> str | None:
    """Whose code it is, asked for from server to server; None for one that counts no more, or that names
    nobody. Raises Unanswered."""
    told = _asked(
        settings,
        transport,
        "GET",
        "/sns/oauth2/access_token",
        {
            "appid": settings.app_id,
            "secret": settings.app_secret,
            "code": code,
            "grant_type": "authorization_code",
        },
    )
    if told.errcode in _CODE_OVER or told.is_snapshotuser:
        return None
    if told.errcode or not _OPENID.match(told.openid):
        raise Unanswered(f"errcode_{told.errcode}" if told.errcode else "answer_unreadable")
    return told.openid


def page_signature(
    settings: WeChatSettings, transport: httpx.BaseTransport | None, page_url: str
) -> Mapping[str, str]:
    """What a page of ours shows WeChat's script, so that it may ask for something. Raises Unanswered.

    source   WeChat JS-SDK, appendix 1
    """
    signed = {
        "jsapi_ticket": _ticket(settings, transport),
        "noncestr": secrets.token_hex(8),
        "timestamp": str(int(now().timestamp())),
        "url": page_url.partition("#")[0],
    }
    text = "&".join(f"{name}={value}" for name, value in signed.items())
    return {
        "appId": settings.app_id,
        "nonceStr": signed["noncestr"],
        "timestamp": signed["timestamp"],
        "signature": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(),
    }


def _ticket(settings: WeChatSettings, transport: httpx.BaseTransport | None) -> str:
    """WeChat counts how often it is asked for: one serves a process until shortly before it ends."""
    named = (settings.api_url, settings.app_id)
    with _lock:
        until, ticket = _tickets.get(named, (0, ""))
        if time.monotonic_ns() < until:
            return ticket
        wish = {
            "grant_type": "client_credential",
            "appid": settings.app_id,
            "secret": settings.app_secret,
        }
        token = _asked(settings, transport, "POST", "/cgi-bin/stable_token", {}, wish).access_token
        asked = {"access_token": token, "type": "jsapi"}
        told = _asked(settings, transport, "GET", "/cgi-bin/ticket/getticket", asked)
        if not token or not told.ticket:
            raise Unanswered(f"errcode_{told.errcode}")
        _tickets[named] = (
            time.monotonic_ns() + max(0, told.expires_in - _EARLY_S) * _SECOND_NS,
            told.ticket,
        )
        return told.ticket


def _asked(
    settings: WeChatSettings,
    transport: httpx.BaseTransport | None,
    method: str,
    path: str,
    query: Mapping[str, str],
    body: Mapping[str, str] | None = None,
) -> _Told:
    address = f"{settings.api_url.rstrip('/')}{path}" + (f"?{urlencode(query)}" if query else "")
    answer = exchange(
        method,
        address,
        content=msgspec.json.encode(body) if body is not None else None,
        headers={"Content-Type": "application/json"} if body is not None else {},
        transport=transport,
    )
    if not answer.is_success:
        raise Unanswered(f"status_{answer.status_code}")
    try:
        return msgspec.json.decode(answer.content, type=_Told)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Unanswered("answer_unreadable") from error
