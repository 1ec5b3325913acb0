"""Which live answers there are, and an article's body with them in place."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from guitai.care.rules.articles import filled, links_of, live_names
from guitai.care.types import ArticleView
from guitai.care.web.live import counter, money, person
from guitai.care.web.pages import links
from guitai.care.web.reader import customer_of
from guitai.people import api as people


@dataclass(frozen=True)
class Reader:
    """Who reads, in which language; everything is asked at most once a page."""

    request: HttpRequest
    customer: UUID | None
    language: str

    @cached_property
    def standing(self) -> Any:
        return people.standing(self.customer) if self.customer else None


Answer = Callable[[Any], str]

ANSWERS: dict[str, Answer] = {
    "balance": money.balance,
    "currencies": money.currencies,
    "fees": money.fees,
    "hotlines": counter.hotlines,
    "hours": counter.hours,
    "last-refused": money.last_refused,
    "limits": money.limits,
    "my-cases": counter.my_cases,
    "offer-accounts": counter.offer("accounts"),
    "offer-close": counter.offer("close"),
    "offer-convert": counter.offer("convert"),
    "offer-payees": counter.offer("payees"),
    "offer-schedules": counter.offer("schedules"),
    "offer-withdraw": counter.offer("withdraw"),
    "open-operations": money.open_operations,
    "open-top-ups": money.open_top_ups,
    "pin": person.pin,
    "rails": money.rails,
    "remaining-limit": money.remaining_limit,
    "reopen-days": counter.reopen_days,
    "reply-high": counter.reply("high"),
    "reply-normal": counter.reply("normal"),
    "reply-urgent": counter.reply("urgent"),
    "standing": person.standing,
    "tier": person.tier,
    "top-up-open": money.top_up_open,
    "waiting-held": money.waiting_held,
    "waiting-unclaimed": money.waiting_unclaimed,
    "withdrawal-fee": money.withdrawal_fee,
    "withdrawal-time": money.withdrawal_time,
}


def article_body(request: HttpRequest, article: ArticleView) -> SafeString:
    """An article's body for one reader: sanitised when it was published, its live answers rendered now."""
    reader = Reader(request, customer_of(request), article.language)
    answers = {name: _safe(ANSWERS[name](reader)) for name in live_names(article.html) if name in ANSWERS}
    addresses = links(links_of(article.html), article.language)
    return mark_safe(filled(article.html, answers, {k: escape(v) for k, v in addresses.items()}))


def _safe(answer: str) -> str:
    return answer if isinstance(answer, SafeString) else escape(answer)
