"""The ways out to an account as they are now: what each costs, carries and promises."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from guitai.base.clock import now
from guitai.base.money import EXPONENTS, Money
from guitai.kit import policies
from guitai.ledger.api import accounts
from guitai.rails import api as rails
from guitai.wallet import destinations, withdrawal_reads
from guitai.wallet.flows.withdrawals import cut_off
from guitai.wallet.kinds import withdraw
from guitai.wallet.limit_reads import limits_of
from guitai.wallet.published import withdrawal_fee
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Fees
from guitai.wallet.rules.withdrawals import Withdrawals, takes_currency, ways_of
from guitai.wallet.withdrawal_types import Destination, WayOut


def ways(owner: UUID, account: UUID) -> tuple[WayOut, ...]:
    """refuses binding_not_found"""
    bound, moment = destinations.one_of(owner, account), now()
    found = [
        _way(owner, bound, rail, currency, moment)
        for rail in ways_of(bound.kind)
        for currency in sorted(rails.payout_currencies(rail=rail), key=list(EXPONENTS).index)
        if _takes(bound, currency)
    ]
    able = [way.rail for way in found if way.funded] or [way.rail for way in found]
    last = withdrawal_reads.last_rail(account)
    usual = last if last in able else next(iter(able), "")
    return tuple(replace(way, usual=way.rail == usual) for way in found)


def _takes(bound: Destination, currency: str) -> bool:
    if bound.payment is not None:
        return bound.payment.paid.currency == currency
    return takes_currency(bound.kind, currency)


def reaches(kind: str) -> bool:
    """Whether any way to accounts of a kind is set up."""
    return any(
        takes_currency(kind, currency)
        for rail in ways_of(kind)
        for currency in rails.payout_currencies(rail=rail)
    )


def _way(owner: UUID, bound: Destination, rail: str, currency: str, moment: datetime) -> WayOut:
    policy, terms, health = policies.current(Withdrawals).value, rails.rail_terms(rail), rails.health_of(rail)
    arrives = withdraw.promise(policy, rail, bound.bank, moment + health.expected_delay)
    rail_maximum = Money(terms.maximum, currency) if terms.maximum else None
    left = [view.remaining for view in limits_of(owner, ("withdrawal",), (currency,))]
    minimum = Money(max(terms.minimum, policy.minimum.get(currency, 0)), currency)
    if bound.payment is not None:
        left.append(bound.payment.left)
    bounds = [bound_ for bound_ in (rail_maximum, *left) if bound_ is not None]
    return WayOut(
        rail=rail,
        currency=currency,
        fee=withdrawal_fee(policies.current(Fees).value, rail, currency),
        minimum=minimum,
        rail_maximum=rail_maximum,
        maximum=min(bounds, key=lambda money: money.minor) if bounds else None,
        leaves_at=arrives.leaves,
        earliest_at=arrives.earliest,
        latest_at=arrives.latest,
        cut_off_at=cut_off(moment, rail),
        state=health.state,
        funded=_held(rail, currency) >= minimum.minor,
        usual=False,
    )


def _held(rail: str, currency: str) -> int:
    """What the account that a rail pays from holds and has not promised yet."""
    house = chart.house_account(chart.RAILS[rail], currency).id
    return next((account.available_debit for account in accounts([house])), 0)
