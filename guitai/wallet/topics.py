"""What the wallet tells the rooms above."""

EMITTED = frozenset({
    "wallet.operation_changed",
    "wallet.outcome_overdue",
    "wallet.withdrawal_contradicted",
    "wallet.receipt_unmatched",
    "wallet.movement_overdue",
    "wallet.daily_close_differs",
    "wallet.reserve_advised",
    "wallet.payment_disputed",
    "wallet.recall_wanted",
    "wallet.recall_late",
})  # fmt: skip
