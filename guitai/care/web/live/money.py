"""Live answers about money: from the books for who is signed in, a general sentence for everybody else."""

from collections.abc import Iterable
from typing import Any

from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guitai.kit.operator import operator
from guitai.skin.templatetags.guitai_text import money
from guitai.skin.text import money_text
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationView

_SHOWN = 3
_LOOKED_AT = 30


def balance(reader: Any) -> str:
    """What the reader can spend and what is reserved, in each currency they have."""
    if reader.customer is None:
        return _("Sign in to see your own figures here.")
    held = [b for b in wallet.balances(reader.customer) if b.available.minor or b.reserved.minor]
    if not held:
        return _("There is no money in your wallet at the moment.")
    lines = format_html_join(
        _(", "),
        "{}",
        ((_available(b.available, b.reserved),) for b in held),
    )
    return format_html(_("Right now: {}."), lines)


def _available(available: Any, reserved: Any) -> str:
    if reserved.minor:
        words = _("{available} available and {reserved} reserved")
        return format_html(words, available=_secret(available), reserved=_secret(reserved))
    return format_html(_("{available} available"), available=_secret(available))


def _secret(amount: Any) -> str:
    # Hidden together with the balance, when the reader hides balances.
    return format_html('<span class="is-secret">{}</span>', money(amount))


def remaining_limit(reader: Any) -> str:
    """How much more the reader may send today."""
    if reader.customer is None:
        return _("Signed in, you see here how much you may still send today.")
    today = [line for line in wallet.limits_of(reader.customer, ("transfer",)) if line.window == "day"]
    if not today:
        return ""
    words = _("Today you may still send {remaining}, of {day} a day.")
    return format_html(words, remaining=money(today[0].remaining), day=money(today[0].limit))


def limits(reader: Any) -> str:
    """The reader's own limits with what is left; signed out, what each level of identity may move."""
    if reader.customer is not None:
        own = wallet.limits_of(reader.customer)
        return _table(reader, "care/live/own_limits.html", lines=own)
    published = wallet.published_terms().limits
    first = published[0].currency if published else ""
    lines = [
        line
        for line in published
        if line.currency == first and line.kind in ("transfer", "top_up", "withdrawal")
    ]
    return _table(reader, "care/live/limits.html", lines=lines)


def fees(reader: Any) -> str:
    """The fees in force as a table."""
    return _table(reader, "care/live/fees.html", lines=wallet.published_terms().transfer_fees)


def withdrawal_fee(reader: Any) -> str:
    """The fees of withdrawals in force as a table."""
    return _table(reader, "care/live/withdrawal_fees.html", lines=wallet.published_terms().withdrawal_fees)


def withdrawal_time(reader: Any) -> str:
    """What is promised of arrivals, by bank; the page itself promises a date for each withdrawal."""
    terms = wallet.published_terms()
    facts = {"lines": terms.withdrawal_arrivals, "by": terms.withdrawal_by}
    return _table(reader, "care/live/withdrawal_times.html", **facts)


def currencies(reader: Any) -> str:
    """The currencies that a wallet here can hold."""
    return _("A wallet here holds: %(currencies)s.") % {"currencies": _(", ").join(operator().currencies)}


def waiting_unclaimed(reader: Any) -> str:
    """For how long money waits for somebody to register."""
    return _hours(wallet.published_terms().unclaimed_hours)


def waiting_held(reader: Any) -> str:
    """By when a hold is decided at the latest."""
    return _hours(wallet.published_terms().held_hours)


def top_up_open(reader: Any) -> str:
    """For how long a top-up waits for its payment."""
    minutes = wallet.published_terms().top_up_minutes
    return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}


def rails(reader: Any) -> str:
    """The ways in that are open now."""
    return render_to_string("care/live/rails.html", {}, reader.request)


def open_operations(reader: Any) -> str:
    """The reader's payments that have not ended."""
    if reader.customer is None:
        return ""
    return _operations(reader, wallet.needs_attention(reader.customer))


def open_top_ups(reader: Any) -> str:
    """The reader's top-ups that have not ended."""
    if reader.customer is None:
        return ""
    waiting = [view for view in wallet.needs_attention(reader.customer) if view.kind == "top_up"]
    return _operations(reader, waiting)


def last_refused(reader: Any) -> str:
    """The reader's latest refused payment, with its reason."""
    if reader.customer is None:
        return ""
    latest = wallet.operations(reader.customer, limit=_LOOKED_AT).items
    refused = next((view for view in latest if view.state == "refused"), None)
    if refused is None:
        return ""
    facts = {"operation": refused, "diagnosis": wallet.diagnose(refused.id, "customer")}
    return render_to_string("care/live/refused.html", facts, reader.request)


def _operations(reader: Any, views: Iterable[OperationView]) -> str:
    shown = list(views)[:_SHOWN]
    if not shown:
        return ""
    facts = {"operations": [(view, money_text(view.amount)) for view in shown]}
    return render_to_string("care/live/operations.html", facts, reader.request)


def _table(reader: Any, template: str, **facts: Any) -> str:
    return render_to_string(template, facts, reader.request) if facts["lines"] else ""


def _hours(count: int) -> str:
    return ngettext("%(count)s hour", "%(count)s hours", count) % {"count": count}
