"""The desk over HTTP and through its door."""

import re

import pytest
from django.test import Client

from guitai.audit import api as audit
from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.desk import api, errors
from guitai.kit.operator import operator
from guitai.wallet import api as wallet
from tests.desk.conftest import MING, PASSWORD, YUE, staff_client

pytestmark = pytest.mark.django_db


def text(response) -> str:
    return response.content.decode()


def key_in(response) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', text(response))[1]


def test_an_agent_takes_answers_and_solves(wen, yue, refused):
    client, _ = wen
    assert operator().brand["en"] in text(client.get("/desk/"))
    page = text(client.get(f"/desk/cases/{spoken(refused).lower()}/"))
    assert "Take the case first." in page and "Why was it refused?" in page
    assert client.post(f"/desk/cases/{refused}/assignment/", {"verb": "take"}).status_code == 302
    page = client.get(f"/desk/cases/{refused}/")
    client.post(
        f"/desk/cases/{refused}/messages/",
        {"verb": "reply", "words": "The PIN was wrong.", "key": key_in(page), "next_turn": "us"},
    )
    client.post(
        f"/desk/cases/{refused}/messages/", {"verb": "note", "words": "Second time this week.", "key": "n"}
    )
    assert client.post(f"/desk/cases/{refused}/resolution/", {"words": ""}).status_code == 302
    view = care.case_for_customer(yue, refused)
    said = [event.message.words for event in view.events if event.message]
    assert view.row.state == "resolved" and said == ["Why was it refused?", "The PIN was wrong."]


def test_the_screen_is_masked_and_every_look_is_recorded(wen, yue, refused):
    client, agent = wen
    page = text(client.get(f"/desk/cases/{refused}/"))
    assert "林*" in page and "138****8000" in page
    assert "林月" not in page and YUE not in page and "13800138000" not in page
    case = care.case_for_customer(yue, refused)
    looks = audit.entries_about(("case", str(case.row.id)))
    assert (looks[0].entry.action, looks[0].entry.actor) == ("care.case_read", agent)
    operation = wallet.operation(yue, case.row.operation_reference).view
    seen = audit.entries_about(("operation", str(operation.id)))[0].entry
    assert (seen.purpose.kind, seen.purpose.id) == ("case", str(case.row.id))


def test_in_full_only_with_a_reason(wen, yue, refused):
    client, _ = wen
    refusal = client.post(f"/desk/cases/{refused}/reading/", {"reason": " \x00 "})
    assert refusal.status_code == 422 and "林月" not in text(refusal)
    page = client.post(f"/desk/cases/{refused}/reading/", {"reason": "customer asked to confirm the name"})
    assert "林月" in text(page)
    assert "林月" not in text(client.get(f"/desk/cases/{refused}/"))
    recorded = audit.entries_about(("person", str(yue)), actions=("person.profile_read",))[0].entry
    assert recorded.purpose.reason == "customer asked to confirm the name"


def test_two_agents_and_one_case(wen, rao, refused):
    client, _ = wen
    other, _ = rao
    client.post(f"/desk/cases/{refused}/assignment/", {"verb": "take"})
    late = other.post(f"/desk/cases/{refused}/assignment/", {"verb": "take"}, follow=True)
    assert "A colleague was faster" in text(late) and "held by Wen" in text(late)
    told = other.post(
        f"/desk/cases/{refused}/messages/", {"verb": "reply", "words": "typed words", "key": "k"}
    )
    assert told.status_code == 422 and "Only the agent who holds a case" in text(told)
    assert "typed words" in text(told)
    client.post(f"/desk/cases/{refused}/assignment/", {"verb": "release"})
    assert other.post(f"/desk/cases/{refused}/assignment/", {"verb": "take"}).status_code == 302
    assert "held by Rao" in text(client.get(f"/desk/cases/{refused}/"))


def test_never_solved_in_silence_and_says_so_on_the_page(wen, refused):
    client, _ = wen
    client.post(f"/desk/cases/{refused}/assignment/", {"verb": "take"})
    answer = client.post(f"/desk/cases/{refused}/resolution/", {"words": ""})
    assert answer.status_code == 422 and "never solved in silence" in text(answer)
    assert (
        client.post(f"/desk/cases/{refused}/resolution/", {"words": "The PIN was wrong."}).status_code == 302
    )


