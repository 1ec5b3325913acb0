"""What code says in a case is a code: every reader has it in their own language, whoever it was made for."""

from datetime import timedelta

import pytest
from django.utils import translation

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care import api
from guitai.care.models import CaseEvent, Message
from guitai.kit import personal, topics
from guitai.kit.reasons import reason_words
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.site.wiring import _REPORTS

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db) -> Actor:
    person = people.create_staff("wen@guitai.example", "Wen", "agent", "counter-2026-tea", "JBSWY3DPEHPK3PXP")
    return Actor("staff", str(person))


def report(yue, **facts: str) -> str:
    with outermost():
        return api.report(yue, "not_me", "denied_sign_in", facts, "zh-hans")


def told(yue, reference: str) -> list[str]:
    return [api.event_words(e) for e in api.case_for_customer(yue, reference).events if e.kind == "reported"]


def test_what_is_known_before_anybody_asks_is_a_code_in_both_languages(yue) -> None:
    reference = report(yue, at="2026-11-22T09:30:00+00:00")
    assert not Message.objects.filter(case__reference=reference).exists()
    with translation.override("en"):
        (english,) = told(yue, reference)
    with translation.override("zh-hans"):
        (chinese,) = told(yue, reference)
    assert english.startswith("This was not me") and ":30" in english and "T09" not in english
    assert "不是我本人" in chinese and "This" not in chinese


def test_told_again_it_is_one_case_and_a_line_more(yue) -> None:
    first = report(yue, at="2026-11-22T09:30:00+00:00")
    assert report(yue, at="2026-11-22T10:30:00+00:00") == first
    assert len(told(yue, first)) == 2


def test_every_reported_code_has_words_in_both_languages() -> None:
    for code, words in _REPORTS.items():
        said = set()
        for language in ("en", "zh-hans"):
            with translation.override(language):
                said.add(str(words))
        assert len(said) == 2, code


def test_a_denied_sign_in_leaves_no_place_in_what_is_kept_for_ever(yue) -> None:
    with outermost():
        topics.emit(
            "person.denied_sign_in",
            {"person": yue, "sign_in": "x", "device": "Pixel 9", "place": "Ürümqi", "at": now()},
        )
    while topics.relay():
        pass
    facts = [event.facts for event in CaseEvent.objects.filter(customer=yue, kind="reported")]
    assert [one["code"] for one in facts] == ["denied_sign_in"]
    assert "Pixel" not in str(facts) and "Ürümqi" not in str(facts)


def test_why_staff_looked_is_read_in_the_reader_s_language(yue, staff) -> None:
    reference = api.open_case(yue, "fees", "Which fee is this?", [], key="q")
    api.case_for_staff(reference, staff)
    with translation.override("zh-hans"):
        assert reason_words("case.worked_on") == "处理您的工单"
        assert reason_words("the caller asked") == "the caller asked"


def test_times_that_somebody_was_told_are_labelled_as_what_they_are(yue) -> None:
    with outermost():
        api.promise(yue, "arrival", now() + timedelta(days=1), told_by="page", subject=("operation", yue))
        api.void_promise("operation", yue)
    with translation.override("en"):
        section = next(one for one in personal.export(yue)["care"] if one.name == "promises")
        labels = {name: str(label) for name, label in section.labels.items()}
    assert labels == {
        "what": "What was promised", "told_at": "Told on", "by_when": "Promised by",
        "state": "What became of it", "ended_at": "Ended on",
    }  # fmt: skip
    assert [(row["what"], row["state"]) for row in section.records] == [
        ("Money that arrives", "not owed any more")
    ]
