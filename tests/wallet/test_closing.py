"""Closing the wallet over people's standing: what remains, and what is shown of what is on its way."""

import re
from datetime import timedelta

import msgspec
import pytest
from django.test import Client

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.kit import operator, policies
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.people.errors import ClosingStopped
from guitai.people.flows import note_sign_in
from guitai.people.flows.close_account import carry_out_due
from guitai.people.policies import SignInPolicy
from guitai.wallet import api as wallet
from guitai.wallet.flows.close_wallet import in_flight, remains, what_remains
from guitai.wallet.web.views.in_flight import fate
from tests.wallet.conftest import PIN, available, new_phone, send, settle_topics

pytestmark = pytest.mark.django_db
PASSWORD = "counter-2026-tea"


@pytest.fixture(autouse=True)
def careless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Signing in from browser after browser is not what is tested here."""
    policy = SignInPolicy(ask_on_new_device=False)
    monkeypatch.setattr(note_sign_in, "sign_in_policy", lambda: policy)


def empty(owner, phone: str) -> None:
    """Everything goes to somebody who has dealt with the sender before."""
    send(owner, phone, available(owner))
    settle_topics()


def test_what_remains_is_named_until_nothing_does(customer) -> None:
    one, other = customer(10_000), customer()
    left = what_remains(one[0])
    assert (left.codes, left.balances, left.operations) == (("balance",), (Money(10_000, "CNY"),), ())
    with pytest.raises(ClosingStopped) as refused:
        people.ask_to_close(one[0], pin=PIN)
    assert refused.value.facts == {"remains": ["balance"]}
    empty(one[0], other[1])
    settle(one[0])
    assert what_remains(one[0]).codes == () == remains(one[0])
    people.ask_to_close(one[0], pin=PIN)
    assert people.standing(one[0]).stops("receiving")


def test_what_is_on_its_way_keeps_it_open(customer) -> None:
    one = customer(10_000)
    send(one[0], new_phone(), 10_000)
    assert what_remains(one[0]).codes == ("operations",)
    assert [view.state for view in in_flight(one[0])] == ["sent"]
    with pytest.raises(ClosingStopped):
        people.ask_to_close(one[0], pin=PIN)


def test_money_in_a_currency_that_is_no_longer_offered_counts(customer) -> None:
    one = customer(10_000)
    offered = operator.operator()
    policies.publish("operator", msgspec.structs.replace(offered, currencies=("USD",)), SYSTEM)
    assert what_remains(one[0]).balances == (Money(10_000, "CNY"),)


def test_nobody_can_pay_somebody_whose_wallet_is_being_closed(customer) -> None:
    one, other = customer(), customer(5_000)
    people.ask_to_close(one[0], pin=PIN)
    send(other[0], one[1], 1_000)
    settle_topics()
    assert available(one[0]) == 0
    assert what_remains(one[0]).codes == ()


def test_is_closed_after_the_days_and_the_books_stay_whole(customer) -> None:
    one, other = customer(10_000), customer()
    empty(one[0], other[1])
    settle(one[0])
    closing = people.ask_to_close(one[0], pin=PIN)
    with clock.stopped(closing.due_at + timedelta(seconds=1)):
        assert carry_out_due() == 1
        settle_topics()
    assert people.standing(one[0]).state == "closed"
    assert available(other[0]) == 10_000
    assert ledger.verify() == []


def test_pages_show_what_remains_then_ask_then_close(customer) -> None:
    one, other = customer(10_000), customer()
    client = signed_in(one[1])
    page = client.get("/me/closing/").content.decode()
    assert "100.00" in bare(page) and 'name="password"' not in page
    assert client.post("/me/closing/", {"agreed": "on", "password": PASSWORD}).status_code == 200
    empty(one[0], other[1])
    settle(one[0])
    assert client.post("/me/closing/", {"password": PASSWORD}).status_code == 200
    assert client.post("/me/closing/", {"agreed": "on", "password": "wrong words"}).status_code == 200
    assert people.closing(one[0]) is None
    assert client.post("/me/closing/", {"agreed": "on", "password": PASSWORD}).url == "/me/closing/asked/"
    assert client.get("/me/closing/asked/").status_code == 200
    assert people.closing(one[0]) is not None
    assert client.get("/me/closing/").status_code == 302
    back = signed_in(one[1])
    assert people.closing(one[0]) is None and back.get("/me/closing/").status_code == 200


@pytest.mark.parametrize("stopped", [False, True])
def test_what_becomes_of_each_is_said(customer, stopped: bool) -> None:
    one = customer(10_000)
    send(one[0], new_phone(), 4_000)
    if stopped:
        people.freeze(one[0], SYSTEM, "by_customer")
    client = signed_in(one[1])
    page = client.get("/me/in-flight/").content.decode()
    assert "40.00" in bare(page)
    said = fate(in_flight(one[0])[0], people.told_standing(one[0]))
    assert ("does not arrive while" in said) is stopped
    assert ("/me/in-flight/" in client.get("/me/standing/").content.decode()) is stopped


def test_a_silent_stop_is_not_told_by_what_is_on_its_way(customer) -> None:
    one = customer(10_000)
    send(one[0], new_phone(), 4_000)
    before = fate(in_flight(one[0])[0], people.told_standing(one[0]))
    people.freeze(one[0], SYSTEM, "by_risk", disclosure="silent")
    assert fate(in_flight(one[0])[0], people.told_standing(one[0])) == before


def test_over_the_api(customer) -> None:
    one, other = customer(10_000), customer()
    headers = {"X-Session-Token": token(one[1])}
    client, path = Client(headers=headers), "/api/v1/me/closing"
    said = client.get(path).json()
    assert (said["remains"], said["balances"]) == (["balance"], [{"amount": 10_000, "currency": "CNY"}])
    ask = {"agreed": True, "pin": PIN}
    assert client.post(path, ask, content_type="application/json").json()["code"] == "closing_stopped"
    empty(one[0], other[1])
    settle(one[0])
    assert client.get("/api/v1/me/in-flight").json() == {"items": []}
    assert (
        client.post(path, {**ask, "agreed": False}, content_type="application/json").json()["due_at"] is None
    )
    assert client.post(path, ask, content_type="application/json").json()["due_at"]
    # Every device is signed out; signing in again takes it back.
    assert client.get(path).status_code == 401
    again = Client(headers={"X-Session-Token": token(one[1])})
    assert again.get(path).json()["due_at"] is None


def settle(owner) -> None:
    """Let what was sent to somebody new come to its end."""
    with clock.stopped(clock.now() + timedelta(days=30)):
        wallet.close_due()
    settle_topics()


def bare(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def signed_in(phone: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    assert client.post("/sign-in/", {"phone": phone, "password": PASSWORD}).status_code == 302
    return client


def token(phone: str) -> str:
    given = {"phone": phone, "password": PASSWORD}
    answer = Client().post("/_allauth/app/v1/auth/login", given, content_type="application/json")
    return str(answer.json()["meta"]["session_token"])
