"""What Alipay tells the merchant's notice address, and what the payer's browser brings along."""

from urllib.parse import urlencode

import httpx

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.sandbox.alipay.gateway import APP_ID, SELLER_ID
from guitai.sandbox.alipay.wire import Fields, Keys, notice
from guitai.sandbox.courier import Courier
from guitai.sandbox.faults import Faults
from guitai.sandbox.gateways.book import beijing
from guitai.sandbox.store import Row
from guitai.sandbox.world import seconds

SENDER = "alipay"
HEADERS = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def heard(answer: httpx.Response) -> bool:
    """Only the seven letters count: whoever answers anything else is told again."""
    return answer.is_success and answer.content.strip() == b"success"


def announce(courier: Courier, own: Keys, trade: Row, faults: Faults) -> None:
    """Write the notices of a paid trade down, inside the caller's transaction."""
    if not trade["notify_url"]:
        return
    paid = _fields(trade, "TRADE_SUCCESS", faults.told_amount)
    bodies = [notice(own, paid, badly=faults.bad_signature)] * faults.copies
    if faults.reordered:
        bodies.append(notice(own, _fields(trade, "WAIT_BUYER_PAY", None)))
    for place, body in enumerate(bodies):
        courier.post(
            trade["token"], trade["notify_url"], body, delay_s=faults.delay_s + place // max(1, faults.copies),
            signature="bad" if faults.bad_signature else "good", lost=faults.lost, sender=SENDER,
        )  # fmt: skip


def back(trade: Row) -> str:
    """Where the payer's browser goes."""
    if not trade["return_url"]:
        return ""
    told = {
        "out_trade_no": trade["reference"],
        "trade_no": trade["number"],
        "total_amount": Money(trade["amount"], "CNY").decimal(),
        "method": "alipay.trade.page.pay.return",
    }
    return f"{trade['return_url']}{'&' if '?' in trade['return_url'] else '?'}{urlencode(told)}"


def _fields(trade: Row, status: str, told_amount: int | None) -> Fields:
    amount = Money(told_amount or trade["amount"], "CNY").decimal()
    fields = {
        "notify_time": beijing(seconds()),
        "notify_type": "trade_status_sync",
        "notify_id": new_id().hex,
        "app_id": APP_ID,
        "charset": "utf-8",
        "version": "1.0",
        "trade_no": trade["number"],
        "out_trade_no": trade["reference"],
        "seller_id": SELLER_ID,
        "buyer_id": "2088000000000026",
        "buyer_logon_id": "159****5620",
        "trade_status": status,
        "total_amount": amount,
        "subject": trade["subject"],
        "gmt_create": beijing(trade["created_at"]),
    }
    if status == "TRADE_SUCCESS":
        fields |= {
            "receipt_amount": amount,
            "buyer_pay_amount": amount,
            "invoice_amount": amount,
            "point_amount": "0.00",
            "gmt_payment": beijing(trade["paid_at"]),
            "fund_bill_list": f'[{{"amount":"{amount}","fundChannel":"ALIPAYACCOUNT"}}]',
        }
    return fields
