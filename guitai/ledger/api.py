"""The door of the ledger: opening accounts and reading the books. Posting is the till's alone (`poster`)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.ledger import reads
from guitai.ledger.flows.open_accounts import create_accounts as _create_accounts
from guitai.ledger.flows.protect import protect as _protect
from guitai.ledger.flows.verify import verify as _verify
from guitai.ledger.types import Account, AccountResult, Entry, NewAccount, Transfer

_PAGE_MAX = 1_000


def create_accounts(new: Sequence[NewAccount]) -> list[AccountResult]:
    """Open accounts.

    takes    accounts with ids given by the caller, inside the caller's transaction
    gives    one result per item in input order: `created`, `exists`, or why not
    source   TigerBeetle's result names for create_accounts
    """
    return _create_accounts(new)


def accounts(ids: Sequence[UUID]) -> list[Account]:
    """Accounts by id, in the order asked; unknown ids are left out."""
    return reads.accounts(ids)


def accounts_of(owners: Sequence[UUID], code: int) -> list[Account]:
    """The accounts that several owners hold under one code of the chart of accounts."""
    return reads.accounts_of(owners, code)


def transfers(ids: Sequence[UUID]) -> list[Transfer]:
    """Transfers by id, in the order asked; unknown ids are left out."""
    return reads.transfers(ids)


def entries(account: UUID, after: int = 0, limit: int = 100) -> list[Entry]:
    """A statement: the lines of an account behind sequence number `after`, gapless, at most 1,000 at once."""
    return reads.entries(account, after, min(limit, _PAGE_MAX))


def balance_at(account: UUID, moment: datetime, by: Literal["effective", "recorded"] = "recorded") -> int:
    """Credits less debits of an account at a past moment.

    takes    an account, an aware moment, and whether to go by when things counted or when they were written down
    gives    minor units, reservations left out
    refuses  not_found
    """
    return reads.balance_at(account, moment, by)


def protect(role: str | None = None) -> None:
    """Take from a role the rights to change or remove what the books hold.

    takes    the role that Guitai works as, when another one owns the tables; without it, the one that is connected
    gives    nothing; that role then reads, adds, and changes balances and fates, no more. An owner can grant itself
             the rights again, and a superuser is asked for none: there, the triggers and `verify` remain
    """
    _protect(role)


def verify() -> list[str]:
    """Recompute balances, sums, reservations and sequences; gives every contradiction in words."""
    return _verify()
