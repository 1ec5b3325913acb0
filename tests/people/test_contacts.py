"""The second contact, and another phone number: with the old one at once, without it after a wait."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows import change_phone, email
from guitai.people.models import EmailContact, PhoneChange, SmsCode, User
from guitai.people.reads import email_of
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db
MAIL, NEW = "Lin.Yue@example.org", "+8613700137000"


def code_to(address: str, kind: str) -> str:
    notify.deliver_due()
    body = next(item.body for item in notify.outbox(address) if item.kind == kind)
    found = re.search(r"\b(\d{6})\b", body)
    assert found is not None
    return found[1]


def kinds_to(address: str) -> list[str]:
    notify.deliver_due()
    return [item.kind for item in notify.outbox(address)]


def with_mail(person) -> None:
    email.begin_email(person, MAIL)
    email.confirm_email(person, code_to(MAIL, "people.code_mail_new"))


def later() -> None:
    """Codes may be asked for again, without waiting for the limit of twenty seconds."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_throttle_count")


def test_an_address_counts_when_its_code_is_shown(signed_in: Client, customer) -> None:
    assert (
        signed_in.post("/me/email/", {"email": f" {MAIL.replace('example', 'EXAMPLE')} "}).url
        == "/me/email/code/"
    )
    assert email_of(customer) == "" and people.address_of(customer).email == ""
    code = code_to(MAIL, "people.code_mail_new")
    wrong = f"{(int(code) + 1) % 1000000:06}"
    assert signed_in.post("/me/email/code/", {"code": wrong}).status_code == 200
    assert signed_in.post("/me/email/code/", {"code": code}).url == "/me/security/"
    assert people.address_of(customer).email == MAIL
    stored = bytes(EmailContact.objects.get().address_sealed)
    assert b"Lin" not in stored and b"example" not in stored
    assert "people.email_changed" in kinds_to(PHONE) and "people.email_changed" in kinds_to(MAIL)


@pytest.mark.parametrize(
    "text", ["", "nobody", "a@b", "a b@example.org", "a@" + "x" * 250 + ".org", "a@example.org\nBcc: b@c.d"]
)
def test_refuses_what_is_no_address(signed_in: Client, customer, text: str) -> None:
    assert signed_in.post("/me/email/", {"email": text}).status_code == 200
    assert not EmailContact.objects.exists()


def test_the_former_address_is_told_of_the_change(customer) -> None:
    with_mail(customer)
    later()
    email.begin_email(customer, "new@example.org")
    assert email_of(customer) == MAIL, "the present one stays until the next is proved"
    email.confirm_email(customer, code_to("new@example.org", "people.code_mail_new"))
    assert email_of(customer) == "new@example.org"
    assert kinds_to(MAIL).count("people.email_changed") == 2
    email.remove_email(customer)
    assert email_of(customer) == "" and kinds_to("new@example.org").count("people.email_changed") == 2


def test_a_code_proves_only_the_address_it_was_sent_to(customer) -> None:
    email.begin_email(customer, MAIL)
    first = code_to(MAIL, "people.code_mail_new")
    later()
    email.begin_email(customer, "other@example.org")
    with pytest.raises(Refusal, match="code_wrong"):
        email.confirm_email(customer, first)
    email.confirm_email(customer, code_to("other@example.org", "people.code_mail_new"))
    assert email_of(customer) == "other@example.org"


def test_five_wrong_codes_are_enough(customer) -> None:
    email.begin_email(customer, MAIL)
    code = code_to(MAIL, "people.code_mail_new")
    for _ in range(5):
        with pytest.raises(Refusal, match="code_wrong"):
            email.confirm_email(customer, f"{(int(code) + 1) % 1000000:06}")
    with pytest.raises(Refusal, match="code_wrong"):
        email.confirm_email(customer, code)


def test_a_mail_code_is_a_second_step_and_a_proof_for_a_new_password(customer, sent_code) -> None:
    with_mail(customer)
    later()
    client = Client()
    client.post("/sign-in/forgotten/", {"phone": PHONE})
    client.post("/sign-in/forgotten/code/", {"code": sent_code(PHONE)})
    client.get("/sign-in/forgotten/proof/", {"way": "email"})
    code = code_to(MAIL, "people.code_step_mail")
    given = {"way": "email", "action": "prove", "code": code}
    assert client.post("/sign-in/forgotten/proof/", given).url == "/sign-in/forgotten/password/"


def test_changes_the_number_at_once_with_both_codes(signed_in: Client, customer) -> None:
    assert signed_in.post("/me/number/", {"phone": "137 0013 7000", "old": "yes"}).url == "/me/number/code/"
    new, old = code_to(NEW, "people.code_number_new"), code_to(PHONE, "people.code_number_old")
    swapped = signed_in.post("/me/number/code/", {"new_code": old, "old_code": new})
    assert swapped.status_code == 200 and people.find_by_phone([NEW]) == {}
    assert signed_in.post("/me/number/code/", {"new_code": new, "old_code": old}).url == "/me/security/"
    assert people.find_by_phone([NEW, PHONE]) == {NEW: customer}
    assert signed_in.get("/me/").status_code == 200
    topic = Topic.objects.get(name="person.number_changed")
    assert topic.payload == {"person": str(customer), "phone_index": people.phone_index(NEW).hex()}
    assert "people.number_changed" in kinds_to(PHONE) and "people.number_changed" in kinds_to(NEW)
    assert Client().post("/sign-in/", {"phone": NEW, "password": PASSWORD}).status_code == 302
    assert Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 200


