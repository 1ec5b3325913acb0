"""A service action in the timeline of its case, for staff and customer alike."""

from typing import Any
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.reference import spoken
from guitai.care.flows.journal import access_case, append
from guitai.kit.transactions import required
from guitai.notify import api as notify


def note_action(
    reference: str, actor: Actor, action: str, step: str, facts: dict[str, Any], *, tell: bool, internal: bool
) -> UUID:
    """See `care.api.note_action`."""
    required()
    case = access_case(reference, actor)
    event = append(case, "action", actor, {"action": action, "step": step, **facts}, internal=internal)
    case.save()
    purpose = (
        Purpose("case", str(case.id), str(facts.get("reason") or "case.acted_on"))
        if actor.kind == "staff"
        else None
    )
    audit.record(
        actor, f"desk.action_{step}", ("case", str(case.id)), purpose=purpose, details={"action": action, **facts}
    )  # fmt: skip
    if tell:
        facts_told = {"case": spoken(case.reference), "reference": case.reference}
        notify.send(case.customer, "care.action_done", facts_told, key=f"action:{event.id}")
    return event.id
