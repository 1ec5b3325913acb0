"""A draft of an answer: from the diagnosis as the customer reads it and the best article, by templates, for a person.

Nothing is guessed: every sentence is the diagnosis's own, an article's summary, or one of the frames below.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import translation
from django.utils.translation import gettext as _

from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.care.types import ArticleView, CaseView
from guitai.desk.types import Workspace
from guitai.kit.explain import render_fact
from guitai.wallet import api as wallet

# Which topics answer what a case is about, where no operation says it better.
_TOPICS: dict[str, tuple[str, ...]] = {
    "top_up": ("top-up-not-arrived", "top-up-bank"),
    "withdrawal": ("withdraw-failed", "withdraw-time"),
    "transfer": ("transfer-wrong-person", "transfer-how"),
    "refused": ("payment-refused", "limits"),
    "held": ("payment-pending",),
    "not_me": ("suspicious-transaction", "account-stolen"),
    "stolen_account": ("account-stolen", "freeze", "police-report"),
    "sign_in": ("account-locked", "unlock"),
    "fees": ("fees", "withdraw-fee"),
    "complaint": ("complaint", "escalation"),
}
_ARTICLES, _ASKED_MAX = 3, 300


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What may be said, in the customer's language, and what to read beside it in the agent's."""

    words: str
    article: ArticleView | None
    articles: Sequence[ArticleView]
    internal: Sequence[ArticleView]


def suggest(work: Workspace, reader: str) -> Suggestion:
    """A draft for a case.

    takes    the workspace, the agent's language
    gives    Suggestion; nothing is sent by it, and nothing of it is only for staff
    """
    language = work.case.language
    topics = list(_topics(work))
    about = care.articles_about(topics, language)[:_ARTICLES] if topics else _searched(work.case, language)
    with translation.override("zh-hans" if language.startswith("zh") else "en"):
        words = "\n\n".join(part for part in _parts(work, about[0] if about else None) if part)
    internal = care.staff_articles_about(topics, reader) if topics else []
    return Suggestion(words, about[0] if about else None, about, internal)


def _topics(work: Workspace) -> Sequence[str]:
    return _TOPICS.get(work.case.row.category, ())


def _searched(case: CaseView, language: str) -> list[ArticleView]:
    """Nothing says what it is about but the customer's own words."""
    asked = next((e.message.words for e in case.events if e.message and e.message.author == "customer"), "")
    ranked = care.search_ranking(asked[:_ASKED_MAX], language, _ARTICLES)
    return [care.article(one.slug, language) for one in ranked]


def _parts(work: Workspace, article: ArticleView | None) -> Sequence[str]:
    said = _diagnosis(work)
    read = ""
    if article is not None:
        read = _("“%(title)s” says more: %(summary)s (/help/%(slug)s/)") % {
            "title": article.title, "summary": article.summary, "slug": article.slug,
        }  # fmt: skip
    ask, urgent = "", _urgent(work)
    if not said and not urgent:
        ask = _("I have read your question. So that I can look at it in the books, tell me which bill it is.")
    return (
        _("Hello, I am looking after your case %(reference)s.")
        % {"reference": spoken(work.case.row.reference)},
        *said,
        ask,
        urgent,
        read,
        _("If something is not right, write it here: I read it."),
    )


def _diagnosis(work: Workspace) -> Sequence[str]:
    """As the customer's own bill says it: what is only for staff is not in it."""
    if work.operation is None:
        return ()
    told = wallet.diagnose(work.operation.view.id, "customer")
    about = _("About %(reference)s: %(headline)s.") % {
        "reference": spoken(told.reference), "headline": told.headline.rstrip("。.")
    }  # fmt: skip
    by = ""
    if told.by_when is not None:
        moment = render_fact(told.by_when.isoformat())
        by = _("This will be known by %(moment)s at the latest.") % {"moment": moment}
    return (about, f"{told.reason} {told.next_step}".strip(), by)


def _urgent(work: Workspace) -> str:
    if work.case.row.category not in ("stolen_account", "not_me"):
        return ""
    if work.standing.state == "active":
        return _("First of all freeze your wallet at /freeze/: it takes seconds and needs no sign-in.")
    return _(
        "Your wallet is frozen and nothing can leave it. What remains for you to do stands at /emergency/."
    )
