"""How a case goes on: what is asked, drafts, somebody higher, calls, surveys, and its other ends."""

from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from django.utils import translation

from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.asking.answers import clean_answers
from guitai.care.asking.table import QUESTIONS, questions
from guitai.care.flows import independent
from guitai.care.models import Callback, Case, CaseClock, CaseEvent, Draft, Evidence, Promise, Survey
from guitai.care.types import CATEGORIES
from guitai.care.web.case_words import device_known
from guitai.kit import policies
from guitai.notify.models import Message as Notice
from guitai.people import api as people
from guitai.people.models import Device, SignIn
from guitai.wallet import api as wallet
from tests.care.conftest import MONDAY_MORNING, PIN

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def me(person: UUID) -> Actor:
    return Actor("customer", str(person))


def code_of(act, *arguments, **named) -> str:
    with pytest.raises(Refusal) as refusal:
        act(*arguments, **named)
    return refusal.value.code


@pytest.fixture
def answered(case, agent) -> str:
    api.take(case, agent)
    api.reply(case, agent, "Fifty fen.", key="a")
    return case


@pytest.fixture
def supervisor(monkeypatch) -> Actor:
    """Somebody whose account may decide; everybody else's may not."""
    chief = Actor("staff", str(UUID(int=77)))

    def member(person: UUID) -> SimpleNamespace:
        may = {"cases.work", "holds.decide"} if str(person) == chief.id else {"cases.work"}
        return SimpleNamespace(permissions=frozenset(may))

    monkeypatch.setattr(independent.people, "staff_member", member)
    return chief


# What is asked


def names(category, *known: str) -> list[str]:
    return [question.name for question in questions(category, frozenset(known))]


def test_every_category_has_its_questions():
    assert set(QUESTIONS) == set(CATEGORIES)


@pytest.mark.parametrize(
    ("category", "known", "asked"),
    [
        ("top_up", (), ["way", "amount", "day", "account_end", "sender_says"]),
        ("top_up", ("operation",), ["account_end", "sender_says"]),
        ("top_up", ("operation", "paid"), []),
        ("transfer", (), ["payee", "amount", "day", "trouble"]),
        ("transfer", ("operation",), ["trouble"]),
        ("refused", ("operation",), []),
        ("held", ("operation",), ["payment_for", "payee_met", "told_to_pay"]),
        ("sign_in", (), ["step", "same_number"]),
        ("sign_in", ("stopped",), ["same_number"]),
        ("complaint", ("no_earlier_case",), ["about", "wanted"]),
        ("complaint", (), ["about", "wanted", "earlier_case"]),
        ("complaint", ("follows",), ["about", "wanted"]),
        ("other", (), []),
    ],
)
def test_asks_only_what_is_not_known(category, known, asked):
    assert names(category, *known) == asked


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("amount", "1,200.50", "1200.50"),
        ("amount", "¥200", "200"),
        ("amount", "about two hundred", None),
        ("amount", "-3", None),
        ("amount", "NaN", None),
        ("day", "2026-11-20", "2026-11-20"),
        ("day", "2027-01-01", None),
        ("day", "yesterday", None),
        ("account_end", "4821", "4821"),
        ("account_end", "482", None),
        ("account_end", "４８２１", None),
        ("way", "alipay", "alipay"),
        ("way", "<script>", None),
        ("sender_says", "", ""),
    ],
)
def test_an_answer_is_a_fact_or_is_refused(name, typed, kept):
    asked = questions("top_up", frozenset())
    if kept is None:
        assert code_of(clean_answers, asked, {name: typed}) == "case_answer_invalid"
    else:
        assert clean_answers(asked, {name: typed}) == ({name: kept} if kept else {})


def test_secrets_are_masked_in_answers_and_what_nobody_asked_is_dropped():
    asked = questions("transfer", frozenset({"operation"}))
    assert clean_answers(asked, {"amount": "5", "trouble": "twice"}) == {"trouble": "twice"}
    free = questions("transfer", frozenset())
    assert "271828" not in clean_answers(free, {"payee": "Ming, my PIN is 271828"})["payee"]


