"""Words of the help centre: its groups, the reasons why an article did not help, what is wrong with a draft."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.care.types import ArticleView

REASONS: dict[str, Promise] = {
    "not_my_problem": _("It is about something else"),
    "not_clear": _("I did not understand it"),
    "did_not_work": _("I did it, and it did not work"),
    "page_differs": _("The page looks different"),
    "want_a_person": _("I want to talk to a person"),
}
PROBLEMS: dict[str, Promise] = {
    "missing": _("This is needed."),
    "too_long": _("This is too long."),
    "unknown": _("One of these is not known."),
    "slug_form": _("Small letters, figures and hyphens only, such as top-up-by-card."),
    "control_characters": _("There are characters in it that cannot be kept."),
    "live_unknown": _("It asks for a live answer that does not exist."),
    "link_unknown": _("It leads to a page or an article that does not exist."),
}
STATES: dict[str, Promise] = {
    "draft": pgettext_lazy("version of an article", "draft"),
    "scheduled": pgettext_lazy("version of an article", "planned"),
    "published": pgettext_lazy("version of an article", "published"),
    "withdrawn": pgettext_lazy("version of an article", "withdrawn"),
}
_GROUPS: tuple[tuple[str, str, Promise, str], ...] = (
    (
        "urgent", "shield-alert", _("It is urgent"),
        "account-stolen freeze suspicious-transaction fake-hotline common-frauds phishing police-report",
    ),
    (
        "sign-in", "log-in", _("Getting in"),
        "register forgot-password forgot-pin payment-pin account-locked unlock dormant change-phone",
    ),
    (
        "top-up", "plus", pgettext_lazy("group of articles", "Money in"),
        "top-up-bank top-up-card top-up-unionpay top-up-alipay top-up-not-arrived",
    ),
    (
        "withdraw", "landmark", pgettext_lazy("group of articles", "Money out"),
        "withdraw-how withdraw-fee withdraw-time withdraw-failed bind-bank-account",
    ),
    (
        "pay", "send", _("Sending and receiving"),
        ("transfer-how transfer-wrong-person scheduled-transfer payees payment-refused insufficient-balance"
        " counterparty-refused payment-pending convert-currency"),
    ),
    ("goods", "shopping-bag", _("Goods and refunds"), "refund goods-not-received dispute"),
    ("costs", "receipt-text", _("Fees, limits and receipts"), "fees limits policy-changes receipts bills"),
    (
        "safety", "shield-check", _("Safety and your data"),
        "account-security two-step passkey new-device public-wifi identity-tiers privacy close-account",
    ),
    (
        "contact", "messages-square", _("Reaching us"),
        "find-hotline contact-hours prepare-contact complaint escalation feedback",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Group:
    """Some articles under one heading."""

    key: str
    icon: str
    title: str
    articles: tuple[ArticleView, ...]


def groups(articles: Sequence[ArticleView]) -> list[Group]:
    """Articles by what they are mainly about; one that fits nowhere stands in the last group."""
    place = {topic: key for key, _icon, _title, topics in _GROUPS for topic in topics.split()}
    found: dict[str, list[ArticleView]] = {key: [] for key, *_rest in _GROUPS}
    for article in articles:
        found[place.get(article.topics[0] if article.topics else "", _GROUPS[-1][0])].append(article)
    return [
        Group(key, icon, str(title), tuple(found[key])) for key, icon, title, _topics in _GROUPS if found[key]
    ]
