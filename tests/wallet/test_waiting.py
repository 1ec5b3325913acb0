"""Holds, deadlines and freezes: what waits is decided once, and never forgotten."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import time_zone
from guitai.kit.policies import PolicyInvalid
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.models import StandingRow
from guitai.wallet import api as wallet
from guitai.wallet.errors import HoldNotOpen, KeyReused, SenderFrozen
from guitai.wallet.flows import deadlines, intents
from guitai.wallet.kinds import limits
from guitai.wallet.kinds import send as send_kind
from guitai.wallet.models import LimitUsed
from guitai.wallet.rules.windows import begins
from guitai.wallet.till import pipeline
from guitai.wallet.till.submit import submit, submit_all
from tests.wallet.conftest import PIN, available, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
STAFF = Actor("staff", str(new_id()))


def _freeze(person: UUID, what: str) -> None:
    with outermost():
        people.freeze(person, SYSTEM, "by_risk", scope=frozenset({what}))


def _release(outcome: wallet.Outcome, actor: Actor = STAFF) -> wallet.Outcome:
    purpose = Purpose("review", str(outcome.operation_id), "review of a hold")
    return wallet.release_hold(outcome.reference, actor=actor, purpose=purpose)


def test_a_frozen_sender_s_held_transfer_is_not_released_but_declined(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held = send(one[0], other[1], 600_000)
    _freeze(one[0], "spending")
    with pytest.raises(SenderFrozen):
        _release(held)
    assert available(other[0]) == 0
    wallet.cancel_hold(one[0], held.reference)
    assert available(one[0]) == 2_000_000


@pytest.mark.parametrize("payee", ["unregistered", "frozen"])
def test_a_released_hold_waits_for_a_payee_who_cannot_receive(customer: Make, payee: str) -> None:
    one, phone = customer(2_000_000), new_phone()
    person = register(phone) if payee == "frozen" else None
    if person:
        _freeze(person, "receiving")
    assert _release(send(one[0], phone, 600_000)).state == "sent"
    settle_topics()
    if person:
        with outermost():
            people.release(person, SYSTEM)
        settle_topics()
    assert available(person or register(phone)) == 600_000


def test_a_hold_past_its_deadline_is_not_released(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held = send(one[0], other[1], 600_000)
    with clock.stopped(clock.now() + timedelta(hours=25)), pytest.raises(HoldNotOpen):
        _release(held)


def test_a_customer_cannot_release(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held = send(one[0], other[1], 600_000)
    with pytest.raises(HoldNotOpen):
        _release(held, Actor("customer", str(one[0])))


def test_what_a_frozen_sender_sent_and_has_not_arrived_goes_back(customer: Make) -> None:
    one, phone = customer(10_000), new_phone()
    outcome = send(one[0], phone, 3_000)
    _freeze(one[0], "spending")
    payee = register(phone)
    assert (available(payee), available(one[0])) == (0, 7_000)
    with clock.stopped(clock.now() + timedelta(hours=25)):
        wallet.close_due()
    assert wallet.operation(one[0], outcome.reference).view.state == "returned"
    assert (available(payee), available(one[0])) == (0, 10_000)


def test_a_deadline_that_was_not_yet_passed_is_asked_again(customer: Make) -> None:
    one = customer(10_000)
    outcome = send(one[0], new_phone(), 3_000)
    early = submit(intents.close(outcome.operation_id))
    assert early.code == "nothing_to_close"
    with clock.stopped(clock.now() + timedelta(hours=25)):
        assert submit(intents.close(outcome.operation_id)).state == "returned"


def test_one_broken_operation_does_not_keep_the_others_waiting(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = customer(10_000)
    broken, sound = (send(one[0], new_phone(), 3_000) for _ in range(2))
    run = pipeline.run

    def breaks(batch: list, *others: object, **options: object) -> list:
        if broken.operation_id in {intent.operation_id for intent in batch}:
            raise RuntimeError("broken")
        return run(batch, *others, **options)

    monkeypatch.setattr(pipeline, "run", breaks)
    with clock.stopped(clock.now() + timedelta(hours=25)):
        assert wallet.close_due() == 2
    states = [wallet.operation(one[0], o.reference).view.state for o in (broken, sound)]
    assert states == ["sent", "returned"]


def test_all_that_waits_is_delivered_however_many(customer: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deadlines, "_BATCH", 2)
    one, phone = customer(10_000), new_phone()
    for _ in range(5):
        send(one[0], phone, 100)
    assert available(register(phone)) == 500


def test_a_transfer_that_passed_a_registration_is_delivered(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = customer(10_000), customer()
    with monkeypatch.context() as patched:
        patched.setattr(send_kind, "find_by_index", lambda indexes: {})
        send(one[0], other[1], 3_000)
    settle_topics()
    assert available(other[0]) == 0
    assert deadlines.deliver_missed() == 1
    assert (available(other[0]), deadlines.deliver_missed()) == (3_000, 0)


@pytest.fixture
def midnight(db: None, monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Every look at the clock is a second later, around the operator's midnight between two months."""
    looks: list[datetime] = []
    midnight = begins(date(2027, 3, 1), time_zone())

    def tick() -> datetime:
        looks.append(midnight + timedelta(seconds=len(looks) - 1))
        return looks[-1]

    for looking in (limits, pipeline):
        monkeypatch.setattr(looking, "now", tick)
    return looks


