"""What `gateway.do` answers: one address, many methods."""

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from guitai.base.money import Money, parse_amount
from guitai.base.refusal import Refusal
from guitai.sandbox.alipay.wire import Fields, Keys, answer, from_merchant, read
from guitai.sandbox.asgi import Problem, Request, Response, redirect
from guitai.sandbox.bank.orders import is_web_address
from guitai.sandbox.gateways.book import Book, Refused, Wish, beijing, epoch_of
from guitai.sandbox.store import Row
from guitai.sandbox.world import seconds

APP_ID = "2021000100000001"
SELLER_ID = "2088000000000018"
_REFERENCE = re.compile(r"[A-Za-z0-9_]{1,64}\Z")
_USUAL_S = 15 * 24 * 3600
_PAGES = {"alipay.trade.page.pay": "page", "alipay.trade.wap.pay": "wap"}
# Which arrangement of the clerk's concerns which method.
_ARRANGED = {
    "alipay.trade.precreate": "order",
    "alipay.trade.query": "query",
    "alipay.trade.refund": "refund",
    "alipay.trade.fastpay.refund.query": "query",
    "alipay.fund.trans.uni.transfer": "transfer",
    "alipay.fund.trans.common.query": "query",
    "alipay.data.dataservice.bill.downloadurl.query": "bill",
}
_CODES = {
    "another_amount": "ACQ.CONTEXT_INCONSISTENT",
    "another_refund": "ACQ.DISCORDANT_REPEAT_REQUEST",
    "not_paid": "ACQ.TRADE_STATUS_ERROR",
    "too_much": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
}
Content = dict[str, Any]


