"""The wallet's API, as a customer's own program would use it."""

import json
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
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import Instructions
from guitai.wallet import api as wallet
from tests.people.passkey import Passkey
from tests.wallet.conftest import PIN, acquaint, available, send, settle_topics
from tests.wallet.test_pages_browser import stranger

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
API = "/api/v1"


class Program:
    """Somebody's program, signed in by phone and password."""

    def __init__(self, phone: str, language: str = "en") -> None:
        self.client = Client(headers={"accept-language": language})
        said = self.client.post(
            "/_allauth/app/v1/auth/login",
            json.dumps({"phone": phone, "password": "counter-2026-tea"}),
            content_type="application/json",
        )
        assert said.status_code == 200, said.content
        self.token = said.json()["meta"]["session_token"]

    def get(self, path: str) -> Any:
        return self.client.get(API + path, headers={"x-session-token": self.token})

    def post(self, path: str, body: Any = None, key: str | None = None) -> Any:
        headers = {"x-session-token": self.token} | ({"idempotency-key": key} if key is not None else {})
        content = body if isinstance(body, str) else json.dumps(body or {})
        return self.client.post(API + path, content, content_type="application/json", headers=headers)


def cny(amount: Any) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def transfer(phone: str, amount: Any, **more: Any) -> dict[str, Any]:
    return {"phone": phone, "amount": cny(amount), "pin": PIN, **more}


@pytest.mark.parametrize("path", ["/accounts", "/operations", "/operations/7KMR3AXWH2"])
def test_reads_need_a_session(path: str, db: None) -> None:
    for headers in ({}, {"x-session-token": "nonsense"}):
        response = Client().get(API + path, headers=headers)
        assert response.status_code == 401
        assert response["Content-Type"] == "application/problem+json"


def test_accounts_are_whole_minor_units(customer: Make) -> None:
    person, phone = customer(12_345)
    send(person, stranger(), 345)
    assert Program(phone).get("/accounts").json() == {
        "accounts": [{"currency": "CNY", "available": cny(12_000), "reserved": cny(345)}]
    }


def test_a_transfer_is_created_once_for_its_key(customer: Make) -> None:
    one, other = customer(10_000), customer()
    program = Program(one[1])
    body = transfer(other[1], 2_500, note="lunch")
    first = program.post("/transfers", body, key="k1")
    assert first.status_code == 201 and "Idempotency-Replayed" not in first
    assert first.json()["state"] == "sent" and first.json()["outcome"] == "approved"
    again = program.post("/transfers", body, key="k1")
    assert again.status_code == 201 and again["Idempotency-Replayed"] == "true"
    assert again.json() == first.json()
    another = program.post("/transfers", transfer(other[1], 2_501), key="k1")
    assert (another.status_code, another.json()["code"]) == (422, "idempotency_key_reused")
    assert program.post("/transfers", body, key="k2").json()["reference"] != first.json()["reference"]
    assert available(one[0]) == 5_000


@pytest.mark.parametrize("key", [None, "", " ", "x" * 201])
def test_money_verbs_need_a_key(key: str | None, customer: Make) -> None:
    one, other = customer(10_000), customer()
    program = Program(one[1])
    for path, body in (("/transfers", transfer(other[1], 1)), ("/top-ups", {"amount": cny(100)})):
        response = program.post(path, body, key=key)
        assert (response.status_code, response.json()["code"]) == (400, "idempotency_key_missing")
        assert response["Content-Type"] == "application/problem+json"
    assert available(one[0]) == 10_000


