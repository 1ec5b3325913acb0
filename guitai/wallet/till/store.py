"""The till's reads and writes: each table once a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit.crypto import seal, unseal
from guitai.wallet.models import Dealing, Leg, LimitUsed, Operation, OperationEvent
from guitai.wallet.till.types import Decision, Intent, LimitKey, LimitUse, OperationDraft, OperationRecord
from guitai.wallet.till.types import Party as PartyView

_LOCK_LIMITS = """
SELECT l.owner, l.name, l.currency, l.window_start, l.used_minor FROM wallet_limit_used l
JOIN unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[]) AS w(owner, name, currency, window_start)
  USING (owner, name, currency, window_start)
ORDER BY l.owner, l.name, l.currency, l.window_start FOR UPDATE OF l
"""
_WRITE_LIMITS = """
UPDATE wallet_limit_used l SET used_minor = w.used
FROM unnest(%s::uuid[], %s::text[], %s::text[], %s::timestamptz[], %s::bigint[])
  AS w(owner, name, currency, window_start, used)
WHERE (l.owner, l.name, l.currency, l.window_start) = (w.owner, w.name, w.currency, w.window_start)
"""
_PARTIES = """
INSERT INTO wallet_party
  (id, operation_id, owner, direction, state, code, counterparty, counterparty_phone, label, since)
SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::bytea[],
                     %s::text[], %s::timestamptz[])
ON CONFLICT (operation_id, owner) DO UPDATE SET state = excluded.state, code = excluded.code,
  counterparty = coalesce(excluded.counterparty, wallet_party.counterparty),
  counterparty_phone = coalesce(excluded.counterparty_phone, wallet_party.counterparty_phone)
