"""Pages of the help centre over HTTP: search, suggestions, live answers, feedback, what is wanted, what is missing."""

import re
from datetime import timedelta

import pytest
from django.test import Client

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.care import api, help, library
from guitai.care.models import ArticleFeedback, ArticleReadings, UnansweredQuestion
from guitai.care.rules.popularity import wanted
from guitai.care.rules.questions import may_be_kept
from guitai.kit import policies
from guitai.people import api as people

pytestmark = pytest.mark.django_db
PASSWORD = "counter-2026-tea"
EN, ZH = {"accept-language": "en"}, {"accept-language": "zh-hans"}


@pytest.fixture(autouse=True)
def loaded(operator):
    api.load_articles()


def text(response) -> str:
    return response.content.decode()


def body(response) -> str:
    shown = text(response)
    return shown[shown.index("<article") : shown.index("</article>")]


@pytest.fixture
def as_yue(yue) -> Client:
    client = Client()
    client.post("/sign-in/", {"phone": "+8613800138000", "password": PASSWORD})
    return client


def test_the_first_page_shows_what_is_wanted_and_every_shelf():
    page = text(Client().get("/help/", headers=EN))
    assert "Wanted right now" in page and page.count('class="shelf"') == 9
    for slug in ("open-a-wallet", "report-to-the-police", "convert-currency"):
        assert f"/help/{slug}/" in page


def test_suggestions_are_options_of_a_list():
    page = text(Client().get("/help/suggestions/", {"q": "转错"}, headers=ZH))
    assert 'role="listbox"' in page and 'id="finder-1"' in page and page.count('role="option"') >= 1
    assert "/help/sent-to-the-wrong-person/" in page and "<mark>转错</mark>" in page
    nothing = text(Client().get("/help/suggestions/", {"q": "囧囧囧"}, headers=ZH))
    assert 'role="option"' not in nothing and "finder-none" in nothing
    hostile = text(Client().get("/help/suggestions/", {"q": "<script>alert(1)</script>"}, headers=EN))
    assert "<script" not in hostile


def test_an_article_has_a_lasting_address_in_each_language():
    english = Client().get("/help/en/fees/", headers=ZH)
    assert "The fees now" in text(english) and 'lang="en"' in text(english)
    chinese = Client().get("/help/zh-hans/fees/", headers=EN)
    assert "现在的收费" in text(chinese) and 'hreflang="en"' in text(chinese)
    assert Client().get("/help/fr/fees/").status_code == 404
    assert Client().get("/help/en/nothing/").status_code == 404


def test_signed_out_live_answers_are_general_sentences():
    limits = body(Client().get("/help/en/limits/"))
    assert "Signed in, you see here how much you may still send today." in limits
    assert "<table" in limits and "transfers" in limits
    hours = body(Client().get("/help/en/opening-hours/"))
    assert "+86 400 000 0000" in hours and "09:00" in hours and "open now" in hours
    assert "free" in body(Client().get("/help/en/fees/"))
    assert "A person answers within 30 open minutes." in body(Client().get("/help/en/account-stolen/"))
    assert "24 hours" in body(Client().get("/help/en/send-money/"))
    for private in ("Right now:", "Your level now", "You have set yours", "Your wallet is in order"):
        for slug in ("not-enough-money", "identity-tiers", "payment-pin", "account-locked"):
            assert private not in body(Client().get(f"/help/en/{slug}/"))


def test_signed_in_live_answers_are_the_readers_own(as_yue, refused):
    assert "Today you may still send" in body(as_yue.get("/help/en/limits/"))
    assert "Your limits" in body(as_yue.get("/help/en/limits/"))
    assert "You have set yours." in body(as_yue.get("/help/en/payment-pin/"))
    assert "Your level now: 0." in body(as_yue.get("/help/en/identity-tiers/"))
    assert "Your wallet is in order" in body(as_yue.get("/help/en/account-locked/"))
    told = body(as_yue.get("/help/en/payment-refused/"))
    assert "Your latest refused payment" in told and f"/bills/{refused}/" in told
    assert "There is no money in your wallet" in body(as_yue.get("/help/en/not-enough-money/"))


def test_what_one_reader_sees_is_kept_for_nobody_else(as_yue, refused):
    own = as_yue.get("/help/en/payment-refused/")
    assert own.headers["Cache-Control"] == "no-store" and refused in text(own)
    assert refused not in text(Client().get("/help/en/payment-refused/"))


def test_live_answers_follow_the_operator():
    fee = {"fixed_minor": 100, "basis_points": 10, "maximum_minor": 2500}
    policies.publish("fees", {"transfer": {"CNY": fee}}, SYSTEM)
    policies.publish("care.promises", {"reply_minutes_urgent": 45}, SYSTEM)
    assert "¥1.00 + 0.1%, at most ¥25.00" in text(Client().get("/help/en/fees/"))
    assert "within 45 open minutes" in text(Client().get("/help/en/account-stolen/"))


def test_a_frozen_wallet_is_said_only_as_far_as_the_class_allows(as_yue, yue):
    people.freeze(yue, SYSTEM, "by_risk", disclosure="silent")
    assert "Something is stopped" not in body(Client().get("/help/en/account-locked/"))
    again = Client()
    again.post("/sign-in/", {"phone": "+8613800138000", "password": PASSWORD})
    assert "Something is stopped" not in text(again.get("/help/en/account-locked/"))


