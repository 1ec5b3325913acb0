"""Filters that put this room's codes into words. `{% load care_text %}`."""

from django import template
from django.utils.translation import get_language, get_language_info, ngettext, pgettext
from django.utils.translation import gettext as _

from guitai.care.types import ContactRegion, EventView
from guitai.care.web import announcement_words, case_words, contact_words, words
from guitai.care.web.help_words import STATES
from guitai.kit.operator import Words, word
from guitai.skin.text import money_text
from guitai.wallet import api as wallet
from guitai.wallet.types import PublishedArrival, PublishedFee

register = template.Library()

register.filter("category_words", words.category_words)
register.filter("case_state", words.state_words)
register.filter("case_tone", words.state_tone)
register.filter("priority_words", words.priority_words)
for _filter in (
    words.turn_words,
    words.due_words,
    words.due_tone,
    words.event_words,
    words.week_table,
    words.bill_title,
    announcement_words.kind_words,
    announcement_words.kind_tone,
    announcement_words.promise_words,
    announcement_words.service_words,
    announcement_words.service_state,
    announcement_words.service_tone,
    contact_words.ours_words,
    contact_words.not_ours_words,
    contact_words.channel_title,
    contact_words.channel_icon,
    contact_words.channel_href,
    contact_words.channel_open,
    contact_words.channel_detail,
    contact_words.duration_words,
    contact_words.hour_words,
    case_words.way_words,
    case_words.standing_known,
    case_words.device_known,
    case_words.clock_lines,
    case_words.promised_words,
    case_words.promised_state,
    case_words.promised_tone,
    case_words.call_words,
    case_words.slot_value,
    case_words.badge_text,
    case_words.badge_of_staff,
    case_words.answers_shown,
):
    register.filter(_filter.__name__, _filter)


@register.filter
def event_words_for_staff(event: EventView) -> str:
    return words.event_words(event, to_staff=True)


@register.filter
def open_words(region: ContactRegion) -> str:
    return words.open_words(region.state)


@register.filter
def in_language(named: Words) -> str:
    """A name by language in the reader's."""
    return word(named, get_language() or "en")


@register.filter
def dialled(number: str) -> str:
    """A number as a tel: link takes it."""
    return "tel:" + "".join(c for c in number if c.isdigit() or c == "+")


@register.filter
def file_size(size: int) -> str:
    """Bytes in kB or MB."""
    kilobyte = 1024
    return f"{size / kilobyte**2:.1f} MB" if size >= kilobyte**2 else f"{max(1, size // kilobyte)} kB"


@register.filter
def name_of(names: dict[str, str], person: object) -> str:
    """Who a person is, from the names that were read together."""
    return names.get(str(person), "")


@register.filter
def fee_words(fee: PublishedFee) -> str:
    """A fee as a reader counts it: `free`, `¥1.00 + 0.1%, at most ¥25.00`."""
    parts = [money_text(fee.fixed)] if fee.fixed.minor else []
    if fee.basis_points:
        whole, hundredths = divmod(fee.basis_points, 100)
        parts.append(f"{whole}.{hundredths:02d}".rstrip("0").rstrip(".") + "%")
    if not parts:
        return _("free")
    said = " + ".join(parts)
    if fee.minimum is not None:
        said = _("%(fee)s, at least %(minimum)s") % {"fee": said, "minimum": money_text(fee.minimum)}
    if fee.maximum is not None:
        said = _("%(fee)s, at most %(maximum)s") % {"fee": said, "maximum": money_text(fee.maximum)}
    if fee.free_a_month is not None:
        free = {"fee": said, "free": money_text(fee.free_a_month)}
        said = _("the first %(free)s a month free, then %(fee)s") % free
    return said


@register.filter
def way_words(rail: str) -> str:
    """A way out by its name, where it has a fee of its own."""
    return announcement_words.service_words(f"rail.{rail}")


@register.filter
def arrival_words(promise: PublishedArrival) -> str:
    """How soon a withdrawal arrives: `the same bank day`, `1 bank day`, `2 to 3 bank days`."""
    first, last = promise.first_days, promise.last_days
    if promise.rail != "bank":
        # At night and on holidays too.
        if last == 0:
            return _("the same day")
        if first:
            return _("%(first)s to %(last)s days") % {"first": first, "last": last}
        return ngettext(
            "mostly at once, within %(count)s day", "mostly at once, within %(count)s days", last
        ) % {"count": last}
    if last == 0:
        return _("the same bank day")
    if first == last:
        return ngettext("%(count)s bank day", "%(count)s bank days", last) % {"count": last}
    return _("%(first)s to %(last)s bank days") % {"first": first, "last": last}


@register.filter
def limited_words(kind: str) -> str:
    """What a limit is about."""
    return {
        "transfer": _("transfers"),
        "top_up": _("top-ups"),
        "withdrawal": _("withdrawals"),
        "payment": _("payments"),
    }.get(kind, kind)


@register.filter
def window_words(window: str) -> str:
    """What a limit is counted over."""
    return {"once": pgettext("limit", "at once"), "day": _("today"), "month": _("this month")}.get(
        window, window
    )


@register.filter
def version_state(state: str) -> str:
    """Where a version of an article stands."""
    return str(STATES.get(state, state))


@register.filter
def language_words(code: str) -> str:
    """A language by its own name."""
    return str(get_language_info(code)["name_local"])


@register.filter
def operation_state(state: str) -> str:
    """An operation's state as its bill says it."""
    return wallet.state_words(state)
