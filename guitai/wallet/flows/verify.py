"""The wallet's operations against the books: no operation without its money, no money without its operation."""

from django.db import connection

_PROOFS: tuple[tuple[str, str], ...] = (
    (
        "operation {} is done and has no movement in the books",
        """
        SELECT o.reference FROM wallet_operation o WHERE o.state IN ('succeeded', 'returned', 'sent', 'held')
          AND NOT EXISTS (SELECT 1 FROM wallet_leg l WHERE l.operation_id = o.id)
        """,
    ),
    (
        "operation {} was refused and has a movement in the books",
        """
        SELECT o.reference FROM wallet_operation o JOIN wallet_leg l ON l.operation_id = o.id
        WHERE o.state IN ('refused', 'expired', 'awaiting_payment')
        """,
    ),
    (
        # What its owner gave or got at first; what resolves a reservation later is not counted again.
        "operation {} is of another amount than its movement in the books",
        """
        SELECT o.reference FROM wallet_operation o JOIN wallet_leg l ON l.operation_id = o.id LEFT JOIN (
          SELECT t.id, a.owner, t.amount::numeric, t.currency FROM ledger_transfer t
          JOIN ledger_account a ON a.id IN (t.debit_account, t.credit_account) WHERE t.pending_id IS NULL) m
          ON m.id = l.transfer_id AND m.owner = o.owner
        GROUP BY o.id
        HAVING coalesce(sum(m.amount), 0) <> o.amount_minor + o.fee_minor OR bool_or(m.currency <> o.currency)
        """,
    ),
    (
        "transfer {} belongs to no operation",
        """
        SELECT t.id FROM ledger_transfer t LEFT JOIN wallet_leg l ON l.transfer_id = t.id
        WHERE l.transfer_id IS NULL
        """,
    ),
    (
        "operation {} and its reservation disagree",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN ledger_pending p ON p.transfer_id = o.pending_id
        WHERE (o.pending_id IS NOT NULL AND p.state IS DISTINCT FROM 'pending')
           OR (o.state = 'held' AND o.pending_id IS NULL)
           OR (o.state = 'sent' AND o.delivered = (o.pending_id IS NOT NULL))
        """,
    ),
    (
        "the reservation of operation {} did not end as its state says",
        """
        SELECT o.reference FROM wallet_operation o JOIN wallet_leg l ON l.operation_id = o.id
        JOIN ledger_pending p ON p.transfer_id = l.transfer_id
        WHERE p.state <> CASE WHEN o.state = 'returned' THEN 'voided' WHEN o.delivered THEN 'posted' ELSE 'pending' END
        """,
    ),
    (
        "operation {} was delivered and its payee did not get its amount",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN (
          SELECT l.operation_id, a.owner, sum(t.amount) AS got FROM wallet_leg l
          JOIN ledger_transfer t ON t.id = l.transfer_id AND t.kind = 'transfer.deliver'
          JOIN ledger_account a ON a.id = t.credit_account GROUP BY 1, 2) m
          ON m.operation_id = o.id AND m.owner = o.payee
        WHERE o.kind = 'transfer' AND coalesce(m.got, 0) <> CASE WHEN o.delivered THEN o.amount_minor ELSE 0 END
        """,
    ),
    (
        "the bills of its owner show operation {} in another state",
        """
        SELECT o.reference FROM wallet_operation o
        LEFT JOIN wallet_party p ON p.operation_id = o.id AND p.owner = o.owner
        WHERE p.state IS DISTINCT FROM o.state
        """,
    ),
    (
        "a limit window of {} does not equal what operations took from it",
        """
        SELECT coalesce(u.owner, s.owner) FROM wallet_limit_used u FULL JOIN (
          SELECT (t->>'owner')::uuid AS owner, t->>'name' AS name, t->>'currency' AS currency,
                 (t->>'window_start')::timestamptz AS window_start, sum((t->>'minor')::bigint) AS taken
          FROM wallet_operation o, jsonb_array_elements(o.limits_taken) t GROUP BY 1, 2, 3, 4) s
          ON (s.owner, s.name, s.currency, s.window_start) = (u.owner, u.name, u.currency, u.window_start)
        WHERE coalesce(u.used_minor, 0) <> coalesce(s.taken, 0)
        """,
    ),
    ("the claim of key {} has no outcome", "SELECT key FROM wallet_claim WHERE outcome IS NULL"),
)
_SHOWN_MAX = 20


def verify() -> list[str]:
    problems: list[str] = []
    with connection.cursor() as cursor:
        for words, query in _PROOFS:
            cursor.execute(f"{query} LIMIT {_SHOWN_MAX}")
            problems += [f"wallet: {words.format(row[0])}" for row in cursor.fetchall()]
    return problems
