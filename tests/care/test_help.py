"""The help centre: its articles, how they are loaded and cleaned, and the official contacts."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import Resolver404, resolve

from guitai.base.clock import now, stopped
from guitai.care import api, errors
from guitai.care.flows.load_articles import ARTICLES, load_articles, read_files
from guitai.care.models import Article, ArticleVersion
from guitai.care.rules.articles import LANGUAGES, links_of, live_names, read_source, render
from guitai.care.rules.topics import OF_CATEGORY, TOPICS
from guitai.care.types import CATEGORIES
from guitai.care.web.body_check import check_body
from guitai.care.web.help_words import groups
from guitai.care.web.live.answers import ANSWERS
from guitai.care.web.pages import PAGES, page
from guitai.care.web.way_on import category_about

SOURCES = [source for source, _ in read_files(ARTICLES)]
IN = {language: {s.slug: s for s in SOURCES if s.language == language} for language in LANGUAGES}


@pytest.fixture
def loaded(db):
    return api.load_articles()


def test_there_are_enough_articles_each_in_both_languages():
    assert IN["en"].keys() == IN["zh-hans"].keys() and len(IN["en"]) >= 55


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_topic_is_the_main_one_of_an_article(language):
    assert {source.topics[0] for source in IN[language].values()} == set(TOPICS)


@pytest.mark.parametrize("slug", sorted(IN["en"]))
def test_both_languages_tell_the_same_story(slug):
    english, chinese = IN["en"][slug], IN["zh-hans"][slug]
    for field in ("topics", "related", "audience", "position", "updated"):
        assert getattr(english, field) == getattr(chinese, field), field
    told = [render(source.markdown) for source in (english, chinese)]
    assert set(live_names(told[0].html)) == set(live_names(told[1].html))
    assert len(told[0].outline) == len(told[1].outline)
    assert re.search(r"[\u4e00-\u9fff]", chinese.title + chinese.summary)
    assert not re.search(r"[\u4e00-\u9fff]", english.title + english.summary + english.markdown)


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: f"{s.language}/{s.slug}")
def test_an_article_is_whole(source):
    """What to do, in steps, with a way into the product; words that people type; related ones that exist."""
    html = render(source.markdown).html
    assert "<ol>" in html or "<table>" in html, "steps or a table"
    assert html.count("<h2") >= 2
    assert any(target.startswith(("page:", "help:")) for target in links_of(html))
    assert len(source.keywords) >= 6 and source.slug not in source.related and len(source.related) >= 2
    assert len(render(source.markdown).text) > (500 if source.language == "en" else 180)
    check_body(source, IN["en"].keys())


@pytest.mark.parametrize("source", SOURCES, ids=lambda s: f"{s.language}/{s.slug}")
def test_an_article_names_no_amount_number_or_address_of_an_operator(source):
    """Amounts, limits, fees and contacts are live: what is written down would be wrong somewhere."""
    assert not re.search(
        r"[¥$€£]\s?\d|\d\s?(?:元|yuan|CNY|RMB)|\d{3}[- ]?\d{4}|\bwww\.|https?://", source.markdown
    )


def test_every_page_that_articles_may_name_has_an_address(db):
    for name in PAGES:
        address = page(name)
        assert address, name
        resolve(address.split("?")[0].split("#")[0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_link_of_every_article_leads_somewhere(loaded, language):
    client = Client()
    for slug in IN[language]:
        answer = client.get(f"/help/{language}/{slug}/")
        assert answer.status_code == 200, slug
        shown = answer.content.decode()
        body = shown[shown.index("<article") : shown.index("</article>")]
        assert "{{" not in body and '"page:' not in body and '"help:' not in body
        for href in re.findall(r'href="([^"]+)"', body):
            if href.startswith(("tel:", "mailto:")):
                continue
            try:
                found = resolve(href.split("?")[0].split("#")[0])
            except Resolver404:
                pytest.fail(f"{slug} leads to {href}")
            if found.url_name == "article":
                assert found.kwargs["slug"] in IN[language], f"{slug} leads to {href}"


def test_every_article_stands_in_a_group_and_every_category_has_a_way(loaded):
    shelves = groups(api.articles("en"))
    assert sum(len(group.articles) for group in shelves) == len(api.articles("en"))
    assert set(OF_CATEGORY) == set(CATEGORIES)
    assert {topic for topics in OF_CATEGORY.values() for topic in topics} <= set(TOPICS)
    assert category_about(("police-report", "account-stolen")) == "stolen_account"
    assert category_about(("privacy",)) == "other"


def test_loading_again_changes_nothing_and_follows_the_files(loaded, tmp_path):
    assert loaded.added == Article.objects.count() == ArticleVersion.objects.count()
    again = api.load_articles()
    assert (again.added, again.changed, again.removed, again.kept) == (0, 0, 0, 0)
    folder = tmp_path / "en"
    folder.mkdir()
    source = Path(ARTICLES / "en" / "payment-pin.md").read_text()
    (folder / "payment-pin.md").write_text(source.replace("Six digits", "Seven digits"))
    changed = load_articles(tmp_path)
    assert (changed.added, changed.changed, changed.removed) == (0, 1, loaded.added - 1)
    versions = ArticleVersion.objects.filter(slug="payment-pin", language="en").order_by("number")
    assert [(v.number, v.origin) for v in versions] == [(1, "file"), (2, "file")]
    assert api.article("payment-pin", "en").summary.startswith("Seven digits")


def test_articles_fall_back_to_a_language_they_have(loaded):
    assert api.article("payment-refused", "zh-hans").language == "zh-hans"
    assert "<table>" in api.article("payment-refused", "zh-hans").html
    assert api.article("payment-refused", "fr").language == "en"
    assert api.articles_about(["fees"], "en")[0].slug == "fees"
    with pytest.raises(errors.NotFound):
        api.article("nothing", "en")


HEAD = "---\ntitle: T\nsummary: S\ntopics: fees\nupdated: 2026-01-02\n---\n"


@pytest.mark.parametrize(
    ("content", "field"),
    [
        ("no head at all", "markdown"),
        (HEAD.replace("title: T", "title:") + "x", "title"),
        (HEAD.replace("fees", "nonsense") + "x", "topics"),
        (HEAD.replace("topics: fees", "topics:") + "x", "topics"),
        (HEAD.replace("2026-01-02", "soon") + "x", "updated"),
        (HEAD.replace("title", "slug: other\ntitle") + "x", "slug"),
        (HEAD.replace("title", "audience: nobody\ntitle") + "x", "audience"),
        (HEAD + "  \n", "markdown"),
        (HEAD + "x" * 20_001, "markdown"),
    ],
)
def test_refuses_a_file_that_breaks_a_rule(content, field):
    assert read_source(HEAD + "x", "en", "an-article").slug == "an-article"
    with pytest.raises(errors.ArticleInvalid) as refused:
        read_source(content, "en", "an-article")
    assert refused.value.facts["field"] == field


@pytest.mark.parametrize("slug", ["en", "zh-hans", "Upper", "a--b", "-a", "suggestions", "a" * 81])
def test_refuses_an_address_that_is_none_or_is_taken(slug):
    with pytest.raises(errors.ArticleInvalid):
        read_source(HEAD + "x", "en", slug)


@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[x](javascript:alert(1))", 'href="javascript'),
        ("[x](JaVaScRiPt:alert(1))", "href="),
        ("[x](data:text/html;base64,PHNjcmlwdD4=)", "href="),
        ("[x](//evil.example)", "href="),
        ("[x](/\\evil.example)", 'href="/\\\\'),
        ("[x](http://evil.example)", "href="),
        ("[x](page:../../etc)", "href="),
        ("![x](https://evil.example/x.png)", "<img"),
        ("<b onclick=alert(1)>x</b>", "<b"),
        ("<style>*{display:none}</style>", "<style"),
        ("<iframe src=https://evil.example>", "<iframe"),
        ('[x](https://ok.example "t" onclick=1)', 'onclick=1"'),
        ("<a href=x onmouseover=alert(1)>", "<a href=x"),
        ("|a|\n|-|\n|<img src=x onerror=alert(1)>|", "<img"),
    ],
)
def test_markup_from_an_article_is_harmless(markdown, never):
    assert never not in render(markdown).html
    assert "<strong>x</strong>" in render("**x**").html
    assert 'href="page:top-up"' in render("[x](page:top-up)").html


def test_headings_are_places_and_text_is_plain():
    rendered = render("## One & two\n\nwords {{ live:balance }}\n\n## Three\n\nmore `code`")
    assert [(h.anchor, h.title) for h in rendered.outline] == [("part-1", "One & two"), ("part-2", "Three")]
    assert '<h2 id="part-1">' in rendered.html
    assert rendered.text == "One & two words Three more code"
    assert set(live_names(rendered.html)) == {"balance"} <= ANSWERS.keys()


def test_only_answered_channels_are_listed(operator):
    (region,) = api.contact_regions()
    assert (region.code, region.hotline, region.state.open) == ("cn", "+86 400 000 0000", True)
    with stopped(now() + timedelta(hours=12)):
        closed = api.contact_regions()[0].state
        assert (closed.open, closed.changes_at) == (False, now() + timedelta(hours=11))


def test_no_operator_no_channel(db):
    assert api.contact_regions() == ()
