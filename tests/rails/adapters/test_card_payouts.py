"""Money back to a card that was paid with: every answer of the acquirer, and its words about it afterwards."""

from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from guitai.base.money import Money
from guitai.rails.errors import Malformed, NothingPaid, PayoutTold, RailDeclined, RailUnavailable
from guitai.rails.types import PaidWith, Payout
from tests.rails.adapters.test_card import AT, INTENT, MADE, PAYMENT, error, listed, rail_of, webhook

BACK = Payout("7KMR3AXWH5", Money(5_000, "CNY"), "", PAYMENT)
GONE = {**MADE, "metadata": {"payout_reference": "7KMR3AXWH5"}, "balance_transaction": "txn_1"}
LOST = {"status": "failed", "failure_reason": "lost_or_stolen_card"}


@pytest.mark.parametrize(
    ("answers", "outcome", "code"),
    [
        ([GONE], "done", None),
        ([{**GONE, "status": "pending"}], "accepted", None),
        ([{**GONE, "status": "requires_action"}], "accepted", None),
        ([{**GONE, **LOST}], "returned", "payee_card_closed"),
        ([{**GONE, **LOST, "balance_transaction": None}], "rejected", "payee_card_closed"),
        ([{**GONE, **LOST, "failure_reason": "expired_or_canceled_card"}], "returned", "payee_card_closed"),
        ([{**GONE, **LOST, "failure_reason": "declined"}], "returned", "payee_card_declined"),
        ([{**GONE, **LOST, "failure_reason": "insufficient_funds"}], "returned", "payout_not_possible"),
        ([{**GONE, **LOST, "failure_reason": None}], "returned", "payout_not_possible"),
        ([{**GONE, "status": "canceled"}], "returned", "payout_not_possible"),
        ([(400, error("invalid_request_error", "charge_disputed"))], "rejected", "payout_payment_disputed"),
        ([(400, error("invalid_request_error", "nobody_knows"))], "rejected", "payout_not_possible"),
        ([(400, error("invalid_request_error", "charge_already_refunded")), listed()], "rejected",
         "payout_payment_used_up"),
        # What was sent back already was this very payout: an answer of it was lost.
        ([(400, error("invalid_request_error", "charge_already_refunded")), listed(GONE)], "done", None),
        ([(400, error("invalid_request_error", "amount_too_large")), listed(MADE)], "rejected",
         "payout_payment_used_up"),
        ([(400, error("invalid_request_error", "balance_insufficient"))], "unknown", "rail_busy"),
        ([(409, error("idempotency_error", "idempotency_key_in_use"))], "unknown", None),
        ([(500, error("api_error", ""))], "unknown", None),
        ([httpx.ReadTimeout("late")], "unknown", None),
        ([b"[]"], "unknown", None),
        ([{**GONE, "id": "re 1"}], "unknown", None),
    ],
)  # fmt: skip
def test_a_payout_back_to_a_card_is_done_under_way_refused_came_back_or_unknown(
    monkeypatch: pytest.MonkeyPatch, answers: list[Any], outcome: str, code: str | None
) -> None:
    monkeypatch.setattr("guitai.rails.adapters.card_client._RETRIES", 0)
    asked: list[httpx.Request] = []
    told = rail_of(*answers, asked=asked).pay_out(BACK)
    assert (told.outcome, told.code) == (outcome, code)
    assert asked[0].headers["idempotency-key"] == "payout-7KMR3AXWH5-1"
    assert parse_qs(asked[0].content.decode()) == {
        "payment_intent": ["pi_1"], "amount": ["5000"], "metadata[payout_reference]": ["7KMR3AXWH5"],
    }  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [(401, error("invalid_request_error", "")), (429, error("rate_limit", "")), httpx.ConnectError("no")],
)
def test_a_payout_that_was_not_taken_on_is_not_known_as_asked_for(
    monkeypatch: pytest.MonkeyPatch, answer: Any
) -> None:
    monkeypatch.setattr("guitai.rails.adapters.card_client._RETRIES", 0)
    with pytest.raises(RailUnavailable):
        rail_of(answer).pay_out(BACK)


def test_what_is_asked_for_again_has_a_key_of_its_own() -> None:
    asked: list[httpx.Request] = []
    rail_of(GONE, asked=asked).pay_out(replace(BACK, attempt=2))
    assert asked[0].headers["idempotency-key"] == "payout-7KMR3AXWH5-2"


def test_a_payout_is_found_among_the_refunds_of_its_payment() -> None:
    other = {**GONE, "id": "re_0", "metadata": {"payout_reference": "7KMR3AXWH6"}}
    # One that carries our figure under another name is not it.
    refund = {**GONE, "id": "re_2", "metadata": {"refund_reference": "7KMR3AXWH5"}}
    assert rail_of(listed(other, refund, GONE)).query_payout("7KMR3AXWH5").bank_reference == "re_1"
    assert rail_of(listed(other, refund)).query_payout("7KMR3AXWH5").code == "payout_unknown"
    asked: list[httpx.Request] = []
    assert rail_of(listed(GONE), asked=asked).query_payout("7KMR3AXWH9").code == "payout_unknown"
    assert asked == [], "nobody asks about a payment that there is not"


CARD = {"type": "card", "card": {"brand": "visa", "last4": "4242"}}


@pytest.mark.parametrize(
    ("details", "told"),
    [(CARD, PaidWith("visa", "4242")), ({"type": "card", "card": {"last4": "0005"}}, PaidWith("", "0005"))],
)
def test_a_payer_knows_a_payment_by_its_card(details: Any, told: PaidWith) -> None:
    charge = {**INTENT["latest_charge"], "payment_method_details": details}  # type: ignore[dict-item]
    assert rail_of({**INTENT, "latest_charge": charge}).paid_with("pi_1") == told


@pytest.mark.parametrize(
    ("charge", "refusal"),
    [
        (INTENT["latest_charge"], RailDeclined),
        ("ch_1", RailDeclined),
        ({"created": 1, "payment_method_details": {"type": "alipay"}}, RailDeclined),
        ({"created": 1, "payment_method_details": {"card": {"last4": "4242424242424242"}}}, RailUnavailable),
    ],
)
def test_what_is_no_card_is_not_told_as_one(charge: Any, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        rail_of({**INTENT, "latest_charge": charge}).paid_with("pi_1")


@pytest.mark.parametrize("kind", ["refund.updated", "refund.failed", "charge.refund.updated"])
def test_a_word_about_a_payout_has_it_asked_about(kind: str) -> None:
    headers, body = webhook(GONE, kind)
    with pytest.raises(PayoutTold) as told:
        rail_of({}).parse_notice(headers, body, AT)
    assert told.value.facts == {"event": kind, "payout": "7KMR3AXWH5"}
    headers, body = webhook({**GONE, "metadata": {"payout_reference": 7}}, kind)
    with pytest.raises(Malformed):
        rail_of({}).parse_notice(headers, body, AT)


def test_a_word_about_a_refund_of_ours_is_only_noted() -> None:
    headers, body = webhook(MADE, "refund.updated")
    with pytest.raises(NothingPaid) as told:
        rail_of({}).parse_notice(headers, body, AT)
    assert told.value.code == "nothing_paid"
