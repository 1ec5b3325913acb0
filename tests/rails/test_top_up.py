"""Asking the bank: the order is written first, and only a genuine answer is believed."""

import json
from collections.abc import Callable
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.keys import own_key
from guitai.rails import api
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.bank import BankRail
from guitai.rails.errors import (
    OrderConflict,
    RailDeclined,
    RailUnavailable,
    RailUnknown,
    StatementUnrecognised,
)
from guitai.rails.models import InboxMessage, Order
from guitai.sandbox.signatures import answer_headers, check_request
from tests.rails.conftest import ACCOUNT, Bank, judged, topics

pytestmark = pytest.mark.django_db
AMOUNT = Money(20_000, "CNY")
REFERENCE = "7KMR3AXWH4"
Answer = Callable[[httpx.Request], httpx.Response]


def order_answer(**changes: Any) -> dict[str, Any]:
    return {
        "order_reference": REFERENCE,
        "amount": AMOUNT.fact(),
        "state": "unpaid",
        "payee_name": "Funds",
        "payee_account": ACCOUNT,
        "bank_name": "Bank",
        "payment_reference": REFERENCE,
        "pay_url": "http://bank.example/pay",
        "expires_at": (now() + timedelta(hours=24)).isoformat(),
        **changes,
    }


@pytest.fixture
def answering(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[httpx.Request]]:
    """Let the bank answer with given content, status and key; gives the list of requests it got."""

    def install(
        content: Any = None, status: int = 200, key: Ed25519PrivateKey | None = None
    ) -> list[httpx.Request]:
        asked: list[httpx.Request] = []

        def answer(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            check_request(
                own_key().public_key(), "wallet", request.method, request.url.raw_path.decode(),
                dict(request.headers), request.content, int(now().timestamp()),
            )  # fmt: skip
            body = content if isinstance(content, bytes) else json.dumps(content or order_answer()).encode()
            headers = answer_headers(key or bank.key, "bank", status, body, int(now().timestamp()))
            return httpx.Response(status, content=body, headers=headers)

        monkeypatch.setitem(RAILS, "bank", BankRail(httpx.MockTransport(answer)))
        return asked

    return install


def test_gives_instructions_and_the_same_ones_again(answering: Callable[..., list[httpx.Request]]) -> None:
    asked = answering()
    first = api.start_top_up(REFERENCE, AMOUNT)
    assert (first.payee_account, first.reference, first.pay_url) == (
        ACCOUNT,
        REFERENCE,
        "http://bank.example/pay",
    )
    assert api.start_top_up(REFERENCE, AMOUNT) == first
    assert len(asked) == 1
    assert json.loads(asked[0].content) == {
        "order_reference": REFERENCE,
        "amount": {"amount": 20_000, "currency": "CNY"},
        "notify_url": "http://localhost:8000/rails/bank/notices/",
    }


def test_another_amount_for_the_same_order_is_refused(answering: Callable[..., list[httpx.Request]]) -> None:
    answering()
    api.start_top_up(REFERENCE, AMOUNT)
    with pytest.raises(OrderConflict):
        api.start_top_up(REFERENCE, Money(20_001, "CNY"))


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (b"not json", 200, "answer_unreadable"),
        ({"order_reference": REFERENCE}, 200, "answer_unreadable"),
        (order_answer(amount={"amount": 1, "currency": "CNY"}), 200, "answer_differs"),
        (order_answer(order_reference="other"), 200, "answer_differs"),
        (order_answer(payee_account=""), 200, "answer_unreadable"),
        (order_answer(expires_at="soon"), 200, "answer_unreadable"),
        (b"x" * 70_000, 200, "answer_too_large"),
        (b"broken", 500, "status_500"),
    ],
)
def test_an_answer_that_cannot_be_relied_on_is_none(
    answering: Callable[..., list[httpx.Request]], content: Any, status: int, problem: str
) -> None:
    answering(content, status)
    with pytest.raises(RailUnavailable) as refused:
        api.start_top_up(REFERENCE, AMOUNT)
    assert refused.value.facts["problem"] == problem
    assert Order.objects.get().state == "starting"
    answering()
    assert api.start_top_up(REFERENCE, AMOUNT).payee_account == ACCOUNT


