"""Open time: lunch breaks, nights, holidays, worked Saturdays, clocks put forward."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.openhours import OpenHours

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Monday to Friday 9 to 12 and 13:30 to 18; the first of October is a holiday, the Saturday of the tenth is worked.
COUNTER = OpenHours(
    SHANGHAI,
    (((540, 720), (810, 1080)),) * 5 + ((),) * 2,
    closed=frozenset({date(2026, 10, 1)}),
    extra={date(2026, 10, 10): ((540, 720),)},
)


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-09-28T10:00", 30, "2026-09-28T10:30"),
        ("2026-09-28T11:50", 30, "2026-09-28T13:50"),  # over lunch
        ("2026-09-28T17:50", 30, "2026-09-29T09:20"),  # over night
        ("2026-09-30T17:50", 30, "2026-10-02T09:20"),  # over the holiday
        ("2026-10-09T17:50", 30, "2026-10-10T09:20"),  # into a Saturday that is worked
        ("2026-10-10T11:50", 30, "2026-10-12T09:20"),  # and over the Sunday
        ("2026-09-28T03:00", 0, "2026-09-28T09:00"),
    ],
)
def test_open_minutes_are_counted_in_open_hours(start: str, minutes: int, end: str) -> None:
    found = COUNTER.after(at(start), timedelta(minutes=minutes))
    assert found == at(end)
    assert found is not None and COUNTER.between(at(start), found) == timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-09-28T10:00", 1, "2026-09-29T18:00"),
        ("2026-09-30T10:00", 1, "2026-10-02T18:00"),
        ("2026-10-09T10:00", 1, "2026-10-10T12:00"),
        ("2026-09-28T10:00", 15, "2026-10-19T18:00"),
    ],
)
def test_days_are_days_on_which_somebody_works(start: str, days: int, end: str) -> None:
    assert COUNTER.end_of_workday(at(start), days) == at(end)


def test_a_night_shift_and_a_clock_put_forward() -> None:
    night = OpenHours(ZoneInfo("Europe/London"), (((1320, 1800),),) * 7)  # 22:00 to 06:00
    before = at("2026-03-28T22:00", ZoneInfo("Europe/London"))
    # One hour of that night does not exist.
    assert night.between(before, before + timedelta(hours=12)) == timedelta(hours=7)
    assert night.is_open(before) and not night.is_open(before - timedelta(minutes=1))


def test_a_counter_that_never_opens_has_no_such_moment() -> None:
    never = OpenHours(SHANGHAI, ((),) * 7)
    assert never.after(at("2026-09-28T10:00"), timedelta(minutes=1)) is None
    assert never.end_of_workday(at("2026-09-28T10:00"), 1) is None
    assert never.between(at("2026-09-28T10:00"), at("2026-09-29T10:00")) == timedelta()
    assert not never.is_open(at("2026-09-28T10:00"))


def test_always_is_always() -> None:
    start = datetime(2026, 1, 1, 3, 33, tzinfo=UTC)
    assert OpenHours.always().after(start, timedelta(days=40)) == start + timedelta(days=40)
    assert OpenHours.always().between(start, start + timedelta(days=9)) == timedelta(days=9)


@given(
    st.integers(min_value=0, max_value=30 * 24 * 60),
    st.integers(min_value=1, max_value=5_000),
)
def test_counting_forward_and_back_agree(later: int, minutes: int) -> None:
    begin, wanted = at("2026-09-20T00:00") + timedelta(minutes=later), timedelta(minutes=minutes)
    end = COUNTER.after(begin, wanted)
    assert end is not None and COUNTER.between(begin, end) == wanted
