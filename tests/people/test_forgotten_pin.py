"""A forgotten payment PIN: replaced after two different proofs, told on every contact, and new for a while."""

from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows import email
from guitai.people.flows.change_pin import replace_pin, replacing_ways
from guitai.people.rules.sign_in import Means, pin_proofs
from tests.people.conftest import PASSWORD, PHONE, PIN
from tests.people.identity_support import LIN
from tests.people.passkey import Passkey
from tests.people.test_passkeys import enrol, sign_in

pytestmark = pytest.mark.django_db
NEW, PAGE = "314159", "/me/pin/forgotten/"
Sent = Callable[[str], str]


@pytest.mark.parametrize(
    ("means", "first", "ways"),
    [
        (Means(), "password", ["sms"]),
        (Means(email=True, identity=True), "password", ["sms", "email", "identity"]),
        (Means(passkey=True, recovery=True), "password", ["passkey", "recovery", "sms"]),
        (Means(passkey=True), "passkey", ["password", "sms"]),
        (Means(totp=True, recovery=True, email=True, identity=True), "password", ["totp", "recovery"]),
        (Means(totp=True), "totp", ["password"]),
        (Means(totp=True, passkey=True), "passkey", ["totp", "password"]),
    ],
)
def test_the_second_proof_is_another_than_the_first(means: Means, first: str, ways: list[str]) -> None:
    assert sorted(pin_proofs(means, first)) == sorted(ways)


def prove(client: Client, way: str, **given: str):
    return client.post(PAGE, {"way": way, "action": "prove", "pin": NEW, "pin_again": NEW, **given})


def works(person: UUID, pin: str) -> bool:
    with outermost():
        return people.pin_checks([(person, pin)])[0].ok


def test_password_and_a_fresh_code_replace_it_and_every_contact_hears(
    signed_in: Client, customer: UUID, sent_code: Sent
) -> None:
    email.begin_email(customer, "lin@example.org")
    email.confirm_email(customer, sent_code("lin@example.org"))
    signed_in.get(PAGE)
    assert prove(signed_in, "sms", code=sent_code(PHONE)).url == "/me/"
    assert works(customer, NEW) and not works(customer, PIN)
    found = people.new_pin(customer)
    assert found is not None and found.proof == "sms"
    notify.deliver_due()
    for contact in (PHONE, "lin@example.org"):
        assert any(
            "forgotten payment PIN" in item.body or "支付密码" in item.body for item in notify.outbox(contact)
        )
    assert notify.inbox(customer).items[0].kind == "people.pin_replaced"
    assert AuditRow.objects.get(action="person.pin_replaced").details == {"with": "sms"}
    # Changing it with the present one does not make it old.
    assert signed_in.post("/me/pin/", {"current": NEW, "pin": PIN, "pin_again": PIN}).url == "/me/"
    assert people.new_pin(customer) == found


def test_one_proof_alone_replaces_nothing(signed_in: Client, customer: UUID, sent_code: Sent) -> None:
    # The password a second time is not another proof, nor is nothing.
    for way in ("password", "pin", "totp", "passkey", "identity"):
        answer = prove(signed_in, way, password=PASSWORD, number="11010519491231002X", code="123456")
        assert answer.status_code == 200
    # Nor is a code alone: who has shown nothing lately is asked first.
    session = signed_in.session
    for record in session["account_authentication_methods"]:
        record["at"] -= 700
    session.save()
    assert signed_in.get(PAGE).url.startswith("/me/confirm/")
    for first in ("", "sms", "nonsense"):
        with pytest.raises(Refusal) as refused:
            replace_pin(customer, NEW, first="", way="sms", given="123456")
        assert refused.value.code == "proof_missing", first
    assert works(customer, PIN) and people.new_pin(customer) is None


def test_the_number_of_the_document_is_a_proof_from_tier_one_on(signed_in: Client, customer: UUID) -> None:
    assert "identity" not in replacing_ways(customer)
    people.declare_identity(customer, LIN)
    assert replacing_ways(customer) == ("sms", "identity")
    assert signed_in.get(PAGE, {"way": "identity"}).context["way"] == "identity"
    assert prove(signed_in, "identity", number=LIN.number[:-1] + "1").status_code == 200
    assert works(customer, PIN)
    assert prove(signed_in, "identity", number=f" {LIN.number.lower()} ").url == "/me/"
    assert works(customer, NEW)


def test_few_tries_at_a_document_number(signed_in: Client, customer: UUID) -> None:
    people.declare_identity(customer, LIN)
    for guess in range(6):
        prove(signed_in, "identity", number=f"11010519491231{guess:03}0")
    assert prove(signed_in, "identity", number=LIN.number).status_code == 200
    assert works(customer, PIN)


def test_whoever_signed_in_with_a_passkey_shows_something_else(
    signed_in: Client, customer: UUID, sent_code: Sent
) -> None:
    key = Passkey()
    enrol(signed_in, key)
    phone = sign_in(key)
    page = phone.get(PAGE)
    assert page.status_code == 200 and page.context["first"] == "passkey"
    options = phone.post("/me/pin/forgotten/options/")
    assert prove(phone, "passkey", credential="{}").status_code == 200 and options.status_code == 200
    assert works(customer, PIN)
    assert prove(phone, "password", password=PASSWORD).url == "/me/"
    assert works(customer, NEW)


def test_after_staff_ended_it_the_owner_chooses_and_it_is_new(signed_in: Client, customer: UUID) -> None:
    with outermost():
        people.forget_pin(customer, Actor("staff", str(UUID(int=1))), purpose=Purpose("test", "1", "asked"))
    assert not people.has_pin(customer)
    given = {"password": PASSWORD, "pin": NEW, "pin_again": NEW}
    assert signed_in.post("/me/pin/", given).url == "/me/"
    found = people.new_pin(customer)
    assert works(customer, NEW) and found is not None and found.proof == "staff"


def test_a_first_pin_is_not_a_replaced_one(customer: UUID) -> None:
    assert people.new_pin(customer) is None
