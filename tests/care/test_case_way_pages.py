"""The pages and the API for how a case goes on: somebody higher, taken back, merged, drafts, calls, surveys."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.http import HttpResponse
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.care import api
from guitai.care.models import Callback, ContactReport, Draft, Survey
from guitai.kit.explain import explain
from guitai.people import api as people
from guitai.people.models import User
from tests.care.test_endpoints import App
from tests.desk.conftest import staff_client

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}
PHONE = "+8613800138000"


def browser(person: UUID) -> Client:
    client = Client(headers=EN)
    client.force_login(User.objects.get(id=person))
    return client


def text_of(answer: HttpResponse) -> str:
    return answer.content.decode()


def me(person: UUID) -> Actor:
    return Actor("customer", str(person))


@pytest.fixture
def wen() -> tuple[Client, Actor]:
    return staff_client("wen@guitai.example", "Wen", "agent")


@pytest.fixture
def rao() -> tuple[Client, Actor]:
    return staff_client("rao@guitai.example", "Rao", "supervisor")


@pytest.fixture
def mine(yue: UUID) -> str:
    """A case of Yue's."""
    return api.open_case(yue, "fees", "Which fee is this?", [], key="mine")


@pytest.fixture
def answered(mine: str, wen: tuple[Client, Actor]) -> str:
    api.take(mine, wen[1])
    api.reply(mine, wen[1], "Fifty fen.", key="a")
    return mine


# Somebody higher


def test_somebody_higher_is_refused_before_an_answer_and_says_why(yue: UUID, mine: str) -> None:
    page = browser(yue).post(f"/cases/{mine}/escalation/", {"words": "Too slow for me."}, follow=True)
    said = explain("case_escalation_too_soon", {})
    assert said.title in text_of(page) and "Ask for someone higher" not in text_of(page)
    assert not api.case_for_customer(yue, mine).row.escalated


def test_words_are_missing_where_they_are_written(yue: UUID, answered: str) -> None:
    page = browser(yue).post(f"/cases/{answered}/escalation/", {"words": " "})
    assert page.status_code == 422 and explain("case_words_missing", {}).reason in text_of(page)


def test_somebody_higher_takes_it_after_an_answer(yue: UUID, answered: str) -> None:
    page = browser(yue)
    assert "Ask for someone higher" in text_of(page.get(f"/cases/{answered}/"))
    done = page.post(f"/cases/{answered}/escalation/", {"words": "That is no answer."}, follow=True)
    assert "A supervisor looks at it now" in text_of(done) and "That is no answer." in text_of(done)
    assert api.case_for_customer(yue, answered).row.escalated
    assert "Ask for someone higher" not in text_of(page.get(f"/cases/{answered}/"))


def test_an_app_asks_for_somebody_higher(yue: UUID, answered: str) -> None:
    app = App(PHONE)
    assert app.post(f"/cases/{answered}/escalation", {"words": ""}).json()["code"] == "case_words_missing"
    assert app.post(f"/cases/{answered}/escalation", {"words": "Really?"}).status_code == 204
    again = app.post(f"/cases/{answered}/escalation", {"words": "Really?"})
    assert (again.status_code, again.json()["type"]) == (409, "urn:guitai:problem:case_escalated_already")


# Taken back


def test_a_question_is_taken_back_once(yue: UUID, mine: str) -> None:
    page = browser(yue)
    first = page.post(f"/cases/{mine}/withdrawal/", follow=True)
    assert "You took the question back" in text_of(first)
    assert api.case_for_customer(yue, mine).row.state == "withdrawn"
    again = page.post(f"/cases/{mine}/withdrawal/", follow=True)
    assert again.status_code == 200 and "You took the question back" not in text_of(again)


def test_an_app_takes_a_question_back(yue: UUID, mine: str) -> None:
    app = App(PHONE)
    assert app.post(f"/cases/{mine}/withdrawal", {}).status_code == 204
    assert app.get(f"/cases/{mine}").json()["state"] == "withdrawn"
    assert app.post(f"/cases/{mine}/withdrawal", {}).status_code == 409


WAYS = ("escalation", "withdrawal", "callback", "rating", "messages", "reopening")


@pytest.mark.parametrize("way", WAYS)
def test_a_case_of_somebody_else_has_no_ways(yue: UUID, ming: UUID, mine: str, way: str) -> None:
    assert browser(ming).post(f"/cases/{mine}/{way}/", {"words": "x"}).status_code == 404
    nobody = Client(headers=EN).post(f"/cases/{mine}/{way}/", {"words": "x"})
    assert nobody.status_code == 302 and nobody["Location"].startswith("/sign-in/")
    assert api.case_for_customer(yue, mine).row.state == "triaged"