def test_answers_are_kept_with_the_opening_and_shown_to_both(operator, yue, agent):
    case = api.open_case(
        yue, "top_up", "Where is it?", [], key="k", answers={"way": "alipay", "amount": "200.00"}
    )
    opened = CaseEvent.objects.get(case__reference=case, kind="opened")
    assert opened.facts["answers"] == {"way": "alipay", "amount": "200.00"}
    assert api.case_for_customer(yue, case).answers == api.case_for_staff(case, agent).answers
    # The same key with other answers is something else.
    assert code_of(api.open_case, yue, "top_up", "Where is it?", [], key="k") == "case_key_reused"


def test_the_form_knows_the_bill_and_the_standing(yue, refused):
    form = api.case_form(yue, None, refused)
    assert (form.category, form.questions, form.standing) == ("refused", (), "active")
    people.freeze_self(yue, proof="session")
    assert api.case_form(yue, "sign_in").standing == "frozen"
    assert [q.name for q in api.case_form(yue, "sign_in").questions] == ["same_number"]


def test_the_form_of_another_persons_bill_is_not_found(yue, ming, refused):
    assert code_of(api.case_form, ming, None, refused) == "not_found"


# Drafts


def test_a_draft_survives_sealed_and_masked_and_is_gone_after_a_week(customer):
    api.keep_draft(customer, "new:fees:", {"words": "my PIN is 271828", "q_amount": "5", "Bad Name": "x"})
    row = Draft.objects.get()
    assert b"PIN" not in bytes(row.fields_sealed)
    found = api.draft(customer, "new:fees:")
    assert found is not None and set(found.fields) == {"words", "q_amount"} and "271828" not in str(found)
    assert api.draft(UUID(int=3), "new:fees:") is None
    with clock.stopped(MONDAY_MORNING + 7 * DAY + HOUR):
        assert api.draft(customer, "new:fees:") is None
        assert api.forget_drafts() == 1


def test_an_emptied_form_leaves_no_draft_and_a_customer_keeps_few(customer):
    for number in range(25):
        with clock.stopped(MONDAY_MORNING + number * HOUR):
            api.keep_draft(customer, f"reply:{number}", {"words": "x"})
    assert Draft.objects.count() == 20 and api.draft(customer, "reply:0") is None
    api.keep_draft(customer, "reply:24", {"words": " "})
    assert api.draft(customer, "reply:24") is None


@pytest.mark.parametrize(("form", "words"), [("../etc", "x"), ("new:fees:", "x" * 30_000)])
def test_refuses_a_draft_that_is_none(customer, form, words):
    assert code_of(api.keep_draft, customer, form, {"words": words}) == "draft_too_large"


# Somebody higher


def test_somebody_higher_who_has_not_answered_takes_it_and_the_clock_begins_again(
    answered, customer, agent, supervisor, colleague
):
    with clock.stopped(MONDAY_MORNING + HOUR):
        api.escalate(answered, me(customer), "That is no answer.")
        view = api.case_for_customer(customer, answered)
        assert (view.row.state, view.row.assigned_to, view.row.escalated) == ("triaged", None, True)
        assert view.row.priority == 2 and view.row.progress.by_when > MONDAY_MORNING + HOUR
        assert not view.may_escalate
        assert code_of(api.take, answered, agent) == "case_not_independent"
        assert code_of(api.take, answered, colleague) == "case_needs_supervisor"
        assert not api.may_take(answered, UUID(agent.id)) and api.may_take(answered, UUID(supervisor.id))
        assert [row.reference for row in api.queue("escalated", UUID(agent.id)).items] == [answered]
        assert api.queue_counts(UUID(agent.id)).escalated == 1
        api.take(answered, supervisor)
        assert code_of(api.escalate, answered, me(customer), "again") == "case_escalated_already"
    assert Notice.objects.filter(owner=customer, kind="care.escalated").count() == 1


def test_a_time_that_the_law_gives_never_begins_again(operator, customer, agent):
    case = api.open_case(customer, "complaint", "This took weeks.", [], key="k")
    due = CaseClock.objects.get(metric="statutory").due_at
    api.take(case, agent)
    api.reply(case, agent, "We are sorry.", key="a")
    with clock.stopped(MONDAY_MORNING + 2 * DAY):
        api.escalate(case, me(customer), "Not enough.")
    statutory = CaseClock.objects.get(metric="statutory")
    assert (statutory.state, statutory.due_at) == ("running", due)
    assert CaseClock.objects.filter(metric="resolve", state="cancelled").count() == 1


