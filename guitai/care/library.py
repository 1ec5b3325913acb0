"""The staff's side of the help centre: what is written, what is in force, whether it helps, what is missing."""

from collections import Counter
from datetime import datetime, timedelta

from django.db.models import Count, Q, Sum

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.care.flows import write_article
from guitai.care.models import Article, ArticleFeedback, ArticleReadings, ArticleVersion, UnansweredQuestion
from guitai.care.rules.articles import Source
from guitai.care.rules.questions import ASKED_BY
from guitai.care.types import LibraryRow, Unanswered, VersionView

_REPORTED = timedelta(days=30)
_VERSIONS_MAX = 100


def rows(language: str) -> list[LibraryRow]:
    """Every article of a language, those of staff only and withdrawn ones too.

    takes    a language
    gives    LibraryRow values in the order of the help centre; what was never published comes last
    """
    since = now() - _REPORTED
    read = dict(
        ArticleReadings.objects.filter(hour__gt=since).values_list("slug").annotate(read=Sum("count"))
    )
    answers = {
        slug: (yes, no)
        for slug, yes, no in ArticleFeedback.objects.filter(language=language, at__gt=since)
        .values_list("slug")
        .annotate(yes=Count("id", filter=Q(helped=True)), no=Count("id", filter=Q(helped=False)))
    }
    waiting = _waiting(language)
    published = list(Article.objects.filter(language=language).order_by("position", "slug"))
    found = [
        LibraryRow(
            slug=a.slug, language=language, title=a.title, topics=tuple(a.topics), audience=a.audience,
            version=a.version, origin=a.origin, withdrawn=a.withdrawn,
            waiting=waiting.get(a.slug, (0, None, ""))[0], publish_at=waiting.get(a.slug, (0, None, ""))[1],
            readings=read.get(a.slug, 0), helped=answers.get(a.slug, (0, 0))[0],
            not_helped=answers.get(a.slug, (0, 0))[1],
        )
        for a in published
    ]  # fmt: skip
    known = {a.slug for a in published}
    return found + [
        LibraryRow(
            slug=slug, language=language, title=title, topics=(), audience="everyone", version=0, origin="staff",
            withdrawn=False, waiting=count, publish_at=at, readings=0, helped=0, not_helped=0,
        )
        for slug, (count, at, title) in sorted(waiting.items())
        if slug not in known
    ]  # fmt: skip


def versions(slug: str, language: str) -> list[VersionView]:
    """Every version of an article, the newest first; refuses not_found."""
    in_force = Article.objects.filter(slug=slug, language=language, withdrawn=False).values_list(
        "version", flat=True
    )
    current = in_force.first()
    rows = ArticleVersion.objects.filter(slug=slug, language=language).order_by("-number")[:_VERSIONS_MAX]
    found = [_version(row, current) for row in rows]
    if not found:
        raise NotFound()
    return found


def reasons(slug: str, language: str) -> dict[str, int]:
    """Why an article did not help, in the last thirty days."""
    since = now() - _REPORTED
    rows = ArticleFeedback.objects.filter(slug=slug, language=language, helped=False, at__gt=since)
    return dict(Counter(rows.values_list("reason", flat=True)))


def unanswered(language: str) -> tuple[list[Unanswered], int]:
    """What readers looked for without finding anything, in the last thirty days.

    takes    a language
    gives    questions that several people asked, the commonest first; and how often nothing was found in all
    """
    rows = UnansweredQuestion.objects.filter(language=language, day__gt=(now() - _REPORTED).date())
    asked: Counter[str] = Counter()
    for words, count in rows.filter(count__gte=ASKED_BY).exclude(words="").values_list("words", "count"):
        asked[words] += count
    total = rows.aggregate(total=Sum("count"))["total"] or 0
    return [Unanswered(words, language, count) for words, count in asked.most_common(30)], total


def save_draft(source: Source, staff: Actor, *, note: str, based_on: int) -> int:
    """Write a new version; readers see nothing of it yet.

    takes    the words, who writes, why, and the number of the newest version they had before their eyes (0: none)
    gives    the new version's number
    refuses  article_invalid, article_changed_meanwhile
    """
    return write_article.save_draft(source, staff, note=note, based_on=based_on)


def publish(slug: str, language: str, number: int, staff: Actor) -> None:
    """Put a version in force at once, an older one too; refuses not_found, purpose_missing."""
    write_article.publish(slug, language, number, staff)


def schedule(slug: str, language: str, number: int, at: datetime | None, staff: Actor) -> None:
    """Publish a draft at a moment to come; None takes it from the plan again.

    refuses  not_found, article_time_passed, article_changed_meanwhile (it is no draft any more)
    """
    write_article.schedule(slug, language, number, at, staff)


def withdraw(slug: str, language: str, staff: Actor) -> None:
    """Take an article from the readers; its versions stay, and publishing one brings it back; refuses not_found."""
    write_article.withdraw(slug, language, staff)


def publish_due() -> int:
    """Put in force what was planned for now; gives how many."""
    return write_article.publish_due()


def forget_old_counts() -> int:
    """Delete counts that are older than any report; gives how many."""
    since = now() - 2 * _REPORTED
    old = ArticleReadings.objects.filter(hour__lt=since).delete()[0]
    return int(old + UnansweredQuestion.objects.filter(day__lt=since.date()).delete()[0])


def _waiting(language: str) -> dict[str, tuple[int, datetime | None, str]]:
    """Drafts newer than what is in force: how many, when the next is published, the newest one's title."""
    in_force = dict(Article.objects.filter(language=language).values_list("slug", "version"))
    rows = ArticleVersion.objects.filter(language=language, state__in=["draft", "scheduled"]).order_by(
        "number"
    )
    found: dict[str, tuple[int, datetime | None, str]] = {}
    for slug, number, title, at in rows.values_list("slug", "number", "title", "publish_at"):
        if number > in_force.get(slug, 0):
            count, before, _ = found.get(slug, (0, None, ""))
            found[slug] = (count + 1, min(filter(None, (before, at)), default=None), title)
    return found


def _version(row: ArticleVersion, in_force: int | None) -> VersionView:
    return VersionView(
        slug=row.slug, language=row.language, number=row.number, state=row.state, origin=row.origin,
        author=write_article.author_of(row.author), note=row.note, created_at=row.created_at,
        publish_at=row.publish_at, published_at=row.published_at, in_force=row.number == in_force,
        title=row.title, summary=row.summary, topics=tuple(row.topics), keywords=tuple(row.keywords),
        related=tuple(row.related), audience=row.audience, position=row.position, updated=row.updated,
        markdown=row.markdown,
    )  # fmt: skip