"""
_OPERATION_FIELDS = (
    "state", "code", "facts", "pending_id", "delivered", "payee", "limits_taken", "resolves_by", "changed_at",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decided:
    """One judged intent, ready to be written."""

    intent: Intent
    decision: Decision
    operation: OperationRecord
    draft: OperationDraft | None
    changed: bool
    facts: Any


def lock_operations(ids: Sequence[UUID]) -> dict[UUID, OperationRecord]:
    """The operations that a batch changes, locked in id order."""
    rows = Operation.objects.select_for_update().filter(id__in=ids).order_by("id") if ids else ()
    return {row.id: record_of(row) for row in rows}


def lock_limits(keys: Sequence[LimitKey]) -> dict[LimitKey, int]:
    """How much is used in each window, locked in one order; a window that has no row yet gets one."""
    if not keys:
        return {}
    ordered = sorted(set(keys), key=lambda key: key.order)
    LimitUsed.objects.bulk_create(
        (
            LimitUsed(owner=k.owner, name=k.name, currency=k.currency, window_start=k.window_start)
            for k in ordered
        ),
        ignore_conflicts=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(_LOCK_LIMITS, _limit_columns(ordered))
        return {LimitKey(*row[:4]): row[4] for row in cursor.fetchall()}


def write_limits(before: Mapping[LimitKey, int], after: Mapping[LimitKey, int]) -> None:
    """Store the windows that changed; one that only gives back never goes below zero."""
    changed = sorted((k for k, used in after.items() if before.get(k) != used), key=lambda key: key.order)
    if not changed:
        return
    with connection.cursor() as cursor:
        cursor.execute(_WRITE_LIMITS, [*_limit_columns(changed), [max(after[k], 0) for k in changed]])


def taken_references(references: Sequence[str]) -> set[str]:
    """Which of some drawn references are already in use."""
    return set(Operation.objects.filter(reference__in=references).values_list("reference", flat=True))


def write(decided: Sequence[Decided], moment: datetime) -> None:
    """Store operations, their parties, timeline, legs and dealings."""
    created = [item for item in decided if item.draft is not None]
    changed = [item for item in decided if item.draft is None and item.changed]
    Operation.objects.bulk_create(_new_row(item, moment) for item in created)
    if changed:
        latest = {item.operation.id: item for item in changed}
        Operation.objects.bulk_update(
            [_changed_row(item, moment) for item in latest.values()], _OPERATION_FIELDS
        )
    told = [item for item in decided if item.changed]
    _write_parties(told, moment)
    OperationEvent.objects.bulk_create(_event(item, moment) for item in told)
    Leg.objects.bulk_create(
        Leg(transfer_id=leg.id, operation_id=item.operation.id) for item in told for leg in item.decision.legs
    )
    dealings = sorted({pair for item in told for pair in item.decision.dealings})
    Dealing.objects.bulk_create((Dealing(owner=a, other=b) for a, b in dealings), ignore_conflicts=True)


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
        limits_taken=tuple(_use_of(item) for item in row.limits_taken),
    )


def _new_row(item: Decided, moment: datetime) -> Operation:
    draft, operation = item.draft, item.operation
    assert draft is not None
    phone = draft.payee_phone
    return Operation(
        id=operation.id,
        reference=operation.reference,
        kind=draft.kind,
        owner=draft.owner,
        amount_minor=draft.amount.minor,
        fee_minor=draft.fee.minor,
        currency=draft.amount.currency,
        payee_phone=seal(phone, purpose="operation.payee_phone", row=operation.id) if phone else None,
        payee_index=draft.payee_index,
        note=seal(draft.note, purpose="operation.note", row=operation.id) if draft.note else None,
        created_at=moment,
        **_state_columns(operation, moment),
    )


def _changed_row(item: Decided, moment: datetime) -> Operation:
    return Operation(id=item.operation.id, **_state_columns(item.operation, moment))


def _state_columns(operation: OperationRecord, moment: datetime) -> dict[str, Any]:
    return {
        "state": operation.state,
        "code": operation.code,
        "facts": dict(operation.facts),
        "pending_id": operation.pending_id,
        "delivered": operation.delivered,
        "payee": operation.payee,
        "limits_taken": [_plain_use(use) for use in operation.limits_taken],
        "resolves_by": operation.resolves_by,
        "changed_at": moment,
    }


def _write_parties(decided: Sequence[Decided], moment: datetime) -> None:
    latest: dict[tuple[UUID, UUID], PartyView] = {}
    for item in decided:
        for party in item.decision.parties:
            latest[(item.operation.id, party.owner)] = party
    if not latest:
        return
    rows = [
        (new_id(), operation_id, party)
        for (operation_id, _), party in sorted(latest.items(), key=lambda i: i[0])
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            _PARTIES,
            [
                [i for i, _, _ in rows], [o for _, o, _ in rows], [p.owner for _, _, p in rows],
                [p.direction for _, _, p in rows], [p.state for _, _, p in rows], [p.code for _, _, p in rows],
                [p.counterparty for _, _, p in rows],
                [_sealed_phone(p, o) for _, o, p in rows],
                [p.label for _, _, p in rows], [moment] * len(rows),
            ],
        )  # fmt: skip


def _sealed_phone(party: PartyView, operation_id: UUID) -> bytes | None:
    if not party.counterparty_phone:
        return None
    return seal(party.counterparty_phone, purpose="party.counterparty_phone", row=operation_id)


def _event(item: Decided, moment: datetime) -> OperationEvent:
    decision = item.decision
    return OperationEvent(
        operation_id=item.operation.id, at=moment, event=decision.event or decision.state, state=decision.state,
        code=decision.code, facts=dict(decision.facts), actor=str(item.intent.actor),
    )  # fmt: skip


def _limit_columns(keys: Sequence[LimitKey]) -> list[list[Any]]:
    return [
        [k.owner for k in keys], [k.name for k in keys], [k.currency for k in keys], [k.window_start for k in keys],
    ]  # fmt: skip


def _plain_use(use: LimitUse) -> dict[str, Any]:
    key = use.key
    return {
        "owner": str(key.owner), "name": key.name, "currency": key.currency,
        "window_start": key.window_start.isoformat(), "minor": use.minor,
    }  # fmt: skip


def _use_of(item: Mapping[str, Any]) -> LimitUse:
    key = LimitKey(
        UUID(item["owner"]), item["name"], item["currency"], datetime.fromisoformat(item["window_start"])
    )
    return LimitUse(key, item["minor"])