# Merged


def test_two_cases_become_one_at_the_desk(yue: UUID, mine: str, wen: tuple[Client, Actor]) -> None:
    client, agent = wen
    other = api.open_case(yue, "other", "And another thing.", [], key="other")
    api.take(mine, agent)
    page = client.get(f"/desk/cases/{other}/merge/")
    assert f"?into={mine}" in text_of(page)
    assert mine in text_of(client.get(f"/desk/cases/{other}/merge/?into={mine}"))
    done = client.post(f"/desk/cases/{other}/merge/", {"into": mine})
    assert (done.status_code, done["Location"]) == (302, f"/desk/cases/{mine}/")
    row = api.case_for_customer(yue, other)
    assert (row.row.state, row.merged_into) == ("merged", mine)


def test_what_cannot_be_merged_is_said_where_it_was_asked(
    yue: UUID, ming: UUID, mine: str, wen: tuple[Client, Actor]
) -> None:
    client, agent = wen
    api.take(mine, agent)
    theirs = api.open_case(ming, "fees", "Mine?", [], key="theirs")
    for into in (theirs, "7KMR3AXWH4", mine, ""):
        assert client.post(f"/desk/cases/{mine}/merge/", {"into": into}).status_code == 422
    assert api.case_for_customer(yue, mine).row.state == "in_progress"
    assert browser(yue).get(f"/desk/cases/{mine}/merge/").status_code != 200


# Drafts


def test_a_draft_is_kept_by_a_button_shown_again_and_thrown_away(yue: UUID) -> None:
    page = browser(yue)
    kept = page.post("/cases/drafts/", {"draft": "new:fees:", "words": "Half a question", "files": "x"})
    assert (kept.status_code, kept["Location"]) == (302, "/cases/new/?category=fees")
    assert "Half a question" in text_of(page.get(kept["Location"]))
    dropped = page.post("/cases/drafts/", {"draft": "new:fees:", "verb": "drop"}, follow=True)
    assert "Thrown away" in text_of(dropped) and not Draft.objects.exists()


def test_a_page_keeps_a_draft_by_itself_without_a_word(yue: UUID, mine: str) -> None:
    page, quiet = browser(yue), {**EN, "x-requested-with": "draft"}
    form = {"draft": f"reply:{mine}", "words": "Not yet"}
    assert page.post("/cases/drafts/", form, headers=quiet).status_code == 204
    assert "Not yet" in text_of(page.get(f"/cases/{mine}/"))
    nonsense = page.post("/cases/drafts/", {"draft": "../etc", "words": "x"}, headers=quiet)
    assert nonsense.status_code == 422
    told = page.post("/cases/drafts/", {"draft": "../etc", "words": "x"})
    assert (told.status_code, told["Location"]) == (302, "/counter/")
    page.post(f"/cases/{mine}/messages/", {"words": "Now", "key": "k"})
    assert not Draft.objects.exists(), "what was sent is no draft any more"


# Calls


def test_a_call_is_booked_moved_and_cancelled_in_the_browser(yue: UUID, mine: str) -> None:
    page, address = browser(yue), f"/cases/{mine}/callback/"
    assert mine in text_of(page.get("/callback/"))
    first, second = api.free_slots()[:2]
    assert first.starts_at.isoformat() in text_of(page.get(address))
    booked = page.post(address, {"slot": first.starts_at.isoformat()}, follow=True)
    assert "The call is booked" in text_of(booked)
    assert page.post(address, {"slot": second.starts_at.isoformat()}).status_code == 422
    moved = page.post(address, {"slot": second.starts_at.isoformat(), "verb": "move"}, follow=True)
    assert "The call is moved" in text_of(moved)
    assert Callback.objects.get().starts_at == second.starts_at
    for nonsense in ("", "soon", "2026-11-22T03:00:00+00:00"):
        assert page.post(address, {"slot": nonsense, "verb": "move"}).status_code == 422
    gone = page.post(address, {"verb": "cancel"}, follow=True)
    assert "The call is cancelled" in text_of(gone) and Callback.objects.get().state == "cancelled"


