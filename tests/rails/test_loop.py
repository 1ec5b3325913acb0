"""The whole loop over real HTTP: our order, the bank's process, its signed notice, our inbox."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.kit.environment import environment
from guitai.rails import api
from guitai.rails.flows.query_orders import run_queries
from guitai.rails.models import InboxMessage
from tests.rails.conftest import judged, topics
from tests.sandbox.process import Sandbox, sandbox, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.urls("guitai.rails.web.urls")]
AMOUNT = Money(20_000, "CNY")
REFERENCE = "7KMR3AXWH4"


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("sandbox")) as running:
        yield running


@pytest.fixture(autouse=True)
def wallet(bank: Sandbox, live_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    own = replace(environment(), home=bank.home, bank_url=bank.url, public_url=live_server.url)
    monkeypatch.setattr("guitai.kit.keys.environment", lambda: own)
    monkeypatch.setattr("guitai.rails.adapters.bank.environment", lambda: own)


def outcomes(count: int) -> list[tuple[str, str | None]]:
    """What became of that many notices, in the order they came."""
    until(lambda: InboxMessage.objects.count() >= count)
    found = [
        judged(inbox_id) for inbox_id in InboxMessage.objects.order_by("id").values_list("id", flat=True)
    ]
    return [(message.state, message.code) for message in found]


def test_paying_at_the_bank_reaches_our_books(bank: Sandbox) -> None:
    told = api.start_top_up(REFERENCE, AMOUNT)
    assert told.pay_url == f"{bank.url}/bank/pay/{REFERENCE}"
    assert api.query(REFERENCE).state == "unpaid"
    assert bank.post(f"/bank/pay/{REFERENCE}").status_code == 201
    assert outcomes(1) == [("settled", None)]
    assert api.query(REFERENCE).paid == (AMOUNT,)
    until(lambda: bank.deliveries(f"/bank/pay/{REFERENCE}")[0]["state"] == "delivered")


@pytest.mark.parametrize(
    ("reference", "fault", "expected"),
    [
        ("2222222A22", {"amount": {"amount": 19_999, "currency": "CNY"}}, [("exception", "wrong_amount")]),
        ("2222222C22", {"amount": {"amount": 20_000, "currency": "USD"}}, [("exception", "wrong_currency")]),
        ("2222222F22", {"payment_reference": ""}, [("waiting", "unknown_reference")]),
        ("2222222H22", {"payment_reference": "rent"}, [("waiting", "unknown_reference")]),
        ("2222222J22", {"bad_signature": True}, [("refused", "bad_signature")]),
        ("2222222K22", {"copies": 3}, [("settled", None)] + [("duplicate", "duplicate")] * 2),
        ("2222222M22", {"delay_s": 1}, [("settled", None)]),
    ],
)
def test_each_fault_of_the_clerk_has_a_known_outcome(
    bank: Sandbox, reference: str, fault: dict[str, Any], expected: list[tuple[str, str | None]]
) -> None:
    api.start_top_up(reference, AMOUNT)
    bank.post(f"/bank/pay/{reference}", fault)
    assert outcomes(len(expected)) == expected
    assert len([name for name, _ in topics() if name == "rails.top_up_paid"]) == expected.count(
        ("settled", None)
    )


def test_a_lost_notice_arrives_when_it_is_sent_again(bank: Sandbox) -> None:
    api.start_top_up("3333333A33", AMOUNT)
    bank.post("/bank/pay/3333333A33", {"lost": True})
    (lost,) = bank.deliveries("/bank/pay/3333333A33")
    assert lost["state"] == "lost"
    assert not InboxMessage.objects.exists()
    bank.post(f"/bank/notices/{lost['id']}/again")
    assert outcomes(1) == [("settled", None)]


def test_a_lost_notice_is_made_good_by_asking(bank: Sandbox) -> None:
    api.start_top_up("3333333K33", AMOUNT)
    bank.post("/bank/pay/3333333K33", {"lost": True})
    with stopped(now() + timedelta(seconds=31)):
        assert run_queries("bank") == 1
    assert outcomes(1) == [("settled", None)]
    (lost,) = bank.deliveries("/bank/pay/3333333K33")
    bank.post(f"/bank/notices/{lost['id']}/again")
    assert outcomes(2) == [("settled", None), ("duplicate", "duplicate")]
    assert [name for name, _ in topics()] == ["rails.top_up_paid"]


def test_a_notice_before_the_order_settles_when_the_order_comes(bank: Sandbox, live_server: Any) -> None:
    early = {
        "amount": AMOUNT.fact(),
        "payment_reference": "3333333C33",
        "notify_url": f"{live_server.url}/rails/bank/notices/",
    }
    bank.post("/bank/payments/", early)
    assert outcomes(1) == [("waiting", "unknown_reference")]
    api.start_top_up("3333333C33", AMOUNT)
    assert outcomes(1) == [("settled", None)]


def test_a_notice_that_overtakes_the_banks_own_answer_settles(bank: Sandbox) -> None:
    bank.post("/bank/next-order", {"notice_first": True})
    api.start_top_up("3333333F33", AMOUNT)
    assert InboxMessage.objects.count() == 1, "the notice was there before the answer"
    assert outcomes(1) == [("settled", None)]
    assert bank.get("/bank/pay/3333333F33").json()["state"] == "paid"


def test_a_copy_sent_days_later_is_refused_by_its_time(bank: Sandbox, live_server: Any, wallet: None) -> None:
    """The bank signs each attempt anew, so its own late retries are never refused for their age."""
    api.start_top_up("3333333H33", AMOUNT)
    bank.post("/bank/pay/3333333H33")
    outcomes(1)
    (first,) = until(lambda: bank.deliveries("/bank/pay/3333333H33"))
    bank.post(f"/bank/notices/{first['id']}/again")
    assert outcomes(2) == [("settled", None), ("duplicate", "duplicate")]


def test_home_is_private(bank: Sandbox) -> None:
    for name in ("bank.key", "wallet.key"):
        path: Path = bank.home / "keys" / name
        assert path.stat().st_mode & 0o077 == 0, name
