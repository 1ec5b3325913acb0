"""The reserve's words in templates."""

from collections.abc import Mapping
from datetime import datetime

from django import template
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guitai.base.money import Money

register = template.Library()
_KINDS = {
    "release": pgettext_lazy("reserve", "Release"),
    "rotation": pgettext_lazy("reserve", "Change of keys"),
    "rehearsal": pgettext_lazy("reserve", "Rehearsal of a lost key"),
}
_STATES = {
    "open": (pgettext_lazy("reserve", "to be signed"), "wait"),
    "done": (pgettext_lazy("reserve", "carried out"), "ok"),
    "expired": (pgettext_lazy("reserve", "past its time"), "quiet"),
    "withdrawn": (pgettext_lazy("reserve", "withdrawn"), "quiet"),
}
_PER_CENT = 100


@register.filter
def reserve_kind(kind: str) -> str:
    """What a request asks for."""
    return str(_KINDS.get(kind, kind))


@register.filter
def reserve_state(state: str) -> str:
    """What became of a request."""
    return str(_STATES.get(state, (state, ""))[0])


@register.filter
def reserve_tone(state: str) -> str:
    """The tone of a request's state."""
    return _STATES.get(state, ("", "quiet"))[1]


@register.filter
def share(hundredths: int) -> str:
    """`12.5 %` of hundredths of a per cent."""
    whole, rest = divmod(hundredths, _PER_CENT)
    return _("%(share)s %%") % {"share": f"{whole}.{rest:02}".rstrip("0").rstrip(".")}


@register.filter
def positive(amount: Money) -> Money:
    """An amount without its minus: the words beside it say which way."""
    return -amount if amount.minor < 0 else amount


@register.filter
def at_key(rehearsed: Mapping[str, datetime], key: str) -> datetime | None:
    """When the loss of a key was rehearsed."""
    return rehearsed.get(key)
