"""What a notice means for the order it names: one answer, in a fixed order of questions."""

from dataclasses import dataclass

from guitai.base.money import EXPONENTS, Money
from guitai.base.refusal import Fact
from guitai.rails.types import InboxState, Notice


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """What we know of the order a notice names."""

    order_reference: str
    amount: Money
    payee_account: str | None
    paid: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """What earlier notices already said."""

    same_notice: bool = False
    same_notice_other_content: bool = False
    same_payment_settled: bool = False
    # The same payment, told under another number (a query tells what a notice told): for a person already.
    same_payment_parked: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    state: InboxState
    code: str | None
    facts: dict[str, Fact]


def judge(notice: Notice, order: OrderFacts | None, earlier: Earlier) -> Verdict:
    """Decide what becomes of a genuine, readable notice.

    takes    the notice, the order its reference names (or None), what was seen before
    gives    Verdict: `settled` only when order, currency, amount and payee agree and it was not paid before
    """
    if earlier.same_notice_other_content:
        return Verdict("exception", "conflicting_notice", {"notice": notice.notice_id})
    if earlier.same_notice or earlier.same_payment_settled or earlier.same_payment_parked:
        return Verdict("duplicate", "duplicate", {"bank_reference": notice.bank_reference})
    if order is None:
        return Verdict("waiting", "unknown_reference", {"received": received(notice)})
    facts: dict[str, Fact] = {"expected": order.amount.fact(), "received": received(notice)}
    if notice.currency != order.amount.currency:
        return Verdict("exception", "wrong_currency", facts)
    if notice.amount_minor != order.amount.minor:
        return Verdict("exception", "wrong_amount", facts)
    if order.payee_account is not None and notice.payee_account != order.payee_account:
        return Verdict("exception", "wrong_payee", facts)
    if order.paid:
        return Verdict("exception", "already_paid", facts)
    return Verdict("settled", None, {})


def received(notice: Notice) -> Fact:
    """The amount as a fact: Money where we know the currency, plain text where we do not."""
    if notice.currency in EXPONENTS:
        return Money(notice.amount_minor, notice.currency).fact()
    return f"{notice.amount_minor} {notice.currency}"
