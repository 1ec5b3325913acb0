"""Freeze and release: low proof freezes, high proof releases, nobody learns who is registered."""

import pytest
from django.db import transaction
from django.test import Client

from guitai.audit import api as audit
from guitai.audit.errors import PurposeMissing
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import Frozen, ReleaseNeedsStaff
from guitai.people.models import StandingEvent
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

ANOTHER = "window-93-basket-rain"

pytestmark = pytest.mark.django_db
STAFF, CASE = Actor("staff", "0199-wen"), Purpose("test", "C7KM3AXWH4", "phone stolen")


def test_freezes_from_the_public_page_and_signs_out_everywhere(
    signed_in: Client, customer, sent_code
) -> None:
    client = Client()
    assert client.post("/freeze/", {"phone": "138 0013 8000"}).url == "/freeze/code/"
    assert client.post("/freeze/code/", {"code": sent_code(PHONE)}).url == "/freeze/done/"
    assert client.get("/freeze/done/").status_code == 200
    now = people.standing(customer)
    assert (now.state, now.scope, now.reason) == ("frozen", {"spending", "withdrawal"}, "by_customer")
    assert [step.code for step in now.release] == ["password", "sms_code", "pin", "new_password"]
    assert signed_in.get("/me/").status_code == 302
    assert Topic.objects.get(name="person.frozen").payload["person"] == str(customer)
    assert audit.entries_about(("person", str(customer)))[0].entry.action == "person.freeze"
    assert notify.inbox(customer).items[0].kind == "people.frozen_by_self"


def test_the_public_page_says_the_same_for_a_number_of_nobody(customer) -> None:
    pages = []
    for phone in (PHONE, OTHER):
        client = Client()
        first = client.post("/freeze/", {"phone": phone})
        wrong = client.post("/freeze/code/", {"code": "000000"})
        pages.append((first.status_code, first.url, _bare(wrong.content.decode())))
    assert pages[0][:2] == pages[1][:2]
    assert pages[0][2].replace("138 0013 8000", "139 0013 9000") == pages[1][2]
    notify.deliver_due()
    assert [item.kind for item in notify.outbox(OTHER)] == ["people.number_unknown"]
    assert people.standing(customer).state == "active"


def test_a_code_is_good_once_for_its_purpose_and_for_five_tries(customer, sent_code) -> None:
    client = Client()
    client.post("/freeze/", {"phone": PHONE})
    code = sent_code(PHONE)
    reset = Client()
    reset.post("/sign-in/forgotten/", {"phone": PHONE})
    assert reset.post("/sign-in/forgotten/code/", {"code": code, "password": PASSWORD}).status_code == 200
    for n in range(5):
        client.post("/freeze/code/", {"code": f"{(int(code) + 1 + n) % 10**6:06}"})
    assert client.post("/freeze/code/", {"code": code}).status_code == 200
    assert people.standing(customer).state == "active"


def test_codes_to_one_number_are_bounded(customer) -> None:
    answers = [Client().post("/freeze/", {"phone": PHONE}).status_code for _ in range(3)]
    assert answers[0] == 302 and 200 in answers


def test_strangers_cannot_use_up_the_tries_of_the_owner(customer, sent_code) -> None:
    owner, stranger = Client(), Client(REMOTE_ADDR="203.0.113.9")
    owner.post("/freeze/", {"phone": PHONE})
    code = sent_code(PHONE)
    stranger.post("/freeze/", {"phone": PHONE})
    for n in range(9):
        stranger.post("/freeze/code/", {"code": f"{(int(code) + 1 + n) % 10**6:06}"})
    assert stranger.post("/freeze/code/", {"code": code}).status_code == 200
    assert people.standing(customer).state == "active"
    assert owner.post("/freeze/code/", {"code": code}).status_code == 302
    assert people.standing(customer).state == "frozen"


def test_freezes_with_one_tap_when_signed_in(signed_in: Client, customer) -> None:
    assert signed_in.post("/freeze/", {"action": "freeze"}).url == "/freeze/done/"
    assert people.standing(customer).state == "frozen"


def test_a_frozen_person_gets_out_step_by_step(customer, sent_code) -> None:
    people.freeze_self(customer, proof="test")
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    page = client.get("/me/standing/").content.decode()
    cause = people.standing(customer).causes[0].id
    assert "people-reason" in page and f"/me/standing/{cause}/" in page
    path = f"/me/standing/{cause}/"

    def give(way: str, **fields: str):
        return client.post(path, {"action": "prove", "way": way, **fields})

    assert give("password", password="wrong words").status_code == 200
    assert give("password", password=PASSWORD).status_code == 302
    client.post(path, {"action": "send_code"})
    code = sent_code(PHONE)
    assert give("sms_code", code=f"{(int(code) + 1) % 10**6:06}").status_code == 200
    assert give("sms_code", code=code).status_code == 302
    assert give("pin", pin="999998").status_code == 200
    assert give("pin", pin=PIN).status_code == 302
    assert give("new_password", new_password=PASSWORD).status_code == 200
    assert people.standing(customer).state == "frozen"
    assert give("new_password", new_password=ANOTHER).status_code == 302
    assert people.standing(customer).state == "active"
    assert [change.action for change in people.history(customer)] == ["release", "freeze"]
    assert notify.inbox(customer).items[0].kind == "people.released"
    # This browser stays signed in, and the old password opens nothing any more.
    assert client.get("/me/").status_code == 200
    assert Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 200
    assert Client().post("/sign-in/", {"phone": PHONE, "password": ANOTHER}).status_code == 302


