"""claim, lock, load, decide, write: one batch, in the transaction of the caller."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from guitai.audit.api import record_many
from guitai.audit.types import Entry
from guitai.base.clock import now
from guitai.base.reference import new_reference
from guitai.base.refusal import Refusal
from guitai.kit.topics import emit_many
from guitai.kit.transactions import required
from guitai.ledger.api import create_accounts
from guitai.ledger.poster import Evaluation
from guitai.ledger.poster import lock as lock_ledger
from guitai.ledger.poster import write as write_ledger
from guitai.ledger.types import NewTransfer, TransferFlag
from guitai.people.api import lock_standing
from guitai.wallet.till import claims, store
from guitai.wallet.till.kinds import kind_of
from guitai.wallet.till.store import Decided
from guitai.wallet.till.types import Intent, OperationDraft, OperationRecord, Outcome, Place
from guitai.wallet.till.view import Running

TOPIC = "wallet.operation_changed"


def run(intents: Sequence[Intent]) -> list[Outcome | Refusal]:
    """Judge and carry out a batch.

    takes    intents, inside the caller's transaction
    gives    one Outcome an intent in input order, or a Refusal for one whose key cannot be used; nothing that is
             refused harms its neighbours
    refuses  idempotency_key_in_flight for the whole batch: the caller tries again
    source   DESIGN section 4
    """
    required()
    answers = claims.claim(intents)
    fresh = _first_of_each(intents, answers)
    decided, running = judge([intents[i] for i in fresh])
    outcomes = [_outcome(item) for item in decided]
    _write(decided, running)
    claims.keep([(item.intent, outcome) for item, outcome in zip(decided, outcomes, strict=True)])
    by_key = {(str(d.intent.actor), d.intent.key): o for d, o in zip(decided, outcomes, strict=True)}
    judged = set(fresh)
    given: list[Outcome | Refusal] = []
    for position, (intent, answer) in enumerate(zip(intents, answers, strict=True)):
        if answer is not None:
            given.append(answer)
        else:
            given.append(replace(by_key[str(intent.actor), intent.key], replayed=position not in judged))
    return given


def judge(intents: Sequence[Intent]) -> tuple[list[Decided], Running]:
    """Lock, load and decide, without writing: what a dry run and a real run share."""
    places = _by_kind(intents, lambda kind, batch: kind.locate(batch))
    running = _lock(places)
    facts = _by_kind(intents, lambda kind, batch: kind.facts(batch, running))
    references = _references(len(intents))
    decided = [
        _decide(intent, fact, running, reference)
        for intent, fact, reference in zip(intents, facts, references, strict=True)
    ]
    return decided, running


def _decide(intent: Intent, facts: Any, running: Running, reference: str) -> Decided:
    kind = kind_of(intent.kind)
    draft = kind.draft(intent, facts)
    operation = running.operation(intent.operation_id)
    if draft is not None:
        operation = _fresh(intent, draft, reference)
    if operation is None:
        raise RuntimeError(f"{intent.kind} names an operation that was not located")
    decision = kind.decide(intent, facts, running)
    if decision.legs:
        legs = _linked(decision.legs)
        refused = [
            r.result
            for r in running.evaluation.apply(legs)
            if r.result not in ("created", "linked_event_failed")
        ]
        decision = (
            kind.ledger_refusal(intent, refused[0], facts, running)
            if refused
            else replace(decision, legs=legs)
        )
    changed = draft is not None or decision.outcome != "refused"
    if changed:
        running.take(operation, decision)
        operation = running.operations[operation.id]
    return Decided(intent, decision, operation, draft, changed, facts)


def _lock(places: Sequence[Place]) -> Running:
    """Everything a batch touches, in one order for every batch: standing, operations, limits, accounts."""
    standings = lock_standing(sorted({p for place in places for p in place.persons}))
    operations = store.lock_operations(sorted({o for place in places for o in place.operations}))
    keys = [key for place in places for key in place.limits]
    keys += [use.key for operation in operations.values() for use in operation.limits_taken]
    limits = store.lock_limits(keys)
    wanted = {account.id: account for place in places for account in place.accounts}
    pendings = sorted({o.pending_id for o in operations.values() if o.pending_id is not None})
    locked = lock_ledger(sorted(wanted), [], pendings)
    missing = [wanted[i] for i in sorted(wanted) if i not in locked.accounts]
    if missing:
        create_accounts(missing)
        locked = lock_ledger(sorted(wanted), [], pendings)
    return Running(now(), standings, operations, limits, Evaluation(locked))


def _write(decided: Sequence[Decided], running: Running) -> None:
    write_ledger(running.evaluation.changes)
    store.write_limits(running.limits_before, running.limits)
    store.write(decided, running.moment)
    for name in dict.fromkeys(item.intent.kind for item in decided):
        own = [item for item in decided if item.intent.kind == name]
        kind_of(name).record([i.intent for i in own], [i.facts for i in own], [i.decision for i in own])
    told = [item for item in decided if item.changed]
    record_many([_audit(item) for item in decided if item.changed or item.intent.actor.kind == "staff"])
    emit_many(
        (TOPIC, {"operation_id": str(i.operation.id), "state": i.operation.state, "event": i.decision.event})
        for i in told
        if i.decision.outcome != "refused"
    )


def _audit(item: Decided) -> Entry:
    details = {
        "intent": item.intent.kind, "outcome": item.decision.outcome, "state": item.decision.state,
        "code": item.decision.code, "reference": item.operation.reference,
        "transfers": [str(leg.id) for leg in item.decision.legs],
    }  # fmt: skip
    return Entry(
        item.intent.actor,
        item.intent.kind,
        ("operation", str(item.operation.id)),
        item.intent.purpose,
        details,
    )


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


def _linked(legs: Sequence[NewTransfer]) -> tuple[NewTransfer, ...]:
    return (*(replace(leg, flags=leg.flags | TransferFlag.LINKED) for leg in legs[:-1]), legs[-1])


def _by_kind(intents: Sequence[Intent], ask: Any) -> list[Any]:
    """Ask each kind about its own intents at once; gives the answers in input order."""
    answers: list[Any] = [None] * len(intents)
    for name in dict.fromkeys(intent.kind for intent in intents):
        own = [i for i, intent in enumerate(intents) if intent.kind == name]
        for position, answer in zip(own, ask(kind_of(name), [intents[i] for i in own]), strict=True):
            answers[position] = answer
    return answers


def _references(count: int) -> list[str]:
    drawn: dict[str, None] = {}
    while len(drawn) < count:
        drawn.update(dict.fromkeys(new_reference("operation") for _ in range(count - len(drawn))))
        for taken in store.taken_references(list(drawn)):
            del drawn[taken]
    return list(drawn)


def _first_of_each(intents: Sequence[Intent], answers: Sequence[claims.Answer]) -> list[int]:
    seen: set[tuple[str, str]] = set()
    first = []
    for position, (intent, answer) in enumerate(zip(intents, answers, strict=True)):
        key = (str(intent.actor), intent.key)
        if answer is None and key not in seen:
            seen.add(key)
            first.append(position)
    return first
