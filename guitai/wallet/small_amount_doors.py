"""What the wallet's door says about the two small amounts that show whose an account is; `wallet.api` gives it out."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from guitai.wallet import small_amount_reads
from guitai.wallet.flows import small_amounts as _flows
from guitai.wallet.small_amount_reads import SmallAmountsView


def send_small_amounts(owner: UUID, *, account: UUID) -> None:
    """Pay two small amounts, of the house's money, to an account of somebody's own.

    takes    whose, the bound account
    gives    nothing; while two are on their way, once more changes nothing
    refuses  not_found, small_amounts_off, small_amounts_too_often, account_confirmed_already
    source   micro-deposit verification as banks and ACH know it; the operator's policy `small_amounts`
    """
    _flows.send_small_amounts(owner, account)


def confirm_small_amounts(owner: UUID, *, account: UUID, amounts: tuple[int, int]) -> None:
    """Tell the two amounts that arrived: when they are right, the account is confirmed.

    takes    whose, the bound account, both in minor units in any order
    gives    nothing; the account is confirmed at people
    refuses  not_found, small_amounts_not_sent, small_amounts_wrong {left}, small_amounts_spent
    source   the operator's policy `small_amounts`
    """
    _flows.confirm_small_amounts(owner, account, amounts)


def small_amounts(owner: UUID, *, account: UUID) -> SmallAmountsView | None:
    """How it stands with the two amounts that were sent last; never the amounts themselves.

    takes    whose, the bound account
    gives    SmallAmountsView, or None when none were ever sent
    """
    return small_amount_reads.latest(owner, account)


def note_small_amount(what: str, said: Mapping[str, Any]) -> None:
    """What became of a payout, in the caller's transaction: when it was one of these, the house has its money back.

    takes    `sent`, `accepted`, `settled`, `rejected` or `returned`, and the payload of `rails.payout_*`
    """
    _flows.note_small_amount(what, said)