BAD_BODIES = [
    ({"amount": cny(1.5)}, "request_invalid"),
    ({"amount": cny("100")}, "request_invalid"),
    ({"amount": cny(True)}, "request_invalid"),
    ({"amount": cny(None)}, "request_invalid"),
    ({"amount": 100}, "request_invalid"),
    ({"amount": {"amount": 100}}, "request_invalid"),
    ({"amount": {"amount": 100, "currency": 5}}, "request_invalid"),
    ({"amount": {"amount": 100, "currency": "CNY", "more": 1}}, "request_invalid"),
    ({"amount": {"amount": 100, "currency": "XXX"}}, "currency_unknown"),
    ({"amount": cny(0)}, "amount_not_positive"),
    ({"amount": cny(-100)}, "amount_not_positive"),
    ({"amount": cny(10**18)}, "amount_too_large"),
    ({"phone": "12345"}, "phone_invalid"),
    ({"phone": 13800138000}, "request_invalid"),
    ({"pin": 271828}, "request_invalid"),
    ({"note": "x" * 101}, "note_too_long"),
    ({"surprise": 1}, "request_invalid"),
]


@pytest.mark.parametrize(("changes", "code"), BAD_BODIES)
def test_bad_bodies_are_problems_and_move_nothing(changes: dict[str, Any], code: str, customer: Make) -> None:
    one, other = customer(10_000), customer()
    program = Program(one[1])
    good = transfer(other[1], 100)
    response = program.post("/transfers", {**good, **changes}, key="k1")
    assert (response.status_code, response.json()["code"]) == (422, code)
    assert response["Content-Type"] == "application/problem+json"
    assert len(wallet.operations(one[0]).items) == 1
    # The key was not used up by it.
    assert program.post("/transfers", good, key="k1").status_code == 201


def test_what_is_not_json_is_a_problem(customer: Make) -> None:
    _, phone = customer()
    program = Program(phone)
    for body in ("{", "[]", '"x"', "null", ""):
        response = program.post("/transfers", body, key="k1")
        assert response.status_code in (400, 422)
        assert response["Content-Type"] == "application/problem+json"
    assert (
        program.client.delete(API + "/transfers", headers={"x-session-token": program.token}).status_code
        == 405
    )


REFUSALS = [
    (
        20_000,
        {},
        "insufficient_balance",
        {"available": cny(10_000), "needed": cny(20_000), "short_by": cny(10_000)},
    ),
    (100, {"pin": "000111"}, "pin_wrong", {"attempts_left": 4}),
    (9_000_000, {}, "limit_transfer_once", {"limit": cny(2_000_000)}),
]


@pytest.mark.parametrize(("amount", "more", "code", "facts"), REFUSALS)
def test_a_refusal_is_recorded_and_says_its_reference(
    amount: int, more: dict[str, Any], code: str, facts: dict[str, Any], customer: Make
) -> None:
    one, other = customer(10_000), customer()
    program = Program(one[1])
    body = transfer(other[1], amount, **more)
    said = program.post("/transfers", body, key="k1")
    problem = said.json()
    assert (said.status_code, problem["status"], problem["code"]) == (422, 422, code)
    assert facts.items() <= problem["facts"].items() and problem["detail"] and problem["remedy"]["text"]
    recorded = program.get(f"/operations/{problem['facts']['reference']}").json()
    assert (recorded["state"], recorded["code"]) == ("refused", code)
    again = program.post("/transfers", body, key="k1")
    assert again["Idempotency-Replayed"] == "true" and again.json() == problem
    assert available(one[0]) == 10_000
    assert program.post("/transfers", transfer(other[1], 100), key="k2").status_code == 201


def test_refusals_speak_the_readers_language(customer: Make) -> None:
    one, other = customer(100), customer()
    body = transfer(other[1], 200)
    program = Program(one[1])
    assert program.post("/transfers", body, key="k1").json()["title"].startswith("There is not enough")
    program.client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    assert program.post("/transfers", body, key="k1").json()["title"] == "钱包余额不足"


