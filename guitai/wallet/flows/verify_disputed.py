"""Disputed payments against the books."""

PROOFS: tuple[tuple[str, str], ...] = (
    (
        "claim {} does not agree with what is held for it",
        """
        SELECT d.id FROM wallet_disputed_payment d LEFT JOIN wallet_operation o ON o.id = d.hold_id
        WHERE o.id IS NULL OR o.kind <> 'claim' OR o.amount_minor <> d.amount_minor OR o.owner <> d.payee
           OR o.state <> CASE d.state WHEN 'held' THEN 'processing' WHEN 'returned' THEN 'succeeded'
                                      ELSE 'returned' END
        """,
    ),
    (
        "claim {} gave back another amount than it held, or to somebody else",
        """
        SELECT d.id FROM wallet_disputed_payment d LEFT JOIN (
          SELECT t.user_data, a.owner, sum(t.amount) AS got FROM ledger_transfer t
          JOIN ledger_account a ON a.id = t.credit_account WHERE t.kind = 'claim.return' GROUP BY 1, 2) m
          ON m.user_data = d.hold_id AND m.owner = d.sender
        WHERE coalesce(m.got, 0) <> CASE WHEN d.state = 'returned' THEN d.amount_minor ELSE 0 END
        """,
    ),
    (
        "claim {} holds more than was paid",
        """
        SELECT d.id FROM wallet_disputed_payment d LEFT JOIN wallet_operation o ON o.id = d.operation_id
        WHERE o.id IS NULL OR d.amount_minor > o.amount_minor OR o.owner <> d.sender OR o.payee <> d.payee
        """,
    ),
)
