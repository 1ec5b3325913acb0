"""Prove the books: everything that can be recomputed is recomputed and compared."""

from django.db import connection

# Each query is one statement, so that it sees one moment of the books however busy they are. It gives the ids of
# what contradicts it; an empty answer is the proof. Flags of transfers: 2 reserves, 4 posts
# a reservation, 8 voids one, 64 closes the debited account and 128 the credited one; of accounts: 32 closed.
_PROOFS: tuple[tuple[str, str], ...] = (
    (
        "account {} does not stand where its last entry left it",
        """
        SELECT a.id FROM ledger_account a LEFT JOIN ledger_entry e ON e.account_id = a.id AND e.seq = a.version
        WHERE (a.version > 0 AND e.seq IS NULL)
           OR (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted) IS DISTINCT FROM
              (coalesce(e.debits_pending, 0), coalesce(e.debits_posted, 0),
               coalesce(e.credits_pending, 0), coalesce(e.credits_posted, 0))
           OR a.recorded_at IS DISTINCT FROM e.recorded_at
        """,
    ),
    (
        "account {} is open though a reservation closes it",
        """
        SELECT a.id FROM ledger_pending p JOIN ledger_transfer t ON t.id = p.transfer_id
          JOIN ledger_account a ON a.id IN (t.debit_account, t.credit_account)
        WHERE p.state = 'pending' AND a.flags & 32 = 0
          AND t.flags & CASE WHEN a.id = t.debit_account THEN 64 ELSE 128 END > 0
        """,
    ),
    (
        "account {} has a gap in its entries",
        """
        SELECT a.id FROM ledger_account a LEFT JOIN
          (SELECT account_id, count(*) AS lines, min(seq) AS first, max(seq) AS last FROM ledger_entry GROUP BY 1) e
          ON e.account_id = a.id
        WHERE a.version <> coalesce(e.lines, 0) OR coalesce(e.last, 0) <> a.version OR coalesce(e.first, 1) <> 1
        """,
    ),
    (
        "account {} does not equal the sum of its entries",
        """
        SELECT a.id FROM ledger_account a LEFT JOIN
          (SELECT account_id, sum(amount::numeric) AS total FROM ledger_entry GROUP BY 1) e ON e.account_id = a.id
        WHERE a.credits_posted - a.debits_posted <> coalesce(e.total, 0)
        """,
    ),
    (
        "account {} was overdrawn",
        """
        SELECT id FROM ledger_account
        WHERE (flags & 2 > 0 AND debits_posted::numeric + debits_pending > credits_posted)
           OR (flags & 4 > 0 AND credits_posted::numeric + credits_pending > debits_posted)
        """,
    ),
    (
        "account {} has an entry that does not follow from the one before and its transfer",
        """
        SELECT DISTINCT s.account_id FROM (
          SELECT e.account_id, e.transfer_id, e.amount, e.recorded_at,
            e.debits_pending - lag(e.debits_pending, 1, 0::bigint) OVER line AS debits_pending,
            e.debits_posted - lag(e.debits_posted, 1, 0::bigint) OVER line AS debits_posted,
            e.credits_pending - lag(e.credits_pending, 1, 0::bigint) OVER line AS credits_pending,
            e.credits_posted - lag(e.credits_posted, 1, 0::bigint) OVER line AS credits_posted,
            e.recorded_at < lag(e.recorded_at) OVER line AS backwards,
            row_number() OVER (PARTITION BY e.account_id, e.transfer_id ORDER BY e.seq) AS nth
          FROM ledger_entry e WINDOW line AS (PARTITION BY e.account_id ORDER BY e.seq)) s
        JOIN ledger_transfer t ON t.id = s.transfer_id LEFT JOIN ledger_transfer r ON r.id = t.pending_id
        CROSS JOIN LATERAL (SELECT
          CASE WHEN t.flags & 2 > 0 AND s.nth = 1 THEN t.amount WHEN t.flags & 2 > 0 THEN -t.amount
               WHEN t.flags & 12 > 0 THEN -r.amount ELSE 0 END AS held,
          CASE WHEN t.flags & 10 > 0 THEN 0 ELSE t.amount END AS moved,
          s.account_id = t.debit_account AS debits) step
        WHERE s.backwards OR (s.nth = 1 AND s.recorded_at <> t.recorded_at)
           OR (s.debits_pending, s.debits_posted, s.credits_pending, s.credits_posted, s.amount) IS DISTINCT FROM
              (CASE WHEN step.debits THEN step.held ELSE 0 END, CASE WHEN step.debits THEN step.moved ELSE 0 END,
               CASE WHEN step.debits THEN 0 ELSE step.held END, CASE WHEN step.debits THEN 0 ELSE step.moved END,
               CASE WHEN step.debits THEN -step.moved ELSE step.moved END)
        """,
    ),
    (
        "transfer {} does not have its entries",
        """
        SELECT t.id FROM ledger_transfer t LEFT JOIN ledger_entry e ON e.transfer_id = t.id
          LEFT JOIN ledger_pending p ON p.transfer_id = t.id
        GROUP BY t.id, t.debit_account, t.credit_account, p.state
        HAVING (count(*) FILTER (WHERE e.account_id = t.debit_account),
                count(*) FILTER (WHERE e.account_id = t.credit_account))
               IS DISTINCT FROM
               CASE WHEN p.state = 'expired' THEN (2::bigint, 2::bigint) ELSE (1::bigint, 1::bigint) END
            OR bool_or(e.account_id NOT IN (t.debit_account, t.credit_account))
        """,
    ),
    (
        "transfer {} is not of the book and currency of its accounts",
        """
        SELECT t.id FROM ledger_transfer t LEFT JOIN ledger_account d ON d.id = t.debit_account
          LEFT JOIN ledger_account c ON c.id = t.credit_account
        WHERE (d.book, d.currency) IS DISTINCT FROM (t.book, t.currency)
           OR (c.book, c.currency) IS DISTINCT FROM (t.book, t.currency)
        """,
    ),
    (
        "an entry of account {} has no transfer",
        """
        SELECT e.account_id FROM ledger_entry e LEFT JOIN ledger_transfer t ON t.id = e.transfer_id
        WHERE t.id IS NULL
        """,
    ),
    (
        "an entry belongs to account {}, which is not in the books",
        """
        SELECT DISTINCT e.account_id FROM ledger_entry e LEFT JOIN ledger_account a ON a.id = e.account_id
        WHERE a.id IS NULL
        """,
    ),
    (
        "reservation {} and its transfer disagree",
        """
        SELECT coalesce(t.id, p.transfer_id)
        FROM (SELECT * FROM ledger_transfer WHERE flags & 2 > 0) t
          FULL JOIN ledger_pending p ON p.transfer_id = t.id
        WHERE (t.id, t.amount, t.expires_at) IS DISTINCT FROM (p.transfer_id, p.amount, p.expires_at)
        """,
    ),
    (
        "reservation {} and its fate disagree",
        """
        SELECT p.transfer_id FROM ledger_pending p LEFT JOIN ledger_transfer r ON r.pending_id = p.transfer_id
        WHERE CASE p.state
          WHEN 'pending' THEN r.id IS NOT NULL OR p.resolved_by IS NOT NULL
          WHEN 'posted' THEN r.id IS NULL OR r.flags & 4 = 0 OR r.id IS DISTINCT FROM p.resolved_by
          WHEN 'voided' THEN r.id IS NULL OR r.flags & 8 = 0 OR r.id IS DISTINCT FROM p.resolved_by
          WHEN 'expired' THEN r.id IS NOT NULL OR p.expires_at IS NULL OR p.resolved_by IS DISTINCT FROM p.transfer_id
          ELSE true END
        """,
    ),
    (
        "transfer {} resolves what it does not fit",
        """
        SELECT r.id FROM ledger_transfer r LEFT JOIN ledger_transfer t ON t.id = r.pending_id AND t.flags & 2 > 0
        WHERE (r.pending_id IS NOT NULL OR r.flags & 12 > 0)
          AND ((r.debit_account, r.credit_account, r.book, r.currency) IS DISTINCT FROM
               (t.debit_account, t.credit_account, t.book, t.currency)
            OR r.flags & 12 NOT IN (4, 8) OR r.amount > t.amount OR (r.flags & 8 > 0 AND r.amount <> t.amount))
        """,
    ),
    (
        "account {} reserves something else than its open reservations",
        """
        SELECT a.id FROM ledger_account a LEFT JOIN (
          SELECT account, sum(debit) AS debit, sum(credit) AS credit FROM (
            SELECT t.debit_account AS account, p.amount::numeric AS debit, 0 AS credit
            FROM ledger_pending p JOIN ledger_transfer t ON t.id = p.transfer_id WHERE p.state = 'pending'
            UNION ALL
            SELECT t.credit_account, 0, p.amount::numeric
            FROM ledger_pending p JOIN ledger_transfer t ON t.id = p.transfer_id WHERE p.state = 'pending') o
          GROUP BY account) o ON o.account = a.id
        WHERE a.debits_pending <> coalesce(o.debit, 0) OR a.credits_pending <> coalesce(o.credit, 0)
        """,
    ),
    (
        "the books in {} do not sum to zero",
        """
        SELECT book || '/' || currency FROM ledger_account GROUP BY book, currency
        HAVING sum(debits_posted::numeric) <> sum(credits_posted::numeric)
            OR sum(debits_pending::numeric) <> sum(credits_pending::numeric)
        """,
    ),
)
_SHOWN_MAX = 20


def verify() -> list[str]:
    """Every contradiction in words; an empty list is the proof."""
    problems: list[str] = []
    with connection.cursor() as cursor:
        for words, query in _PROOFS:
            cursor.execute(f"{query} LIMIT {_SHOWN_MAX}")
            problems += [f"ledger: {words.format(row[0])}" for row in cursor.fetchall()]
    return problems
