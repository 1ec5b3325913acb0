"""The same over the API alone, from the phone number to the PIN and on."""

import pytest
from django.test import Client

from guitai.people import api as people
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db
AUTH, ME = "/_allauth/app/v1/auth", "/api/v1/me"


class App:
    """A customer's app: JSON and a session token."""

    def __init__(self) -> None:
        self.client, self.token = Client(), ""

    def call(self, method: str, address: str, body: dict | None = None):
        headers = {"X-Session-Token": self.token} if self.token else {}
        answer = self.client.generic(
            method, address, _json(body), content_type="application/json", headers=headers
        )
        meta = answer.json().get("meta") or {} if answer.content and "json" in answer["Content-Type"] else {}
        self.token = meta.get("session_token") or self.token
        return answer

    def post(self, address: str, body: dict | None = None):
        return self.call("POST", address, body or {})

    def sign_up(self, phone: str):
        return self.post(f"{AUTH}/signup", {"phone": phone, "password": PASSWORD, "agreement": True})


def test_signs_up_over_the_api_alone(sent_code) -> None:
    app = App()
    begun = app.sign_up("138 0013 8000")
    assert begun.status_code == 401
    assert {"id": "verify_phone", "is_pending": True} in begun.json()["data"]["flows"]
    assert app.call("GET", ME).status_code == 401
    wrong = app.post(f"{AUTH}/phone/verify", {"code": "000000"})
    assert wrong.status_code == 400
    done = app.post(f"{AUTH}/phone/verify", {"code": sent_code(PHONE)})
    assert done.status_code == 200 and done.json()["data"]["user"]["has_pin"] is False
    assert app.post(f"{ME}/name", {"name": "林月"}).json()["name"] == "林月"
    assert app.post(f"{ME}/pin", {"pin": "123456", "password": PASSWORD}).json()["code"] == "pin_too_simple"
    assert app.post(f"{ME}/pin", {"pin": PIN, "password": "wrong"}).json()["code"] == "password_wrong"
    mine = app.post(f"{ME}/pin", {"pin": PIN, "password": PASSWORD}).json()
    assert (mine["phone"], mine["has_pin"], mine["standing"]["state"]) == (PHONE, True, "active")


def test_a_known_number_gets_the_same_answer(customer) -> None:
    answers = [App().sign_up(phone) for phone in (PHONE, OTHER)]
    bodies = [answer.json() for answer in answers]
    for body in bodies:
        body["meta"].pop("session_token")
    assert bodies[0] == bodies[1] and answers[0].status_code == answers[1].status_code


@pytest.mark.parametrize(
    "changes",
    [{"phone": "010 1234"}, {"password": "password1"}, {"agreement": False}, {"phone": None}, {}],
)
def test_sign_up_is_checked_like_the_page(changes: dict) -> None:
    body = {"phone": PHONE, "password": PASSWORD, "agreement": True, **changes}
    answer = App().post(f"{AUTH}/signup", body)
    assert answer.status_code == (400 if changes else 401)


def test_signs_in_and_reads_only_with_the_token(customer) -> None:
    app = App()
    assert app.post(f"{AUTH}/login", {"phone": PHONE, "password": "wrong"}).status_code == 400
    assert app.post(f"{AUTH}/login", {"phone": PHONE, "password": PASSWORD}).status_code == 200
    assert app.call("GET", ME).json()["name"] == "林月"
    for token in ("", "nonsense", app.token[:-1]):
        stranger = App()
        stranger.token = token
        answer = stranger.call("GET", ME)
        assert answer.status_code == 401 and answer.json()["code"] == "not_signed_in"


def test_signs_in_with_a_code(customer, sent_code) -> None:
    app = App()
    app.post(f"{AUTH}/code/request", {"phone": PHONE})
    assert app.post(f"{AUTH}/code/confirm", {"code": sent_code(PHONE)}).status_code == 200
    assert app.call("GET", ME).status_code == 200


def test_freezes_and_is_signed_out_then_comes_back(customer, sent_code) -> None:
    app = App()
    app.post(f"{AUTH}/login", {"phone": PHONE, "password": PASSWORD})
    assert app.post(f"{ME}/freeze").json()["state"] == "frozen"
    assert app.call("GET", ME).status_code == 401
    again = App()
    again.post(f"{AUTH}/login", {"phone": PHONE, "password": PASSWORD})
    assert again.post(f"{ME}/pin", {"pin": "314159", "password": PASSWORD}).json()["code"] == "frozen"
    assert again.post(f"{ME}/release-code").status_code == 202
    proofs = {"password": PASSWORD, "code": sent_code(PHONE), "pin": PIN}
    missing = again.post(f"{ME}/release", proofs).json()
    assert (missing["code"], missing["facts"]) == ("release_incomplete", {"missing": ["new_password"]})
    proofs["new_password"] = "window-93-basket-rain"
    refused = again.post(f"{ME}/release", {**proofs, "pin": "999998"}).json()
    assert (refused["code"], refused["facts"]) == ("pin_wrong", {"attempts_left": 4})
    assert again.post(f"{ME}/release", proofs).json()["state"] == "active"
    assert people.standing(customer).state == "active"


def test_reads_and_marks_messages(customer) -> None:
    people.freeze_self(customer, proof="test")
    app = App()
    app.post(f"{AUTH}/login", {"phone": PHONE, "password": PASSWORD})
    inbox = app.call("GET", "/api/v1/messages").json()
    assert [item["kind"] for item in inbox["items"]] == ["people.frozen_by_self"] and inbox["unread"] == 1
    assert app.post("/api/v1/messages/reading").json() == {"marked": 1}
    assert app.call("GET", "/api/v1/messages").json()["unread"] == 0
    assert App().call("GET", "/api/v1/messages").status_code == 401


def test_guesses_over_the_api_count_together_with_those_on_the_page(sent_code) -> None:
    page, app = Client(), App()
    app.sign_up(PHONE)
    statuses = [app.post(f"{AUTH}/phone/verify", {"code": f"{n:06}"}).status_code for n in range(7)]
    assert statuses[:5] == [400] * 5 and set(statuses[5:]) <= {401, 409}
    assert page.get("/sign-up/code/").status_code == 302


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("/signup", "[]"),
        ("/signup", "{"),
        ("/login", '{"phone": 5, "password": []}'),
        ("/phone/verify", "{}"),
    ],
)
def test_strange_bodies_are_refused_and_break_nothing(address: str, body: str) -> None:
    answer = Client().generic("POST", AUTH + address, body, content_type="application/json")
    assert 400 <= answer.status_code < 500


def _json(body: dict | None) -> str:
    import json

    return json.dumps(body) if body is not None else ""
