"""What may be said about a hold, and to whom."""

from collections.abc import Mapping

from guitai.base.refusal import Fact
from guitai.risk.types import Audience, HoldReason

# A customer may know that their payment waits, and their own figures. Thresholds stay with staff: whoever
# holds a stolen phone would stay just below them.
_CUSTOMER_FACTS: dict[HoldReason, frozenset[str]] = {
    "held_new_payee": frozenset({"amount"}),
    "held_amount_a_day": frozenset({"amount", "sent_today"}),
    "held_count_an_hour": frozenset({"count"}),
    "held_under_review": frozenset({"amount"}),
}


def facts_for(audience: Audience, reason: HoldReason, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts of a hold that an audience may see; an article has none, it speaks of nobody."""
    if audience == "agent":
        return dict(facts)
    if audience == "article":
        return {}
    allowed = _CUSTOMER_FACTS.get(reason, frozenset())
    return {name: value for name, value in facts.items() if name in allowed}
