"""Four accounts, and short words for transfers between them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from guitai.base import clock
from guitai.base.ids import new_id
from guitai.ledger import api, poster
from guitai.ledger.types import AccountFlag, NewAccount, NewTransfer, TransferFlag

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
OWNER = UUID(int=7)
ALICE, BOB, BANK, SHUT, YEN, TEST = (UUID(int=n) for n in range(0xA1, 0xA7))
WITHIN_CREDITS = AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS
WITHIN_DEBITS = AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS
CHART = (
    NewAccount(ALICE, OWNER, 1, "CNY", WITHIN_CREDITS),
    NewAccount(BOB, OWNER, 1, "CNY", WITHIN_CREDITS),
    NewAccount(BANK, OWNER, 2, "CNY", WITHIN_DEBITS),
    NewAccount(SHUT, OWNER, 1, "CNY", AccountFlag.CLOSED),
    NewAccount(YEN, OWNER, 1, "JPY"),
    NewAccount(TEST, OWNER, 1, "CNY", book="test"),
)


def transfer(debit: UUID = BANK, credit: UUID = ALICE, amount: int = 100, **more: Any) -> NewTransfer:
    values = {"id": new_id(), "currency": "CNY", "kind": "test", **more}
    return NewTransfer(debit_account=debit, credit_account=credit, amount=amount, **values)


def hold(debit: UUID = ALICE, credit: UUID = BOB, amount: int = 100, **more: Any) -> NewTransfer:
    return transfer(debit, credit, amount, flags=TransferFlag.PENDING | more.pop("flags", 0), **more)


def resolve(pending: NewTransfer, flag: TransferFlag, amount: int = 0, **more: Any) -> NewTransfer:
    values = {"pending_id": pending.id, "currency": "", "flags": flag, **more}
    nobody = UUID(int=0)
    return transfer(values.pop("debit", nobody), values.pop("credit", nobody), amount, **values)


def take(pending: NewTransfer, amount: int = 0, **more: Any) -> NewTransfer:
    return resolve(pending, TransferFlag.POST_PENDING, amount, **more)


def give_back(pending: NewTransfer, amount: int = 0, **more: Any) -> NewTransfer:
    return resolve(pending, TransferFlag.VOID_PENDING, amount, **more)


def post(*transfers: NewTransfer) -> list[str]:
    with transaction.atomic():
        return [result.result for result in poster.post(transfers)]


def balances(account: UUID) -> tuple[int, int, int, int]:
    """Debits pending and posted, credits pending and posted."""
    found = api.accounts([account])[0]
    return found.debits_pending, found.debits_posted, found.credits_pending, found.credits_posted


@pytest.fixture
def chart(db: None) -> None:
    """Opened before noon: what is recorded never goes back behind what an account already has."""
    with clock.stopped(NOON - timedelta(hours=1)), transaction.atomic():
        assert {r.result for r in api.create_accounts(CHART)} == {"created"}


@pytest.fixture
def books(chart: None) -> Iterator[None]:
    """Alice has 1,000; whatever a test does, the books hold afterwards."""
    with clock.stopped(NOON - timedelta(hours=1)):
        assert post(transfer(BANK, ALICE, 1_000)) == ["created"]
    yield
    assert api.verify() == []
