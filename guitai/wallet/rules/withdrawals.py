"""What the operator promises about withdrawals, and what follows from it. Pure: bank days come in as a function."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Annotated, Literal

import msgspec

from guitai.base.money import EXPONENTS, MINOR_MAX

# How far a withdrawal has come while nobody knows its end; a bank tells things twice and in any order.
Stage = Literal["held", "queued", "sent", "accepted"]
_ORDER: tuple[Stage, ...] = ("held", "queued", "sent", "accepted")
# When something that is handed over at a moment leaves: at that moment, or when the next bank day opens.
Leaves = Callable[[datetime], datetime]
# Which currencies an account of a scheme takes; a scheme that is not named takes any.
_TAKES: dict[str, frozenset[str]] = {
    "cn_card": frozenset({"CNY"}),
    "us_account": frozenset({"USD"}),
    "gb_account": frozenset({"GBP"}),
    "hk_account": frozenset({"HKD", "CNY", "USD"}),
    "alipay": frozenset({"CNY"}),
    "wechat": frozenset({"CNY"}),
}
_Days = Annotated[int, msgspec.Meta(ge=0, le=30)]


# The rail whose accounts are at banks: it hands files over within the bank's hours.
BANK = "bank"
# Where a card that was paid with stands for an account: nothing is bound, and money goes back by the way it came.
CARD, BACK_TO_CARD = "card", "card_payment"
# By which rails money can leave for an account of a scheme, whoever does not choose has the first that pays its
# currency. One that is not named is at a bank and nothing else.
_WAYS: dict[str, tuple[str, ...]] = {
    "alipay": ("alipay",),
    "wechat": ("wechat",),
    "cn_card": (BANK, "unionpay"),
    BACK_TO_CARD: (CARD,),
}
# Those that are asked online, in the order in which they are told.
ONLINE = tuple(rail for ways in _WAYS.values() for rail in ways if rail != BANK)


# In how many days money arrives where no promise says otherwise; by every other way it is there by the next day. The
# bank of a card shows what went back to it after five to ten of its own days.
_USUAL_DAYS = {BANK: (2, 3), CARD: (5, 14)}


class BankPromise(msgspec.Struct, frozen=True):
    """In how many bank days money arrives by a rail, at a bank whose name contains one of these words."""

    rail: str = BANK
    banks: tuple[str, ...] = ()
    first_days: _Days = 2
    last_days: _Days = 3

    def __post_init__(self) -> None:
        if self.first_days > self.last_days:
            raise ValueError("the first day of an arrival is not after the last")

    def suits(self, rail: str, bank: str) -> bool:
        """Whether it is the promise of a rail and a bank; one without banks is for all of them."""
        return rail == self.rail and (
            not self.banks or any(word.casefold() in bank.casefold() for word in self.banks)
        )


class Withdrawals(msgspec.Struct, frozen=True):
    """Who may withdraw, how soon it arrives, and when we stop waiting for the bank's word."""

    # The identity tier that may withdraw.
    tier: Annotated[int, msgspec.Meta(ge=0, le=2)] = 1
    # The first that suits counts; none is two to three bank days, five to fourteen days back to a card, and until the
    # next day by any other rail that is online.
    promises: tuple[BankPromise, ...] = ()
    # Until what time of the promised day it arrives, in the bank's zone.
    arrives_by: str = "18:00"
    # How many bank days after the promise nobody waits silently any more, and by when we owe an answer.
    margin_days: _Days = 1
    answer_days: Annotated[int, msgspec.Meta(ge=1, le=30)] = 3
    # An account that was bound so lately is new: a large amount to it is looked at first.
    new_account_hours: Annotated[int, msgspec.Meta(ge=0, le=24 * 90)] = 24
    # From how many that wait the pages say so.
    busy_from: Annotated[int, msgspec.Meta(ge=1)] = 100
    # Whether our fee comes back with money that the bank sent back.
    fee_back: bool = True
    # How soon a bank is asked to call back what was with it when its wallet was frozen.
    recall_within_minutes: Annotated[int, msgspec.Meta(ge=1, le=60 * 24)] = 60
    # How long after a top-up by card money may go back to that card: acquirers refund for about half a year.
    back_to_card_days: Annotated[int, msgspec.Meta(ge=1, le=365)] = 180
    # The smallest amount by currency, in minor units.
    minimum: dict[str, int] = {}

    def __post_init__(self) -> None:
        time.fromisoformat(self.arrives_by)
        if not EXPONENTS.keys() >= self.minimum.keys():
            raise ValueError("a smallest amount is in a currency that is known")
        if any(not 0 <= minor <= MINOR_MAX for minor in self.minimum.values()):
            raise ValueError("a smallest amount is zero or more")

    def promise_of(self, rail: str, bank: str) -> BankPromise:
        """What is promised for a rail and a bank."""
        first, last = _USUAL_DAYS.get(rail, (0, 1))
        usual = BankPromise(rail, first_days=first, last_days=last)
        return next((one for one in self.promises if one.suits(rail, bank)), usual)


class Arrival(msgspec.Struct, frozen=True):
    """What a customer is promised: when it leaves us, and between when and when it arrives."""

    leaves: datetime
    earliest: datetime
    latest: datetime


def arrival(policy: Withdrawals, rail: str, bank: str, moment: datetime, leaves: Leaves) -> Arrival:
    """When a withdrawal that is confirmed at a moment arrives.

    takes    the policy, rail and bank, the moment, and when the rail hands things over
    gives    Arrival, in the bank's zone; bank days only
    """
    promise, left = policy.promise_of(rail, bank), leaves(moment)
    by = time.fromisoformat(policy.arrives_by)
    earliest = after_bank_days(left, promise.first_days, by, leaves)
    latest = after_bank_days(left, promise.last_days, by, leaves)
    # Bank days by the clock alone: what leaves after that time today cannot have arrived by it.
    if latest <= left:
        latest = after_bank_days(left, promise.last_days + 1, by, leaves)
    return Arrival(left, min(max(earliest, left), latest), latest)


def after_bank_days(moment: datetime, days: int, by: time, leaves: Leaves) -> datetime:
    """A time of day so many bank days after a moment's own day, in the bank's zone."""
    day = moment.astimezone(leaves(moment).tzinfo)
    for _ in range(days):
        day = leaves(datetime.combine(day.date() + timedelta(days=1), time(), day.tzinfo))
    return datetime.combine(day.date(), by, day.tzinfo)


def is_further(stage: Stage, than: Stage) -> bool:
    """Whether one stage comes after another."""
    return _ORDER.index(stage) > _ORDER.index(than)


def ways_of(kind: str) -> tuple[str, ...]:
    """By which rails money can leave for an account of a scheme, the usual one first."""
    return _WAYS.get(kind, (BANK,))


def is_at_bank(kind: str) -> bool:
    """Whether an account of a scheme is at a bank, which tells its number of whoever pays from it."""
    return BANK in ways_of(kind)


def takes_currency(kind: str, currency: str) -> bool:
    """Whether an account of a scheme takes money of a currency."""
    return currency in _TAKES.get(kind, EXPONENTS)


def priority(*, closing: bool, again: bool) -> int:
    """Which withdrawals leave first when many wait: those that empty a wallet to close it, then those that a bank
    has failed before; of equals, whoever has waited longest."""
    return 20 if closing else 10 if again else 0
