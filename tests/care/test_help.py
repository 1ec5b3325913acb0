"""The help centre: loading, sanitising, searching; and the official contacts."""

from datetime import timedelta
from pathlib import Path

import pytest

from guitai.base.clock import now, stopped
from guitai.care import api, errors
from guitai.care.flows.load_articles import ARTICLES, load_articles, read_sources, render
from guitai.care.models import Article

QUESTIONS = [
    ("en", "my top-up has not arrived", "top-up-not-arrived"),
    ("en", "topup missing", "top-up-by-bank-transfer"),
    ("en", "sent money to the wrong number", "sent-to-the-wrong-person"),
    ("en", "why was my payment refused", "payment-refused"),
    ("en", "payment on hold", "payment-on-hold"),
    ("en", "phone stolen", "freeze-your-account"),
    ("en", "hotlin number", "the-real-hotline"),
    ("en", "forgot pin", "payment-pin"),
    ("en", "how to transfer to a friend", "send-money"),
    ("en", "daily limit", "fees-and-limits"),
    ("zh-hans", "我的充值怎么还没有到账", "top-up-not-arrived"),
    ("zh-hans", "到账", "top-up-not-arrived"),
    ("zh-hans", "钱转错人了", "sent-to-the-wrong-person"),
    ("zh-hans", "付款被拒", "payment-refused"),
    ("zh-hans", "暂缓", "payment-on-hold"),
    ("zh-hans", "账户被盗", "freeze-your-account"),
    ("zh-hans", "客服电话", "the-real-hotline"),
    ("zh-hans", "支付密码", "payment-pin"),
    ("zh-hans", "限额", "fees-and-limits"),
    ("zh-hans", "重新打开工单", "ask-the-counter"),
]


@pytest.fixture
def loaded(db):
    return api.load_articles()


def test_every_article_exists_in_both_languages():
    slugs = {
        language: {s.slug for s in read_sources(ARTICLES) if s.language == language}
        for language in ("en", "zh-hans")
    }
    assert slugs["en"] == slugs["zh-hans"] and len(slugs["en"]) >= 10


def test_loading_again_changes_nothing_and_follows_the_files(loaded, tmp_path):
    assert loaded.added == Article.objects.count()
    again = api.load_articles()
    assert (again.added, again.changed, again.removed) == (0, 0, 0)
    folder = tmp_path / "en"
    folder.mkdir()
    source = Path(ARTICLES / "en" / "payment-pin.md").read_text()
    (folder / "payment-pin.md").write_text(source.replace("Six digits", "Seven digits"))
    changed = load_articles(tmp_path)
    assert (changed.added, changed.changed, changed.removed) == (0, 1, loaded.added - 1)


@pytest.mark.parametrize(("language", "question", "slug"), QUESTIONS)
def test_the_right_article_is_among_the_first(loaded, language, question, slug):
    assert slug in [hit.slug for hit in api.search_articles(question, language)[:2]]


@pytest.mark.parametrize(
    "question", ["", "  ", "''; DROP TABLE care_article; --", "\x00", "!!!", "a" * 10_000, "& | ! ( :*"]
)
def test_odd_questions_are_answered_calmly(loaded, question):
    assert isinstance(api.search_articles(question, "en"), list)


def test_articles_are_clean_and_fall_back(loaded):
    article = api.article("payment-refused", "zh-hans")
    assert article.language == "zh-hans" and "<table>" in article.html
    assert api.article("payment-refused", "fr").language == "en"
    assert [a.slug for a in api.articles_about(["fees"], "en")] == ["fees-and-limits"]
    with pytest.raises(errors.NotFound):
        api.article("nothing", "en")


@pytest.mark.parametrize(
    ("markdown", "never"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("[x](javascript:alert(1))", 'href="javascript'),
        ("![x](https://evil.example/x.png)", "<img"),
        ("<b onclick=alert(1)>x</b>", "<b"),
    ],
)
def test_markup_from_an_article_is_harmless(markdown, never):
    assert never not in render(markdown)
    assert "<strong>x</strong>" in render("**x**")


def test_only_answered_channels_are_listed(operator):
    (region,) = api.contact_regions()
    assert (region.code, region.hotline, region.state.open) == ("cn", "+86 400 000 0000", True)
    with stopped(now() + timedelta(hours=12)):
        closed = api.contact_regions()[0].state
        assert (closed.open, closed.changes_at) == (False, now() + timedelta(hours=11))


def test_no_operator_no_channel(db):
    assert api.contact_regions() == ()
