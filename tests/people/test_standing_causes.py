"""Several causes at once, each verb in each state: lifting one never lifts another."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client

from guitai.audit import api as audit
from guitai.audit.errors import PurposeMissing
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.kit import topics
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import CauseUnclear, Frozen, StandingChanged
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.freeze_now import freeze_self
from guitai.people.flows.standing import impose
from guitai.people.models import StandingEvent
from guitai.people.rules.standing import KINDS, order_of, told
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db
STAFF, CASE = Actor("staff", "0199-wen"), Purpose("test", "C7KM3AXWH4", "phone stolen")
SECOND = Purpose("test", "C9KM3AXWH4", "court order")


def put(person: UUID, *reasons: str) -> dict[str, UUID]:
    """Impose each reason as its kind has it; gives the causes."""
    for reason in reasons:
        with transaction.atomic():
            # Those that would replace one another in life stand side by side here.
            impose(person, SYSTEM, replace(order_of(reason), basis=reason))
    return {cause.reason: cause.id for cause in people.standing(person).causes}


@pytest.mark.parametrize("kept", ["by_law", "by_risk", "by_staff", "wrong_pin", "inactivity", "by_customer"])
@pytest.mark.parametrize("lifted", ["by_staff", "wrong_password", "by_customer", "by_law", "provisional"])
def test_lifting_one_never_lifts_another(customer, kept: str, lifted: str) -> None:
    if kept == lifted or (lifted, kept) == ("provisional", "by_customer"):
        return
    causes = put(customer, lifted, kept)
    people.release(customer, STAFF, cause=causes[lifted], purpose=CASE)
    now = people.standing(customer)
    assert [cause.reason for cause in now.causes] == [kept]
    assert (now.state, now.scope) == (KINDS[kept].state, KINDS[kept].scope)
    people.release(customer, STAFF, cause=causes[kept], purpose=CASE)
    assert (people.standing(customer).state, people.standing(customer).scope) == ("active", frozenset())


@pytest.mark.parametrize("state", ["", *KINDS])
@pytest.mark.parametrize("verb", ["freeze_self", "freeze", "lock", "expire", "release", "tier"])
def test_every_verb_in_every_state(customer, state: str, verb: str) -> None:
    """One table: the state that a verb leaves behind, for each reason that may stand."""
    before = put(customer, state) if state else {}
    after = before_state = KINDS[state].state if state else "active"
    if verb == "freeze_self":
        people.freeze_self(customer, proof="test")
        after = "closed" if state == "closed" else "frozen"
    elif verb == "freeze":
        people.freeze(customer, STAFF, "by_law", purpose=CASE)
        after = "closed" if state == "closed" else "frozen"
    elif verb == "lock":
        people.lock_after_failures(customer, "wrong_pin")
        after = "locked" if before_state in ("active", "dormant") else before_state
    elif verb == "expire":
        assert expire_due() == 0
    elif verb == "release" and state and state != "closed":
        people.release(customer, STAFF, cause=before[state], purpose=CASE)
        after = "active"
    elif verb == "tier":
        with transaction.atomic():
            people.set_tier(customer, 1, STAFF, purpose=CASE)
    assert people.standing(customer).state == after
    assert people.standing(customer).tier == (1 if verb == "tier" else 0)


def test_who_names_no_cause_must_mean_the_only_one(customer) -> None:
    people.freeze(customer, STAFF, "by_law", purpose=CASE)
    assert people.release(customer, STAFF, purpose=CASE).state == "active"
    people.freeze(customer, STAFF, "by_law", purpose=CASE)
    people.freeze(customer, STAFF, "by_law", purpose=SECOND)
    with pytest.raises(CauseUnclear) as refused:
        people.release(customer, STAFF, purpose=CASE)
    assert len(refused.value.facts["causes"]) == 2
    first = people.standing(customer).causes[0].id
    people.release(customer, STAFF, cause=first, purpose=CASE)
    assert people.standing(customer).state == "frozen"


def test_two_orders_of_one_reason_stand_and_fall_each_by_itself(customer) -> None:
    people.freeze(customer, STAFF, "by_law", purpose=CASE, evidence={"order": "12/2026"})
    people.freeze(customer, STAFF, "by_law", purpose=CASE, evidence={"order": "13/2026"})
    assert len(people.standing(customer).causes) == 1
    people.freeze(customer, STAFF, "by_law", purpose=SECOND)
    assert {cause.basis for cause in people.standing(customer).causes} == {CASE.id, SECOND.id}


def test_a_customer_is_not_told_of_a_silent_cause_by_being_asked_which(customer) -> None:
    people.freeze(customer, STAFF, "by_risk", disclosure="silent", purpose=CASE)
    people.freeze_self(customer, proof="test")
    own = Actor("customer", str(customer))
    after = people.release(customer, own)
    assert (after.state, told(after).state) == ("frozen", "active")


def test_a_renewed_freeze_is_another_cause_and_an_old_release_does_not_touch_it(customer) -> None:
    freeze_self(customer, proof="session")
    first = people.standing(customer).causes[0]
    freeze_self(customer, proof="sms_code")
    second = people.standing(customer).causes[0]
    assert second.id != first.id and second.since == first.since
    with pytest.raises(StandingChanged):
        people.release(customer, STAFF, cause=first.id, purpose=CASE)
    assert people.standing(customer).state == "frozen"


def test_a_firm_freeze_takes_the_place_of_one_for_some_hours(customer) -> None:
    put(customer, "provisional")
    people.freeze_self(customer, proof="sms_code")
    assert [cause.reason for cause in people.standing(customer).causes] == ["by_customer"]


def test_what_ends_by_itself_ends_alone_and_not_before_its_time(customer) -> None:
    noon = datetime(2026, 11, 22, 12, tzinfo=UTC)
    with clock.stopped(noon), transaction.atomic():
        impose(customer, SYSTEM, replace(order_of("provisional"), until=noon + timedelta(hours=12)))
        impose(customer, STAFF, order_of("by_law"), purpose=CASE)
    with clock.stopped(noon + timedelta(hours=11, minutes=59)):
        assert expire_due() == 0
    with clock.stopped(noon + timedelta(hours=12)):
        assert (expire_due(), expire_due()) == (1, 0)
    assert [cause.reason for cause in people.standing(customer).causes] == ["by_law"]
    assert StandingEvent.objects.order_by("-at").first().action == "expire"
    # Another one stands, and its class is limited: the person hears that something remains.
    assert notify.inbox(customer).items[0].kind == "people.released_partly"


def test_a_lock_that_stands_is_not_begun_anew(customer) -> None:
    people.lock_after_failures(customer, "wrong_password")
    first = people.standing(customer).causes[0]
    people.lock_after_failures(customer, "wrong_password")
    assert people.standing(customer).causes[0].id == first.id
    with pytest.raises(ValueError, match="no lock"):
        people.lock_after_failures(customer, "by_law")


@pytest.mark.parametrize(
    ("reason", "out"), [("wrong_password", False), ("wrong_pin", False), ("by_staff", True)]
)
def test_a_lock_for_strangers_failures_signs_the_owner_out_nowhere(
    signed_in: Client, customer, reason: str, out: bool
) -> None:
    if reason == "by_staff":
        people.freeze(customer, STAFF, "by_staff", purpose=CASE)
    else:
        people.lock_after_failures(customer, reason)
    assert (signed_in.get("/me/").status_code == 302) is out


def test_says_upwards_what_is_stopped_and_what_is_left(customer) -> None:
    people.freeze(customer, STAFF, "by_law", scope=frozenset({"receiving"}), purpose=CASE)
    people.freeze_self(customer, proof="test")
    own = next(c for c in people.standing(customer).causes if c.reason == "by_customer")
    people.release(customer, STAFF, cause=own.id, purpose=CASE)
    told_up = [(t.name, t.payload["reason"], t.payload["scope"]) for t in Topic.objects.order_by("id")
               if t.name in ("person.frozen", "person.released")]  # fmt: skip
    assert told_up == [
        ("person.frozen", "by_law", ["receiving"]),
        ("person.frozen", "by_customer", ["receiving", "spending", "withdrawal"]),
        ("person.released", "by_customer", ["receiving"]),
    ]


def test_staff_see_everything_for_a_purpose_and_the_customer_what_they_may(customer) -> None:
    people.freeze(customer, STAFF, "by_risk", disclosure="silent", purpose=CASE, evidence={"rule": "mule"})
    people.freeze(customer, STAFF, "by_law", purpose=SECOND, evidence={"order": "12/2026"})
    people.freeze_self(customer, proof="session")
    seen = people.standing_for_staff(customer, purpose=CASE, reader=STAFF)
    assert {c.reason: c.evidence for c in seen.standing.causes} == {
        "by_risk": {"rule": "mule"}, "by_law": {"order": "12/2026"}, "by_customer": {"proof": "session"},
    }  # fmt: skip
    assert [change.reason for change in seen.history] == ["by_customer", "by_law", "by_risk"]
    assert audit.entries_about(("person", str(customer)))[0].entry.action == "person.standing_read"
    assert [change.reason for change in people.told_history(customer)] == ["by_customer", ""]
    with pytest.raises(PurposeMissing):
        people.standing_for_staff(customer, purpose=None, reader=STAFF)  # type: ignore[arg-type]


def test_pages_of_the_customer_name_neither_silent_nor_limited_reasons(customer) -> None:
    people.freeze(customer, STAFF, "by_risk", disclosure="silent", purpose=CASE, evidence={"rule": "mule"})
    people.freeze(customer, STAFF, "by_law", purpose=SECOND, evidence={"order": "12/2026"})
    client = Client(headers={"accept-language": "en"})
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    for path in ("/me/standing/", "/me/standing/history/", "/me/"):
        page = client.get(path).content.decode()
        for secret in ("12/2026", "mule", "by_law", "by_risk", "authority", "unusual happened"):
            assert secret not in page, (path, secret)
    assert client.get("/me/standing/").content.decode().count("people-reason") == 1


def test_a_new_pin_waits_for_a_freeze_but_not_for_a_lock_of_the_sign_in(customer) -> None:
    people.lock_after_failures(customer, "wrong_password")
    people.set_pin(customer, "314159", PASSWORD, current=PIN)
    people.lock_after_failures(customer, "wrong_pin")
    with pytest.raises(Frozen):
        people.set_pin(customer, "271829", PASSWORD, current="314159")
    people.freeze(customer, STAFF, "by_risk", disclosure="silent", purpose=CASE)
    for cause in people.standing(customer).causes:
        if cause.reason.startswith("wrong"):
            people.release(customer, STAFF, cause=cause.id, purpose=CASE)
    # What is silent refuses nothing that would tell of it.
    people.set_pin(customer, "271829", PASSWORD, current="314159")


@pytest.mark.parametrize(("locks", "state"), [(1, "active"), (2, "active"), (3, "locked"), (7, "locked")])
def test_a_pin_locked_again_and_again_locks_the_wallet(customer, locks: int, state: str) -> None:
    people.pin_locked({"person": str(customer), "locks": locks})
    assert people.standing(customer).state == state
    people.pin_locked({"person": str(new_id()), "locks": locks})


def test_the_tier_is_written_once_with_its_record(customer) -> None:
    with transaction.atomic():
        people.set_tier(customer, 2, STAFF, purpose=CASE, evidence={"review": "r1"})
        people.set_tier(customer, 2, STAFF, purpose=CASE)
        assert people.lock_standing([customer])[customer].tier == 2
    assert people.profile(customer, purpose=None).tier == 2
    assert StandingEvent.objects.filter(action="tier").count() == 1
    assert people.history(customer)[0].evidence == {"tier_before": "0", "tier": "2", "review": "r1"}
    assert people.standing(customer).state == "active"


def test_locked_standings_carry_no_more_than_the_till_asks_for(customer) -> None:
    other = people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    people.freeze_self(customer, proof="test")
    with transaction.atomic():
        found = people.lock_standing([other, customer, other, new_id()])
    assert {p: (s.state, s.causes, s.release) for p, s in found.items()} == {
        customer: ("frozen", (), ()), other: ("active", (), ()),
    }  # fmt: skip
    topics.relay()
