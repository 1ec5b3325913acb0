"""Bring the help centre's Markdown files into the database, and keep from the files what staff have made their own."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from django.db import connection
from django.db.models import Max

from guitai.base.clock import now
from guitai.care import finding, meaning
from guitai.care.flows.publish_article import published, words
from guitai.care.models import Article, ArticleVersion
from guitai.care.rules.articles import LANGUAGES, Source, read_source
from guitai.care.types import LoadedArticles
from guitai.kit.transactions import outermost

ARTICLES = Path(__file__).resolve().parent.parent / "articles"
# A change of how articles are rendered loads them all again.
_RENDERING = "4"
AUTHOR, NOTE = "system:files", "came with the product"


def load_articles(folder: Path = ARTICLES) -> LoadedArticles:
    """See `care.api.load_articles`."""
    files = list(read_files(folder))
    with outermost():
        with connection.cursor() as cursor:
            # Two processes that start together load one after the other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('care.load_articles', 0))")
        known = {(a.slug, a.language): a for a in Article.objects.select_for_update()}
        numbers = _numbers()
        added = changed = kept = 0
        for source, code in files:
            article = known.get((source.slug, source.language))
            number = numbers.get((source.slug, source.language), 0) + 1
            if article is None:
                _publish(source, code, number)
                added += 1
            elif article.origin == "staff":
                kept += _keep_as_draft(source, code, number)
            elif article.source_hash != code:
                _publish(source, code, number, article)
                changed += 1
        named = {(source.slug, source.language) for source, _ in files}
        gone = [a.id for key, a in known.items() if key not in named and a.origin == "file"]
        Article.objects.filter(id__in=gone).delete()
    if added or changed or gone:
        finding.forget()
    fill_meanings()
    return LoadedArticles(added=added, changed=changed, removed=len(gone), kept=kept)


def read_files(folder: Path) -> Iterator[tuple[Source, str]]:
    """Every article file of a folder `<language>/<slug>.md`, with a code of its content."""
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.md")):
            content = path.read_text(encoding="utf-8")
            code = hashlib.sha256(f"{_RENDERING}\n{content}".encode()).hexdigest()
            yield read_source(content, language, path.stem), code


def fill_meanings() -> int:
    """Give each published article its vectors, where the encoder is installed and they are not there yet."""
    if not meaning.installed():
        return 0
    filled = 0
    for article in Article.objects.filter(audience="everyone", withdrawn=False):
        phrases = finding.phrases(article.title, article.keywords, article.summary)
        stamp = meaning.stamp(phrases)
        if article.meaning_of != stamp:
            vectors = meaning.packed(phrases)
            filled += Article.objects.filter(id=article.id, version=article.version).update(
                meaning=vectors, meaning_of=stamp
            )
    if filled:
        finding.forget()
    return filled


def _publish(source: Source, code: str, number: int, article: Article | None = None) -> None:
    version = _version(source, code, number, "published")
    version.published_at = now()
    version.save()
    published(version, article)


def _keep_as_draft(source: Source, code: str, number: int) -> int:
    """The staff's own words stay in force; what the files now say waits beside them, once."""
    same = ArticleVersion.objects.filter(slug=source.slug, language=source.language, source_hash=code)
    if same.exists():
        return 0
    _version(source, code, number, "draft").save()
    return 1


def _version(source: Source, code: str, number: int, state: str) -> ArticleVersion:
    return ArticleVersion(
        slug=source.slug,
        language=source.language,
        number=number,
        state=state,
        origin="file",
        source_hash=code,
        author=AUTHOR,
        note=NOTE,
        **words(source),
    )


def _numbers() -> dict[tuple[str, str], int]:
    found = ArticleVersion.objects.values_list("slug", "language").annotate(last=Max("number"))
    return {(slug, language): last for slug, language, last in found}
