"""Disputed top-ups against the books."""

PROOFS: tuple[tuple[str, str], ...] = (
    (
        "chargeback {} does not agree with what is held for it",
        """
        SELECT c.id FROM wallet_chargeback c LEFT JOIN wallet_operation o ON o.id = c.hold_id
        WHERE c.hold_id IS NOT NULL AND (
              o.id IS NULL OR o.kind <> 'chargeback' OR o.amount_minor <> c.held_minor OR o.owner <> c.owner
           OR o.state NOT IN ('processing', 'succeeded', 'returned')
           OR (o.state = 'processing') <> (c.state = 'open')
           OR (o.state = 'succeeded' AND c.state <> 'lost') OR (c.state IN ('won', 'lapsed') AND o.state <> 'returned'))
        """,
    ),
    (
        "what the house bore of chargeback {} is not what was disputed less what was taken",
        """
        SELECT c.id FROM wallet_chargeback c LEFT JOIN wallet_operation o ON o.id = c.hold_id
        JOIN wallet_operation p ON p.id = c.operation_id
        WHERE c.state = 'lost' AND p.state = 'succeeded' AND c.currency = p.currency
          AND (c.left_id IS NULL OR c.borne_minor <> c.amount_minor
               - CASE WHEN o.state = 'succeeded' THEN c.held_minor ELSE 0 END)
        """,
    ),
)
