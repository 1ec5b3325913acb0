"""Open accounts, each at most once."""

from collections.abc import Sequence
from uuid import UUID

from django.db import connection

from guitai.base.money import EXPONENTS
from guitai.kit.transactions import required
from guitai.ledger.reads import accounts
from guitai.ledger.types import Account, AccountFlag, AccountResult, NewAccount

_BOTH = AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS | AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS
_KNOWN = int(_BOTH | AccountFlag.HISTORY | AccountFlag.CLOSED)
_ID_MAX = UUID(int=2**128 - 1)
_INSERT = """
INSERT INTO ledger_account (id, book, owner, code, currency, flags, debits_pending, debits_posted,
    credits_pending, credits_posted, version)
SELECT v.*, 0, 0, 0, 0, 0 FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::int[], %s::text[], %s::int[]) AS v
ON CONFLICT (id) DO NOTHING RETURNING id
"""


def create_accounts(new: Sequence[NewAccount]) -> list[AccountResult]:
    required()
    existing = {account.id: account for account in accounts([item.id for item in new])}
    results = [_judge(item, existing) for item in new]
    fresh = {item.id: item for item, result in zip(new, results, strict=True) if result == "created"}
    late = fresh.keys() - _insert(sorted(fresh.values(), key=lambda item: item.id))
    if late:
        # Somebody opened these between our look and our insert: answer as if they had come first.
        found = {account.id: account for account in accounts(sorted(late))}
        results = [
            _exists(item, found[item.id]) if item.id in late and result == "created" else result
            for item, result in zip(new, results, strict=True)
        ]
    return [AccountResult(item.id, result) for item, result in zip(new, results, strict=True)]


def _insert(items: Sequence[NewAccount]) -> set[UUID]:
    """Insert in id order, so that two openers never wait in a circle; gives the ids that were new."""
    if not items:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            _INSERT,
            [
                [item.id for item in items], [item.book for item in items], [item.owner for item in items],
                [item.code for item in items], [item.currency for item in items],
                [int(item.flags) for item in items],
            ],
        )  # fmt: skip
        return {row[0] for row in cursor.fetchall()}


def _judge(new: NewAccount, existing: dict[UUID, Account]) -> str:
    if int(new.flags) & ~_KNOWN:
        return "reserved_flag"
    if new.id.int == 0:
        return "id_must_not_be_zero"
    if new.id == _ID_MAX:
        return "id_must_not_be_int_max"
    if (found := existing.get(new.id)) is not None:
        return _exists(new, found)
    if new.flags & _BOTH == _BOTH:
        return "flags_are_mutually_exclusive"
    if new.currency not in EXPONENTS:
        return "ledger_must_not_be_zero"
    if new.code <= 0:
        return "code_must_not_be_zero"
    existing[new.id] = Account(new.id, new.book, new.owner, new.code, new.currency, new.flags, 0, 0, 0, 0, 0)
    return "created"


def _exists(new: NewAccount, existing: Account) -> str:
    if new.flags & ~AccountFlag.CLOSED != existing.flags & ~AccountFlag.CLOSED:
        return "exists_with_different_flags"
    if new.owner != existing.owner:
        return "exists_with_different_user_data_128"
    if (new.currency, new.book) != (existing.currency, existing.book):
        return "exists_with_different_ledger"
    if new.code != existing.code:
        return "exists_with_different_code"
    return "exists"
