"""Put a version of an article in force."""

from dataclasses import asdict

from guitai.base.clock import now
from guitai.care.models import Article, ArticleVersion
from guitai.care.rules.articles import Source, render

_SHARED = (
    "title", "summary", "topics", "keywords", "related", "audience", "position", "updated", "markdown",
)  # fmt: skip


def words(source: Source) -> dict[str, object]:
    """The fields that an article and its versions share."""
    return {
        "title": source.title,
        "summary": source.summary,
        "topics": list(source.topics),
        "keywords": list(source.keywords),
        "related": list(source.related),
        "audience": source.audience,
        "position": source.position,
        "updated": source.updated,
        "markdown": source.markdown,
    }


def published(version: ArticleVersion, article: Article | None) -> Article:
    """Render a version and make it what readers have; the caller's transaction holds the article's row."""
    rendered = render(version.markdown)
    row = article or Article(slug=version.slug, language=version.language)
    for field in _SHARED:
        setattr(row, field, getattr(version, field))
    row.version, row.origin, row.source_hash = version.number, version.origin, version.source_hash
    row.withdrawn = False
    row.html, row.text = rendered.html, rendered.text
    row.outline = [asdict(heading) for heading in rendered.outline]
    row.loaded_at = now()
    row.save()
    return row
