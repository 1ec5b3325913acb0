"""The door of risk: pass or hold. The room reads nothing but its own policy."""

from collections.abc import Mapping, Sequence

from guitai.base.refusal import Fact
from guitai.kit import policies
from guitai.risk.rules import disclosure
from guitai.risk.rules.velocity import VelocityPolicy, first_hold
from guitai.risk.types import Assessment, Assessor, Audience, Features, HoldReason


def assessor() -> Assessor:
    """A judge of movements by the velocity rules in force now, for one batch after the other.

    takes    nothing; the judge takes Features, with amounts in minor units
    gives    a judge that gives an Assessment, all under one version of the policy
    refuses  currency_unknown
    source   the operator's policy `velocity`
    """
    policy = policies.current(VelocityPolicy)
    rules, pin = policy.value, policy.pin
    passed = Assessment("pass", None, {}, pin)

    def judge(features: Features) -> Assessment:
        hold = first_hold(features, rules)
        return Assessment("hold", hold.reason, hold.facts, pin) if hold else passed

    return judge


def assess(features: Sequence[Features]) -> list[Assessment]:
    """Judge movements against the velocity rules.

    takes    Features, one a movement, with amounts in minor units
    gives    Assessments in the same order, all under one version of the policy
    refuses  currency_unknown
    source   the operator's policy `velocity`
    """
    judge = assessor()
    return [judge(item) for item in features]


def facts_for(audience: Audience, reason: HoldReason, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of a hold that may be shown to an audience, so that no answer teaches a thief the limits.

    takes    customer, agent or article; the hold's reason; its recorded facts
    gives    the facts that remain
    refuses  nothing
    source   this room's README, what may be said
    """
    return disclosure.facts_for(audience, reason, facts)
