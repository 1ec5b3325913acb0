"""How it stands with the two small amounts that were sent to an account."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.base.clock import now
from guitai.kit import policies
from guitai.rails import api as rails
from guitai.rails.types import PayoutState
from guitai.wallet.models.small_amounts import SmallAmounts
from guitai.wallet.rules.small_amounts import SmallAmountPolicy, worst

PairState = Literal["sent", "confirmed", "failed", "spent", "expired"]


@dataclass(frozen=True, slots=True)
class SmallAmountsView:
    """A pair as its owner may see it."""

    state: PairState
    currency: str
    # How far the later of the two payments is.
    payout: PayoutState
    tries_left: int
    code: str | None
    sent_at: datetime
    expires_at: datetime


def latest(owner: UUID, account: UUID) -> SmallAmountsView | None:
    """The pair that was sent last."""
    row = SmallAmounts.objects.filter(owner=owner, account=account).order_by("-sent_at").first()
    if row is None:
        return None
    records = [rails.payout_record(one) for one in (row.first_reference, row.second_reference)]
    states = [one.state if one else "queued" for one in records]
    over = row.state == "sent" and row.expires_at <= now()
    return SmallAmountsView(
        state="expired" if over else row.state,  # type: ignore[arg-type]  # one of STATES
        currency=row.currency,
        payout=worst((states[0], states[1])),
        tries_left=max(policies.current(SmallAmountPolicy).value.tries - row.wrong, 0),
        code=row.code,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
    )
