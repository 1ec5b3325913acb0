"""The staff's library: drafts, versions, publishing now and later, who may, what is recorded, what stays theirs."""

import time
from datetime import date, timedelta

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import DatabaseError, transaction
from django.test import Client

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.care import api, errors, library
from guitai.care.flows import load_articles as loading
from guitai.care.models import Article, ArticleVersion
from guitai.care.rules.articles import Source
from guitai.people import api as people

pytestmark = pytest.mark.django_db
PASSWORD, SECRET = "counter-2026-tea", "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EN = {"accept-language": "en"}


@pytest.fixture(autouse=True)
def loaded(operator):
    api.load_articles()


@pytest.fixture
def editor() -> Actor:
    return Actor("staff", str(new_id()))


def words(slug: str = "fees", title: str = "Our own fees", **more) -> Source:
    values = {
        "language": "en", "summary": "What it costs here.", "topics": ("fees",), "keywords": ("fee",),
        "related": (), "audience": "everyone", "position": 65, "updated": date(2026, 11, 22),
        "markdown": "## Here\n\n1. Nothing.",
    }  # fmt: skip
    return Source(slug=slug, title=title, **(values | more))


def written(editor: Actor, **more) -> int:
    return library.save_draft(words(**more), editor, note="why", based_on=1)


def test_a_draft_changes_nothing_for_readers_until_it_is_published(editor):
    number = written(editor)
    assert api.article("fees", "en").title == "Fees"
    library.publish("fees", "en", number, editor)
    assert api.article("fees", "en").title == "Our own fees"
    assert api.search_articles("own fees", "en")[0].slug == "fees"
    newest, first = library.versions("fees", "en")
    assert (newest.in_force, newest.state, newest.author) == (True, "published", newest.author)
    assert (first.in_force, first.origin) == (False, "file")
    library.publish("fees", "en", first.number, editor)
    assert api.article("fees", "en").title == "Fees"


def test_of_two_who_write_at_once_one_is_told(editor):
    assert written(editor) == 2
    with pytest.raises(errors.ArticleChangedMeanwhile) as refused:
        written(editor, title="Other")
    assert refused.value.facts["number"] == 2


def test_a_planned_version_is_published_by_itself(editor):
    number = written(editor)
    with pytest.raises(errors.ArticleTimePassed):
        library.schedule("fees", "en", number, now(), editor)
    library.schedule("fees", "en", number, now() + timedelta(hours=2), editor)
    assert api.publish_due_articles() == 0
    with stopped(now() + timedelta(hours=3)):
        assert (api.publish_due_articles(), api.publish_due_articles()) == (1, 0)
        assert api.article("fees", "en").title == "Our own fees"
    with pytest.raises(errors.ArticleChangedMeanwhile):
        library.schedule("fees", "en", number, now() + timedelta(days=2), editor)


def test_what_is_taken_from_the_plan_stays_a_draft(editor):
    number = written(editor)
    library.schedule("fees", "en", number, now() + timedelta(hours=2), editor)
    library.schedule("fees", "en", number, None, editor)
    with stopped(now() + timedelta(hours=3)):
        assert api.publish_due_articles() == 0
    assert library.versions("fees", "en")[0].state == "draft"


def test_loading_leaves_alone_what_staff_have_written(editor, tmp_path):
    library.publish("fees", "en", written(editor), editor)
    assert api.load_articles().kept == 0  # the text as supplied is a version already
    folder = tmp_path / "en"
    folder.mkdir()
    for name in ("fees", "limits"):
        supplied = (loading.ARTICLES / "en" / f"{name}.md").read_text()
        (folder / f"{name}.md").write_text(supplied.replace("title: ", "title: New "))
    result = loading.load_articles(tmp_path)
    assert (result.kept, result.changed) == (1, 1)
    assert api.article("fees", "en").title == "Our own fees"
    assert api.article("limits", "en").title.startswith("New ")
    waiting = library.versions("fees", "en")[0]
    assert (waiting.origin, waiting.state, waiting.title) == ("file", "draft", "New Fees")
    assert loading.load_articles(tmp_path).kept == 0
    library.publish("fees", "en", waiting.number, editor)
    assert Article.objects.get(slug="fees", language="en").origin == "file"


def test_a_withdrawn_article_is_gone_until_it_is_published_again(editor):
    library.withdraw("fees", "en", editor)
    assert Client().get("/help/en/fees/").status_code in (302, 404)
    assert "fees" not in [hit.slug for hit in api.search_articles("fees", "en")]
    api.load_articles()
    with pytest.raises(NotFound):
        library.withdraw("fees", "en", editor)
    assert [row.withdrawn for row in library.rows("en") if row.slug == "fees"] == [True]
    library.publish("fees", "en", 1, editor)
    assert api.article("fees", "en").title == "Fees"


def test_articles_for_staff_are_found_by_no_reader(editor):
    library.save_draft(
        words("inside", audience="staff", title="Secret handshake"), editor, note="", based_on=0
    )
    library.publish("inside", "en", 1, editor)
    assert Client().get("/help/inside/").status_code == 404
    assert api.search_articles("secret handshake", "en") == []
    assert "inside" in [row.slug for row in library.rows("en")]


