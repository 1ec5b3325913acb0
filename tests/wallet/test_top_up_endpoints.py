"""Topping up over the API, by any rail that is offered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import UUID

import pytest

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.kit import policies
from guitai.rails import api as rails
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from tests.wallet.test_endpoints import Program, cny
from tests.wallet.test_pages_top_up import offer, offered
from tests.wallet.test_top_up_states import settle

__all__ = ["offered"]
pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
TOLD: dict[str, dict[str, Any]] = {
    "link": {"method": "link", "pay_url": "https://gateway.example/p"},
    "form": {"method": "form", "pay_url": "https://gateway.example/f", "form": {"txnAmt": "20000"}},
    "qr": {"method": "qr", "qr": "https://qr.example/abc"},
}


def order(program: Program, rail: str, method: str, key: str = "k1") -> Any:
    said = Instructions(
        "", "merchant-1", "", "PAYREF", TOLD[method].get("pay_url"), clock.now() + timedelta(hours=1),
        method=method, form=TOLD[method].get("form", {}), qr=TOLD[method].get("qr"),  # type: ignore[arg-type]
    )  # fmt: skip
    with mock.patch.object(rails, "start_top_up", return_value=said):
        return program.post("/top-ups", {"amount": cny(20_000), "rail": rail}, key=key)


def test_the_rails_offered_are_listed_with_fee_and_bounds(
    customer: Make, offered: Callable[..., None]
) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"basis_points": 60}}}}, SYSTEM)
    offered(offer("card", "slow"))
    said = Program(customer()[1]).get("/top-ups/rails?currency=CNY").json()
    fee = {"fixed": cny(0), "basis_points": 60, "maximum": None}
    assert said == {
        "rails": [
            {"rail": "card", "minimum": cny(100), "maximum": cny(1_000_000), "fee": fee,
             "usual_arrival_s": 120, "state": "slow"}
        ]
    }  # fmt: skip


@pytest.mark.parametrize("method", TOLD)
def test_the_instructions_say_how_to_pay_and_not_to_whom_a_gateway_pays(
    customer: Make, offered: Callable[..., None], method: str
) -> None:
    said = order(Program(customer()[1]), "alipay", method)
    assert (said.status_code, said.json()["rail"]) == (201, "alipay")
    how = said.json()["instructions"]
    assert {name: how[name] for name in TOLD[method]} == TOLD[method]
    assert (how["payee_account"], how["reference"]) == ("", "PAYREF")


def test_the_same_key_gives_the_same_order_and_another_rail_is_another_wish(
    customer: Make, offered: Callable[..., None]
) -> None:
    program = Program(customer()[1])
    first, again = order(program, "alipay", "link"), order(program, "alipay", "link")
    assert first.json()["reference"] == again.json()["reference"]
    assert again.headers["Idempotency-Replayed"] == "true"
    offered(offer("bank"))
    assert order(program, "alipay", "link").json()["reference"] == first.json()["reference"]
    assert order(program, "bank", "link").json()["code"] == "idempotency_key_reused"


@pytest.mark.parametrize(
    ("rail", "amount", "code"),
    [
        ("unionpay", 200, "top_up_rail_not_offered"),
        ("nonsense", 200, "top_up_rail_not_offered"),
        ("alipay", 99, "top_up_below_minimum"),
        ("alipay", 1_000_001, "top_up_above_maximum"),
    ],
)
def test_what_is_not_offered_is_refused_before_anything_is_recorded(
    customer: Make, offered: Callable[..., None], rail: str, amount: int, code: str
) -> None:
    one, phone = customer()
    said = Program(phone).post("/top-ups", {"amount": cny(amount), "rail": rail}, key="k")
    assert (said.status_code, said.json()["code"]) == (422, code)
    assert said.json()["remedy"]["url"] == "/top-up/" and wallet.operations(one).items == []


def test_the_bill_of_a_rail_has_its_fee_its_trace_and_its_name(
    customer: Make, offered: Callable[..., None]
) -> None:
    policies.publish("fees", {"top_up": {"card": {"CNY": {"fixed_minor": 120}}}}, SYSTEM)
    program = Program(customer()[1])
    reference = order(program, "card", "link").json()["reference"]
    settle(reference, "card")
    bill = program.get(f"/operations/{reference}").json()
    assert (bill["state"], bill["fee"], bill["counterparty"]) == ("succeeded", cny(120), "Bank card")
    assert [leg["kind"] for leg in bill["legs"]] == ["in", "fee"]
    assert bill["diagnosis"]["reason"] == "¥198.80 is in your wallet."


def test_how_to_pay_in_without_an_order(customer: Make) -> None:
    owner, token = customer()
    program = Program(token)
    refused = program.get("/top-ups/by-transfer?currency=CNY")
    assert (refused.status_code, refused.json()["code"]) == (422, "top_up_rail_not_offered")
    account = {"currency": "CNY", "name": "Guitai", "account": "6228480010002026018", "bic": "SANDCNBJ"}
    policies.publish("statements", {"receiving": [account]}, SYSTEM)
    said = program.get("/top-ups/by-transfer?currency=CNY")
    own = wallet.standing_transfer(owner, "CNY")
    assert own is not None and said.json() == {
        "currency": "CNY", "payee_name": "Guitai", "account": "6228480010002026018", "bank_name": "", "bic": "SANDCNBJ",
        "reference": own.reference, "own_account": None,
    }  # fmt: skip
    assert program.get("/top-ups/by-transfer?currency=EUR").status_code == 422
