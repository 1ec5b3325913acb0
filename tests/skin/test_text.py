"""Money and time as people read them, in both languages."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone, translation

from guitai.base import clock
from guitai.base.money import Money
from guitai.skin import text
from guitai.skin.templatetags import guitai_text

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai
THIN = "\u2009"


@pytest.fixture(autouse=True)
def _shanghai():
    with clock.stopped(NOON), timezone.override(ZoneInfo("Asia/Shanghai")), translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("money", "expected"),
    [
        (Money(123450, "CNY"), "¥1,234.50"),
        (Money(-123450, "CNY"), "−¥1,234.50"),
        (Money(0, "HKD"), "HK$0.00"),
        (Money(1234, "JPY"), "JP¥1,234"),
        (Money(1_234_567_890_123, "CNY"), "¥12,345,678,901.23"),
    ],
)
def test_money_has_its_sign_groups_and_decimals(money, expected):
    assert text.money_text(money) == expected


def test_money_filter_sets_sign_and_decimals_apart():
    html = guitai_text.money(Money(123450, "CNY"))
    assert html == (
        '<span class="money"><span class="money-sign">¥</span>1,234<span class="money-decimals">.50</span></span>'
    )


@pytest.mark.parametrize(
    ("direction", "start", "tone"),
    [("in", "+", "money-in"), ("out", "−", "money-out")],
)
def test_signed_money_is_plus_in_jade_or_minus_in_ink(direction, start, tone):
    html = guitai_text.signed_money(Money(20000, "CNY"), direction)
    assert tone in html and f'">{start}<span class="money-sign">' in html


def test_signed_money_without_direction_follows_its_own_sign():
    assert "money-out" in guitai_text.signed_money(Money(-5, "CNY"))
    assert "money-in" in guitai_text.signed_money(Money(5, "CNY"))
    assert "money-" not in guitai_text.signed_money(Money(0, "CNY")).split(">")[0]


def test_money_that_leaves_the_screen_names_its_currency():
    assert guitai_text.money_plain(Money(123450, "CNY")) == "1,234.50 CNY"


@pytest.mark.parametrize(
    ("moment", "english", "chinese"),
    [
        (NOON + timedelta(hours=2, minutes=5), "today 14:05", f"今天{THIN}14:05"),
        (NOON - timedelta(days=1), "yesterday 12:00", f"昨天{THIN}12:00"),
        (NOON + timedelta(days=1), "tomorrow 12:00", f"明天{THIN}12:00"),
        (NOON - timedelta(days=40), "13 Oct 12:00", f"10{THIN}月{THIN}13{THIN}日{THIN}12:00"),
        (
            NOON - timedelta(days=400),
            "18 Oct 2025 12:00",
            f"2025{THIN}年{THIN}10{THIN}月{THIN}18{THIN}日{THIN}12:00",
        ),
        # Half past midnight in Shanghai is still yesterday in UTC.
        (NOON - timedelta(hours=11, minutes=30), "today 00:30", f"今天{THIN}00:30"),
    ],
)
def test_moments_are_near_words_in_the_readers_zone(moment, english, chinese):
    assert text.moment_text(moment) == english
    with translation.override("zh-hans"):
        assert text.moment_text(moment) == chinese


def test_a_moment_carries_its_full_date_for_hover_and_machines():
    html = guitai_text.moment(NOON)
    assert 'datetime="2026-11-22T04:00:00+00:00"' in html
    assert 'title="22 November 2026, 12:00 (CST)"' in html


def test_days_are_named():
    assert text.day_text(NOON) == "Today"
    assert text.day_text(NOON - timedelta(days=1)) == "Yesterday"
    assert text.day_text((NOON - timedelta(days=5)).date()) == "Tue 17 November"
    assert text.calendar_day(NOON.date()) == "Sun 22 November"


@pytest.mark.parametrize(
    ("seconds", "english", "chinese"),
    [
        (20, "less than a minute", "不到一分钟"),
        (60, "1 minute", f"1{THIN}分钟"),
        (7500, "2 hours 5 minutes", f"2{THIN}小时5{THIN}分钟"),
        (86400 + 420, "1 day", f"1{THIN}天"),
        (86400 * 2 + 3600 * 3, "2 days 3 hours", f"2{THIN}天3{THIN}小时"),
    ],
)
def test_durations_are_the_two_largest_units(seconds, english, chinese):
    assert text.duration_text(seconds) == english
    assert text.duration_text(timedelta(seconds=seconds)) == english
    with translation.override("zh-hans"):
        assert text.duration_text(seconds) == chinese


def test_references_are_grouped_and_other_words_left_alone():
    assert text.grouped_text("7kmr3axwh2") == "7KMR-3AX-WH2"
    assert text.grouped_text("not one") == "not one"
