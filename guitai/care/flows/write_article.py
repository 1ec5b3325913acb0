"""What staff do with articles: write, publish now or later, take from the readers, put back."""

from datetime import datetime
from uuid import UUID

from django.db.models import Max

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.care import finding
from guitai.care.errors import ArticleChangedMeanwhile, ArticleTimePassed
from guitai.care.flows.publish_article import published, words
from guitai.care.models import Article, ArticleVersion
from guitai.care.rules.articles import Source, checked
from guitai.kit.transactions import outermost

_NOTE_MAX = 200


def save_draft(source: Source, staff: Actor, *, note: str, based_on: int) -> int:
    """See `care.library.save_draft`."""
    source = checked(source)
    with outermost():
        article = _locked(source.slug, source.language)
        last = _last_number(source.slug, source.language)
        if based_on != last:
            raise ArticleChangedMeanwhile(number=last)
        version = ArticleVersion.objects.create(
            slug=source.slug,
            language=source.language,
            number=last + 1,
            state="draft",
            origin="staff",
            author=str(staff),
            note=note.strip()[:_NOTE_MAX],
            **words(source),
        )
        _record(staff, "care.article_written", version, article)
    return version.number


def publish(slug: str, language: str, number: int, staff: Actor) -> None:
    """See `care.library.publish`."""
    with outermost():
        article = _locked(slug, language)
        version = _version(slug, language, number)
        _put_in_force(version, article, staff)
    finding.forget()


def schedule(slug: str, language: str, number: int, at: datetime | None, staff: Actor) -> None:
    """See `care.library.schedule`."""
    if at is not None and at <= now():
        raise ArticleTimePassed()
    with outermost():
        article = _locked(slug, language)
        version = _version(slug, language, number)
        if version.state not in ("draft", "scheduled"):
            raise ArticleChangedMeanwhile(number=number)
        version.state, version.publish_at = ("scheduled", at) if at else ("draft", None)
        version.save(update_fields=["state", "publish_at"])
        action = "care.article_scheduled" if at else "care.article_unscheduled"
        _record(staff, action, version, article, at=at.isoformat() if at else "")


def withdraw(slug: str, language: str, staff: Actor) -> None:
    """See `care.library.withdraw`."""
    with outermost():
        article = _locked(slug, language)
        if article is None or article.withdrawn:
            raise NotFound()
        version = _version(slug, language, article.version)
        version.state = "withdrawn"
        version.save(update_fields=["state"])
        # From now on it is the staff's decision: the next start does not bring it back.
        article.withdrawn, article.origin, article.loaded_at = True, "staff", now()
        article.save(update_fields=["withdrawn", "origin", "loaded_at"])
        _record(staff, "care.article_withdrawn", version, article)
    finding.forget()


def publish_due() -> int:
    """See `care.library.publish_due`."""
    due = ArticleVersion.objects.filter(state="scheduled", publish_at__lte=now()).order_by(
        "publish_at", "number"
    )
    done = 0
    for slug, language, number in due.values_list("slug", "language", "number")[:50]:
        with outermost():
            article = _locked(slug, language)
            version = ArticleVersion.objects.select_for_update().get(
                slug=slug, language=language, number=number
            )
            if version.state == "scheduled":
                _put_in_force(version, article, SYSTEM)
                done += 1
    if done:
        finding.forget()
    return done


def _put_in_force(version: ArticleVersion, article: Article | None, actor: Actor) -> None:
    version.state, version.published_at, version.publish_at = "published", now(), None
    version.save(update_fields=["state", "published_at", "publish_at"])
    _record(actor, "care.article_published", version, published(version, article))


def _locked(slug: str, language: str) -> Article | None:
    return Article.objects.select_for_update().filter(slug=slug, language=language).first()


def _version(slug: str, language: str, number: int) -> ArticleVersion:
    found = (
        ArticleVersion.objects.select_for_update().filter(slug=slug, language=language, number=number).first()
    )
    if found is None:
        raise NotFound()
    return found


def _last_number(slug: str, language: str) -> int:
    found = ArticleVersion.objects.filter(slug=slug, language=language).aggregate(last=Max("number"))
    return int(found["last"] or 0)


def is_article(subject: str) -> bool:
    """Whether a purpose of the kind `article` names one that has been written."""
    slug, _, language = subject.partition("/")
    return ArticleVersion.objects.filter(slug=slug, language=language).exists()


def _record(actor: Actor, action: str, version: ArticleVersion, article: Article | None, **more: str) -> None:
    subject = f"{version.slug}/{version.language}"
    purpose = (
        Purpose("article", subject, version.note or "library.worked_on") if actor.kind == "staff" else None
    )
    details = {"number": version.number, "before": article.version if article else 0, **more}
    audit.record(actor, action, ("article", subject), purpose=purpose, details=details)


def author_of(text: str) -> UUID | None:
    """The member of staff behind a version, or None for the product's own files."""
    kind, _, identity = text.partition(":")
    return UUID(identity) if kind == "staff" else None
