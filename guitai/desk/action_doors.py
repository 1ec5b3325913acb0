"""The part of the door for service actions, approvals and looks without a case."""

from collections.abc import Mapping
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.desk import action_reads, second_reads
from guitai.desk.flows import act as _act
from guitai.desk.flows import break_glass as _glass
from guitai.desk.flows import outside as _outside
from guitai.desk.types import Acted, ApprovalView, GlassView, SecondLine
from guitai.people.types import Profile


def act(
    reference: str, staff: Actor, action: str, given: Mapping[str, str], *, reason: str, key: str
) -> Acted:
    """Carry a service action out, or have it wait for a second person.

    takes    the case's reference, who acts, the action's name, what was filled in, why, a key that is the same for the
             same wish
    gives    Acted: `done`, or `open` (action_second_person_needed) until another person decides; the same key again
             gives what has become of the first
    refuses  not_found, desk_reason_missing, action_not_permitted, action_case_ended, action_not_possible,
             action_proof_needed, action_field_missing, action_stale, amount_*, and what the verb itself refuses
    """
    return _act.act(reference, staff, action, given, reason, key)


def approve(approval: UUID, staff: Actor, reason: str = "") -> Acted:
    """Agree to what another person asked for; it is looked at anew and carried out once.

    takes    the wish's id, a person who may decide and did not ask for it, why
    gives    Acted
    refuses  not_found, desk_supervisor_needed, approval_own, approval_over, action_stale, action_case_ended, and what
             the verb itself refuses
    """
    return _act.approve(approval, staff, reason)


def decline(approval: UUID, staff: Actor, reason: str) -> Acted:
    """Say no to what another person asked for, or take one's own wish back.

    takes    the wish's id, who decides, why
    gives    Acted
    refuses  not_found, desk_supervisor_needed, desk_reason_missing, approval_over
    """
    return _act.decline(approval, staff, reason)


def expire_approvals() -> int:
    """End wishes that nobody decided in time; gives how many in this turn."""
    return _act.expire()


def resume_actions() -> int:
    """Take up one action that a crash left between the call outside and its answer, for the third time at most.

    gives    how many in this turn; 0 when none is left
    """
    return _outside.resume()


def approvals(*, decided: bool = False) -> list[ApprovalView]:
    """Wishes that wait for a second person, the oldest first; or the latest that were decided."""
    return action_reads.approvals(decided=decided)


def seconds_elsewhere(staff: Actor) -> list[SecondLine]:
    """What waits for a second person in other rooms: claims, payments that did not fit, receipts, closes, settings,
    identity reviews, requests for the reserve that wait for signatures.

    takes    who looks: settings and the reserve only for who may change them
    gives    SecondLine values, the oldest first
    """
    return second_reads.elsewhere(staff)


def approval(approval_id: UUID) -> ApprovalView:
    """One wish; refuses not_found."""
    return action_reads.approval(approval_id)


def break_glass(staff: Actor, whose: str, reason: str) -> UUID:
    """Open one customer's data without a case, for a quarter of an hour.

    takes    a supervisor, a phone number or the reference of a case or operation, why
    gives    the look's id; the customer is told, and another supervisor reviews it
    refuses  desk_supervisor_needed, desk_reason_missing, break_glass_unknown
    """
    return _glass.break_glass(staff, whose, reason)


def look_through_glass(staff: Actor, glass: UUID) -> Profile:
    """The customer in full, while it lasts; each look is recorded and shown to the customer.

    takes    whoever opened it, the look's id
    gives    Profile
    refuses  not_found, break_glass_over
    """
    return _glass.look(staff, glass)[1]


def glasses() -> list[GlassView]:
    """Looks without a case, those first that nobody has reviewed."""
    return action_reads.glasses()


def review_glass(staff: Actor, glass: UUID, *, right: bool, words: str) -> None:
    """Say whether a look without a case was right, once, by another supervisor.

    takes    who reviews, the look's id, the verdict, why
    gives    nothing
    refuses  not_found, desk_supervisor_needed, break_glass_own, desk_reason_missing
    """
    _glass.review(staff, glass, right=right, words=words)


def refuse_read(staff: Actor, what: str) -> None:
    """Refuse a read that names no case, and record the try.

    takes    who tried, what they wanted
    gives    nothing
    refuses  read_without_case, always
    """
    _glass.refuse_read(staff, what)


def is_glass(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `break_glass` is real: audit asks."""
    return _glass.is_purpose(actor, purpose)
