"""What the counter knows of withdrawals: live answers from the terms in force, tiles, and a category of their own."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.test import RequestFactory
from django.utils import translation

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api
from guitai.care.rules.categories import category_of_operation
from guitai.care.web.live import money
from guitai.care.web.views import counter
from guitai.kit import policies
from guitai.wallet.types import OperationView

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(operator):
    return SimpleNamespace(customer=None, request=RequestFactory().get("/help/"))


def view(state, *, days=0, kind="withdrawal"):
    moment, nothing = now() - timedelta(days=days), Money(0, "CNY")
    return OperationView(
        id=new_id(), reference="7KMR3AXWH5", kind=kind, direction="out", state=state, amount=Money(20_000, "CNY"),
        fee=nothing, counterparty="", note="", created_at=moment, resolves_by=None, code=None, facts={},
    )  # fmt: skip


def test_the_fee_that_is_told_is_the_fee_in_force(reader):
    assert "free" in money.withdrawal_fee(reader)
    policies.publish("fees", {"withdrawal": {"CNY": {"basis_points": 10, "minimum_minor": 10}}}, SYSTEM)
    said = money.withdrawal_fee(reader)
    assert "0.1%" in said and "at least" in said and "0.10" in said


@pytest.mark.parametrize(("language", "usual", "other"), [
    ("en", "2 to 3 bank days", "Every other bank"), ("zh-hans", "2 至 3 个银行工作日", "其他银行"),
])  # fmt: skip
def test_the_time_that_is_told_is_the_promise_in_force(reader, language, usual, other):
    with translation.override(language):
        said = money.withdrawal_time(reader)
        assert usual in said and "18:00" in said and other not in said
        policies.publish(
            "withdrawals", {"promises": [{"banks": ["Sea Bank"], "first_days": 0, "last_days": 1}]}, SYSTEM
        )
        said = money.withdrawal_time(reader)
        assert "Sea Bank" in said and usual in said and other in said


def test_a_case_about_a_withdrawal_is_one_about_withdrawals(operator, customer):
    assert category_of_operation("withdrawal", "processing") == "withdrawal"
    assert category_of_operation("transfer", "processing") == "transfer"
    reference = api.open_case(customer, "withdrawal", "It has not arrived.", [], key="one")
    assert reference


@pytest.mark.parametrize(("state", "days", "words"), [
    ("processing", 0, "withdrawal"), ("failed", 0, "the money is back"), ("returned", 1, "came back"),
    ("returned", 9, None), ("succeeded", 0, None),
])  # fmt: skip
def test_a_withdrawal_that_went_wrong_is_named_as_one(operator, customer, monkeypatch, state, days, words):
    monkeypatch.setattr(counter.wallet, "needs_attention", lambda owner: [])
    found = SimpleNamespace(items=(view(state, days=days),))
    monkeypatch.setattr(counter.wallet, "operations", lambda owner: found)
    shown = counter.tiles(customer)
    assert [words in tile.title for tile in shown] == ([True] if words else [])
