"""What must hold of reconciliation, proved from the rows: part of `guitai verify`."""

from django.db import connection

from guitai.wallet.rules import chart

_PROOFS: tuple[tuple[str, str], ...] = (
    (
        "what stands in suspense in {} is not the sum of what is open",
        f"""
        WITH books AS (
          SELECT currency, sum(credits_posted - debits_posted) AS amount FROM ledger_account
          WHERE code = {chart.SUSPENSE} AND book = 'live' GROUP BY 1),
        items AS (
          SELECT currency, sum(amount) AS amount FROM (
            SELECT currency, amount_minor AS amount FROM wallet_open_item
            WHERE held_by IS NOT NULL AND state IN ('open', 'proposed', 'returning')
            UNION ALL
            SELECT currency, amount_minor FROM wallet_parked_payment
            WHERE state IN ('open', 'returning') AND amount_minor IS NOT NULL) held GROUP BY 1)
        SELECT coalesce(b.currency, i.currency) FROM books b FULL JOIN items i USING (currency)
        WHERE coalesce(b.amount, 0) <> coalesce(i.amount, 0)
        """,
    ),
    (
        "line {} is matched to an operation or a movement that is not there",
        """
        SELECT m.line_id FROM wallet_match m LEFT JOIN wallet_operation o ON o.id = m.operation_id
        LEFT JOIN ledger_transfer t ON t.id = m.transfer_id AND t.user_data = m.operation_id
        LEFT JOIN rails_statement_entry e ON e.id = m.line_id
        LEFT JOIN rails_statement_match k ON k.entry_id = m.line_id
        WHERE o.id IS NULL OR t.id IS NULL OR e.id IS NULL OR k.entry_id IS NULL
        """,
    ),
    (
        "line {} and the movements it was matched to are not the same amount",
        """
        SELECT m.line_id FROM wallet_match m JOIN rails_statement_entry e ON e.id = m.line_id
        JOIN ledger_transfer t ON t.id = m.transfer_id
        JOIN ledger_account d ON d.id = t.debit_account
        GROUP BY m.line_id, e.amount_minor, e.credit
        HAVING sum(CASE WHEN d.code BETWEEN 1000 AND 1999 THEN t.amount ELSE -t.amount END)
          <> CASE WHEN e.credit THEN e.amount_minor ELSE -e.amount_minor END
        """,
    ),
    (
        "line {} is marked as matched and no movement was written beside it",
        """
        SELECT k.entry_id FROM rails_statement_match k LEFT JOIN wallet_match m ON m.line_id = k.entry_id
        WHERE m.line_id IS NULL AND EXISTS (SELECT 1 FROM wallet_matching)
        """,
    ),
    (
        "line {} is marked as matched and is not there, or tells of a booking that another line had told",
        """
        SELECT k.entry_id FROM rails_statement_match k LEFT JOIN rails_statement_entry e ON e.id = k.entry_id
        WHERE e.id IS NULL OR e.repeat_of IS NOT NULL
        """,
    ),
    (
        "the daily close {} does not add up",
        """
        SELECT c.rail || ' ' || c.currency || ' ' || c.day FROM wallet_daily_close c
        LEFT JOIN (SELECT close_id, sum(amount_minor) AS amount FROM wallet_close_item GROUP BY 1) i
          ON i.close_id = c.id
        WHERE c.books_closing - c.bank_closing <> coalesce(i.amount, 0)
        """,
    ),
)
_SHOWN_MAX = 20


def verify() -> list[str]:
    """Every contradiction, one line each."""
    problems: list[str] = []
    with connection.cursor() as cursor:
        for words, query in _PROOFS:
            cursor.execute(f"{query} LIMIT {_SHOWN_MAX}")
            problems += [f"reconciliation: {words.format(row[0])}" for row in cursor.fetchall()]
    return problems
