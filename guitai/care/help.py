"""Reads of the help centre: an article, a list, a search, what is wanted now; and whether an article helped."""

from collections.abc import Sequence
from typing import Any

from guitai.base.clock import now
from guitai.care import finding
from guitai.care.errors import NotFound
from guitai.care.flows import article_readers
from guitai.care.models import Article, ArticleReadings, Case
from guitai.care.rules.finding.ranking import WORTH_SHOWING
from guitai.care.rules.popularity import LOOK_BACK, wanted
from guitai.care.rules.search import EXCERPT_MAX, highlight, normal_query, query_tokens
from guitai.care.rules.topics import OF_CATEGORY
from guitai.care.types import ArticleHit, ArticleRank, ArticleView, Section

HITS_MAX = 8
_RELATED_MAX = 4
_OUTLINE_FROM = 4
_HEAVY = ("meaning", "markdown", "keywords", "text")


def article(slug: str, language: str) -> ArticleView:
    """An article in the reader's language, else in the one it has; refuses not_found."""
    found = {a.language: a for a in _for_everyone().filter(slug=slug[:80])}
    chosen = found.get(language) or found.get("en") or next(iter(found.values()), None)
    if chosen is None:
        raise NotFound()
    return _view(chosen)


def articles(language: str) -> list[ArticleView]:
    """Every article in a language, in the order of the help centre."""
    return [_view(a) for a in _for_everyone().filter(language=language).order_by("position", "slug")]


def articles_about(topics: list[str], language: str) -> list[ArticleView]:
    """Articles that carry one of the topics; those that are mainly about it come first."""
    found = _for_everyone().filter(language=language, topics__overlap=topics).order_by("position", "slug")
    return sorted((_view(a) for a in found), key=lambda view: view.topics[0] not in topics)


def related(to: ArticleView, language: str) -> list[ArticleView]:
    """What an article names as related, filled up with others on its topics."""
    others = {a.slug: a for a in articles(language) if a.slug != to.slug}
    named = [others[slug] for slug in to.related if slug in others]
    alike = [a for a in others.values() if set(a.topics) & set(to.topics) and a not in named]
    return [*named, *alike][:_RELATED_MAX]


def popular(language: str, most: int) -> list[ArticleView]:
    """What is wanted now, by readings and cases of the last hours; filled up in the order of the help centre."""
    at = now()
    every = articles(language)
    by_slug = {a.slug: a for a in every}
    readings = ArticleReadings.objects.filter(hour__gt=at - LOOK_BACK).values_list("slug", "hour", "count")
    cases = Case.objects.filter(opened_at__gt=at - LOOK_BACK).values_list("category", "opened_at")[:2000]
    about = [(OF_CATEGORY.get(category, ()), opened_at) for category, opened_at in cases]
    first = wanted(readings, about, {a.slug: a.topics for a in every}, at)[:most]
    rest = [a for a in every if a.slug not in first]
    return [*(by_slug[slug] for slug in first), *rest][:most]


def staff_articles_about(topics: list[str], language: str) -> list[ArticleView]:
    """What is written for staff only about some topics, in the language asked for."""
    rows = Article.objects.filter(audience="staff", withdrawn=False, language=language).order_by(
        "position", "slug"
    )
    return [_view(row) for row in rows if set(row.topics) & set(topics)]


def ranking(text: str, language: str, most: int = HITS_MAX) -> list[ArticleRank]:
    """Articles by how well they answer a question, without marks."""
    scored = _scored(text, language)[:most]
    found = _found(scored, language)
    return [
        ArticleRank(slug, tuple(found[slug].topics), found[slug].title, round(score, 5))
        for slug, score in scored
        if slug in found
    ]


def search(text: str, language: str, most: int = HITS_MAX) -> list[ArticleHit]:
    """The articles that answer a question, best first, with what matched marked."""
    tokens = query_tokens(normal_query(text))
    every = _scored(text, language)
    best = every[0][1] if every else 0.0
    # What is far behind the best is noise to a reader, however long the list might be.
    scored = [(slug, score) for slug, score in every if score >= max(WORTH_SHOWING, best / 4)][:most]
    found = _found(scored, language)
    return [_hit(found[slug], tokens, score) for slug, score in scored if slug in found]


def count_unanswered(text: str, language: str) -> None:
    """Note that a question found nothing; see `flows.article_readers`."""
    if question := normal_query(text):
        article_readers.count_unanswered(question, language)


def count_reading(slug: str) -> None:
    """Count one reading of an article; see `flows.article_readers`."""
    article_readers.count_reading(slug)


def give_feedback(
    slug: str, language: str, reader: str, address: str, *, helped: bool, reason: str = ""
) -> None:
    """Say whether an article helped; a later answer of the same reader replaces the earlier one.

    takes    the article, who answers (kept as a keyed code only), the network address (for the throttle),
             whether it helped and one of the reasons when it did not
    gives    nothing
    refuses  not_found, article_reason_missing, too_many_attempts
    """
    article_readers.give_feedback(slug, language, reader, address, helped=helped, reason=reason)


def _scored(text: str, language: str) -> list[tuple[str, float]]:
    question = normal_query(text)
    return finding.library().ranking(question, language) if question else []


def _found(scored: Sequence[tuple[str, float]], language: str) -> dict[str, Article]:
    rows = _for_everyone(text=True).filter(language=language, slug__in=[slug for slug, _ in scored])
    return {row.slug: row for row in rows}


def _for_everyone(*, text: bool = False) -> Any:
    heavy = [field for field in _HEAVY if not (text and field == "text")]
    return Article.objects.filter(audience="everyone", withdrawn=False).defer(*heavy)


def _hit(found: Article, tokens: tuple[str, ...], score: float) -> ArticleHit:
    # The summary says it best; the text only when what was asked for stands nowhere else.
    said = f"{found.title} {found.summary}".lower()
    told = [token for token in tokens if len(token) > 1]
    inside = not any(token in said for token in told) and any(token in found.text.lower() for token in told)
    return ArticleHit(
        slug=found.slug,
        title=highlight(found.title, tokens),
        excerpt=highlight(found.text if inside else found.summary, tokens, limit=EXCERPT_MAX),
        topics=tuple(found.topics),
        score=round(score, 5),
    )


def _view(found: Article) -> ArticleView:
    outline = found.outline if len(found.outline) >= _OUTLINE_FROM else []
    return ArticleView(
        slug=found.slug,
        language=found.language,
        title=found.title,
        summary=found.summary,
        html=found.html,
        topics=tuple(found.topics),
        sections=tuple(Section(part["anchor"], part["title"]) for part in outline),
        related=tuple(found.related),
        updated=found.updated,
        version=found.version,
    )