class Gateway:
    def __init__(self, book: Book, own: Keys, address: str) -> None:
        self._book, self._keys, self._address = book, own, address
        self._methods: dict[str, Callable[[Fields, Content], Content]] = {
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.query": self._query,
            "alipay.trade.close": self._close,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refund_query,
            "alipay.fund.trans.uni.transfer": self._transfer,
            "alipay.fund.trans.common.query": self._transfer_query,
            "alipay.data.dataservice.bill.downloadurl.query": self._bill,
        }

    async def take(self, request: Request) -> Response:
        fields = read(request)
        method = fields.get("method", "")
        if method in _PAGES:
            return self._page(fields, _PAGES[method])
        content, badly = self._answered(fields, method)
        name, certified = method if method in self._methods else "error", "app_cert_sn" in fields
        said = answer(self._keys, name, content, badly=badly, certified=certified)
        return Response(said, content_type="text/html;charset=utf-8")

    def _page(self, fields: Fields, way: str) -> Response:
        """The payer's browser brings an order: the same again is the same page."""
        if fields.get("app_id") != APP_ID or not from_merchant(fields, self._keys):
            raise Problem(400, "invalid_signature", "The signature does not hold (invalid-signature).")
        try:
            trade = self._placed(fields, _content(fields), way)
        except Refused as refused:
            raise Problem(409, "refused", f"Alipay refuses this order: {refused.code}.") from refused
        return redirect(f"/alipay/pay/{trade['token']}")

    def _answered(self, fields: Fields, method: str) -> tuple[Content, bool]:
        if fields.get("app_id") != APP_ID or not from_merchant(fields, self._keys):
            return _no("40002", "isv.invalid-signature"), False
        if not self._keys.named_rightly(fields):
            return _no("40002", "isv.invalid-app-cert-sn"), False
        if method not in self._methods:
            return _no("40002", "isv.invalid-method"), False
        arranged = self._book.taken(_ARRANGED.get(method, ""))
        usual = ("", "timeout", "bad_signature", "missing_line", "missing_line_fits")
        if arranged not in usual:
            return _no("40004", arranged), False
        if arranged.startswith("missing_line"):
            self._book.arrange("bill_file", arranged)
        try:
            said = self._methods[method](fields, _content(fields))
            said = {"code": "10000", "msg": "Success", **said}
        except Refused as refused:
            said = _no("40004", _CODES.get(refused.code, refused.code))
        if arranged == "timeout":
            raise Problem(504, "timeout", "The gateway does not answer.")
        return said, arranged == "bad_signature"

    def _placed(self, fields: Fields, content: Content, way: str) -> Row:
        reference = _text(content, "out_trade_no")
        if not _REFERENCE.match(reference):
            raise Refused("ACQ.INVALID_PARAMETER")
        try:
            expires_at = (
                epoch_of(content["time_expire"]) if "time_expire" in content else seconds() + _USUAL_S
            )
        except (ValueError, TypeError) as error:
            raise Refused("ACQ.INVALID_PARAMETER") from error
        notify_url = fields.get("notify_url", "")
        if notify_url and not is_web_address(notify_url):
            raise Refused("ACQ.INVALID_PARAMETER")
        return self._book.place(
            Wish(
                reference=reference,
                amount=_minor(content, "total_amount"),
                subject=_text(content, "subject")[:256],
                way=way,
                notify_url=notify_url,
                return_url=fields.get("return_url", ""),
                expires_at=expires_at,
            )
        )

    def _precreate(self, fields: Fields, content: Content) -> Content:
        trade = self._placed(fields, content, "qr")
        if trade["state"] != "waiting":
            raise Refused("ACQ.TRADE_HAS_SUCCESS" if trade["state"] == "paid" else "ACQ.TRADE_HAS_CLOSE")
        return {
            "out_trade_no": trade["reference"],
            "qr_code": f"{self._address}/alipay/pay/{trade['token']}",
        }

    def _query(self, fields: Fields, content: Content) -> Content:
        trade = self._trade(content)
        # A code that nobody scanned has made no trade yet.
        if trade["way"] == "qr" and trade["state"] == "waiting":
            raise Refused("ACQ.TRADE_NOT_EXIST")
        said = {
            "out_trade_no": trade["reference"],
            "trade_no": trade["number"],
            "trade_status": self._status(trade),
            "total_amount": _yuan(trade["amount"]),
            "buyer_logon_id": "159****5620",
        }
        if trade["paid_at"]:
            said |= {"send_pay_date": beijing(trade["paid_at"]), "receipt_amount": _yuan(trade["amount"])}
        return said

    def _close(self, fields: Fields, content: Content) -> Content:
        trade = self._trade(content)
        if trade["state"] == "paid":
            raise Refused("ACQ.TRADE_STATUS_ERROR")
        self._book.close(trade)
        return {"out_trade_no": trade["reference"], "trade_no": trade["number"]}

    def _refund(self, fields: Fields, content: Content) -> Content:
        trade = self._trade(content)
        try:
            _row, new = self._book.refund(
                trade, _text(content, "out_request_no"), _minor(content, "refund_amount")
            )
        except Refused as refused:
            if refused.code == "no_funds":
                raise Refused("ACQ.SELLER_BALANCE_NOT_ENOUGH") from refused
            raise
        return {
            "out_trade_no": trade["reference"],
            "trade_no": trade["number"],
            "fund_change": "Y" if new else "N",
            "refund_fee": _yuan(self._book.refunded(trade)),
        }

    def _refund_query(self, fields: Fields, content: Content) -> Content:
        trade = self._trade(content)
        row = self._book.refund_of(_text(content, "out_request_no"))
        if row is None or row["trade"] != trade["reference"]:
            return {}
        return {
            "out_trade_no": trade["reference"],
            "trade_no": trade["number"],
            "out_request_no": row["reference"],
            "refund_amount": _yuan(row["amount"]),
            "total_amount": _yuan(trade["amount"]),
            "refund_status": "REFUND_SUCCESS",
        }

    def _transfer(self, fields: Fields, content: Content) -> Content:
        payee = content.get("payee_info")
        if not isinstance(payee, dict) or not payee.get("identity") or not payee.get("name"):
            raise Refused("INVALID_PARAMETER")
        reference = _text(content, "out_biz_no")
        try:
            row = self._book.transfer(
                reference, _minor(content, "trans_amount"), str(payee["identity"])[:64], str(payee["name"])[:64],
                at_once=True,
            )  # fmt: skip
        except Refused as refused:
            raise Refused(_TRANSFER_CODES.get(refused.code, refused.code)) from refused
        return {**self._transferred(row), "trans_date": beijing(row["created_at"])}

    def _transfer_query(self, fields: Fields, content: Content) -> Content:
        row = self._book.transfer_of(_text(content, "out_biz_no"))
        if row is None:
            raise Refused("ORDER_NOT_EXIST")
        return {**self._transferred(row), "pay_date": beijing(row["created_at"])}

    def _transferred(self, row: Row) -> Content:
        said = {
            "out_biz_no": row["reference"],
            "order_id": row["number"],
            "pay_fund_order_id": row["number"],
            "status": {"done": "SUCCESS", "failed": "FAIL"}.get(row["state"], "DEALING"),
            "trans_amount": _yuan(row["amount"]),
        }
        return said | ({"error_code": row["code"]} if row["code"] else {})

    def _bill(self, fields: Fields, content: Content) -> Content:
        kind, day = _text(content, "bill_type"), _text(content, "bill_date")
        if kind not in ("trade", "signcustomer") or not re.match(r"20\d\d-\d\d-\d\d\Z", day):
            raise Refused("isv.invalid-bill-date")
        left_out = self._book.taken("bill_file")
        query = f"kind={kind}&day={day}" + (f"&left_out={left_out}" if left_out else "")
        return {"bill_download_url": f"{self._address}/alipay/bills?{query}"}

    def _trade(self, content: Content) -> Row:
        number = str(content.get("trade_no") or "")
        found = (
            self._book.trade_numbered(number) if number else self._book.trade(_text(content, "out_trade_no"))
        )
        if found is None:
            raise Refused("ACQ.TRADE_NOT_EXIST")
        return found

    def _status(self, trade: Row) -> str:
        if trade["state"] == "paid" and self._book.refunded(trade) == trade["amount"]:
            return "TRADE_CLOSED"
        return {"waiting": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS", "closed": "TRADE_CLOSED"}[
            trade["state"]
        ]


_TRANSFER_CODES = {"no_funds": "PAYER_BALANCE_NOT_ENOUGH", "another_transfer": "DC_PARAM_NOT_CONSISTENT"}


def _content(fields: Mapping[str, str]) -> Content:
    try:
        content = json.loads(fields.get("biz_content") or "{}")
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, dict):
        raise Problem(400, "biz_content", "biz_content is not a JSON object.")
    return content


def _text(content: Content, name: str) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value:
        raise Refused("ACQ.INVALID_PARAMETER")
    return value


def _minor(content: Content, name: str) -> int:
    try:
        return parse_amount(_text(content, name), "CNY").minor
    except Refusal as refusal:
        raise Refused("ACQ.INVALID_PARAMETER") from refusal


def _yuan(minor: int) -> str:
    return Money(minor, "CNY").decimal()


def _no(code: str, sub_code: str) -> Content:
    words = {"40002": "Invalid Arguments", "40004": "Business Failed"}
    return {"code": code, "msg": words[code], "sub_code": sub_code, "sub_msg": sub_code}
