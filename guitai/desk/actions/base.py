"""What a service action declares: the proof it needs, who may, when two decide, what the customer is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal
from uuid import UUID

from django.utils.functional import Promise

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money, parse_amount
from guitai.care.types import CaseView
from guitai.desk.errors import ActionFieldMissing
from guitai.people.types import Permission, Standing
from guitai.wallet.types import Decided, OperationDetail

Facts = dict[str, Any]
# amount: money in one of the operator's currencies; choice: one of several; text: a few words or a reference
FieldKind = Literal["amount", "choice", "text", "days"]
Second = Literal["never", "always", "above"]
DAYS_MAX = 90


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that staff fill in."""

    name: str
    kind: FieldKind
    label: Promise
    choices: tuple[tuple[str, str | Promise], ...] = ()
    help: Promise | str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class About:
    """The case an action is for, with what the books say now."""

    case: CaseView
    standing: Standing
    operation: OperationDetail | None
    staff: Actor

    @property
    def customer(self) -> UUID:
        return self.case.row.customer

    def purpose(self, reason: str) -> Purpose:
        return Purpose("case", str(self.case.row.id), reason)


class ServiceAction:
    """A button on the case screen that runs a real verb. One file an action."""

    name: ClassVar[str]
    title: ClassVar[Promise]
    # What it does, and what the customer is told, both in a sentence.
    does: ClassVar[Promise]
    told: ClassVar[Promise]
    # The door's verb that runs.
    verb: ClassVar[str]
    icon: ClassVar[str] = "wrench"
    proof: ClassVar[int] = 0
    permission: ClassVar[Permission] = "cases.work"
    second: ClassVar[Second] = "never"
    # Within the transaction that writes it down. What asks the world outside is not, and needs no second person here:
    # its wish is written down first, and a job finishes what a crash left; twice must do no more than once.
    inside: ClassVar[bool] = True
    # Whether the case says so to the customer by a message; some verbs send one of their own.
    tells: ClassVar[bool] = True
    danger: ClassVar[bool] = False

    def needs(self, about: About) -> int:
        """The proof level that is asked of this customer now; at least `proof`."""
        return self.proof

    def missing(self, about: About) -> str:
        """Why it is not possible now, as a code with an explanation; empty when it is."""
        return ""

    def fields(self, about: About) -> tuple[Field, ...]:
        """What is to be filled in."""
        return ()

    def clean(self, about: About, given: Mapping[str, str]) -> Facts:
        """What was filled in, as plain facts that are stored; refuses what a person must put right."""
        return {}

    def check(self, about: About, facts: Facts) -> None:
        """Look once more at what has to be true, at the moment of carrying out; refuses what has changed."""

    def amount(self, facts: Facts) -> Money | None:
        """The money that moves, for the threshold of a second person."""
        return None

    def run(self, about: About, facts: Facts, decided: Decided, actor: Actor) -> Facts:
        """Run the verb; gives facts that the customer may read in the case."""
        raise NotImplementedError

    def told_facts(self, facts: Facts) -> Facts:
        """What of the facts the customer may read while it is asked for."""
        return {}


def money_of(facts: Facts) -> Money:
    """The amount in stored facts."""
    return Money(int(facts["minor"]), str(facts["currency"]))


def clean_money(given: Mapping[str, str]) -> Facts:
    """An amount as typed; refuses amount_*, currency_unknown."""
    amount = parse_amount(given.get("amount", ""), given.get("currency", ""))
    return {"minor": amount.minor, "currency": amount.currency}


def clean_choice(given: Mapping[str, str], field: str, choices: tuple[str, ...]) -> str:
    """One of several; refuses action_field_missing."""
    chosen = given.get(field, "")
    if chosen not in choices:
        raise ActionFieldMissing(field=field)
    return chosen


def clean_days(given: Mapping[str, str]) -> int:
    """How many days, 1 to 90; refuses action_field_missing."""
    text = given.get("days", "").strip()
    known = text.isascii() and text.isdigit() and 1 <= int(text) <= DAYS_MAX
    if not known:
        raise ActionFieldMissing(field="days")
    return int(text)
