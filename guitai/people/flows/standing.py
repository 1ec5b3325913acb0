"""Impose and lift: the cause, the row, its history, the audit row, the topic and the notice in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.people.errors import CauseUnclear, StandingChanged
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.standing_notices import tell_imposed, tell_lifted
from guitai.people.models import SignInFailure, StandingCause, StandingEvent, StandingRow, User
from guitai.people.rules import standing as rules
from guitai.people.standing_reads import cause_of, means_of, standing_of_row
from guitai.people.types import FreezeOrder, Means, Standing

ACTIONS = {"frozen": "freeze", "locked": "lock", "dormant": "sleep", "closed": "close"}
# The topic that says so to the rooms above.
TOPICS = {
    "frozen": "person.frozen",
    "locked": "person.locked",
    "dormant": "person.dormant",
    "closed": "person.closed",
}


@dataclass(frozen=True, slots=True)
class Held:
    """A person's standing row, locked until the transaction ends, and its open causes."""

    row: StandingRow
    causes: tuple[StandingCause, ...]
    means: Means

    @property
    def standing(self) -> Standing:
        return standing_of_row(self.row, [cause_of(cause, self.means) for cause in self.causes])

    def open(self, cause: UUID) -> StandingCause | None:
        return next((row for row in self.causes if row.id == cause), None)


def hold(person: UUID) -> Held:
    """Lock a person's standing for a change; everybody who changes one comes through here first."""
    required()
    row = StandingRow.objects.select_for_update().filter(person_id=person).first()
    if row is None:
        raise NotFound()
    causes = StandingCause.objects.filter(person_id=person, ended_at=None).order_by("since", "id")
    return Held(row, tuple(causes), means_of(person))


def impose(person: UUID, actor: Actor, order: FreezeOrder, *, purpose: Purpose | None = None) -> Standing:
    """Stop what the order names.

    A cause of the same reason and basis is replaced by one that stops no less: proofs given against the older one
    count nothing against the newer. Every other cause stays as it is.
    """
    held, moment = hold(person), now()
    before = held.standing
    replaced = [cause for cause in held.causes if cause.reason == order.reason and cause.basis == order.basis]
    if order.reason == "by_customer":
        # The owner's own word replaces the freeze that somebody made with less proof.
        replaced += [cause for cause in held.causes if cause.reason == "provisional"]
    for old in replaced:
        _end(old, actor, "replaced", moment)
    cause = _new(person, actor, order, replaced, moment)
    after = _write(held, [*(old for old in held.causes if old not in replaced), cause], moment)
    _record(person, before, after, actor, ACTIONS[cause.state], cause, order.evidence, purpose)
    if rules.KINDS[order.reason].signs_out and cause.disclosure != "silent":
        end_sessions(person)
    emit(TOPICS[cause.state], _payload(person, cause, after))
    tell_imposed(person, cause_of(cause, held.means))
    return after


def lift(
    person: UUID,
    cause_id: UUID,
    actor: Actor,
    *,
    how: str = "released",
    purpose: Purpose | None = None,
    evidence: Mapping[str, str] | None = None,
    quietly: bool = False,
) -> Standing:
    """End one cause and no other. The caller has asked for the proofs; who may lift what is checked here."""
    held, moment = hold(person), now()
    before, cause = held.standing, held.open(cause_id)
    if cause is None:
        raise StandingChanged()
    rules.check_release(cause_of(cause, held.means), str(person), actor)
    _end(cause, actor, how, moment)
    after = _write(held, [other for other in held.causes if other.id != cause_id], moment)
    _record(person, before, after, actor, _ended_as(cause, how), cause, evidence or {}, purpose)
    if cause.reason == "wrong_password":
        _forget_failures(person)
    emit("person.released", _payload(person, cause, after))
    if not quietly:
        tell_lifted(person, cause_of(cause, held.means), after, how)
    return after


