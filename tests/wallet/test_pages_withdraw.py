"""A withdrawal, screen by screen, and the honest words around it."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.test import Client

from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.types import Proof
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.models import Operation
from guitai.wallet.web.withdrawal_words import fee
from tests.wallet.conftest import PIN, available, new_phone, register
from tests.wallet.test_pages_browser import browser, hidden, text_of
from tests.wallet.withdrawing import NOON, Till, fees, opened, policy

pytestmark = pytest.mark.django_db


@pytest.fixture
def till(tmp_path: Path) -> Till:
    return opened(tmp_path)


def step(client: Client, page: Any, name: str, **fields: str) -> Any:
    return client.post("/withdraw/", {"draft": hidden(page, "draft"), "step": name, **fields})


def up_to_review(client: Client, account: Any, typed: str) -> Any:
    page = step(client, client.get("/withdraw/"), "account", account=str(account))
    return step(client, page, "amount", amount=typed)


def test_somebody_without_an_account_is_shown_the_way(till: Till) -> None:
    with till.at():
        page = text_of(browser(register(new_phone())).get("/withdraw/"))
    assert 'href="/me/identity/"' in page and "withdraw-way" in page
    owner, account = till.customer()
    with till.at():
        people.unbind(owner, account, Proof(pin=PIN))
        assert 'href="/me/bank-accounts/new/"' in text_of(browser(owner).get("/withdraw/"))


def test_from_the_account_to_the_pin(till: Till) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=100)
    with till.at():
        client = browser(owner)
        review = up_to_review(client, account, "500")
        words = text_of(review)
        assert "Sea Bank" in words and "501.00" in words and "1.00" in words
        # Two to three bank days after a Monday, and until when it leaves today.
        assert "25 Nov" in words and "26 Nov" in words and "before 08:00" in words
        pin = step(client, review, "review")
        wrong = step(client, pin, "pin", pin="314159")
        assert "field-error" in text_of(wrong) and available(owner) == 60_000
        done = step(client, wrong, "pin", pin=PIN)
    assert done.status_code == 302 and available(owner) == 9_900
    with till.at():
        page = text_of(client.get(done.url))
    assert "#cancel" in page and "Handed over to the bank" in page and "Promised by" in page


def test_all_of_it_is_what_is_left_after_the_fee(till: Till) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=100)
    with till.at():
        client = browser(owner)
        page = step(client, client.get("/withdraw/"), "account", account=str(account))
        assert "599.00" in text_of(page)
        assert "600.00" in text_of(step(client, page, "amount", all="yes"))


@pytest.mark.parametrize(
    ("typed", "code", "change"),
    [("600.01", "insufficient_balance", "amount"), ("0.50", "withdrawal_too_small", "amount")],
)
def test_a_refusal_in_the_review_has_a_reference_and_a_way_on(
    till: Till, typed: str, code: str, change: str
) -> None:
    owner, account = till.customer(60_000)
    policy(minimum={"CNY": 100})
    with till.at():
        words = text_of(up_to_review(browser(owner), account, typed))
    row = Operation.objects.get(kind="withdrawal")
    assert (row.state, row.code) == ("refused", code) and f'value="{change}"' in words
    assert available(owner) == 60_000


def test_what_has_changed_since_the_review_is_shown_again(till: Till) -> None:
    owner, account = till.customer(60_000)
    with till.at():
        client = browser(owner)
        pin = step(client, up_to_review(client, account, "500"), "review")
        fees(fixed_minor=100)
        again = text_of(step(client, pin, "pin", pin=PIN))
    assert "Something changed" in again and available(owner) == 60_000


@pytest.mark.parametrize(("state", "words"), [("down", "connection is down"), ("slow", "bank is slow")])
def test_a_rail_that_is_slow_or_down_is_said_and_counted_into_the_promise(
    till: Till, state: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, account = till.customer(60_000)
    with till.at():
        usual = wallet.quote_withdrawal(owner, account=account, amount=Money(10_000, "CNY"))
        well = rails.health_of("bank")
        ill = replace(well, state=state, expected_delay=timedelta(days=1))
        monkeypatch.setattr(rails, "health_of", lambda rail: ill)
        monkeypatch.setattr("guitai.wallet.web.withdrawal_words.health_of", lambda rail: ill)
        assert words in text_of(up_to_review(browser(owner), account, "100"))
        quote = wallet.quote_withdrawal(owner, account=account, amount=Money(10_000, "CNY"))
        assert quote.latest_at > usual.latest_at and quote.rail_state == state
        outcome = till.withdraw(owner, account, 10_000)
        page = text_of(browser(owner).get(f"/bills/{outcome.reference}/"))
    assert words in page and "#cancel" in page


def test_a_rush_is_said(till: Till) -> None:
    owner, account = till.customer(60_000)
    policy(busy_from=1)
    till.withdraw(owner, account, 1_000)
    with till.at():
        assert "Many people are withdrawing" in text_of(up_to_review(browser(owner), account, "100"))


def test_what_a_bank_kept_is_told_line_by_line(till: Till) -> None:
    owner, account = till.customer(60_000)
    fees(fixed_minor=100)
    reference = till.withdraw(owner, account, 50_000).reference
    till.leave()
    till.books(reference, 50_000)
    till.returns(reference, 49_500)
    with till.at():
        page = text_of(browser(owner).get(f"/bills/{reference}/"))
    assert (
        "5.00" in page and "495.00" in page and "496.00" in page and f"/withdraw/?repeat={reference}" in page
    )


def test_a_stopped_wallet_and_somebody_elses_page(till: Till) -> None:
    owner, account = till.customer(60_000)
    other, _ = till.customer(60_000)
    reference = till.withdraw(owner, account, 10_000).reference
    with till.at():
        assert browser(other).post(f"/bills/{reference}/cancellation/").status_code == 404
        draft = hidden(browser(owner).get("/withdraw/"), "draft")
        stolen = browser(other).post(
            "/withdraw/", {"draft": draft, "step": "account", "account": str(account)}
        )
        assert stolen.status_code == 302 and stolen.url == "/withdraw/"
        assert browser(owner).post(f"/bills/{reference}/cancellation/").status_code == 302
    assert available(owner) == 60_000
    with till.at(NOON + timedelta(minutes=5)):
        client = browser(owner)
        people.freeze_self(owner, proof="session")
        with mock.patch("guitai.wallet.web.views.withdraw.api.start_withdrawal") as start:
            client.get("/withdraw/")
        assert not start.called


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, ("free",)),
        ({"fixed_minor": 100, "basis_points": 10}, ("¥1.00", "0.1%")),
        ({"basis_points": 25, "minimum_minor": 50, "maximum_minor": 2_000}, ("0.25%", "¥0.50", "¥20.00")),
        ({"fixed_minor": 100, "free_minor_a_month": 1_000_000}, ("¥10,000.00",)),
    ],
)
def test_the_fee_is_a_sentence(terms: dict[str, int], said: tuple[str, ...]) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": terms}}, SYSTEM)
    words = fee(next(one for one in wallet.published_terms().withdrawal_fees if one.currency == "CNY"))
    assert all(part in words for part in said)
