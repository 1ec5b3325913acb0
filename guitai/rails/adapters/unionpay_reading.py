"""What UnionPay's genuine messages mean: a payment, a refund, or an order that is not paid."""

import base64
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guitai.base.money import MINOR_MAX, Money
from guitai.rails.adapters.unionpay_codes import (
    CURRENCY_OF,
    DONE,
    NOT_FOUND,
    PAYOUT_UNDECIDED,
    UNDECIDED,
    code_of,
    payout_code,
)
from guitai.rails.errors import Malformed
from guitai.rails.rules.notices import normal_reference
from guitai.rails.rules.payout_reasons import UNSPECIFIED as PAYOUT_UNSPECIFIED
from guitai.rails.types import Notice, PayoutAnswer, RailAnswer

ZONE = ZoneInfo("Asia/Shanghai")
PAYMENT, UNDO, REFUND, PAYOUT = "01", "31", "04", "12"
_TIME = "%Y%m%d%H%M%S"
_DIGITS = re.compile(r"[0-9]{1,16}\Z", re.ASCII)
_TOKEN = re.compile(r"[A-Za-z0-9]{1,64}\Z", re.ASCII)
# Transactions of a settlement day run from 23:00 of the day before.
_DAY_BEGINS = timedelta(hours=1)


def time_text(moment: datetime) -> str:
    """`txnTime`: Beijing time to the second."""
    return moment.astimezone(ZONE).strftime(_TIME)


def settlement_day(text: str) -> str:
    """The settlement day of a time, or of a transaction's number, which begins with its time; empty for none."""
    try:
        return (datetime.strptime(text[:14], _TIME) + _DAY_BEGINS).strftime("%Y%m%d")  # noqa: DTZ007  # Beijing's
    except ValueError:
        return ""


def payment(fields: Mapping[str, str], *, asked: bool) -> Notice:
    """A payment that was made; refuses malformed.

    `asked`: it is the answer to a question, so it has a number of its own beside the notice's.
    """
    query_id = fields.get("queryId", "")
    if not _TOKEN.match(query_id):
        raise Malformed(problem="queryId")
    amount = money(fields)
    return Notice(
        notice_id=f"query:{query_id}" if asked else query_id,
        bank_reference=query_id,
        payment_reference=normal_reference(fields.get("orderId", "")),
        amount_minor=amount.minor,
        currency=amount.currency,
        payee_account=fields.get("merId", "")[:64],
        paid_at=_paid_at(fields),
    )


def money(fields: Mapping[str, str]) -> Money:
    """`txnAmt` of `currencyCode`; refuses malformed."""
    text, number = fields.get("txnAmt", ""), fields.get("currencyCode", "")
    if not _DIGITS.match(text) or not 0 < int(text) <= MINOR_MAX:
        raise Malformed(problem="txnAmt")
    if number not in CURRENCY_OF:
        raise Malformed(problem="currencyCode")
    return Money(int(text), CURRENCY_OF[number])


def order_answer(order_reference: str, fields: Mapping[str, str], *, over: bool) -> RailAnswer:
    """What a genuine answer to a query says of an order; `over` when nobody can pay it any more."""
    if fields["respCode"] == NOT_FOUND:
        # The payer never came to the gateway: once the time is over, nobody will.
        return RailAnswer(
            order_reference, "failed" if over else "not_found", (), (), "payment_timed_out" if over else None
        )
    said = fields.get("origRespCode", "")
    if said in DONE:
        paid = payment(fields, asked=True)
        return RailAnswer(order_reference, "paid", (Money(paid.amount_minor, paid.currency),), (paid,))
    if said in UNDECIDED:
        return RailAnswer(order_reference, "processing", ())
    # A card that was declined does not end an order: the payer may take another while the gateway lets them.
    return RailAnswer(order_reference, "failed" if over else "unpaid", (), (), code_of(said))


def refund_answer(reference: str, fields: Mapping[str, str]) -> PayoutAnswer:
    """What a genuine answer to a query says of a refund."""
    if fields["respCode"] == NOT_FOUND:
        return PayoutAnswer(reference, "unknown", "refund_unknown", rail_code=NOT_FOUND)
    said = fields.get("origRespCode", "")
    if said in DONE:
        return PayoutAnswer(reference, "done", rail_code=said, bank_reference=fields.get("queryId") or None)
    if said in UNDECIDED:
        return PayoutAnswer(reference, "accepted", rail_code=said)
    return PayoutAnswer(reference, "rejected", code_of(said), rail_code=said)


def payout_answer(reference: str, fields: Mapping[str, str]) -> PayoutAnswer:
    """What a genuine answer to a query says of a payout: any code that is not undecided ends it."""
    if fields["respCode"] == NOT_FOUND:
        return PayoutAnswer(reference, "unknown", "payout_unknown", rail_code=NOT_FOUND)
    said, number = fields.get("origRespCode", ""), fields.get("queryId") or None
    if said in DONE:
        return PayoutAnswer(reference, "done", rail_code=said, bank_reference=number)
    if said in PAYOUT_UNDECIDED:
        return PayoutAnswer(reference, "accepted", rail_code=said, bank_reference=number)
    if not said:
        return PayoutAnswer(reference, "unknown", rail_code="answer_unreadable")
    return PayoutAnswer(reference, "rejected", payout_code(said) or PAYOUT_UNSPECIFIED, said, number)


def customer_info(parts: Mapping[str, str]) -> str:
    """`customerInfo`: who the holder is, in braces and base64; signs that part fields belong to no name."""
    plain = {name: re.sub(r"[{}\[\]&=]+", " ", value).strip() for name, value in parts.items()}
    joined = "&".join(f"{name}={plain[name]}" for name in sorted(plain))
    return base64.b64encode(f"{{{joined}}}".encode()).decode()


def _paid_at(fields: Mapping[str, str]) -> datetime:
    """`traceTime` has no year: it is the one nearest to when the order was sent."""
    try:
        sent = datetime.strptime(fields.get("txnTime", ""), _TIME).replace(tzinfo=ZONE)
    except ValueError as error:
        raise Malformed(problem="txnTime") from error
    text = fields.get("traceTime", "")
    for year in (sent.year, sent.year + 1):
        try:
            traced = datetime.strptime(f"{year}{text}", _TIME).replace(tzinfo=ZONE)
        except ValueError:
            continue
        if abs(traced - sent) < timedelta(days=180):
            return traced
    return sent
