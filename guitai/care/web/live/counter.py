"""Live answers about the counter: hotlines, hours, how soon a person answers, own cases, what is offered."""

from collections.abc import Callable
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guitai.care import api
from guitai.care.promises import reply_minutes
from guitai.care.rules.progress import REOPEN_DAYS
from guitai.care.web.pages import is_offered

_CASES = 3
_HOUR = 60


def hotlines(reader: Any) -> str:
    """The official channels with their state, or that there are none."""
    return render_to_string("care/live/hotlines.html", {"regions": api.contact_regions()}, reader.request)


def hours(reader: Any) -> str:
    """The hours of each region in its own time."""
    regions = [region for region in api.contact_regions() if region.hours]
    return render_to_string("care/live/hours.html", {"regions": regions}, reader.request) if regions else ""


def my_cases(reader: Any) -> str:
    """The reader's open cases; nothing for who has none."""
    if reader.customer is None:
        return ""
    rows = [
        row
        for row in api.cases_of(reader.customer, limit=10).items
        if row.state not in ("resolved", "closed")
    ]
    if not rows:
        return ""
    return render_to_string("care/live/cases.html", {"cases": rows[:_CASES]}, reader.request)


def reply(priority: str) -> Callable[[Any], str]:
    """How soon a person answers, by the operator's promise; nothing where nobody promises."""

    def answer(reader: Any) -> str:
        minutes = reply_minutes(priority)
        if minutes is None:
            return _("A person answers as soon as the counter is open.")
        if minutes < _HOUR:
            return ngettext(
                "A person answers within %(count)s open minute.",
                "A person answers within %(count)s open minutes.",
                minutes,
            ) % {"count": minutes}
        hours_open = -(-minutes // _HOUR)
        return ngettext(
            "A person answers within %(count)s open hour.",
            "A person answers within %(count)s open hours.",
            hours_open,
        ) % {"count": hours_open}

    return answer


def reopen_days(reader: Any) -> str:
    """For how long a solved case can be reopened."""
    return ngettext("%(count)s day", "%(count)s days", REOPEN_DAYS) % {"count": REOPEN_DAYS}


def offer(name: str) -> Callable[[Any], str]:
    """A word at the top where an installation does not offer what the article is about."""

    def answer(reader: Any) -> str:
        return "" if is_offered(name) else render_to_string("care/live/not_offered.html", {}, reader.request)

    return answer