def test_a_transfer_at_midnight_counts_in_the_window_that_was_locked(
    customer: Make, midnight: list[datetime]
) -> None:
    one, other = customer(0), customer()
    amount = Money(5_000, "CNY")
    midnight.clear()
    started = submit(intents.start_top_up(one[0], amount, "t"))
    with outermost():
        wallet.settle_top_up(started.reference, amount=amount, bank_reference="B", inbox_id="i")
    midnight.clear()
    assert send(one[0], other[1], 100).outcome == "approved"
    used = LimitUsed.objects.filter(owner=one[0]).values_list(
        "name", "month", "month_minor", "day", "day_minor"
    )
    february, last = date(2027, 2, 1), date(2027, 2, 28)
    assert set(used) == {("top_up", february, 5_000, last, 5_000), ("transfer", february, 100, last, 100)}


def test_a_month_is_limited_as_well_as_a_day_and_what_comes_back_returns_to_both(customer: Make) -> None:
    one, phone = customer(100_000), new_phone()
    policies.publish("limits", {"tiers": [{"transfer": {"CNY": {"day": 1_000, "month": 1_500}}}]}, STAFF)
    first = datetime(2027, 3, 10, 4, tzinfo=UTC)
    with clock.stopped(first):
        assert send(one[0], phone, 1_000).outcome == "approved"
        assert send(one[0], phone, 1).code == "limit_transfer_day"
    with clock.stopped(first + timedelta(hours=20)):
        assert send(one[0], phone, 501).code == "limit_transfer_month"
        assert send(one[0], phone, 500).outcome == "approved"
        assert send(one[0], phone, 1).code == "limit_transfer_month"
    with clock.stopped(first + timedelta(hours=25)):
        assert wallet.close_due() == 1
        # The first day is over: only its month has room again.
        assert send(one[0], phone, 501).code == "limit_transfer_day"
        assert send(one[0], phone, 500).outcome == "approved"


def test_limits_are_those_of_the_identity_tier(customer: Make) -> None:
    one, other = customer(100_000), customer()
    tiers = [{"transfer": {"CNY": {"once": once}}} for once in (100, 200, 300)]
    policies.publish("limits", {"tiers": tiers}, STAFF)
    for tier, once in ((0, 100), (1, 200), (2, 300), (7, 300)):
        StandingRow.objects.filter(person_id=one[0]).update(tier=tier)
        assert send(one[0], other[1], once + 1).code == "limit_transfer_once"
        assert send(one[0], other[1], once).outcome == "approved"