def test_a_number_of_somebody_else_looks_the_same_and_never_works(signed_in: Client, customer) -> None:
    people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    assert signed_in.post("/me/number/", {"phone": OTHER, "old": "yes"}).url == "/me/number/code/"
    assert kinds_to(OTHER) == ["people.number_wanted"]
    old = code_to(PHONE, "people.code_number_old")
    assert signed_in.post("/me/number/code/", {"new_code": "000000", "old_code": old}).status_code == 200
    assert people.find_by_phone([PHONE]) == {PHONE: customer}


def test_ones_own_number_and_nonsense_are_refused(signed_in: Client) -> None:
    for phone in (PHONE, "010 1234", ""):
        assert signed_in.post("/me/number/", {"phone": phone, "old": "yes"}).status_code == 200
    assert not PhoneChange.objects.exists()


def ask_without_old(person) -> PhoneChange:
    change_phone.begin_change(person, NEW, with_old=False)
    new = code_to(NEW, "people.code_number_new")
    change_phone.confirm_without_old(person, new_code=new, way="pin", given=PIN)
    return PhoneChange.objects.get(state="waiting")


def test_without_the_old_number_the_change_waits_and_everybody_is_told(signed_in: Client, customer) -> None:
    with_mail(customer)
    later()
    assert signed_in.post("/me/number/", {"phone": NEW, "old": "no"}).url == "/me/number/code/"
    new = code_to(NEW, "people.code_number_new")
    wrong = {"way": "pin", "action": "prove", "new_code": new, "pin": "000001"}
    assert signed_in.post("/me/number/code/", wrong).status_code == 200
    assert signed_in.post("/me/number/code/", {**wrong, "pin": PIN}).url == "/me/number/"
    assert people.find_by_phone([PHONE, NEW]) == {PHONE: customer}
    for address in (PHONE, MAIL):
        assert "people.number_change_waiting" in kinds_to(address)
    assert notify.inbox(customer).items[0].kind == "people.number_change_waiting"
    assert signed_in.get("/me/number/").context["waiting"] is not None
    assert change_phone.apply_due() == 0
    PhoneChange.objects.update(due_at=now() - timedelta(seconds=1))
    assert change_phone.apply_due() == 1 and change_phone.apply_due() == 0
    assert people.find_by_phone([PHONE, NEW]) == {NEW: customer}
    assert signed_in.get("/me/").status_code == 302, "whoever was signed in has to come in anew"


def test_anybody_with_the_notice_can_stop_it(customer) -> None:
    ask_without_old(customer)
    notify.deliver_due()
    body = next(item.body for item in notify.outbox(PHONE) if item.kind == "people.number_change_waiting")
    address = re.search(r"https?://[^/]+(/number-change/[\w-]+/)", body)
    assert address is not None
    anybody = Client()
    assert anybody.get(address[1]).status_code == 200 and PhoneChange.objects.get().state == "waiting"
    assert anybody.post(address[1]).status_code == 200 and PhoneChange.objects.get().state == "cancelled"
    assert anybody.post(address[1]).status_code == 410 and anybody.get(address[1]).status_code == 410
    assert anybody.get(address[1].replace("/number-change/", "/number-change/A")).status_code == 404
    PhoneChange.objects.update(due_at=now() - timedelta(seconds=1))
    assert change_phone.apply_due() == 0


def test_a_frozen_wallet_does_not_move(customer) -> None:
    row = ask_without_old(customer)
    people.freeze_self(customer, proof="test")
    PhoneChange.objects.update(due_at=now() - timedelta(seconds=1))
    assert change_phone.apply_due() == 0
    row.refresh_from_db()
    assert row.state == "waiting"
    later()
    with pytest.raises(Refusal, match="frozen"):
        change_phone.begin_change(customer, "+8613600136000", with_old=True)


def test_a_number_registered_meanwhile_stays_with_its_new_owner(customer) -> None:
    row = ask_without_old(customer)
    owner = people.register_customer(NEW, "王芳", PASSWORD, PIN)
    PhoneChange.objects.update(due_at=now() - timedelta(seconds=1))
    assert change_phone.apply_due() == 0
    row.refresh_from_db()
    assert (row.state, row.ended_by) == ("cancelled", "taken")
    assert people.find_by_phone([PHONE, NEW]) == {PHONE: customer, NEW: owner}


def test_without_any_other_proof_it_is_for_the_counter(sent_code) -> None:
    person = people.register_customer(PHONE, "林月", PASSWORD, None)
    with pytest.raises(Refusal, match="proof_missing"):
        change_phone.begin_change(person, NEW, with_old=False)
    assert change_phone.begin_change(person, NEW, with_old=True) is not None


def test_a_new_wish_replaces_the_one_before(customer) -> None:
    ask_without_old(customer)
    later()
    change_phone.begin_change(customer, "+8613600136000", with_old=True)
    assert sorted(PhoneChange.objects.values_list("state", flat=True)) == ["asked", "cancelled"]
    assert User.objects.get(id=customer).phone == PHONE


def test_codes_to_one_person_are_bounded(customer) -> None:
    for _ in range(6):
        later_but_counted()
        email.begin_email(customer, MAIL)
    later_but_counted()
    with pytest.raises(Refusal, match="too_many_attempts"):
        email.begin_email(customer, MAIL)
    assert SmsCode.objects.filter(purpose="mail_new").count() == 6


def later_but_counted() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM kit_throttle_count WHERE bucket = 'people.address.soon'")
