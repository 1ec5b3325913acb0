"""A dry run is the real run up to its last step: whatever the world is like, both give the same answer, and the
first leaves nothing behind in any table."""

import contextlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import dry_run, submit
from guitai.wallet.till.types import Intent
from guitai.wallet.types import Terms
from tests.wallet.conftest import PIN, acquaint, fund, new_phone, send, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
WRONG_PIN = "314159"
STAFF = Actor("staff", str(new_id()))
LIMIT_ONCE, LIMIT_DAY, HELD_ABOVE, HELD_DAY, HELD_COUNT = 60_00, 100_00, 40_00, 90_00, 4
_TRACED = ("wallet_%", "ledger_%", "audit_%", "kit_topic", "kit_throttle%", "people_%", "notify_%", "rails_%",
           "procrastinate_jobs")  # fmt: skip
_SLOW = {
    "deadline": None,
    "suppress_health_check": [HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
}


@dataclass(frozen=True)
class Situation:
    """What a transfer meets: its sender, its payee, and what the sender has done before."""

    has: int
    amount: int
    payee: str
    points: int
    fixed: int
    sent_before: tuple[int, ...]
    sender_stops: frozenset[str]
    payee_stops: frozenset[str]
    wrong_tries: int
    pin: str | None
    terms: str
    month: int


situations = st.builds(
    Situation,
    has=st.sampled_from([200_00, 200_00, 200_00, 200_00, 50_00, 1, 0]),
    amount=st.one_of(
        st.integers(1, 70_00),
        st.sampled_from([HELD_ABOVE, HELD_ABOVE + 1, LIMIT_ONCE, LIMIT_ONCE + 1, 200_00, 50_00]),
    ),
    payee=st.sampled_from(["known", "known", "stranger", "unregistered", "self"]),
    points=st.sampled_from([0, 0, 30, 10_000]),
    fixed=st.sampled_from([0, 0, 7]),
    sent_before=st.lists(st.integers(1, 30_00), max_size=HELD_COUNT).map(tuple),
    sender_stops=st.sampled_from([*[frozenset()] * 6, frozenset({"spending", "withdrawal"})]),
    payee_stops=st.sampled_from([*[frozenset()] * 3, frozenset({"receiving"})]),
    wrong_tries=st.sampled_from([0, 0, 0, 1, 4, 5]),
    pin=st.sampled_from([PIN, PIN, PIN, PIN, WRONG_PIN, None]),
    terms=st.sampled_from(["none", "shown", "other fee", "other outcome"]),
    month=st.sampled_from([1_000_00, 1_000_00, 90_00, 70_00]),
)


class Undone(Exception):
    """Leaves an example without keeping it."""


@contextlib.contextmanager
def example() -> Iterator[None]:
    """A world of its own at noon, forgotten afterwards."""
    policies.forget()
    with contextlib.suppress(Undone), clock.stopped(NOON), transaction.atomic():
        yield
        raise Undone
    policies.forget()


@pytest.fixture
def cast(customer: Make) -> tuple[tuple[UUID, str], tuple[UUID, str], tuple[UUID, str]]:
    """A sender, somebody they know, and somebody they do not."""
    return customer(), customer(), customer()


def traces() -> dict[str, tuple[int, str]]:
    """How many rows each table has, and a checksum over them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'"
            " AND table_name LIKE ANY(%s) ORDER BY 1",
            [list(_TRACED)],
        )
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(
            f"SELECT '{table}', count(*), coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM {table} t"
            for table in tables
        ))  # fmt: skip
        found = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    assert {
        "wallet_operation",
        "wallet_limit_used",
        "ledger_account",
        "audit_row",
        "people_pin",
    } <= found.keys()
    return found


@contextlib.contextmanager
def without_trace() -> Iterator[None]:
    before = traces()
    yield
    after = traces()
    assert after == before, {
        name: (before[name], after[name]) for name in after if after[name] != before[name]
    }


def arrange(situation: Situation, cast: Any) -> tuple[UUID, str]:
    """Bring the world into a situation, through the real verbs; gives the sender and the payee's number."""
    sender, known, stranger = cast
    phones = {"known": known[1], "stranger": stranger[1], "unregistered": new_phone(), "self": sender[1]}
    policies.publish("limits", _NO_LIMITS, SYSTEM)
    with clock.stopped(NOON - timedelta(days=1)):
        fund(sender[0], max(situation.has + sum(situation.sent_before), 1))
        fund(known[0], 1)
        acquaint(sender, known)
    for minor in situation.sent_before:
        assert send(sender[0], known[1], minor).state == "succeeded"
    for _ in range(situation.wrong_tries):
        send(sender[0], known[1], 1, pin=WRONG_PIN)
    _stop(sender[0], situation.sender_stops)
    _stop(known[0], situation.payee_stops)
    _stop(stranger[0], situation.payee_stops)
    limited("transfer", once=LIMIT_ONCE, day=LIMIT_DAY, month=situation.month)
    policies.publish("velocity", {
        "amount_a_day": [{"minor": HELD_DAY, "currency": "CNY"}], "count_an_hour": HELD_COUNT,
        "new_payee_above": [{"minor": HELD_ABOVE, "currency": "CNY"}],
    }, SYSTEM)  # fmt: skip
    fee = {"basis_points": situation.points, "fixed_minor": situation.fixed}
    policies.publish("fees", {"transfer": {"CNY": fee}}, SYSTEM)
    settle_topics()
    return sender[0], phones[situation.payee]


_PERIODS = ("limit_transfer_day", "limit_transfer_month")
_NO_LIMITS: dict[str, Any] = {"tiers": [{}]}


def limited(kind: str, **bounds: int) -> None:
    """What may be moved at once, a day, a month."""
    policies.publish("limits", {"tiers": [{kind: {"CNY": bounds}}]}, SYSTEM)


def _stop(person: UUID, scope: frozenset[str]) -> None:
    if scope:
        with outermost():
            people.freeze(person, SYSTEM, "by_risk", scope=scope)  # type: ignore[arg-type]


def answer(intent: Intent) -> tuple[Any, ...]:
    """What the till says in earnest."""
    outcome = submit(intent)
    return outcome.outcome, outcome.state, outcome.code, dict(outcome.facts)


def rehearsed(intent: Intent) -> tuple[Any, ...]:
    """What it says when nothing is to happen."""
    with without_trace():
        decision = dry_run(intent).decision
    return decision.outcome, decision.state, decision.code, dict(decision.facts)


def fee_taken(owner: UUID, intent: Intent) -> int:
    found = submit(intent)
    return wallet.operation(owner, found.reference).view.fee.minor


@settings(max_examples=35, **_SLOW)
@given(situation=situations)
def test_a_review_shows_what_sending_does(cast: Any, situation: Situation) -> None:
    """The customer's own dry run, without a PIN, against the transfer that is then confirmed with the right one."""
    with example():
        owner, phone = arrange(situation, cast)
        amount = Money(situation.amount, "CNY")
        with without_trace():
            shown = wallet.dry_run_transfer(owner, phone=phone, amount=amount)
        event(f"{shown.outcome} {shown.code}")
        assert (shown.amount, shown.total) == (amount, amount + shown.fee)
        # Whatever would be sent is not sent without the confirmation that the review asks for.
        unconfirmed = submit(intents.send_transfer(owner, phone, amount, "", None, "unconfirmed"))
        expected = "pin_missing" if shown.needs_pin and shown.outcome != "refused" else shown.code
        assert (unconfirmed.outcome, unconfirmed.code) == ("refused", expected)
        terms = Terms(shown.outcome, shown.fee)
        told = submit(intents.send_transfer(owner, phone, amount, "", PIN, "confirmed", terms))
        if told.code == "pin_locked":
            # Known to nobody before the PIN is tried; a freeze would have been said first.
            assert situation.wrong_tries == 5 and shown.code != "frozen"
            return
        assert (told.outcome, told.code, dict(told.facts)) == (shown.outcome, shown.code, dict(shown.facts))
        assert wallet.operation(owner, told.reference).view.fee == shown.fee
        _remaining_is_true(owner, phone, shown, situation)


def _remaining_is_true(owner: UUID, phone: str, shown: Any, situation: Situation) -> None:
    """What the review says is left of the day's limit is exactly what is refused when one more is asked for."""
    if shown.remaining_today is None or shown.code in ("frozen", "payee_is_self", "limit_transfer_once"):
        return
    fund(owner, 900_00)
    limited("transfer", day=LIMIT_DAY, month=situation.month)
    left = shown.remaining_today.minor
    over = wallet.dry_run_transfer(owner, phone=phone, amount=Money(left + 1, "CNY"))
    if over.code == "payee_cannot_receive":
        return
    assert over.code in _PERIODS
    if left:
        assert wallet.dry_run_transfer(owner, phone=phone, amount=Money(left, "CNY")).code not in _PERIODS


@settings(max_examples=30, **_SLOW)
@given(situation=situations)
def test_a_rehearsed_transfer_ends_as_the_real_one(cast: Any, situation: Situation) -> None:
    """The same intent twice, its PIN included: first rehearsed, then carried out."""
    with example():
        owner, phone = arrange(situation, cast)
        amount = Money(situation.amount, "CNY")
        intent = intents.send_transfer(owner, phone, amount, "", situation.pin, "rehearsed")
        first = rehearsed(intent)
        decision, draft = (rehearsal := dry_run(intent)).decision, rehearsal.draft
        assert draft is not None and rehearsed(intent) == first, "a rehearsal changed what comes after it"
        terms = {
            "none": None,
            "shown": Terms(decision.outcome, draft.fee),
            "other fee": Terms(decision.outcome, draft.fee + Money(1, "CNY")),
            "other outcome": Terms("held" if decision.outcome == "approved" else "approved", draft.fee),
        }[situation.terms]
        told = answer(replace(intent, terms=terms))
        event(f"{told[0]} {told[2]}")
        if first[0] != "refused" and situation.pin is None:
            assert told[2] == "pin_missing"
        elif first[0] != "refused" and situation.terms.startswith("other"):
            assert told[2] == "terms_changed"
        else:
            assert told == first
        assert fee_taken(owner, replace(intent, terms=terms)) == draft.fee.minor


@dataclass(frozen=True)
class Moment:
    """An operation in some state, some time later, and what is then wished with it."""

    made: str
    hours: int
    sender_stops: frozenset[str]
    payee_stops: frozenset[str]
    registers: bool
    wish: str


moments = st.builds(
    Moment,
    made=st.sampled_from(["held", "held_known", "sent", "waiting", "returned", "unpaid", "paid"]),
    hours=st.sampled_from([0, 2, 23, 25]),
    sender_stops=st.sampled_from([frozenset(), frozenset(), frozenset({"spending"})]),
    payee_stops=st.sampled_from([frozenset(), frozenset(), frozenset({"receiving"})]),
    registers=st.booleans(),
    wish=st.sampled_from(
        ["release", "decline", "take back", "deliver", "close", "settle", "settle wrong", "park"]
    ),
)
top_ups = st.tuples(
    st.integers(1, 40_00), st.lists(st.integers(1, 30_00), max_size=2),
    st.sampled_from([frozenset(), frozenset({"receiving"})]),
)  # fmt: skip


def made(moment: Moment, cast: Any) -> tuple[UUID, Money]:
    """An operation as the moment wants it; gives its id and amount."""
    sender, known, _ = cast
    fund(sender[0], 20_000_00)
    fund(known[0], 1)
    amount = Money(6_000_00 if moment.made.startswith("held") else 100_00, "CNY")
    if moment.made in ("unpaid", "paid"):
        started = submit(intents.start_top_up(sender[0], amount, "made"))
        if moment.made == "paid":
            submit(intents.settle_top_up(started.operation_id, amount, "B7", "settle:made"))
        return started.operation_id, amount
    if moment.made == "held_known":
        acquaint(sender, known)
        policies.publish("velocity", {"amount_a_day": [], "count_an_hour": 9, "new_payee_above": []}, SYSTEM)
    phone = new_phone() if moment.made in ("waiting", "returned") else known[1]
    outcome = send(sender[0], phone, amount.minor)
    if moment.made == "returned":
        with clock.stopped(NOON + timedelta(hours=30)):
            wallet.close_due()
    elif moment.registers and moment.made == "waiting":
        with outermost():
            people.register_customer(phone, "陈明", "counter-2026-tea", PIN)
    return outcome.operation_id, amount


def wished(moment: Moment, operation: UUID, amount: Money, owner: UUID) -> Intent:
    purpose = Purpose("review", str(operation), "review of a hold")
    return {
        "release": lambda: intents.decide_hold(operation, True, STAFF, purpose),
        "decline": lambda: intents.decide_hold(operation, False, STAFF, purpose),
        "take back": lambda: intents.decide_hold(operation, False, Actor("customer", str(owner)), None),
        "deliver": lambda: intents.deliver(operation),
        "close": lambda: intents.close(operation),
        "settle": lambda: intents.settle_top_up(operation, amount, "B1", "settle:1"),
        "settle wrong": lambda: intents.settle_top_up(operation, amount + Money(1, "CNY"), "B1", "settle:1"),
        "park": lambda: intents.park_top_up(operation, amount, "wrong_amount", "park:1"),
    }[moment.wish]()


@settings(max_examples=60, **_SLOW)
@given(moment=moments)
def test_a_rehearsed_change_ends_as_the_real_one(cast: Any, moment: Moment) -> None:
    """Holds, deadlines, deliveries and rails: every intent there is has a dry run."""
    with example():
        operation, amount = made(moment, cast)
        if moment.wish in ("release", "decline") and not moment.made.startswith("held"):
            return  # not a review of anything: refused before the till
        _stop(cast[0][0], moment.sender_stops)
        _stop(cast[1][0], moment.payee_stops)
        with clock.stopped(NOON + timedelta(hours=moment.hours)):
            intent = wished(moment, operation, amount, cast[0][0])
            first = rehearsed(intent)
            event(f"{moment.wish}: {first[0]} {first[1]} {first[2]}")
            assert answer(intent) == first


@settings(max_examples=15, **_SLOW)
@given(wish=top_ups)
def test_a_rehearsed_top_up_ends_as_the_real_one(
    cast: Any, wish: tuple[int, list[int], frozenset[str]]
) -> None:
    minor, before, stops = wish
    with example():
        owner = cast[0][0]
        limited("top_up", once=30_00, day=50_00, month=80_00)
        for number, earlier in enumerate(before):
            submit(intents.start_top_up(owner, Money(earlier, "CNY"), f"before {number}"))
        _stop(owner, stops)
        intent = intents.start_top_up(owner, Money(minor, "CNY"), "rehearsed")
        first = rehearsed(intent)
        event(f"{first[0]} {first[2]}")
        assert answer(intent) == first
