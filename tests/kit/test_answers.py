"""Refusals on their way out: a problem for programs, words for people, never an accident."""

import json
from datetime import UTC, datetime

import pytest
from django import forms
from django.test import Client, override_settings
from django.utils import timezone, translation

from guitai.base import clock
from guitai.base.money import AmountTooLarge, AmountTooPrecise
from guitai.base.refusal import NotFound, Refusal
from guitai.kit import explain, problems

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MAXIMUM = {"amount": 123_456, "currency": "CNY"}


@pytest.fixture
def probe(monkeypatch):
    """Words with every kind of place for a fact."""
    monkeypatch.setattr(explain, "_words", dict(explain._words))

    def register(reason):
        explain.register("probe", title="T", reason=reason, remedy="R %(fact)s", remedy_url="/x/", status=418)

    return register


FACTS = [
    ("money", "%(fact)s", MAXIMUM, "¥1,234.56"),
    ("a moment", "%(fact)s", "2026-11-22T12:05:00+00:00", "today 20:05"),
    ("a list", "%(fact)s", ["a", MAXIMUM], "a, ¥1,234.56"),
    ("a number", "%(fact)s", 7, "7"),
    ("nothing", "%(fact)s", None, "–"),
    ("missing", "%(other)s", 7, "–"),
    ("a percent sign", "%(fact)s", "100% %s %(fact)s %", "100% %s %(fact)s %"),
    ("braces", "%(fact)s", "{0.__class__} {fact}", "{0.__class__} {fact}"),
    ("no moment", "%(fact)s", "0123456789Tabc", "0123456789Tabc"),
    ("a moment without zone", "%(fact)s", "2026-11-22T12:05:00", "2026-11-22T12:05:00"),
    ("a day", "by %(fact)s", "2026-11-17", "by Tue 17 November"),
    ("a day of another year", "%(fact)s", "1986-01-13", "Mon 13 January 1986"),
    ("an impossible day", "%(fact)s", "2026-13-45", "2026-13-45"),
    ("an impossible moment", "%(fact)s", "2026-13-22T12:05:00+00:00", "2026-13-22T12:05:00+00:00"),
    ("the first moment of all", "%(fact)s", "0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ("money of no currency", "%(fact)s", {"amount": 5, "currency": "XXX"}, "5 XXX"),
    ("money of no amount", "%(fact)s", {"amount": "5; --", "currency": "CNY"}, "5; -- CNY"),
    ("money of nothing", "%(fact)s", {"amount": None, "currency": None}, "None None"),
    ("another shape", "%(fact)s", {"a": 1}, "{'a': 1}"),
    ("words with a stray percent sign", "100% of it", 7, "100% of it"),
    ("words with a number's place", "%(fact)d", "seven", "%(fact)d"),
    ("words with an open place", "%(fact", 7, "%(fact"),
    ("words without a name", "%s", 7, None),
]


@pytest.mark.parametrize(("reason", "fact", "text"), [f[1:] for f in FACTS], ids=[f[0] for f in FACTS])
def test_explains_whatever_the_facts_are(probe, reason, fact, text):
    probe(reason)
    with clock.stopped(NOON), timezone.override("Asia/Shanghai"):
        said = explain.explain("probe", {"fact": fact})
    assert text is None or said.reason == text
    assert (said.code, said.title, said.remedy_url, explain.status("probe")) == ("probe", "T", "/x/", 418)


def test_a_code_without_words_gets_general_ones():
    assert explain.explain("never heard of", {"a": 1}).title == explain.explain("refused", {}).title
    assert explain.status("never heard of") == 422


def test_every_code_of_base_and_kit_has_words_in_both_languages():
    found = [*Refusal.__subclasses__()]
    for kind in found:
        found += kind.__subclasses__()
    own = {k.code for k in found if k.__module__.startswith(("guitai.base", "guitai.kit"))}
    assert own <= explain.codes()
    for code in own | set(problems._CODE_OF_STATUS.values()):
        with translation.override("en"):
            english = explain.explain(code, {})
        with translation.override("zh-hans"):
            chinese = explain.explain(code, {})
        assert english.title and english.remedy and chinese.title != english.title
        assert "%(" not in english.reason + chinese.reason


class Form(forms.Form):
    amount = forms.CharField(required=False)


@pytest.mark.parametrize(
    ("refusal", "field"),
    [(AmountTooLarge(maximum=MAXIMUM), "amount"), (NotFound(), "__all__")],
)
def test_a_refusal_stands_beside_its_field_or_above_the_form(refusal, field):
    form = Form({})
    assert form.is_valid()
    problems.refusal_for_form(form, refusal)
    assert (
        list(form.errors) == [field]
        and explain.explain(refusal.code, refusal.facts).remedy in form.errors[field][0]
    )


def problem_of(response, status, code):
    assert response.status_code == status and response["Content-Type"] == "application/problem+json"
    body = json.loads(response.content)
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:guitai:problem:{code}")
    assert body["title"] and body["detail"] and set(body["remedy"]) == {"text", "url"}
    return body


@pytest.fixture
def client():
    with override_settings(ROOT_URLCONF="tests.kit.urls"):
        yield Client(raise_request_exception=False)


WRONG = [
    ("/api/probe/fail/refusal", 422, "amount_too_large"),
    ("/api/probe/fail/not-found", 404, "not_found"),
    ("/api/probe/fail/http404", 404, "not_found"),
    ("/api/probe/fail/denied", 403, "not_permitted"),
    ("/api/probe/fail/suspicious", 400, "request_malformed"),
    ("/api/probe/fail/bad", 400, "request_malformed"),
    ("/api/probe/fail/http-error", 429, "too_many_attempts"),
    ("/api/probe/fail/bug", 500, "internal_error"),
    ("/api/probe/fail/half-a-pair", 404, "not_found"),
    ("/api/view/refusal/", 422, "amount_too_large"),
    ("/api/view/denied/", 403, "not_permitted"),
    ("/api/view/bug/", 500, "internal_error"),
    ("/api/probe/nothing", 404, "not_found"),
    ("/api/nothing-at-all", 404, "not_found"),
    ("/api/probe/echo", 405, "method_not_allowed"),
]


@pytest.mark.parametrize(("address", "status", "code"), WRONG)
def test_programs_are_told_in_one_shape(client, address, status, code):
    body = problem_of(client.get(address), status, code)
    assert "138 0013" not in json.dumps(body)
    if code == "amount_too_large":
        assert body["facts"] == {"maximum": {"amount": 1, "currency": "CNY"}} and "¥0.01" in body["detail"]


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ('{"amount": 5}', 200, None),
        ("{", 400, "request_malformed"),
        ("\xff", 400, "request_malformed"),
        ("", 422, "request_invalid"),
        ("[]", 422, "request_invalid"),
        ('{"amount": "x"}', 422, "request_invalid"),
        ('{"amount": 1.5}', 422, "request_invalid"),
        ("[" * 100_000, 400, "request_malformed"),
    ],
)
def test_bodies_that_cannot_be_read(client, body, status, code):
    response = client.post("/api/probe/echo", body, content_type="application/json")
    if code is None:
        assert response.status_code == status and response.json() == {"amount": 5}
        return
    said = problem_of(response, status, code)
    if code == "request_invalid":
        assert said["facts"]["fields"]


