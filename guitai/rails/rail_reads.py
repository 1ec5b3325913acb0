"""What rails there are to use, how they are, and what that means for whoever waits."""

from datetime import timedelta
from typing import Final

from guitai.base.clock import now
from guitai.base.money import EXPONENTS, Money
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.rails import breaker, payout_reads
from guitai.rails.adapters import RAILS, supports
from guitai.rails.flows.errands import Work, waiting
from guitai.rails.flows.pay_out import PAYOUTS
from guitai.rails.flows.refund import REFUNDS
from guitai.rails.models import PayoutRow, Refund
from guitai.rails.policies import payout_settings
from guitai.rails.rules.breaker import BreakerSettings, expected_delay, state_of
from guitai.rails.settings import pays_out, problems_of, terms_of
from guitai.rails.terms import RailTerms
from guitai.rails.types import (
    Direction,
    HealthState,
    Rail,
    RailFee,
    RailHealth,
    RailOffer,
    RefundRecord,
)

WORKS: Final[tuple[Work, ...]] = (PAYOUTS, REFUNDS)
_TOP_UP_ARRIVAL = timedelta(minutes=1)
_PAYOUT_ARRIVAL = timedelta(days=1)


def offers(direction: Direction, currency: str) -> list[RailOffer]:
    """Rails that are set up, switched on, and take a currency in a direction."""
    return [
        _offer(rail, direction, currency) for rail in RAILS.values() if _is_offered(rail, direction, currency)
    ]


def payout_currencies(rail: Rail) -> frozenset[str]:
    """What payouts can leave in by a rail."""
    if rail.payouts_by == "file":
        return payout_reads.currencies()
    return frozenset(currency for currency in EXPONENTS if _is_offered(rail, "out", currency))


def ways_of(rail: Rail) -> frozenset[Direction]:
    """In which directions a rail can be used at all."""
    pays_out = rail.payouts_by == "file" or supports(rail, "pay_out")
    ways: set[Direction] = {"in"} if supports(rail, "start_top_up") else set()
    return frozenset(ways | ({"out"} if pays_out else set()))


def health_of(rail: Rail) -> RailHealth:
    """How one rail is."""
    moment = now()
    found = breaker.pulse_of(rail.code)
    length, oldest = waiting(rail.code, WORKS)
    if rail.payouts_by == "file":
        queued = PayoutRow.objects.filter(rail=rail.code, state="queued").order_by("queued_at")
        length, oldest = queued.count(), queued.values_list("queued_at", flat=True).first()
    if found is None:
        return RailHealth(rail.code, "ok", None, length, oldest, timedelta())
    pulse, row = found
    state = state_of(pulse, moment, policies.current(BreakerSettings).value)
    since = pulse.opened_at if state == "down" else row.told_since
    calls = terms_of(rail.code).calls_a_minute
    # Files leave by the bank's hours, whatever the queue: their number delays nothing.
    ahead = length if rail.payouts_by == "call" else 0
    return RailHealth(
        rail=rail.code,
        state=state,
        since=since,
        queue_length=length,
        oldest_waiting=oldest,
        expected_delay=expected_delay(state, since, moment, ahead, calls),
        last_answer_at=row.last_answer_at,
        problem=row.problem,
    )


def health() -> list[RailHealth]:
    """How each rail is that is set up."""
    return [health_of(rail) for rail in RAILS.values() if not problems_of(rail.code)]


def refund_record(refund_reference: str, rail: str) -> RefundRecord | None:
    """One refund, or None."""
    row = Refund.objects.filter(rail=rail, refund_reference=refund_reference).first()
    if row is None:
        return None
    return RefundRecord(
        id=row.id,
        rail=row.rail,
        order_reference=row.order_reference,
        refund_reference=row.refund_reference,
        amount=Money(row.amount_minor, row.currency),
        state=row.state,
        code=row.code,
        rail_code=row.rail_code,
        bank_reference=row.bank_reference,
        queued_at=row.queued_at,
        asked_at=row.asked_at,
        answered_at=row.answered_at,
        ended_at=row.ended_at,
    )


def _is_offered(rail: Rail, direction: Direction, currency: str) -> bool:
    terms = terms_of(rail.code)
    if direction == "in":
        on = terms.top_ups and supports(rail, "start_top_up") and not problems_of(rail.code)
        return on and terms.takes(currency)
    if not (terms.payouts and terms.takes(currency)):
        return False
    if rail.payouts_by == "file":
        # Files need a folder and an account of ours, and no online service.
        return payout_settings().account_of(currency) is not None
    return supports(rail, "pay_out") and pays_out(rail.code)


def _state(rail: str) -> HealthState:
    """How a rail is, in one look-up: offers are read by every page that shows ways to pay."""
    found = breaker.pulse_of(rail)
    return state_of(found[0], now(), policies.current(BreakerSettings).value) if found else "ok"


def _offer(rail: Rail, direction: Direction, currency: str) -> RailOffer:
    terms = terms_of(rail.code)
    minimum = Money(terms.minimum, currency)
    fee = RailFee(terms.fee_fixed, terms.fee_per_10000) if terms.fee_fixed or terms.fee_per_10000 else None
    return RailOffer(
        rail=rail.code,
        direction=direction,
        currency=currency,
        minimum=minimum,
        maximum=Money(terms.maximum, currency) if terms.maximum else None,
        usual_arrival=_arrival(rail, direction, terms, minimum),
        state=_state(rail.code),
        fee=fee,
    )


def _arrival(rail: Rail, direction: Direction, terms: RailTerms, amount: Money) -> timedelta:
    promised = terms.top_up_arrival_s if direction == "in" else terms.payout_arrival_s
    if promised:
        return timedelta(seconds=promised)
    if direction == "out":
        return _PAYOUT_ARRIVAL
    try:
        return rail.quote(amount).usual_arrival
    except Refusal:
        return _TOP_UP_ARRIVAL
