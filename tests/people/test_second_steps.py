"""The second step of a sign-in: when it is asked for, with what it is done, and what it is not done with."""

import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows import authenticators
from guitai.people.models import User
from tests.people.conftest import PASSWORD, PHONE, PIN
from tests.people.passkey import Passkey
from tests.people.test_staff import SECRET, totp

pytestmark = pytest.mark.django_db
STEP = "/sign-in/second-step/"


def sign_in(client: Client | None = None, password: str = PASSWORD):
    client = client or Client()
    client.reached = client.post("/sign-in/", {"phone": PHONE, "password": password}).url  # type: ignore[attr-defined]
    return client


def user(customer) -> User:
    return User.objects.get(id=customer)


@pytest.fixture
def with_app(customer) -> User:
    authenticators.set_totp(user(customer), SECRET, totp(SECRET))
    return user(customer)


def prove(client: Client, way: str, **given: str):
    return client.post(STEP, {"way": way, "action": "prove", **given})


def spare_code(back: int = 1) -> str:
    """A code of the authenticator that was not used yet."""
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

    return format_hotp_value(hotp_value(SECRET, int(time.time()) // 30 + back))


def test_an_authenticator_is_asked_for_at_every_sign_in(with_app: User) -> None:
    client = sign_in()
    assert client.reached == STEP and client.get("/me/").status_code == 302
    page = client.get(STEP).content.decode()
    assert "?way=recovery" in page and "?way=sms" not in page and "?way=password" not in page
    assert prove(client, "totp", code="000000").status_code == 200
    assert prove(client, "totp", code=spare_code()).url == "/home/"
    assert client.get("/me/").status_code == 200
    assert sign_in(client).reached == "/home/"


@pytest.mark.parametrize("way", ["sms", "email", "password", "pin", "nonsense", ""])
def test_a_stolen_number_or_password_is_no_way_round_the_app(with_app: User, sent_code, way: str) -> None:
    client = sign_in()
    assert client.post(STEP, {"way": way, "action": "send"}).status_code == 200
    assert prove(client, way, password=PASSWORD, pin=PIN, code="000000").status_code == 200
    assert client.get("/me/").status_code == 302
    notify.deliver_due()
    assert not [item for item in notify.outbox(PHONE) if item.kind == "people.code_step"]


def test_a_recovery_code_opens_once(with_app: User) -> None:
    code = authenticators.recovery_codes_of(with_app)[0]
    assert len(authenticators.recovery_codes_of(with_app)) == 10
    assert prove(sign_in(), "recovery", code=f"{code[:4]} {code[4:]}").url == "/home/"
    assert len(authenticators.recovery_codes_of(with_app)) == 9
    assert prove(sign_in(), "recovery", code=code).status_code == 200


def test_guesses_are_bounded_over_all_sessions(with_app: User) -> None:
    for _ in range(10):
        assert prove(sign_in(), "totp", code="000000").status_code == 200
    late = prove(sign_in(), "totp", code=spare_code())
    assert late.status_code == 200 and late.context["form"].errors


def test_a_passkey_is_a_second_step_and_an_sms_the_way_when_it_is_not_at_hand(customer, sent_code) -> None:
    key = Passkey()
    key.belongs_to(customer)
    client = sign_in()
    asked = client.post(f"{STEP}options/").json()
    assert prove(client, "passkey", credential="{}").status_code == 200
    asked = client.post(f"{STEP}options/").json()
    assert prove(client, "passkey", credential=_json(Passkey().get(asked))).status_code == 200
    asked = client.post(f"{STEP}options/").json()
    answer = _json(key.get(asked))
    assert prove(client, "passkey", credential=answer).url == "/home/"
    other = sign_in()
    assert prove(other, "passkey", credential=answer).status_code == 200, (
        "an answer counts in its own session"
    )
    other.get(STEP, {"way": "sms"})
    assert prove(other, "sms", code=sent_code(PHONE)).url == "/home/"


def test_somebody_may_ask_for_an_sms_every_time(customer, sent_code) -> None:
    assert sign_in().reached == "/home/"
    authenticators.always_ask(user(customer), on=True)
    client = sign_in()
    assert client.reached == STEP
    client.get(STEP)
    code = sent_code(PHONE)
    assert prove(client, "sms", code=_other(code)).status_code == 200
    assert prove(client, "sms", code=code).url == "/home/"
    assert prove(sign_in(), "sms", code=code).status_code == 200, "a code opens one session"


def test_after_a_code_by_sms_the_second_step_is_something_else(customer, sent_code) -> None:
    authenticators.always_ask(user(customer), on=True)
    client = Client()
    client.post("/sign-in/code/", {"phone": PHONE})
    assert client.post("/sign-in/code/enter/", {"code": sent_code(PHONE)}).url == STEP
    page = client.get(STEP).content.decode()
    assert "?way=sms" not in page and 'name="password"' in page
    assert prove(client, "password", password="wrong words").status_code == 200
    assert prove(client, "password", password=PASSWORD).url == "/home/"


def test_the_code_is_sent_once_until_another_is_asked_for(customer) -> None:
    authenticators.always_ask(user(customer), on=True)
    client = sign_in()
    for _ in range(3):
        client.get(STEP)
    notify.deliver_due()
    sent = [item for item in notify.outbox(PHONE) if item.kind == "people.code_step"]
    assert len(sent) == 1


def test_without_a_sign_in_under_way_there_is_no_second_step(customer) -> None:
    client = Client()
    assert client.get(STEP).url == "/sign-in/"
    assert prove(client, "sms", code="000000").url == "/sign-in/"
    assert client.post(f"{STEP}options/").status_code == 409


def test_setting_up_the_app_takes_a_fresh_proof_and_a_right_code(
    signed_in: Client, customer, monkeypatch
) -> None:
    page = signed_in.get("/me/second-steps/app/")
    secret = page.context["secret"]
    assert signed_in.post("/me/second-steps/app/", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.filter(user_id=customer).exists()
    assert signed_in.post("/me/second-steps/app/", {"code": totp(secret)}).url == "/me/second-steps/codes/"
    shown = signed_in.get("/me/second-steps/codes/").context["codes"]
    assert len(set(shown)) == 10
    assert notify.inbox(customer).items[0].kind == "people.totp_set"
    stored = Authenticator.objects.get(user_id=customer, type="totp").data["secret"]
    assert secret not in stored


@pytest.mark.parametrize(
    "address",
    [
        "/me/second-steps/app/",
        "/me/second-steps/passkey/",
        "/me/second-steps/codes/",
        "/me/email/",
        "/me/number/",
    ],
)
def test_pages_that_change_how_one_gets_in_ask_again_after_ten_minutes(
    signed_in: Client, monkeypatch, address: str
) -> None:
    assert signed_in.get(address).status_code in (200, 302)
    assert "/me/confirm/" not in getattr(signed_in.get(address), "url", "")
    later = time.time() + 601
    monkeypatch.setattr("guitai.people.access.time.time", lambda: later)
    assert signed_in.get(address).url.startswith("/me/confirm/?next=")
    wrong = signed_in.post("/me/confirm/", {"way": "password", "password": "wrong words"})
    assert wrong.status_code == 200
    monkeypatch.undo()


def test_removing_the_last_one_takes_the_recovery_codes_with_it(signed_in: Client, customer) -> None:
    number = authenticators.set_totp(user(customer), SECRET, totp(SECRET)).pk
    key = Passkey().belongs_to(customer)
    for gone, left in ((number, 2), (key.pk, 0)):
        assert signed_in.get(f"/me/second-steps/{gone}/").status_code == 200
        assert signed_in.post(f"/me/second-steps/{gone}/", {"action": "remove"}).url == "/me/second-steps/"
        assert Authenticator.objects.filter(user_id=customer).count() == left
    assert sign_in().reached == "/home/"


def test_nobody_removes_what_belongs_to_somebody_else(signed_in: Client, customer) -> None:
    other = people.register_customer("+8613900139000", "王芳", PASSWORD, PIN)
    theirs = Passkey().belongs_to(other)
    assert signed_in.post(f"/me/second-steps/{theirs.pk}/", {"action": "remove"}).status_code == 404
    assert Authenticator.objects.filter(id=theirs.pk).exists()


def test_nothing_is_set_up_or_removed_while_the_wallet_is_frozen(customer) -> None:
    number = authenticators.set_totp(user(customer), SECRET, totp(SECRET)).pk
    people.freeze_self(customer, proof="test")
    client = sign_in()
    assert prove(client, "totp", code=spare_code()).url == "/home/"
    answer = client.post(f"/me/second-steps/{number}/", {"action": "remove"})
    assert answer.status_code == 423
    assert Authenticator.objects.filter(id=number).exists()


def _json(answer: dict) -> str:
    import json

    return json.dumps(answer)


def _other(code: str) -> str:
    return f"{(int(code) + 1) % 1000000:06}"
