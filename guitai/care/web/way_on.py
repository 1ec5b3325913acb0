"""From an article that did not help to the case that will: which category its topics belong to."""

from collections.abc import Iterable

from guitai.care.types import Category

_CATEGORIES: dict[Category, str] = {
    "stolen_account": "account-stolen phishing police-report",
    "not_me": "suspicious-transaction",
    "top_up": "top-up-bank top-up-card top-up-unionpay top-up-alipay top-up-not-arrived",
    "withdrawal": "withdraw-how withdraw-time withdraw-failed bind-bank-account",
    "held": "payment-pending",
    "refused": "payment-refused insufficient-balance counterparty-refused",
    "transfer": "transfer-how transfer-wrong-person scheduled-transfer payees goods-not-received dispute refund",
    "sign_in": "register payment-pin forgot-password forgot-pin change-phone two-step passkey new-device"
    " account-locked unlock dormant freeze",
    "fees": "fees limits withdraw-fee policy-changes",
    "complaint": "complaint escalation",
}


def category_about(topics: Iterable[str]) -> Category:
    """The category of a case about an article's first topic that has one."""
    for topic in topics:
        for category, about in _CATEGORIES.items():
            if topic in about.split():
                return category
    return "other"