def test_the_search_box_takes_any_reference(wen, yue, refused, held_transfer):
    client, _ = wen
    operation = care.case_for_customer(yue, refused).row.operation_reference
    for typed in (refused, spoken(refused).lower(), operation, f" {spoken(operation)} "):
        assert client.get("/desk/search/", {"q": typed}).url == f"/desk/cases/{refused}/"
    assert client.get("/desk/search/", {"q": held_transfer}).url == f"/desk/operations/{held_transfer}/"
    for typed in ("", "nonsense", "ACCCCCCCCC", "<script>alert(1)</script>"):
        page = client.get("/desk/search/", {"q": typed})
        assert page.status_code == 200 and "<script>alert" not in text(page)
    assert client.get("/desk/cases/ACCCCCCCCC/").status_code == 404


def test_a_held_transfer_opens_for_review_and_is_decided_by_a_supervisor(wen, rao, yue, ming, held_transfer):
    agent, _ = wen
    supervisor, who = rao
    assert spoken(held_transfer) in text(supervisor.get("/desk/held/"))
    closed = text(supervisor.get(f"/desk/operations/{held_transfer}/"))
    assert "15,000" not in closed
    assert supervisor.post(f"/desk/operations/{held_transfer}/", {"reason": ""}).status_code == 422
    assert "15,000" in text(
        supervisor.post(f"/desk/operations/{held_transfer}/", {"reason": "review of holds"})
    )
    decision = {"verdict": "release", "reason": "known payee"}
    assert agent.post(f"/desk/operations/{held_transfer}/decision/", decision).status_code == 403
    assert wallet.operation(yue, held_transfer).view.state == "held"
    assert (
        supervisor.post(f"/desk/operations/{held_transfer}/decision/", decision | {"reason": ""}).status_code
        == 422
    )
    assert supervisor.post(f"/desk/operations/{held_transfer}/decision/", decision).status_code == 302
    assert wallet.operation(yue, held_transfer).view.state in ("sent", "succeeded")
    with pytest.raises(Exception, match="hold_not_open"):
        api.decide_hold(held_transfer, who, release=False, reason="again")


def test_a_hold_with_a_case_is_decided_there(wen, rao, yue, held_transfer):
    case = care.open_case(yue, None, "Why on hold?", [], operation=held_transfer, key="h")
    agent, who = wen
    supervisor, _ = rao
    assert "a supervisor decides" in text(agent.get(f"/desk/cases/{case}/"))
    form = {"operation": held_transfer, "verdict": "decline", "reason": "customer changed their mind"}
    assert agent.post(f"/desk/cases/{case}/decision/", form).status_code == 403
    with pytest.raises(errors.SupervisorNeeded):
        api.decide_hold(held_transfer, who, release=True, reason="x", case=case)
    assert supervisor.post(f"/desk/cases/{case}/decision/", form).status_code == 302
    assert wallet.operation(yue, held_transfer).view.state == "returned"
    assert "customer changed their mind" in text(agent.get(f"/desk/cases/{case}/"))
    told = care.case_for_customer(yue, case)
    assert not any(event.message and event.message.internal for event in told.events)


def test_an_operation_without_case_or_hold_stays_closed(wen, yue):
    client, agent = wen
    top_up = wallet.operations(yue).items[-1].reference
    page = client.get(f"/desk/operations/{top_up}/")
    assert "No case is about this operation" in text(page)
    with pytest.raises(Exception, match="purpose_not_real"):
        api.look_at_operation(top_up, agent, "curious")


def test_only_staff_with_both_steps_come_in(yue, refused):
    customer = Client()
    customer.post("/sign-in/", {"phone": "13800138000", "password": PASSWORD})
    for address in ("/desk/", f"/desk/cases/{refused}/", "/desk/held/"):
        assert customer.get(address).status_code == 404
        assert Client().get(address).url.startswith("/staff/sign-in/")
    half = Client()
    staff_client("wen@guitai.example", "Wen", "agent")
    half.post("/staff/sign-in/", {"email": "wen@guitai.example", "password": PASSWORD})
    assert half.get("/desk/").status_code == 302


def test_the_queue_takes_a_fixed_number_of_queries(wen, yue, ming, django_assert_max_num_queries):
    for number in range(12):
        care.open_case(yue if number % 2 else ming, "fees", "x", [], key=str(number))
    _, agent = wen
    from uuid import UUID

    with django_assert_max_num_queries(6):
        assert len(api.queue(UUID(agent.id), "all").lines) == 12


def test_empty_lists_teach(wen):
    client, _ = wen
    for address, words in (
        ("/desk/", "New cases appear here"),
        ("/desk/?queue=mine", "Take one from Unassigned"),
        ("/desk/held/", "Nothing is held"),
        ("/desk/exceptions/", "Every notice has been settled"),
    ):
        assert words in text(client.get(address))
    assert MING not in text(client.get("/desk/"))
