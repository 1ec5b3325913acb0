"""The staff's pages about safety: who is on call, what stops a customer, and what staff may lift."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit import api as audit
from guitai.audit import purposes
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.kit import policies
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import EmailInvalid, PhoneInvalid, ReleaseNeedsProof, StandingChanged
from guitai.people.flows.freeze_now import freeze_provisionally
from guitai.people.standing_policy import OnCall, standing_policy
from tests.desk.conftest import staff_client
from tests.people.conftest import PHONE
from tests.people.identity_support import LIN, staff
from tests.wallet.conftest import settle_topics

CASE = "01a1b2c3-0000-7000-8000-000000000001"
LINES = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0"}


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    policies.forget()
    monkeypatch.setitem(purposes._checkers, "case", lambda actor, purpose: purpose.id == CASE)
    monkeypatch.setitem(purposes._checkers, "policy", people.is_policy_purpose)


@pytest.fixture
def supervisor(db: None) -> Client:
    return staff_client("rao@guitai.example", "Rao", "supervisor")[0]


@pytest.fixture
def agent(db: None) -> Client:
    return staff_client("wen@guitai.example", "Wen", "agent")[0]


def line(number: int, channel: str, address: str, language: str = "en") -> dict[str, str]:
    return {
        f"form-{number}-channel": channel,
        f"form-{number}-address": address,
        f"form-{number}-language": language,
    }


def test_a_supervisor_names_who_is_on_call_and_they_are_told_at_once(supervisor: Client) -> None:
    assert "Nobody is on call" in supervisor.get("/staff/safety/").content.decode()
    given = {
        **LINES, **line(0, "sms", "137 0013 7000", "zh-hans"), **line(1, "email", "night@guitai.example"),
        "reason": "duty of November",
    }  # fmt: skip
    assert supervisor.post("/staff/on-call/", given).url == "/staff/safety/"
    assert people.on_call() == (
        OnCall("sms", "+8613700137000", "zh-hans"), OnCall("email", "night@guitai.example", "en"),
    )  # fmt: skip
    notify.deliver_due()
    assert [item.kind for item in notify.outbox("+8613700137000")] == ["people.on_call_set"]
    assert [item.kind for item in notify.outbox("night@guitai.example")] == ["people.on_call_set"]
    page = supervisor.get("/staff/safety/").content.decode()
    assert "137****7000" in page and "13700137000" not in page
    entry = audit.entries_about(("policy", "standing"))[0].entry
    assert (entry.action, entry.purpose and entry.purpose.reason) == ("policy.published", "duty of November")


def test_a_provisional_freeze_wakes_everybody_on_call_on_their_own_way(customer, supervisor: Client) -> None:
    people.declare_identity(customer, LIN)
    given = {
        **LINES,
        **line(0, "sms", "13700137000"),
        **line(1, "email", "night@guitai.example"),
        "reason": "duty",
    }
    supervisor.post("/staff/on-call/", given)
    with clock.stopped(datetime(2026, 11, 22, 3, tzinfo=UTC)):
        freeze_provisionally(PHONE, "002X", source="203.0.113.9")
        settle_topics()
        assert people.standing(customer).state == "frozen"
        notify.deliver_due()
    for address in ("+8613700137000", "night@guitai.example"):
        said = notify.outbox(address)[0]
        assert said.kind == "people.on_call" and "138" not in said.body, "it names nobody"


def test_an_address_is_checked_before_anybody_depends_on_it(supervisor: Client) -> None:
    for channel, address in (("sms", "12345"), ("email", "not an address")):
        answer = supervisor.post("/staff/on-call/", {**LINES, **line(0, channel, address), "reason": "duty"})
        assert answer.status_code == 422 and address in answer.content.decode()
    assert supervisor.post("/staff/on-call/", {**LINES, **line(0, "sms", "13700137000")}).status_code == 422
    named = {"channel": "sms", "address": "+8613700137000"}
    policies.publish("standing", {"lock_hours": 5, "on_call": [named]}, SYSTEM)
    rao = staff("supervisor", "Rao2")
    with pytest.raises(PhoneInvalid):
        people.set_on_call(rao, [OnCall("sms", "12345")], "duty")
    with pytest.raises(EmailInvalid):
        people.set_on_call(rao, [OnCall("email", "nobody")], "duty")


def test_changing_who_is_on_call_changes_nothing_else_of_the_policy(supervisor: Client) -> None:
    policies.publish(
        "standing", {"lock_hours": 5, "on_call": [{"channel": "sms", "address": "+8613700137000"}]}, SYSTEM
    )
    assert (
        supervisor.post("/staff/on-call/", {**LINES, **line(0, "sms", ""), "reason": "nobody any more"}).url
        == "/staff/safety/"
    )
    assert standing_policy().lock_hours == 5 and people.on_call() == ()


def test_an_agent_sees_what_waits_and_sets_nothing(agent: Client) -> None:
    page = agent.get("/staff/safety/").content.decode()
    assert "/staff/release-documents/" in page and "/staff/on-call/" not in page
    assert agent.get("/staff/on-call/").status_code == 403


def path(person: UUID) -> str:
    return f"/staff/standing/{person}/?case={CASE}"


def test_staff_see_every_cause_with_its_class_and_only_for_a_case(customer, agent: Client) -> None:
    people.freeze_self(customer, proof="session")
    people.freeze(
        customer, Actor("system", "risk"), "by_risk", disclosure="silent", evidence={"rule": "mule"}
    )
    page = agent.get(path(customer)).content.decode()
    assert "by yourself" in page and "do not mention it" in page and "mule" in page
    assert page.count("Lift this") == 0, "an agent lifts nothing"
    assert agent.get(f"/staff/standing/{customer}/?case=none").status_code == 403
    seen = audit.entries_about(("person", str(customer)), actions=("person.standing_read",))
    assert len(seen) == 1 and seen[0].entry.purpose and seen[0].entry.purpose.id == CASE


def test_a_supervisor_lifts_a_chosen_cause_and_no_other(customer, supervisor: Client) -> None:
    people.freeze_self(customer, proof="session")
    people.freeze(customer, Actor("system", "risk"), "by_risk", basis="one")
    people.freeze(customer, Actor("system", "risk"), "by_risk", basis="two")
    one, two = [cause for cause in people.standing(customer).causes if cause.reason == "by_risk"]
    page = supervisor.get(path(customer)).content.decode()
    assert str(one.id) in page and str(two.id) in page
    assert supervisor.post(path(customer), {"cause": str(one.id)}).status_code == 422, "a reason is needed"
    assert supervisor.post(path(customer), {"cause": str(one.id), "reason": "looked at"}).status_code == 302
    left = people.standing(customer).causes
    assert {cause.reason for cause in left} == {"by_customer", "by_risk"} and one.id not in {
        c.id for c in left
    }
    assert people.history(customer)[0].action == "release"


def test_an_agent_freezes_for_a_case_and_a_supervisor_opens_again(
    customer, agent: Client, supervisor: Client
) -> None:
    assert agent.post(path(customer), {"verb": "freeze"}).status_code == 422, "a reason is needed"
    assert (
        agent.post(path(customer), {"verb": "freeze", "reason": "the caller's phone was stolen"}).status_code
        == 302
    )
    cause = people.standing(customer).causes[0]
    assert (cause.reason, cause.basis) == ("by_staff", CASE) and people.standing(customer).stops("withdrawal")
    assert agent.post(path(customer), {"cause": str(cause.id), "reason": "me"}).status_code == 422
    assert (
        supervisor.post(path(customer), {"cause": str(cause.id), "reason": "it is found"}).status_code == 302
    )
    assert people.standing(customer).state == "active"


def test_what_the_customer_lifts_is_not_lifted_by_staff(customer, supervisor: Client) -> None:
    people.freeze_self(customer, proof="session")
    cause = people.standing(customer).causes[0]
    answer = supervisor.post(path(customer), {"cause": str(cause.id), "reason": "they asked"})
    assert answer.status_code == 422 and people.standing(customer).state == "frozen"
    purpose = Purpose("case", CASE, "they asked")
    with pytest.raises(ReleaseNeedsProof):
        people.release_by_staff(customer, staff("supervisor", "Rao2"), cause=cause.id, purpose=purpose)
    with pytest.raises(StandingChanged):
        people.release_by_staff(customer, staff("supervisor", "Rao3"), cause=customer, purpose=purpose)


def test_an_agent_cannot_lift_by_sending_the_form_of_a_supervisor(customer, agent: Client) -> None:
    people.freeze(customer, Actor("system", "risk"), "by_risk")
    cause = people.standing(customer).causes[0]
    agent.post(path(customer), {"cause": str(cause.id), "reason": "me"})
    assert people.standing(customer).state == "frozen"


def test_pages_are_closed_to_customers(signed_in: Client, customer) -> None:
    for page in ("/staff/safety/", "/staff/on-call/", path(customer)):
        assert signed_in.get(page).status_code == 404 and Client().get(page).status_code == 302
