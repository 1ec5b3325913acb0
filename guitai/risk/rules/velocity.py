"""Three rules about speed, and one about trust. Pure: thresholds come in, an answer goes out."""

from dataclasses import dataclass

import msgspec

from guitai.base.money import MINOR_MAX, Money
from guitai.base.refusal import Fact
from guitai.risk.types import Features, HoldReason


class VelocityPolicy(msgspec.Struct, frozen=True):
    """Thresholds that may be reached, not passed; a currency that is not listed has a threshold of zero."""

    amount_a_day: tuple[Money, ...]
    count_an_hour: int
    new_payee_above: tuple[Money, ...]

    def __post_init__(self) -> None:
        for thresholds in (self.amount_a_day, self.new_payee_above):
            currencies = [threshold.currency for threshold in thresholds]
            if len(set(currencies)) != len(currencies):
                raise ValueError("each currency may have one threshold")
            if any(not 0 <= threshold.minor <= MINOR_MAX for threshold in thresholds):
                raise ValueError("a threshold is zero or more")
        if self.count_an_hour < 0:
            raise ValueError("a count is zero or more")


@dataclass(frozen=True, slots=True)
class Hold:
    reason: HoldReason
    facts: dict[str, Fact]


def first_hold(features: Features, policy: VelocityPolicy, *, under_review: bool = False) -> Hold | None:
    """The first rule that stops a movement, in a fixed order, or None.

    takes    features of one movement, thresholds, whether something about the owner waits for a look
    gives    Hold with the reason and what was compared; a threshold that is just reached does not hold
    """
    amount = Money(features.amount_minor, features.currency)
    if under_review and (features.payee_is_new or features.leaves):
        return Hold("held_under_review", {"amount": amount.fact()})
    above = threshold(policy.new_payee_above, features.currency)
    if features.payee_is_new and above < amount:
        return Hold("held_new_payee", {"amount": amount.fact(), "threshold": above.fact()})
    day = threshold(policy.amount_a_day, features.currency)
    sent = Money(features.sent_today_minor, features.currency)
    if day < sent + amount:
        return Hold(
            "held_amount_a_day", {"amount": amount.fact(), "sent_today": sent.fact(), "threshold": day.fact()}
        )
    if features.count_last_hour + 1 > policy.count_an_hour:
        return Hold(
            "held_count_an_hour", {"count": features.count_last_hour + 1, "threshold": policy.count_an_hour}
        )
    return None


def threshold(thresholds: tuple[Money, ...], currency: str) -> Money:
    """The threshold of a currency; zero where the operator named none: forgetting holds, never lets pass."""
    return next((money for money in thresholds if money.currency == currency), Money(0, currency))
