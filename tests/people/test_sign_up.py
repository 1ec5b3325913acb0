"""Signing up on the pages: each refusal beside its success."""

import pytest
from django.test import Client

from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.models import User
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db


def begin(client: Client, phone: str, password: str = PASSWORD, agreement: str = "on"):
    client.post("/sign-up/", {"phone": phone})
    return client.post("/sign-up/password/", {"password": password, "agreement": agreement})


def test_signs_up_from_number_to_pin(client: Client, sent_code) -> None:
    assert begin(client, "１３８ ００１３ ８０００").url == "/sign-up/code/"
    assert people.find_by_phone([PHONE]) == {}
    answer = client.post("/sign-up/code/", {"action": "enter", "code": sent_code(PHONE)})
    assert answer.url == "/sign-up/name/"
    assert client.post("/sign-up/name/", {"name": " 林 月 "}).url == "/sign-up/pin/"
    assert client.post("/sign-up/pin/", {"pin": PIN, "pin_again": PIN}).url == "/home/"
    person = people.find_by_phone([PHONE])[PHONE]
    own = people.profile(person, purpose=None)
    assert (own.name, own.phone, people.has_pin(person)) == ("林 月", PHONE, True)
    assert people.standing(person).state == "active"
    topic = Topic.objects.get(name="person.registered")
    assert topic.payload == {"person": str(person), "phone_index": people.phone_index(PHONE).hex()}
    user = User.objects.get(id=person)
    assert user.agreement_version == "1" and user.agreement_at is not None


@pytest.mark.parametrize(
    ("phone", "accepted"),
    [
        ("138 0013 8000", True),
        ("+86 138 0013 8000", True),
        ("0086-13800138000", True),
        ("8613800138000", True),
        ("（138）0013-8000", True),
        ("+44 7700 900123", True),
        ("+1 202 555 0123", True),
        ("010 1234 5678", False),
        ("1380013800", False),
        ("1380013800a", False),
        ("<b>13800138000</b>", False),
        ("", False),
    ],
)
def test_takes_numbers_as_people_write_them(client: Client, phone: str, accepted: bool) -> None:
    answer = client.post("/sign-up/", {"phone": phone})
    assert (answer.status_code == 302) is accepted
    if not accepted:
        assert "field-error" in answer.content.decode()


@pytest.mark.parametrize(
    ("password", "agreement", "accepted"),
    [
        (PASSWORD, "on", True),
        ("moss lantern 42 ferry", "on", True),
        (PASSWORD, "", False),
        ("short1!", "on", False),
        ("password123", "on", False),
        ("13800138000", "on", False),
        ("qwertyuiop", "on", False),
        ("x" * 129, "on", False),
    ],
)
def test_asks_for_a_good_password_and_the_agreement(
    client: Client, password: str, agreement: str, accepted: bool
) -> None:
    assert (begin(client, PHONE, password, agreement).status_code == 302) is accepted
    assert User.objects.count() == (1 if accepted else 0)


def test_a_known_number_goes_on_alike_and_its_owner_is_told(client: Client, customer, sent_code) -> None:
    known, unknown = Client(), Client()
    answers = [begin(known, PHONE), begin(unknown, OTHER)]
    assert [(a.status_code, a.url) for a in answers] == [(302, "/sign-up/code/")] * 2
    pages = [known.get("/sign-up/code/").content.decode(), unknown.get("/sign-up/code/").content.decode()]
    alike = pages[0].replace("138 0013 8000", "139 0013 9000")
    assert _without_token(alike) == _without_token(pages[1])
    for _ in range(3):
        wrong = [c.post("/sign-up/code/", {"action": "enter", "code": "000000"}) for c in (known, unknown)]
        first = wrong[0].content.decode().replace("138 0013 8000", "139 0013 9000")
        assert _without_token(first) == _without_token(wrong[1].content.decode())
    notify.deliver_due()
    assert [item.kind for item in notify.outbox(PHONE)] == ["people.number_taken"]
    assert User.objects.filter(phone_verified=True).count() == 1


def test_an_unfinished_sign_up_keeps_nobody_out(client: Client, sent_code) -> None:
    begin(client, PHONE, "somebody elses 77 words")
    owner = Client()
    cache_clear()
    begin(owner, PHONE)
    owner.post("/sign-up/code/", {"action": "enter", "code": sent_code(PHONE)})
    user = User.objects.get(phone_verified=True)
    assert user.check_password(PASSWORD)


def test_wrong_codes_are_bounded_whatever_the_session(client: Client, sent_code) -> None:
    begin(client, PHONE)
    code, wrong = sent_code(PHONE), 0
    while client.get("/sign-up/code/").status_code == 200:
        client.post("/sign-up/code/", {"action": "enter", "code": "000000" if code != "000000" else "000001"})
        wrong += 1
    assert wrong == 5
    assert people.find_by_phone([PHONE]) == {}


@pytest.mark.parametrize(
    ("pin", "again", "accepted"),
    [
        (PIN, PIN, True),
        ("２７１８２８", "２７１８２８", True),
        (PIN, "271829", False),
        ("123456", "123456", False),
        ("654321", "654321", False),
        ("111111", "111111", False),
        ("121212", "121212", False),
        ("138000", "138000", False),
        ("890101", "890101", False),
        ("12345", "12345", False),
        ("abcdef", "abcdef", False),
    ],
)
def test_refuses_a_simple_pin(client: Client, sent_code, pin: str, again: str, accepted: bool) -> None:
    begin(client, PHONE)
    client.post("/sign-up/code/", {"action": "enter", "code": sent_code(PHONE)})
    client.post("/sign-up/name/", {"name": "Maya Patel"})
    answer = client.post("/sign-up/pin/", {"pin": pin, "pin_again": again})
    assert (answer.status_code == 302) is accepted
    assert people.has_pin(people.find_by_phone([PHONE])[PHONE]) is accepted


def test_who_has_not_given_a_name_is_asked_first(client: Client, sent_code) -> None:
    begin(client, PHONE)
    client.post("/sign-up/code/", {"action": "enter", "code": sent_code(PHONE)})
    assert client.get("/me/").url.startswith("/sign-up/name/")
    assert client.post("/sign-up/name/", {"name": "  "}).status_code == 200
    assert client.post("/sign-up/name/", {"name": "<b>Maya</b>"}).status_code == 302
    page = client.get("/me/").content.decode()
    assert "&lt;b&gt;Maya&lt;/b&gt;" in page and "<b>Maya</b>" not in page


def cache_clear() -> None:
    from django.core.cache import cache

    cache.clear()


def _without_token(page: str) -> str:
    import re

    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
