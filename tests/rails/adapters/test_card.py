"""The card rail without a network: amounts, webhooks, answers, a day's list, and whatever nobody should send."""

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails.adapters.card import CardRail
from guitai.rails.adapters.card_amounts import from_acquirer, to_acquirer
from guitai.rails.adapters.card_codes import code_of
from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.errors import (
    BadSignature,
    Malformed,
    NothingPaid,
    PaymentDisputed,
    RailDeclined,
    RailUnavailable,
)
from guitai.rails.rules.currencies import DECIMALS
from guitai.rails.rules.payment_reasons import CODES, UNSPECIFIED
from guitai.rails.types import Notice, RefundOrder, TopUpOrder

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SETTINGS = CardSettings(
    address="http://acquirer.example",
    account="acct_1",
    secret_key="sk_test_1",
    webhook_secret="whsec_new",
    webhook_secret_before="whsec_old",
)
PAYMENT = "pi_1"
SESSION = {
    "id": "cs_1", "object": "checkout.session", "status": "complete", "payment_status": "paid", "amount_total": 20_000,
    "currency": "cny", "client_reference_id": "7KMR3AXWH4", "payment_intent": "pi_1", "url": "https://pay.example/1",
}  # fmt: skip
INTENT = {
    "id": "pi_1", "object": "payment_intent", "status": "succeeded", "amount_received": 20_000, "currency": "cny",
    "created": 1_795_320_000, "metadata": {"order_reference": "7KMR3AXWH4"}, "last_payment_error": None,
    "latest_charge": {"id": "ch_1", "object": "charge", "created": 1_795_320_060},
}  # fmt: skip


def rail_of(
    *answers: Any, settings: CardSettings = SETTINGS, asked: list[httpx.Request] | None = None
) -> CardRail:
    """Answers are given in turn, the last for ever: JSON, (status, JSON), or an error to raise."""
    left = list(answers)

    def answer(request: httpx.Request) -> httpx.Response:
        if asked is not None:
            asked.append(request)
        given = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(given, Exception):
            raise given
        if isinstance(given, bytes):
            return httpx.Response(200, content=given)
        status, body = given if isinstance(given, tuple) else (200, given)
        return httpx.Response(status, json=body, headers={"stripe-should-retry": "false"})

    return CardRail(
        lambda: settings, lambda reference: AT, {"7KMR3AXWH5": PAYMENT}.get, httpx.MockTransport(answer)
    )


def listed(*found: Any) -> dict[str, Any]:
    return {"object": "list", "url": "/v1/x", "has_more": False, "data": list(found)}


def webhook(about: Any, kind: str = "checkout.session.completed", **how: Any) -> tuple[dict[str, str], bytes]:
    event = {
        "id": "evt_1",
        "object": "event",
        "type": kind,
        "created": 1_795_320_000,
        "data": {"object": about},
    }
    body = how.get("body") or json.dumps({**event, **how.get("event", {})}).encode()
    at = int((AT + how.get("off", timedelta())).timestamp())
    key = how.get("secret", "whsec_new").encode()
    signature = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": how.get("header", f"t={at},v1={signature}")}, body


@pytest.mark.parametrize(
    ("currency", "minor", "theirs"),
    [
        ("CNY", 1, 1), ("USD", 123_45, 123_45), ("JPY", 500, 500), ("KRW", 500, 500), ("BHD", 1_230, 1_230),
        ("KWD", 5_120, 5_120), ("ISK", 5, 500), ("UGX", 5, 500), ("MGA", 500, 5),
    ],
)  # fmt: skip
def test_amounts_are_carried_exactly_and_come_back(currency: str, minor: int, theirs: int) -> None:
    assert to_acquirer(minor, currency) == theirs
    assert from_acquirer(theirs, currency) == minor


@pytest.mark.parametrize(("currency", "minor"), [("BHD", 1_231), ("KWD", 1), ("MGA", 501)])
def test_an_amount_that_cannot_be_carried_is_refused(currency: str, minor: int) -> None:
    with pytest.raises(RailDeclined):
        to_acquirer(minor, currency)


@pytest.mark.parametrize(("currency", "amount"), [("ISK", 501), ("UGX", 1), ("XXX", 1), ("cny", 1)])
def test_an_amount_that_cannot_be_is_malformed(currency: str, amount: int) -> None:
    with pytest.raises(Malformed):
        from_acquirer(amount, currency)


@given(st.integers(-(2**53), 2**53), st.sampled_from(sorted(DECIMALS)))
def test_no_amount_changes_on_its_way(minor: int, currency: str) -> None:
    try:
        theirs = to_acquirer(minor, currency)
    except RailDeclined:
        return
    assert from_acquirer(theirs, currency) == minor


