"""The pure rules: the state machine, masking, opening hours, search, whose turn it is."""

from datetime import UTC, datetime, timedelta

import pytest

from guitai.base.openhours import Hours, open_hours
from guitai.base.reference import new_reference, spoken
from guitai.care.errors import CategoryUnknown, MoveRefused, WordsMissing, WordsTooLong
from guitai.care.rules.categories import category_of_operation, known_category, priority
from guitai.care.rules.masking import MASK, mask_secrets
from guitai.care.rules.progress import progress, reopen_until
from guitai.care.rules.search import (
    highlight,
    normal_query,
    query_tokens,
    reference_in,
    tokens,
)
from guitai.care.rules.states import next_state, turn
from guitai.care.rules.words import WORDS_MAX, clean_words, preview


@pytest.mark.parametrize(
    ("state", "move", "expected"),
    [
        ("new", "triage", "triaged"),
        ("new", "take", "in_progress"),
        ("triaged", "take", "in_progress"),
        ("triaged", "customer_writes", "triaged"),
        ("in_progress", "ask_customer", "waiting_customer"),
        ("in_progress", "ask_third_party", "waiting_third_party"),
        ("waiting_customer", "customer_writes", "in_progress"),
        ("waiting_third_party", "keep_working", "in_progress"),
        ("waiting_customer", "resolve", "resolved"),
        ("in_progress", "release", "triaged"),
        ("resolved", "reopen", "triaged"),
        ("resolved", "reopen_assigned", "in_progress"),
        ("resolved", "close", "closed"),
        ("closed", "reopen", "triaged"),
    ],
)
def test_moves_by_the_table(state, move, expected):
    assert next_state(state, move) == expected


@pytest.mark.parametrize(
    ("state", "move"),
    [
        ("new", "resolve"),
        ("triaged", "resolve"),
        ("in_progress", "take"),
        ("in_progress", "close"),
        ("resolved", "resolve"),
        ("resolved", "customer_writes"),
        ("closed", "close"),
        ("closed", "take"),
        ("new", "reopen"),
    ],
)
def test_refuses_moves_that_the_table_does_not_know(state, move):
    with pytest.raises(MoveRefused) as refused:
        next_state(state, move)
    assert refused.value.facts == {"state": state, "move": move}


@pytest.mark.parametrize(
    ("text", "stored", "kinds"),
    [
        ("my PIN is 271828", f"my PIN is {MASK}", ("code",)),
        ("My payment pin: 271828, please help", f"My payment pin: {MASK}, please help", ("code",)),
        ("PIN 2 7 1 8 2 8 does not work", f"PIN {MASK} does not work", ("code",)),
        ("271828 is my PIN", f"{MASK} is my PIN", ("code",)),
        ("the sms code was 4821-93", f"the sms code was {MASK}", ("code",)),
        (
            "verification code for the wallet is 482193.",
            f"verification code for the wallet is {MASK}.",
            ("code",),
        ),
        ("OTP=482193", f"OTP={MASK}", ("code",)),
        ("我的支付密码是271828", f"我的支付密码是{MASK}", ("code",)),
        ("验证码：４８２１９３ 收到了", f"验证码：{MASK} 收到了", ("code",)),
        ("482193是我的验证码", f"{MASK}是我的验证码", ("code",)),
        ("支付密码是二七一八二八", f"支付密码是{MASK}", ("code",)),
        ("my password is counter-2026-tea", f"my password is {MASK}", ("password",)),
        ("Password: hunter", f"Password: {MASK}", ("password",)),
        ('the password was "hunter"', f'the password was "{MASK}"', ("password",)),
        ("登录密码是abc_123，请帮我", f"登录密码是{MASK}，请帮我", ("password",)),
        ("PIN 271828, password is tea#2026", f"PIN {MASK}, password is {MASK}", ("code", "password")),
    ],
)
def test_masks_what_looks_like_a_secret(text, stored, kinds):
    assert mask_secrets(text) == (stored, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "my PIN is refused",
        "I forgot my password",
        "my password is wrong and I entered PIN 3 times",
        "I pinned 200.00 to the shop, reference 7KMR-3AX-WH4",
        "call me at 13800138000",
        "My PIN is refused. The amount was 5000",
        "密码错误，我转了2000元",
        "I never got the verification code",
        "支付密码被锁了",
    ],
)
def test_leaves_innocent_words_alone(text):
    assert mask_secrets(text) == (text, ())


def test_words_are_stored_as_typed_without_control_characters():
    assert clean_words(" <b>hi</b>\x00\u202e\ud800\r\nthere ")[0] == "<b>hi</b>\nthere"


def test_refuses_no_words_and_too_many():
    with pytest.raises(WordsMissing):
        clean_words(" \x00 ")
    assert clean_words(" ", required=False) == ("", ())
    with pytest.raises(WordsTooLong):
        clean_words("我" * (WORDS_MAX + 1))
    assert len(clean_words("我" * WORDS_MAX)[0]) == WORDS_MAX
    assert preview("a" * 200).endswith("…")


