"""One simulated world: its seed, its clock, who lives in it, and what has happened so far."""

import hashlib
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import psycopg
from django.db import Error as DatabaseTrouble

from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.operator import Operator, Region
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails import settings
from guitai.risk.rules.velocity import VelocityPolicy
from guitai.wallet.rules.policies import Fees, LateTopUps, Limits, Waiting
from tests.machine.simulation.known import CURRENCIES, PASSWORD, Person, Rules, Wish
from tests.machine.simulation.model import Model
from tests.machine.simulation.outside import PAYING, RAILS, Outside
from tests.machine.simulation.surroundings import Machine, clean_slate
from tests.machine.simulation.wire import Died, Wire

START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PEOPLE = 12
_LAST_EVENTS = 60
_FAULT_RATE = 0.25
_OPERATOR = Operator(
    brand={"en": "Guitai"},
    legal_name={"en": "Simulation"},
    licence="",
    regions=(Region(code="cn", name={"en": "China"}, time_zone="Asia/Shanghai"),),
    currencies=CURRENCIES,
)
_VELOCITY = {
    "amount_a_day": [{"minor": 1_800_00, "currency": "CNY"}, {"minor": 30_000, "currency": "JPY"}],
    "count_an_hour": 4,
    "new_payee_above": [{"minor": 400_00, "currency": "CNY"}, {"minor": 6_000, "currency": "JPY"}],
}
_LIMITS = {
    "tiers": [{
        "transfer": {"CNY": {"once": 1_000_00, "day": 2_500_00, "month": 6_000_00},
                     "JPY": {"once": 16_000, "day": 40_000, "month": 100_000}},
        "top_up": {"CNY": {"once": 5_000_00, "day": 12_000_00, "month": 40_000_00},
                   "JPY": {"once": 80_000, "day": 200_000, "month": 700_000}},
        "withdrawal": {"CNY": {"once": 1_500_00, "day": 3_000_00, "month": 20_000_00}},
    }]
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a piece of work: `told` with a value, `refused` with a Refusal, or `lost` without a word."""

    how: str
    value: Any = None


class World:
    def __init__(self, seed: int, *, faults: bool = True) -> None:
        self.seed, self.step, self.faults = seed, 0, faults
        self.machine = Machine(START)
        self.wire = Wire()
        self.persons = [Person(f"+8613800{number:06d}") for number in range(PEOPLE)]
        self.model = Model(self.persons)
        self.wishes: list[Wish] = []
        # Wishes of this step that were judged, or may have been: with their outcomes, or without an answer.
        self.asked: list[tuple[Wish, Any]] = []
        # The operation that somebody decides in this step.
        self.decided: UUID | None = None
        self.events_seen: set[UUID] = set()
        self.faults_struck = 0
        # What was met, and how often: outcomes, events, faults.
        self.met: Counter[str] = Counter()
        self.events: deque[str] = deque(maxlen=_LAST_EVENTS)
        self._digest = hashlib.sha256()
        self.outside: Outside
        # Two of the staff, who may decide about money together.
        self.staff: tuple[Actor, Actor]

    @property
    def chance(self) -> Random:
        return self.machine.chance

    @property
    def now(self) -> datetime:
        return self.machine.moment

    @property
    def digest(self) -> str:
        """The same for two runs that went the same way."""
        return self._digest.hexdigest()[:16]

    @contextmanager
    def open(self) -> Iterator["World"]:
        """An empty database, and this world around it."""
        with ExitStack() as stack:
            home = stack.enter_context(self.machine.installed())
            clean_slate()
            self.begin_step()
            self.outside = Outside.open(home, self.chance)
            stack.enter_context(self.outside.installed())
            stack.enter_context(self.wire.installed())
            with self.at_this_moment():
                policies.publish("operator", _OPERATOR, SYSTEM)
                policies.publish("velocity", _VELOCITY, SYSTEM)
                policies.publish("limits", _LIMITS, SYSTEM)
                policies.publish("bindings", {"wait_hours": 0}, SYSTEM)
                self.outside.set_up()
                self.staff = (_staff("one"), _staff("other"))
                self.read_rules()
            yield self

    def begin_step(self) -> None:
        """Chance is drawn anew for each step, so that one step's use of it moves no other step."""
        self.chance.seed(f"{self.seed}/{self.step}")
        self.decided, self.asked = None, []
        self.model.delays = {}

    def at_this_moment(self) -> Any:
        return clock.stopped(self.machine.moment)

    def pass_time(self, by: timedelta) -> None:
        self.machine.moment += by

    def say(self, words: str) -> None:
        """One line of what happened."""
        line = f"{self.step:>6} {self.now:%m-%d %H:%M:%S} {words}"
        self.events.append(line)
        self._digest.update(line.encode())

    def attempt(self, name: str, work: Callable[[], Any], *, fault: bool = True) -> Answer:
        """Let a process do a piece of work; it may die in it."""
        struck = self.faults and fault and self.chance.random() < _FAULT_RATE
        plan = self.wire.draw(name, self.chance) if struck else None
        value: Any = None
        how = "told"
        try:
            with self.wire.watching(name, plan):
                value = work()
        except Refusal as refusal:
            how, value = "refused", refusal
        except (Died, DatabaseTrouble, psycopg.Error):
            if self.wire.struck is None:
                raise
            how = "lost"
        except Exception:
            if self.wire.struck is None:
                raise
            how = "lost"
        if self.wire.struck is not None:
            self.faults_struck += 1
            self.met[
                f"fault {self.wire.struck.kind} {self.wire.struck.side} {self.wire.struck.at}: {how}"
            ] += 1
            self.say(f"  {self.wire.struck} in {name}: {how}")
            policies.forget()
            if self.wire.struck.kind == "die":
                how = "lost"
        return Answer(how, value)

    def read_rules(self) -> None:
        """What the policies and the terms in force say, as the model takes it."""
        policies.forget()
        settings.forget()
        limits, fees = policies.current(Limits).value, policies.current(Fees).value
        waiting, velocity = policies.current(Waiting).value, policies.current(VelocityPolicy).value
        self.model.rules = Rules(
            fees={
                (what, currency): (fee.fixed_minor, fee.basis_points, fee.maximum_minor)
                for what, by_currency in (
                    ("transfer", fees.transfer),
                    ("withdrawal", fees.withdrawal),
                    *((f"top_up {rail}", by_currency) for rail, by_currency in fees.top_up.items()),
                    *((f"withdrawal {rail}", own) for rail, own in fees.withdrawal_by_rail.items()),
                )
                for currency, fee in by_currency.items()
            },
            limits={
                (kind, currency): (limit.once, limit.day, limit.month)
                for kind, by_currency in limits.tiers[0].items()
                for currency, limit in by_currency.items()
            },
            new_payee_above={money.currency: money.minor for money in velocity.new_payee_above},
            amount_a_day={money.currency: money.minor for money in velocity.amount_a_day},
            count_an_hour=velocity.count_an_hour,
            unclaimed=timedelta(hours=waiting.unclaimed_hours),
            held=timedelta(hours=waiting.held_hours),
            top_up=timedelta(minutes=waiting.top_up_minutes),
            outcome=timedelta(hours=waiting.outcome_hours),
            late_goes_back=policies.current(LateTopUps).value.then == "return",
            ways={
                rail: (terms.payouts, terms.minimum, terms.maximum)
                for rail, terms in ((rail, rails.rail_terms(rail)) for rail in RAILS)
            },
        )

    def note_delay(self) -> None:
        """How much later than usual something leaves now by each rail: a promise that is made in this step counts it
        in."""
        for rail in PAYING:
            self.model.delays.setdefault(rail, set()).add(rails.health_of(rail).expected_delay)

    def scope_of(self, person: Person) -> set[str]:
        """What a person's standing stops now."""
        assert person.id is not None
        return set(people.standing(person.id).scope)

    def registered(self) -> list[Person]:
        return [person for person in self.persons if person.id is not None]


def _staff(name: str) -> Actor:
    with outermost():
        found = people.create_staff(f"{name}@guitai.example", name, "supervisor", PASSWORD)
    return Actor("staff", str(found))
