"""What matching reads and writes, each table once a batch. Proofs join the books as `flows/verify.py` does."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec

from guitai.base.clock import now
from guitai.kit import sql
from guitai.wallet.models import OpenItem, ParkedPayment
from guitai.wallet.models.reconciliation import HOLDING_STATES
from guitai.wallet.reconciliation.rules.matching import (
    OVERDUE,
    PAYABLE,
    PAYOUT_OPEN,
    Line,
    Movement,
    Op,
    Verdict,
)
from guitai.wallet.rules import chart

# A line and the movements it proves are told by one process after another: no two look at one operation at once.
LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('wallet.matching', 0))"
_OPERATIONS = """
SELECT o.id, o.reference, o.kind, o.state, o.amount_minor, o.currency
FROM wallet_operation o WHERE o.reference = ANY(%b::text[])
"""
# Reserving (2) and voiding (8) move nothing. Transfers and matches are looked up one by one (which is what OFFSET and
# LIMIT are for): a plan that reads a million of them for each step is never right.
_MOVEMENTS = """
SELECT t.id, e.operation_id, t.amount, coalesce(d.code, 0), coalesce(c.code, 0), t.currency,
  CASE WHEN e.intent IN ('top_up.settle', 'top_up.park') THEN coalesce(e.facts ->> 'bank_reference', '') ELSE '' END
FROM wallet_operation_event e CROSS JOIN LATERAL unnest(e.transfers) AS given(id)
CROSS JOIN LATERAL (SELECT * FROM ledger_transfer WHERE id = given.id AND flags & 10 = 0 OFFSET 0) t
LEFT JOIN unnest(%b::uuid[], %b::int[]) AS d(id, code) ON d.id = t.debit_account
LEFT JOIN unnest(%b::uuid[], %b::int[]) AS c(id, code) ON c.id = t.credit_account
WHERE e.operation_id = ANY(%b::uuid[]) AND (d.id IS NOT NULL OR c.id IS NOT NULL)
  AND (SELECT m.transfer_id FROM wallet_match m WHERE m.transfer_id = t.id LIMIT 1) IS NULL
ORDER BY t.recorded_at, t.id
"""
_MATCH = """
INSERT INTO wallet_match (line_id, transfer_id, operation_id, rule, facts, at, by)
SELECT line_id, transfer_id, operation_id, rule, facts::jsonb, %b, %s
FROM unnest(%b::bigint[], %b::uuid[], %b::uuid[], %b::text[], %b::text[])
  AS given(line_id, transfer_id, operation_id, rule, facts)
"""
_ITEMS = sql.Table(
    "wallet_open_item", "ON CONFLICT (line_id) DO NOTHING",
    id="uuid", line_id="bigint", rail="text", account="text", credit="boolean", reversal="boolean",
    amount_minor="bigint", currency="text", booked_on="date", bank_reference="text", code="text", names="text",
    held_by="uuid", state="text", proposed_action="text", proposed_target="text", proposed_reason="text",
    proposed_by="text", decided_by="text", problem="text", came_at="timestamptz", changed_at="timestamptz",
)  # fmt: skip
_WAITING = """
SELECT o.id, o.reference, o.owner, o.amount_minor, o.currency, o.created_at, o.state FROM wallet_operation o
WHERE o.kind = 'top_up' AND o.state = ANY(%b::text[]) AND o.created_at >= %b AND o.created_at < %b
  AND (o.amount_minor, o.currency) IN (SELECT * FROM unnest(%b::bigint[], %b::text[]))
ORDER BY o.created_at
"""


class WaitingRow(msgspec.Struct, frozen=True):
    """A top-up that still waits for its money."""

    id: UUID
    reference: str
    owner: UUID
    amount: int
    currency: str
    created_at: datetime
    state: str


def operations(references: Iterable[str]) -> list[Op]:
    """Operations by reference."""
    wanted = sorted(set(references))
    rows = sql.fetch(_OPERATIONS, [wanted]) if wanted else []
    return [Op(*row) for row in rows]


def movements(operation_ids: Iterable[UUID], currencies: Iterable[str]) -> list[Movement]:
    """Movements on the accounts of rails that no line has proved yet."""
    ids = list(operation_ids)
    if not ids:
        return []
    rails = {
        chart.house_account(code, currency).id: code
        for code in chart.RAILS.values()
        for currency in sorted(set(currencies))
    }
    keys, codes = list(rails), list(rails.values())
    names = {code: rail for rail, code in chart.RAILS.items()}
    return [
        Movement(row[0], row[1], row[2], bool(row[3]), names[row[3] or row[4]], row[5], row[6])
        for row in sql.fetch(_MOVEMENTS, [keys, codes, keys, codes, ids])
    ]


def write_matches(found: Sequence[tuple[Line, Verdict]], by: str) -> None:
    """Store which line is which movement, and why."""
    rows = [
        (line.id, movement.id, movement.operation, verdict.rule, _json(verdict.facts))
        for line, verdict in found
        for movement in verdict.movements
    ]
    if rows:
        sql.run(_MATCH, [now(), by, *sql.columns(rows)])


def write_items(rows: Sequence[tuple[Any, ...]]) -> None:
    """Store open items; a line that has one keeps it."""
    _ITEMS.insert(rows)


def held_like(lines: Iterable[Line]) -> list[tuple[str, str, int]]:
    """What stands in suspense under the bank's own references of some lines."""
    references = sorted({line.reference for line in lines if line.reference})
    if not references:
        return []
    rows = OpenItem.objects.filter(
        bank_reference__in=references, state="open", credit=True, held_by__isnull=False
    )
    parked = ParkedPayment.objects.filter(
        bank_reference__in=references, state="open", amount_minor__isnull=False
    )
    wanted = ("rail", "bank_reference", "amount_minor")
    return [*rows.values_list(*wanted), *parked.values_list(*wanted)]


def taken_by_gateways(lines: Iterable[Line]) -> list[tuple[str, str, int, int]]:
    """Lines by which gateways took payments out that some lines name, and that wait for what becomes of them."""
    names = sorted({line.end_to_end_id for line in lines if line.credit and line.end_to_end_id})
    if not names:
        return []
    rows = OpenItem.objects.filter(
        names__in=names, credit=False, state="open", code__in=(PAYOUT_OPEN, OVERDUE)
    )
    return list(rows.values_list("rail", "names", "amount_minor", "line_id"))


def waiting_top_ups(wanted: Iterable[tuple[int, str]], since: datetime, until: datetime) -> list[WaitingRow]:
    """Top-ups of some amounts that still wait for their money, started within a time."""
    pairs = sorted(set(wanted))
    if not pairs:
        return []
    amounts, currencies = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    rows = sql.fetch(_WAITING, [sorted(PAYABLE), since, until, amounts, currencies])
    return [WaitingRow(*row) for row in rows]


def items_like(amount: int, currency: str, first: date, last: date) -> list[OpenItem]:
    """Credits of exactly one amount that stand in suspense and were booked within some days."""
    return list(
        OpenItem.objects.filter(
            currency=currency, amount_minor=amount, booked_on__range=(first, last), credit=True,
            held_by__isnull=False, state__in=HOLDING_STATES,
        ).order_by("booked_on", "id")[:100]
    )  # fmt: skip


def _json(value: Mapping[str, Any]) -> str:
    return msgspec.json.encode(value).decode()