# Monday to Friday with a lunch break, Saturday morning, in Shanghai (UTC+8, no summer time).
SHANGHAI = (
    Hours((1, 2, 3, 4, 5), "09:00", "12:00"),
    Hours((1, 2, 3, 4, 5), "13:30", "18:00"),
    Hours((6,), "09:00", "12:00"),
)
NIGHT = (Hours((5,), "22:00", "06:00"),)
ALWAYS = (Hours((1, 2, 3, 4, 5, 6, 7), "00:00", "24:00"),)
MONDAY = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("intervals", "zone", "at", "open_", "changes"),
    [
        (SHANGHAI, "Asia/Shanghai", MONDAY + timedelta(hours=1), True, MONDAY + timedelta(hours=4)),
        (SHANGHAI, "Asia/Shanghai", MONDAY, False, MONDAY + timedelta(hours=1)),
        (
            SHANGHAI,
            "Asia/Shanghai",
            MONDAY + timedelta(hours=4),
            False,
            MONDAY + timedelta(hours=5, minutes=30),
        ),
        # Saturday afternoon waits until Monday morning.
        (
            SHANGHAI,
            "Asia/Shanghai",
            MONDAY - timedelta(days=2) + timedelta(hours=5),
            False,
            MONDAY + timedelta(hours=1),
        ),
        # Open past midnight: Saturday 02:00 in London still belongs to Friday's night.
        (
            NIGHT,
            "Europe/London",
            datetime(2026, 11, 28, 2, tzinfo=UTC),
            True,
            datetime(2026, 11, 28, 6, tzinfo=UTC),
        ),
        (ALWAYS, "Asia/Shanghai", MONDAY, True, None),
        ((), "Asia/Shanghai", MONDAY, False, None),
    ],
)
def test_open_now_and_until_when(intervals, zone, at, open_, changes):
    assert open_hours(intervals, zone).change(at) == (open_, changes)


@pytest.mark.parametrize(
    ("start", "minutes", "expected"),
    [
        (MONDAY + timedelta(hours=1), 30, MONDAY + timedelta(hours=1, minutes=30)),
        # 11:30 and an hour: half before lunch, half after it.
        (MONDAY + timedelta(hours=3, minutes=30), 60, MONDAY + timedelta(hours=6)),
        # Saturday evening: the first half hour of Monday.
        (MONDAY - timedelta(days=1), 30, MONDAY + timedelta(hours=1, minutes=30)),
        (MONDAY + timedelta(hours=9, minutes=59), 2, MONDAY + timedelta(days=1, hours=1, minutes=1)),
    ],
)
def test_promises_count_open_minutes_only(start, minutes, expected):
    assert open_hours(SHANGHAI, "Asia/Shanghai").after(start, timedelta(minutes=minutes)) == expected


def test_no_hours_no_promise():
    assert open_hours((), "Asia/Shanghai").after(MONDAY, timedelta(minutes=30)) is None


def test_summer_time_moves_the_opening():
    london = (Hours((1, 2, 3, 4, 5, 6, 7), "09:00", "17:00"),)
    winter = open_hours(london, "Europe/London").change(datetime(2026, 3, 28, 18, tzinfo=UTC))
    assert winter[1] == datetime(2026, 3, 29, 8, tzinfo=UTC)  # the clocks went forward that night


@pytest.mark.parametrize(
    ("kind", "state", "category"),
    [
        ("top_up", "awaiting_payment", "top_up"),
        ("top_up", "held", "held"),
        ("transfer", "succeeded", "transfer"),
        ("transfer", "refused", "refused"),
        ("transfer", "failed", "refused"),
        ("transfer", "unknown", "transfer"),
    ],
)
def test_category_follows_from_the_operation(kind, state, category):
    assert category_of_operation(kind, state) == category


def test_priorities_and_unknown_categories():
    assert priority("stolen_account") < priority("top_up") < priority("fees")
    assert priority("transfer", "unknown") == priority("held")
    assert known_category("fees") == "fees"
    with pytest.raises(CategoryUnknown):
        known_category("<script>")


@pytest.mark.parametrize(
    ("state", "whose", "step"),
    [
        ("new", "us", 0),
        ("in_progress", "us", 1),
        ("waiting_customer", "customer", 2),
        ("waiting_third_party", "third_party", 2),
        ("resolved", "nobody", 3),
    ],
)
def test_whose_turn(state, whose, step):
    answered = MONDAY if step >= 2 else None
    shown = progress(
        state,
        answer_by=MONDAY,
        promised_at=MONDAY,
        first_reply_at=answered,
        now=MONDAY + timedelta(minutes=1),
    )
    assert (shown.turn, shown.step, turn(state)) == (whose, step, whose)
    assert shown.by_when == (MONDAY if whose == "us" else None)
    assert shown.late is (whose == "us")
    assert reopen_until(MONDAY) == MONDAY + timedelta(days=14)


def test_query_parsing():
    assert normal_query("  ＴＯＰ　Up\x00 NOT  arrived ") == "top up not arrived"
    assert query_tokens("how do I top up?") == ("top", "up")
    assert query_tokens("how do I") == ("how", "do", "i")  # better than nothing at all
    assert "充值" in query_tokens("我的充值怎么还没有到账") and "到账" in query_tokens(
        "我的充值怎么还没有到账"
    )
    reference = new_reference("case")
    assert reference_in(f" {spoken(reference).lower()} ") == reference
    assert reference_in("top up") is None
    assert len(query_tokens(" ".join(f"w{i}" for i in range(500)))) == 40
    assert tokens("") == ()


def test_highlights_are_pieces_not_markup():
    pieces = highlight("Your top-up <b>has</b> not arrived", ("top", "arrived"))
    assert [p.text for p in pieces if p.matched] == ["top", "arrived"]
    assert "".join(p.text for p in pieces) == "Your top-up <b>has</b> not arrived"
    assert [p.text for p in highlight("银行转账充值未到账", ("充值", "到账")) if p.matched] == [
        "充值",
        "到账",
    ]
    long = "x" * 300 + " arrived " + "y" * 300
    short = "".join(p.text for p in highlight(long, ("arrived",), limit=100))
    assert "arrived" in short and len(short) <= 102
