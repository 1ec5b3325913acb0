"""WeChat's word for whose account it is, what our pages are signed with, and transfers that wait for their payee."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from guitai.base.money import Money
from guitai.rails.adapters.wechat import WeChatRail
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import Payout
from tests.rails.adapters.test_wechat import APP, MERCHANT, answering, rail

OPENID = "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"
PAYOUT = Payout("7KMR3AXWH5", Money(5_000, "CNY"), "林月", OPENID)
BEGUN = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
Answer = Callable[[httpx.Request], httpx.Response]


def own(answer: Answer, **changed: Any) -> WeChatRail:
    return rail(answer, **{"app_secret": "the secret", "api_url": "https://api.test", **changed})


def saying(content: Any, status: int = 200) -> WeChatRail:
    return own(lambda request: httpx.Response(status, json=content))


def test_the_page_is_asked_for_this_application_and_brings_the_state_back() -> None:
    page = httpx.URL(
        own(lambda request: httpx.Response(500)).payee_sign_in("a&b", "https://wallet.test/back/")
    )
    assert (page.host, page.path, page.fragment) == (
        "open.weixin.qq.com", "/connect/oauth2/authorize", "wechat_redirect",
    )  # fmt: skip
    assert dict(page.params) == {
        "appid": APP, "redirect_uri": "https://wallet.test/back/", "response_type": "code",
        "scope": "snsapi_base", "state": "a&b",
    }  # fmt: skip


def test_a_code_is_exchanged_with_the_secret_that_no_browser_sees() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url)
        return httpx.Response(200, json={"openid": OPENID, "access_token": "t"})

    assert own(answer).payee_of("c&d") == OPENID
    assert dict(asked[0].params) == {
        "appid": APP, "secret": "the secret", "code": "c&d", "grant_type": "authorization_code",
    }  # fmt: skip


def test_no_log_has_the_secret_or_what_it_opens(caplog: pytest.LogCaptureFixture) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(
            200, json={"openid": OPENID, "access_token": "t-secret", "ticket": "k", "expires_in": 7200}
        )

    one = own(answer, api_url="https://logged.test")
    with caplog.at_level("INFO"):
        assert one.payee_of("c0de") == OPENID
        one.confirmation_page("pack", "https://wallet.test/")
    assert not [
        word for word in ("the secret", "the+secret", "c0de", OPENID, "t-secret") if word in caplog.text
    ]


@pytest.mark.parametrize("code", [40029, 40163, 42003])
def test_a_code_that_counts_no_more_names_nobody(code: int) -> None:
    assert saying({"errcode": code, "errmsg": "no"}).payee_of("c") is None


def test_who_has_not_agreed_yet_is_nobody() -> None:
    assert saying({"openid": OPENID, "is_snapshotuser": 1, "access_token": "t"}).payee_of("c") is None


@pytest.mark.parametrize(
    ("told", "status"),
    [
        ({"errcode": 40125}, 200),
        ({"errcode": -1}, 200),
        ({}, 200),
        ({"openid": "../x"}, 200),
        ({"openid": 7}, 200),
        ({"openid": OPENID}, 502),
    ],
)
def test_whatever_else_it_says_names_nobody_either(told: dict[str, Any], status: int) -> None:
    with pytest.raises(RailUnavailable):
        saying(told, status).payee_of("c")


def test_a_page_is_signed_with_a_ticket_that_is_asked_for_once() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        if request.url.path.endswith("stable_token"):
            assert json.loads(request.content)["secret"] == "the secret"
            return httpx.Response(200, json={"access_token": "token", "expires_in": 7200})
        assert request.url.params["access_token"] == "token"
        return httpx.Response(200, json={"errcode": 0, "ticket": "ticket", "expires_in": 7200})

    one = own(answer, api_url="https://tickets.test")
    for _ in range(2):
        page = one.confirmation_page("pack", "https://wallet.test/bills/1/confirm/#x")
        assert page.wish == {"mchId": MERCHANT, "appId": APP, "package": "pack"}
        signed = page.signed
        text = (
            f"jsapi_ticket=ticket&noncestr={signed['nonceStr']}&timestamp={signed['timestamp']}"
            "&url=https://wallet.test/bills/1/confirm/"
        )
        assert signed["signature"] == hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
    assert asked == ["/cgi-bin/stable_token", "/cgi-bin/ticket/getticket"]


def test_a_query_says_until_when_its_payee_may_confirm() -> None:
    bill = {"out_bill_no": PAYOUT.order_reference, "transfer_bill_no": "13300", "state": "WAIT_USER_CONFIRM"}
    told = own(answering({**bill, "create_time": BEGUN.isoformat()}, 200)).query_payout(
        PAYOUT.order_reference
    )
    assert told.outcome == "accepted"
    assert told.confirmation is not None and told.confirmation.until == BEGUN + timedelta(hours=12)


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ("CANCELLED", "rejected", "payout_not_confirmed"),
        ("CANCELING", "accepted", None),
        # Whoever confirmed just then keeps it: the next question says so.
        ("", "unknown", None),
    ],
)
def test_what_is_not_confirmed_can_be_called_back(said: str, outcome: str, code: str | None) -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        assert request.url.path.endswith(f"/{PAYOUT.order_reference}/cancel")
        bill = {"out_bill_no": PAYOUT.order_reference, "transfer_bill_no": "13300", "state": said}
        return (answering(bill, 200) if said else answering({"code": "INVALID_REQUEST"}, 400))(request)

    told = own(answer).call_back(PAYOUT.order_reference)
    assert (told.outcome, told.code, told.confirmation) == (outcome, code, None)


@pytest.mark.parametrize(
    ("changed", "pays"),
    [
        ({}, True),
        ({"app_secret": ""}, False),
        ({"transfer_scene": ""}, False),
    ],
)
def test_payouts_need_a_scene_and_the_secret(changed: dict[str, str], pays: bool) -> None:
    settings = rail(**{"app_secret": "the secret", **changed})._settings()
    assert (settings.problems(), settings.pays_out()) == ((), pays)


@pytest.mark.parametrize(
    "changed",
    [
        {"confirm_hours": 0},
        {"confirm_hours": 24},
        {"sign_in_url": "x"},
        {"api_url": ""},
        {"script_url": "//x"},
    ],
)
def test_says_which_field_cannot_be_used(changed: dict[str, Any]) -> None:
    assert rail(**changed)._settings().problems() == tuple(changed)
