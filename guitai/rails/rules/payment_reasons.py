"""Why a payment in was not made, or a refund not taken: every rail's reasons in our codes, each of which has words."""

from typing import Final

UNSPECIFIED: Final = "payment_failed"

CODES: Final = frozenset(
    {
        "payment_insufficient", "payment_card_expired", "payment_card_unknown", "payment_card_blocked",
        "payment_card_not_enabled", "payment_not_verified", "payment_over_limit", "payment_declined",
        "payment_timed_out", "payment_held_by_risk", "payment_not_offered", "payment_original_differs",
        "payment_refunded_before", UNSPECIFIED,
    }
)  # fmt: skip