def test_a_payee_who_cannot_receive_is_never_explained(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    acquaint(one, other)
    program = Program(one[1])
    assert program.post("/transfers", transfer(other[1], 1), key="k1").json()["state"] == "succeeded"
    people.freeze(other[0], SYSTEM, "by_risk", scope=frozenset({"receiving"}))
    for response in (
        program.post("/transfers", transfer(other[1], 1), key="k2"),
        program.post("/transfers/dry-run", {"phone": other[1], "amount": cny(1)}),
    ):
        assert response.json()["code"] == "payee_cannot_receive"
        assert "risk" not in response.content.decode() and "frozen" not in response.content.decode()


def test_a_dry_run_answers_like_the_run_and_moves_nothing(customer: Make) -> None:
    one, other = customer(10_000), customer()
    program = Program(one[1])
    for amount, outcome in ((100, "approved"), (20_000, "refused")):
        said = program.post("/transfers/dry-run", {"phone": other[1], "amount": cny(amount)})
        assert said.status_code == 200 and said.json()["outcome"] == outcome
        assert (said.json()["fee"], said.json()["total"]) == (cny(0), cny(amount))
    assert available(one[0]) == 10_000 and len(wallet.operations(one[0]).items) == 1
    known = program.post("/transfers/dry-run", {"phone": other[1], "amount": cny(1)}).json()
    unknown = program.post("/transfers/dry-run", {"phone": stranger(), "amount": cny(1)}).json()
    assert {**known, "payee_phone": ""} == {**unknown, "payee_phone": ""}


def test_a_held_transfer_is_202_and_can_be_taken_back_once(customer: Make) -> None:
    one, other = customer(1_000_000), customer()
    program = Program(one[1])
    held = program.post("/transfers", transfer(other[1], 600_000), key="k1")
    assert held.status_code == 202 and held.json()["outcome"] == "held"
    # A threshold in an answer would teach a thief how to stay below it.
    assert held.json()["facts"].keys() <= {"amount"}
    reference = held.json()["reference"]
    detail = program.get(f"/operations/{reference}").json()
    assert detail["state"] == "held" and detail["facts"].keys() <= {"amount"}
    assert program.get("/operations").json()["items"][0]["facts"].keys() <= {"amount"}
    assert Program(other[1]).post(f"/operations/{reference}/cancellation").status_code == 404
    back = program.post(f"/operations/{reference}/cancellation")
    assert back.status_code == 200 and back.json()["state"] == "returned"
    twice = program.post(f"/operations/{reference}/cancellation")
    assert (twice.status_code, twice.json()["code"]) == (409, "hold_not_open")
    assert available(one[0]) == 1_000_000


def test_operations_are_paged_and_each_is_its_parties_own(customer: Make) -> None:
    one, other, third = customer(10_000), customer(), customer()
    references = [send(one[0], other[1], 10 + n).reference for n in range(5)]
    settle_topics()
    program = Program(one[1])
    seen: list[str] = []
    path = "/operations?limit=2"
    while path:
        page = program.get(path).json()
        seen += [item["reference"] for item in page["items"]]
        path = f"/operations?limit=2&cursor={page['next_cursor']}" if page["next_cursor"] else ""
    assert seen[:5] == references[::-1] and len(seen) == 6
    assert {i["kind"] for i in program.get("/operations?direction=in").json()["items"]} == {"top_up"}
    assert program.get("/operations?cursor=nonsense").json()["code"] == "cursor_invalid"
    for wrong in ("limit=0", "limit=101", "limit=x", "direction=up"):
        assert program.get(f"/operations?{wrong}").status_code == 422
    mine = program.get(f"/operations/{spoken(references[0])}").json()
    assert mine["direction"] == "out" and mine["timeline"] and mine["trace"] and mine["diagnosis"]["headline"]
    assert mine["legs"][0]["amount"] == cny(10)
    assert Program(other[1]).get(f"/operations/{references[0]}").json()["direction"] == "in"
    for response in (Program(third[1]).get(f"/operations/{references[0]}"), program.get("/operations/AAAA")):
        assert (response.status_code, response.json()["code"]) == (404, "not_found")


def test_a_top_up_says_how_to_pay(customer: Make) -> None:
    _, phone = customer()
    program = Program(phone)
    answer = Instructions("Harbour", "6222 0210", "Jade", "PAYREF", None, clock.now() + timedelta(hours=1))
    with mock.patch.object(rails, "start_top_up", return_value=answer):
        first = program.post("/top-ups", {"amount": cny(20_000)}, key="k1")
        again = program.post("/top-ups", {"amount": cny(20_000)}, key="k1")
    assert first.status_code == again.status_code == 201
    assert "Idempotency-Replayed" not in first and again["Idempotency-Replayed"] == "true"
    assert first.json()["state"] == "awaiting_payment"
    assert first.json()["instructions"]["reference"] == "PAYREF"
    assert first.json()["reference"] == again.json()["reference"]
    too_much = program.post("/top-ups", {"amount": cny(9_000_000)}, key="k2")
    assert (too_much.status_code, too_much.json()["code"]) == (422, "limit_top_up_once")
    assert too_much.json()["facts"]["reference"]
    assert program.post("/top-ups", {"amount": cny(1)}, key="k1").json()["code"] == "idempotency_key_reused"


def test_a_bank_out_of_reach_leaves_the_order_standing(customer: Make) -> None:
    person, phone = customer()
    with mock.patch.object(rails, "start_top_up", side_effect=RailUnavailable(rail="bank")):
        said = Program(phone).post("/top-ups", {"amount": cny(20_000)}, key="k1")
    assert said.status_code == 201 and said.json()["instructions"] is None
    assert wallet.operation(person, said.json()["reference"]).view.amount == Money(20_000, "CNY")


def test_the_description_tells_types_and_keys(db: None) -> None:
    described = Client().get(f"{API}/openapi.json").json()
    send_money = described["paths"][f"{API}/transfers"]["post"]
    header = next(p for p in send_money["parameters"] if p["name"] == "Idempotency-Key")
    assert header["required"] and header["in"] == "header"
    assert {"201", "202", "400", "409", "422"} <= set(send_money["responses"])
    money = described["components"]["schemas"]["MoneyIn"]["properties"]
    assert (money["amount"]["type"], money["currency"]["type"]) == ("integer", "string")
    assert described["paths"][f"{API}/operations"]["get"]["parameters"][1]["schema"]["maximum"] == 100


def test_a_passkey_approves_one_transfer_and_no_other(customer: Make) -> None:
    one, other = customer(10_000), customer()
    program, passkey = Program(one[1]), Passkey()
    assert program.post("/transfers/approval", {"phone": other[1], "amount": cny(100)}).status_code == 422
    passkey.belongs_to(one[0])
    asked = {"phone": other[1], "amount": cny(100), "note": "tea"}

    def approved() -> dict[str, Any]:
        return passkey.get(program.post("/transfers/approval", asked).json())

    for number, change in enumerate(({"amount": cny(101)}, {"phone": stranger()}, {"note": "rum"})):
        refused = program.post(
            "/transfers", {**asked, **change, "passkey": approved()}, key=f"other {number}"
        )
        assert (refused.status_code, refused.json()["code"]) == (422, "passkey_refused")
        assert refused.json()["facts"]["why"] == "changed"
    answer = approved()
    sent = program.post("/transfers", {**asked, "passkey": answer}, key="k")
    assert sent.status_code == 201 and available(one[0]) == 9_900
    again = program.post("/transfers", {**asked, "passkey": answer}, key="k")
    assert again.json() == sent.json() and again["Idempotency-Replayed"] == "true"
    used = program.post("/transfers", {**asked, "passkey": answer}, key="k2")
    assert used.json()["facts"]["why"] == "used" and available(one[0]) == 9_900
    both = program.post("/transfers", {**transfer(other[1], 1), "passkey": answer}, key="k3")
    assert (both.status_code, both.json()["code"]) == (422, "request_invalid")