def test_every_change_is_recorded_with_who_and_why(editor):
    number = written(editor)
    library.schedule("fees", "en", number, now() + timedelta(hours=2), editor)
    library.publish("fees", "en", number, editor)
    library.withdraw("fees", "en", editor)
    rows = audit.entries_about(("article", "fees/en"))
    assert {row.entry.action for row in rows} == {
        "care.article_written", "care.article_scheduled", "care.article_published", "care.article_withdrawn",
    }  # fmt: skip
    assert all(row.entry.actor == editor for row in rows)


def test_the_words_of_a_version_never_change(editor):
    written(editor)
    for change in (lambda rows: rows.update(markdown="other"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change(ArticleVersion.objects.filter(slug="fees"))


@pytest.mark.parametrize(
    ("more", "field"),
    [({"title": " "}, "title"), ({"topics": ("nonsense",)}, "topics"), ({"markdown": "\x00"}, "markdown")],
)
def test_refuses_words_that_break_a_rule(editor, more, field):
    with pytest.raises(errors.ArticleInvalid) as refused:
        library.save_draft(words(**more), editor, note="", based_on=1)
    assert refused.value.facts["field"] == field
    assert library.save_draft(words(), editor, note="", based_on=1) == 2


def staff_client(role: str) -> Client:
    people.create_staff(f"{role}@guitai.example", role, role, PASSWORD, totp_secret=SECRET)
    client = Client()
    client.post("/staff/sign-in/", {"email": f"{role}@guitai.example", "password": PASSWORD})
    code = format_hotp_value(hotp_value(SECRET, int(time.time()) // 30))
    assert client.post("/staff/code/", {"code": code}).status_code == 302
    return client


def form(**more) -> dict:
    values = {
        "title": "Our own fees", "summary": "What it costs here.", "topics": "fees", "keywords": "fee, cost",
        "related": "limits", "audience": "everyone", "position": "65", "note": "clearer", "based_on": "1",
        "markdown": "## Here\n\nSee [limits](help:limits). {{ live:fees }}",
    }  # fmt: skip
    return values | more


def test_an_agent_writes_and_a_supervisor_publishes():
    agent, supervisor = staff_client("agent"), staff_client("supervisor")
    assert agent.get("/desk/library/", headers=EN).status_code == 200
    assert agent.post("/desk/library/en/fees/", form(), headers=EN).status_code == 302
    shown = agent.get("/desk/library/en/fees/", headers=EN).content.decode()
    assert "Our own fees" in shown and "A supervisor publishes it." in shown
    assert agent.post("/desk/library/en/fees/2/publication/", {"wish": "now"}).status_code == 403
    assert api.article("fees", "en").title == "Fees"
    assert agent.get("/desk/library/en/fees/2/", headers=EN).status_code == 200
    assert supervisor.post("/desk/library/en/fees/2/publication/", {"wish": "now"}).status_code == 302
    assert api.article("fees", "en").title == "Our own fees"
    assert supervisor.post("/desk/library/en/fees/withdrawal/").status_code == 302
    assert agent.post("/desk/library/en/fees/withdrawal/").status_code == 403


def test_the_library_is_for_staff_alone(yue):
    customer = Client()
    customer.post("/sign-in/", {"phone": "+8613800138000", "password": PASSWORD})
    for client, status in ((Client(), 302), (customer, 404)):
        for path in (
            "/desk/library/",
            "/desk/library/new/",
            "/desk/library/en/fees/",
            "/desk/library/en/fees/1/",
        ):
            assert client.get(path).status_code == status, path
        assert client.post("/desk/library/preview/", {"markdown": "x"}).status_code == status


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"markdown": "{{ live:everything }}"}, "It asks for a live answer that does not exist."),
        ({"markdown": "[x](page:nowhere)"}, "It leads to a page or an article that does not exist."),
        ({"markdown": "[x](help:nowhere)"}, "It leads to a page or an article that does not exist."),
        ({"topics": "fees nonsense"}, "One of these is not known."),
        ({"based_on": "0"}, "Somebody else has worked on this article"),
    ],
)
def test_the_editor_says_what_is_wrong_and_keeps_what_was_typed(more, said):
    agent = staff_client("agent")
    answer = agent.post("/desk/library/en/fees/", form(**more), headers=EN)
    assert answer.status_code == 422
    assert said in answer.content.decode() and "What it costs here." in answer.content.decode()
    assert len(library.versions("fees", "en")) == 1


def test_a_preview_is_what_readers_would_see_and_harmless():
    agent = staff_client("agent")
    shown = agent.post(
        "/desk/library/preview/",
        {"markdown": "## H\n\n<script>alert(1)</script> [t](page:top-up) {{ live:fees }}", "written": "en"},
    ).content.decode()
    assert "<script" not in shown and 'href="/top-up/"' in shown and "<table" in shown
    assert ArticleVersion.objects.filter(origin="staff").count() == 0


def test_a_new_article_gets_an_address_and_waits_as_a_draft():
    agent = staff_client("agent")
    answer = agent.post("/desk/library/new/?in=en", form(slug="our-shop", based_on="0"), headers=EN)
    assert answer.status_code == 302 and answer.url == "/desk/library/en/our-shop/"
    assert agent.get("/desk/library/?in=en", headers=EN).content.decode().count("our-shop") >= 1
    assert (
        agent.post("/desk/library/new/?in=en", form(slug="zh-hans", based_on="0"), headers=EN).status_code
        == 422
    )
    assert Client().get("/help/our-shop/").status_code == 404
