"""Reads of the help centre: an article, a list, a search."""

from django.db import connection

from guitai.care.errors import NotFound
from guitai.care.models import Article
from guitai.care.rules.search import (
    EXCERPT_MAX,
    fuse,
    highlight,
    lexical_order,
    normal_query,
    query_tokens,
)
from guitai.care.types import ArticleHit, ArticleView

_LEXICAL_WEIGHT, _TRIGRAM_WEIGHT = 1.0, 0.6
_HITS_MAX = 8
# Each token of the question against the index: one row a token and document, ranked by where it stands.
_TOKEN_HITS = """
SELECT token, slug, ts_rank('{0.1, 0.3, 0.6, 1.0}', search, query)
FROM (
    SELECT token, plainto_tsquery(%(config)s::regconfig, token) AS query FROM unnest(%(tokens)s::text[]) AS token
) AS asked
JOIN care_article ON language = %(language)s AND search @@ query
"""
_SIMILAR = """
SELECT slug FROM (
    SELECT slug, greatest(
        word_similarity(%(query)s, lower(title)),
        0.9 * word_similarity(%(query)s, lower(summary)),
        0.7 * word_similarity(%(query)s, lower(text))
    ) AS similarity
    FROM care_article WHERE language = %(language)s
) AS measured
WHERE similarity > 0.45 ORDER BY similarity DESC, slug LIMIT 20
"""


def article(slug: str, language: str) -> ArticleView:
    """An article in the reader's language, else in the one it has; refuses not_found."""
    found = {a.language: a for a in Article.objects.filter(slug=slug[:80]).defer("search")}
    chosen = found.get(language) or found.get("en") or next(iter(found.values()), None)
    if chosen is None:
        raise NotFound()
    return _view(chosen)


def articles(language: str) -> list[ArticleView]:
    """Every article in a language, in the order of the help centre."""
    return [
        _view(a)
        for a in Article.objects.filter(language=language).defer("search").order_by("position", "slug")
    ]


def articles_about(topics: list[str], language: str) -> list[ArticleView]:
    """Articles that carry one of the topics."""
    found = Article.objects.filter(language=language, topics__overlap=topics).defer("search")
    return [_view(a) for a in found.order_by("position", "slug")]


def search(text: str, language: str) -> list[ArticleHit]:
    """The articles that answer a question, best first, with what matched marked."""
    query = normal_query(text)
    tokens = query_tokens(query)
    if not tokens:
        return []
    wanted = {"tokens": list(tokens), "language": language, "query": query}
    wanted["config"] = "english" if language == "en" else "simple"
    found = {a.slug: a for a in Article.objects.filter(language=language).defer("search", "html")}
    with connection.cursor() as cursor:
        cursor.execute(_TOKEN_HITS, wanted)
        hits: dict[str, dict[str, float]] = {}
        for token, slug, rank in cursor.fetchall():
            hits.setdefault(token, {})[slug] = float(rank)
        cursor.execute(_SIMILAR, wanted)
        similar = [slug for (slug,) in cursor.fetchall()]
    order = fuse(lexical_order(hits, len(found)), similar, weights=(_LEXICAL_WEIGHT, _TRIGRAM_WEIGHT))
    return [_hit(found[slug], tokens, score) for slug, score in list(order.items())[:_HITS_MAX]]


def _hit(found: Article, tokens: tuple[str, ...], score: float) -> ArticleHit:
    # The summary says it best; the text only when what was asked for stands nowhere else.
    said = f"{found.title} {found.summary}".lower()
    inside = not any(token in said for token in tokens if len(token) > 1)
    return ArticleHit(
        slug=found.slug,
        title=highlight(found.title, tokens),
        excerpt=highlight(found.text if inside else found.summary, tokens, limit=EXCERPT_MAX),
        topics=tuple(found.topics),
        score=round(score, 5),
    )


def _view(found: Article) -> ArticleView:
    return ArticleView(
        slug=found.slug,
        language=found.language,
        title=found.title,
        summary=found.summary,
        html=found.html,
        topics=tuple(found.topics),
    )
