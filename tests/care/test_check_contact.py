"""Is this really us? What is ours, what only looks like it, what is neither."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.care.rules.check_contact import Known, check_contact
from guitai.care.rules.lookalike import alike, distance, skeleton

OURS = [
    Known("phone", "+86 400 123 4567"),
    Known("phone", "+44 20 7946 0123"),
    Known("sms", "95188"),
    Known("email", "help@guitai.example"),
    Known("website", "https://guitai.example"),
    Known("social", "@guitai_help"),
    Known("social", "柜台服务号"),
    Known("account", "6222 0212 3456 7890 123"),
    Known("app", "https://downloads.guitai.example/guitai.apk"),
    Known("app", "ab" * 32),
    Known("badge", "12345678"),
]


@pytest.mark.parametrize(
    ("typed", "answer", "kind"),
    [
        ("+86 400 123 4567", "ours", "phone"),
        ("400-123-4567", "ours", "phone"),
        ("００８６４００１２３４５６７", "ours", "phone"),
        ("tel:+864001234567", "ours", "phone"),
        ("020 7946 0123", "ours", "phone"),
        ("400 123 4568", "look_alike", "phone"),
        ("400 123 45677", "look_alike", "phone"),
        ("13800000001", "not_ours", "phone"),
        ("95188", "ours", "sms"),
        ("9518", "unreadable", "phone"),
        ("", "unreadable", None),
        ("hello", "unreadable", None),
        ("Help@Guitai.Example", "ours", "email"),
        ("mailto:help@guitai.example?subject=x", "ours", "email"),
        ("help@guitai.examp1e.com", "look_alike", "email"),
        ("help@guitai.example.evil", "look_alike", "email"),
        ("help@guitai-support.com", "look_alike", "email"),
        ("he1p@guitai.example", "look_alike", "email"),
        ("refunds@mail.test", "not_ours", "email"),
        ("refunds@mail", "unreadable", "email"),
        ("https://guitai.example/help/", "ours", "website"),
        ("guitai.example", "ours", "website"),
        ("guitai。example", "ours", "website"),
        ("pay.guitai.example", "ours", "website"),
        ("https://guitai.example@evil.test/", "not_ours", "website"),
        ("guitаi.example", "look_alike", "website"),  # a Cyrillic letter
        ("xn--guiti-4ve.example", "look_alike", "website"),
        ("quitai.example", "look_alike", "website"),
        ("guitai-safe.test", "look_alike", "website"),
        ("weather.test", "not_ours", "website"),
        ("http://[.", "unreadable", "website"),
        ("@guitai_help", "ours", "social"),
        ("柜台服务号", "ours", "social"),
        ("@guitai_he1p", "look_alike", "social"),
        ("@somebody", "not_ours", "social"),
        ("6222021234567890123", "ours", "account"),
        ("6222 0212 3456 7890 124", "look_alike", "account"),
        ("GB33BUKB20201555555555", "not_ours", "account"),
        ("https://downloads.guitai.example/guitai.apk", "ours", "app"),
        ("AB" * 32, "ours", "app"),
        ("cd" * 32, "not_ours", "app"),
        ("badge 1234 5678", "ours", "badge"),
        ("1234 5678", "ours", "badge"),
        ("工号：87654321", "not_ours", "badge"),
    ],
)
def test_what_is_ours_is_told_from_what_only_looks_like_it(typed: str, answer: str, kind: str | None) -> None:
    found = check_contact(typed, OURS)
    assert (found.answer, found.kind) == (answer, kind)
    assert (found.known is not None) == (answer in ("ours", "look_alike"))


def test_nothing_is_ours_where_nothing_is_published() -> None:
    assert check_contact("+86 400 123 4567", []).answer == "not_ours"


@given(st.text(max_size=600))
def test_whatever_is_typed_gets_an_answer(text: str) -> None:
    assert check_contact(text, OURS).answer in ("ours", "look_alike", "not_ours", "unreadable")


@given(st.text(alphabet="guita10il-", min_size=3, max_size=14))
def test_a_false_address_is_never_called_ours(label: str) -> None:
    if label != "guitai":
        assert check_contact(f"{label}.example", OURS).answer != "ours"


@pytest.mark.parametrize(
    ("a", "b", "slips"), [("guitai", "guitai", 0), ("guitai", "guiati", 1), ("abc", "xyz", 3)]
)
def test_slips_of_the_hand_are_counted(a: str, b: str, slips: int) -> None:
    assert distance(a, b, 2) == slips


def test_letters_that_look_alike_have_one_skeleton() -> None:
    assert skeleton("Guitаi") == skeleton("GUITAI") == skeleton("gu1tai")
    assert alike("secure-guitai-login", "guitai") and not alike("weather", "guitai")
