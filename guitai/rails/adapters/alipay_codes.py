"""Alipay's answers in our own codes. What is not listed under payouts stays unknown until it is asked for again."""

from typing import Final

from guitai.rails.rules.payment_reasons import UNSPECIFIED

BUSY: Final = frozenset({"SYSTEM_ERROR", "REQUEST_PROCESSING"})
NOT_THERE: Final = frozenset({"TRADE_NOT_EXIST", "ORDER_NOT_EXIST"})

_PAYMENTS: Final = {
    "payment_over_limit": "TOTAL_FEE_EXCEED BEYOND_PER_RECEIPT_RESTRICTION BEYOND_PAY_RESTRICTION",
    "payment_timed_out": "TRADE_HAS_CLOSE",
    "payment_held_by_risk": "BUYER_ENABLE_STATUS_FORBID PAYMENT_REQUEST_HAS_RISK RISK_MERCHANT_IP_NOT_EXIST",
    "payment_not_offered": "ACCESS_FORBIDDEN PARTNER_ERROR SELLER_BEEN_BLOCKED",
    "payment_original_differs": (
        "TRADE_NOT_EXIST CONTEXT_INCONSISTENT TRADE_STATUS_ERROR REFUND_AMT_NOT_EQUAL_TOTAL"
        " DISCORDANT_REPEAT_REQUEST REFUND_FEE_ERROR INVALID_PARAMETER"
    ),
    "payment_refunded_before": "REASON_TRADE_REFUND_FEE_ERR",
    "refund_period_over": "TRADE_HAS_FINISHED TRADE_NOT_ALLOW_REFUND",
    "refund_funds_short": "SELLER_BALANCE_NOT_ENOUGH",
    "refund_payer_cannot_receive": "REASON_TRADE_BEEN_FREEZEN BUYER_NOT_EXIST BUYER_ERROR",
}
_PAYOUTS: Final = {
    "payee_account_wrong": "PAYEE_NOT_EXIST PAYEE_ACC_OCUPIED PAYEE_CARD_INFO_ERROR INVALID_CARDNO CARD_BIN_ERROR",
    "payee_name_mismatch": "PAYEE_USER_INFO_ERROR PAYEE_CERT_INFO_ERROR",
    "payee_account_blocked": (
        "PAYEE_ACCOUNT_STATUS_ERROR BLOCK_USER_FORBBIDEN_RECIEVE RELEASE_USER_FORBBIDEN_RECIEVE"
        " PAYEE_NOT_RELNAME_CERTIFY PERMIT_CHECK_PERM_LIMITED PERMIT_NON_BANK_LIMIT_PAYEE"
    ),
    "payout_over_bank_limit": (
        "EXCEED_LIMIT_SM_AMOUNT EXCEED_LIMIT_DM_AMOUNT EXCEED_LIMIT_MM_AMOUNT EXCEED_LIMIT_SM_MIN_AMOUNT"
        " EXCEED_LIMIT_PERSONAL_SM_AMOUNT EXCEED_LIMIT_ENT_SM_AMOUNT EXCEED_LIMIT_UNRN_DM_AMOUNT"
        " PAYEE_TRUSTEESHIP_ACC_OVER_LIMIT"
    ),
    "payout_funds_short": "PAYER_BALANCE_NOT_ENOUGH BALANCE_IS_NOT_ENOUGH",
    "payout_failed_at_bank": (
        "SECURITY_CHECK_FAILED PAYER_STATUS_ERROR PAYER_CERTIFY_CHECK_FAIL PAYCARD_UNABLE_PAYMENT"
        " PERMIT_PAYER_FORBIDDEN PERMIT_PAYER_LOWEST_FORBIDDEN PRODUCT_NOT_SIGN NO_ACCOUNTBOOK_PERMISSION"
        " MEMO_REQUIRED_IN_TRANSFER_ERROR REMARK_HAS_SENSITIVE_WORD INVALID_PARAMETER"
    ),
}


def _turned(table: dict[str, str]) -> dict[str, str]:
    return {theirs: ours for ours, codes in table.items() for theirs in codes.split()}


_PAYMENT_CODES: Final = _turned(_PAYMENTS)
_PAYOUT_CODES: Final = _turned(_PAYOUTS)


def plain_code(sub_code: str) -> str:
    """`ACQ.TRADE_NOT_EXIST` as `TRADE_NOT_EXIST`, harmless enough to be recorded."""
    name = sub_code.removeprefix("ACQ.").removeprefix("aop.").upper()
    return "".join(
        letter for letter in name[:64] if letter.isascii() and (letter.isalnum() or letter in "_.-")
    )


def payment_code(sub_code: str) -> str:
    """Our code for why a payment or a refund was not taken."""
    return _PAYMENT_CODES.get(plain_code(sub_code), UNSPECIFIED)


def refund_code(sub_code: str) -> str | None:
    """Our code for why a refund was not made; None where the answer does not say that it was not."""
    return _PAYMENT_CODES.get(plain_code(sub_code))


def payout_code(code: str) -> str | None:
    """Our code for why a payout was not made; None where the answer does not say that it was not."""
    return _PAYOUT_CODES.get(plain_code(code))
