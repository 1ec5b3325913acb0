"""Reading the books."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.db import connection

from guitai.ledger.errors import AccountNotFound
from guitai.ledger.models import Account as AccountRow
from guitai.ledger.models import Entry as EntryRow
from guitai.ledger.models import Transfer as TransferRow
from guitai.ledger.types import Account, AccountFlag, Entry, Transfer, TransferFlag

_ACCOUNT = (
    "id", "book", "owner", "code", "currency", "flags", "debits_pending", "debits_posted", "credits_pending",
    "credits_posted", "version",
)  # fmt: skip
_TRANSFER = (
    "id", "book", "debit_account", "credit_account", "amount", "currency", "kind", "flags", "pending_id",
    "expires_at", "effective_at", "recorded_at", "user_data",
)  # fmt: skip
_ENTRY = (
    "account_id", "seq", "transfer_id", "amount", "debits_pending", "debits_posted", "credits_pending",
    "credits_posted", "recorded_at",
)  # fmt: skip
# Within an account entries are ordered by recording too: halving finds the last one up to a moment, in a few steps
# however many there are.
_LAST_UP_TO = """
WITH RECURSIVE search(low, high) AS (
  SELECT 0::bigint, version FROM ledger_account WHERE id = %(account)s
  UNION ALL
  SELECT CASE WHEN e.recorded_at <= %(moment)s THEN s.middle ELSE s.low END,
         CASE WHEN e.recorded_at <= %(moment)s THEN s.high ELSE s.middle - 1 END
  FROM (SELECT low, high, (low + high + 1) / 2 AS middle FROM search WHERE low < high) s
  JOIN ledger_entry e ON e.account_id = %(account)s AND e.seq = s.middle
)
SELECT coalesce(e.credits_posted - e.debits_posted, 0){beyond}
FROM (SELECT low AS seq FROM search WHERE low >= high) last
LEFT JOIN ledger_entry e ON e.account_id = %(account)s AND e.seq = last.seq
"""
# By effect, what was written down later but counted already is added, and the reverse. Flags: 2 reserves, 8 voids.
_DATED = """
 + (SELECT coalesce(sum(CASE WHEN recorded_at > %(moment)s THEN amount ELSE -amount END), 0) FROM ledger_transfer
    WHERE credit_account = %(account)s AND flags & 10 = 0 AND effective_at <> recorded_at
      AND greatest(effective_at, recorded_at) > %(moment)s AND least(effective_at, recorded_at) <= %(moment)s)
 - (SELECT coalesce(sum(CASE WHEN recorded_at > %(moment)s THEN amount ELSE -amount END), 0) FROM ledger_transfer
    WHERE debit_account = %(account)s AND flags & 10 = 0 AND effective_at <> recorded_at
      AND greatest(effective_at, recorded_at) > %(moment)s AND least(effective_at, recorded_at) <= %(moment)s)
"""
BALANCE_RECORDED = _LAST_UP_TO.format(beyond="")
BALANCE_EFFECTIVE = _LAST_UP_TO.format(beyond=_DATED)


def account_of(row: Sequence[Any]) -> Account:
    return Account(*row[:5], AccountFlag(row[5]), *row[6:])


def transfer_of(row: Sequence[Any]) -> Transfer:
    return Transfer(*row[:7], TransferFlag(row[7]), *row[8:])


def accounts(ids: Sequence[UUID]) -> list[Account]:
    found = {row[0]: account_of(row) for row in AccountRow.objects.filter(id__in=ids).values_list(*_ACCOUNT)}
    return [found[i] for i in ids if i in found]


def accounts_of(owners: Sequence[UUID], code: int) -> list[Account]:
    rows = AccountRow.objects.filter(owner__in=owners, code=code).order_by("id").values_list(*_ACCOUNT)
    return [account_of(row) for row in rows]


def transfers(ids: Sequence[UUID]) -> list[Transfer]:
    found = {
        row[0]: transfer_of(row) for row in TransferRow.objects.filter(id__in=ids).values_list(*_TRANSFER)
    }
    return [found[i] for i in ids if i in found]


def entries(account: UUID, after: int, limit: int) -> list[Entry]:
    rows = EntryRow.objects.filter(account_id=account, seq__gt=after).order_by("seq")
    return [Entry(*row) for row in rows.values_list(*_ENTRY)[:limit]]


def balance_at(account: UUID, moment: datetime, by: Literal["effective", "recorded"]) -> int:
    with connection.cursor() as cursor:
        query = BALANCE_RECORDED if by == "recorded" else BALANCE_EFFECTIVE
        cursor.execute(query, {"account": account, "moment": moment})
        found = cursor.fetchone()
    if found is None:
        raise AccountNotFound()
    return int(found[0])
