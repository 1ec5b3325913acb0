"""Freeze and release: the row, its history, the audit row, the topic and the notice in one transaction."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.notify import api as notify
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.models import StandingEvent, StandingRow
from guitai.people.reads import has_pin, standing_of_row
from guitai.people.rules import standing as rules
from guitai.people.types import FreezeOrder, Standing


def freeze(person: UUID, actor: Actor, order: FreezeOrder, *, purpose: Purpose | None = None) -> Standing:
    """Stop what the order names. A freeze adds to an earlier one and never loosens it."""
    required()
    row = _locked(person)
    before = standing_of_row(row, has_pin=False)
    row.state, scope, row.reason, row.disclosure = rules.frozen(before, order)
    row.scope, row.since = sorted(scope), before.since if before.state != "active" else now()
    row.save()
    _record(row, before, actor, "freeze", order.reason, order.evidence, purpose)
    if row.disclosure != "silent":
        end_sessions(person)
    emit("person.frozen", {"person": str(person), "reason": row.reason, "scope": row.scope})
    if row.disclosure != "silent":
        kind = "people.frozen_by_self" if order.reason == "by_customer" else "people.frozen"
        notify.send(person, kind, {"at": now().isoformat()}, key=f"frozen:{person}:{now().isoformat()}")
    return standing_of_row(row, has_pin=has_pin(person))


def release(person: UUID, actor: Actor, *, purpose: Purpose | None = None) -> Standing:
    """Lift a freeze. The caller has asked for the proofs; who may lift what is checked here."""
    required()
    row = _locked(person)
    before = standing_of_row(row, has_pin=False)
    if before.state == "active":
        return before
    rules.check_release(before, actor)
    row.state, row.scope, row.reason, row.disclosure, row.since = "active", [], "", "open", now()
    row.save()
    _record(row, before, actor, "release", before.reason, {}, purpose)
    emit("person.released", {"person": str(person), "reason": before.reason})
    if before.disclosure != "silent":
        notify.send(
            person, "people.released", {"at": now().isoformat()}, key=f"released:{person}:{now().isoformat()}"
        )
    return standing_of_row(row, has_pin=False)


def _locked(person: UUID) -> StandingRow:
    row = StandingRow.objects.select_for_update().filter(person_id=person).first()
    if row is None:
        raise NotFound()
    return row


def _record(
    row: StandingRow,
    before: Standing,
    actor: Actor,
    action: str,
    reason: str,
    evidence: dict[str, str],
    purpose: Purpose | None,
) -> None:
    StandingEvent.objects.create(
        person_id=row.person_id,
        at=now(),
        actor=str(actor),
        action=action,
        state_before=before.state,
        state_after=row.state,
        scope_after=row.scope,
        reason=reason,
        evidence=evidence,
    )
    details = {"reason": reason, "before": before.state, "after": row.state, "scope": row.scope}
    audit.record(actor, f"person.{action}", ("person", str(row.person_id)), purpose=purpose, details=details)
