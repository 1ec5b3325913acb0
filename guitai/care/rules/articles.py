"""An article as it is written: its head, its Markdown, and what of it may reach a page."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from html import unescape

import nh3
from markdown_it import MarkdownIt

from guitai.care.errors import ArticleInvalid
from guitai.care.rules.topics import TOPICS

LANGUAGES = ("en", "zh-hans")
AUDIENCES = ("everyone", "staff")
TITLE_MAX, SUMMARY_MAX, MARKDOWN_MAX, KEYWORDS_MAX = 120, 240, 20_000, 80
# Addresses of their own: /help/<language>/ and the pages beside the articles.
RESERVED = frozenset({*LANGUAGES, "suggestions", "library"})
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAGS = {
    "a", "blockquote", "code", "em", "h2", "h3", "hr", "kbd", "li", "ol", "p", "strong",
    "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
_SCHEMES = {"https", "mailto", "tel", "page", "help"}
# One slash: an address of ours. Two, or a backslash, would lead to somebody else's.
_OWN_ADDRESS = re.compile(r"/(?![/\\])[\w\-./?=&%#]*")
_OUTSIDE = re.compile(r"(?:https|mailto|tel):\S+")
_OURS = re.compile(r"(?:page|help):[a-z0-9-]+")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_MARKUP = re.compile(r"<[^>]+>")
_HEADING = re.compile(r"<h2>(.*?)</h2>", re.DOTALL)
_LIVE = re.compile(r"\{\{\s*live:(?P<name>[a-z-]+)\s*\}\}")
_LIVE_ALONE = re.compile(rf"<p>{_LIVE.pattern}</p>")
_TAG = re.compile(r"(<[^>]*>)")
_LINK = re.compile(r'href="((?:page|help):[a-z0-9-]+)"')


@dataclass(frozen=True, slots=True)
class Source:
    """An article in one language, as somebody wrote it."""

    slug: str
    language: str
    title: str
    summary: str
    topics: tuple[str, ...]
    keywords: tuple[str, ...]
    related: tuple[str, ...]
    audience: str
    position: int
    updated: date
    markdown: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A section of a long article: where it is and what it is called."""

    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class Rendered:
    """An article's body: safe HTML with live answers still to be put in, its sections, and its plain words."""

    html: str
    outline: tuple[Heading, ...]
    text: str


def read_source(content: str, language: str, slug: str) -> Source:
    """A file: `key: value` lines between two `---` lines, then Markdown.

    refuses  article_invalid with the field and the reason
    """
    opening, mark, rest = content.partition("---\n")
    head, closing, markdown = rest.partition("---\n")
    if opening or not mark or not closing:
        raise ArticleInvalid(field="markdown", problem="no_head")
    values = {}
    for line in head.strip().splitlines():
        name, _, value = line.partition(":")
        values[name.strip()] = value.strip()
    if values.get("slug", slug) != slug:
        raise ArticleInvalid(field="slug", problem="not_the_name_of_the_file")
    try:
        updated, position = date.fromisoformat(values.get("updated", "")), int(values.get("position", "100"))
    except ValueError as error:
        raise ArticleInvalid(field="updated", problem="not_a_date") from error
    source = Source(
        slug=slug,
        language=language,
        title=values.get("title", ""),
        summary=values.get("summary", ""),
        topics=tuple(values.get("topics", "").split()),
        keywords=words_of(values.get("keywords", "")),
        related=tuple(values.get("related", "").split()),
        audience=values.get("audience", "everyone"),
        position=position,
        updated=updated,
        markdown=markdown,
    )
    return checked(source)


def words_of(text: str) -> tuple[str, ...]:
    """What people type, between commas of either kind."""
    return tuple(dict.fromkeys(word.strip() for word in re.split(r"[,，、\n]", text) if word.strip()))


