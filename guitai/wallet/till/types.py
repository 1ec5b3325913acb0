"""Intents, what the till needs to judge them, and what it answers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.ledger.types import Account, NewAccount, NewTransfer, Pending
from guitai.people.types import Standing
from guitai.wallet.types import Direction, OperationKind, OperationState, Terms

Json = str | int | bool | None
# The fact that pins the policy a fee was computed from.
FEE_POLICY = "fee_policy"


@dataclass(frozen=True, slots=True)
class Intent:
    """What somebody wants done with money. `body` is what the idempotency key stands for; secrets are only
    hashed into it with a key, never stored."""

    kind: str
    actor: Actor
    key: str
    body: Mapping[str, Json]
    operation_id: UUID
    secrets: Mapping[str, str] = field(default_factory=dict)
    purpose: Any = None
    # What the asker was shown and agreed to; the answer must not differ from it. Not part of the key's body.
    terms: Terms | None = None
    # A dry run: judged as if it had been confirmed, and undone.
    rehearsal: bool = False


@dataclass(frozen=True, slots=True)
class LimitKey:
    owner: UUID
    name: str
    currency: str
    window_start: datetime

    @property
    def order(self) -> tuple[bytes, str, str, datetime]:
        return (self.owner.bytes, self.name, self.currency, self.window_start)


@dataclass(frozen=True, slots=True)
class LimitUse:
    key: LimitKey
    minor: int


@dataclass(frozen=True, slots=True)
class Place:
    """What one intent touches, so that everything can be locked in order before anything is judged."""

    persons: tuple[UUID, ...] = ()
    operations: tuple[UUID, ...] = ()
    limits: tuple[LimitKey, ...] = ()
    accounts: tuple[NewAccount, ...] = ()


@dataclass(frozen=True, slots=True)
class Party:
    """One person's view of an operation: what their bills show."""

    owner: UUID
    direction: Direction
    state: OperationState
    code: str | None = None
    counterparty: UUID | None = None
    counterparty_phone: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class OperationDraft:
    """A new operation, before it has an outcome."""

    kind: OperationKind
    owner: UUID
    amount: Money
    fee: Money
    note: str = ""
    payee: UUID | None = None
    payee_phone: str = ""
    payee_index: bytes | None = None


@dataclass(frozen=True, slots=True)
class OperationRecord:
    """An operation as the till sees it under lock."""

    id: UUID
    reference: str
    kind: OperationKind
    state: OperationState
    owner: UUID
    amount: Money
    fee: Money
    payee: UUID | None
    payee_phone: str
    payee_index: bytes | None
    code: str | None
    facts: Mapping[str, Fact]
    pending_id: UUID | None
    delivered: bool
    resolves_by: datetime | None
    limits_taken: tuple[LimitUse, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to one intent. A refusal carries nothing but its code and facts."""

    outcome: Literal["approved", "held", "refused"]
    state: OperationState
    code: str | None = None
    facts: Mapping[str, Fact] = field(default_factory=dict)
    legs: tuple[NewTransfer, ...] = ()
    uses: tuple[LimitUse, ...] = ()
    gives_back: bool = False
    pending_id: UUID | None = None
    delivered: bool = False
    payee: UUID | None = None
    resolves_by: datetime | None = None
    parties: tuple[Party, ...] = ()
    dealings: tuple[tuple[UUID, UUID], ...] = ()
    event: str = ""


def refused(code: str, **facts: Fact) -> Decision:
    """A refusal: it consumes nothing and never harms its neighbours."""
    return Decision("refused", "refused", code, facts, event="refused")


class View(Protocol):
    """What `decide` may look at: everything under lock, with the batch's earlier decisions applied."""

    @property
    def moment(self) -> datetime: ...
    def standing(self, person: UUID) -> Standing | None: ...
    def account(self, account_id: UUID) -> Account | None: ...
    def pending(self, transfer_id: UUID) -> Pending | None: ...
    def operation(self, operation_id: UUID) -> OperationRecord | None: ...
    def used(self, key: LimitKey) -> int: ...
    def window(self, owner: UUID, name: str, currency: str) -> LimitKey: ...


class IntentKind(Protocol):
    """How a room's intents are judged. Registered once, in `site.wiring`."""

    name: str

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        """What each intent touches; set-based, before the locks, and only to know what to lock."""

    def facts(self, batch: Sequence[Intent], view: View) -> Sequence[Any]:
        """Everything else the rules need, one value an intent; set-based, under the locks."""

    def draft(self, intent: Intent, facts: Any) -> OperationDraft | None:
        """The operation this intent creates, or None when it changes one that exists."""

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        """The answer; pure over its arguments."""

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        """The refusal that a ledger result stands for."""

    def record(self, batch: Sequence[Intent], facts: Sequence[Any], decisions: Sequence[Decision]) -> None:
        """The room's own rows, in the same transaction."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the caller is told, the first time and every time the same key comes again."""

    operation_id: UUID
    reference: str
    outcome: Literal["approved", "held", "refused"]
    state: OperationState
    code: str | None
    facts: Mapping[str, Fact]
    replayed: bool = False