def test_it_is_possible_after_an_answer_or_a_broken_promise_and_not_before(case, customer):
    assert code_of(api.escalate, case, me(customer), "Hurry") == "case_escalation_too_soon"
    with clock.stopped(MONDAY_MORNING + 3 * DAY):
        assert api.note_late() > 0
        api.escalate(case, me(customer), "You had promised.")
    assert api.case_for_customer(customer, case).row.escalated


def test_a_solved_case_can_be_escalated_while_it_can_be_reopened(answered, customer, agent):
    api.resolve(answered, agent)
    with clock.stopped(MONDAY_MORNING + 15 * DAY):
        assert code_of(api.escalate, answered, me(customer), "No.") == "case_reopen_too_late"
    api.escalate(answered, me(customer), "No.")
    assert api.case_for_customer(customer, answered).row.state == "triaged"


def test_a_complaint_is_handled_by_somebody_else(answered, customer, agent, colleague, supervisor):
    complaint = api.open_case(customer, "complaint", "He was rude.", [], follows=answered, key="c")
    assert code_of(api.take, complaint, agent) == "case_not_independent"
    api.take(complaint, colleague)


# Other ends


def test_a_customer_takes_a_question_back_and_nothing_is_owed(case, customer):
    api.withdraw(case, me(customer))
    view = api.case_for_customer(customer, case)
    assert (view.row.state, view.may_reply, view.may_escalate, view.clocks) == ("withdrawn", False, False, ())
    assert not Promise.objects.filter(state="open").exists()
    assert code_of(api.withdraw, case, me(customer)) == "case_move_refused"
    assert code_of(api.reply, case, me(customer), "but", key="r") == "case_not_open"


def test_two_cases_of_one_customer_become_one(yue, refused, agent):
    first = api.open_case(yue, None, "Why?", [], operation=refused, key="1")
    second = api.open_case(yue, "fees", "And the fee?", [], key="2")
    assert code_of(api.merge, first, second, agent) == "case_not_yours"
    api.take(second, agent)
    api.merge(first, second, agent)
    gone, kept = api.case_for_customer(yue, first), api.case_for_customer(yue, second)
    assert (gone.row.state, gone.merged_into) == ("merged", second)
    assert kept.row.operation_reference == refused and kept.row.priority <= 3
    assert [e.facts for e in kept.events if e.kind == "merged"] == [{"from": first}]
    assert api.open_case_about(yue, "operation", wallet.find_operation(refused)[0]) == second
    assert Notice.objects.filter(owner=yue, kind="care.merged").count() == 1


def test_cases_of_two_customers_are_never_merged(case, agent, yue):
    other = api.open_case(yue, "fees", "x", [], key="o")
    api.take(case, agent)
    for ends in (other, case):
        assert code_of(api.merge, ends, case, agent) == "case_merge_refused"
    assert code_of(api.merge, "ACCCCCCCCC", case, agent) == "not_found"


def test_whoever_does_not_answer_is_reminded_and_then_it_counts_as_solved(answered, customer):
    assert api.follow_up_waiting() == 0
    with clock.stopped(MONDAY_MORNING + 3 * DAY):
        assert (api.follow_up_waiting(), api.follow_up_waiting()) == (1, 0)
    with clock.stopped(MONDAY_MORNING + 9 * DAY):
        assert api.follow_up_waiting() == 0
    with clock.stopped(MONDAY_MORNING + 10 * DAY + HOUR):
        assert api.follow_up_waiting() == 1
        view = api.case_for_customer(customer, answered)
        assert (view.row.state, view.may_reopen) == ("resolved", True)
    sent = Notice.objects.filter(owner=customer).values_list("kind", flat=True)
    assert {"care.reminder", "care.resolved"} <= set(sent)


def test_an_answer_ends_the_waiting_and_a_late_reminder_leaves_its_time(answered, customer):
    with clock.stopped(MONDAY_MORNING + 20 * DAY):
        assert api.follow_up_waiting() == 1
        assert Case.objects.get().state == "waiting_customer", "nobody is reminded and shut out at once"
        api.reply(answered, me(customer), "Here I am.", key="r")
    with clock.stopped(MONDAY_MORNING + 40 * DAY):
        assert api.follow_up_waiting() == 0


