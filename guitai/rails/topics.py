"""What rails tell the rooms above: this room's README says with which payload."""

EMITTED = frozenset({
    "rails.top_up_paid",
    "rails.top_up_processing",
    "rails.top_up_failed",
    "rails.notice_parked",
    "rails.payment_disputed",
    "rails.refund_done",
    "rails.refund_rejected",
    "rails.payout_sent",
    "rails.payout_accepted",
    "rails.payout_to_confirm",
    "rails.payout_settled",
    "rails.payout_rejected",
    "rails.payout_returned",
    "rails.statement_imported",
    "rails.statement_refused",
    "rails.health_changed",
})  # fmt: skip
