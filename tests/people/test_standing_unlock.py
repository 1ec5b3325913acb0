"""Locked after failures, and out again by oneself: by code, passkey, recovery code, document, or waiting."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import Actor
from guitai.kit import topics
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import DocumentDecided, PasskeyNotAccepted, RecoveryCodeWrong, SignInLocked
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.failed_sign_ins import check_not_locked, forget_old_failures, note_failure
from guitai.people.flows.passkey_payment import payment_options
from guitai.people.flows.release_self import Given, binding_of, prove
from guitai.people.flows.unlock import passkey_request, person_by_passkey, person_by_recovery_code
from guitai.people.models import ReleaseDocument, SignInFailure, User
from tests.people import identity_support as support
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN
from tests.people.passkey import Passkey
from tests.people.test_staff import EMAIL, SECRET, password_step, totp

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
STAFF, CASE = Actor("staff", "0199-wen"), Purpose("test", "C7KM3AXWH4", "unlock")


def enrol(person: UUID) -> Passkey:
    made = Passkey()
    made.belongs_to(person)
    return made


def settle() -> None:
    while topics.relay():
        pass


def fail(phone: str = PHONE, times: int = 10) -> None:
    """Wrong passwords until the number is locked."""
    for _ in range(times - 1):
        note_failure(phone)
    with pytest.raises(SignInLocked):
        note_failure(phone)
    settle()


def test_ten_wrong_passwords_lock_the_sign_in_and_nothing_else(customer) -> None:
    with clock.stopped(NOON):
        for _ in range(9):
            note_failure(PHONE)
        check_not_locked(PHONE)
        settle()
        assert people.standing(customer).state == "active"
        fail(times=1)
        now = people.standing(customer)
        assert (now.state, now.scope, now.causes[0].reason) == ("locked", {"sign_in"}, "wrong_password")
        assert now.causes[0].until == NOON + timedelta(hours=12)
        assert notify.inbox(customer).items[0].kind == "people.sign_in_locked"
        with pytest.raises(SignInLocked):
            check_not_locked(PHONE)
        check_not_locked(OTHER)


def test_failures_through_the_page_and_over_the_api_count_together(customer) -> None:
    page = Client()
    for minute in range(3):
        with clock.stopped(NOON + timedelta(minutes=6 * minute)):
            cache.clear()  # allauth's own short limit is another one
            for n in range(4):
                if n % 2:
                    page.post("/sign-in/", {"phone": PHONE, "password": "wrong words"})
                else:
                    page.post("/_allauth/app/v1/auth/login", {"phone": PHONE, "password": "wrong words"},
                              content_type="application/json")  # fmt: skip
    with clock.stopped(NOON + timedelta(minutes=20)):
        settle()
        assert people.standing(customer).state == "locked"
        right = {"phone": PHONE, "password": PASSWORD}
        answer = page.post("/_allauth/app/v1/auth/login", right, content_type="application/json")
        assert (answer.status_code, answer.json()["code"]) == (423, "sign_in_locked")
        assert page.post("/sign-in/", right).status_code == 200


def test_a_number_of_nobody_is_locked_in_the_same_words(customer) -> None:
    pages = []
    for phone in (PHONE, OTHER):
        with clock.stopped(NOON):
            fail(phone)
            client = Client()
            page = client.post("/sign-in/", {"phone": phone, "password": PASSWORD}).content.decode()
            pages.append(bare(page).replace(OTHER, PHONE).replace("139 0013 9000", "138 0013 8000"))
            client.post("/unlock/", {"phone": phone})
            page = client.post("/unlock/code/", {"code": "000000"}).content.decode()
            pages.append(bare(page).replace("139 0013 9000", "138 0013 8000"))
            assert client.get("/me/standing/").status_code == 302
    assert pages[0] == pages[2] and pages[1] == pages[3]
    assert "12:00" in pages[0] or "20:00" in pages[0] or "00:00" in pages[0]


def test_the_same_work_for_a_number_of_nobody(customer) -> None:
    counts = []
    for phone in (PHONE, OTHER):
        for _ in range(9):
            note_failure(phone)
        with CaptureQueriesContext(connection) as queries, pytest.raises(SignInLocked):
            note_failure(phone)
        counts.append([re.sub(r"'[^']*'|\d+", "?", query["sql"])[:60] for query in queries])
    assert counts[0] == counts[1]


def test_failures_on_one_number_never_block_another(customer) -> None:
    fail(OTHER)
    client = Client()
    assert client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302


def test_a_right_password_forgets_the_failures_before_it(customer) -> None:
    for _ in range(9):
        note_failure(PHONE)
    Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    for _ in range(9):
        note_failure(PHONE)
    assert SignInFailure.objects.get().failures == 9


def test_failures_of_another_day_do_not_count(customer) -> None:
    with clock.stopped(NOON):
        for _ in range(9):
            note_failure(PHONE)
    with clock.stopped(NOON + timedelta(hours=25)):
        note_failure(PHONE)
        assert SignInFailure.objects.get().failures == 1
    with clock.stopped(NOON + timedelta(days=40)):
        assert forget_old_failures() == 1


def test_it_opens_by_itself_and_the_next_lock_is_longer(customer) -> None:
    with clock.stopped(NOON):
        fail()
    later = NOON + timedelta(hours=12, seconds=1)
    with clock.stopped(later):
        assert Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302
        assert people.standing(customer).state == "active"
        fail()
        assert people.standing(customer).causes[0].until == later + timedelta(hours=24)
    with clock.stopped(later + timedelta(hours=24)):
        expire_due()
        assert people.standing(customer).state == "active"


def test_unlocks_with_a_code_at_once(customer, sent_code) -> None:
    fail()
    client = Client(headers={"accept-language": "en"})
    assert client.post("/unlock/", {"phone": PHONE}).url == "/unlock/code/"
    assert client.post("/unlock/code/", {"code": sent_code(PHONE)}).url == "/me/standing/"
    cause = people.standing(customer).causes[0]
    page = client.get("/me/standing/").content.decode()
    assert f"/me/standing/{cause.id}/" in page and "Too many wrong passwords" in page
    assert client.get(f"/me/standing/{cause.id}/").status_code == 302
    assert people.standing(customer).state == "active"
    # Who they are was proved for this alone: nothing else opens.
    assert client.get("/me/").status_code == 302
    assert client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302
    assert notify.inbox(customer).items[0].kind == "people.sign_in_unlocked"


def test_signing_in_by_code_unlocks_by_the_way(customer, sent_code) -> None:
    fail()
    client = Client()
    client.post("/sign-in/code/", {"phone": PHONE})
    assert client.post("/sign-in/code/enter/", {"code": sent_code(PHONE)}).status_code == 302
    assert people.standing(customer).state == "active"
    assert client.get("/me/").status_code == 200


def test_somebody_stopped_by_staff_sees_whose_turn_it_is(customer, sent_code) -> None:
    people.freeze(customer, STAFF, "by_staff", scope=frozenset({"sign_in", "spending"}), purpose=CASE)
    client = Client(headers={"accept-language": "en"})
    client.post("/unlock/", {"phone": PHONE})
    client.post("/unlock/code/", {"code": sent_code(PHONE)})
    page = client.get("/me/standing/").content.decode()
    assert "Our review" in page and "Frozen by our staff" in page
    cause = people.standing(customer).causes[0].id
    assert client.get(f"/me/standing/{cause}/").url == "/me/standing/"
    assert people.standing(customer).state == "frozen"


def test_a_code_proves_nothing_against_a_freeze_that_comes_after_it(customer, sent_code) -> None:
    client = Client()
    client.post("/unlock/", {"phone": PHONE})
    client.post("/unlock/code/", {"code": sent_code(PHONE)})
    people.freeze_self(customer, proof="test")
    cause = people.standing(customer).causes[0].id
    client.post(f"/me/standing/{cause}/", {"action": "prove", "way": "password", "password": PASSWORD})
    page = client.get(f"/me/standing/{cause}/").content.decode()
    assert "one-time-code" in page


def recovery_codes(person: UUID) -> list[str]:
    return RecoveryCodes.activate(User.objects.get(id=person)).generate_codes()


def test_unlocks_with_a_recovery_code_once(customer) -> None:
    codes = recovery_codes(customer)
    fail()
    client = Client()
    answer = client.post("/unlock/recovery/", {"phone": PHONE, "recovery_code": codes[0]})
    assert answer.url == "/me/standing/"
    client.get(f"/me/standing/{people.standing(customer).causes[0].id}/")
    assert people.standing(customer).state == "active"
    with pytest.raises(RecoveryCodeWrong):
        person_by_recovery_code(PHONE, codes[0])
    assert person_by_recovery_code(PHONE, codes[1]) == customer
    with pytest.raises(RecoveryCodeWrong):
        person_by_recovery_code(OTHER, codes[2])


def test_unlocks_with_a_passkey_that_names_nobody_before(customer) -> None:
    passkey = enrol(customer)
    fail()
    client = Client()
    options = client.post("/unlock/passkey/options/").json()["publicKey"]
    assert options["allowCredentials"] == []
    answer = client.post("/unlock/passkey/", {"credential": json.dumps(passkey.get(options))})
    assert answer.url == "/me/standing/"
    client.get(f"/me/standing/{people.standing(customer).causes[0].id}/")
    assert people.standing(customer).state == "active"
    # The challenge is used up.
    assert (
        client.post("/unlock/passkey/", {"credential": json.dumps(passkey.get(options))}).status_code == 422
    )


@pytest.mark.parametrize("bent", [{"origin": "https://evil.example"}, {"flags": 1}, {"signature": b"x"}])
def test_a_bent_passkey_unlocks_nothing(customer, bent) -> None:
    passkey = enrol(customer)
    challenge, options = passkey_request()
    with pytest.raises(PasskeyNotAccepted):
        person_by_passkey(json.dumps(passkey.get(options, **bent)), challenge)
    assert person_by_passkey(json.dumps(passkey.get(options)), challenge) == customer
    with pytest.raises(PasskeyNotAccepted):
        person_by_passkey("{}", challenge)


def test_a_passkey_signs_for_one_cause_only(customer) -> None:
    passkey = enrol(customer)
    people.freeze_self(customer, proof="test")
    first = people.standing(customer).causes[0].id
    for_first = passkey.get(payment_options(customer, binding_of(first)))
    people.freeze_self(customer, proof="again")
    second = people.standing(customer).causes[0].id
    with pytest.raises(PasskeyNotAccepted):
        prove(customer, second, "passkey", Given(passkey=for_first))
    for_second = passkey.get(payment_options(customer, binding_of(second)))
    prove(customer, second, "passkey", Given(passkey=for_second))
    with pytest.raises(PasskeyNotAccepted):
        prove(customer, second, "passkey", Given(passkey=for_second))


def test_the_page_asks_a_passkey_to_sign(customer, sent_code) -> None:
    passkey = enrol(customer)
    people.freeze_self(customer, proof="test")
    client = Client()
    client.post("/unlock/", {"phone": PHONE})
    client.post("/unlock/code/", {"code": sent_code(PHONE)})
    path = f"/me/standing/{people.standing(customer).causes[0].id}/"
    options = client.post(f"{path}passkey/").json()["publicKey"]
    given = {"action": "prove", "way": "passkey", "credential": json.dumps(passkey.get(options))}
    assert client.post(path, given).status_code == 302
    page = client.get(path).content.decode()
    assert "data-pin-pad" in page and "one-time-code" not in page


def test_chooses_a_new_pin_to_get_out_of_the_pin_lock(signed_in: Client, customer, sent_code) -> None:
    people.lock_after_failures(customer, "wrong_pin")
    path = f"/me/standing/{people.standing(customer).causes[0].id}/"
    signed_in.post(path, {"action": "prove", "way": "password", "password": PASSWORD})
    signed_in.post(path, {"action": "send_code"})
    signed_in.post(path, {"action": "prove", "way": "sms_code", "code": sent_code(PHONE)})
    weak = {"action": "prove", "way": "new_pin", "new_pin": "123456", "pin_again": "123456"}
    assert signed_in.post(path, weak).status_code == 200
    assert people.standing(customer).state == "locked"
    strong = {**weak, "new_pin": "314159", "pin_again": "314159"}
    assert signed_in.post(path, strong).status_code == 302
    assert people.standing(customer).state == "active"
    assert PIN != "314159" and signed_in.get("/me/").status_code == 200


def test_an_unknown_place_is_answered_with_a_code(signed_in: Client, customer, sent_code) -> None:
    people.lock_after_failures(customer, "unusual_place")
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    path = f"/me/standing/{people.standing(customer).causes[0].id}/"
    client.post(path, {"action": "send_code"})
    assert (
        client.post(path, {"action": "prove", "way": "sms_code", "code": sent_code(PHONE)}).status_code == 302
    )
    assert people.standing(customer).state == "active"


def show(client: Client, cause: UUID):
    given = {
        "action": "prove",
        "way": "identity_document",
        "files": [support.photo("face"), support.photo("held")],
    }
    return client.post(f"/me/standing/{cause}/", given)


def test_a_document_is_looked_at_and_opens_a_security_check(signed_in: Client, customer) -> None:
    people.lock_after_failures(customer, "security_check", actor=STAFF, purpose=CASE)
    cause = people.standing(customer).causes[0].id
    page = signed_in.get(f"/me/standing/{cause}/").content.decode()
    assert 'type="file"' in page
    assert show(signed_in, cause).status_code == 302
    assert 'type="file"' not in signed_in.get(f"/me/standing/{cause}/").content.decode()
    waiting = people.waiting_documents()
    assert [(w.person, w.cause, len(w.files)) for w in waiting] == [(customer, cause, 2)]
    purpose = Purpose("release_document", str(waiting[0].id), "compare")
    people.decide_document(waiting[0].id, STAFF, accepted=False, why="unreadable", purpose=purpose)
    assert people.standing(customer).state == "locked"
    assert show(signed_in, cause).status_code == 302
    second = people.waiting_documents()[0].id
    purpose = Purpose("release_document", str(second), "compare")
    people.decide_document(second, STAFF, accepted=True, purpose=purpose)
    assert people.standing(customer).state == "active"
    with pytest.raises(DocumentDecided):
        people.decide_document(second, STAFF, accepted=True, purpose=purpose)
    kinds = [item.kind for item in notify.inbox(customer).items]
    assert {"people.document_declined", "people.document_accepted", "people.released"} <= set(kinds)


def test_staff_look_and_decide_on_a_page(signed_in: Client, customer) -> None:
    people.create_staff(EMAIL, "Wen", "agent", PASSWORD, totp_secret=SECRET)
    people.lock_after_failures(customer, "security_check", actor=STAFF, purpose=CASE)
    show(signed_in, people.standing(customer).causes[0].id)
    document = ReleaseDocument.objects.get()
    path = f"/staff/release-documents/{document.id}/"
    assert signed_in.get(path).status_code == 404
    wen = Client(headers={"accept-language": "en"})
    assert wen.get(path).status_code == 302
    password_step(wen)
    wen.post("/staff/code/", {"code": totp(SECRET)})
    queue = wen.get("/staff/release-documents/").content.decode()
    assert str(document.id) in queue and "林*" in queue and "林月" not in queue
    assert "people-pictures" in wen.get(path).content.decode()
    picture = wen.get(f"{path}0/")
    assert picture["Content-Type"] == "image/png" and "sandbox" in picture["Content-Security-Policy"]
    assert wen.get(f"{path}7/").status_code == 404
    assert wen.post(path, {"verdict": "accepted"}).status_code == 200
    assert wen.post(path, {"verdict": "accepted", "reason": "same face"}).status_code == 302
    assert people.standing(customer).state == "active"
    looks = [e.entry.action for e in audit.entries_about(("person", str(customer)))]
    assert looks.count("person.document_read") >= 3


def test_an_accepted_document_takes_the_place_of_every_proof_but_not_of_the_new_password(
    signed_in: Client, customer
) -> None:
    people.freeze_self(customer, proof="test")
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    cause = people.standing(customer).causes[0].id
    show(client, cause)
    document = ReleaseDocument.objects.get()
    people.decide_document(
        document.id, STAFF, accepted=True, purpose=Purpose("release_document", str(document.id), "compare")
    )
    assert people.standing(customer).state == "frozen"
    page = client.get(f"/me/standing/{cause}/").content.decode()
    assert "new-password" in page
    given = {"action": "prove", "way": "new_password", "new_password": "window-93-basket-rain"}
    assert client.post(f"/me/standing/{cause}/", given).status_code == 302
    assert people.standing(customer).state == "active"


def bare(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
