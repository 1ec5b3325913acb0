"""Announcements and services in words."""

from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, ngettext, pgettext_lazy

from guitai.care.announcement_types import ServiceView
from guitai.care.types import AnnouncementKind

KINDS: dict[AnnouncementKind, Promise] = {
    "news": pgettext_lazy("announcement", "News"),
    "policy": pgettext_lazy("announcement", "Change of policy"),
    "fees": pgettext_lazy("announcement", "Change of fees"),
    "outage": pgettext_lazy("announcement", "Outage"),
    "maintenance": pgettext_lazy("announcement", "Maintenance"),
    "warning": pgettext_lazy("announcement", "Warning"),
}
_TONES = {"outage": "danger", "warning": "danger", "maintenance": "wait", "policy": "info", "fees": "info"}
SERVICES: dict[str, Promise] = {
    "wallet": gettext_lazy("Wallet and payments"),
    "messages": gettext_lazy("Text messages and e-mail"),
    "rail.bank": gettext_lazy("Bank transfer"),
    "rail.alipay": gettext_lazy("Alipay"),
    "rail.wechat": gettext_lazy("WeChat Pay"),
    "rail.unionpay": gettext_lazy("UnionPay"),
    "rail.card": gettext_lazy("Cards"),
}
_STATES = {
    "ok": (pgettext_lazy("state of a service", "working"), "ok"),
    "slow": (pgettext_lazy("state of a service", "slow"), "wait"),
    "down": (pgettext_lazy("state of a service", "not working"), "danger"),
}


def kind_words(kind: str) -> str:
    return next((str(words) for code, words in KINDS.items() if code == kind), kind)


def kind_tone(kind: str) -> str:
    return _TONES.get(kind, "quiet")


def service_words(service: str) -> str:
    """A service by its name."""
    return str(SERVICES.get(service, service.removeprefix("rail.")))


def service_choices() -> list[tuple[str, str | Promise]]:
    """The services, for a form."""
    return [("", gettext("None in particular")), *SERVICES.items()]


def service_state(state: str) -> str:
    return str(_STATES[state][0])


def service_tone(state: str) -> str:
    return _STATES[state][1]


_PROMISES = {
    "reply": gettext_lazy("Answers by the time we said"),
    "resolve": gettext_lazy("Solved by the time we said"),
    "statutory": gettext_lazy("Complaints within the legal time"),
    "call_back": gettext_lazy("Called back when we said"),
    "arrival": gettext_lazy("Money arrived when we said"),
    "third_party": gettext_lazy("Heard from others when we said"),
    "other": gettext_lazy("Other promises"),
}


def promise_words(what: str) -> str:
    return str(_PROMISES.get(what, what))


def availability_words(service: ServiceView) -> str:
    """How much of the days that were watched the service worked, as a sentence."""
    watched = [day for day in service.days if day.state is not None]
    if not watched:
        return gettext("Watched from today on.")
    down = sum(day.minutes_down for day in watched)
    share = 100 - 100 * down / (len(watched) * 1440)
    words = ngettext(
        "Worked %(share)s%% of the last day.",
        "Worked %(share)s%% of the last %(days)s days.",
        len(watched),
    )
    return words % {"share": f"{share:.2f}".rstrip("0").rstrip("."), "days": len(watched)}
