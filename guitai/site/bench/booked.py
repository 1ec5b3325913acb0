"""Top-ups that lines of a statement name, booked already: as many notices of a bank would have left them.

Operations, their timeline, bills, limits, transfers, entries and balances are those of the till, made in one
statement a table; of claims there are none, for nothing reads them again. `guitai verify` finds nothing to say.
"""

from pathlib import Path

import psycopg

from guitai.site.bench.fixture import CURRENCY
from guitai.site.bench.telling import show

_CUSTOMER, _BANK = 2010, 1010
# A time-ordered id that follows from a number and from what it is for.
_TOLD = """
CREATE FUNCTION bench_id(began timestamptz, n bigint, what text) RETURNS uuid LANGUAGE sql STABLE AS $$
SELECT (lpad(to_hex((extract(epoch FROM began) * 1000)::bigint + n / 1000), 12, '0') || '7'
        || lpad(to_hex(n % 1000), 3, '0') || '8' || substr(md5(what || n::text), 1, 15))::uuid $$;
CREATE UNLOGGED TABLE bench_told (n bigint PRIMARY KEY, reference text, amount bigint, bank_reference text);
"""
_COPY = "COPY bench_told FROM STDIN"
_TOP_UPS = """
CREATE UNLOGGED TABLE bench_account AS
  SELECT row_number() OVER (ORDER BY id) - 1 AS i, a.* FROM ledger_account a WHERE code = {customer};
CREATE UNLOGGED TABLE bench_bank AS SELECT * FROM ledger_account WHERE code = {bank} AND currency = '{currency}';
CREATE UNLOGGED TABLE bench_scale AS SELECT count(*) AS size, max(recorded_at) AS began,
  (SELECT max(day) FROM wallet_limit_used WHERE name = 'top_up') AS day FROM bench_account;
CREATE UNLOGGED TABLE bench_top_up AS
  SELECT t.n, t.reference, t.amount, t.bank_reference, a.id AS account, a.owner, s.day,
         bench_id(s.began, t.n, 'o') AS operation, bench_id(s.began, t.n, 't') AS transfer,
         s.began + t.n * interval '1 microsecond' AS moment
  FROM bench_told t CROSS JOIN bench_scale s JOIN bench_account a ON a.i = t.n % s.size ORDER BY t.n;
ANALYZE bench_top_up, bench_account;
"""
_ROWS = (
    (
        "transfers",
        """
        INSERT INTO ledger_transfer (id, book, debit_account, credit_account, amount, currency, kind, flags,
                                     effective_at, recorded_at, user_data)
        SELECT t.transfer, 'live', b.id, t.account, t.amount, b.currency, 'top_up', 0, t.moment, t.moment, t.operation
        FROM bench_top_up t CROSS JOIN bench_bank b ORDER BY t.n
        """,
    ),
    (
        "entries",
        """
        INSERT INTO ledger_entry (account_id, seq, transfer_id, amount, debits_pending, debits_posted,
                                  credits_pending, credits_posted, recorded_at)
        SELECT b.id, b.version + 1 + t.n, t.transfer, -t.amount, b.debits_pending,
               b.debits_posted + sum(t.amount) OVER (ORDER BY t.n), b.credits_pending, b.credits_posted, t.moment
        FROM bench_top_up t CROSS JOIN bench_bank b
        UNION ALL
        SELECT a.id, a.version + 1 + t.n / s.size, t.transfer, t.amount, a.debits_pending, a.debits_posted,
               a.credits_pending, a.credits_posted + sum(t.amount) OVER (PARTITION BY a.id ORDER BY t.n), t.moment
        FROM bench_top_up t JOIN bench_account a ON a.id = t.account CROSS JOIN bench_scale s
        """,
    ),
    (
        "balances",
        """
        UPDATE ledger_account a SET debits_posted = a.debits_posted + came.debits, recorded_at = came.moment,
               credits_posted = a.credits_posted + came.credits, version = a.version + came.times
        FROM (SELECT account AS id, 0 AS debits, sum(amount) AS credits, count(*) AS times, max(moment) AS moment
              FROM bench_top_up GROUP BY 1
              UNION ALL
              SELECT b.id, sum(t.amount), 0, count(*), max(t.moment) FROM bench_top_up t CROSS JOIN bench_bank b
              GROUP BY 1) came
        WHERE came.id = a.id
        """,
    ),
    (
        "operations",
        """
        INSERT INTO wallet_operation (id, reference, book, kind, state, owner, amount_minor, fee_minor, currency, facts,
                                      delivered, limits_taken, created_at, changed_at)
        SELECT t.operation, t.reference, 'live', 'top_up', 'succeeded', t.owner, t.amount, 0, b.currency,
               jsonb_build_object('bank_reference', t.bank_reference), false,
               ARRAY['top_up@' || t.day || '/' || t.amount], t.moment, t.moment
        FROM bench_top_up t CROSS JOIN bench_bank b ORDER BY t.n
        """,
    ),
    (
        "timelines",
        """
        INSERT INTO wallet_operation_event (operation_id, id, at, intent, outcome, event, state, facts, actor,
                                            transfers)
        SELECT t.operation, bench_id(s.began, t.n, said.intent), t.moment, said.intent, 'approved', said.state,
               said.state,
               CASE WHEN said.done THEN jsonb_build_object('bank_reference', t.bank_reference) ELSE '{}' END,
               CASE WHEN said.done THEN 'rail:bank' ELSE 'customer:' || t.owner END,
               CASE WHEN said.done THEN ARRAY[t.transfer] ELSE '{}' END
        FROM bench_top_up t CROSS JOIN bench_scale s CROSS JOIN
          (VALUES ('top_up.start', 'awaiting_payment', false), ('top_up.settle', 'succeeded', true))
          AS said(intent, state, done) ORDER BY t.n
        """,
    ),
    (
        "bills",
        """
        INSERT INTO wallet_party (operation_id, owner, direction, state, label, since)
        SELECT operation, owner, 'in', 'succeeded', 'bank', moment FROM bench_top_up ORDER BY n
        """,
    ),
    (
        "limits",
        """
        UPDATE wallet_limit_used u SET month_minor = u.month_minor + took.minor, day_minor = u.day_minor + took.minor
        FROM (SELECT owner, sum(amount) AS minor FROM bench_top_up GROUP BY 1) took
        WHERE u.owner = took.owner AND u.name = 'top_up'
        """,
    ),
)
_CLEAR = """
DROP TABLE bench_told, bench_top_up, bench_account, bench_bank, bench_scale;
DROP FUNCTION bench_id(timestamptz, bigint, text)
"""
_READ = 1_048_576


def book(url: str, told: Path) -> None:
    """Book top-ups in a scratch database whose customers have had one each.

    takes    its address, and a file of what they are: number, reference, amount and the bank's reference, by tabs
    """
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET jit = off")
        connection.execute("SET work_mem = '256MB'")
        connection.execute(_TOLD)
        with connection.cursor().copy(_COPY) as copy, told.open("rb") as file:
            while piece := file.read(_READ):
                copy.write(piece)
        connection.execute(_TOP_UPS.format(customer=_CUSTOMER, bank=_BANK, currency=CURRENCY))
        for name, statement in _ROWS:
            show(f"booking the top-ups: {name}")
            connection.execute(statement)
        connection.execute(_CLEAR)
        show("booking the top-ups: vacuum")
        connection.execute(
            "VACUUM (ANALYZE) ledger_transfer, ledger_entry, ledger_account, wallet_operation,"
            " wallet_operation_event, wallet_party"
        )
