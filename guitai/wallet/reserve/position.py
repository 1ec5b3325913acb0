"""Where the money of each currency stands, as the books say."""

from guitai.wallet.reconciliation.reads import safeguarding
from guitai.wallet.reconciliation.types import Safeguarding
from guitai.wallet.reserve.rules.floats import Position


def positions() -> dict[str, Position]:
    """Every currency that the operator holds."""
    return {
        one.currency: Position(one.owed.minor, _at_bank(one), one.reserve.minor) for one in safeguarding()
    }


def _at_bank(one: Safeguarding) -> int:
    # Before the first top-up there is no account at the bank yet.
    return one.settlement["bank"].minor if "bank" in one.settlement else 0


def position_of(currency: str) -> Position:
    """One currency; nothing stands in one that the operator does not hold."""
    return positions().get(currency, Position(0, 0, 0))
