"""Bring the help centre's Markdown files into the database, rendered, sanitised and segmented."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nh3
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Value
from markdown_it import MarkdownIt

from guitai.base.clock import now
from guitai.care.models import Article
from guitai.care.rules.search import document_text
from guitai.care.types import LoadedArticles
from guitai.kit.transactions import outermost

ARTICLES = Path(__file__).resolve().parent.parent / "articles"
LANGUAGES = ("en", "zh-hans")
_TAGS = {
    "a", "blockquote", "code", "em", "h2", "h3", "hr", "kbd", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKUP = re.compile(r"<[^>]+>")
# A change of how articles are rendered or segmented loads them all again.
_RENDERING = "3"


@dataclass(frozen=True, slots=True)
class Source:
    """One Markdown file, read."""

    slug: str
    language: str
    title: str
    summary: str
    topics: tuple[str, ...]
    position: int
    markdown: str
    hash: str


def load_articles(folder: Path = ARTICLES) -> LoadedArticles:
    """See `care.api.load_articles`."""
    sources = list(read_sources(folder))
    with outermost():
        with connection.cursor() as cursor:
            # Two processes that start together load one after the other.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('care.load_articles', 0))")
        known = {(a.slug, a.language): a for a in Article.objects.defer("search")}
        fresh = [s for s in sources if (s.slug, s.language) not in known]
        changed = [
            s
            for s in sources
            if (s.slug, s.language) in known and known[s.slug, s.language].source_hash != s.hash
        ]
        kept = {(s.slug, s.language) for s in sources}
        gone = [article.id for key, article in known.items() if key not in kept]
        Article.objects.filter(id__in=[*gone, *(known[s.slug, s.language].id for s in changed)]).delete()
        Article.objects.bulk_create(_article(source) for source in (*fresh, *changed))
        return LoadedArticles(added=len(fresh), changed=len(changed), removed=len(gone))


def read_sources(folder: Path) -> Iterator[Source]:
    """Every article file of a folder `<language>/<slug>.md`."""
    for language in LANGUAGES:
        for path in sorted((folder / language).glob("*.md")):
            yield read_source(path, language)


def read_source(path: Path, language: str) -> Source:
    """One file: `key: value` lines between two `---` lines, then Markdown."""
    content = path.read_text(encoding="utf-8")
    opening, head, markdown = content.split("---\n", 2)
    if opening:
        raise ValueError(f"{path.name} must begin with ---")
    fields = dict(line.split(":", 1) for line in head.strip().splitlines())
    values = {name.strip(): value.strip() for name, value in fields.items()}
    return Source(
        slug=path.stem,
        language=language,
        title=values["title"],
        summary=values["summary"],
        topics=tuple(values["topics"].split()),
        position=int(values.get("position", "100")),
        markdown=markdown,
        hash=hashlib.sha256(f"{_RENDERING}\n{content}".encode()).hexdigest(),
    )


def render(markdown: str) -> str:
    """Markdown as safe HTML: no scripts, no styles, no pictures, links to the web without a referrer."""
    html = nh3.clean(
        _MARKDOWN.render(markdown),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"https", "mailto", "tel"},
    )
    return str(html)


def _article(source: Source) -> Article:
    html = render(source.markdown)
    text = " ".join(_MARKUP.sub(" ", nh3.clean(html, tags={"p"})).replace("&amp;", "&").split())
    config = "english" if source.language == "en" else "simple"
    return Article(
        slug=source.slug,
        language=source.language,
        title=source.title,
        summary=source.summary,
        topics=list(source.topics),
        position=source.position,
        html=html,
        text=text,
        search=_vector(source, text, config),
        source_hash=source.hash,
        loaded_at=now(),
    )


def _vector(source: Source, text: str, config: str) -> SearchVector:
    weighted = (
        (source.title, "A"),
        (source.summary + " " + " ".join(source.topics).replace("-", " "), "B"),
        (text, "C"),
    )
    vectors = [
        SearchVector(Value(document_text(part)), weight=weight, config=config) for part, weight in weighted
    ]
    return vectors[0] + vectors[1] + vectors[2]