# Calls


def test_slots_lie_within_the_hours_and_are_booked_once_each(operator, case, customer):
    slots = api.free_slots()
    assert slots[0].starts_at == MONDAY_MORNING + HOUR / 2
    local = [slot.starts_at + 8 * HOUR for slot in slots]
    assert {t.isoweekday() for t in local} <= {1, 2, 3, 4, 5}
    assert all(9 <= t.hour < 18 and t.hour != 12 for t in local)
    policies.publish("care.callbacks", {"capacity": 1}, SYSTEM)
    api.book_callback(case, me(customer), slots[0].starts_at)
    assert slots[0] not in api.free_slots() and slots[1] in api.free_slots()
    other = UUID(int=5)
    second = api.open_case(other, "fees", "x", [], key="o")
    assert code_of(api.book_callback, second, me(other), slots[0].starts_at) == "callback_slot_taken"
    api.book_callback(second, me(other), slots[1].starts_at)


@pytest.mark.parametrize("minutes", [-60, 10, 31, 60 * 14, 60 * 24 * 40])
def test_refuses_a_time_that_is_no_slot(case, customer, minutes):
    moment = MONDAY_MORNING + timedelta(minutes=minutes)
    assert code_of(api.book_callback, case, me(customer), moment) == "callback_slot_taken"


def test_a_booked_call_is_a_promise_that_is_moved_and_cancelled(case, customer):
    first, second = api.free_slots()[:2]
    api.book_callback(case, me(customer), first.starts_at)
    assert code_of(api.book_callback, case, me(customer), second.starts_at) == "callback_booked_already"
    api.move_callback(case, me(customer), second.starts_at)
    promised = Promise.objects.get(what="call_back", state="open")
    assert promised.by_when == second.ends_at
    api.cancel_callback(case, me(customer))
    assert not Promise.objects.filter(what="call_back", state="open").exists()
    assert code_of(api.cancel_callback, case, me(customer)) == "callback_moved_on"


def test_a_call_is_written_down_before_it_is_dialled(case, customer, agent, colleague):
    slot = api.free_slots()[0]
    api.book_callback(case, me(customer), slot.starts_at)
    call = api.callbacks_open()[0]
    assert code_of(api.begin_call, call.id, agent) == "case_not_yours"
    api.take(case, agent)
    assert code_of(api.begin_call, call.id, agent) == "callback_too_early"
    with clock.stopped(slot.starts_at):
        api.begin_call(call.id, agent)
        shown = api.callback_of(case, customer)
        assert (shown.state, shown.badge) == ("calling", people.badge_of(UUID(agent.id)))
        assert shown.number == "+86 400 000 0000"
        assert code_of(api.end_call, call.id, colleague, reached=True) == "case_not_yours"
        api.end_call(call.id, agent, reached=True)
        assert code_of(api.begin_call, call.id, agent) == "callback_moved_on"
    assert Promise.objects.get(what="call_back").state == "kept"
    assert [row.state for row in api.callbacks_ended()] == ["reached"]


def test_who_is_not_reached_keeps_the_place_three_times(case, customer, agent):
    api.take(case, agent)
    api.book_callback(case, me(customer), api.free_slots()[0].starts_at)
    place = Callback.objects.get().place_at
    for number in range(1, 4):
        row = Callback.objects.get()
        with clock.stopped(row.starts_at):
            api.begin_call(row.id, agent)
            api.end_call(row.id, agent, reached=False)
        row.refresh_from_db()
        assert (row.tries, row.place_at) == (number, place)
        assert row.state == ("booked" if number < 3 else "missed")
    kinds = list(Notice.objects.filter(owner=customer).values_list("kind", flat=True))
    assert kinds.count("care.call_missed") == 2 and kinds.count("care.call_given_up") == 1
    assert Promise.objects.filter(what="call_back", state="kept").count() == 3


def test_without_a_hotline_with_hours_no_time_is_offered(db):
    assert api.free_slots() == []


def test_a_case_that_ends_takes_its_call_along(case, customer):
    api.book_callback(case, me(customer), api.free_slots()[0].starts_at)
    api.withdraw(case, me(customer))
    assert Callback.objects.get().state == "cancelled" and api.callbacks_open() == []


