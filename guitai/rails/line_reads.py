"""Statement lines for whoever matches a million of them: only what matching needs, and no seal is opened."""

from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from guitai.base.clock import now
from guitai.kit import sql
from guitai.kit.transactions import required
from guitai.rails.types import FiledPayouts, LineKey, StatementDay

_LINES_MAX = 10_000
_COLUMNS = """e.id, e.account, e.currency, e.amount_minor, e.credit, e.reversal, e.booked_on, e.reference,
 e.end_to_end_id, e.payment_reference, e.bank_code, e.return_reason, e.charges_minor, e.batch_count, e.batch_part,
 e.batch_reference, f.rail, e.transaction_id"""
_FROM = """rails_statement_entry e JOIN rails_statement s ON s.id = e.statement_id
 JOIN rails_statement_file f ON f.id = s.file_id"""
_NAMING = """
SELECT {columns} FROM {tables} WHERE e.payment_reference = ANY(%b::text[]) AND e.credit AND NOT e.reversal
 AND e.repeat_of IS NULL AND NOT EXISTS (SELECT 1 FROM rails_inbox i WHERE i.line_id = e.id) ORDER BY e.id
"""
# Asked line by line (which is what LIMIT is for): whoever reads some thousand lines must not read a million marks.
_UNMATCHED = """(SELECT m.entry_id FROM rails_statement_match m WHERE m.entry_id = e.id LIMIT 1) IS NULL"""
# Read by their ids alone (which is what OFFSET is for): just after an import the server has no idea how many lines a
# statement has, and would read all of them again for each step.
_OPEN = f"""
SELECT {_COLUMNS} FROM (
  SELECT * FROM rails_statement_entry WHERE id > %b AND id <= %b AND repeat_of IS NULL ORDER BY id OFFSET 0) e
JOIN rails_statement s ON s.id = e.statement_id JOIN rails_statement_file f ON f.id = s.file_id
WHERE s.file_id = %b AND {_UNMATCHED} ORDER BY e.id
"""
# Ids grow with the position in a statement: two of its lines tell where they all lie.
_ENDS = """
SELECT coalesce(min(ends.first), 0), coalesce(max(ends.last), 0) FROM rails_statement s CROSS JOIN LATERAL (SELECT
  (SELECT e.id FROM rails_statement_entry e WHERE e.statement_id = s.id ORDER BY e.position LIMIT 1) AS first,
  (SELECT e.id FROM rails_statement_entry e WHERE e.statement_id = s.id ORDER BY e.position DESC LIMIT 1) AS last) ends
WHERE s.file_id = %b
"""
_OPEN_OF = f"""
SELECT {_COLUMNS} FROM {_FROM}
WHERE e.id = ANY(%b::bigint[]) AND e.repeat_of IS NULL AND {_UNMATCHED} ORDER BY e.id
"""
# Between the first and the last: a plan that would look at every line is of no use for some thousand of them. In the
# order of their ids, so that two who mark the same lines wait for each other and not in a circle.
_MARK = """
INSERT INTO rails_statement_match (entry_id, matched_to, at)
SELECT e.id, given.matched_to, %b FROM unnest(%b::bigint[], %b::text[]) AS given(id, matched_to)
JOIN rails_statement_entry e ON e.id = given.id AND e.id BETWEEN %b AND %b AND e.repeat_of IS NULL ORDER BY e.id
ON CONFLICT (entry_id) DO NOTHING RETURNING entry_id
"""
_FILED = """
SELECT f.message_id, f.control_minor, f.currency, array_agg(p.order_reference ORDER BY p.id)
FROM rails_payout_file f JOIN rails_payout p ON p.file_id = f.id
WHERE f.message_id = ANY(%b::text[]) GROUP BY 1, 2, 3
"""
# The last day of a statement that does not say its period is that of its last line.
_DAYS = """
SELECT s.account, s.currency, s.opening_minor, s.closing_minor, coalesce(s.period_to, (
    SELECT max(e.booked_on) FROM rails_statement_entry e WHERE e.statement_id = s.id)) AS day, f.rail
FROM rails_statement s JOIN rails_statement_file f ON f.id = s.file_id
WHERE s.kind = 'statement' AND f.state = 'imported' AND s.currency IS NOT NULL ORDER BY s.id
"""


def open_lines(file_id: UUID, after: int, limit: int) -> list[LineKey]:
    """Lines of a file that count and are not matched, in the order of their ids; none when there are no more."""
    _, last = _ends(file_id)
    wide = limit = max(1, min(limit, _LINES_MAX))
    while after < last:
        found = sql.fetch(_OPEN, [after, after + wide, file_id])
        if found:
            return [LineKey(*row) for row in found[:limit]]
        # Lines of other files, or matched ones: so many at a time that they are soon passed.
        after, wide = after + wide, min(2 * wide, _LINES_MAX)
    return []


def credits_naming(names: Iterable[str]) -> list[LineKey]:
    """Money in that names one of these and that no notice has been joined to."""
    wanted = sorted(set(names))
    found = sql.fetch(_NAMING.format(columns=_COLUMNS, tables=_FROM), [wanted]) if wanted else []
    return [LineKey(*row) for row in found]


def before_first(file_id: UUID) -> int:
    """Where reading the lines of a file begins."""
    return _ends(file_id)[0] - 1


def open_lines_of(ids: Sequence[int]) -> list[LineKey]:
    """The same of given ids: those that are still free."""
    return [LineKey(*row) for row in sql.fetch(_OPEN_OF, [list(ids)])] if ids else []


def mark(pairs: Sequence[tuple[int, str]]) -> list[int]:
    """Write what lines were matched to, in the caller's transaction; gives those that were free until now."""
    required()
    if not pairs:
        return []
    wanted = dict(pairs)
    found = sql.fetch(_MARK, [now(), list(wanted), list(wanted.values()), min(wanted), max(wanted)])
    return sorted(row[0] for row in found)


def filed_payouts(message_ids: Iterable[str]) -> dict[str, FiledPayouts]:
    """What was in files of payouts, by the file's message id."""
    wanted = sorted(set(message_ids))
    rows = sql.fetch(_FILED, [wanted]) if wanted else []
    return {row[0]: FiledPayouts(row[0], row[1], row[2], tuple(row[3])) for row in rows}


def _ends(file_id: UUID) -> tuple[int, int]:
    [(first, last)] = sql.fetch(_ENDS, [file_id])
    return int(first), int(last)


def statement_days(until: date) -> list[StatementDay]:
    """What banks told at the end of each statement that ends by a day, in the order in which they came."""
    rows = [StatementDay(*row) for row in sql.fetch(_DAYS) if row[4] is not None]
    return [one for one in rows if one.day <= until]
