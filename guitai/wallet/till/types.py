"""Intents, what the till needs to judge them, and what it answers."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Literal, Protocol
from uuid import UUID

from msgspec import Struct, field

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.ledger.types import Account, NewAccount, NewTransfer, Pending
from guitai.people.types import Standing
from guitai.wallet.types import Direction, OperationKind, OperationState, Terms

Json = str | int | bool | None
# The fact that pins the policy a fee was computed from.
FEE_POLICY = "fee_policy"


class Intent(Struct, frozen=True):
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
    # Intents of one request share it: one proof that is wrong is one wrong try, however many intents it was for.
    request: str = ""


class LimitKey(Struct, frozen=True):
    """A calendar month of one owner, in which a month's and each day's use of a limit is counted."""

    owner: UUID
    name: str
    currency: str
    month: date

    @property
    def order(self) -> tuple[bytes, str, str, date]:
        return (self.owner.bytes, self.name, self.currency, self.month)


class LimitUsed(Struct, frozen=True):
    """How much of a limit is used: in the month, and on the latest day on which anything was."""

    day: date
    day_minor: int = 0
    month_minor: int = 0

    def on(self, day: date) -> int:
        """What counts against a day's limit; nothing is used yet on a day that has just begun."""
        return self.day_minor if self.day >= day else 0


class LimitUse(Struct, frozen=True):
    """What one operation took, and from which day: it goes back there."""

    key: LimitKey
    day: date
    minor: int


_SLOTS = 12
_SLOT_S = 300
_FULL = 2**16 - 1


class Pace(Struct, frozen=True):
    """How often a person has sent money within the last hour, counted in slots of five minutes, the latest first."""

    slot: int
    counts: tuple[int, ...] = (0,) * _SLOTS

    def at(self, moment: datetime) -> "Pace":
        """The same pace looked at later: what is older than an hour has gone."""
        slot = int(moment.timestamp()) // _SLOT_S
        gap = slot - self.slot
        if gap <= 0:
            return self
        return Pace(slot, ((0,) * min(gap, _SLOTS) + self.counts)[:_SLOTS])

    def more(self) -> "Pace":
        """One more."""
        return Pace(self.slot, (min(self.counts[0] + 1, _FULL), *self.counts[1:]))


class Place(Struct, frozen=True):
    """What one intent touches, so that everything can be locked in order before anything is judged."""

    persons: tuple[UUID, ...] = ()
    operations: tuple[UUID, ...] = ()
    limits: tuple[LimitKey, ...] = ()
    accounts: tuple[NewAccount, ...] = ()
    # Reservations besides the one that an operation names itself.
    pendings: tuple[UUID, ...] = ()
    # Whose pace matters: how often they have sent within the hour.
    paced: tuple[UUID, ...] = ()
    # What was found on the way; the kind gets it back in `facts`.
    found: Any = None


class Party(Struct, frozen=True):
    """One person's view of an operation: what their bills show."""

    owner: UUID
    direction: Direction
    state: OperationState
    code: str | None = None
    counterparty: UUID | None = None
    counterparty_phone: str | None = None
    label: str = ""


class OperationDraft(Struct, frozen=True):
    """A new operation, before it has an outcome."""

    kind: OperationKind
    owner: UUID
    amount: Money
    fee: Money
    note: str = ""
    payee: UUID | None = None
    payee_phone: str = ""
    payee_index: bytes | None = None


class OperationRecord(Struct, frozen=True):
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


class Decision(Struct, frozen=True):
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
    # Whose pace it counts in.
    paced: UUID | None = None
    event: str = ""
    # What the limits leave for the rest of the day; only in a dry run.
    remaining: Money | None = None


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
    def used(self, key: LimitKey) -> LimitUsed: ...
    def today(self, key: LimitKey) -> date: ...
    def sent_last_hour(self, person: UUID) -> int: ...
    def window(self, owner: UUID, name: str, currency: str) -> LimitKey: ...


class IntentKind(Protocol):
    """How a room's intents are judged. Registered once, in `site.wiring`."""

    name: str

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        """What each intent touches; set-based, before the locks, and only to know what to lock."""

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[Any]:
        """Everything else the rules need, one value an intent; set-based, under the locks."""

    def draft(self, intent: Intent, facts: Any) -> OperationDraft | None:
        """The operation this intent creates, or None when it changes one that exists."""

    def decide(self, intent: Intent, facts: Any, view: View) -> Decision:
        """The answer; pure over its arguments."""

    def ledger_refusal(self, intent: Intent, result: str, facts: Any, view: View) -> Decision:
        """The refusal that a ledger result stands for."""

    def record(self, batch: Sequence[Intent], facts: Sequence[Any], decisions: Sequence[Decision]) -> None:
        """The room's own rows, in the same transaction."""

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[Any],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        """What a decision asks of others, with the operations as they are now; in the same transaction, after
        `record`."""


class Outcome(Struct, frozen=True):
    """What the caller is told, the first time and every time the same key comes again."""

    operation_id: UUID
    reference: str
    outcome: Literal["approved", "held", "refused"]
    state: OperationState
    code: str | None
    facts: Mapping[str, Fact]
    replayed: bool = False