def test_settings_name_what_is_missing() -> None:
    assert set(CardSettings().problems()) == {"account", "secret_key", "webhook_secret"}
    assert SETTINGS.problems() == ()
    assert CardSettings(address="x", pay_minutes=30).problems()[0] == "address"
    with pytest.raises(RailUnavailable) as refused:
        rail_of({}, settings=CardSettings()).query("7KMR3AXWH4")
    assert refused.value.facts["problem"] == "not_configured"


def test_a_genuine_webhook_is_read() -> None:
    headers, body = webhook(SESSION)
    expected = Notice(
        notice_id="evt_1",
        bank_reference="pi_1",
        payment_reference="7KMR3AXWH4",
        amount_minor=20_000,
        currency="CNY",
        payee_account="acct_1",
        paid_at=datetime.fromtimestamp(1_795_320_000, UTC),
    )
    assert rail_of({}).parse_notice(headers, body, AT) == expected
    headers, body = webhook(SESSION, secret="whsec_old")
    assert rail_of({}).parse_notice(headers, body, AT) == expected, (
        "the secret before counts while it is named"
    )
    headers, body = webhook(
        {**SESSION, "currency": "isk", "amount_total": 500}, "checkout.session.async_payment_succeeded"
    )
    assert rail_of({}).parse_notice(headers, body, AT).amount_minor == 5


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"secret": "whsec_other"}, "signature"),
        ({"header": ""}, "signature"),
        ({"header": "t=1"}, "signature"),
        ({"header": "nonsense"}, "signature"),
        ({"header": "t=x,v1=00"}, "signature"),
        ({"off": timedelta(seconds=-301)}, "time"),
        ({"off": timedelta(seconds=301)}, "time"),
    ],
)
def test_a_webhook_that_is_not_known_to_be_genuine_is_refused(how: dict[str, Any], problem: str) -> None:
    headers, body = webhook(SESSION, **how)
    with pytest.raises(BadSignature) as refused:
        rail_of({}).parse_notice(headers, body, AT)
    assert refused.value.facts == {"problem": problem}


def test_a_changed_body_is_refused_and_a_late_look_changes_nothing() -> None:
    headers, body = webhook(SESSION)
    with pytest.raises(BadSignature):
        rail_of({}).parse_notice(headers, body.replace(b"20000", b"20001"), AT)
    with stopped(AT + timedelta(days=3)):
        assert rail_of({}).parse_notice(headers, body, AT).amount_minor == 20_000


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("checkout.session.expired", SESSION), ("payment_intent.payment_failed", INTENT), ("charge.refunded", {}),
        ("refund.updated", {}), ("checkout.session.completed", {**SESSION, "payment_status": "unpaid"}),
        ("checkout.session.async_payment_failed", SESSION),
    ],
)  # fmt: skip
def test_a_webhook_of_something_else_pays_nothing(kind: str, about: Any) -> None:
    headers, body = webhook(about, kind)
    with pytest.raises(NothingPaid):
        rail_of({}).parse_notice(headers, body, AT)


@pytest.mark.parametrize(
    "change",
    [
        {"amount_total": 0}, {"amount_total": -1}, {"amount_total": 1.5}, {"amount_total": "1"},
        {"amount_total": 2**60}, {"currency": "CNY"}, {"currency": "xxx"}, {"payment_intent": None},
        {"payment_intent": {}}, {"payment_status": 1}, {"client_reference_id": 7},
        {"currency": "isk", "amount_total": 501},
    ],
)  # fmt: skip
def test_a_genuine_webhook_that_cannot_be_read_is_malformed(change: dict[str, Any]) -> None:
    headers, body = webhook({**SESSION, **change})
    with pytest.raises(Malformed):
        rail_of({}).parse_notice(headers, body, AT)


@given(st.binary(max_size=500))
def test_any_genuine_bytes_are_a_refusal_at_most(body: bytes) -> None:
    headers, body = webhook({}, body=body or b" ")
    with pytest.raises((Malformed, NothingPaid, BadSignature)):
        rail_of({}).parse_notice(headers, body, AT)


_LEAVES = st.none() | st.integers() | st.text(max_size=20)
_NESTED = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(sorted(SESSION)), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(_NESTED)
def test_any_genuine_object_is_a_refusal_at_most(about: Any) -> None:
    headers, body = webhook({**SESSION, "amount_total": about} if not isinstance(about, int) else about)
    with pytest.raises(Malformed):
        rail_of({}).parse_notice(headers, body, AT)


