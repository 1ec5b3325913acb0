"""Books that are already full: millions of transfers with their entries, as years of use would have left them.

In each pass every account gives one minor unit once and gets one once, so balances stay where they are and each
entry's sequence number and balances follow from its number alone: `guitai verify` would find nothing to say.
"""

from typing import Any

import psycopg

from guitai.site.bench.telling import show

_CUSTOMER = 2010
# A time-ordered id that follows from the transfer's number, so that its entries need no look-up.
_NUMBERED = """
CREATE FUNCTION bench_id(began timestamptz, n bigint) RETURNS uuid LANGUAGE sql STABLE AS $$
SELECT (lpad(to_hex((extract(epoch FROM began) * 1000)::bigint + n / 1000), 12, '0') || '7'
        || lpad(to_hex(n % 1000), 3, '0') || '8' || substr(md5(n::text), 1, 15))::uuid $$;
CREATE TABLE bench_account AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS i, a.* FROM ledger_account a WHERE code = {code};
ALTER TABLE bench_account ADD PRIMARY KEY (i);
CREATE TABLE bench_scale AS
  SELECT count(*) AS size, ceil({rows}::numeric / count(*))::bigint AS passes,
         (SELECT max(recorded_at) FROM ledger_entry) AS began FROM bench_account;
ANALYZE bench_account;
"""
_TRANSFERS = """
INSERT INTO ledger_transfer
  (id, book, debit_account, credit_account, amount, currency, kind, flags, effective_at, recorded_at)
SELECT bench_id(s.began, k * s.size + d.i), d.book, d.id, c.id, 1, d.currency, 'bench', 0, at.moment, at.moment
FROM bench_scale s CROSS JOIN LATERAL generate_series(%(first)s::bigint, %(last)s::bigint) AS k
  CROSS JOIN bench_account d
  JOIN bench_account c ON c.i = (d.i + 1 + k %% (s.size - 1)) %% s.size
  CROSS JOIN LATERAL (SELECT s.began + (k * s.size + d.i) * interval '1 microsecond' AS moment) at
ORDER BY k, d.i
"""
# Account a gives in transfer number k * size + a.i and gets in number k * size + p.i, whichever comes first.
_ENTRIES = """
INSERT INTO ledger_entry (account_id, seq, transfer_id, amount, debits_pending, debits_posted, credits_pending,
                          credits_posted, recorded_at)
SELECT a.id, a.version + 2 * k + e.nth, bench_id(s.began, k * s.size + e.n), e.amount, a.debits_pending,
       a.debits_posted + k + e.given, a.credits_pending, a.credits_posted + k + e.got,
       s.began + (k * s.size + e.n) * interval '1 microsecond'
FROM bench_scale s
  CROSS JOIN (SELECT * FROM bench_account WHERE i BETWEEN %(first)s AND %(last)s ORDER BY id) a
  CROSS JOIN LATERAL generate_series(0, s.passes - 1) AS k
  CROSS JOIN LATERAL (SELECT (a.i - 1 - k %% (s.size - 1) + s.size) %% s.size AS i) p
  CROSS JOIN LATERAL (VALUES
    (CASE WHEN a.i < p.i THEN 1 ELSE 2 END, a.i, -1, 1, CASE WHEN a.i < p.i THEN 0 ELSE 1 END),
    (CASE WHEN a.i < p.i THEN 2 ELSE 1 END, p.i, 1, CASE WHEN a.i < p.i THEN 1 ELSE 0 END, 1)
  ) AS e(nth, n, amount, given, got)
"""
_BALANCES = """
UPDATE ledger_account a SET debits_posted = a.debits_posted + s.passes, credits_posted = a.credits_posted + s.passes,
  version = a.version + 2 * s.passes, recorded_at = s.began + last.n * interval '1 microsecond'
FROM bench_scale s, bench_account b
  CROSS JOIN LATERAL (SELECT size, passes - 1 AS k FROM bench_scale) z
  CROSS JOIN LATERAL (
    SELECT z.k * z.size + greatest(b.i, (b.i - 1 - z.k % (z.size - 1) + z.size) % z.size) AS n) last
WHERE a.id = b.id
"""
_CLEAR = "DROP TABLE bench_account, bench_scale; DROP FUNCTION bench_id"
_PIECES = 20


def fill(url: str, rows: int) -> int:
    """Fill the books of a scratch database whose accounts are open and have had no other transfer than their first.

    takes    its address, and how many transfers at least
    gives    how many there are
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET jit = off")
        connection.execute(_NUMBERED.format(code=_CUSTOMER, rows=rows))
        size, passes = connection.execute("SELECT size, passes FROM bench_scale").fetchone() or (0, 0)
        _in_pieces(connection, _TRANSFERS, passes, "transfers")
        _in_pieces(connection, _ENTRIES, size, "entries")
        connection.execute(_BALANCES)
        connection.execute(_CLEAR)
        show("filling the books: vacuum")
        connection.execute("VACUUM (ANALYZE) ledger_transfer, ledger_entry, ledger_account")
    return int(size * passes)


def _in_pieces(connection: psycopg.Connection[Any], query: str, count: int, what: str) -> None:
    step = max(1, -(-count // _PIECES))
    for first in range(0, count, step):
        show(f"filling the books: {what}, {100 * first // count} %")
        connection.execute(query, {"first": first, "last": min(first + step, count) - 1})
