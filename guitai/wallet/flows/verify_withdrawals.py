"""Withdrawals against the books and against their payouts: the money is never both out and available."""

PROOFS: tuple[tuple[str, str], ...] = (
    (
        "a reservation of withdrawal {} did not end as its state says",
        """
        SELECT o.reference FROM wallet_operation o JOIN ledger_transfer t ON t.user_data = o.id
        JOIN ledger_pending p ON p.transfer_id = t.id
        WHERE o.kind = 'withdrawal' AND p.state <> CASE
          WHEN o.state IN ('succeeded', 'returned') THEN 'posted'
          WHEN o.state IN ('failed', 'cancelled') THEN 'voided' ELSE 'pending' END
        """,
    ),
    (
        "withdrawal {} has not set aside its amount and its fee",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN (
          SELECT t.user_data,
                 sum(t.amount) FILTER (WHERE t.kind = 'withdrawal.reserve') AS amount,
                 sum(t.amount) FILTER (WHERE t.kind = 'withdrawal.fee') AS fee
          FROM ledger_transfer t JOIN ledger_pending p ON p.transfer_id = t.id GROUP BY 1) m ON m.user_data = o.id
        WHERE o.kind = 'withdrawal' AND o.state <> 'refused'
          AND (coalesce(m.amount, 0), coalesce(m.fee, 0)) <> (o.amount_minor, o.fee_minor)
        """,
    ),
    (
        "withdrawal {} and its row do not stand alike",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN wallet_withdrawal w ON w.operation_id = o.id
        WHERE o.kind = 'withdrawal' AND CASE
          WHEN o.state = 'refused' THEN coalesce(w.stage, 'ended') <> 'ended'
          WHEN o.state = 'held' THEN w.stage IS DISTINCT FROM 'held'
          WHEN o.state IN ('processing', 'unknown') THEN w.stage IS DISTINCT FROM o.facts->>'stage'
          ELSE w.stage IS DISTINCT FROM 'ended' END
        """,
    ),
    (
        "withdrawal {} and its payout do not agree",
        """
        SELECT o.reference FROM wallet_operation o JOIN wallet_withdrawal w ON w.operation_id = o.id
        LEFT JOIN rails_payout p ON p.rail = w.rail AND p.order_reference = o.reference
        WHERE w.queued_at IS NOT NULL AND (
          (p.amount_minor, p.currency) IS DISTINCT FROM (o.amount_minor, o.currency::text) OR CASE o.state
            WHEN 'succeeded' THEN p.state NOT IN ('settled', 'returned')
            WHEN 'returned' THEN p.state <> 'returned'
            WHEN 'failed' THEN p.state <> 'rejected'
            WHEN 'cancelled' THEN p.state <> 'cancelled'
            ELSE p.state = 'cancelled' END)
        """,
    ),
    (
        "withdrawal {} was never queued and has a payout",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN wallet_withdrawal w ON w.operation_id = o.id
        JOIN rails_payout p ON p.order_reference = o.reference
        WHERE o.kind = 'withdrawal' AND w.queued_at IS NULL
        """,
    ),
    (
        "what came back of withdrawal {} is not what its customer got",
        """
        SELECT o.reference FROM wallet_operation o LEFT JOIN wallet_withdrawal w ON w.operation_id = o.id
        LEFT JOIN rails_payout p ON p.rail = w.rail AND p.order_reference = o.reference
        LEFT JOIN (
          SELECT user_data, sum(amount) FILTER (WHERE kind = 'withdrawal.return') AS came,
                 sum(amount) FILTER (WHERE kind = 'withdrawal.fee_back') AS fee
          FROM ledger_transfer WHERE kind IN ('withdrawal.return', 'withdrawal.fee_back') GROUP BY 1) m
          ON m.user_data = o.id
        WHERE o.kind = 'withdrawal' AND CASE WHEN o.state = 'returned'
          THEN m.came IS DISTINCT FROM p.returned_minor OR m.came > o.amount_minor OR m.fee > o.fee_minor
          ELSE m.came IS NOT NULL OR m.fee IS NOT NULL END
        """,
    ),
)
