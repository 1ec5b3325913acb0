"""What the ledger takes and gives. Amounts are positive whole minor units below 2^63."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntFlag
from typing import Literal, NamedTuple
from uuid import UUID

AMOUNT_MAX = 2**63 - 1
Book = Literal["live", "test"]
PendingState = Literal["pending", "posted", "voided", "expired"]


class AccountFlag(IntFlag):
    NONE = 0
    DEBITS_MUST_NOT_EXCEED_CREDITS = 2
    CREDITS_MUST_NOT_EXCEED_DEBITS = 4
    HISTORY = 8
    CLOSED = 32


class TransferFlag(IntFlag):
    NONE = 0
    LINKED = 1
    PENDING = 2
    POST_PENDING = 4
    VOID_PENDING = 8
    BALANCING_DEBIT = 16
    BALANCING_CREDIT = 32
    CLOSING_DEBIT = 64
    CLOSING_CREDIT = 128


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account to be opened; `code` is its place in the chart of accounts, `owner` means nothing here."""

    id: UUID
    owner: UUID
    code: int
    currency: str
    flags: AccountFlag = AccountFlag.NONE
    book: Book = "live"


@dataclass(frozen=True, slots=True)
class Account:
    id: UUID
    book: Book
    owner: UUID
    code: int
    currency: str
    flags: AccountFlag
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int
    version: int

    @property
    def available_credit(self) -> int:
        """What may still be debited from an account whose debits must not exceed its credits."""
        return self.credits_posted - self.debits_posted - self.debits_pending

    @property
    def available_debit(self) -> int:
        """What may still be credited to an account whose credits must not exceed its debits."""
        return self.debits_posted - self.credits_posted - self.credits_pending


@dataclass(frozen=True, slots=True)
class NewTransfer:
    """A movement to be posted. Its id is its idempotency key, kept as long as the books.

    `amount` is the most that may move when the transfer is balancing; zero means "all of it" when a reservation
    is resolved, and may stand in a transfer that only closes an account. `user_data` means nothing here: it is
    the caller's own reference, kept with the transfer (TigerBeetle's user_data_128).
    """

    id: UUID
    debit_account: UUID
    credit_account: UUID
    amount: int
    currency: str
    kind: str
    flags: TransferFlag = TransferFlag.NONE
    pending_id: UUID | None = None
    expires_at: datetime | None = None
    effective_at: datetime | None = None
    book: Book = "live"
    user_data: UUID | None = None


@dataclass(frozen=True, slots=True)
class Transfer:
    id: UUID
    book: Book
    debit_account: UUID
    credit_account: UUID
    amount: int
    currency: str
    kind: str
    flags: TransferFlag
    pending_id: UUID | None
    expires_at: datetime | None
    effective_at: datetime
    recorded_at: datetime
    user_data: UUID | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A reservation and its fate."""

    transfer_id: UUID
    state: PendingState
    amount: int
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account. `amount` is signed: credits are positive, debits negative, 0 for a reservation."""

    account_id: UUID
    seq: int
    transfer_id: UUID
    amount: int
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int
    recorded_at: datetime


class AccountResult(NamedTuple):
    id: UUID
    result: str


class TransferResult(NamedTuple):
    id: UUID
    result: str


class AccountRow(NamedTuple):
    """An account as a batch reads it under its lock: only what judging needs."""

    raw: bytes
    book: Book
    currency: str
    flags: int
    debits_pending: int
    debits_posted: int
    credits_pending: int
    credits_posted: int
    version: int
    recorded_at: datetime | None


class Locked:
    """What a batch needs to be judged: read under the locks of its accounts, whose rows are in id order."""

    __slots__ = ("failed", "moment", "pendings", "rows", "transfers")

    def __init__(
        self,
        rows: Sequence[AccountRow],
        transfers: Mapping[UUID, Transfer],
        pendings: Mapping[UUID, Pending],
        failed: Mapping[UUID, str],
        moment: datetime,
    ) -> None:
        self.rows, self.transfers, self.pendings = rows, transfers, pendings
        self.failed, self.moment = failed, moment

    @property
    def accounts(self) -> frozenset[UUID]:
        """The ids of the accounts that exist and are locked."""
        return frozenset(UUID(bytes=row[0]) for row in self.rows)