def test_steps_cannot_be_skipped(customer) -> None:
    people.freeze_self(customer, proof="test")
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    path = f"/me/standing/{people.standing(customer).causes[0].id}/"
    answer = client.post(path, {"action": "prove", "way": "new_password", "new_password": ANOTHER})
    assert answer.status_code == 200
    assert people.standing(customer).state == "frozen"


def test_what_one_session_proved_counts_nothing_in_another(customer, sent_code) -> None:
    people.freeze_self(customer, proof="test")
    path = f"/me/standing/{people.standing(customer).causes[0].id}/"
    owner, thief = Client(), Client()
    for client in (owner, thief):
        client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    owner.post(path, {"action": "prove", "way": "password", "password": PASSWORD})
    owner.post(path, {"action": "prove", "way": "pin", "pin": PIN})
    assert "current-password" in thief.get(path).content.decode()


def test_a_frozen_person_cannot_choose_a_new_pin(signed_in: Client, customer) -> None:
    people.freeze_self(customer, proof="test")
    with pytest.raises(Frozen):
        people.set_pin(customer, "314159", PASSWORD)
    people.release(customer, STAFF, purpose=CASE)
    people.set_pin(customer, "314159", PASSWORD, current=PIN)


@pytest.mark.parametrize(
    ("reason", "actor_kind", "released"),
    [
        ("by_customer", "customer", True),
        ("by_customer", "staff", True),
        ("by_staff", "customer", False),
        ("by_staff", "staff", True),
        ("by_risk", "customer", False),
        ("by_law", "customer", False),
        ("by_law", "staff", True),
    ],
)
def test_who_may_release_what(customer, reason: str, actor_kind: str, released: bool) -> None:
    people.freeze(customer, STAFF, reason, purpose=CASE)
    actor = STAFF if actor_kind == "staff" else Actor("customer", str(customer))
    if released:
        assert people.release(customer, actor, purpose=CASE).state == "active"
    else:
        with pytest.raises(ReleaseNeedsStaff):
            people.release(customer, actor)
        assert people.standing(customer).state == "frozen"


def test_nobody_releases_somebody_else(customer) -> None:
    other = people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    people.freeze_self(customer, proof="test")
    with pytest.raises(ReleaseNeedsStaff):
        people.release(customer, Actor("customer", str(other)))
    assert people.release(customer, Actor("customer", str(customer))).state == "active"


def test_a_second_freeze_adds_and_never_loosens(customer) -> None:
    people.freeze(customer, STAFF, "by_law", scope=frozenset({"receiving"}), purpose=CASE)
    people.freeze_self(customer, proof="test")
    now = people.standing(customer)
    assert now.scope == {"receiving", "spending", "withdrawal"}
    assert {cause.reason for cause in now.causes} == {"by_law", "by_customer"}
    # The row says what may be told: the open cause, not the order.
    assert (now.reason, now.disclosure) == ("by_customer", "open")


def test_staff_need_a_purpose(customer) -> None:
    with pytest.raises(PurposeMissing):
        people.freeze(customer, STAFF, "by_staff")
    assert people.standing(customer).state == "active"
    assert not StandingEvent.objects.exists()
    people.freeze(customer, STAFF, "by_staff", purpose=CASE)


@pytest.mark.parametrize(
    ("disclosure", "badge", "signed_out"),
    [("open", True, True), ("limited", True, True), ("silent", False, False)],
)
def test_tells_as_much_as_its_class_allows(
    signed_in: Client, customer, disclosure: str, badge: bool, signed_out: bool
) -> None:
    people.freeze(customer, STAFF, "by_risk", disclosure=disclosure, purpose=CASE)
    assert (signed_in.get("/me/").status_code == 302) is signed_out
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    page = client.get("/me/standing/").content.decode()
    assert ("people-reason" in page) is badge
    assert "phone stolen" not in page and "by_risk" not in page
    assert bool(notify.inbox(customer).items) is badge


def test_a_stopped_sign_in_is_refused_with_its_explanation(customer) -> None:
    people.freeze(customer, STAFF, "by_staff", scope=frozenset({"sign_in"}), purpose=CASE)
    answer = Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    assert answer.status_code == 200
    people.release(customer, STAFF, purpose=CASE)
    assert Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302


def test_locks_standings_in_order_and_leaves_strangers_out(customer) -> None:
    other = people.register_customer(OTHER, "陈明", PASSWORD, PIN)
    from guitai.base.ids import new_id

    with transaction.atomic():
        found = people.lock_standing([other, customer, new_id(), customer])
    assert set(found) == {customer, other}
    with pytest.raises(NotFound):
        people.standing(new_id())


def test_a_look_with_a_purpose_is_recorded_and_ones_own_is_not(customer) -> None:
    assert people.profile(customer, purpose=None).name == "林月"
    assert [e.entry.action for e in audit.entries_about(("person", str(customer)))].count(
        "person.profile_read"
    ) == 0
    people.profile(customer, purpose=CASE, reader=STAFF)
    entry = audit.entries_about(("person", str(customer)))[0].entry
    assert (entry.action, entry.actor, entry.purpose) == ("person.profile_read", STAFF, CASE)


def test_others_see_persons_masked(customer) -> None:
    maya = people.register_customer("+447700900123", "Maya Patel", PASSWORD, None)
    seen = people.masked([customer, maya])
    assert (seen[customer].name, seen[customer].phone) == ("林*", "138****8000")
    assert (seen[maya].name, seen[maya].phone) == ("M*** P***", "+44 770****0123")


def _bare(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