def test_a_twin_of_the_batch_with_another_body_is_refused(customer: Make) -> None:
    one, other = customer(10_000), customer()
    batch = [
        intents.send_transfer(one[0], other[1], Money(minor, "CNY"), "", PIN, "twin")
        for minor in (100, 101, 100)
    ]
    first, reused, again = submit_all(batch)
    assert isinstance(reused, KeyReused)
    assert isinstance(first, wallet.Outcome) and isinstance(again, wallet.Outcome)
    assert (first.replayed, again.replayed, first.reference) == (False, True, again.reference)
    assert available(one[0]) == 9_900


def test_an_operation_changed_twice_in_one_batch_is_changed_once(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    held = send(one[0], other[1], 600_000)
    purpose = Purpose("review", str(held.operation_id), "review of a hold")
    batch = [
        intents.decide_hold(held.operation_id, release, STAFF, purpose) for release in (False, True, False)
    ]
    outcomes = [o.outcome for o in submit_all(batch) if isinstance(o, wallet.Outcome)]
    assert outcomes == ["approved", "refused", "refused"]
    assert (available(one[0]), available(other[0])) == (2_000_000, 0)


def test_a_wallet_that_cannot_receive_starts_no_top_up(customer: Make) -> None:
    one = customer()
    _freeze(one[0], "receiving")
    outcome = submit(intents.start_top_up(one[0], Money(100, "CNY"), "t"))
    assert (outcome.code, bool(outcome.facts["since"])) == ("frozen", True)


@pytest.mark.parametrize(("parked", "expired"), [(False, False), (True, False), (False, True), (True, True)])
def test_a_top_up_is_credited_once_whatever_came_before(customer: Make, parked: bool, expired: bool) -> None:
    one, amount = customer(), Money(20_000, "CNY")
    started = submit(intents.start_top_up(one[0], amount, "t")).reference
    if expired:
        with clock.stopped(clock.now() + timedelta(hours=2)):
            wallet.close_due()
    if parked:
        with outermost():
            wallet.park_top_up(started, amount=Money(1, "CNY"), code="wrong_amount", key="p")
    for _ in range(2):
        with outermost():
            wallet.settle_top_up(started, amount=amount, bank_reference="B", inbox_id="i")
    with clock.stopped(clock.now() + timedelta(hours=2)):
        wallet.close_due()
    assert (available(one[0]), wallet.operation(one[0], started).view.state) == (20_000, "succeeded")


@pytest.mark.parametrize("paid", [Money(19_999, "CNY"), Money(20_000, "USD")])
def test_what_is_not_as_ordered_or_not_ours_is_not_credited(customer: Make, paid: Money) -> None:
    one = customer()
    started = submit(intents.start_top_up(one[0], Money(20_000, "CNY"), "t")).reference
    for reference in (started, "7KMR3AXWH4"):
        with pytest.raises(RuntimeError), outermost():
            wallet.settle_top_up(reference, amount=paid, bank_reference="B", inbox_id="i")
    assert available(one[0]) == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fees", {"transfer": {"CNY": {"fixed_minor": -1}}}),
        ("fees", {"transfer": {"CNY": {"basis_points": 10_001}}}),
        ("limits", {"transfer_once": {"CNY": -1}, "transfer_day": {}, "top_up_once": {}, "top_up_day": {}}),
        ("waiting", {"unclaimed_hours": 0}),
    ],
)
def test_a_policy_that_would_break_the_books_is_not_published(db: None, name: str, value: dict) -> None:
    with pytest.raises(PolicyInvalid):
        policies.publish(name, value, SYSTEM)


def test_the_largest_amount_is_refused_for_its_balance_and_not_by_an_error(customer: Make) -> None:
    one, other = customer(10_000), customer()
    policies.publish("limits", {"tiers": [{}]}, SYSTEM)
    policies.publish("fees", {"transfer": {"CNY": {"basis_points": 10_000}}}, SYSTEM)
    assert send(one[0], other[1], 2**53 - 1).code == "insufficient_balance"