def test_feedback_counts_once_a_reader():
    browser, other = Client(), Client()
    said = browser.post("/help/fees/feedback/", {"helped": "yes", "language": "en"}, headers=EN)
    assert said.status_code == 200 and "Good to know" in text(said)
    browser.post("/help/fees/feedback/", {"helped": "yes", "language": "en"}, headers=EN)
    assert ArticleFeedback.objects.count() == 1
    other.post("/help/fees/feedback/", {"helped": "yes", "language": "en"}, headers=EN)
    assert ArticleFeedback.objects.count() == 2
    browser.post(
        "/help/fees/feedback/", {"helped": "no", "reason": "not_clear", "language": "en"}, headers=EN
    )
    assert ArticleFeedback.objects.count() == 2
    assert library.reasons("fees", "en") == {"not_clear": 1}


def test_a_no_asks_why_and_leads_to_the_right_case():
    browser = Client()
    asked = text(
        browser.post("/help/account-stolen/feedback/", {"helped": "no", "language": "en"}, headers=EN)
    )
    assert "What was missing?" in asked and ArticleFeedback.objects.count() == 0
    led = text(
        browser.post(
            "/help/account-stolen/feedback/",
            {"helped": "no", "reason": "want_a_person", "language": "en"},
            headers=EN,
        )
    )
    assert "/cases/new/?category=stolen_account" in led and "/contact/" in led
    assert ArticleFeedback.objects.get().reason == "want_a_person"


@pytest.mark.parametrize("reason", ["", "because", "<script>"])
def test_a_reason_that_is_none_is_asked_for_again(reason):
    shown = text(Client().post("/help/fees/feedback/", {"helped": "no", "reason": reason}, headers=EN))
    assert "What was missing?" in shown and ArticleFeedback.objects.count() == 0


def test_feedback_needs_an_article_and_a_form():
    assert Client().post("/help/nothing/feedback/", {"helped": "yes"}).status_code == 404
    assert Client().get("/help/fees/feedback/").status_code == 405
    assert Client(enforce_csrf_checks=True).post("/help/fees/feedback/", {"helped": "yes"}).status_code == 403


def test_the_reader_behind_a_feedback_cannot_be_found(as_yue, yue):
    as_yue.post("/help/fees/feedback/", {"helped": "yes", "language": "en"})
    kept = ArticleFeedback.objects.get()
    assert str(yue) not in str(vars(kept)) and yue.bytes not in bytes(kept.reader)


def test_what_is_read_and_asked_about_now_comes_first(customer):
    assert [a.slug for a in help.popular("en", 3)] == [a.slug for a in api.articles("en")[:3]]
    for _ in range(3):
        Client().get("/help/public-wifi/", headers=EN)
    assert help.popular("en", 1)[0].slug == "public-wifi"
    assert ArticleReadings.objects.get(slug="public-wifi").count == 3
    api.open_case(customer, "stolen_account", "help", [], key="a")
    assert help.popular("en", 2)[0].slug == "account-stolen"
    with stopped(now() + timedelta(days=3)):
        assert help.popular("en", 1)[0].slug == api.articles("en")[0].slug


def test_the_latest_counts_most():
    at = now()
    topics = {"old": ("fees",), "new": ("limits",), "unread": ("bills",)}
    readings = [("old", at - timedelta(hours=24), 10), ("new", at, 2), ("gone", at, 99)]
    assert wanted(readings, [], topics, at) == ["new", "old"]
    assert wanted([], [(("bills",), at)], topics, at) == ["unread"]


def test_a_question_that_finds_nothing_is_counted_without_anybody():
    for _ in range(2):
        Client().get("/help/", {"q": "囧囧囧"}, headers=ZH)
    row = UnansweredQuestion.objects.get()
    assert (row.count, row.words) == (2, "") and library.unanswered("zh-hans") == ([], 2)
    Client().get("/help/", {"q": "囧囧囧"}, headers=ZH)
    found, total = library.unanswered("zh-hans")
    assert [(q.words, q.count) for q in found] == [("囧囧囧", 3)] and total == 3


@pytest.mark.parametrize(
    ("question", "kept"),
    [
        ("囧囧囧", True),
        ("flying carpet", True),
        ("call 13800138000", False),
        ("me@example.org", False),
        ("my pin is 123456", False),
        ("一三八零零一三八零零零", False),
        ("x", False),
        ("a" * 61, False),
        ("https://evil.example/x", False),
    ],
)
def test_words_that_may_name_somebody_are_never_kept(question, kept):
    assert may_be_kept(question) is kept
    for _ in range(4):
        help.count_unanswered(question, "en")
    assert UnansweredQuestion.objects.get().words == (question if kept else "")


def test_long_articles_have_a_table_of_contents_and_print_without_it():
    page = text(Client().get("/help/en/account-stolen/"))
    assert re.search(r'<details class="outline no-print">', page) and 'href="#part-1"' in page
    assert 'id="feedback" class="no-print"' in page
