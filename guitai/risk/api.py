"""The door of risk: pass or hold. The room reads nothing but its own policy."""

from collections.abc import Mapping, Sequence

from guitai.base.refusal import Fact
from guitai.kit import policies
from guitai.risk.rules import disclosure
from guitai.risk.rules.velocity import VelocityPolicy, first_hold
from guitai.risk.types import Assessment, Audience, Features, HoldReason


def assess(features: Sequence[Features]) -> list[Assessment]:
    """Judge movements against the velocity rules.

    takes    Features, one a movement, with amounts in minor units
    gives    Assessments in the same order, all under one version of the policy
    refuses  currency_unknown
    source   the operator's policy `velocity`
    """
    policy = policies.current(VelocityPolicy)
    held = [first_hold(item, policy.value) for item in features]
    return [
        Assessment("hold", hold.reason, hold.facts, policy.pin)
        if hold
        else Assessment("pass", None, {}, policy.pin)
        for hold in held
    ]


def facts_for(audience: Audience, reason: HoldReason, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of a hold that may be shown to an audience, so that no answer teaches a thief the limits.

    takes    customer, agent or article; the hold's reason; its recorded facts
    gives    the facts that remain
    refuses  nothing
    source   this room's README, what may be said
    """
    return disclosure.facts_for(audience, reason, facts)
