"""Agents at the desk, signed in with both steps, and customers with questions."""

import time
from uuid import UUID

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core.cache import cache
from django.test import Client

from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api as care
from guitai.kit import policies, topics
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet

PASSWORD, PIN = "counter-2026-tea", "271828"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
YUE, MING = "+8613800138000", "+8613900139000"
OPERATOR = {
    "brand": {"en": "Harbour Wallet"},
    "legal_name": {"en": "Harbour Wallet Ltd."},
    "licence": "Z-2026-001",
    "regions": [
        {
            "code": "cn",
            "name": {"en": "Mainland China"},
            "time_zone": "Asia/Shanghai",
            "hotline": "+86 400 000 0000",
            "hours": [{"days": [1, 2, 3, 4, 5, 6, 7], "opens": "00:00", "closes": "24:00"}],
        }
    ],
}


@pytest.fixture(autouse=True)
def operator(db):
    policies.forget()
    cache.clear()
    policies.publish("operator", OPERATOR, SYSTEM)
    yield
    policies.forget()


def register(phone: str, name: str) -> UUID:
    person = people.register_customer(phone, name, PASSWORD, PIN)
    while topics.relay():
        pass
    return person


@pytest.fixture
def yue() -> UUID:
    person = register(YUE, "林月")
    amount = Money(5_000_000, "CNY")
    started = wallet.start_top_up(person, amount=amount, key=new_id().hex)
    with outermost():
        wallet.settle_top_up(started.reference, amount=amount, bank_reference="B1", inbox_id=str(new_id()))
    return person


@pytest.fixture
def ming() -> UUID:
    return register(MING, "陈明")


@pytest.fixture
def refused(yue) -> str:
    """A case about a transfer that was refused for a wrong PIN."""
    outcome = wallet.send_transfer(yue, phone=MING, amount=Money(5_000, "CNY"), pin="314159", key="refused")
    return care.open_case(yue, None, "Why was it refused?", [], operation=outcome.reference, key="refused")


@pytest.fixture
def held_transfer(yue) -> str:
    """A large first payment to somebody new, which waits for a decision."""
    outcome = wallet.send_transfer(yue, phone=MING, amount=Money(1_500_000, "CNY"), pin=PIN, key="held")
    assert outcome.outcome == "held", outcome
    return outcome.reference


def staff_client(email: str, name: str, role: str) -> tuple[Client, Actor]:
    person = people.create_staff(email, name, role, PASSWORD, totp_secret=SECRET)
    client = Client(headers={"accept-language": "en"})
    client.post("/staff/sign-in/", {"email": email, "password": PASSWORD})
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    assert client.post("/staff/code/", {"code": code}).url == "/desk/"
    return client, Actor("staff", str(person))


@pytest.fixture
def wen() -> tuple[Client, Actor]:
    return staff_client("wen@guitai.example", "Wen", "agent")


@pytest.fixture
def rao() -> tuple[Client, Actor]:
    return staff_client("rao@guitai.example", "Rao", "supervisor")
