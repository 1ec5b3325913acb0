"""The acquirer's smallest units and ours, exactly. They differ for three currencies."""

from typing import Final

from guitai.rails.errors import Malformed, RailDeclined
from guitai.rails.rules.currencies import DECIMALS

# Stripe counts these by hundredths, or not at all, whatever ISO 4217 says today.
_STRIPE: Final = {"ISK": 2, "UGX": 2, "MGA": 0}


def to_acquirer(minor: int, currency: str) -> int:
    """Our minor units in the acquirer's; refuses rail_declined for an amount that it cannot carry."""
    theirs = _shifted(minor, _decimals(currency) - DECIMALS[currency])
    # Of three decimals the last must be nothing.
    if theirs is None or (DECIMALS[currency] == 3 and theirs % 10):
        raise RailDeclined(rail="card", bank_code="amount_too_precise")
    return theirs


def from_acquirer(amount: int, currency: str) -> int:
    """The acquirer's units in our minor units; refuses malformed for a currency or a fraction that is none."""
    if currency not in DECIMALS:
        raise Malformed(problem="currency")
    ours = _shifted(amount, DECIMALS[currency] - _decimals(currency))
    if ours is None:
        raise Malformed(problem="amount")
    return ours


def _decimals(currency: str) -> int:
    return _STRIPE.get(currency, DECIMALS[currency])


def _shifted(amount: int, places: int) -> int | None:
    factor = int(10 ** abs(places))
    if places >= 0:
        return amount * factor
    whole, rest = divmod(amount, factor)
    return None if rest else whole
