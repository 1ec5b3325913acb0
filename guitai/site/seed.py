"""The demonstration's cast, through the same doors that people use: the API, the bank's page, the SMS outbox."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

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
from guitai.site import seed_banking
from guitai.site.cast import (
    ALIPAY_TOP_UP,
    BINDINGS,
    CARD_TOP_UP,
    CHEN,
    COLLEAGUES,
    CUSTOMERS,
    DIRECTORY,
    FEES,
    LIN,
    LOST_PAYMENT,
    MAYA,
    NEWCOMER_PHONE,
    OPERATOR,
    PAID_BY_CARD,
    PASSWORD,
    PAYOUTS,
    PIN,
    RECONCILIATION,
    STANDING,
    STATEMENTS,
    Customer,
)
from guitai.site.sandbox_rails import install_sandbox_rails
from guitai.site.seed_calls import checked, outside, signed, state, wait

_CODE = re.compile(r"\b(\d{6})\b")


class Demonstration(msgspec.Struct, frozen=True):
    """Whether the cast has been through everything; a seed that was interrupted goes on where it stopped."""

    lived: bool = False


policies.declare("demonstration", Demonstration, Demonstration())


def seed() -> Iterator[str]:
    """Complete the cast.

    takes    a running web process, worker and sandbox
    gives    the lines that tell how each member signs in; what is already there is left alone
    """
    if policies.current(Operator).version == 0:
        policies.publish("operator", OPERATOR, SYSTEM)
        policies.publish("care.directory", DIRECTORY, SYSTEM)
        policies.publish("standing", STANDING, SYSTEM)
    if "CNY" not in rails.payout_currencies():
        policies.publish("statements", STATEMENTS, SYSTEM)
        policies.publish("payouts", PAYOUTS, SYSTEM)
        policies.publish("reconciliation", RECONCILIATION, SYSTEM)
        policies.publish("fees", FEES, SYSTEM)
        policies.publish("bindings", BINDINGS, SYSTEM)
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
    token = checked(began, 401, "sign-up")["meta"]["session_token"]
    code = wait(lambda: _sms_code(customer.phone, began_at), f"the SMS code of {customer.name}")
    verified = client.post(
        "/_allauth/app/v1/auth/phone/verify",
        json={"code": code},
        headers={**headers, "X-Session-Token": token},
    )
    token = checked(verified, 200, "phone verification")["meta"].get("session_token", token)
    checked(client.post("/api/v1/me/name", json={"name": customer.name}, headers=signed(token)), 200, "name")
    checked(
        client.post("/api/v1/me/pin", json={"pin": PIN, "password": PASSWORD}, headers=signed(token)),
        200,
        "PIN",
    )
    return token


def _sign_in(client: httpx.Client, customer: Customer) -> str:
    began_at, body = now(), {"phone": customer.phone, "password": PASSWORD}
    answer = client.post("/_allauth/app/v1/auth/login", json=body)
    if answer.status_code == 401:
        # A device that is not known here: the code goes to the phone.
        headers = signed(checked(answer, 401, "sign-in")["meta"]["session_token"])
        step, by_sms = "/_allauth/app/v1/auth/2fa", {"way": "sms"}
        checked(client.post(f"{step}/code", json=by_sms, headers=headers), 202, "the second step")
        code = wait(lambda: _sms_code(customer.phone, began_at), f"the SMS code of {customer.name}")
        answer = client.post(f"{step}/authenticate", json={**by_sms, "code": code}, headers=headers)
    return str(checked(answer, 200, "sign-in")["meta"]["session_token"])


def _live_a_little(client: httpx.Client, tokens: dict[str, str]) -> None:
    """Top-ups, transfers there and back, a refusal, a held transfer, withdrawals, an unpaid top-up and a question."""
    lin, chen, maya = (tokens[c.phone] for c in (LIN, CHEN, MAYA))
    for customer in CUSTOMERS:
        _top_up(client, tokens[customer.phone], customer.top_up, "seed-top-up")
    _transfer(client, lin, CHEN.phone, 36_80, "晚饭")
    _transfer(client, chen, LIN.phone, 12_00, "奶茶")
    _transfer(client, lin, CHEN.phone, 128_50, "书钱")
    _transfer(client, maya, LIN.phone, 88_00, "Concert ticket")
    refused = _transfer(client, maya, CHEN.phone, 9_999_00, "Rent", expected=422)
    _transfer(client, lin, NEWCOMER_PHONE, 5_200_00, "押金", expected=202)
    withdrawals = seed_banking.withdraw(client, lin)
    _top_up(client, lin, ALIPAY_TOP_UP, "seed-alipay", rail="alipay")
    _top_up(client, lin, CARD_TOP_UP, "seed-card", rail="card", paid=PAID_BY_CARD)
    unpaid = {"amount": Money(500_00, "CNY").fact()}
    checked(
        client.post("/api/v1/top-ups", json=unpaid, headers=signed(chen, "seed-unpaid")),
        201,
        "an unpaid top-up",
    )
    question = {
        "operation": refused["facts"]["reference"],
        "words": "Why was this refused? My rent is due on Monday.",
    }
    checked(client.post("/api/v1/cases", json=question, headers=signed(maya, "seed-case")), 201, "a case")
    outside(f"{_sandbox_url()}/bank/payments/", LOST_PAYMENT, "a payment without a reference")
    seed_banking.come_back(client, lin, withdrawals, _sandbox_url())


def _top_up(
    client: httpx.Client,
    token: str,
    amount: Money,
    key: str,
    rail: str = "bank",
    paid: tuple[dict[str, str], int] = ({}, 201),
) -> None:
    """`paid`: what the payer does on the page of the simulated world, and how it answers."""
    body = {"amount": amount.fact(), "rail": rail}
    started = checked(client.post("/api/v1/top-ups", json=body, headers=signed(token, key)), 201, "top-up")
    if started["state"] == "succeeded":
        return
    # Where the customer would go to pay, or what their phone would read: a page of the simulated world.
    told = started["instructions"]
    outside(told["pay_url"] or told["qr"], paid[0], "the payment", paid[1])
    wait(lambda: state(client, token, started["reference"]) == "succeeded", "the top-up to arrive")


def _transfer(
    client: httpx.Client, token: str, phone: str, minor: int, note: str, expected: int = 201
) -> dict[str, Any]:
    body = {"phone": phone, "amount": Money(minor, "CNY").fact(), "note": note, "pin": PIN}
    answer = client.post("/api/v1/transfers", json=body, headers=signed(token, f"seed-{minor}"))
    return checked(answer, expected, f"transfer {note}")


def _sms_code(phone: str, since: datetime) -> str | None:
    for item in notify.outbox(phone, 5):
        if item.at >= since and (found := _CODE.search(item.body)):
            return found[1]
    return None


def _own_url() -> str:
    return f"http://localhost:{environment().port}"


def _sandbox_url() -> str:
    # Whoever seeds by hand has not been told by `guitai up` where the bank is.
    return environment().bank_url or f"http://127.0.0.1:{environment().port + 1}"


def _lines() -> Iterator[str]:
    yield f"  Customers   password {PASSWORD}   payment PIN {PIN}"
    for customer in CUSTOMERS:
        yield f"    {people.written_phone(customer.phone):<20} {customer.name}"
    yield f"  Staff       password {PASSWORD}   /staff/sign-in/"
    for colleague in COLLEAGUES:
        yield f"    {colleague.email:<20} {colleague.role:<11} authenticator secret {colleague.totp_secret}"