def test_a_dispute_names_payment_amount_and_reason() -> None:
    dispute = {
        "id": "dp_1", "payment_intent": "pi_1", "amount": 20_000, "currency": "cny", "reason": "fraudulent",
        "status": "needs_response",
    }  # fmt: skip
    headers, body = webhook(dispute, "charge.dispute.created")
    with pytest.raises(PaymentDisputed) as told:
        rail_of({}).parse_notice(headers, body, AT)
    assert told.value.facts == {
        "event": "charge.dispute.created", "notice": "evt_1", "dispute": "dp_1", "bank_reference": "pi_1",
        "amount": 20_000, "currency": "CNY", "reason": "fraudulent", "status": "needs_response",
    }  # fmt: skip
    headers, body = webhook({**dispute, "amount": "x"}, "charge.dispute.closed")
    with pytest.raises(Malformed):
        rail_of({}).parse_notice(headers, body, AT)


def test_what_is_asked_of_the_acquirer_is_exact_and_repeatable() -> None:
    asked: list[httpx.Request] = []
    rail = rail_of({**SESSION, "status": "open"}, asked=asked)
    order = TopUpOrder(
        "7KMR3AXWH4", Money(20_000, "CNY"), "https://w.example/rails/card/notices/", "", "Top-up"
    )
    with stopped(AT + timedelta(minutes=3)):
        first, second = rail.start_top_up(order), rail.start_top_up(order)
    assert first == second
    assert (first.pay_url, first.method, first.payee_account) == ("https://pay.example/1", "link", "acct_1")
    assert first.expires_at == AT + timedelta(minutes=60), "counted from when the order was written"
    assert asked[0].content == asked[1].content
    assert asked[0].headers["idempotency-key"] == asked[1].headers["idempotency-key"] == "order-7KMR3AXWH4"
    assert asked[0].headers["authorization"] == "Bearer sk_test_1"
    assert asked[0].headers["stripe-version"] == "2026-10-28.endive"
    sent = {name: values[0] for name, values in parse_qs(asked[0].content.decode()).items()}
    assert sent["line_items[0][price_data][unit_amount]"] == "20000"
    assert sent["payment_intent_data[metadata][order_reference]"] == "7KMR3AXWH4"
    assert sent["success_url"] == "https://w.example/"
    assert urlsplit(str(asked[0].url)).path == "/v1/checkout/sessions"


@pytest.mark.parametrize(
    "change",
    [
        {"amount_total": 20_001}, {"currency": "usd"}, {"client_reference_id": "7KMR3AXWH5"}, {"url": None},
        {"url": "javascript:1"}, {"id": None}, {"amount_total": "x"},
    ],
)  # fmt: skip
def test_an_answer_that_is_not_about_the_order_is_no_answer(change: dict[str, Any]) -> None:
    order = TopUpOrder("7KMR3AXWH4", Money(20_000, "CNY"), "https://w.example/rails/card/notices/")
    with pytest.raises(RailUnavailable):
        rail_of({**SESSION, **change}).start_top_up(order)


FAILED = {"code": "card_declined", "decline_code": "insufficient_funds"}


@pytest.mark.parametrize(
    ("session", "state", "code"),
    [
        ({"payment_intent": INTENT}, "paid", None),
        ({"status": "open", "payment_intent": None}, "unpaid", None),
        ({"status": "expired", "payment_intent": None}, "failed", "payment_timed_out"),
        ({"status": "complete", "payment_intent": {**INTENT, "status": "processing"}}, "processing", None),
        (
            {
                "status": "open",
                "payment_intent": {
                    **INTENT,
                    "status": "requires_payment_method",
                    "last_payment_error": FAILED,
                },
            },
            "unpaid",
            "payment_insufficient",
        ),
        (
            {
                "status": "expired",
                "payment_intent": {
                    **INTENT,
                    "status": "requires_payment_method",
                    "last_payment_error": FAILED,
                },
            },
            "failed",
            "payment_insufficient",
        ),
        ({"payment_intent": {**INTENT, "status": "canceled"}}, "failed", "payment_timed_out"),
    ],
)
def test_a_query_says_what_became_of_an_order(session: dict[str, Any], state: str, code: str | None) -> None:
    other = {**SESSION, "id": "cs_0", "client_reference_id": "7KMR3AXWH5"}
    answer = rail_of(listed(other, {**SESSION, **session})).query("7KMR3AXWH4")
    assert (answer.state, answer.code) == (state, code)
    if state == "paid":
        assert answer.payments[0].paid_at == datetime.fromtimestamp(1_795_320_060, UTC)
        assert answer.payments[0].notice_id == "query:pi_1"


