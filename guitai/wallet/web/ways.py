"""Ways in as pages show them: name, picture, fee, bounds, usual arrival, and honestly how they are now."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.base.money import Money
from guitai.skin.text import duration_text, money_text
from guitai.wallet.rail_words import rail_icon, rail_name
from guitai.wallet.rules.policies import Fee
from guitai.wallet.types import TopUpChoice

_PERCENT = 100
_STATES: dict[str, str | Promise] = {
    "slow": gettext_lazy("Slower than usual right now"),
    "down": gettext_lazy("Not answering right now"),
}
_ADVICE: dict[str, str | Promise] = {
    "slow": gettext_lazy(
        "It answers late or not always. Your payment is not lost; it may take longer to show."
    ),
    "down": gettext_lazy("What you start now may not get through. Choose another way, or come back later."),
}


@dataclass(frozen=True, slots=True)
class Way:
    """One way in, in the reader's language."""

    rail: str
    name: str
    icon: str
    detail: str
    fee: str
    arrival: str
    bounds: str
    usable: bool
    state: str
    trouble: str
    advice: str


def shown(choice: TopUpChoice) -> Way:
    """A way in, in words."""
    fee = fee_text(choice.fee, choice.currency)
    arrival = _("usually within %(time)s") % {"time": _time(choice)}
    bounds = _bounds(choice)
    return Way(
        rail=choice.rail,
        name=rail_name(choice.rail) or choice.rail,
        icon=rail_icon(choice.rail),
        detail=" · ".join(part for part in (fee, arrival, bounds) if part),
        fee=fee,
        arrival=arrival,
        bounds=bounds,
        usable=choice.state != "down" and (choice.maximum is None or choice.maximum.minor > 0),
        state=choice.state,
        trouble=str(_STATES.get(choice.state, "")),
        advice=str(_ADVICE.get(choice.state, "")),
    )


def fee_text(fee: Fee | None, currency: str) -> str:
    """A fee in a few words: `free`, `0.60%`, `¥1.00 + 0.60%, at most ¥25.00`."""
    if fee is None or not (fee.fixed_minor or fee.basis_points):
        return _("no fee")
    parts = [money_text(Money(fee.fixed_minor, currency))] if fee.fixed_minor else []
    if fee.basis_points:
        whole, rest = divmod(fee.basis_points, _PERCENT)
        parts.append(f"{whole}.{rest:02}%")
    said = " + ".join(parts)
    if fee.maximum_minor is not None:
        most = money_text(Money(fee.maximum_minor, currency))
        return _("fee %(fee)s, at most %(most)s") % {"fee": said, "most": most}
    return _("fee %(fee)s") % {"fee": said}


def _time(choice: TopUpChoice) -> str:
    # Said in whole minutes: nobody counts a payment's seconds.
    return duration_text(max(choice.usual_arrival.total_seconds().__ceil__(), 60))


def _bounds(choice: TopUpChoice) -> str:
    if choice.maximum is None:
        return ""
    if choice.maximum.minor == 0:
        return _("your limit is used up")
    return _("up to %(most)s") % {"most": money_text(choice.maximum)}
