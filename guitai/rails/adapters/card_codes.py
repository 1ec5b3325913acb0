"""The acquirer's decline codes in our own (Stripe: error codes, decline codes)."""

from typing import Final

from guitai.rails.rules.payment_reasons import UNSPECIFIED
from guitai.rails.rules.payout_reasons import UNSPECIFIED as UNSPECIFIED_PAYOUT

_REASONS: Final = {
    "payment_insufficient": "insufficient_funds",
    "payment_card_expired": "expired_card invalid_expiry_month invalid_expiry_year",
    "payment_card_unknown": "incorrect_number invalid_number invalid_account incorrect_zip",
    "payment_card_blocked": "pickup_card lost_card stolen_card restricted_card revocation_of_authorization"
    " revocation_of_all_authorizations stop_payment_order security_violation",
    "payment_not_verified": "incorrect_cvc invalid_cvc incorrect_pin invalid_pin pin_try_exceeded offline_pin_required"
    " online_or_offline_pin_required authentication_required payment_intent_authentication_failure"
    " authentication_not_handled",
    "payment_over_limit": "card_velocity_exceeded withdrawal_count_limit_exceeded amount_too_large"
    " approve_with_id",
    "payment_card_not_enabled": "card_not_supported currency_not_supported transaction_not_allowed"
    " service_not_allowed testmode_decline",
    "payment_declined": "card_declined generic_decline do_not_honor do_not_try_again call_issuer no_action_taken"
    " not_permitted try_again_later processing_error issuer_not_available invalid_amount"
    " new_account_information_available reenter_transaction",
    "payment_held_by_risk": "fraudulent merchant_blacklist highest_risk_level",
    "payment_timed_out": "payment_intent_payment_attempt_expired checkout_session_expired",
    "payment_original_differs": "charge_already_captured amount_too_small charge_not_refundable",
    "payment_refunded_before": "charge_already_refunded refund_disputed_payment charge_disputed",
    "refund_funds_short": "insufficient_balance balance_insufficient",
    "refund_payer_cannot_receive": "expired_or_canceled_card declined lost_or_stolen_card",
}
# Why a refund that pays out to its payer was refused, or failed afterwards.
PAYMENT_USED_UP: Final = "payout_payment_used_up"
_PAYOUTS: Final = {
    "payee_card_closed": "expired_or_canceled_card lost_or_stolen_card",
    "payee_card_declined": "declined",
    "payout_payment_disputed": "charge_disputed refund_disputed_payment charge_for_pending_refund_disputed",
    PAYMENT_USED_UP: "charge_already_refunded amount_too_large charge_not_refundable amount_too_small",
}
_PAYOUT_CODES: Final = {theirs: ours for ours, codes in _PAYOUTS.items() for theirs in codes.split()}
# The acquirer does not do it now, which says nothing about the card.
_NOT_NOW: Final = frozenset(
    {
        "balance_insufficient",
        "insufficient_balance",
        "insufficient_funds",
        "lock_timeout",
        "rate_limit",
        "idempotency_key_in_use",
    }
)
_CODES: Final = {theirs: ours for ours, codes in _REASONS.items() for theirs in codes.split()}


def payout_code_of(said: str) -> str | None:
    """Our code for why money did not get back to a card; None where the acquirer will do it another time."""
    if said in _NOT_NOW:
        return None
    return _PAYOUT_CODES.get(said, UNSPECIFIED_PAYOUT)


def code_of(*said: str | None) -> str:
    """Our code for the first of the acquirer's words that says anything: decline code before error code."""
    return next((_CODES[word] for word in said if word and word in _CODES), UNSPECIFIED)