def test_an_answer_signed_by_a_stranger_is_not_believed(
    answering: Callable[..., list[httpx.Request]],
) -> None:
    """Whoever sits in between must not be able to put in an account of their own."""
    answering(key=Ed25519PrivateKey.generate())
    with pytest.raises(RailUnavailable) as refused:
        api.start_top_up(REFERENCE, AMOUNT)
    assert refused.value.facts["problem"] == "answer_signature"


def test_a_bank_that_declines_is_told_apart(answering: Callable[..., list[httpx.Request]]) -> None:
    answering({"code": "amount_invalid"}, 422)
    with pytest.raises(RailDeclined) as refused:
        api.start_top_up(REFERENCE, AMOUNT)
    assert refused.value.facts["bank_code"] == "amount_invalid"


def test_a_bank_that_is_away_is_unavailable_and_the_order_is_kept(bank: Bank) -> None:
    with pytest.raises(RailUnavailable) as refused:
        api.start_top_up(REFERENCE, AMOUNT)
    assert refused.value.facts["problem"] == "ConnectError"
    assert Order.objects.get().order_reference == REFERENCE


def test_a_link_that_is_no_web_address_is_not_shown(answering: Callable[..., list[httpx.Request]]) -> None:
    answering(order_answer(pay_url="javascript:alert(1)"))
    assert api.start_top_up(REFERENCE, AMOUNT).pay_url is None


def test_a_reference_that_names_another_order_already_is_refused(
    answering: Callable[..., list[httpx.Request]], order: Callable[..., Order]
) -> None:
    order("2222222222")
    answering(order_answer(payment_reference="2222222222"))
    with pytest.raises(RailUnavailable) as refused:
        api.start_top_up(REFERENCE, AMOUNT)
    assert refused.value.facts["problem"] == "reference_reused"


@pytest.mark.parametrize("given_up", [False, True])
def test_a_notice_that_came_before_its_order_settles_when_the_order_appears(
    bank: Bank, answering: Callable[..., list[httpx.Request]], given_up: bool
) -> None:
    early = bank.tell()
    assert early.state == "waiting"
    if given_up:
        InboxMessage.objects.update(state="exception", attempts=10)
    answering()
    api.start_top_up(REFERENCE, AMOUNT)
    assert judged(early.id).state == "settled"
    assert [name for name, _ in topics()] == ["rails.top_up_paid"]
    record = api.rail_record(REFERENCE)
    assert record is not None
    assert record.state == "paid"


def test_asks_what_became_of_an_order(answering: Callable[..., list[httpx.Request]]) -> None:
    answering()
    assert api.query(REFERENCE).state == "unpaid"
    answering(order_answer(payments=[{"amount": 5, "currency": "CNY"}]))
    assert api.query(REFERENCE).paid == (Money(5, "CNY"),)
    answering({"code": "order_unknown"}, 404)
    assert api.query(REFERENCE).state == "not_found"


def test_a_name_that_is_no_rail_and_a_file_that_is_no_statement_are_refused() -> None:
    rail = RAILS["bank"]
    with pytest.raises(StatementUnrecognised):
        rail.parse_statement(BytesIO(b""))
    with pytest.raises(RailUnknown):
        api.quote(AMOUNT, rail="nowhere")
    assert api.quote(AMOUNT).fee == Money(0, "CNY")


def test_every_refusal_has_words() -> None:
    from guitai.kit.explain import codes
    from guitai.rails import errors

    own = {
        kind.code for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, Refusal)
    }
    parked = {
        "unknown_reference",
        "wrong_amount",
        "wrong_currency",
        "wrong_payee",
        "already_paid",
        "duplicate",
    }
    assert (own | parked | {"conflicting_notice"}) - {"refused"} <= codes()