def only_cause(held: Held, actor: Actor) -> UUID | None:
    """The cause that somebody means who names none; refuses cause_unclear where several stand."""
    if len(held.causes) > 1:
        seen = held.causes if actor.kind != "customer" else _told(held.causes)
        if len(seen) != 1:
            raise CauseUnclear(causes=[str(cause.id) for cause in seen])
        return seen[0].id
    return held.causes[0].id if held.causes else None


def note(
    person: UUID, action: str, actor: Actor, held: Held, evidence: Mapping[str, str], purpose: Purpose | None
) -> None:
    """A line of history that changes no cause: a tier, a document that was looked at."""
    standing = held.standing
    _record(person, standing, standing, actor, action, None, evidence, purpose)


def _new(
    person: UUID, actor: Actor, order: FreezeOrder, replaced: Sequence[StandingCause], moment: datetime
) -> StandingCause:
    scope = set(order.scope).union(*(old.scope for old in replaced))
    return StandingCause.objects.create(
        id=new_id(),
        person_id=person,
        state=rules.KINDS[order.reason].state,
        reason=order.reason,
        basis=order.basis,
        scope=sorted(scope),
        disclosure=order.disclosure,
        actor=str(actor),
        since=min([moment, *(old.since for old in replaced)]),
        until=order.until,
        review_by=order.review_by,
        evidence=order.evidence,
    )


def _end(cause: StandingCause, actor: Actor, how: str, moment: datetime) -> None:
    cause.ended_at, cause.ended_by, cause.ended_how = moment, str(actor), how
    cause.save(update_fields=["ended_at", "ended_by", "ended_how"])


def _write(held: Held, causes: Sequence[StandingCause], moment: datetime) -> Standing:
    """The row becomes the union of what stands."""
    row = held.row
    bare = Standing(row.person_id, since=moment, tier=row.tier)
    after = rules.union(bare, [cause_of(cause, held.means) for cause in causes])
    row.state, row.scope, row.reason = after.state, sorted(after.scope), after.reason
    row.disclosure, row.since = after.disclosure, after.since or moment
    row.save(update_fields=["state", "scope", "reason", "disclosure", "since"])
    return after


def _record(
    person: UUID,
    before: Standing,
    after: Standing,
    actor: Actor,
    action: str,
    cause: StandingCause | None,
    evidence: Mapping[str, str],
    purpose: Purpose | None,
) -> None:
    StandingEvent.objects.create(
        person_id=person,
        at=now(),
        actor=str(actor),
        action=action,
        state_before=before.state,
        state_after=after.state,
        scope_after=sorted(after.scope),
        reason=cause.reason if cause else "",
        cause=cause.id if cause else None,
        disclosure=cause.disclosure if cause else "open",
        evidence=dict(evidence),
    )
    details = {
        "before": before.state,
        "after": after.state,
        "scope": sorted(after.scope),
        **({"cause": str(cause.id), "reason": cause.reason, "basis": cause.basis} if cause else {}),
        **evidence,
    }
    audit.record(actor, f"person.{action}", ("person", str(person)), purpose=purpose, details=details)


def _payload(person: UUID, cause: StandingCause, after: Standing) -> dict[str, object]:
    return {
        "person": str(person),
        "cause": str(cause.id),
        "reason": cause.reason,
        "state": after.state,
        "scope": sorted(after.scope),
    }


def _ended_as(cause: StandingCause, how: str) -> str:
    if how != "released":
        return {"expired": "expire", "woken": "wake", "cancelled": "cancel"}.get(how, how)
    return "unlock" if cause.state == "locked" else "release"


def _told(causes: Sequence[StandingCause]) -> list[StandingCause]:
    return [cause for cause in causes if cause.disclosure != "silent"]


def _forget_failures(person: UUID) -> None:
    index = User.objects.filter(id=person).values_list("phone_index", flat=True).first()
    if index is not None:
        SignInFailure.objects.filter(phone_index=index).update(failures=0, locked_until=None)
