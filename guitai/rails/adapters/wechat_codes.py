"""WeChat Pay's answers in our own codes. A payout whose refusal is not listed stays unknown until it is asked for."""

from typing import Final

from guitai.rails.rules.payment_reasons import UNSPECIFIED
from guitai.rails.rules.payout_reasons import NOT_CONFIRMED

# Nothing about the question: ask again.
BUSY: Final = frozenset(
    {"SYSTEM_ERROR", "BANK_ERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "RATELIMIT_EXCEEDED"}
)
NOT_THERE: Final = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST", "NOT_FOUND", "RESOURCE_NOT_EXISTS"})

_PAYMENTS: Final = {
    "payment_timed_out": "ORDER_CLOSED ORDERCLOSED",
    "payment_insufficient": "NOTENOUGH",
    "payment_held_by_risk": "RULE_LIMIT RULELIMIT",
    "payment_not_offered": "NO_AUTH NOAUTH APPID_MCHID_NOT_MATCH MCH_NOT_EXISTS",
    "payment_original_differs": "PARAM_ERROR INVALID_REQUEST OUT_TRADE_NO_USED ORDERPAID RESOURCE_NOT_EXISTS",
    "refund_period_over": "TRADE_OVERDUE",
    "refund_funds_short": "NOT_ENOUGH",
    "refund_payer_cannot_receive": "USER_ACCOUNT_ABNORMAL",
}
_PAYOUTS: Final = {
    "payee_account_wrong": "OPENID_INVALID OPENID_ERROR ACCOUNT_NOT_EXIST",
    "payee_name_mismatch": "NAME_NOT_CORRECT NAME_MISMATCH ID_CARD_NOT_CORRECT",
    "payee_account_blocked": (
        "ACCOUNT_FROZEN REAL_NAME_CHECK_FAIL PAYEE_ACCOUNT_ABNORMAL RECEIVE_ACCOUNT_NOT_PERMMIT"
        " REALNAME_ACCOUNT_RECEIVED_QUOTA_EXCEED"
    ),
    "payout_over_bank_limit": (
        "TRANSFER_QUOTA_EXCEED DAY_RECEIVED_QUOTA_EXCEED MONTH_RECEIVED_QUOTA_EXCEED DAY_RECEIVED_COUNT_EXCEED"
    ),
    "payout_funds_short": "NOT_ENOUGH",
    "payout_failed_at_bank": (
        "PARAM_ERROR INVALID_REQUEST NO_AUTH PRODUCT_AUTH_CHECK_FAIL TRANSFER_RISK PAYER_ACCOUNT_ABNORMAL"
        " TRANSFER_REMARK_SET_FAIL MERCHANT_REJECT"
    ),
    NOT_CONFIRMED: "OVERDUE_CLOSE CANCELLED",
}


def _turned(table: dict[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, codes in table.items() for theirs in codes.split()}


_PAYMENT_CODES: Final = _turned(_PAYMENTS)
_PAYOUT_CODES: Final = _turned(_PAYOUTS)


def plain_code(code: str) -> str:
    """WeChat Pay's code, harmless enough to be recorded."""
    return "".join(
        letter for letter in code[:64].upper() if letter.isascii() and (letter.isalnum() or letter == "_")
    )


def payment_code(code: str) -> str:
    """Our code for why a payment or a refund was not taken."""
    return _PAYMENT_CODES.get(plain_code(code), UNSPECIFIED)


def refund_code(code: str) -> str | None:
    """Our code for why a refund was not made; None where the answer does not say that it was not."""
    return _PAYMENT_CODES.get(plain_code(code))


def payout_code(code: str) -> str | None:
    """Our code for why a payout was not made; None where the answer does not say that it was not."""
    return _PAYOUT_CODES.get(plain_code(code))
