"""The till's reads and writes: each table once a batch."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from struct import Struct
from typing import Any
from uuid import UUID

import msgspec

from guitai.base.money import Money
from guitai.kit import sql
from guitai.kit.crypto import seal, unseal
from guitai.wallet.models import Operation
from guitai.wallet.rules.windows import month_of
from guitai.wallet.till.types import (
    Decision,
    Intent,
    LimitKey,
    LimitUse,
    LimitUsed,
    OperationDraft,
    OperationRecord,
    Pace,
)
from guitai.wallet.till.types import Party as PartyView

_LOCK_LIMITS = """
SELECT l.owner, l.name, l.currency, l.month, l.day, l.day_minor, l.month_minor FROM wallet_limit_used l
JOIN unnest(%b::uuid[], %b::text[], %b::text[], %b::date[]) AS w(owner, name, currency, month)
  USING (owner, name, currency, month)
ORDER BY l.owner, l.name, l.currency, l.month FOR UPDATE OF l
"""
_WRITE_LIMITS = """
UPDATE wallet_limit_used l SET day = w.day, day_minor = w.day_minor, month_minor = w.month_minor
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::date[], %b::date[], %b::bigint[], %b::bigint[])
  AS w(owner, name, currency, month, day, day_minor, month_minor)
WHERE (l.owner, l.name, l.currency, l.month) = (w.owner, w.name, w.currency, w.month)
"""
_LIMITS = sql.Table(
    "wallet_limit_used", "ON CONFLICT DO NOTHING",
    owner="uuid", name="text", currency="text", month="date", day="date", day_minor="bigint", month_minor="bigint",
)  # fmt: skip
_OPERATIONS = sql.Table(
    "wallet_operation",
    id="uuid", reference="text", book="text", kind="text", owner="uuid", amount_minor="bigint", fee_minor="bigint",
    currency="text", payee_phone="bytea", payee_index="bytea", note="bytea", created_at="timestamptz", state="text",
    code="text", facts="jsonb", pending_id="uuid", delivered="boolean", payee="uuid", limits_taken="text[]",
    resolves_by="timestamptz", changed_at="timestamptz",
)  # fmt: skip
_CHANGE_OPERATIONS = """
UPDATE wallet_operation o SET state = w.state, code = w.code, facts = w.facts::jsonb, pending_id = w.pending_id,
  delivered = w.delivered, payee = w.payee, limits_taken = w.limits_taken::text[], resolves_by = w.resolves_by,
  changed_at = w.changed_at
FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::uuid[], %b::boolean[], %b::uuid[], %b::text[],
            %b::timestamptz[], %b::timestamptz[])
  AS w(id, state, code, facts, pending_id, delivered, payee, limits_taken, resolves_by, changed_at)
