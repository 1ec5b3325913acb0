"""The counter over the API alone."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guitai.care import api
from guitai.care.rules.masking import MASK

pytestmark = pytest.mark.django_db
PASSWORD = "counter-2026-tea"


class App:
    """A customer's app with a session token."""

    def __init__(self, phone: str) -> None:
        self.client = Client(headers={"accept-language": "en"})
        answer = self.client.post(
            "/_allauth/app/v1/auth/login",
            json.dumps({"phone": phone, "password": PASSWORD}),
            content_type="application/json",
        )
        self.headers = {"X-Session-Token": answer.json()["meta"]["session_token"]}
        self.client = Client(headers={"accept-language": "en"})

    def get(self, address: str):
        return self.client.get(f"/api/v1{address}", headers=self.headers)

    def post(self, address: str, body: object, key: str = ""):
        headers = self.headers | ({"Idempotency-Key": key} if key else {})
        return self.client.post(f"/api/v1{address}", json.dumps(body), "application/json", headers=headers)

    def change(self, verb: str, address: str, body: object = None):
        call = getattr(self.client, verb)
        return call(f"/api/v1{address}", json.dumps(body), "application/json", headers=self.headers)

    def upload(self, address: str, file: SimpleUploadedFile, key: str):
        headers = self.headers | {"Idempotency-Key": key}
        return self.client.post(f"/api/v1{address}", {"file": file}, headers=headers)


def test_the_whole_way(yue, refused, agent, picture):
    app = App("+8613800138000")
    opened = app.post("/cases", {"words": "Why? my PIN is 271828", "operation": refused}, "one")
    assert opened.status_code == 201, opened.content
    case = opened.json()
    assert (case["category"], case["state"], case["operation"]) == ("refused", "triaged", refused)
    assert case["progress"]["turn"] == "us" and case["diagnosis"]["rule"]
    assert [e["words"] for e in case["events"] if e["words"]] == [f"Why? my PIN is {MASK}"]
    again = app.post("/cases", {"words": "Why? my PIN is 271828", "operation": refused}, "one")
    assert again.json()["reference"] == case["reference"]
    reference = case["reference"]
    shown = app.upload(f"/cases/{reference}/evidence", picture(), "two").json()
    evidence = shown["events"][-1]["evidence"][0]
    file = app.client.get(evidence["url"], headers=app.headers)
    assert file.status_code == 200 and file["Content-Type"] == "image/png"
    api.take(reference, agent)
    api.reply(reference, agent, "The amount is above your balance.", key="a")
    assert app.get("/cases").json()["items"][0]["answer_waiting"] is True
    assert app.get(f"/cases/{reference}").json()["state"] == "waiting_customer"
    assert app.get("/cases").json()["items"][0]["answer_waiting"] is False
    assert (
        app.post(f"/cases/{reference}/messages", {"words": "I see"}, "three").json()["state"] == "in_progress"
    )
    api.resolve(reference, agent)
    assert app.post(f"/cases/{reference}/rating", {"rating": 5}).json()["rating"] == 5
    assert app.post(f"/cases/{reference}/reopening", {"words": "no"}).json()["state"] == "in_progress"
    assert agent.id not in json.dumps(app.get(f"/cases/{reference}").json())


@pytest.mark.parametrize(
    ("address", "body", "key", "status", "code"),
    [
        ("/cases", {"words": "x", "category": "fees"}, "", 400, "case_key_missing"),
        ("/cases", {"words": " ", "category": "fees"}, "k", 422, "case_words_missing"),
        ("/cases", {"words": "x", "category": "gossip"}, "k", 422, "case_category_unknown"),
        ("/cases", {"category": "fees"}, "k", 422, "request_invalid"),
        ("/cases", {"words": "x", "operation": "2222222222"}, "k", 404, "not_found"),
        ("/cases/ACCCCCCCCC/messages", {"words": "x"}, "k", 404, "not_found"),
        ("/cases/CASE/rating", {"rating": 5}, "", 409, "case_not_resolved"),
        ("/cases/CASE/rating", {"rating": "five"}, "", 422, "request_invalid"),
        ("/cases/CASE/reopening", {"words": "x"}, "", 409, "case_not_resolved"),
    ],
)
def test_refusals_are_problems(yue, address, body, key, status, code):
    app = App("+8613800138000")
    case = api.open_case(yue, "fees", "Which?", [], key="seed")
    answer = app.post(address.replace("CASE", case), body, key)
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    problem = answer.json()
    assert problem["code"] == code and problem["title"] and problem["remedy"]["text"]


def test_bad_evidence_is_refused_and_nothing_is_stored(yue):
    app = App("+8613800138000")
    case = api.open_case(yue, "fees", "Which?", [], key="seed")
    fake = app.upload(f"/cases/{case}/evidence", SimpleUploadedFile("a.png", b"<html>"), "k")
    assert (fake.status_code, fake.json()["code"]) == (422, "file_not_accepted")
    huge = app.upload(
        f"/cases/{case}/evidence", SimpleUploadedFile("a.png", b"x" * (10 * 1024 * 1024 + 1)), "k"
    )
    assert (huge.status_code, huge.json()["code"]) == (413, "file_too_large")
    assert len(app.get(f"/cases/{case}").json()["events"]) == 3


def test_strangers_and_visitors(yue, ming):
    case = api.open_case(yue, "fees", "Which?", [], key="seed")
    other = App("+8613900139000")
    assert other.get(f"/cases/{case}").json() == other.get("/cases/ACCCCCCCCC").json()
    assert other.get("/cases").json()["items"] == []
    visitor = Client().get("/api/v1/cases")
    assert (visitor.status_code, visitor.json()["code"]) == (401, "not_signed_in")


def test_help_is_public(operator):
    api.load_articles()
    hits = Client(headers={"accept-language": "zh-hans"}).get("/api/v1/help", {"q": "充值没到账"}).json()
    assert hits[0]["slug"] == "top-up-not-arrived" and "到账" in hits[0]["title"]