# Surveys and evidence


def test_what_customers_say_is_counted_for_whoever_solved_it(answered, customer, agent):
    api.resolve(answered, agent)
    api.rate(answered, me(customer), 4, solved=True, effort=2)
    api.rate(answered, me(customer), 5, solved=True, effort=1)
    whole, mine = api.survey_figures()
    assert (whole.staff, whole.answers, whole.rating, whole.solved_percent, whole.effort) == (
        None,
        1,
        5.0,
        100,
        1.0,
    )
    assert mine.staff == UUID(agent.id) and Survey.objects.count() == 1
    view = api.case_for_customer(customer, answered)
    assert (view.solved, view.effort) == (True, 1)
    assert code_of(api.rate, answered, me(customer), 5, effort=6) == "case_rating_out_of_range"
    with clock.stopped(MONDAY_MORNING + 100 * DAY):
        assert api.survey_figures() == []


def test_evidence_keeps_the_digest_of_the_original(operator, customer, picture):
    upload = picture()
    api.open_case(customer, "fees", "See", [upload], key="e")
    kept = Evidence.objects.get()
    assert len(kept.original_sha256) == 64 and kept.original_sha256 != ""


def test_promises_and_clocks_stand_in_the_case(case, customer, agent):
    view = api.case_for_customer(customer, case)
    assert {clock.metric for clock in view.clocks if clock.told} == {"first_reply", "resolve"}
    assert {promise.state for promise in view.promises} == {"open"}
    with clock.stopped(MONDAY_MORNING + 3 * DAY):
        api.note_late()
        states = {p.what: p.state for p in api.case_for_customer(customer, case).promises}
    assert states["reply"] == "broken"


def test_a_transfer_is_not_asked_for_again(yue, ming):
    outcome = wallet.send_transfer(
        yue, phone="+8613900139000", amount=Money(60_000, "CNY"), pin=PIN, key="another"
    )
    form = api.case_form(yue, "transfer", outcome.reference)
    assert [question.name for question in form.questions] == ["trouble"]


def sign_in(person, **more) -> None:
    at, name = more.pop("at", clock.now()), more.pop("device")
    device, _ = Device.objects.get_or_create(
        person_id=person, name=name, token=name.encode(),
        defaults={"label": "Phone", "kind": "phone", "first_at": at, "seen_at": at},
    )  # fmt: skip
    SignIn.objects.create(
        person_id=person,
        device=device,
        session_key="x",
        generation=1,
        at=at,
        seen_at=at,
        methods="password",
        **more,
    )


def test_devices_and_where_somebody_signed_in_last_are_known_and_not_asked(yue) -> None:
    sign_in(yue, device="Pixel", place="Beijing", at=clock.now() - timedelta(days=2))
    sign_in(yue, device="Pixel", place="Shanghai")
    sign_in(yue, device="Old", place="Kunming", at=clock.now() - timedelta(days=9), unusual=True)
    known = api.case_form(yue, "sign_in")
    assert [(one.name, one.place, one.unusual) for one in known.devices] == [
        ("Pixel", "Shanghai", False), ("Old", "Kunming", True),
    ]  # fmt: skip
    assert api.case_form(yue, "fees").devices == (), "where it matters to nobody it is not looked at"
    assert api.case_form(yue, "stolen_account").questions[0].name == "since"
    sign_in(yue, device="Thief", place="Elsewhere", denied_at=clock.now())
    asked = [q.name for q in api.case_form(yue, "stolen_account").questions]
    assert "since" not in asked and asked


def test_the_form_says_what_is_known_of_sign_ins_in_the_readers_language(yue) -> None:
    sign_in(yue, device="Pixel", place="Shanghai", unusual=True)
    device = api.case_form(yue, "not_me").devices[0]
    with translation.override("en"):
        assert device_known(device).startswith("Last sign-in from an unusual place: Pixel, Shanghai, ")
    with translation.override("zh-hans"):
        assert "Pixel" in device_known(device) and "sign-in" not in device_known(device)


def test_nobody_reads_of_anothers_devices(yue, ming) -> None:
    sign_in(yue, device="Pixel", place="Shanghai")
    assert api.case_form(ming, "sign_in").devices == ()
