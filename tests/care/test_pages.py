"""Pages of the front door and the counter, over HTTP."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from guitai.base.actor import Actor
from guitai.base.reference import spoken
from guitai.care import api
from guitai.care.models import Case, Message
from guitai.people import api as people

pytestmark = pytest.mark.django_db
PASSWORD = "counter-2026-tea"
EN, ZH = {"accept-language": "en"}, {"accept-language": "zh-hans"}


@pytest.fixture
def loaded(operator):
    api.load_articles()


def sign_in(phone: str) -> Client:
    client = Client()
    assert client.post("/sign-in/", {"phone": phone, "password": PASSWORD}).status_code == 302
    return client


def text(response) -> str:
    return response.content.decode()


def key_in(response) -> str:
    return re.search(r'name="key" value="([0-9a-f]{32})"', text(response))[1]


@pytest.mark.parametrize("address", ["/", "/help/", "/contact/", "/counter/", "/help/payment-refused/"])
@pytest.mark.parametrize(("headers", "hotline"), [(EN, "Official hotline"), (ZH, "官方热线")])
def test_public_pages_need_no_sign_in_and_carry_the_hotline(loaded, address, headers, hotline):
    response = Client().get(address, headers=headers)
    assert response.status_code == 200
    assert hotline in text(response) and "+86 400 000 0000" in text(response)
    assert "+44 20 0000 0000" not in text(response)  # nobody has said when that one is answered
    assert "/freeze/" in text(response)


def test_nothing_of_the_operator_is_in_a_template(db):
    page = text(Client().get("/contact/", headers=EN))
    assert "No hotline is answered yet" in page and "tel:" not in page


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        ("+86 400 000 0000", "This is our number"),
        ("4000000000", "This is our number"),
        ("００８６４０００００００００", "This is our number"),
        ("+86 400 000 0001", "This only looks like ours"),
        ("help@guitai.example.evil", "This is not one of our mail addresses"),
        ("https://evil.example/", "This is not one of our websites"),
        ("123", "That is too short to tell"),
        ("<script>alert(1)</script>", "That is too short to tell"),
    ],
)
def test_checks_a_contact(loaded, typed, verdict):
    page = text(Client().get("/contact/", {"check": typed}, headers=EN))
    assert verdict in page and "<script>alert" not in page


def test_search_finds_articles_and_escapes(loaded):
    page = text(Client().get("/help/", {"q": "充值没到账"}, headers=ZH))
    assert "/help/top-up-not-arrived/" in page and "<mark>充值</mark>" in page
    hostile = text(Client().get("/help/", {"q": "<script>alert(1)</script>"}, headers=EN))
    assert "<script>alert" not in hostile
    assert Client().get("/help/nothing/").status_code == 404


def test_a_reference_leads_its_owner_and_nobody_else(loaded, yue, refused, ming):
    case = api.open_case(yue, None, "Why?", [], operation=refused, key="k")
    mine, other = sign_in("13800138000"), sign_in("13900139000")
    for reference, there in ((case, f"/cases/{case}/"), (refused, f"/bills/{refused}/")):
        typed = f" {spoken(reference).lower()} "
        assert mine.get("/help/", {"q": typed}).url == there
        strange, nothing = other.get("/help/", {"q": typed}), other.get("/help/", {"q": typed})
        assert strange.status_code == 200 and "Nothing of yours has this reference" in text(strange)
        assert len(text(nothing)) == len(text(strange))
        assert "Sign in" in text(Client().get("/help/", {"q": typed}, headers=EN))


def test_one_tap_from_the_bill_to_the_answer(loaded, yue, refused, picture):
    client = sign_in("13800138000")
    counter = text(client.get("/counter/", headers=EN))
    assert f"/cases/new/?operation={refused}" in counter and "was refused" in counter
    asked = client.get(f"/cases/new/?operation={refused}", headers=EN)
    assert "¥" in text(asked) and 'name="category"' not in text(asked)
    form = {"words": "<b>Why?</b> my PIN is 271828", "files": [picture()], "key": key_in(asked)}
    sent = client.post(f"/cases/new/?operation={refused}", form, headers=EN)
    case = Case.objects.get()
    assert sent.url == f"/cases/{case.reference}/"
    # The button pressed twice opens one case and shows it.
    again = client.post(f"/cases/new/?operation={refused}", form | {"files": [picture()]}, headers=EN)
    assert again.url == sent.url and Case.objects.count() == 1
    assert client.get(f"/cases/new/?operation={refused}").url == f"/cases/{case.reference}/"
    page = text(client.get(sent.url, headers=EN))
    assert "&lt;b&gt;Why?&lt;/b&gt;" in page and "271828" not in page and "<b>Why" not in page
    assert "Our turn: we answer by" in page and "was hidden before it was stored" in page
    file = client.get(re.search(r"/cases/\w+/evidence/[0-9a-f-]+/", page)[0])
    assert (file.status_code, file["Content-Type"], file["X-Content-Type-Options"]) == (
        200,
        "image/png",
        "nosniff",
    )
    assert "sandbox" in file["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"words": " "}, "There are no words and no file yet."),
        ({"words": "x" * 5001}, "A message may have 5000 characters"),
        ({"words": "x", "files": SimpleUploadedFile("a.png", b"<html>")}, "whatever its name says"),
        ({"words": "kept words", "files": SimpleUploadedFile("a.png", b"")}, "It contains nothing."),
        ({"words": "x", "category": "<script>"}, "is not one of the available choices"),
    ],
)
def test_errors_stand_in_the_form_and_keep_what_was_typed(loaded, yue, form, error):
    client = sign_in("13800138000")
    key = key_in(client.get("/cases/new/"))
    response = client.post("/cases/new/", {"key": key, "category": "fees", **form}, headers=EN)
    assert response.status_code == 422 and error in text(response)
    assert form["words"].strip() in text(response)
    assert not Case.objects.exists()
    assert client.post("/cases/new/", {"key": key, "category": "fees", "words": "x"}).status_code == 302


def test_the_customer_answers_rates_and_reopens(loaded, yue, agent):
    case = api.open_case(yue, "fees", "Which fee?", [], key="k")
    api.take(case, agent)
    api.reply(case, agent, "Which card?", key="a")
    client = sign_in("13800138000")
    assert "An answer is waiting for you" in text(client.get("/home/", headers=EN))
    page = client.get(f"/cases/{case}/", headers=EN)
    assert "Your turn" in text(page)
    client.post(f"/cases/{case}/messages/", {"words": "The green one", "key": key_in(page)})
    api.resolve(case, agent, "No fee.")
    assert "Reopen" in text(client.get(f"/cases/{case}/", headers=EN))
    none = client.post(f"/cases/{case}/rating/", {"rating": ""}, headers=EN)
    assert none.status_code == 422 and "from 1 to 5" in text(none)
    client.post(f"/cases/{case}/rating/", {"rating": "4", "words": "fine"})
    empty = client.post(f"/cases/{case}/reopening/", {"words": ""}, headers=EN)
    assert empty.status_code == 422 and "There are no words" in text(empty)
    client.post(f"/cases/{case}/reopening/", {"words": "again"})
    view = api.case_for_customer(yue, case)
    assert (view.rating, view.row.state) == (4, "in_progress")


@pytest.mark.parametrize("suffix", ["", "messages/", "rating/", "reopening/"])
def test_the_case_of_another_is_not_found(loaded, yue, ming, suffix):
    case = api.open_case(yue, "fees", "Which fee?", [], key="k")
    answers, pages = [], set()
    client = sign_in("13900139000")
    for reference in (case, "ACCCCCCCCC", "x" * 300):
        address = f"/cases/{reference}/{suffix}"
        form = {"words": "x", "key": "k", "rating": "5"}
        answers.append(client.post(address, form) if suffix else client.get(address))
        if len(reference) == 10:
            pages.add(re.sub(r"\w{64}", "", text(answers[-1])).replace(reference, ""))
    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert len(pages) == 1
    assert Message.objects.count() == 1
    assert sign_in("13800138000").get(f"/cases/{case}/").status_code == 200


def test_signed_out_asks_to_sign_in_and_comes_back(loaded):
    assert Client().get("/cases/").url == "/sign-in/?next=%2Fcases%2F"
    assert Client().get("/cases/new/?operation=x").status_code == 302


def test_staff_are_not_customers(loaded, agent):
    people.create_staff("wen@guitai.example", "Wen", "agent", PASSWORD, totp_secret="JBSWY3DPEHPK3PXP")
    assert Actor("staff", agent.id).kind == "staff"
    assert Client().get("/desk/").url.startswith("/staff/sign-in/")
