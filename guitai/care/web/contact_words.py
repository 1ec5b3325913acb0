"""Channels and verdicts in words, in the reader's language."""

from datetime import timedelta

from django.utils.translation import get_language, gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guitai.care.rules.check_contact import Checked
from guitai.care.types import ChannelView
from guitai.care.web.words import open_words
from guitai.kit.operator import word

_KINDS = {
    "phone": _("Telephone"),
    "sms": _("Text messages come from"),
    "email": _("E-mail"),
    "website": _("Website"),
    "chat": _("Chat"),
    "social": _("Social account"),
    "app": _("App"),
    "account": _("Account to pay to"),
}
_ICONS = {
    "phone": "phone", "sms": "message-square", "email": "mail", "website": "globe", "chat": "messages-square",
    "social": "at-sign", "app": "smartphone", "account": "landmark",
}  # fmt: skip
_OURS = {
    "phone": _("This is our number"),
    "sms": _("Our text messages come from here"),
    "email": _("This is our mail address"),
    "website": _("This is our website"),
    "social": _("This is our account"),
    "app": _("This is our app"),
    "account": _("This is our account to pay to"),
    "badge": _("This is the badge of somebody who works here"),
}
_NOT_OURS = {
    "phone": _("This is not one of our numbers"),
    "sms": _("This is not one of our numbers"),
    "email": _("This is not one of our mail addresses"),
    "website": _("This is not one of our websites"),
    "social": _("This is not one of our accounts"),
    "app": _("This is not our app"),
    "account": _("This is not an account of ours"),
    "badge": _("This is not a badge of ours"),
}
_HOUR_S = 3600
_MINUTE_S = 60
_DAY_HOURS = 48


def ours_words(checked: Checked) -> str:
    """What of ours it is."""
    return str(_OURS.get(checked.kind or "", _("This is one of our official channels")))


def not_ours_words(checked: Checked) -> str:
    """What it is not."""
    return str(_NOT_OURS.get(checked.kind or "", _("This is not one of our channels")))


def channel_title(channel: ChannelView) -> str:
    """What a channel is: its own name, or its kind."""
    named = word(channel.name, get_language() or "en") if channel.name else ""
    return f"{_KINDS[channel.kind]} · {named}" if named else str(_KINDS[channel.kind])


def channel_icon(channel: ChannelView) -> str:
    return _ICONS[channel.kind]


def channel_href(channel: ChannelView) -> str:
    """A link where following it is safe: only what the operator wrote as a web address, mail or number."""
    if channel.kind in ("website", "chat", "app") and channel.value.startswith(("https://", "http://")):
        return channel.value
    if channel.kind == "email":
        return f"mailto:{channel.value}"
    return (
        "tel:" + "".join(c for c in channel.value if c.isdigit() or c == "+")
        if channel.kind == "phone"
        else ""
    )


def channel_open(channel: ChannelView) -> str:
    return open_words(channel.state) if channel.state else ""


def channel_detail(channel: ChannelView) -> str:
    """In which languages it is answered, and what a file must be."""
    names = {"zh-hans": gettext("Simplified Chinese"), "en": gettext("English")}
    said = [" · ".join(names.get(code, code) for code in channel.languages)] if channel.languages else []
    if channel.sha256:
        said.append(f"SHA-256 {channel.sha256}")
    return " · ".join(said)


def duration_words(wait: timedelta) -> str:
    """A wait as people say it: minutes, hours, days."""
    seconds = max(_MINUTE_S, round(wait.total_seconds()))
    if seconds < _HOUR_S:
        minutes = round(seconds / _MINUTE_S)
        return ngettext("%(count)d minute", "%(count)d minutes", minutes) % {"count": minutes}
    hours = round(seconds / _HOUR_S)
    if hours < _DAY_HOURS:
        return ngettext("%(count)d hour", "%(count)d hours", hours) % {"count": hours}
    days = round(hours / 24)
    return ngettext("%(count)d day", "%(count)d days", days) % {"count": days}


def hour_words(hour: int) -> str:
    """An hour of the day: 14:00 to 15:00."""
    return gettext("%(begin)s to %(end)s") % {"begin": f"{hour:02d}:00", "end": f"{(hour + 1) % 24:02d}:00"}
