"""Reading standings: one in full with its causes, thousands under lock, and what happened to one."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any, cast
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound
from guitai.kit import sql
from guitai.kit.transactions import required
from guitai.people.models import Closing, Pin, ReleaseDocument, StandingCause, StandingEvent, StandingRow
from guitai.people.rules import standing as rules
from guitai.people.types import (
    Cause,
    Disclosure,
    Means,
    NewPin,
    Reason,
    Scope,
    ShownDocument,
    StaffStanding,
    Standing,
    StandingChange,
    State,
)

_HISTORY_MAX = 50
# One statement for a whole batch. A row lock is taken in the order of the sort; the scope comes as one text, which
# is a look-up instead of a list to build for each person.
_LOCK_SHARED = """
SELECT s.person_id, s.state, array_to_string(s.scope, ' '), s.reason, s.disclosure, s.since, s.tier,
  p.replaced_at, p.replaced_with
FROM people_standing s LEFT JOIN people_pin p ON p.person_id = s.person_id
WHERE s.person_id = ANY(%b::uuid[]) ORDER BY s.person_id FOR SHARE OF s
"""
_scopes: dict[str, frozenset[Scope]] = {}


def lock_standing(persons: Iterable[UUID]) -> dict[UUID, Standing]:
    required()
    # The server sorts and drops what comes twice; in Python that would cost as much as the rest together.
    rows = sql.fetch(_LOCK_SHARED, [list(persons)])
    return {
        person: Standing(
            person,
            state,
            _scope(scope),
            reason,
            disclosure,
            since,
            (),
            tier,
            (),
            NewPin(replaced_at, replaced_with) if replaced_at else None,
        )
        for person, state, scope, reason, disclosure, since, tier, replaced_at, replaced_with in rows
    }


def standing(person: UUID) -> Standing:
    """A standing with its causes and what leads out of each."""
    row = StandingRow.objects.filter(person_id=person).first()
    if row is None:
        raise NotFound()
    if row.state == "active":
        return _bare(row)
    return rules.union(_bare(row), open_causes(person, means_of(person)))


def new_pin(person: UUID) -> NewPin | None:
    """When a forgotten PIN was last replaced, and with which proof."""
    row = Pin.objects.filter(person_id=person, replaced_at__isnull=False).first()
    return NewPin(row.replaced_at, row.replaced_with) if row and row.replaced_at else None


def standings(persons: Iterable[UUID]) -> dict[UUID, Standing]:
    """Several standings without causes, unlocked; ids of nobody are left out."""
    rows = StandingRow.objects.filter(person_id__in=set(persons))
    return {row.person_id: _bare(row) for row in rows}


def standing_of_row(row: StandingRow, causes: Sequence[Cause]) -> Standing:
    """What a row and its open causes say together."""
    return rules.union(replace(_bare(row), since=row.since), causes)


def open_causes(person: UUID, means: Means) -> list[Cause]:
    rows = StandingCause.objects.filter(person_id=person, ended_at=None).order_by("since", "id")
    return [cause_of(row, means) for row in rows]


def cause_of(row: StandingCause, means: Means) -> Cause:
    cause = Cause(
        id=row.id,
        state=cast(State, row.state),
        reason=cast(Reason, row.reason),
        scope=cast(frozenset[Scope], frozenset(row.scope)),
        disclosure=cast(Disclosure, row.disclosure),
        since=row.since,
        until=row.until,
        review_by=row.review_by,
        basis=row.basis,
        actor=row.actor,
        document_at=row.document_at,
        evidence=row.evidence,
    )
    return replace(cause, release=rules.steps(cause, means))


def means_of(person: UUID) -> Means:
    """What a person has to prove who they are."""
    kinds = Authenticator.objects.filter(user_id=person).values_list("type", flat=True)
    types = set(kinds)
    return Means(
        pin=Pin.objects.filter(person_id=person).exists(),
        passkey=Authenticator.Type.WEBAUTHN in types,
        recovery_code=Authenticator.Type.RECOVERY_CODES in types,
    )


def history(person: UUID, limit: int = _HISTORY_MAX) -> list[StandingChange]:
    rows = StandingEvent.objects.filter(person_id=person).order_by("-at", "-id")[:limit]
    return [change_of(row) for row in rows]


def told_history(person: UUID) -> list[StandingChange]:
    """What the person may read of it: silent lines left out, the reason and evidence of limited ones too."""
    rows = StandingEvent.objects.filter(person_id=person).exclude(disclosure="silent")
    changes = [change_of(row) for row in rows.order_by("-at", "-id")[:_HISTORY_MAX]]
    return [
        change if change.disclosure == "open" else replace(change, reason="", evidence={}, actor="")
        for change in changes
    ]


def change_of(row: StandingEvent) -> StandingChange:
    return StandingChange(
        at=row.at,
        actor=row.actor,
        action=row.action,
        state=cast(State, row.state_after),
        reason=cast(Reason, row.reason),
        cause=row.cause,
        disclosure=cast(Disclosure, row.disclosure),
        scope=cast(frozenset[Scope], frozenset(row.scope_after)),
        evidence=row.evidence,
    )


def _bare(row: StandingRow) -> Standing:
    return Standing(
        row.person_id,
        cast(State, row.state),
        cast(frozenset[Scope], frozenset(row.scope)),
        cast(Reason, row.reason),
        cast(Disclosure, row.disclosure),
        row.since,
        (),
        row.tier,
    )


def _scope(text: str) -> frozenset[Any]:
    """The set that a row's scope names; there are few, and each is made once."""
    known = _scopes.get(text)
    if known is None:
        known = _scopes[text] = cast(frozenset[Scope], frozenset(text.split()))
    return known


def shown_document(row: ReleaseDocument, cause: StandingCause) -> ShownDocument:
    return ShownDocument(
        row.id,
        row.person_id,
        row.cause_id,
        cast(Reason, cause.reason),
        tuple(row.files),
        row.submitted_at,
        row.due_at,
        row.state,
    )


def waiting_documents(person: UUID | None = None, limit: int = 100) -> list[ShownDocument]:
    """Documents that wait for a look, the most urgent first."""
    rows = ReleaseDocument.objects.filter(state="waiting").select_related("cause").order_by("due_at", "id")
    if person is not None:
        rows = rows.filter(person_id=person)
    return [shown_document(row, row.cause) for row in rows[:limit]]


def last_document(cause: UUID) -> ShownDocument | None:
    """The newest document shown for a cause, decided or not."""
    row = (
        ReleaseDocument.objects.filter(cause_id=cause)
        .select_related("cause")
        .order_by("-submitted_at", "-id")
        .first()
    )
    return shown_document(row, row.cause) if row else None


def is_document_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `release_document` names a document that was shown."""
    try:
        return ReleaseDocument.objects.filter(id=UUID(purpose.id)).exists()
    except ValueError:
        return False


def standing_for_staff(person: UUID, purpose: Purpose, reader: Actor) -> StaffStanding:
    """Everything about a standing; the look is recorded and the customer can see it."""
    found = standing(person)
    with transaction.atomic():
        audit.record(reader, "person.standing_read", ("person", str(person)), purpose=purpose)
    due = Closing.objects.filter(person_id=person, state="cooling").values_list("due_at", flat=True).first()
    return StaffStanding(found, tuple(history(person, 200)), tuple(waiting_documents(person)), due)
