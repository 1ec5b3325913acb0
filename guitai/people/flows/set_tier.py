"""The tier of a person: how much is known of who they are, and how much they may move."""

from collections.abc import Mapping
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.people.flows.standing import hold, note


def set_tier(
    person: UUID, tier: int, actor: Actor, purpose: Purpose | None, evidence: Mapping[str, str]
) -> None:
    """Write the tier under the lock of the standing, with its line of history; the same tier again writes nothing."""
    held = hold(person)
    before = held.row.tier
    if before == tier:
        return
    held.row.tier = tier
    held.row.save(update_fields=["tier"])
    note(person, "tier", actor, held, {"tier_before": str(before), "tier": str(tier), **evidence}, purpose)
