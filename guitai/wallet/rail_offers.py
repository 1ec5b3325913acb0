"""The ways in that there are now, as one small door on what rails offers."""

from uuid import UUID

from guitai.base.money import Money
from guitai.kit import policies
from guitai.people.api import standing
from guitai.rails import api as rails
from guitai.rails.types import RailOffer
from guitai.wallet.limit_reads import limits_of
from guitai.wallet.rules.policies import Fees, TopUpRails, fee_of
from guitai.wallet.types import TopUpChoice

# What most people know comes first; a rail that is not named here comes after these.
_ORDER = ("bank", "alipay", "wechat", "unionpay", "card")


def offers(currency: str) -> list[RailOffer]:
    """Every way in that is set up for a currency, in one order everywhere."""
    return sorted(rails.rails_for("in", currency), key=lambda offer: _place(offer.rail))


def offer_of(rail: str, currency: str) -> RailOffer | None:
    """One way in, or None when it is not offered."""
    return next((offer for offer in offers(currency) if offer.rail == rail), None)


def choices(owner: UUID, currency: str) -> list[TopUpChoice]:
    """The ways in that a customer may use, with what each costs, takes and lasts, as it is now."""
    access, fees, tier = (
        policies.current(TopUpRails).value,
        policies.current(Fees).value,
        standing(owner).tier,
    )
    left = _left(owner, currency)
    return [
        TopUpChoice(
            rail=offer.rail,
            currency=currency,
            minimum=offer.minimum,
            rail_maximum=offer.maximum,
            maximum=_least(offer.maximum, left),
            fee=fees.top_up.get(offer.rail, {}).get(currency),
            usual_arrival=offer.usual_arrival,
            state=offer.state,
        )
        for offer in offers(currency)
        if access.allows(offer.rail, tier)
    ]


def top_up_fee(rail: str, amount: Money) -> Money:
    """What is taken of an amount that comes by a rail: at most all of it."""
    fee = fee_of(policies.current(Fees).value.top_up.get(rail, {}), amount)
    return min(fee, amount, key=lambda money: money.minor)


def _left(owner: UUID, currency: str) -> Money | None:
    """The most that the identity tier's limits leave at once, today and this month."""
    left = [view.remaining for view in limits_of(owner, ("top_up",), (currency,))]
    return min(left, key=lambda money: money.minor) if left else None


def _least(*bounds: Money | None) -> Money | None:
    known = [bound for bound in bounds if bound is not None]
    return min(known, key=lambda money: money.minor) if known else None


def _place(rail: str) -> tuple[int, str]:
    return (_ORDER.index(rail) if rail in _ORDER else len(_ORDER), rail)
