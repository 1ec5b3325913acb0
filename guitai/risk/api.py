"""The door of risk: pass or hold, and the signals that make it more careful."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import Fact
from guitai.kit import policies
from guitai.kit.cursors import Page
from guitai.risk import reads
from guitai.risk.flows import decide_signal as _decide
from guitai.risk.flows import raise_signal as _raise
from guitai.risk.rules import disclosure
from guitai.risk.rules.velocity import VelocityPolicy, first_hold
from guitai.risk.types import (
    Assessment,
    Assessor,
    Audience,
    Features,
    HoldReason,
    SignalKind,
    SignalState,
    SignalView,
)


def assessor(owners: Collection[UUID]) -> Assessor:
    """A judge of movements by the rules in force now, for one batch after the other.

    takes    whose movements will be judged; the judge takes Features, with amounts in minor units
    gives    a judge that gives an Assessment, all under one version of the policy and one look at the signals
    refuses  currency_unknown
    source   the operator's policy `velocity`
    """
    policy, careful = policies.current(VelocityPolicy), reads.under_review(owners)
    rules, pin = policy.value, policy.pin
    passed = Assessment("pass", None, {}, pin)

    def judge(features: Features) -> Assessment:
        hold = first_hold(features, rules, under_review=features.owner in careful)
        return Assessment("hold", hold.reason, hold.facts, pin) if hold else passed

    return judge


def signal(person: UUID, kind: SignalKind, *, source: str, others: Sequence[UUID] = ()) -> None:
    """Note something about a person that staff should look at; until then certain movements of theirs are held.

    takes    whom, what, what it rests upon (an id; the same thing again is the same signal), who else it touches
    gives    nothing; an audit row the first time, in the caller's transaction
    """
    _raise.raise_signal(person, kind, source, others)


def open_signals(cursor: str | None = None) -> Page[SignalView]:
    """Signals that nobody has looked at yet, the oldest first; refuses cursor_invalid."""
    return reads.open_signals(cursor)


def count_open_signals() -> int:
    """How many signals wait for staff."""
    return reads.count_open()


def look_at_signal(signal_id: UUID, staff: Actor) -> SignalView:
    """One signal for staff; the look is recorded. Refuses not_found."""
    return _decide.look_at(signal_id, staff)


def decide_signal(signal_id: UUID, staff: Actor, state: SignalState, reason: str) -> None:
    """Say what a signal is: harmless, and movements pass again; confirmed, and they go on being held.

    takes    which, who decides, harmless | confirmed, why in words
    gives    nothing; an audit row
    refuses  not_found, signal_decided, signal_reason_missing
    """
    _decide.decide(signal_id, staff, state, reason)


def is_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `signal` names a signal: audit asks."""
    return reads.is_signal(purpose.id)


def facts_for(audience: Audience, reason: HoldReason, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of a hold that may be shown to an audience, so that no answer teaches a thief the limits.

    takes    customer, agent or article; the hold's reason; its recorded facts
    gives    the facts that remain
    refuses  nothing
    source   this room's README, what may be said
    """
    return disclosure.facts_for(audience, reason, facts)
