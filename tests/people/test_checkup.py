"""The check-up, reminders, password and PIN pages."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from guitai.base.clock import now
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows import authenticators, remind
from guitai.people.models import SignIn, User
from guitai.people.policies import SignInPolicy
from guitai.people.rules.checkup import Facts, findings, overall
from tests.people.conftest import PASSWORD, PHONE, PIN
from tests.people.passkey import Passkey
from tests.people.test_staff import SECRET, totp

MOMENT = datetime(2026, 3, 1, tzinfo=UTC)
WHOLE = {
    "password_at": MOMENT, "totp": True, "passkeys": 1, "codes_left": 10, "pin": True, "email": True, "devices": 2,
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "subject", "level", "whole"),
    [
        ({}, "password", "strong", "strong"),
        ({"password_at": MOMENT - timedelta(days=731)}, "password", "fair", "strong"),
        ({"password_at": MOMENT - timedelta(days=91), "renew_days": 90}, "password", "fair", "strong"),
        ({"totp": False, "passkeys": 0}, "second_step", "fair", "fair"),
        ({"totp": False}, "second_step", "strong", "strong"),
        ({"passkeys": 0}, "passkey", "fair", "strong"),
        ({"codes_left": 3}, "recovery", "fair", "strong"),
        ({"codes_left": 0}, "recovery", "weak", "weak"),
        ({"pin": False}, "pin", "weak", "weak"),
        ({"email": False}, "email", "weak", "weak"),
        ({"devices": 7}, "devices", "fair", "strong"),
    ],
)
def test_finds_what_is_weak(changes: dict, subject: str, level: str, whole: str) -> None:
    found = findings(Facts(**{**WHOLE, **changes}), MOMENT)
    assert next(one.level for one in found if one.subject == subject) == level
    assert overall(found) == whole


@pytest.mark.django_db
def test_shows_findings_with_their_mends_and_what_happened(signed_in: Client, customer) -> None:
    page = signed_in.get("/me/security/")
    assert page.context["lines"][0].href == "/me/email/", "what is missing stands first"
    assert len(page.context["events"]) == 3, "registered, signed in, and a PIN"
    Passkey().belongs_to(customer)
    authenticators.set_totp(User.objects.get(id=customer), SECRET, totp(SECRET))
    hrefs = {line.href for line in signed_in.get("/me/security/").context["lines"]}
    assert {"/me/second-steps/codes/", "/me/devices/", "/me/pin/", "/me/password/"} <= hrefs
    for href in hrefs:
        assert signed_in.get(href).status_code == 200, href


@pytest.mark.django_db
def test_the_review_comes_once_in_thirty_days_to_who_uses_the_wallet(signed_in: Client, customer) -> None:
    assert remind.remind_reviews() == 0, "not to somebody who has just come"
    User.objects.update(registered_at=now() - timedelta(days=31))
    assert remind.remind_reviews() == 1 and remind.remind_reviews() == 0
    assert notify.inbox(customer).items[0].kind == "people.review_weak"
    User.objects.update(review_told_at=now() - timedelta(days=31))
    SignIn.objects.update(seen_at=now() - timedelta(days=91))
    assert remind.remind_reviews() == 0, "not to somebody who has been away"


@pytest.mark.django_db
def test_renewing_the_password_is_asked_for_only_by_policy(customer, monkeypatch) -> None:
    User.objects.update(password_at=now() - timedelta(days=400))
    assert remind.remind_renewals() == 0
    monkeypatch.setattr(remind, "sign_in_policy", lambda: SignInPolicy(password_renew_days=365))
    assert remind.remind_renewals() == 1 and remind.remind_renewals() == 0
    assert notify.inbox(customer).items[0].kind == "people.password_old"
    User.objects.update(password_at=now(), renewal_told_at=None)
    assert remind.remind_renewals() == 0


@pytest.mark.django_db
def test_a_new_password_keeps_this_browser_and_no_other(signed_in: Client, customer) -> None:
    other, new = Client(), "ferry moss lantern 9"
    other.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    before = signed_in.session.session_key
    for current, chosen in (
        ("wrong words", new),
        (PASSWORD, "password1"),
        (PASSWORD, PASSWORD),
        (PASSWORD, "13800138000"),
    ):
        assert (
            signed_in.post("/me/password/", {"password": current, "new_password": chosen}).status_code == 200
        )
    done = signed_in.post("/me/password/", {"password": PASSWORD, "new_password": new})
    assert done.url == "/me/security/"
    assert signed_in.get("/me/").status_code == 200 and other.get("/me/").status_code == 302
    assert signed_in.session.session_key != before
    assert [one.current for one in signed_in.get("/me/devices/").context["sessions"]] == [True]
    assert notify.inbox(customer).items[0].kind == "people.password_changed"


@pytest.mark.django_db
def test_the_meter_judges_as_the_form_does(client: Client) -> None:
    client.post("/sign-up/", {"phone": PHONE})

    def score(password: str) -> int:
        return int(client.post("/password-strength/", {"password": password}).json()["score"])

    assert score("") == 0 and score("password123") <= 1 and score("ferry moss lantern 9") == 4
    assert score("13800138000") <= 1, "one's own number is easy to guess"
    assert client.get("/password-strength/").status_code == 405


@pytest.mark.django_db
def test_a_forgotten_pin_takes_the_password_and_one_more_proof(
    signed_in: Client, customer, sent_code
) -> None:
    page = signed_in.get("/me/pin/forgotten/")
    assert page.status_code == 200 and page.context["way"] == "sms"
    code = sent_code(PHONE)
    given = {"way": "sms", "action": "prove", "pin": "314159", "pin_again": "314159"}
    assert signed_in.post("/me/pin/forgotten/", {**given, "code": "000000"}).status_code == 200
    simple = {**given, "code": code, "pin": "123456", "pin_again": "123456"}
    assert signed_in.post("/me/pin/forgotten/", simple).status_code == 200
    same_old = signed_in.post("/me/pin/", {"current": PIN, "pin": "142857", "pin_again": "142857"})
    assert same_old.url == "/me/", "nothing was changed yet"


@pytest.mark.django_db
def test_a_forgotten_pin_lifts_its_own_lock(signed_in: Client, customer, sent_code) -> None:
    for _ in range(5):
        signed_in.post("/me/pin/", {"current": "000001", "pin": "314159", "pin_again": "314159"})
    locked = signed_in.post("/me/pin/", {"current": PIN, "pin": "314159", "pin_again": "314159"})
    assert locked.status_code == 200 and locked.context["form"].errors["current"]
    signed_in.get("/me/pin/forgotten/")
    given = {
        "way": "sms",
        "action": "prove",
        "pin": "314159",
        "pin_again": "314159",
        "code": sent_code(PHONE),
    }
    assert signed_in.post("/me/pin/forgotten/", given).url == "/me/"
    assert signed_in.post("/me/pin/", {"current": "314159", "pin": PIN, "pin_again": PIN}).url == "/me/"


@pytest.mark.django_db
def test_the_api_tells_and_changes_the_same(customer, sent_code) -> None:
    client = Client()
    login = {"phone": PHONE, "password": PASSWORD}
    token = client.post("/_allauth/app/v1/auth/login", login, content_type="application/json").json()["meta"]
    headers = {"X-Session-Token": token["session_token"]}

    def call(method: str, path: str, body: dict | None = None):
        return Client().generic(
            method, f"/api/v1/me{path}", data=__import__("json").dumps(body or {}), content_type="application/json",
            headers=headers,
        )  # fmt: skip

    found = call("GET", "/security").json()
    assert {one["subject"] for one in found["findings"]} >= {"password", "pin", "email", "devices"}
    assert (
        call("POST", "/email", {"email": "a@example.org", "password": "wrong"}).json()["code"]
        == "password_wrong"
    )
    assert call("POST", "/email", {"email": "a@example.org", "password": PASSWORD}).json() == {
        "email": "", "waiting": "a@example.org",
    }  # fmt: skip
    assert (
        call("POST", "/email/confirmation", {"code": sent_code("a@example.org")}).json()["email"]
        == "a@example.org"
    )
    assert call("GET", "/pin/replacement").json() == ["sms", "email"]
    sent = call("POST", "/proof-code", {"way": "sms"}).json()["sent"]
    body = {"pin": "314159", "password": PASSWORD, "way": "sms", "proof": sent_code(PHONE), "sent": sent}
    assert call("POST", "/pin/replacement", body).status_code == 204
    assert call("POST", "/pin", {"pin": PIN, "password": PASSWORD}).json()["code"] == "proof_missing"
    assert call("POST", "/pin", {"pin": PIN, "password": PASSWORD, "current": "314159"}).status_code == 200
    new = {"password": PASSWORD, "new_password": "ferry moss lantern 9"}
    assert call("POST", "/password", new).status_code == 204
    assert call("GET", "/security").status_code == 401, "an app signs in anew"
    assert people.standing(customer).state == "active"