def test_a_bare_error_keeps_the_headers_that_mean_something(client):
    response = client.get("/api/plain/")
    problem_of(response, 429, "too_many_attempts")
    assert response["Retry-After"] == "7"
    assert client.get("/api/probe/echo")["Allow"] == "POST"


@pytest.mark.parametrize(
    ("name", "status", "words"),
    [("refusal", 422, "The amount is too large"), ("not-found", 404, "Not found")],
)
def test_people_are_told_on_a_page(client, name, status, words):
    response = client.get(f"/page/{name}/", headers={"accept-language": "en"})
    assert response.status_code == status and response["Content-Type"].startswith("text/html")
    assert words in response.content.decode() and "no-store" in response["Cache-Control"]
    policy = response["Content-Security-Policy"]
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy


def test_forms_from_elsewhere_are_refused_in_the_askers_shape():
    strict = Client(enforce_csrf_checks=True)
    with override_settings(ROOT_URLCONF="tests.kit.urls"):
        page = strict.post("/page/refusal/", headers={"accept-language": "en"})
        assert page.status_code == 403 and "This form has expired" in page.content.decode()
        problem_of(strict.post("/api/view/refusal/"), 403, "csrf_failed")


def test_facts_name_the_decimals():
    said = explain.explain("amount_too_precise", AmountTooPrecise(decimals=2, currency="CNY").facts)
    assert "CNY" in said.reason and "2" in said.reason
