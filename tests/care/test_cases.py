"""The life of a case through its door: each refusal beside its success."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.reference import parse_reference, reference_kind, spoken
from guitai.care import api, errors
from guitai.care.models import Case, CaseEvent, Message
from guitai.care.rules.masking import MASK
from guitai.kit.files import FileEmpty, FileNotAccepted
from guitai.kit.models import Topic

pytestmark = pytest.mark.django_db


def as_customer(person: UUID) -> Actor:
    return Actor("customer", str(person))


def kinds(view) -> list[str]:
    return [event.kind for event in view.events]


def test_opens_a_case_with_a_promise_from_the_hours(operator, customer, picture):
    reference = api.open_case(customer, "fees", "Which fee is this?", [picture()], key="one")
    view = api.case_for_customer(customer, reference)
    assert reference_kind(reference) == "case" and parse_reference(reference) == reference
    assert (view.row.state, view.row.category, view.row.progress.turn) == ("triaged", "fees", "us")
    # 480 open minutes from Monday 10:00: two hours before lunch, four and a half after, one and a half on Tuesday.
    assert view.row.progress.by_when == now() + timedelta(days=1, minutes=30)
    assert kinds(view) == ["opened", "message", "state"]
    (evidence,) = view.events[1].message.evidence
    assert (evidence.name, evidence.content_type) == ("screenshot.png", "image/png")
    stored, content = api.evidence_for_customer(customer, spoken(reference), evidence.id)
    assert content.startswith(b"\x89PNG") and stored.owner == customer
    assert Topic.objects.get(name="care.case_opened").payload["category"] == "fees"


def test_without_hours_nothing_is_promised(db, customer):
    view = api.case_for_customer(customer, api.open_case(customer, "fees", "Which fee?", [], key="one"))
    assert view.row.progress.by_when is None and view.row.progress.turn == "us"


def test_the_same_key_opens_one_case(operator, customer, picture):
    first = api.open_case(customer, "fees", "Which fee?", [picture()], key="one")
    assert api.open_case(customer, "fees", "Which fee?", [picture()], key="one") == first
    with pytest.raises(errors.KeyReused):
        api.open_case(customer, "fees", "Another", [picture()], key="one")
    assert api.open_case(customer, "fees", "Another", [], key="two") != first
    assert api.open_case(new_id(), "fees", "Which fee?", [picture()], key="one") != first
    assert Case.objects.count() == 3


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"words": "  "}, errors.WordsMissing),
        ({"words": "x" * 5001}, errors.WordsTooLong),
        ({"category": "<script>"}, errors.CategoryUnknown),
        ({"key": ""}, errors.KeyMissing),
        ({"key": "k" * 101}, errors.KeyMissing),
        ({"follows": "not a reference"}, errors.NotFound),
        ({"uploads": [SimpleUploadedFile("a.png", b"<html>not a picture</html>")]}, FileNotAccepted),
        ({"uploads": [SimpleUploadedFile("a.png", b"")]}, FileEmpty),
        ({"uploads": [SimpleUploadedFile("a.png", b"x")] * 5}, errors.TooManyFiles),
    ],
)
def test_bad_openings_store_nothing(operator, customer, change, refusal):
    asked = {"category": "fees", "words": "Which fee?", "uploads": [], "key": "one", "follows": None} | change
    with pytest.raises(refusal), transaction.atomic():
        api.open_case(customer, asked.pop("category"), asked.pop("words"), asked.pop("uploads"), **asked)
    assert not Case.objects.exists() and not Message.objects.exists()
    api.open_case(customer, "fees", "Which fee?", [], key="one")


def test_too_many_open_cases(operator, customer):
    for number in range(20):
        api.open_case(customer, "fees", "Which fee?", [], key=str(number))
    with pytest.raises(errors.TooManyCases), transaction.atomic():
        api.open_case(customer, "fees", "Which fee?", [], key="more")
    api.open_case(new_id(), "fees", "Which fee?", [], key="more")


def test_secrets_are_masked_before_they_are_stored(case, customer):
    api.reply(case, as_customer(customer), "my PIN is 271828", key="r")
    view = api.case_for_customer(customer, case)
    assert view.events[-1].message.words == f"my PIN is {MASK}"
    assert view.events[-1].message.masked == ("code",)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM care_message WHERE words LIKE '%271828%'")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM care_case WHERE preview LIKE '%271828%'")
        assert cursor.fetchone()[0] == 0


def test_the_whole_way(case, customer, agent):
    me = as_customer(customer)
    api.take(case, agent)
    api.note(case, agent, "Looks like the top-up fee of last year.")
    api.reply(case, agent, "It is the card fee.", key="a1")
    waiting = api.case_for_customer(customer, case)
    assert (waiting.row.state, waiting.row.progress.turn, waiting.row.answer_waiting) == (
        "waiting_customer", "customer", True,
    )  # fmt: skip
    assert [row.reference for row in api.answers_waiting(customer)] == [case]
    api.mark_read(case, me)
    api.reply(case, me, "<b>Thanks</b>, and why?", key="c1")
    asked = api.case_for_customer(customer, case)
    assert (asked.row.state, asked.row.progress.turn) == ("in_progress", "us")
    assert asked.row.progress.by_when is not None
    api.resolve(case, agent, "Because cards cost that.")
    solved = api.case_for_customer(customer, case)
    assert (solved.row.state, solved.row.progress.step, solved.may_reply, solved.may_rate) == (
        "resolved",
        3,
        False,
        True,
    )
    api.rate(case, me, 5, "quick")
    api.reopen(case, me, "It came again.")
    again = api.case_for_customer(customer, case)
    assert (again.row.state, str(again.row.assigned_to), again.row.progress.turn) == (
        "in_progress",
        agent.id,
        "us",
    )
    assert "note" not in kinds(again) and "note" in kinds(api.case_for_staff(case, agent))
    assert again.events[3].message is None or "<b>" not in again.events[3].message.words
    assert (again.rating, again.rating_words) == (5, "quick")
    said = [entry.entry.action for entry in audit.entries_about(("case", str(again.row.id)))]
    assert said[::-1] == [
        "care.case_opened", "care.case_taken", "care.note_written", "care.answered", "care.case_resolved",
        "care.case_reopened", "care.case_read",
    ]  # fmt: skip
    names = list(Topic.objects.order_by("id").values_list("name", flat=True))
    assert names == [
        "care.case_opened", "care.case_answered", "care.customer_replied", "care.case_resolved", "care.case_rated",
        "care.case_reopened",
    ]  # fmt: skip


def test_two_agents_one_case(case, agent, colleague):
    api.take(case, agent)
    api.take(case, agent)  # a second press changes nothing
    with pytest.raises(errors.CaseTaken) as refused:
        api.take(case, colleague)
    assert refused.value.facts["since"] == now().isoformat()
    api.release(case, agent)
    api.take(case, colleague)
    assert api.queue_counts(UUID(colleague.id)).mine == 1


@pytest.mark.parametrize(
    ("act", "refusal"),
    [
        (lambda ref, staff: api.reply(ref, staff, "hello", key="x"), errors.CaseNotYours),
        (lambda ref, staff: api.resolve(ref, staff, "done"), errors.CaseNotYours),
        (api.release, errors.CaseNotYours),
    ],
)
def test_only_who_holds_a_case_speaks_for_us(case, agent, colleague, act, refusal):
    with pytest.raises(refusal), transaction.atomic():
        act(case, agent)
    api.take(case, colleague)
    with pytest.raises(refusal), transaction.atomic():
        act(case, agent)
    act(case, colleague)


def test_never_solved_in_silence(case, agent):
    api.take(case, agent)
    with pytest.raises(errors.AnswerMissing), transaction.atomic():
        api.resolve(case, agent)
    api.reply(case, agent, "It is the card fee.", next_turn="us", key="a")
    api.resolve(case, agent)
    with pytest.raises(errors.MoveRefused), transaction.atomic():
        api.resolve(case, agent)


def test_a_solved_case_takes_no_messages_until_it_is_reopened(case, customer, agent):
    me = as_customer(customer)
    with pytest.raises(errors.NotResolved):
        api.reopen(case, me, "again")
    with pytest.raises(errors.NotResolved):
        api.rate(case, me, 5)
    api.take(case, agent)
    api.resolve(case, agent, "Done.")
    with pytest.raises(errors.NotOpen):
        api.reply(case, me, "but", key="c")
    for wrong in (0, 6, True, "5"):
        with pytest.raises(errors.RatingOutOfRange):
            api.rate(case, me, wrong)
    api.rate(case, me, 1)
    api.reopen(case, me, "but")
    api.reply(case, me, "and", key="c")


@pytest.mark.parametrize("closed_first", [False, True])
def test_reopening_has_an_end_and_a_follow_up_none(case, customer, agent, closed_first):
    me, moment = as_customer(customer), now()
    api.take(case, agent)
    api.resolve(case, agent, "Done.")
    assert api.close_resolved() == 0
    with stopped(moment + timedelta(days=14)), transaction.atomic():
        api.reopen(case, me, "in time")
        transaction.set_rollback(True)
    with stopped(moment + timedelta(days=14, seconds=1)):
        if closed_first:
            assert (api.close_resolved(), api.close_resolved()) == (1, 0)
            assert api.case_for_customer(customer, case).row.state == "closed"
        assert api.case_for_customer(customer, case).may_reopen is False
        with pytest.raises(errors.ReopenTooLate), transaction.atomic():
            api.reopen(case, me, "late")
        follow_up = api.open_case(customer, "fees", "still", [], follows=case, key="f")
        assert api.case_for_customer(customer, follow_up).follows == case


def test_a_stranger_cannot_tell_a_case_from_nothing(case, customer, agent):
    stranger = new_id()
    view = api.case_for_customer(customer, case)
    for act in (
        lambda: api.case_for_customer(stranger, case),
        lambda: api.case_for_customer(stranger, "AAAAAAAAAA"),
        lambda: api.reply(case, as_customer(stranger), "hi", key="x"),
        lambda: api.rate(case, as_customer(stranger), 5),
        lambda: api.reopen(case, as_customer(stranger), "x"),
        lambda: api.evidence_for_customer(stranger, case, new_id()),
        lambda: api.open_case(stranger, "fees", "x", [], follows=case, key="x"),
    ):
        with pytest.raises(errors.NotFound) as refused, transaction.atomic():
            act()
        assert refused.value.facts == {}
    assert api.case_for_customer(customer, spoken(case).lower()) == view


def test_replies_are_idempotent_too(case, customer, agent):
    api.take(case, agent)
    for _ in range(2):
        api.reply(case, agent, "It is the card fee.", key="a1")
    with pytest.raises(errors.KeyReused), transaction.atomic():
        api.reply(case, agent, "Something else.", key="a1")
    assert Message.objects.filter(author_kind="staff").count() == 1


def test_the_timeline_is_append_only(case):
    event = CaseEvent.objects.first()
    for change in (lambda: CaseEvent.objects.update(kind="x"), event.delete):
        with pytest.raises(Exception, match="append-only"), transaction.atomic():
            change()
    assert CaseEvent.objects.filter(kind="opened").count() == 1


def test_the_queue_is_ordered_and_paged(operator, agent):
    staff = UUID(agent.id)
    references = [
        api.open_case(new_id(), c, "x", [], key="k") for c in ("fees", "stolen_account", "top_up", "other")
    ]
    first = api.queue("unassigned", staff, limit=2)
    second = api.queue("unassigned", staff, first.next_cursor, limit=2)
    shown = [row.reference for row in (*first.items, *second.items)]
    assert shown[:2] == [references[1], references[2]] and sorted(shown) == sorted(references)
    assert second.next_cursor is None
    api.take(references[0], agent)
    api.reply(references[0], agent, "Which one?", key="a")
    counts = api.queue_counts(staff)
    assert (counts.unassigned, counts.mine, counts.waiting, counts.all) == (3, 1, 1, 4)
    assert [row.reference for row in api.queue("waiting", staff).items] == [references[0]]
    other = api.queue("unassigned", staff).items[-1]
    assert other.state in ("new", "triaged")


def test_lists_take_a_fixed_number_of_queries(operator, customer, agent, django_assert_num_queries):
    for number in range(6):
        api.open_case(customer, "fees", "x", [], key=str(number))
    with django_assert_num_queries(2):
        api.queue("all", UUID(agent.id))
    with django_assert_num_queries(2):
        page = api.cases_of(customer, limit=4)
    rest = api.cases_of(customer, page.next_cursor, limit=4)
    assert len(page.items) == 4 and len(rest.items) == 2
