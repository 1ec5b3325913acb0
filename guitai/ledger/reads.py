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
    "expires_at", "effective_at", "recorded_at",
)  # fmt: skip
_ENTRY = (
    "account_id", "seq", "transfer_id", "amount", "debits_pending", "debits_posted", "credits_pending",
    "credits_posted", "recorded_at",
)  # fmt: skip
# Entries are ordered by recording; an effective moment is asked of the transfers behind them.
_BALANCE_EFFECTIVE = """
SELECT coalesce(sum(e.amount), 0) FROM ledger_entry e JOIN ledger_transfer t ON t.id = e.transfer_id
WHERE e.account_id = %s AND t.effective_at <= %s
"""


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
    if not AccountRow.objects.filter(id=account).exists():
        raise AccountNotFound()
    if by == "recorded":
        last = EntryRow.objects.filter(account_id=account, recorded_at__lte=moment).order_by("-seq").first()
        return last.credits_posted - last.debits_posted if last else 0
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE_EFFECTIVE, [account, moment])
        return int(cursor.fetchone()[0])
