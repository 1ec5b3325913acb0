"""UnionPay's response codes in our own (ACP 5.1.0, part 5, response codes)."""

from typing import Final

from guitai.rails.rules.payment_reasons import UNSPECIFIED

# A6: done, with something that does not concern the money.
DONE: Final = frozenset({"00", "A6"})
# Under way, or the gateway itself does not know: ask again, and do not repeat.
UNDECIDED: Final = frozenset({"03", "04", "05", "06", "83"})
NOT_FOUND: Final = "34"
# Of a payout, these say nothing for certain: whoever repeats it may pay twice (sample of the product 代付).
PAYOUT_UNDECIDED: Final = UNDECIDED | {"01", "12", "34", "60"}
DUPLICATE: Final = "12"
NO_FILE: Final = "98"
# Nothing about the question: the gateway is shut, or asked too often.
BUSY: Final = frozenset({"02", "06", "37", "39"})

_REASONS: Final = {
    "payment_insufficient": "64",
    "payment_card_expired": "73",
    "payment_card_unknown": "61 44",
    "payment_card_blocked": "63 67",
    "payment_not_verified": "65 66 71 79 82",
    "payment_over_limit": "33 81 86",
    "payment_declined": "01 30 60 62 78",
    "payment_card_not_enabled": "40 68 72 76 77",
    "payment_timed_out": "69 80 85",
    "payment_held_by_risk": "38",
    "payment_not_offered": "31 32 43 84 87",
    "payment_original_differs": "35 36",
    "payment_refunded_before": "45 46",
}
_PAYOUT_REASONS: Final = {
    "payee_account_wrong": "44 61",
    "payee_account_blocked": "63 67",
    "payee_name_mismatch": "66",
    # The issuer takes nothing this way: another card, or the bank's own way.
    "payee_cannot_take": "40 62 68 72 76 77",
    "payout_over_bank_limit": "33 81 86",
    "payout_funds_short": "64",
    "payout_not_taken": "38 78",
    "payout_failed_at_bank": "10 11 13 30 31 32 42 43 84 87",
}
_CODES: Final = {rail: ours for ours, codes in _REASONS.items() for rail in codes.split()}


_PAYOUT_CODES: Final = {rail: ours for ours, codes in _PAYOUT_REASONS.items() for rail in codes.split()}


def payout_code(response: str) -> str | None:
    """Our code for why a payout was not made; None where the answer does not say that it was not."""
    return _PAYOUT_CODES.get(response)


def code_of(response: str) -> str:
    """Our code for one of UnionPay's; a general one for a code that says nothing to a payer."""
    return _CODES.get(response, UNSPECIFIED)


# ISO 4217 by number, of what a wallet holds.
CURRENCY_OF: Final = {
    "156": "CNY", "344": "HKD", "392": "JPY", "702": "SGD", "826": "GBP", "840": "USD", "978": "EUR",
}  # fmt: skip
NUMBER_OF: Final = {currency: number for number, currency in CURRENCY_OF.items()}
