"""The daily close: whatever happens, the books, the bank and what lies between add up to the last minor unit."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from guitai.base.actor import Actor
from guitai.base.clock import stopped
from guitai.kit.models import Topic
from guitai.wallet import api as wallet
from guitai.wallet.reconciliation import errors
from guitai.wallet.reconciliation.flows.close_day import draft_due
from guitai.wallet.types import CloseView
from tests.wallet.conftest import new_phone, register
from tests.wallet.reconciliation.banking import Bank, notice, staff, start

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
FIRST = date(2026, 11, 22)


def at(day: date, hour: int = 10) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def close(day: date) -> CloseView:
    with stopped(at(day + timedelta(days=2))):
        [found] = wallet.close_of_day(day)
    assert sum(part.amount.minor for part in found.items) == found.difference.minor
    return found


def kinds(found: CloseView) -> list[tuple[str, int]]:
    return sorted((part.kind, part.amount.minor) for part in found.items)


def test_a_day_that_agrees(customer: Customer) -> None:
    owner, _ = customer()
    bank = Bank()
    with stopped(at(FIRST)):
        reference = start(owner, 20_000)
        notice(reference, 20_000, "B1")
        bank.line(20_000, reference, reference="B1")
        bank.send()
    found = close(FIRST)
    assert (found.difference.minor, found.agrees, found.has_statement, found.items) == (0, True, True, ())
    assert [m.minor for m in found.books] == [0, 20_000, 0, 20_000] == [m.minor for m in found.bank]


def test_every_part_of_a_difference_is_named(customer: Customer) -> None:
    owner, _ = customer()
    bank = Bank(opening=7_000, balance=7_000)
    with stopped(at(FIRST)):
        notice(start(owner, 20_000), 20_000, "B1")
        bank.line(300, "mystery", credit=False)
        bank.send()
    found = close(FIRST)
    assert kinds(found) == [("in_transit", 20_000), ("line_open", 300), ("opening", -7_000)]
    assert (found.difference.minor, found.unexplained.minor) == (20_000 - 6_700, 300)
    assert Topic.objects.filter(name="wallet.daily_close_differs").count() == 1


def test_what_was_in_transit_is_gone_when_its_line_comes(customer: Customer) -> None:
    owner, _ = customer()
    bank, second = Bank(), FIRST + timedelta(days=1)
    with stopped(at(FIRST)):
        reference = start(owner, 20_000)
        notice(reference, 20_000, "B1")
        bank.send()
    first = close(FIRST)
    assert kinds(first) == [("in_transit", 20_000)] and first.agrees
    one, two = (Actor("staff", str(staff(name))) for name in ("one", "two"))
    wallet.prepare_close(first.id, actor=one)
    with pytest.raises(errors.CloseOwnWork):
        wallet.sign_close(first.id, actor=one)
    wallet.sign_close(first.id, actor=two)
    with stopped(at(second)):
        bank.line(20_000, reference, reference="B1", day=second.isoformat())
        bank.send(second.isoformat())
    found = close(second)
    assert (found.items, found.difference.minor) == ((), 0)
    assert [m.minor for m in found.books] == [20_000, 0, 0, 20_000]
    assert close(FIRST).state == "signed" and kinds(close(FIRST)) == [("in_transit", 20_000)]


def test_a_statement_that_misses_a_line_leaves_a_gap(customer: Customer) -> None:
    customer()
    bank, second = Bank(), FIRST + timedelta(days=1)
    with stopped(at(FIRST)):
        bank.send()
    bank.line(5_000, "lost")
    bank.file()  # never sent
    with stopped(at(second)):
        bank.send(second.isoformat())
    found = close(second)
    assert kinds(found) == [("statement_gap", -5_000)] and found.unexplained.minor == 5_000


def test_a_difference_is_signed_with_words_only(customer: Customer) -> None:
    customer()
    bank = Bank()
    with stopped(at(FIRST)):
        bank.line(300, "mystery", credit=False)
        bank.send()
    found, one = close(FIRST), Actor("staff", str(staff("one")))
    with pytest.raises(errors.CloseNoteMissing):
        wallet.prepare_close(found.id, actor=one)
    wallet.prepare_close(found.id, note="asked the bank", actor=one)


def test_days_that_are_not_known_whole_are_computed_again_and_missed_ones_made_good(
    customer: Customer,
) -> None:
    owner, _ = customer()
    bank = Bank()
    with stopped(at(FIRST)):
        reference = start(owner, 20_000)
        notice(reference, 20_000, "B1")
    found = close(FIRST)
    assert (found.has_statement, kinds(found)) == (False, [("in_transit", 20_000)])
    with stopped(at(FIRST)):
        bank.line(20_000, reference, reference="B1")
        bank.send()
    with stopped(at(FIRST + timedelta(days=4))):
        draft_due()
        again = wallet.daily_close(found.id)
        days = sorted(one.day for one in wallet.daily_closes())
    assert (again.has_statement, again.items) == (True, ())
    assert days == [FIRST + timedelta(days=offset) for offset in range(4)], "nobody was here in between"


def test_refuses_a_day_that_is_not_over() -> None:
    with stopped(at(FIRST)), pytest.raises(errors.CloseDayNotOver):
        wallet.close_of_day(FIRST)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                "noticed",
                "line",
                "both",
                "wrong",
                "unknown",
                "twice",
                "debit",
                "reversal",
                "interest",
                "day",
                "sign",
            ]
        ),
        st.integers(1, 50_000),
    ),
    min_size=1,
    max_size=12,
)


@settings(
    max_examples=20,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=STEPS)
def test_books_and_what_is_between_are_the_banks_closing(steps: list[tuple[str, int]], db: None) -> None:
    """Property: books less every part of the difference is what the bank says, after any sequence of events."""
    # Each example begins with the same empty books.
    point = transaction.savepoint()
    try:
        _play(steps)
    finally:
        transaction.savepoint_rollback(point)


def _play(steps: list[tuple[str, int]]) -> None:
    one, two = (Actor("staff", str(staff(f"{name}{new_phone()[4:]}"))) for name in ("one", "two"))
    owner = register(new_phone())
    bank = Bank(opening=0, balance=0)
    day = FIRST
    last: tuple[str, str, int] | None = None
    for what, minor in [*steps, ("day", 1)]:
        with stopped(at(day)):
            last = _happen(bank, owner, what, minor, day, last)
        if what in ("day", "sign"):
            with stopped(at(day)):
                bank.send(day.isoformat())
            found = close(day)
            assert found.bank[3].minor == bank.balance and found.has_statement
            assert found.books[3].minor - sum(p.amount.minor for p in found.items) == bank.balance
            if what == "sign":
                wallet.prepare_close(found.id, note="looked", actor=one)
                wallet.sign_close(found.id, actor=two)
            day += timedelta(days=1)
    assert wallet.verify() == []


def _happen(
    bank: Bank, owner: UUID, what: str, minor: int, day: date, last: tuple[str, str, int] | None
) -> tuple[str, str, int] | None:
    on = day.isoformat()
    if what in ("noticed", "both", "twice", "line"):
        reference = start(owner, minor)
        line = f"B{reference}"
        if what != "line":
            notice(reference, minor, line)
        if what != "noticed":
            bank.line(minor, reference, reference=line, day=on)
        if what == "twice":
            bank.line(minor, reference, reference=f"{line}T", day=on)
        return reference, line, minor
    if what == "wrong" and last is not None:
        bank.line(minor + last[2], last[0], day=on, payer="Somebody")
    elif what == "unknown":
        line = bank.line(minor, "thank you", day=on, payer="Nobody We Know")
        return "", line, minor
    elif what == "debit":
        bank.line(minor, "standing order", credit=False, day=on)
    elif what == "interest":
        bank.line(minor, "interest", day=on, code="MCOP/INTR")
    elif what == "reversal" and last is not None:
        bank.line(last[2], "taken back", reference=last[1], credit=False, reversal=True, day=on)
    return last
