"""Supervisors hear of what waits in the house's own books, by mail and once a day."""

import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet import notices_staff
from guitai.wallet.types import Safeguarding
from tests.wallet.reconciliation.banking import Bank, notice, settle_topics, staff, start

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
DAY = date(2026, 11, 22)
MORNING = datetime(2026, 11, 24, 2, tzinfo=UTC)
SUPERVISOR, AGENT = "rao@guitai.example", "wen@guitai.example"


@pytest.fixture(autouse=True)
def colleagues(db: None) -> None:
    staff("rao")
    staff("wen", "agent")


def mails(kind: str, address: str = SUPERVISOR) -> list[str]:
    with stopped(MORNING + timedelta(days=3)):
        notify.deliver_due()
    return [one.body for one in notify.outbox(address) if one.kind == kind]


def short(minor: int) -> Safeguarding:
    nothing = Money(0, "CNY")
    return Safeguarding("CNY", Money(minor, "CNY"), nothing, nothing, {}, nothing)


def test_only_who_may_decide_is_told_and_nobody_who_has_left() -> None:
    assert [one.email for one in people.staff_with("holds.decide")] == [SUPERVISOR]
    assert {one.email for one in people.staff_with("cases.work")} == {SUPERVISOR, AGENT}


def test_lines_of_nobody_are_told_once_a_day(customer: Customer) -> None:
    customer()
    for hours in (0, 1, 30):
        with stopped(MORNING + timedelta(hours=hours)):
            bank = Bank()
            bank.line(20_000, "no idea")
            bank.send()
    told = mails("wallet.staff_unmatched")
    assert len(told) == 2 and "Reconciliation" in told[0]
    assert mails("wallet.staff_unmatched", AGENT) == []


def test_a_statement_that_fits_tells_nobody(customer: Customer) -> None:
    owner, _ = customer()
    reference = start(owner, 20_000)
    notice(reference, 20_000, "B1")
    bank = Bank()
    bank.line(20_000, reference, reference="B1")
    bank.send()
    assert mails("wallet.staff_unmatched") == []


def test_a_day_that_differs_is_told_with_its_amount(customer: Customer) -> None:
    customer()
    with stopped(datetime(2026, 11, 22, 10, tzinfo=UTC)):
        bank = Bank()
        bank.line(300, "mystery", credit=False)
        bank.send()
    for _ in range(2):
        with stopped(MORNING):
            wallet.close_of_day(DAY)
            settle_topics()
    [told] = mails("wallet.staff_close_differs")
    assert "3.00" in told and "22 November" in told


def test_a_shortfall_is_told_once_a_day_until_it_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    assert notices_staff.tell_shortfalls() == 0
    monkeypatch.setattr(notices_staff, "safeguarding", lambda: [short(500)])
    for hours in (0, 1, 24):
        with stopped(MORNING + timedelta(hours=hours)):
            assert notices_staff.tell_shortfalls() == 1
    told = mails("wallet.staff_short")
    assert len(told) == 2 and "5.00" in told[0]


def reserve_advice(move: int, day: str = "2026-11-24") -> None:
    with outermost():
        emit("wallet.reserve_advised", {
            "day": day, "currency": "CNY", "move": move, "target": 90_000, "in_reserve": 80_000, "at_hand": 50_000,
        })  # fmt: skip


@pytest.mark.parametrize(
    ("move", "kind"),
    [(10_000, "wallet.staff_reserve_advised"), (-10_000, "wallet.staff_reserve_advised_release")],
)
def test_what_should_be_moved_into_the_reserve_or_out_of_it_is_told(move: int, kind: str) -> None:
    with stopped(MORNING):
        for _ in range(2):
            reserve_advice(move)
        settle_topics()
    [told] = mails(kind)
    assert "100.00" in told and "900.00" in told and mails(kind, AGENT) == []


def test_a_rail_that_goes_down_and_comes_back_is_told_and_a_slow_one_is_not() -> None:
    with stopped(MORNING):
        for state in ("slow", "down", "down", "ok"):
            with outermost():
                emit("rails.health_changed", {"rail": "alipay", "state": state})
        settle_topics()
    assert [len(mails(f"wallet.staff_rail_{way}")) for way in ("down", "up")] == [1, 1]


def test_a_statement_file_that_was_refused_is_told_by_its_name() -> None:
    with stopped(MORNING):
        file_id, _new = rails.receive_statement(io.BytesIO(b"<nonsense"), "today.xml", "upload", SYSTEM)
        assert rails.import_statement(file_id).state == "refused"
        settle_topics()
    [told] = mails("wallet.staff_statement_refused")
    assert "today.xml" in told
