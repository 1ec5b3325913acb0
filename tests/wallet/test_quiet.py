"""What nobody may learn: who is registered, what was held, whose operation it is."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.audit.errors import PurposeNotReal
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import CurrencyUnknown, Money
from guitai.kit import cursors, policies
from guitai.kit.cursors import CursorInvalid
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from tests.wallet.conftest import acquaint, available, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
STAFF = Actor("staff", str(new_id()))
# These differ between any two operations.
_OWN = {"id", "reference", "operation_id", "created_at", "resolves_by", "at", "ids", "transfer_id", "ledger_ids",
        "by_when", "counterparty", "reason"}  # fmt: skip


def _shape(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: (bool(v) if k in _OWN else _shape(v)) for k, v in value.items()}
    return [_shape(v) for v in value] if isinstance(value, list | tuple) else value


@pytest.mark.parametrize("minor", [100, 600_000])
@pytest.mark.parametrize("who", ["registered", "unregistered", "frozen", "registers_later"])
def test_a_first_transfer_with_a_fee_looks_the_same_to_its_sender(
    customer: Make, minor: int, who: str
) -> None:
    policies.publish("fees", {"transfer": {"CNY": {"fixed_minor": 7}}}, SYSTEM)
    one, reference_point, phone = customer(2_000_000), customer(), new_phone()
    if who in ("registered", "frozen"):
        person = register(phone)
        if who == "frozen":
            with outermost():
                people.freeze(person, SYSTEM, "by_risk", scope=frozenset({"receiving"}))
    outcomes = [send(one[0], p, minor) for p in (reference_point[1], phone)]
    settle_topics()
    if outcomes[0].state == "held":
        for outcome in outcomes:
            purpose = Purpose("review", str(outcome.operation_id), "review of a hold")
            wallet.release_hold(outcome.reference, actor=STAFF, purpose=purpose)
    if who == "registers_later":
        register(phone)
    settle_topics()
    shown = [_shape(asdict(wallet.operation(one[0], o.reference))) for o in outcomes]
    assert shown[0] == shown[1]
    assert shown[0]["view"]["facts"] == {"fee_policy": "fees@1"}
    listed = [_shape(asdict(v)) for v in wallet.operations(one[0], direction="out").items]
    assert listed[0] == listed[1]


def test_the_payee_does_not_learn_that_it_was_checked(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    outcome = send(one[0], other[1], 600_000)
    purpose = Purpose("review", str(outcome.operation_id), "review of a hold")
    wallet.release_hold(outcome.reference, actor=STAFF, purpose=purpose)
    settle_topics()
    seen = wallet.operation(other[0], outcome.reference)
    assert [(s.code, s.state) for s in seen.timeline] == [("succeeded", "succeeded")]
    assert "operation.released" not in {s.what for s in seen.trace}


def test_a_review_of_one_operation_opens_no_other(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held, another = send(one[0], other[1], 600_000), send(one[0], other[1], 600_000)
    purpose = Purpose("review", str(held.operation_id), "review of a hold")
    with pytest.raises(PurposeNotReal):
        wallet.operation_for_staff(another.reference, actor=STAFF, purpose=purpose)
    with pytest.raises(PurposeNotReal):
        wallet.release_hold(another.reference, actor=STAFF, purpose=purpose)


@pytest.mark.parametrize("parts", [(), ("x",), (7,), ("2026-01-01T00:00:00+00:00", "x")])
def test_a_cursor_of_another_list_is_refused(customer: Make, parts: tuple[str | int, ...]) -> None:
    one = customer()
    for read in (lambda c: wallet.operations(one[0], c), wallet.held_operations):
        with pytest.raises(CursorInvalid):
            read(cursors.encode(*parts))
        with pytest.raises(CursorInvalid):
            read("tampered")


@pytest.mark.parametrize("limit", [-5, 0, 1])
def test_a_page_has_at_least_one_line(customer: Make, limit: int) -> None:
    one = customer(1_000)
    assert len(wallet.operations(one[0], limit=limit).items) == 1


def test_bills_take_the_same_queries_however_long_they_are(
    customer: Make, django_assert_num_queries: Any
) -> None:
    one, other = customer(10_000), customer(10_000)
    acquaint(one, other)
    for _ in range(6):
        send(one[0], other[1], 1, note="tea")
    policies.forget()
    wallet.operations(one[0], limit=1)
    for limit in (2, 8):
        with django_assert_num_queries(3):
            wallet.operations(one[0], limit=limit)


def test_a_currency_that_the_operator_does_not_keep_is_refused(customer: Make) -> None:
    one, other = customer(10_000), customer()
    dollars = Money(100, "USD")
    for wish in (
        lambda: wallet.send_transfer(one[0], phone=other[1], amount=dollars, pin="271828", key="k"),
        lambda: wallet.dry_run_transfer(one[0], phone=other[1], amount=dollars),
        lambda: wallet.start_top_up(one[0], amount=dollars, key="k"),
    ):
        with pytest.raises(CurrencyUnknown):
            wish()


def test_a_hold_pins_its_policy_for_staff_and_hides_the_threshold(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held = send(one[0], other[1], 600_000)
    assert held.facts["policy"] == "velocity@0"
    detail = wallet.operation(one[0], held.reference)
    assert "threshold" not in {*detail.diagnosis.inputs, *(n for s in detail.timeline for n in s.facts)}


def test_a_day_later_the_sender_may_know(customer: Make) -> None:
    one, other = customer(10_000, "林月"), customer(0, "陈明")
    outcome = send(one[0], other[1], 100)
    with clock.stopped(clock.now() + timedelta(hours=25)):
        wallet.close_due()
    view = wallet.operation(one[0], outcome.reference).view
    assert view.state == "succeeded" and "陈" in view.counterparty and available(other[0]) == 100
