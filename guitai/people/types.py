"""What crosses the door of people: frozen values, never rows."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal
from uuid import UUID

Scope = Literal["sign_in", "spending", "receiving", "withdrawal"]
State = Literal["active", "locked", "frozen", "dormant", "closed"]
Reason = Literal["", "by_customer", "by_staff", "by_risk", "by_law"]
# open: the customer is told why; limited: told that and what to do, not why; silent: told nothing.
Disclosure = Literal["open", "limited", "silent"]
Permission = Literal["cases.work", "holds.decide", "customers.read", "operator.settings"]
Role = Literal["agent", "supervisor"]
StepCode = Literal["password", "sms_code", "pin", "staff_review"]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that remains to be done before a standing is active again."""

    code: StepCode
    whose: Literal["customer", "staff"]
    by: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person may do now. `scope` names what is stopped."""

    person: UUID
    state: State = "active"
    scope: frozenset[Scope] = frozenset()
    reason: Reason = ""
    disclosure: Disclosure = "open"
    since: datetime | None = None
    release: tuple[Step, ...] = ()

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
class FreezeOrder:
    """What a freeze stops, why, and what the customer may be told."""

    reason: Reason
    scope: frozenset[Scope] = frozenset({"spending", "withdrawal"})
    disclosure: Disclosure = "open"
    evidence: dict[str, str] = field(default_factory=dict)
