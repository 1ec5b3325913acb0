"""claim, lock, load, decide, write: one batch, in the transaction of the caller."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from guitai.audit.api import record_many
from guitai.audit.types import Entry
from guitai.base.clock import now
from guitai.base.ids import new_ids
from guitai.base.reference import new_reference
from guitai.base.refusal import Refusal
from guitai.kit import sql
from guitai.kit.collector import paused
from guitai.kit.operator import time_zone
from guitai.kit.topics import emit_many
from guitai.kit.transactions import required
from guitai.ledger.api import create_accounts
from guitai.ledger.poster import Evaluation
from guitai.ledger.poster import lock as lock_ledger
from guitai.ledger.poster import write as write_ledger
from guitai.ledger.types import Locked, NewTransfer, TransferFlag
from guitai.people.api import lock_standing
from guitai.people.types import Standing
from guitai.wallet.errors import KeyReused
from guitai.wallet.rules.windows import local_day
from guitai.wallet.till import claims, store
from guitai.wallet.till.kinds import kind_of
from guitai.wallet.till.store import Decided
from guitai.wallet.till.types import (
    Intent,
    LimitKey,
    LimitUsed,
    OperationDraft,
    OperationRecord,
    Outcome,
    Pace,
    Place,
)
from guitai.wallet.till.view import Running

TOPIC = "wallet.operation_changed"
# How the ledger calls what fails because a neighbour in its chain did.
NEIGHBOUR_FAILED = "linked_event_failed"


def run(
    intents: Sequence[Intent], events: Sequence[UUID] = (), *, together: bool = False
) -> list[Outcome | Refusal]:
    """Judge and carry out a batch.

    takes    intents, inside the caller's transaction; ids for their answers, when it may have to ask again under
             the same ones; whether all are refused when one is
    gives    one Outcome an intent in input order, or a Refusal for one whose key cannot be used; nothing that is
             refused harms its neighbours unless they go together
    refuses  idempotency_key_in_flight for the whole batch: the caller tries again
    source   DESIGN section 4
    """
    required()
    with paused(len(intents)):
        return _run(intents, events or new_ids(len(intents)), together)


def _run(intents: Sequence[Intent], events: Sequence[UUID], together: bool) -> list[Outcome | Refusal]:
    answers = claims.claim(intents, events)
    if together:
        _check_whole(answers)
    fresh = _first_of_each(intents, answers)
    chosen = list(fresh.values())
    outcomes = (
        _carry_out([intents[i] for i in chosen], [events[i] for i in chosen], together) if chosen else []
    )
    by_position = dict(zip(chosen, outcomes, strict=True))
    given: list[Outcome | Refusal] = []
    for position, (intent, answer) in enumerate(zip(intents, answers, strict=True)):
        if answer is not None:
            given.append(answer)
        elif position in by_position:
            given.append(by_position[position])
        else:
            given.append(replace(by_position[fresh[claims.key_of(intent)]], replayed=True))
    return given


def judge(intents: Sequence[Intent]) -> list[Decided]:
    """Lock, load and decide, without writing: what a dry run and a real run share."""
    return _judge(intents, new_ids(len(intents)), together=False)[0]


def _carry_out(intents: Sequence[Intent], events: Sequence[UUID], together: bool) -> list[Outcome]:
    decided, running = _judge(intents, events, together)
    _write(decided, running)
    return [_outcome(item) for item in decided]


def _judge(
    intents: Sequence[Intent], events: Sequence[UUID], together: bool
) -> tuple[list[Decided], Running]:
    places = _by_kind(intents, lambda kind, chosen: kind.locate([intents[i] for i in chosen]))
    locks = _lock(places)
    running = locks.running()
    facts = _by_kind(
        intents,
        lambda kind, chosen: kind.facts([intents[i] for i in chosen], [places[i] for i in chosen], running),
    )
    references = _references(len(intents))
    rows = list(zip(intents, events, facts, references, strict=True))
    decided = [_decide(*row, running) for row in rows]
    if together and len(decided) > 1 and any(item.decision.outcome == "refused" for item in decided):
        running = locks.running()
        decided = [_refuse(item, running) for item in decided]
    return decided, running


def _decide(intent: Intent, event: UUID, facts: Any, reference: str, running: Running) -> Decided:
    kind = kind_of(intent.kind)
    draft = kind.draft(intent, facts)
    operation = running.operation(intent.operation_id)
    if draft is not None:
        operation = _fresh(intent, draft, reference)
    if operation is None:
        raise RuntimeError(f"{intent.kind} names an operation that was not located")
    decision = kind.decide(intent, facts, running)
    if decision.legs:
        legs = _marked(decision.legs, operation.id)
        results = running.evaluation.apply(legs)
        failed = next((r.result for r in results if r.result not in ("created", NEIGHBOUR_FAILED)), None)
        decision = (
            kind.ledger_refusal(intent, failed, facts, running) if failed else replace(decision, legs=legs)
        )
    changed = draft is not None or decision.outcome != "refused"
    if changed:
        running.take(operation, decision)
        operation = running.operations[operation.id]
    return Decided(intent, event, decision, operation, draft, changed, facts)


def _refuse(item: Decided, running: Running) -> Decided:
    """One of several that go together, when one of them was refused."""
    decision = item.decision
    if decision.outcome != "refused":
        decision = kind_of(item.intent.kind).ledger_refusal(
            item.intent, NEIGHBOUR_FAILED, item.facts, running
        )
    operation = running.operation(item.intent.operation_id)
    if item.draft is not None:
        operation = _fresh(item.intent, item.draft, item.operation.reference)
        running.take(operation, decision)
        operation = running.operations[operation.id]
    if operation is None:
        raise RuntimeError("an intent that was judged has an operation")
    return replace(item, decision=decision, operation=operation, changed=item.draft is not None)


class _Locks(Struct, frozen=True):
    """What a batch has under lock, as it was found."""

    moment: datetime
    day: date
    standings: dict[UUID, Standing]
    operations: dict[UUID, OperationRecord]
    limits: dict[LimitKey, LimitUsed]
    paces: dict[UUID, Pace]
    ledger: Locked

    def running(self) -> Running:
        return Running(
            self.moment,
            self.day,
            self.standings,
            self.operations,
            self.limits,
            self.paces,
            Evaluation(self.ledger),
        )


def _lock(places: Sequence[Place]) -> _Locks:
    """Everything a batch touches, in one order for every batch: standing, operations, limits, accounts."""
    standings = lock_standing({p for place in places for p in place.persons})
    operations = store.lock_operations(sorted({o for place in places for o in place.operations}))
    keys = [key for place in places for key in place.limits]
    keys += [use.key for operation in operations.values() for use in operation.limits_taken]
    limits = store.lock_limits(keys)
    paces = store.lock_paces(person for place in places for person in place.paced)
    wanted = {account.id: account for place in places for account in place.accounts}
    reserved = {o.pending_id for o in operations.values() if o.pending_id is not None}
    pendings = sorted(reserved.union(*(place.pendings for place in places)))
    ids = sorted(wanted)
    locked = lock_ledger(ids, [], pendings)
    known = locked.accounts
    if missing := [wanted[i] for i in ids if i not in known]:
        create_accounts(missing)
        locked = lock_ledger(ids, [], pendings)
    moment = now()
    return _Locks(moment, local_day(moment, time_zone()), standings, operations, limits, paces, locked)


def _write(decided: Sequence[Decided], running: Running) -> None:
    write_ledger(running.evaluation.changes)
    for name in dict.fromkeys(item.intent.kind for item in decided):
        own = [item for item in decided if item.intent.kind == name]
        kind, columns = (
            kind_of(name),
            ([i.intent for i in own], [i.facts for i in own], [i.decision for i in own]),
        )
        kind.record(*columns)
        kind.enact(*columns, [i.operation for i in own])
    with sql.pipelined():
        store.write_limits({key: running.limits[key] for key in running.limits_changed})
        store.write_paces({person: running.paces[person] for person in running.paces_changed})
        store.write(decided, running.moment)
        record_many([_audit(item) for item in decided if item.changed or item.intent.actor.kind == "staff"])
        emit_many([
            (TOPIC, {
                "operation_id": str(i.operation.id), "kind": i.operation.kind, "state": i.operation.state,
                "event": i.decision.event,
            })
            for i in decided
            if i.changed and i.decision.outcome != "refused"
        ])  # fmt: skip


def _audit(item: Decided) -> Entry:
    decision = item.decision
    details = {
        "outcome": decision.outcome, "state": decision.state, "code": decision.code,
        "reference": item.operation.reference, "transfers": [str(leg.id) for leg in decision.legs],
    }  # fmt: skip
    subject = ("operation", str(item.operation.id))
    return Entry(item.intent.actor, item.intent.kind, subject, item.intent.purpose, details)


def _outcome(item: Decided) -> Outcome:
    decision, operation = item.decision, item.operation
    return Outcome(
        operation.id,
        operation.reference,
        decision.outcome,
        decision.state,
        decision.code,
        dict(decision.facts),
    )


def _fresh(intent: Intent, draft: OperationDraft, reference: str) -> OperationRecord:
    return OperationRecord(
        intent.operation_id, reference, draft.kind, "processing", draft.owner, draft.amount, draft.fee, draft.payee,
        draft.payee_phone, draft.payee_index, None, {}, None, False, None, (),
    )  # fmt: skip


def _marked(legs: Sequence[NewTransfer], operation_id: UUID) -> tuple[NewTransfer, ...]:
    """The legs of one intent: all or none of them, each saying whose they are."""
    last = len(legs) - 1
    return tuple(
        NewTransfer(
            leg.id, leg.debit_account, leg.credit_account, leg.amount, leg.currency, leg.kind,
            leg.flags | TransferFlag.LINKED if position < last else leg.flags,
            leg.pending_id, leg.expires_at, leg.effective_at, leg.book, operation_id,
        )
        for position, leg in enumerate(legs)
    )  # fmt: skip


def _check_whole(answers: Sequence[claims.Answer]) -> None:
    """What goes together was asked for together: all of it before, or all of it now."""
    if refusal := next((answer for answer in answers if isinstance(answer, Refusal)), None):
        raise refusal
    if any(answer is None for answer in answers) and any(answer is not None for answer in answers):
        raise KeyReused()


def _by_kind(intents: Sequence[Intent], ask: Any) -> list[Any]:
    """Ask each kind about its own intents at once; gives the answers in input order."""
    answers: list[Any] = [None] * len(intents)
    for name in dict.fromkeys(intent.kind for intent in intents):
        own = [i for i, intent in enumerate(intents) if intent.kind == name]
        for position, answer in zip(own, ask(kind_of(name), own), strict=True):
            answers[position] = answer
    return answers


def _references(count: int) -> list[str]:
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn.update(dict.fromkeys(new_reference("operation") for _ in range(count - len(drawn))))
        for taken in store.taken_references(list(drawn)):
            del drawn[taken]
    return list(drawn)


def _first_of_each(intents: Sequence[Intent], answers: Sequence[claims.Answer]) -> dict[claims.ClaimKey, int]:
    """Where each key that is to be judged now comes first."""
    first: dict[claims.ClaimKey, int] = {}
    for position, (intent, answer) in enumerate(zip(intents, answers, strict=True)):
        if answer is None:
            first.setdefault(claims.key_of(intent), position)
    return first