def checked(source: Source) -> Source:
    """The source, when it may be published; refuses article_invalid with the field and the reason."""
    title, summary = " ".join(source.title.split()), " ".join(source.summary.split())
    problems: tuple[tuple[str, str, bool], ...] = (
        (
            "slug",
            "slug_form",
            not _SLUG.fullmatch(source.slug) or source.slug in RESERVED or len(source.slug) > 80,
        ),
        ("language", "unknown", source.language not in LANGUAGES),
        ("title", "missing", not title),
        ("title", "too_long", len(title) > TITLE_MAX),
        ("summary", "missing", not summary),
        ("summary", "too_long", len(summary) > SUMMARY_MAX),
        ("topics", "missing", not source.topics),
        ("topics", "unknown", not set(source.topics) <= set(TOPICS)),
        (
            "keywords",
            "too_long",
            len(source.keywords) > KEYWORDS_MAX or any(len(k) > 60 for k in source.keywords),
        ),
        ("related", "unknown", not all(_SLUG.fullmatch(slug) for slug in source.related)),
        ("audience", "unknown", source.audience not in AUDIENCES),
        ("markdown", "missing", not source.markdown.strip()),
        ("markdown", "too_long", len(source.markdown) > MARKDOWN_MAX),
        ("markdown", "control_characters", "\x00" in source.markdown + title + summary),
    )
    for field, problem, wrong in problems:
        if wrong:
            raise ArticleInvalid(field=field, problem=problem)
    return replace(source, title=title, summary=summary)


def render(markdown: str) -> Rendered:
    """Markdown as safe HTML: no scripts, styles or pictures; addresses of ours, or of the web by https only."""
    html = str(
        nh3.clean(
            _MARKDOWN.render(markdown),
            tags=_TAGS,
            attributes={"a": {"href"}},
            attribute_filter=_harmless,
            url_schemes=_SCHEMES,
        )
    )
    outline: list[Heading] = []

    def numbered(match: re.Match[str]) -> str:
        heading = Heading(f"part-{len(outline) + 1}", unescape(_MARKUP.sub("", match[1])))
        outline.append(heading)
        return f'<h2 id="{heading.anchor}">{match[1]}</h2>'

    html = _HEADING.sub(numbered, html)
    text = " ".join(unescape(_MARKUP.sub(" ", _LIVE.sub(" ", html))).split())
    return Rendered(html, tuple(outline), text)


def live_names(html: str) -> tuple[str, ...]:
    """The live answers that a body asks for."""
    return tuple(dict.fromkeys(_LIVE.findall(html)))


def links_of(html: str) -> tuple[str, ...]:
    """Where a body leads."""
    return tuple(dict.fromkeys(unescape(href) for href in re.findall(r'href="([^"]*)"', html)))


def filled(html: str, answers: Mapping[str, str], links: Mapping[str, str]) -> str:
    """A body with its live answers and addresses in place.

    takes    sanitised HTML; safe HTML by the answer's name; addresses by `page:` or `help:` link
    gives    safe HTML; a paragraph that is nothing but an answer becomes the answer, an answer that is empty nothing
    """

    def answer(match: re.Match[str]) -> str:
        return answers.get(match["name"], "")

    html = _LIVE_ALONE.sub(lambda match: _as_block(answer(match)), html)
    # Between tags only: what stands inside a tag was written by the author and stays as it was sanitised.
    pieces = (piece if piece.startswith("<") else _LIVE.sub(answer, piece) for piece in _TAG.split(html))
    return _LINK.sub(lambda match: f'href="{links.get(match[1], "/help/")}"', "".join(pieces))


def _as_block(answer: str) -> str:
    return f"<p>{answer}</p>" if answer and not answer.lstrip().startswith("<") else answer


def _harmless(tag: str, attribute: str, value: str) -> str | None:
    known = (_OWN_ADDRESS, _OUTSIDE, _OURS)
    return value if any(pattern.fullmatch(value) for pattern in known) else None