WHERE o.id = w.id
"""
_PARTY_COLUMNS = {
    "operation_id": "uuid", "owner": "uuid", "direction": "text", "state": "text", "code": "text",
    "counterparty": "uuid", "counterparty_phone": "bytea", "label": "text", "since": "timestamptz",
}  # fmt: skip
_NEW_PARTIES = sql.Table("wallet_party", **_PARTY_COLUMNS)
_PARTIES = sql.Table(
    "wallet_party",
    """ON CONFLICT (operation_id, owner) DO UPDATE SET state = excluded.state, code = excluded.code,
  counterparty = coalesce(excluded.counterparty, wallet_party.counterparty),
  counterparty_phone = coalesce(excluded.counterparty_phone, wallet_party.counterparty_phone)""",
    **_PARTY_COLUMNS,
)
_EVENTS = sql.Table(
    "wallet_operation_event",
    operation_id="uuid", id="uuid", at="timestamptz", intent="text", outcome="text", event="text", state="text",
    code="text", facts="jsonb", actor="text", transfers="uuid[]",
)  # fmt: skip
_LOCK_PACES = """
SELECT person, slot, counts FROM wallet_pace WHERE person = ANY(%b::uuid[]) ORDER BY person FOR NO KEY UPDATE
"""
_WRITE_PACES = """
UPDATE wallet_pace p SET slot = w.slot, counts = w.counts
FROM unnest(%b::uuid[], %b::bigint[], %b::bytea[]) AS w(person, slot, counts) WHERE p.person = w.person
"""
_PACES = sql.Table("wallet_pace", "ON CONFLICT DO NOTHING", person="uuid", slot="bigint", counts="bytea")
_COUNTS = Struct(">12H")
_DEALINGS = sql.Table(
    "wallet_dealing", "ON CONFLICT DO NOTHING", owner="uuid", other="uuid", since="timestamptz"
)


class Decided(msgspec.Struct, frozen=True):
    """One judged intent, ready to be written; `event` is the id of its answer."""

    intent: Intent
    event: UUID
    decision: Decision
    operation: OperationRecord
    draft: OperationDraft | None
    changed: bool
    facts: Any


def lock_operations(ids: Sequence[UUID]) -> dict[UUID, OperationRecord]:
    """The operations that a batch changes, locked in id order."""
    rows = Operation.objects.select_for_update().filter(id__in=ids).order_by("id") if ids else ()
    return {row.id: record_of(row) for row in rows}


def lock_limits(keys: Iterable[LimitKey]) -> dict[LimitKey, LimitUsed]:
    """How much is used in each month, locked in one order; a month that has no row yet gets one."""
    ordered = sorted(set(keys), key=_order)
    if not ordered:
        return {}
    found = _limits(ordered)
    if missing := [key for key in ordered if key not in found]:
        _LIMITS.insert([(*msgspec.structs.astuple(key), key.month, 0, 0) for key in missing])
        # All of them again: a month that somebody else has just begun is locked in its place in the order.
        found = _limits(ordered)
    return found


def write_limits(changed: Mapping[LimitKey, LimitUsed]) -> None:
    """Store the months that changed."""
    if rows := [
        (*msgspec.structs.astuple(key), *msgspec.structs.astuple(changed[key]))
        for key in sorted(changed, key=_order)
    ]:
        sql.send(_WRITE_LIMITS, sql.columns(rows))


def lock_paces(persons: Iterable[UUID]) -> dict[UUID, Pace]:
    """How often each has sent within the hour, locked in one order; who has never sent gets a row."""
    wanted = set(persons)
    if not wanted:
        return {}
    found = _paces(wanted)
    if missing := sorted(wanted - found.keys()):
        _PACES.insert([(person, 0, _COUNTS.pack(*Pace(0).counts)) for person in missing])
        found = _paces(wanted)
    return found


def write_paces(changed: Mapping[UUID, Pace]) -> None:
    """Store the paces that changed."""
    rows = [(person, pace.slot, _COUNTS.pack(*pace.counts)) for person, pace in changed.items()]
    if rows:
        sql.send(_WRITE_PACES, sql.columns(rows))


def taken_references(references: Sequence[str]) -> set[str]:
    """Which of some drawn references are already in use."""
    query = "SELECT reference FROM wallet_operation WHERE reference = ANY(%b::text[])"
    return {row[0] for row in sql.fetch(query, [list(references)])}


def write(decided: Sequence[Decided], moment: datetime) -> None:
    """Store operations, their parties, timeline and dealings."""
    _OPERATIONS.insert([_new_row(item, moment) for item in decided if item.draft is not None])
    changed = {item.operation.id: item.operation for item in decided if item.draft is None and item.changed}
    if changed:
        rows = [(operation.id, *_state_columns(operation, moment)) for operation in changed.values()]
        sql.send(_CHANGE_OPERATIONS, sql.columns(rows))
    _NEW_PARTIES.insert(_party_rows((item for item in decided if item.draft is not None), moment))
    _PARTIES.insert(_party_rows((item for item in decided if item.draft is None and item.changed), moment))
    _EVENTS.insert([_event(item, moment) for item in decided])
    dealings = sorted({pair for item in decided if item.changed for pair in item.decision.dealings})
    _DEALINGS.insert([(*pair, moment) for pair in dealings])


def record_of(row: Operation) -> OperationRecord:
    """A stored operation as the till judges it."""
    return OperationRecord(
        id=row.id,
        reference=row.reference,
        kind=row.kind,
        state=row.state,
        owner=row.owner,
        amount=Money(row.amount_minor, row.currency),
        fee=Money(row.fee_minor, row.currency),
        payee=row.payee,
        payee_phone=unseal(row.payee_phone, purpose="operation.payee_phone", row=row.id)
        if row.payee_phone
        else "",
        payee_index=bytes(row.payee_index) if row.payee_index else None,
        code=row.code,
        facts=row.facts,
        pending_id=row.pending_id,
        delivered=row.delivered,
        resolves_by=row.resolves_by,
        limits_taken=tuple(_use_of(text, row) for text in row.limits_taken),
    )


def _limits(ordered: Sequence[LimitKey]) -> dict[LimitKey, LimitUsed]:
    rows = sql.fetch(_LOCK_LIMITS, sql.columns([msgspec.structs.astuple(key) for key in ordered]))
    return {LimitKey(*row[:4]): LimitUsed(*row[4:]) for row in rows}


def _paces(persons: Iterable[UUID]) -> dict[UUID, Pace]:
    rows = sql.fetch(_LOCK_PACES, [list(persons)])
    return {person: Pace(slot, _COUNTS.unpack(counts)) for person, slot, counts in rows}


def _order(key: LimitKey) -> tuple[bytes, str, str, date]:
    return key.order


def _new_row(item: Decided, moment: datetime) -> sql.Row:
    draft, operation = item.draft, item.operation
    assert draft is not None
    phone, note = draft.payee_phone, draft.note
    return (
        operation.id, operation.reference, "live", draft.kind, draft.owner, draft.amount.minor, draft.fee.minor,
        draft.amount.currency,
        seal(phone, purpose="operation.payee_phone", row=operation.id) if phone else None,
        draft.payee_index,
        seal(note, purpose="operation.note", row=operation.id) if note else None,
        moment,
        *_state_columns(operation, moment),
    )  # fmt: skip


def _state_columns(operation: OperationRecord, moment: datetime) -> sql.Row:
    taken = sql.array_literal(_plain_use(use, operation) for use in operation.limits_taken)
    return (
        operation.state, operation.code, _json(operation.facts), operation.pending_id, operation.delivered,
        operation.payee, taken, operation.resolves_by, moment,
    )  # fmt: skip


def _party_rows(decided: Iterable[Decided], moment: datetime) -> list[sql.Row]:
    latest: dict[tuple[UUID, UUID], PartyView] = {}
    for item in decided:
        for party in item.decision.parties:
            latest[item.operation.id, party.owner] = party
    return [
        (
            operation_id, owner, party.direction, party.state, party.code, party.counterparty,
            _sealed_phone(party, operation_id), party.label, moment,
        )
        for (operation_id, owner), party in latest.items()
    ]  # fmt: skip


def _sealed_phone(party: PartyView, operation_id: UUID) -> bytes | None:
    if not party.counterparty_phone:
        return None
    return seal(party.counterparty_phone, purpose="party.counterparty_phone", row=operation_id)


def _event(item: Decided, moment: datetime) -> sql.Row:
    decision = item.decision
    return (
        item.operation.id, item.event, moment, item.intent.kind, decision.outcome,
        (decision.event or decision.state) if item.changed else "", decision.state, decision.code,
        _json(decision.facts), str(item.intent.actor), sql.array_literal(leg.id for leg in decision.legs),
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()


def _plain_use(use: LimitUse, operation: OperationRecord) -> str:
    if (use.key.owner, use.key.currency) != (operation.owner, operation.amount.currency):
        raise RuntimeError("an operation takes from its owner's limits, in its own currency")
    return f"{use.key.name}@{use.day}/{use.minor}"


def _use_of(text: str, row: Operation) -> LimitUse:
    name, _, rest = text.partition("@")
    day, _, minor = rest.partition("/")
    taken_on = date.fromisoformat(day)
    return LimitUse(LimitKey(row.owner, name, row.currency, month_of(taken_on)), taken_on, int(minor))
