"""The only way to touch a case: lock it, move it, write down what happened."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.reference import parse_reference, spoken
from guitai.care.errors import AlreadyOpen, NotFound, TooManyFiles
from guitai.care.flows import clocks
from guitai.care.flows.promise import keep, promise, void
from guitai.care.models import Case, CaseEvent, CaseLink, Evidence, Message
from guitai.care.rules.states import OPEN, Move, next_state, turn
from guitai.care.rules.words import clean_words, preview
from guitai.care.types import CaseState, EventKind, WaitsFor
from guitai.kit import files
from guitai.kit.transactions import required

FILES_MAX = 4


def access_case(reference: str, actor: Actor) -> Case:
    """The case under its row lock. A customer's reach ends at their own cases: others do not exist for them."""
    required()
    canonical = parse_reference(reference)
    case = Case.objects.select_for_update().filter(reference=canonical).first() if canonical else None
    if case is None or (actor.kind == "customer" and str(case.customer) != actor.id):
        raise NotFound()
    return case


def append(
    case: Case,
    kind: EventKind,
    actor: Actor,
    facts: dict[str, Any] | None = None,
    *,
    message: Message | None = None,
    internal: bool = False,
) -> CaseEvent:
    """Add a line to the timeline; the case must be locked and is saved by the flow."""
    case.event_count += 1
    case.last_activity_at = now()
    return CaseEvent.objects.create(
        case=case,
        customer=case.customer,
        sequence=case.event_count,
        kind=kind,
        at=case.last_activity_at,
        actor_kind=actor.kind,
        actor_id=actor.id,
        facts=facts or {},
        message=message,
        internal=internal,
    )


def move(case: Case, move_: Move, actor: Actor) -> None:
    """Change the state by the table, and with it the promise: it runs only while it is our turn."""
    before: CaseState = case.state
    after = next_state(before, move_)
    if after != before:
        case.state = after
        case.waiting_since = now() if after == "waiting_customer" else None
        case.reminded_at = None
        append(case, "state", actor, {"from": before, "to": after, "move": move_, **_waited_for(case, move_)})
    if (before in OPEN) != (after in OPEN):
        _mirror_openness(case, after in OPEN)
    if turn(after) != turn(before):
        clocks.turn_changed(case, turn(after))
        if turn(after) == "us":
            clocks.owe_reply(case)


# Whoever ends a wait otherwise than by taking the case up again: nobody has answered us.
_INTERRUPTS: frozenset[Move] = frozenset({"customer_writes", "release", "withdraw", "merge", "escalate"})


def wait_for(case: Case, whom: WaitsFor, until: datetime) -> None:
    """Say whose answer is waited for, and by when: the customer is told, so it is a promise."""
    case.waits_for, case.waits_until = whom, until
    promise(
        case.customer, "third_party", until, told_by="staff", subject=("case_wait", case.id), case=case
    )  # fmt: skip


def _waited_for(case: Case, move_: Move) -> dict[str, str]:
    """The wait that a move ends; what it promised is kept unless somebody came in between."""
    whom = case.waits_for
    if not whom:
        return {}
    case.waits_for, case.waits_until = "", None
    (void if move_ in _INTERRUPTS else keep)("case_wait", case.id)
    return {"waited_for": whom}


def write_message(
    case: Case,
    actor: Actor,
    words: str,
    uploads: Sequence[files.Upload] = (),
    *,
    internal: bool = False,
    kind: EventKind = "message",
    facts: dict[str, Any] | None = None,
) -> Message:
    """Store words and files as one line of the timeline; secrets in the words are masked first."""
    if len(uploads) > FILES_MAX:
        raise TooManyFiles(maximum=FILES_MAX)
    cleaned, masked = clean_words(words, required=not uploads)
    message = Message.objects.create(
        case=case,
        author_kind=actor.kind,
        author_id=actor.id,
        words=cleaned,
        internal=internal,
        masked=list(masked),
        written_at=now(),
    )
    stored = [files.store(upload, owner=case.customer) for upload in uploads]
    Evidence.objects.bulk_create(
        Evidence(
            case=case,
            message=message,
            file=file.id,
            content_type=file.content_type,
            size=file.size,
            sha256=file.sha256,
            original_sha256=file.original_sha256,
        )
        for file in stored
    )
    if not internal and cleaned:
        case.preview = preview(cleaned)
    append(case, kind, actor, {**(facts or {}), "files": len(stored)}, message=message, internal=internal)
    return message


def staff_id(actor: Actor) -> UUID:
    """The id of an acting member of staff."""
    if actor.kind != "staff":
        raise NotFound()
    return UUID(actor.id)


def _mirror_openness(case: Case, open_: bool) -> None:
    links = CaseLink.objects.filter(case=case)
    try:
        with transaction.atomic():
            links.update(open=open_)
    except IntegrityError as error:
        targets = links.filter(kind="operation").values("target")
        mine = CaseLink.objects.filter(
            customer=case.customer, kind="operation", target__in=targets, open=True
        )
        other = mine.exclude(case=case)
        raise AlreadyOpen(case=spoken(other.values_list("case__reference", flat=True)[0])) from error
