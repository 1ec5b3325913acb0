"""Passkeys: enrolled on the page, and signed in with, without number and password."""

import json
import time

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.models import User
from tests.people.conftest import OTHER, PASSWORD, PIN
from tests.people.passkey import FLAG, Passkey

pytestmark = pytest.mark.django_db
ADD, OPTIONS = "/me/second-steps/passkey/", "/me/second-steps/passkey/options/"


def enrol(client: Client, key: Passkey, name: str = "Phone", **bent: object):
    options = client.post(OPTIONS).json()["publicKey"]
    return client.post(ADD, {"name": name, "credential": json.dumps(key.create(options, **bent))})


def sign_in(key: Passkey, client: Client | None = None, **bent: object):
    client = client or Client()
    options = client.post("/sign-in/passkey/options/").json()
    client.answer = client.post(  # type: ignore[attr-defined]
        "/sign-in/passkey/", {"credential": json.dumps(key.get(options, **bent))}
    )
    return client


def test_enrols_and_signs_in_without_a_password(signed_in: Client, customer) -> None:
    key = Passkey()
    assert enrol(signed_in, key).url == "/me/second-steps/codes/"
    row = Authenticator.objects.get(user_id=customer, type="webauthn")
    assert row.wrap().name == "Phone" and row.wrap().is_passwordless
    assert notify.inbox(customer).items[0].kind == "people.passkey_added"
    assert sign_in(key).answer.url == "/home/"
    page = signed_in.get("/me/second-steps/").content.decode()
    assert "Phone" in page


def test_options_tell_nothing_about_anybody(customer) -> None:
    options = Client().post("/sign-in/passkey/options/").json()
    assert options["allowCredentials"] == [] and options["userVerification"] == "required"
    assert len(options["challenge"]) >= 43


@pytest.mark.parametrize(
    "bent",
    [
        {"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": FLAG.UP}, {"flags": FLAG.UV},
        {"challenge": "A" * 43}, {"type": "webauthn.create"}, {"signature": b"nonsense"}, {"cross_origin": True},
    ],
)  # fmt: skip
def test_a_bent_answer_signs_nobody_in(signed_in: Client, customer, bent: dict) -> None:
    key = Passkey()
    enrol(signed_in, key)
    client = sign_in(key, **bent)
    assert client.answer.status_code == 200 and client.get("/me/").status_code == 302
    assert sign_in(key).answer.url == "/home/"


def test_an_answer_counts_once_and_only_in_its_session(signed_in: Client, customer) -> None:
    key = Passkey()
    enrol(signed_in, key)
    first, second = Client(), Client()
    options = first.post("/sign-in/passkey/options/").json()
    second.post("/sign-in/passkey/options/")
    answer = {"credential": json.dumps(key.get(options))}
    assert second.post("/sign-in/passkey/", answer).status_code == 200
    assert first.post("/sign-in/passkey/", answer).url == "/home/"
    first.post("/sign-out/")
    assert first.post("/sign-in/passkey/", answer).status_code == 200


_BROKEN = ("", "{}", "[]", "null", "{", '{"id":"a","rawId":"a","response":{}}', "x" * 9000)


@pytest.mark.parametrize("credential", _BROKEN)
def test_broken_answers_are_refused(customer, credential: str) -> None:
    client = Client()
    client.post("/sign-in/passkey/options/")
    assert client.post("/sign-in/passkey/", {"credential": credential}).status_code == 200


def test_somebody_elses_name_on_ones_own_passkey_opens_nothing(signed_in: Client, customer) -> None:
    mine, other = Passkey(), people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    enrol(signed_in, mine)
    from allauth.account.utils import user_pk_to_url_str

    for handle in (user_pk_to_url_str(User.objects.get(id=other)).encode(), b"", b"\xff\xfe", b"0" * 64):
        mine.handle, kept = handle, mine.handle
        client = sign_in(mine)
        mine.handle = kept
        assert client.answer.status_code == 200 and client.get("/me/").status_code == 302


def test_staff_do_not_sign_in_as_customers(db) -> None:
    wen = people.create_staff("wen@guitai.example", "Wen", "agent", PASSWORD)
    key = Passkey()
    key.belongs_to(wen)
    assert sign_in(key).answer.status_code == 200


@pytest.mark.parametrize(
    "bent", [{"origin": "https://evil.example"}, {"rp_id": "evil.example"}, {"flags": FLAG.UP}]
)
def test_a_bent_enrolment_is_refused(signed_in: Client, customer, bent: dict) -> None:
    assert enrol(signed_in, Passkey(), **bent).status_code == 200
    assert not Authenticator.objects.exists()
    for broken in (
        "",
        "{}",
        "[]",
        '{"response":{"attestationObject":"AA","clientDataJSON":"AA"},"rawId":"AA"}',
    ):
        signed_in.post(OPTIONS)
        assert signed_in.post(ADD, {"name": "x", "credential": broken}).status_code == 200
    assert enrol(signed_in, Passkey()).status_code == 302


def test_enrolment_needs_its_own_challenge_and_a_fresh_proof(signed_in: Client, monkeypatch) -> None:
    key = Passkey()
    options = signed_in.post(OPTIONS).json()["publicKey"]
    made = {"name": "x", "credential": json.dumps(key.create(options))}
    signed_in.post(OPTIONS)
    assert signed_in.post(ADD, made).status_code == 200
    later = time.time() + 601
    monkeypatch.setattr("guitai.people.access.time.time", lambda: later)
    assert signed_in.post(OPTIONS).url.startswith("/me/confirm/")


def test_ten_are_enough_and_one_can_be_renamed(signed_in: Client, customer) -> None:
    for _ in range(10):
        assert enrol(signed_in, Passkey()).status_code == 302
    refused = enrol(signed_in, Passkey())
    assert refused.status_code == 200 and refused.context["form"].errors
    row = Authenticator.objects.filter(user_id=customer, type="webauthn").first()
    assert row is not None
    signed_in.post(f"/me/second-steps/{row.pk}/", {"action": "rename", "name": " My  \u200bkey\n"})
    row.refresh_from_db()
    assert row.wrap().name == "My key"


def test_a_passkey_proves_afresh(signed_in: Client, customer, monkeypatch) -> None:
    key = Passkey()
    key.belongs_to(customer)
    started, later = time.time(), time.time() + 601
    monkeypatch.setattr("guitai.people.access.time.time", lambda: later)
    assert signed_in.get("/me/email/").url.startswith("/me/confirm/")
    signed_in.get("/me/confirm/", {"next": "/me/email/"})
    options = signed_in.post("/me/confirm/options/").json()
    given = {"way": "passkey", "credential": json.dumps(key.get(options))}
    assert signed_in.post("/me/confirm/", given).url == "/me/email/"
    assert later > started
