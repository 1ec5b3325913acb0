"""Whose answer a case waits for, and by when, is told to the customer: a promise like any other."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.models import Case, Promise
from guitai.care.types import WAITS_FOR
from guitai.care.web.words import due_words, turn_words, whom_words
from guitai.notify.models import Message
from guitai.people import api as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db) -> Actor:
    person = people.create_staff("wen@guitai.example", "Wen", "agent", "counter-2026-tea", "JBSWY3DPEHPK3PXP")
    return Actor("staff", str(person))


@pytest.fixture
def case(yue, staff) -> str:
    reference = api.open_case(yue, "withdrawal", "Where is it?", [], key="q")
    api.take(reference, staff)
    return reference


def ask_bank(case: str, staff: Actor, days: int = 3, key: str = "ask") -> None:
    waits = ("bank", now() + timedelta(days=days))
    api.reply(case, staff, "We have asked the bank.", next_turn="third_party", waits=waits, key=key)


def row(yue, case: str):
    return api.case_for_customer(yue, case).row


def promises() -> list[str]:
    return list(Promise.objects.filter(what="third_party").order_by("id").values_list("state", flat=True))


def test_the_customer_reads_who_is_waited_for_and_until_when(yue, case, staff) -> None:
    with stopped(now()):
        ask_bank(case, staff)
        until = now() + timedelta(days=3)
    found = row(yue, case)
    assert (found.progress.turn, found.progress.waits_for, found.progress.by_when) == (
        "third_party",
        "bank",
        until,
    )
    with translation.override("en"):
        assert "answer of the bank, until" in turn_words(found)
        assert "waits for the bank until" in due_words(found)
    with translation.override("zh-hans"):
        assert "银行" in turn_words(found) and "bank" not in turn_words(found)
    assert promises() == ["open"]


@pytest.mark.parametrize("waits", [None, ("nobody", 3), ("bank", -1), ("bank", 0)])
def test_nobody_is_waited_for_without_a_name_and_a_time(case, staff, waits) -> None:
    with stopped(now()):
        given = waits and (waits[0], now() + timedelta(days=waits[1]))
        with pytest.raises(Refusal) as refused:
            api.reply(case, staff, "Wait.", next_turn="third_party", waits=given, key="k")
    assert refused.value.code == "case_wait_unclear"
    api.reply(case, staff, "Wait.", next_turn="customer", waits=None, key="k")


@pytest.mark.parametrize(
    ("then", "left"), [("reply", "kept"), ("resolve", "kept"), ("customer", "void"), ("release", "void")]
)
def test_a_wait_ends_with_the_turn(yue, case, staff, then: str, left: str) -> None:
    ask_bank(case, staff)
    if then == "reply":
        api.reply(case, staff, "They answered.", next_turn="us", key="us")
    elif then == "resolve":
        api.resolve(case, staff, "They answered, and it is done.")
    elif then == "customer":
        api.reply(case, Actor("customer", str(yue)), "Any news?", key="c")
    else:
        api.release(case, staff)
    assert promises() == [left]
    assert (row(yue, case).progress.waits_for, Case.objects.get(reference=case).waits_until) == ("", None)


def test_asked_again_it_is_a_new_time(yue, case, staff) -> None:
    ask_bank(case, staff)
    ask_bank(case, staff, days=9, key="again")
    assert promises() == ["void", "open"]
    assert row(yue, case).progress.turn == "third_party"


def test_who_does_not_answer_in_time_gives_the_turn_back_and_the_customer_is_told_first(
    yue, case, staff
) -> None:
    ask_bank(case, staff)
    with stopped(now() + timedelta(days=2)):
        assert api.follow_up_waiting() == 0
    with stopped(now() + timedelta(days=3, minutes=1)):
        late = row(yue, case)
        assert late.progress.late
        with translation.override("en"):
            assert "take it up again ourselves" in turn_words(late)
        assert api.follow_up_waiting() == 1
        assert api.follow_up_waiting() == 0
        found = row(yue, case)
        assert (found.state, found.progress.turn) == ("in_progress", "us")
        api.note_late()
        assert Message.objects.filter(owner=yue, kind="care.late", key__startswith="late:").count() >= 1
        assert promises() == ["broken"]
        assert [(one.what, one.broken) for one in api.kept_promises()][-1] == ("third_party", 1)
        internal = [e for e in api.case_for_staff(case, staff).events if e.kind == "late"]
        assert internal[-1].facts == {"metrics": ["third_party"]}


def test_whoever_is_waited_for_has_a_name_in_both_languages() -> None:
    for code in WAITS_FOR:
        names = set()
        for language in ("en", "zh-hans"):
            with translation.override(language):
                names.add(whom_words(code))
        assert len(names) == 2, code


def test_the_database_knows_of_no_wait_without_its_state(case) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(reference=case).update(waits_for="bank", waits_until=now())
