"""Topping up through the pages: choosing the way, the review, each way of paying, and coming back from a rail."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest
from django.test import Client

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import Instructions, RailOffer
from guitai.skin.templatetags.guitai_text import in_fours
from guitai.wallet import api as wallet
from tests.wallet.test_pages_browser import browser, hidden, text_of
from tests.wallet.test_top_up_states import settle, start

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
PAGE = "https://gateway.example:8443/pay?sign=a%2Bb"


def offer(rail: str, state: Any = "ok", **more: Any) -> RailOffer:
    given: dict[str, Any] = {"minimum": Money(100, "CNY"), "maximum": Money(1_000_000, "CNY"), **more}
    return RailOffer(rail=rail, direction="top_up", currency="CNY", usual_arrival=timedelta(minutes=2),
                     state=state, **given)  # fmt: skip


@pytest.fixture
def offered(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """The rails that are set up, as a test wants them."""

    def set_up(*offers: RailOffer) -> None:
        monkeypatch.setattr(
            rails, "rails_for", lambda way, currency: list(offers) if currency == "CNY" else []
        )

    set_up(offer("bank"), offer("alipay"), offer("card"))
    return set_up


def told(method: Any, **more: Any) -> Instructions:
    return Instructions("", "merchant-1", "", "PAYREF", more.pop("pay_url", PAGE),
                        clock.now() + timedelta(hours=1), method=method, **more)  # fmt: skip


def answering(said: Instructions) -> Any:
    return mock.patch.object(rails, "start_top_up", return_value=said)


def review(client: Client, rail: str = "alipay", amount: str = "200") -> Any:
    key = hidden(client.get(f"/top-up/?rail={rail}"), "key")
    return client.post("/top-up/", {"amount": amount, "key": key, "rail": rail, "step": "review"})


def confirm(client: Client, page: Any, **changes: str) -> Any:
    given = {name: hidden(page, name) for name in ("key", "rail", "amount", "currency", "fee_minor")}
    return client.post("/top-up/", {**given, "step": "confirm", **changes})


def test_the_ways_are_shown_with_fee_bounds_arrival_and_how_they_are(
    customer: Make, offered: Callable[..., None]
) -> None:
    policies.publish(
        "fees", {"top_up": {"card": {"CNY": {"basis_points": 60, "maximum_minor": 2_500}}}}, SYSTEM
    )
    offered(offer("bank"), offer("alipay", "slow"), offer("wechat", "down"), offer("card"))
    page = text_of(browser(customer()[0]).get("/top-up/"))
    for words in ("no fee", "fee 0.60%, at most ¥25.00", "2 minutes", "up to ¥10,000.00"):
        assert words in page
    assert "Slower than usual right now" in page and "Not answering right now" in page
    assert 'href="?rail=alipay"' in page and "rail=wechat" not in page


def test_the_most_is_what_the_rail_and_the_limits_leave(customer: Make, offered: Callable[..., None]) -> None:
    policies.publish("limits", {"tiers": [{"top_up": {"CNY": {"day": 50_000}}}]}, SYSTEM)
    one = customer()[0]
    assert "up to ¥500.00" in text_of(browser(one).get("/top-up/"))
    start(one, "bank")
    assert [c.maximum for c in wallet.top_up_choices(one, "CNY")] == [Money(30_000, "CNY")] * 3


RECEIVING = {
    "currency": "CNY",
    "name": "Guitai Ltd",
    "account": "6228480010002026018",
    "bank_name": "Bay Bank",
}


def test_without_an_order_one_pays_to_a_reference_or_a_number_of_ones_own(
    customer: Make, offered: Callable[..., None]
) -> None:
    offered(offer("bank"), offer("card"))
    owner, _ = customer()
    client = browser(owner)
    assert "by-transfer" not in client.get("/top-up/").content.decode()
    assert "Here top-ups are ordered first" in text_of(client.get("/top-up/by-transfer/"))
    policies.publish("statements", {"receiving": [RECEIVING]}, SYSTEM)
    assert "/top-up/by-transfer/" in client.get("/top-up/").content.decode()
    page, own = text_of(client.get("/top-up/by-transfer/")), wallet.standing_transfer(owner, "CNY")
    assert own is not None and own.own_account is None and "To your own number" not in page
    for words in ("Guitai Ltd", "6228 4800 1000 2026 018", "Bay Bank", spoken(own.reference)):
        assert words in page
    virtual = {**RECEIVING, "virtual_prefix": "62284800188", "virtual_digits": 8}
    policies.publish("statements", {"receiving": [virtual]}, SYSTEM)
    page = text_of(client.get("/top-up/by-transfer/"))
    own = wallet.standing_transfer(owner, "CNY")
    assert own is not None and own.own_account is not None
    assert "To your own number" in page and in_fours(own.own_account) in page
    assert text_of(browser(customer()[0]).get("/top-up/by-transfer/")) != page


def test_a_single_way_is_not_asked_for(customer: Make, offered: Callable[..., None]) -> None:
    offered(offer("alipay"))
    page = browser(customer()[0]).get("/top-up/")
    assert hidden(page, "rail") == "alipay"


def test_a_way_that_needs_a_higher_tier_is_not_offered(customer: Make, offered: Callable[..., None]) -> None:
    policies.publish("top_up_rails", {"rails": {"card": {"tier": 2}, "alipay": {"offered": False}}}, SYSTEM)
    assert [c.rail for c in wallet.top_up_choices(customer()[0], "CNY")] == ["bank"]


def test_the_review_shows_fee_and_what_arrives_and_starts_nothing(
    customer: Make, offered: Callable[..., None]
) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 150}}}}, SYSTEM)
    one = customer()[0]
    page = review(browser(one), "card")
    assert "1.50 CNY" in text_of(page) and "198.50 CNY" in text_of(page)
    assert wallet.operations(one).items == []


def test_what_is_confirmed_is_what_was_reviewed(customer: Make, offered: Callable[..., None]) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 150}}}}, SYSTEM)
    one = customer()[0]
    client = browser(one)
    page = review(client, "card")
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 900}}}}, SYSTEM)
    changed = confirm(client, page)
    assert "The fee changed since you looked" in text_of(changed) and "191.00 CNY" in text_of(changed)
    with answering(told("link")):
        sent = confirm(client, changed)
    assert sent.status_code == 302
    assert wallet.operation(one, sent["Location"].split("/")[2]).view.fee.minor == 900


def test_the_same_page_twice_is_one_order_and_going_back_keeps_the_amount(
    customer: Make, offered: Callable[..., None]
) -> None:
    client = browser(customer()[0])
    page = review(client, amount="1234.5")
    back = confirm(client, page, step="back")
    assert 'value="1,234.50"' in text_of(back) and hidden(back, "key") == hidden(page, "key")
    with answering(told("link")) as rail:
        places = {confirm(client, page)["Location"] for _ in range(2)}
    assert len(places) == 1 and rail.call_count == 1


@pytest.mark.parametrize(("amount", "words"), [("0.5", "¥1.00 at least"), ("20000", "¥10,000.00 at most")])
def test_an_amount_that_the_way_does_not_take_is_said_beside_the_field(
    customer: Make, offered: Callable[..., None], amount: str, words: str
) -> None:
    one = customer()[0]
    assert words in text_of(review(browser(one), "alipay", amount))
    direct = browser(one).post("/top-up/", {"amount": amount, "key": "k", "rail": "alipay"})
    assert words in text_of(direct) and wallet.operations(one).items == []


def test_a_rail_that_is_not_offered_starts_nothing(customer: Make, offered: Callable[..., None]) -> None:
    one = customer()[0]
    page = browser(one).post("/top-up/", {"amount": "5", "key": "k", "rail": "unionpay"})
    assert "not open to you now" in text_of(page) and wallet.operations(one).items == []


def _order(one: UUID, said: Instructions, rail: str = "alipay") -> Any:
    client = browser(one)
    with answering(said) as asked:
        place = confirm(client, review(client, rail))["Location"]
    wished = asked.call_args.kwargs
    assert wished["return_url"] == f"/top-up/{place.split('/')[2]}/return/" and wished["rail"] == rail
    assert spoken(place.split("/")[2]) in wished["subject"]
    return client.get(place)


def test_a_link_opens_beside_the_page(customer: Make, offered: Callable[..., None]) -> None:
    page = _order(customer()[0], told("link"))
    assert re.search(rf'<a href="{re.escape(PAGE)}"[^>]*target="_blank" rel="noopener', text_of(page))
    assert "merchant-1" not in text_of(page), "to whom a gateway pays is no affair of the payer's"
    assert "form-action 'self';" in page["Content-Security-Policy"]


def test_a_form_posts_its_fields_to_the_gateway_and_only_there(
    customer: Make, offered: Callable[..., None]
) -> None:
    fields = {"txnAmt": "20000", "sign": '"><script>x</script>'}
    page = _order(customer()[0], told("form", form=fields))
    body = text_of(page)
    assert f'<form method="post" action="{PAGE}" target="_blank"' in body
    assert 'name="txnAmt" value="20000"' in body and b"<script>x" not in page.content
    assert "form-action 'self' https://gateway.example:8443;" in page["Content-Security-Policy"]
    inside = re.search(r'class="pay-form">.*?</form>', body, re.DOTALL)
    assert inside is not None and "csrf" not in inside[0], "our own tokens are not for a gateway"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a;script-src *", "https://", ""])
def test_no_address_of_a_gateway_can_widen_the_policy(
    customer: Make, offered: Callable[..., None], address: str
) -> None:
    policy = _order(customer()[0], told("form", pay_url=address))["Content-Security-Policy"]
    assert policy.count("script-src") == 1 and "*" not in policy and "javascript" not in policy


def test_a_code_is_drawn_by_us(customer: Make, offered: Callable[..., None]) -> None:
    page = text_of(_order(customer()[0], told("qr", pay_url=None, qr="https://qr.example/abc")))
    assert '<svg role="img"' in page and "QR code for the payment" in page
    assert "Go to Alipay" not in page


def test_a_rail_out_of_reach_is_named_and_asked_again(customer: Make, offered: Callable[..., None]) -> None:
    client = browser(customer()[0])
    with mock.patch.object(rails, "start_top_up", side_effect=RailUnavailable(rail="alipay")):
        place = confirm(client, review(client))["Location"]
        assert "Alipay could not be reached" in text_of(client.get(place))
    with answering(told("link")):
        assert "Go to Alipay" in text_of(client.post(f"{place}instructions/", follow=True))


def test_coming_back_proves_nothing(customer: Make, offered: Callable[..., None]) -> None:
    one = customer()[0]
    started = start(one)
    client = browser(one)
    page = text_of(client.get(f"/top-up/{started.reference}/return/?trade_status=TRADE_SUCCESS"))
    assert "Alipay has not told us yet" in page and "data-waiting-at" in page
    assert wallet.operation(one, started.reference).view.state == "awaiting_payment"
    with outermost():
        wallet.note_top_up_processing(started.reference, rail="alipay")
    assert "Alipay is working on it" in text_of(client.get(f"/top-up/{started.reference}/return/"))
    settle(started.reference)
    there = client.get(f"/top-up/{started.reference}/return/")
    assert there["Location"] == f"/bills/{started.reference}/"
    assert "Top-up by Alipay" in text_of(client.get(there["Location"]))


def test_coming_back_to_somebody_else_s_top_up_finds_nothing(
    customer: Make, offered: Callable[..., None]
) -> None:
    started = start(customer()[0])
    assert browser(customer()[0]).get(f"/top-up/{started.reference}/return/").status_code == 404


def test_bills_and_trace_name_the_rail_in_both_languages(
    customer: Make, offered: Callable[..., None]
) -> None:
    one = customer()[0]
    started = start(one, "wechat")
    settle(started.reference, "wechat")
    for language, words in (("en", "WeChat Pay"), ("zh-hans", "微信支付")):
        client = browser(one, language)
        for path in ("/bills/", f"/bills/{started.reference}/", f"/bills/{started.reference}/receipt/"):
            assert words in text_of(client.get(path)), (language, path)
