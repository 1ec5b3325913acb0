"""What readers leave behind: a count of readings, one answer each whether it helped, questions that found nothing."""

from django.db import connection

from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.care.errors import ReasonMissing, TooFast
from guitai.care.models import Article, ArticleFeedback
from guitai.care.rules.questions import ASKED_BY, may_be_kept
from guitai.kit import throttle
from guitai.kit.crypto import mac

REASONS = ("not_my_problem", "not_clear", "did_not_work", "page_differs", "want_a_person")
# Many people may share one address; nobody answers this often by hand.
_ANSWERS_AN_HOUR = 60
_READ = """
INSERT INTO care_article_readings (slug, hour, count) VALUES (%s, date_trunc('hour', %s::timestamptz), 1)
ON CONFLICT (slug, hour) DO UPDATE SET count = care_article_readings.count + 1
"""
_UNANSWERED = """
INSERT INTO care_unanswered_question (code, language, day, count, words) VALUES (%s, %s, %s, 1, '')
ON CONFLICT (code, language, day) DO UPDATE SET count = care_unanswered_question.count + 1,
    words = CASE WHEN care_unanswered_question.count + 1 >= %s THEN %s ELSE '' END
"""


def count_reading(slug: str) -> None:
    """Count one reading of an article."""
    with connection.cursor() as cursor:
        cursor.execute(_READ, [slug, now()])


def count_unanswered(question: str, language: str) -> None:
    """Count a question that found nothing; its words are kept only once several have asked the same."""
    words = question if may_be_kept(question) else ""
    with connection.cursor() as cursor:
        code = mac("care.unanswered", language, question)
        cursor.execute(_UNANSWERED, [code, language, now().date(), ASKED_BY, words])


def give_feedback(
    slug: str, language: str, reader: str, address: str, *, helped: bool, reason: str = ""
) -> None:
    """See `care.help.give_feedback`."""
    if not helped and reason not in REASONS:
        raise ReasonMissing()
    if not throttle.allow("care.feedback", address, limit=_ANSWERS_AN_HOUR, window_s=3600):
        raise TooFast()
    article = Article.objects.filter(slug=slug, language=language, withdrawn=False).first()
    if article is None:
        raise NotFound()
    ArticleFeedback.objects.update_or_create(
        slug=slug,
        reader=mac("care.feedback", slug, reader),
        defaults={
            "language": language,
            "version": article.version,
            "helped": helped,
            "reason": "" if helped else reason,
            "at": now(),
        },
    )
