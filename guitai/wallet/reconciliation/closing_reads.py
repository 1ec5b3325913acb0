"""What a daily close is computed from: the books' entries and the statements' lines since the last signed one.

A close goes on from the latest that was signed: only what is newer, and what was open then, is looked at. The two
sides are read beside each other as `flows/verify.py` reads them.
"""

from datetime import date, datetime
from uuid import UUID

from msgspec import Struct

from guitai.kit import sql
from guitai.wallet.reconciliation.rules.closing import Booked, Unproved

# Lines that count for the day: those of later files than the base has seen, those booked after its day, and what was
# open in it. Repeats never count.
_LINES = """
 lines AS (
  SELECT e.id, CASE WHEN e.credit THEN e.amount_minor ELSE -e.amount_minor END AS amount, e.booked_on,
         coalesce((SELECT k.matched_to FROM rails_statement_match k WHERE k.entry_id = e.id), e.payment_reference,
           e.end_to_end_id, '') AS reference,
         NOT (e.id <= {last_line} AND coalesce(e.booked_on, {base_day}) <= {base_day}) AS fresh
  FROM rails_statement_entry e
  WHERE e.account = ANY({accounts}::text[]) AND e.currency = {currency} AND e.repeat_of IS NULL
    AND coalesce(e.booked_on, {day}) <= {day}
    AND (NOT (e.id <= {last_line} AND coalesce(e.booked_on, {base_day}) <= {base_day})
         OR e.id IN (SELECT i.line_id FROM wallet_close_item i WHERE i.close_id = {base} AND i.line_id IS NOT NULL)))
"""
_ENTRIES = """
 moved AS (
  SELECT n.transfer_id, -n.amount AS amount, n.seq, n.recorded_at FROM ledger_entry n
  WHERE n.account_id = {account} AND n.seq > {last_seq} AND n.recorded_at < {end} AND n.amount <> 0)
"""
_UNPROVED = f"""
WITH {_LINES}, {_ENTRIES}, open AS (
  SELECT transfer_id, amount, recorded_at FROM moved
  UNION ALL
  SELECT i.transfer_id, i.amount_minor, (i.since::timestamp AT TIME ZONE {{zone}}) FROM wallet_close_item i
  WHERE i.close_id = {{base}} AND i.transfer_id IS NOT NULL)
SELECT o.transfer_id, o.amount, coalesce(w.reference, ''), (o.recorded_at AT TIME ZONE {{zone}})::date
FROM open o JOIN ledger_transfer t ON t.id = o.transfer_id LEFT JOIN wallet_operation w ON w.id = t.user_data
WHERE NOT EXISTS (SELECT 1 FROM wallet_match m JOIN lines l ON l.id = m.line_id WHERE m.transfer_id = o.transfer_id)
ORDER BY o.recorded_at, o.transfer_id
"""
_BOOKED = f"""
WITH {_LINES}
SELECT l.id, l.amount, coalesce(s.by_then, 0), s.in_all, l.reference, l.booked_on,
  EXISTS (SELECT 1 FROM wallet_open_item i WHERE i.line_id = l.id AND i.state = 'open' AND i.code = 'payout_open')
FROM lines l LEFT JOIN LATERAL (
  SELECT sum(signed) FILTER (WHERE recorded_at < {{end}}) AS by_then, sum(signed) AS in_all FROM (
    SELECT t.recorded_at, CASE WHEN t.debit_account = {{account}} THEN t.amount ELSE -t.amount END AS signed
    FROM wallet_match m JOIN ledger_transfer t ON t.id = m.transfer_id
    WHERE m.line_id = l.id AND {{account}} IN (t.debit_account, t.credit_account)) proved
) s ON true
WHERE coalesce(s.by_then, 0) <> l.amount ORDER BY l.booked_on, l.id
"""
_TOTALS = f"""
WITH {_LINES}
SELECT coalesce(sum(amount) FILTER (WHERE fresh AND amount > 0), 0),
       coalesce(-sum(amount) FILTER (WHERE fresh AND amount < 0), 0) FROM lines
"""
_MOVED = f"""
WITH {_ENTRIES}
SELECT coalesce(sum(amount) FILTER (WHERE amount > 0), 0), coalesce(-sum(amount) FILTER (WHERE amount < 0), 0),
       coalesce(max(seq), {{last_seq}}) FROM moved
"""
_LAST_LINE = "SELECT coalesce(max(id), 0) FROM rails_statement_entry"


class Frame(Struct, frozen=True):
    """What a close is computed for, and from where it goes on."""

    account: UUID
    accounts: tuple[str, ...]
    currency: str
    day: date
    end: datetime
    zone: str
    base: UUID
    base_day: date
    last_seq: int
    last_line: int


def unproved(frame: Frame) -> list[Unproved]:
    """Movements up to the day that no line up to the day has proved."""
    return [Unproved(row[0], int(row[1]), row[2], row[3]) for row in _fetch(_UNPROVED, frame)]


def booked(frame: Frame) -> list[Booked]:
    """Lines up to the day whose movements up to the day are not of their amount."""
    return [
        Booked(
            row[0], int(row[1]), int(row[2]), None if row[3] is None else int(row[3]), row[4], row[5], row[6]
        )
        for row in _fetch(_BOOKED, frame)
    ]


def line_totals(frame: Frame) -> tuple[int, int]:
    """What came and what went by the bank's lines since the base."""
    [row] = _fetch(_TOTALS, frame)
    return int(row[0]), int(row[1])


def moved(frame: Frame) -> tuple[int, int, int]:
    """What came and what went in the books since the base, and their last entry."""
    [row] = _fetch(_MOVED, frame)
    return int(row[0]), int(row[1]), int(row[2])


def last_line() -> int:
    """The newest line of any statement."""
    return int(sql.fetch(_LAST_LINE)[0][0])


def _fetch(query: str, frame: Frame) -> list[sql.Row]:
    """Fill in the frame's values by name: the same one stands in several places."""
    values = {
        "account": (frame.account, "%b::uuid"), "accounts": (list(frame.accounts), "%b"),
        "currency": (frame.currency, "%s::text"), "day": (frame.day, "%s::date"), "end": (frame.end, "%s::timestamptz"),
        "zone": (frame.zone, "%s::text"), "base": (frame.base, "%s::uuid"), "base_day": (frame.base_day, "%s::date"),
        "last_seq": (frame.last_seq, "%s::bigint"), "last_line": (frame.last_line, "%s::bigint"),
    }  # fmt: skip
    order: list[object] = []
    pieces: list[str] = []
    for text in query.split("{"):
        name, closed, rest = text.partition("}")
        if not closed or name not in values:
            pieces.append(text)
            continue
        value, place = values[name]
        order.append(value)
        pieces.append(place + rest)
    return sql.fetch("".join(pieces), order)
