"""The chart of accounts. An account's id follows from whose it is and what for, so that nobody has to look it up."""

from functools import lru_cache
from uuid import UUID, uuid5

from guitai.ledger.types import AccountFlag, Book, NewAccount

_NAMESPACE = UUID("6f1f2a54-5d6c-5b0e-9d0c-2f4a8b1c7e30")
HOUSE = UUID("00000000-0000-8000-8000-000000000001")

CUSTOMER = 2010  # liability: what a customer may spend
TRANSIT = 2020  # liability: sent, and not yet with its payee
SUSPENSE = 2090  # liability: received, and not yet known for whom
FEES = 4010  # income
INTEREST = 4020  # income: what a bank pays for what stands with it
BANK = 1010  # asset: our money at the bank
ALIPAY = 1021  # assets: what a gateway has taken for us and not yet paid to the bank
WECHAT = 1022
UNIONPAY = 1023
CARD = 1024
RESERVE = 1090  # asset: the part of customers' money that only several signatures release
GOODWILL = 5010  # expense: what the house gives away
BANK_CHARGES = 5020  # expense: what banks take for their work
CORRECTIONS = 5030  # expense: what mistakes of our own have cost customers, and is made good
CHARGEBACKS = 5040  # expense: payments that a bank took back after they were spent

_FLAGS = {
    CUSTOMER: AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS,
    TRANSIT: AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS,
    SUSPENSE: AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS,
    FEES: AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS,
    INTEREST: AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS,
    BANK: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    ALIPAY: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    WECHAT: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    UNIONPAY: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    CARD: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    RESERVE: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    GOODWILL: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    BANK_CHARGES: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    CORRECTIONS: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
    CHARGEBACKS: AccountFlag.CREDITS_MUST_NOT_EXCEED_DEBITS,
}
NAMES = {
    CUSTOMER: "customer", TRANSIT: "transit", SUSPENSE: "suspense", FEES: "fees", BANK: "bank", ALIPAY: "alipay",
    WECHAT: "wechat", UNIONPAY: "unionpay", CARD: "card", RESERVE: "reserve", GOODWILL: "goodwill",
    INTEREST: "interest", BANK_CHARGES: "bank_charges", CORRECTIONS: "corrections", CHARGEBACKS: "chargebacks",
}  # fmt: skip
# The account at each way in and out.
RAILS = {"bank": BANK, "alipay": ALIPAY, "wechat": WECHAT, "unionpay": UNIONPAY, "card": CARD}


def customer_account(owner: UUID, currency: str, book: Book = "live") -> NewAccount:
    """A customer's account in one currency."""
    return _account(owner, CUSTOMER, currency, book)


def house_account(code: int, currency: str, book: Book = "live") -> NewAccount:
    """One of the house's own accounts."""
    return _account(HOUSE, code, currency, book)


@lru_cache(maxsize=1 << 16)
def _account(owner: UUID, code: int, currency: str, book: Book) -> NewAccount:
    account_id = uuid5(_NAMESPACE, f"{book}/{code}/{currency}/{owner}")
    return NewAccount(account_id, owner, code, currency, _FLAGS[code], book)
