"""Reservations whose deadline has passed give back what they held, whoever made them."""

from guitai.audit.api import record_many
from guitai.audit.types import Entry
from guitai.base.actor import SYSTEM
from guitai.kit.transactions import outermost
from guitai.ledger import poster

_BATCH = 500


def expire_reservations() -> int:
    """End what is due, a batch a transaction; gives how many reservations ended."""
    ended = 0
    while True:
        with outermost():
            expired = poster.expire(_BATCH)
            record_many(
                [Entry(SYSTEM, "reservation.expired", ("transfer", str(i)), None, {}) for i in expired]
            )
        ended += len(expired)
        if len(expired) < _BATCH:
            return ended