def test_what_the_search_finds_must_name_the_order() -> None:
    found = {"object": "search_result", "has_more": False, "data": [INTENT]}
    assert rail_of(listed(), found).query("7KMR3AXWH4").state == "paid"
    other = {**found, "data": [{**INTENT, "metadata": {"order_reference": "7KMR3AXWH44"}}]}
    assert rail_of(listed(), other).query("7KMR3AXWH4").state == "not_found"


def error(kind: str, code: str) -> dict[str, Any]:
    return {"error": {"type": kind, "code": code, "message": "no"}}


@pytest.mark.parametrize(
    ("answer", "refusal", "word"),
    [
        ((401, error("invalid_request_error", "api_key_invalid")), RailUnavailable, "not_authorised"),
        ((403, error("invalid_request_error", "x")), RailUnavailable, "not_authorised"),
        ((429, error("invalid_request_error", "rate_limit")), RailUnavailable, "busy"),
        ((500, error("api_error", "")), RailUnavailable, "APIError"),
        ((400, error("invalid_request_error", "parameter_invalid")), RailDeclined, "parameter_invalid"),
        ((402, error("card_error", "card_declined")), RailDeclined, "card_declined"),
        (httpx.ConnectError("no"), RailUnavailable, "APIConnectionError"),
        (b"<html>", RailUnavailable, "APIError"),
        (b"\xff\xfe", RailUnavailable, "answer_unreadable"),
        ([1, 2], RailUnavailable, "answer_unreadable"),
    ],
)
def test_whatever_goes_wrong_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, answer: Any, refusal: type[Exception], word: str
) -> None:
    monkeypatch.setattr("guitai.rails.adapters.card_client._RETRIES", 0)
    with pytest.raises(refusal) as refused:
        rail_of(answer).query("7KMR3AXWH4")
    assert word in refused.value.facts.values()  # type: ignore[attr-defined]


REFUND = RefundOrder("7KMR3AXWH4", "pi_1", "9KMR3AXWH4", Money(20_000, "CNY"), Money(5_000, "CNY"))
MADE = {
    "id": "re_1",
    "object": "refund",
    "status": "succeeded",
    "metadata": {"refund_reference": "9KMR3AXWH4"},
}


@pytest.mark.parametrize(
    ("answer", "outcome", "code"),
    [
        (MADE, "done", None),
        ({**MADE, "status": "pending"}, "accepted", None),
        ({**MADE, "status": "requires_action"}, "accepted", None),
        (
            {**MADE, "status": "failed", "failure_reason": "expired_or_canceled_card"},
            "rejected",
            "refund_payer_cannot_receive",
        ),
        ({**MADE, "status": "canceled"}, "rejected", UNSPECIFIED),
        (
            (400, error("invalid_request_error", "charge_already_refunded")),
            "rejected",
            "payment_refunded_before",
        ),
        ((500, error("api_error", "")), "unknown", "rail_unavailable"),
        (httpx.ReadTimeout("late"), "unknown", "rail_unavailable"),
        (b"[]", "unknown", "rail_unavailable"),
    ],
)
def test_a_refund_is_done_under_way_refused_or_unknown(
    monkeypatch: pytest.MonkeyPatch, answer: Any, outcome: str, code: str | None
) -> None:
    monkeypatch.setattr("guitai.rails.adapters.card_client._RETRIES", 0)
    asked: list[httpx.Request] = []
    told = rail_of(answer, asked=asked).refund(REFUND)
    assert (told.outcome, told.code) == (outcome, code)
    assert asked[0].headers["idempotency-key"] == "refund-9KMR3AXWH4"


def test_without_a_connection_a_refund_was_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("guitai.rails.adapters.card_client._RETRIES", 0)
    with pytest.raises(RailUnavailable):
        rail_of(httpx.ConnectError("no")).refund(REFUND)


def test_a_refund_is_found_by_our_reference() -> None:
    other = {**MADE, "id": "re_0", "metadata": {"refund_reference": "9KMR3AXWH5"}}
    assert rail_of(listed(other, MADE)).query_refund(REFUND).bank_reference == "re_1"
    assert rail_of(listed(other)).query_refund(REFUND).code == "refund_unknown"


def test_every_code_of_ours_has_words() -> None:
    refunds = {"refund_funds_short", "refund_payer_cannot_receive"}
    assert code_of("insufficient_funds") == "payment_insufficient"
    assert code_of(None, "nobody_knows", "expired_card") == "payment_card_expired"
    assert code_of("x" * 500) == UNSPECIFIED
    assert {
        code_of(word) for word in ("fraudulent", "declined", "stolen_card", "generic_decline")
    } <= CODES | refunds
