"""A withdrawal in the making, carried from screen to screen in a signed hidden field, as transfers are."""

from uuid import UUID

import msgspec

from guitai.base.money import Money
from guitai.wallet.web import drafts
from guitai.wallet.withdrawal_types import WithdrawalQuote

_SALT = "wallet.withdraw"


class Draft(msgspec.Struct, frozen=True):
    """What has been entered so far; `closing` is a withdrawal that empties a wallet to close it."""

    key: str
    account: UUID | None = None
    amount_minor: int = 0
    currency: str = ""
    closing: bool = False
    # By which way, where somebody chose one.
    rail: str = ""
    terms: drafts.Terms | None = None

    @property
    def amount(self) -> Money | None:
        return Money(self.amount_minor, self.currency) if self.amount_minor else None


def begin(again: tuple[UUID, Money] | None = None, *, closing: bool = False) -> Draft:
    """A fresh wish, or one like an earlier one."""
    if again is None:
        return Draft(drafts.fresh_key(), closing=closing)
    account, amount = again
    return Draft(drafts.fresh_key(), account, amount.minor, amount.currency)


def terms_of(quote: WithdrawalQuote) -> drafts.Terms:
    """What a quote says would happen."""
    return drafts.Terms(quote.outcome, quote.code, quote.fee.minor, quote.total.minor)


def signed(draft: Draft, owner: UUID) -> str:
    """The hidden field's value."""
    return drafts.signed(draft, owner, _SALT)


def read(text: str, owner: UUID) -> Draft | None:
    """The draft in a hidden field; None when it is too old, of somebody else, or not ours."""
    return drafts.read_as(Draft, text, owner, _SALT)
