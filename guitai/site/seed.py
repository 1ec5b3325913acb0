"""The demonstration's cast, through the same doors that people use: the API, the bank's page, the SMS outbox."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any, TypeVar

import httpx
import msgspec

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.environment import environment
from guitai.kit.operator import Operator
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import EmailTaken
from guitai.rails import api as rails
from guitai.site.cast import (
    CHEN,
    COLLEAGUES,
    CUSTOMERS,
    DIRECTORY,
    LIN,
    MAYA,
    NEWCOMER_PHONE,
    OPERATOR,
    PASSWORD,
    PAYOUTS,
    PIN,
    STATEMENTS,
    Customer,
)
from guitai.site.refusals import StartRefused
from guitai.site.sandbox_rails import install_sandbox_rails

_WAIT_S = 30
_CODE = re.compile(r"\b(\d{6})\b")
T = TypeVar("T")


class Demonstration(msgspec.Struct, frozen=True):
    """Whether the cast has been through everything; a seed that was interrupted goes on where it stopped."""

    lived: bool = False


policies.declare("demonstration", Demonstration, Demonstration())


class SeedFailed(StartRefused):
    """The cast could not be completed; the text says at which step."""


def seed() -> Iterator[str]:
    """Complete the cast.

    takes    a running web process, worker and sandbox
    gives    the lines that tell how each member signs in; what is already there is left alone
    """
    if policies.current(Operator).version == 0:
        policies.publish("operator", OPERATOR, SYSTEM)
        policies.publish("care.directory", DIRECTORY, SYSTEM)
    if "CNY" not in rails.payout_currencies():
        policies.publish("statements", STATEMENTS, SYSTEM)
        policies.publish("payouts", PAYOUTS, SYSTEM)
    install_sandbox_rails(environment().home)
    _seed_staff()
    if not policies.current(Demonstration).value.lived:
        with httpx.Client(base_url=_own_url(), timeout=20, trust_env=False) as client:
            present = people.find_by_phone([c.phone for c in CUSTOMERS])
            _live_a_little(client, {
                c.phone: _sign_in(client, c) if c.phone in present else _register(client, c) for c in CUSTOMERS
            })  # fmt: skip
        policies.publish("demonstration", Demonstration(lived=True), SYSTEM)
    yield from _lines()


def _seed_staff() -> None:
    for colleague in COLLEAGUES:
        try:
            with outermost():
                people.create_staff(
                    colleague.email, colleague.name, colleague.role, PASSWORD, colleague.totp_secret  # type: ignore[arg-type]
                )  # fmt: skip
        except EmailTaken:
            continue


def _register(client: httpx.Client, customer: Customer) -> str:
    """Sign up with the SMS code, give a name and a PIN; gives the session token."""
    headers, began_at = {"Accept-Language": customer.language}, now()
    began = client.post(
        "/_allauth/app/v1/auth/signup",
        json={"phone": customer.phone, "password1": PASSWORD, "password": PASSWORD, "agreement": True},
        headers=headers,
    )
    token = _json(began, 401, "sign-up")["meta"]["session_token"]
    code = _wait(lambda: _sms_code(customer.phone, began_at), f"the SMS code of {customer.name}")
    verified = client.post(
        "/_allauth/app/v1/auth/phone/verify",
        json={"code": code},
        headers={**headers, "X-Session-Token": token},
    )
    token = _json(verified, 200, "phone verification")["meta"].get("session_token", token)
    _json(client.post("/api/v1/me/name", json={"name": customer.name}, headers=_auth(token)), 200, "name")
    _json(
        client.post("/api/v1/me/pin", json={"pin": PIN, "password": PASSWORD}, headers=_auth(token)),
        200,
        "PIN",
    )
    return token


def _sign_in(client: httpx.Client, customer: Customer) -> str:
    body = {"phone": customer.phone, "password": PASSWORD}
    return str(
        _json(client.post("/_allauth/app/v1/auth/login", json=body), 200, "sign-in")["meta"]["session_token"]
    )


def _live_a_little(client: httpx.Client, tokens: dict[str, str]) -> None:
    """Top-ups, transfers there and back, a refusal, a held transfer, an unpaid top-up and a question."""
    lin, chen, maya = (tokens[c.phone] for c in (LIN, CHEN, MAYA))
    for customer in CUSTOMERS:
        _top_up(client, tokens[customer.phone], customer.top_up, "seed-top-up")
    _transfer(client, lin, CHEN.phone, 36_80, "晚饭")
    _transfer(client, chen, LIN.phone, 12_00, "奶茶")
    _transfer(client, lin, CHEN.phone, 128_50, "书钱")
    _transfer(client, maya, LIN.phone, 88_00, "Concert ticket")
    refused = _transfer(client, maya, CHEN.phone, 9_999_00, "Rent", expected=422)
    _transfer(client, lin, NEWCOMER_PHONE, 5_200_00, "押金", expected=202)
    unpaid = {"amount": Money(500_00, "CNY").fact()}
    _json(
        client.post("/api/v1/top-ups", json=unpaid, headers=_money(chen, "seed-unpaid")),
        201,
        "an unpaid top-up",
    )
    question = {
        "operation": refused["facts"]["reference"],
        "words": "Why was this refused? My rent is due on Monday.",
    }
    _json(client.post("/api/v1/cases", json=question, headers=_money(maya, "seed-case")), 201, "a case")


def _top_up(client: httpx.Client, token: str, amount: Money, key: str) -> None:
    body = {"amount": amount.fact()}
    started = _json(client.post("/api/v1/top-ups", json=body, headers=_money(token, key)), 201, "top-up")
    if started["state"] == "succeeded":
        return
    # Where the customer would go to pay; in the demonstration that is the simulated bank's page.
    paid = httpx.post(started["instructions"]["pay_url"], json={}, timeout=20, trust_env=False)
    _json(paid, 201, "payment at the bank")
    _wait(lambda: _state(client, token, started["reference"]) == "succeeded", "the top-up to arrive")


def _transfer(
    client: httpx.Client, token: str, phone: str, minor: int, note: str, expected: int = 201
) -> dict[str, Any]:
    body = {"phone": phone, "amount": Money(minor, "CNY").fact(), "note": note, "pin": PIN}
    answer = client.post("/api/v1/transfers", json=body, headers=_money(token, f"seed-{minor}"))
    return _json(answer, expected, f"transfer {note}")


def _state(client: httpx.Client, token: str, reference: str) -> str:
    detail = client.get(f"/api/v1/operations/{reference}", headers=_auth(token))
    return str(_json(detail, 200, "operation")["state"])


def _sms_code(phone: str, since: datetime) -> str | None:
    for item in notify.outbox(phone, 5):
        if item.at >= since and (found := _CODE.search(item.body)):
            return found[1]
    return None


def _wait(ask: Callable[[], T], what: str) -> T:
    deadline = time.monotonic() + _WAIT_S
    while time.monotonic() < deadline:
        if answer := ask():
            return answer
        time.sleep(0.05)
    raise SeedFailed(f"waited {_WAIT_S} s for {what}")


def _json(response: httpx.Response, expected: int, step: str) -> Any:
    if response.status_code != expected:
        raise SeedFailed(f"{step}: expected {expected}, got {response.status_code} {response.text[:400]}")
    return response.json()


def _auth(token: str) -> dict[str, str]:
    return {"X-Session-Token": token}


def _money(token: str, key: str) -> dict[str, str]:
    return {"X-Session-Token": token, "Idempotency-Key": key}


def _own_url() -> str:
    return f"http://localhost:{environment().port}"


def _lines() -> Iterator[str]:
    yield f"  Customers   password {PASSWORD}   payment PIN {PIN}"
    for customer in CUSTOMERS:
        yield f"    {people.written_phone(customer.phone):<20} {customer.name}"
    yield f"  Staff       password {PASSWORD}   /staff/sign-in/"
    for colleague in COLLEAGUES:
        yield f"    {colleague.email:<20} {colleague.role:<11} authenticator secret {colleague.totp_secret}"
