"""The door of the desk. Nobody stands above it but `site`; its pages use it like any other door."""

from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care.types import QueueFilter
from guitai.desk import reads
from guitai.desk.action_doors import (
    act,
    approval,
    approvals,
    approve,
    break_glass,
    decline,
    expire_approvals,
    glasses,
    is_glass,
    look_through_glass,
    refuse_read,
    resume_actions,
    review_glass,
    seconds_elsewhere,
)
from guitai.desk.flows import decide_hold as _decide
from guitai.desk.flows import look_closer as _look
from guitai.desk.types import ExceptionLine, Found, HeldLine, Queue, Workspace
from guitai.kit.cursors import Page
from guitai.people.types import Profile
from guitai.wallet import api as wallet
from guitai.wallet.types import OperationDetail

__all__ = [
    "act",
    "approval",
    "approvals",
    "approve",
    "break_glass",
    "decline",
    "expire_approvals",
    "glasses",
    "is_glass",
    "look_through_glass",
    "refuse_read",
    "resume_actions",
    "review_glass",
    "seconds_elsewhere",
]


def queue(staff: UUID, filter_: QueueFilter, cursor: str | None = None) -> Queue:
    """A page of the queue, the most pressing case first.

    takes    whose desk, unassigned | mine | waiting | all, a cursor
    gives    Queue with masked customers
    refuses  cursor_invalid
    """
    return reads.queue(staff, filter_, cursor)


def workspace(reference: str, staff: Actor, *, full: Profile | None = None) -> Workspace:
    """Everything about one case on one screen; the look is recorded for that case.

    takes    the case's reference as typed, who looks, the profile when it was opened with a reason
    gives    Workspace
    refuses  not_found
    """
    return reads.workspace(reference, staff, full)


def find(text: str) -> Found | None:
    """What a speakable reference leads to.

    takes    a reference as typed or said: spaces, dashes, small letters
    gives    Found, or None
    """
    return reads.find(text)


def look_closer(reference: str, staff: Actor, reason: str) -> Profile:
    """See a case's customer unmasked.

    takes    the case's reference, who looks, why (at most 200 characters)
    gives    Profile; the look and its reason are recorded
    refuses  desk_reason_missing, not_found
    """
    return _look.look_closer(reference, staff, reason)


def look_at_operation(reference: str, staff: Actor, reason: str) -> OperationDetail:
    """See a held operation that has no case, for its review.

    takes    the operation's reference, who looks, why
    gives    OperationDetail; the look and its reason are recorded
    refuses  desk_reason_missing, not_found, purpose_not_real
    """
    purpose = Purpose("review", str(reads.held_operation_id(reference)), _look.clean_reason(reason))
    return wallet.operation_for_staff(reference, actor=staff, purpose=purpose)


def may_review(reference: str, staff: Actor) -> bool:
    """Whether an operation without a case may be looked at: one that was held, for its review.

    takes    the operation's reference, who asks
    gives    True or False
    refuses  not_found
    """
    return reads.may_review(reference, staff)


def held(cursor: str | None = None) -> Page[HeldLine]:
    """Movements that wait for a decision, oldest first.

    takes    a cursor
    gives    a page of HeldLine
    refuses  cursor_invalid
    """
    return reads.held(cursor)


def decide_hold(operation: str, staff: Actor, *, release: bool, reason: str, case: str | None = None) -> None:
    """Let a held movement go on, or give it back to its sender.

    takes    the operation's reference, a supervisor, which of the two, why, the case it is for (else a review)
    gives    nothing; recorded with its reason, and noted in the case
    refuses  desk_supervisor_needed, desk_reason_missing, not_found, hold_not_open
    """
    _decide.decide_hold(operation, staff, release=release, reason=reason, case=case)


def exceptions(cursor: str | None = None) -> Page[ExceptionLine]:
    """Messages of rails that moved nothing and wait for a person, newest first.

    takes    a cursor
    gives    a page of ExceptionLine
    refuses  cursor_invalid
    """
    return reads.exceptions(cursor)
