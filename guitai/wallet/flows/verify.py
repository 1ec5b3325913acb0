"""The wallet's operations against the books: no operation without its money, no money without its operation."""

from django.db import connection

from guitai.wallet.flows.verify_chargebacks import PROOFS as CHARGEBACK_PROOFS
from guitai.wallet.flows.verify_disputed import PROOFS as DISPUTED_PROOFS
from guitai.wallet.flows.verify_withdrawals import PROOFS as WITHDRAWAL_PROOFS

_PROOFS: tuple[tuple[str, str], ...] = (
    (
        "operation {} is done and has no movement in the books",
        """
        SELECT o.reference FROM wallet_operation o WHERE o.state IN ('succeeded', 'returned', 'sent', 'held')
          AND NOT EXISTS (SELECT 1 FROM wallet_operation_event e
                          WHERE e.operation_id = o.id AND cardinality(e.transfers) > 0)
        """,
    ),
    (
        "operation {} was refused and has a movement in the books",
        """
        SELECT DISTINCT o.reference FROM wallet_operation o JOIN ledger_transfer t ON t.user_data = o.id
        WHERE o.state IN ('refused', 'expired', 'awaiting_payment')
        """,
    ),
    (
        # What its owner gave or got at first; what resolves a reservation later is not counted again.
        "operation {} is of another amount than its movement in the books",
        """
        SELECT o.reference FROM wallet_operation o JOIN (
          SELECT t.user_data,
                 bool_or(t.currency <> o.currency) FILTER (WHERE o.owner IN (d.owner, c.owner)) AS other,
                 sum(t.amount) FILTER (WHERE t.pending_id IS NULL AND o.owner IN (d.owner, c.owner)
                   AND t.kind NOT IN ('withdrawal.return', 'withdrawal.fee_back')) AS amount
          FROM ledger_transfer t JOIN wallet_operation o ON o.id = t.user_data
          JOIN ledger_account d ON d.id = t.debit_account JOIN ledger_account c ON c.id = t.credit_account
          GROUP BY t.user_data) m ON m.user_data = o.id
        WHERE m.other OR coalesce(m.amount, 0) <> CASE
          -- What came and did not fit stands in suspense, not with the owner.
          WHEN o.kind = 'top_up' AND o.state <> 'succeeded' THEN 0 ELSE o.amount_minor + o.fee_minor END
        """,
    ),
    (
        "transfer {} belongs to no operation",
        """
        SELECT t.id FROM ledger_transfer t LEFT JOIN wallet_operation o ON o.id = t.user_data WHERE o.id IS NULL
        """,
    ),
    (
        "the timeline of an operation and transfer {} do not name each other",
        """
        SELECT coalesce(t.id, l.transfer) FROM ledger_transfer t FULL JOIN (
          SELECT operation_id, unnest(transfers) AS transfer FROM wallet_operation_event) l
          ON l.transfer = t.id AND l.operation_id = t.user_data
        WHERE t.id IS NULL OR l.transfer IS NULL
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
        SELECT o.reference FROM wallet_operation o JOIN ledger_transfer t ON t.user_data = o.id
        JOIN ledger_pending p ON p.transfer_id = t.id
        WHERE o.kind NOT IN ('withdrawal', 'top_up')
          AND p.state <> CASE WHEN o.state IN ('returned', 'failed') THEN 'voided'
                              WHEN o.delivered THEN 'posted' ELSE 'pending' END
        """,
    ),
    (
        # What its rail is to send back is set aside; what it has sent back, or will not, is not.
        "what is set aside to be sent back of top-up {} is not as its payment says",
        """
        SELECT o.reference FROM wallet_operation o
        JOIN ledger_transfer t ON t.user_data = o.id JOIN ledger_pending l ON l.transfer_id = t.id
        LEFT JOIN wallet_parked_payment p ON p.reserved = l.transfer_id
        WHERE o.kind = 'top_up' AND l.state <> CASE p.state WHEN 'returning' THEN 'pending'
          WHEN 'returned' THEN 'posted' ELSE 'voided' END
        UNION ALL
        SELECT o.reference FROM wallet_parked_payment p JOIN wallet_operation o ON o.id = p.operation_id
        LEFT JOIN ledger_pending l ON l.transfer_id = p.reserved
        WHERE p.reserved IS NOT NULL AND l.state IS DISTINCT FROM CASE p.state WHEN 'returning' THEN 'pending'
          WHEN 'returned' THEN 'posted' END
        """,
    ),
    (
        "operation {} was delivered and its payee did not get its amount",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN (
          SELECT t.user_data AS operation_id, a.owner, sum(t.amount) AS got FROM ledger_transfer t
          JOIN ledger_account a ON a.id = t.credit_account WHERE t.kind = 'transfer.deliver' GROUP BY 1, 2) m
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
        WITH taken AS (
          SELECT o.owner, split_part(t, '@', 1) AS name, o.currency,
                 split_part(split_part(t, '@', 2), '/', 1)::date AS day, split_part(t, '/', 2)::bigint AS minor
          FROM wallet_operation o, unnest(o.limits_taken) t WHERE o.limits_taken <> '{}'),
        months AS (
          SELECT owner, name, currency, date_trunc('month', day)::date AS month, sum(minor) AS minor FROM taken
          GROUP BY 1, 2, 3, 4)
        SELECT coalesce(u.owner, m.owner) FROM wallet_limit_used u
        FULL JOIN months m ON (m.owner, m.name, m.currency, m.month) = (u.owner, u.name, u.currency, u.month)
        LEFT JOIN (SELECT owner, name, currency, day, sum(minor) AS minor FROM taken GROUP BY 1, 2, 3, 4) d
          ON (d.owner, d.name, d.currency, d.day) = (u.owner, u.name, u.currency, u.day)
        WHERE coalesce(u.month_minor, 0) <> coalesce(m.minor, 0) OR coalesce(u.day_minor, 0) <> coalesce(d.minor, 0)
        """,
    ),
    (
        "the claim of key {} has no answer",
        """
        SELECT c.key FROM wallet_claim c
        LEFT JOIN wallet_operation_event e ON (e.operation_id, e.id) = (c.operation_id, c.event_id)
        WHERE e.id IS NULL
        """,
    ),
)
_SHOWN_MAX = 20


def verify() -> list[str]:
    problems: list[str] = []
    with connection.cursor() as cursor:
        for words, query in (*_PROOFS, *WITHDRAWAL_PROOFS, *DISPUTED_PROOFS, *CHARGEBACK_PROOFS):
            cursor.execute(f"{query} LIMIT {_SHOWN_MAX}")
            problems += [f"wallet: {words.format(row[0])}" for row in cursor.fetchall()]
    return problems
