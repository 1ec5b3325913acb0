"""People and times the tests of care share."""

import io
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api
from guitai.kit import policies, topics
from guitai.people import api as people
from guitai.wallet import api as wallet

PIN = "271828"
# A Monday at 10:00 in Shanghai, when the counter below is open.
MONDAY_MORNING = datetime(2026, 11, 23, 2, tzinfo=UTC)
OPERATOR = {
    "brand": {"en": "Harbour Wallet", "zh-hans": "海港钱包"},
    "legal_name": {"en": "Harbour Wallet Ltd.", "zh-hans": "海港钱包有限公司"},
    "licence": "Z-2026-001",
    "regions": [
        {
            "code": "cn",
            "name": {"en": "Mainland China", "zh-hans": "中国大陆"},
            "time_zone": "Asia/Shanghai",
            "hotline": "+86 400 000 0000",
            "hours": [
                {"days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "12:00"},
                {"days": [1, 2, 3, 4, 5], "opens": "13:30", "closes": "18:00"},
            ],
        },
        # A hotline without hours is one that nobody answers.
        {
            "code": "uk",
            "name": {"en": "United Kingdom"},
            "time_zone": "Europe/London",
            "hotline": "+44 20 0000 0000",
        },
    ],
}


@pytest.fixture(autouse=True)
def monday_morning():
    with stopped(MONDAY_MORNING):
        yield


@pytest.fixture(autouse=True)
def fresh_policies(db):
    policies.forget()
    cache.clear()
    yield
    policies.forget()


@pytest.fixture
def operator(db):
    policies.publish("operator", OPERATOR, SYSTEM)


@pytest.fixture
def customer() -> UUID:
    return new_id()


@pytest.fixture
def agent() -> Actor:
    return Actor("staff", str(new_id()))


@pytest.fixture
def colleague() -> Actor:
    return Actor("staff", str(new_id()))


@pytest.fixture
def picture() -> Callable[[], SimpleUploadedFile]:
    def make(name: str = "screenshot.png") -> SimpleUploadedFile:
        output = io.BytesIO()
        Image.new("RGB", (8, 8), "green").save(output, format="PNG")
        return SimpleUploadedFile(name, output.getvalue(), content_type="image/png")

    return make


@pytest.fixture
def case(operator, customer) -> str:
    """An open case about nothing in particular."""
    return api.open_case(customer, "fees", "Which fee is this?", [], key="seed")


@pytest.fixture
def yue(operator) -> UUID:
    return _registered("+8613800138000", "林月")


@pytest.fixture
def ming(operator) -> UUID:
    return _registered("+8613900139000", "陈明")


@pytest.fixture
def refused(yue) -> str:
    """A transfer that was refused for want of money."""
    outcome = wallet.send_transfer(
        yue, phone="+8613900139000", amount=Money(50_000, "CNY"), pin=PIN, key="a-transfer"
    )
    return outcome.reference


def _registered(phone: str, name: str) -> UUID:
    person = people.register_customer(phone, name, "counter-2026-tea", PIN)
    while topics.relay():
        pass
    return person
