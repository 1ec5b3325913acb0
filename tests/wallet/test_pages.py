"""The wallet's pages, as a browser without JavaScript would use them."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.test import Client

from guitai.base import clock
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.kit import policies
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from tests.wallet.conftest import fund, register, send, settle_topics
from tests.wallet.test_pages_browser import browser, hidden, stranger, text_of

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]


@pytest.fixture
def bank() -> Iterator[mock.Mock]:
    """A bank that answers."""
    answer = Instructions(
        "Harbour Wallet Ltd.", "6222 0210 0011", "Jade River Bank", "PAYREF", "http://bank.example/pay/1",
        clock.now() + timedelta(hours=1),
    )  # fmt: skip
    with mock.patch.object(rails, "start_top_up", return_value=answer) as bank:
        yield bank


@pytest.fixture
def no_bank() -> Iterator[mock.Mock]:
    with mock.patch.object(rails, "start_top_up", side_effect=RailUnavailable(rail="bank")) as bank:
        yield bank


PAGES = ("/home/", "/bills/", "/top-up/", "/transfer/", "/receive/")


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_for_signed_in_customers(path: str, customer: Make) -> None:
    person, _ = customer()
    assert Client().get(path).status_code == 302
    response = browser(person).get(path)
    assert response.status_code == 200
    assert response["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_pages_speak_both_languages_and_carry_nothing_inline(
    path: str, language: str, customer: Make
) -> None:
    person, _ = customer(5_000)
    page = text_of(browser(person, language).get(path))
    assert f'lang="{language}"' in page
    assert not re.search(r"<style|\sstyle=|<script(?![^>]*src=)|\son\w+=", page)


def test_home_teaches_the_first_step_and_then_shows_the_balance(customer: Make) -> None:
    person, _ = customer()
    assert "Start with a top-up" in text_of(browser(person).get("/home/"))
    rich, _ = customer(123_450)
    page = text_of(browser(rich).get("/home/"))
    assert "Start with a top-up" not in page and "Today" in page
    assert re.search(r'1,234<span class="money-decimals">\.50', page)


def test_home_says_what_needs_its_owner(customer: Make, bank: mock.Mock) -> None:
    person, _ = customer()
    detail = wallet.start_top_up(person, amount=Money(20_000, "CNY"), key="k1")
    page = text_of(browser(person).get("/home/"))
    assert "Your top-up of ¥200.00 waits for your payment" in page
    assert f"/bills/{detail.reference}/" in page


def test_bills_are_paged_filtered_and_found_by_reference(customer: Make) -> None:
    person, _ = customer(100_000)
    phone = stranger()
    sent = [send(person, phone, 100 + n).reference for n in range(21)]
    client = browser(person)
    first = text_of(client.get("/bills/"))
    following = re.search(r'href="(/bills/\?cursor=[^"]+)"', first)
    assert following and f"/bills/{sent[-1]}/" in first and f"/bills/{sent[0]}/" not in first
    assert f"/bills/{sent[0]}/" in text_of(client.get(following[1]))
    assert "Top-up" not in re.sub(r"(?s)<nav.*?</nav>", "", text_of(client.get("/bills/?direction=out")))
    assert "/bills/" + sent[-1] not in text_of(client.get("/bills/?direction=in"))
    for typed in (sent[3], spoken(sent[3]), spoken(sent[3]).lower(), f" {sent[3]} "):
        assert client.get("/bills/", {"q": typed})["Location"] == f"/bills/{sent[3]}/"
    for typed in ("7KMR", "<script>", "x" * 300):
        page = text_of(client.get("/bills/", {"q": typed}))
        assert "No bill of yours has this reference" in page
    assert "<script>alert" not in client.get("/bills/", {"q": "<script>alert(1)"}).content.decode()
    assert client.get("/bills/?cursor=nonsense").status_code == 302


def test_an_operation_is_shown_to_its_parties_only(customer: Make) -> None:
    one, other, third = customer(10_000), customer(), customer()
    reference = send(one[0], other[1], 2_500, note="<b>lunch</b>").reference
    settle_topics()
    for path in (f"/bills/{reference}/", f"/bills/{reference}/receipt/", f"/bills/{reference}/state/"):
        assert browser(one[0]).get(path).status_code == 200
        assert browser(other[0]).get(path).status_code == 200
        assert browser(third[0]).get(path).status_code == 404
    assert browser(one[0]).get(f"/bills/{spoken(reference)}/")["Location"] == f"/bills/{reference}/"
    assert browser(one[0]).get("/bills/AAAA/").status_code == 404
    raw = browser(one[0]).get(f"/bills/{reference}/").content.decode()
    assert "&lt;b&gt;lunch&lt;/b&gt;" in raw and "<b>lunch" not in raw
    assert spoken(reference) in raw and "25.50 CNY" not in raw and "25.00 CNY" in raw


def test_a_receipt_is_for_money_that_moved(customer: Make) -> None:
    one, other = customer(10_000), customer()
    sent, refused = send(one[0], other[1], 100), send(one[0], other[1], 9_999_999)
    client = browser(one[0])
    page = text_of(client.get(f"/bills/{sent.reference}/receipt/"))
    assert "1.00 CNY" in page and "林月" in page and people.written_phone(one[1]) in page
    assert other[1] not in page and people.masked_phone(other[1]) in page
    assert client.get(f"/bills/{refused.reference}/receipt/")["Location"] == f"/bills/{refused.reference}/"


def test_top_up_leads_to_the_instructions(customer: Make, bank: mock.Mock) -> None:
    person, _ = customer()
    client = browser(person)
    key = hidden(client.get("/top-up/"), "key")
    first = client.post("/top-up/", {"amount": "２００", "key": key})
    again = client.post("/top-up/", {"amount": "200.00", "key": key})
    assert first["Location"] == again["Location"]
    page = text_of(client.get(first["Location"]))
    for shown in ("6222 0210 0011", "Jade River Bank", "PAYREF", "Harbour Wallet Ltd.", "200.00 CNY"):
        assert shown in page
    assert 'href="http://bank.example/pay/1"' in page
    other = client.post("/top-up/", {"amount": "300", "key": key})
    assert other.status_code == 200 and "used for something else" in text_of(other)
    assert client.post("/top-up/", {"amount": "300", "key": hidden(other, "key")}).status_code == 302


def test_a_bank_out_of_reach_is_asked_again(customer: Make, no_bank: mock.Mock) -> None:
    person, _ = customer()
    client = browser(person)
    place = client.post("/top-up/", {"amount": "200", "key": "k1"})["Location"]
    page = text_of(client.get(place))
    assert "The bank could not be reached" in page and f"{place}instructions/" in page
    assert "payee and reference shown" not in page
    assert "PAYREF" not in text_of(client.post(f"{place}instructions/", follow=True))
    no_bank.side_effect, no_bank.return_value = (
        None,
        Instructions("Harbour", "6222", "Jade", "PAYREF", None, clock.now() + timedelta(hours=1)),
    )
    page = text_of(client.post(f"{place}instructions/", follow=True))
    assert "PAYREF" in page and "Open your bank" not in page


def test_currency_is_asked_for_only_where_there_is_a_choice(customer: Make) -> None:
    person, _ = customer()
    client = browser(person)
    assert 'name="currency"' not in text_of(client.get("/top-up/"))
    policies.publish("operator", {"brand": {"en": "G"}, "legal_name": {"en": "G"}, "licence": "", "regions": [],
                                  "currencies": ["CNY", "JPY"]}, Actor("staff", "s1"))  # fmt: skip
    assert 'name="currency"' in text_of(client.get("/top-up/"))
    page = text_of(client.post("/top-up/", {"amount": "1.5", "currency": "JPY", "key": "k1"}))
    assert "JPY has 0 decimals" in page
    assert "Select a valid choice" in text_of(
        client.post("/top-up/", {"amount": "1", "currency": "XXX", "key": "k"})
    )


def test_the_longest_amount_and_name_are_shown_whole(db: None) -> None:
    policies.publish("limits", {"tiers": [{}]}, Actor("staff", "s1"))
    person = register(stranger(), "Maximiliana Featherstonehaugh-Villanueva")
    fund(person, 1_234_567_890_123)
    page = text_of(browser(person).get("/home/"))
    assert re.search(r'12,345,678,901<span class="money-decimals">\.23', page)


def test_the_remedy_of_a_refusal_keeps_what_was_entered(customer: Make) -> None:
    one, other = customer(4_000_000), customer()
    reference = send(one[0], other[1], 3_000_000).reference
    page = text_of(browser(one[0]).get(f"/bills/{reference}/"))
    assert page.count(f'href="/transfer/?repeat={reference}"') == 1 and "Change the amount" in page