def test_an_app_books_moves_and_cancels_a_call(yue: UUID, mine: str) -> None:
    app, address = App(PHONE), f"/cases/{mine}/callback"
    slots = app.get("/callbacks/slots").json()
    assert len(slots) > 8 and slots[0]["starts_at"] < slots[0]["ends_at"]
    assert app.get(address).status_code == 204
    assert app.post(address, {"starts_at": slots[0]["starts_at"]}).status_code == 204
    told = app.get(address).json()
    assert (told["state"], told["starts_at"], told["number"]) == (
        "booked", slots[0]["starts_at"], "+86 400 000 0000",
    )  # fmt: skip
    assert app.post(address, {"starts_at": slots[1]["starts_at"]}).json()["code"] == "callback_booked_already"
    assert app.post(address, {"starts_at": "soon"}).status_code == 422
    assert app.change("put", address, {"starts_at": slots[1]["starts_at"]}).status_code == 204
    assert app.get(address).json()["starts_at"] == slots[1]["starts_at"]
    assert app.change("delete", address).status_code == 204
    assert app.change("delete", address).json()["code"] == "callback_moved_on"


def test_the_whole_number_is_shown_to_whoever_calls_and_while_they_do(
    yue: UUID, mine: str, wen: tuple[Client, Actor], rao: tuple[Client, Actor]
) -> None:
    client, agent = wen
    slot = api.free_slots()[0]
    api.book_callback(mine, me(yue), slot.starts_at)
    call, written = Callback.objects.get().id, people.written_phone(PHONE)
    early = client.post(f"/desk/callbacks/{call}/", {"verb": "begin"}, follow=True)
    assert written not in text_of(early), "nobody holds the case yet"
    api.take(mine, agent)
    with clock.stopped(slot.starts_at + timedelta(minutes=1)):
        begun = client.post(f"/desk/callbacks/{call}/", {"verb": "begin"}, follow=True)
        assert PHONE in text_of(begun) or written in text_of(begun)
        looks = AuditRow.objects.filter(action="person.profile_read")
        assert looks.count() == 1 and looks.get().actor_id == agent.id
        above = text_of(rao[0].get("/desk/callbacks/"))
        assert PHONE not in above and written not in above
        ended = client.post(f"/desk/callbacks/{call}/", {"verb": "reached"}, follow=True)
        assert PHONE not in text_of(ended) and written not in text_of(ended)
    assert Callback.objects.get().state == "reached"
    assert browser(yue).get("/desk/callbacks/").status_code != 200


# Surveys, figures, reports


def test_what_customers_say_is_for_those_who_decide(
    yue: UUID, answered: str, wen: tuple[Client, Actor], rao: tuple[Client, Actor]
) -> None:
    api.resolve(answered, wen[1])
    page = browser(yue)
    rated = page.post(
        f"/cases/{answered}/rating/", {"rating": "4", "solved": "no", "effort": "5", "words": "Hm."}
    )
    assert rated.status_code == 302
    row = Survey.objects.get()
    assert (row.rating, row.solved, row.effort) == (4, False, 5)
    assert page.post(f"/cases/{answered}/rating/", {"rating": "9"}).status_code == 422
    assert wen[0].get("/desk/surveys/").status_code == 403
    shown = text_of(rao[0].get("/desk/surveys/"))
    assert "Wen" in shown and "4.0" in shown


def test_how_troubles_ended_is_a_table_for_staff(yue: UUID, wen: tuple[Client, Actor]) -> None:
    assert "Nobody has looked yet" in text_of(wen[0].get("/desk/solved/"))
    browser(yue).get("/solve/fees/")
    assert "I do not understand a fee" in text_of(wen[0].get("/desk/solved/"))
    assert browser(yue).get("/desk/solved/").status_code != 200


def test_a_false_contact_is_dealt_with_once(db: None, operator: None, wen: tuple[Client, Actor]) -> None:
    told = Client(headers=EN).post("/contact/report/", {"check": "400-999-1234", "words": "They rang."})
    assert told.status_code == 302 and ContactReport.objects.count() == 1
    report = ContactReport.objects.get().id
    assert "4009991234" in text_of(wen[0].get("/desk/reported/")).replace("-", "")
    assert wen[0].post(f"/desk/reported/{report}/").status_code == 302
    assert "4009991234" not in text_of(wen[0].get("/desk/reported/")).replace("-", "")
    assert "4009991234" in text_of(wen[0].get("/desk/reported/?show=handled")).replace("-", "")
    assert wen[0].post(f"/desk/reported/{UUID(int=3)}/").status_code == 404


def test_an_app_reads_what_a_case_would_be_asked(yue: UUID, refused: str) -> None:
    app = App(PHONE)
    asked = app.get("/cases/form?category=top_up").json()
    assert [one["name"] for one in asked["questions"]] == [
        "way",
        "amount",
        "day",
        "account_end",
        "sender_says",
    ]
    known = app.get(f"/cases/form?operation={refused}").json()
    assert known["category"] == "refused" and known["questions"] == []
    assert (known["known"]["operation"], known["known"]["operation_state"]) == (refused, "refused")
    assert app.get("/cases/form?operation=7KMR3AXWH4").status_code == 404
