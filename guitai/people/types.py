"""What crosses the door of people: frozen values, never rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

from guitai.people.identity_types import (
    AccountClaim,
    AccountDetails,
    BoundAccount,
    ExportView,
    Identity,
    IdentityClaim,
    Look,
    Photo,
    Proof,
    Reading,
    ReviewLine,
    ReviewView,
    ReviewWork,
    Verdict,
)

__all__ = [
    "AccountClaim",
    "AccountDetails",
    "BoundAccount",
    "ExportView",
    "Identity",
    "IdentityClaim",
    "Look",
    "Photo",
    "Proof",
    "Reading",
    "ReviewLine",
    "ReviewView",
    "ReviewWork",
    "Verdict",
]

Scope = Literal["sign_in", "spending", "receiving", "withdrawal"]
State = Literal["active", "locked", "frozen", "dormant", "closed"]
Reason = Literal[
    "", "wrong_password", "wrong_pin", "unusual_place", "security_check", "inactivity", "provisional", "closing",
    "by_customer", "by_staff", "by_risk", "by_law", "closed",
]  # fmt: skip
# open: the customer is told why; limited: told that and what to do, not why; silent: told nothing.
Disclosure = Literal["open", "limited", "silent"]
Permission = Literal[
    "cases.work", "holds.decide", "customers.read", "operator.settings", "identity.review", "identity.confirm",
]  # fmt: skip
Role = Literal["agent", "supervisor"]
# What proves something about the person, or is done in the end, or is ours to do.
StepCode = Literal[
    "password", "sms_code", "pin", "passkey", "recovery_code", "identity_document",
    "new_password", "new_pin", "waiting", "staff_review",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that remains to be done before a standing is active again; `instead` names what does as well."""

    code: StepCode
    whose: Literal["customer", "staff"]
    by: datetime | None = None
    instead: tuple[StepCode, ...] = ()

    @property
    def choices(self) -> tuple[StepCode, ...]:
        """Everything that satisfies this step, the usual way first."""
        return (self.code, *self.instead)


@dataclass(frozen=True, slots=True)
class Cause:
    """One thing that stops something; it is lifted or ends alone, and takes no other with it."""

    id: UUID
    state: State
    reason: Reason
    scope: frozenset[Scope]
    disclosure: Disclosure
    since: datetime
    until: datetime | None = None
    review_by: datetime | None = None
    basis: str = ""
    actor: str = ""
    document_at: datetime | None = None
    release: tuple[Step, ...] = ()
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewPin:
    """A payment PIN that took the place of a forgotten one: when, and after which proof.

    `proof`: passkey, totp, recovery, password, sms, email, identity; `release` (with the lifting of a lock) or `staff`
    """

    at: datetime
    proof: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do now: the union of its causes. `scope` names what is stopped.

    Reason, disclosure and since are those of the most open cause and may be told together; what a customer is shown
    is `rules.standing.told`. A standing that the till locked has neither causes nor release path.
    """

    person: UUID
    state: State = "active"
    scope: frozenset[Scope] = frozenset()
    reason: Reason = ""
    disclosure: Disclosure = "open"
    since: datetime | None = None
    release: tuple[Step, ...] = ()
    tier: int = 0
    causes: tuple[Cause, ...] = ()
    # Only when the till has locked it.
    new_pin: NewPin | None = None

    def stops(self, what: Scope) -> bool:
        """Whether this standing stops something."""
        return what in self.scope


@dataclass(frozen=True, slots=True)
class StandingChange:
    """One line of a standing's history."""

    at: datetime
    actor: str
    action: str
    state: State
    reason: Reason
    cause: UUID | None = None
    disclosure: Disclosure = "open"
    scope: frozenset[Scope] = frozenset()
    evidence: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Profile:
    """A person in full. Whoever asks for somebody else's needs a purpose."""

    id: UUID
    name: str
    phone: str
    language: str
    registered_at: datetime | None
    tier: int
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class MaskedProfile:
    """A person as others and staff see them: 张*, 138****8000."""

    id: UUID
    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class StaffMember:
    id: UUID
    name: str
    email: str
    role: Role
    permissions: frozenset[Permission]


@dataclass(frozen=True, slots=True)
class PinCheck:
    """The outcome of one PIN: right or not, how many tries are left, until when it is locked."""

    ok: bool
    attempts_left: int
    locked_until: datetime | None
    is_set: bool = True


@dataclass(frozen=True, slots=True)
class PasskeyCheck:
    """The outcome of one passkey. `changed`: it approved another payee or amount; `not_verified`: it proves nothing."""

    ok: bool
    reason: Literal["", "unknown", "used", "expired", "changed", "not_verified"]
    passkey: int | None = None


@dataclass(frozen=True, slots=True)
class FreezeOrder:
    """What a freeze or lock stops, why, until when, and what the customer may be told."""

    reason: Reason
    scope: frozenset[Scope] = frozenset({"spending", "withdrawal"})
    disclosure: Disclosure = "open"
    evidence: dict[str, str] = field(default_factory=dict)
    # What tells two causes of one reason apart: a case, a court's order.
    basis: str = ""
    until: datetime | None = None
    review_by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """What a person has to prove who they are."""

    pin: bool = False
    passkey: bool = False
    recovery_code: bool = False


@dataclass(frozen=True, slots=True)
class KnownDevice:
    """A device and the latest sign-in from it: from where, whether that was unusual, whether its owner denies it."""

    name: str
    kind: str
    signed_in_at: datetime
    place: str
    unusual: bool
    denied: bool
    first_at: datetime


@dataclass(frozen=True, slots=True)
class StaffStanding:
    """Everything about a standing, for staff with a purpose: every cause and every change, evidence included."""

    standing: Standing
    history: tuple[StandingChange, ...]
    # What was shown to get out and waits for a look.
    documents: tuple["ShownDocument", ...] = ()
    closing_due: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """An identity document that somebody showed to get out of a cause."""

    id: UUID
    person: UUID
    cause: UUID
    reason: Reason
    files: tuple[UUID, ...]
    submitted_at: datetime
    due_at: datetime
    state: str = "waiting"


@dataclass(frozen=True, slots=True)
class ClosingState:
    """A wish to close the account that is cooling off."""

    person: UUID
    asked_at: datetime
    due_at: datetime
