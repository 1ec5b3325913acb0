"""What WeChat Pay answers the merchant: orders, queries, refunds, transfers, bills."""

import hashlib
import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from guitai.base.money import MINOR_MAX
from guitai.sandbox.asgi import Handler, Problem, Request, Response, Route, route
from guitai.sandbox.bank.orders import is_web_address
from guitai.sandbox.gateways.book import BEIJING, Book, Refused, Wish
from guitai.sandbox.store import Row
from guitai.sandbox.wechat.bills import bill
from guitai.sandbox.wechat.wire import APP_ID, MERCHANT_ID, Keys, answer, opened, problem_of, told_certificate
from guitai.sandbox.world import seconds

_REFERENCE = re.compile(r"[A-Za-z0-9_\-|*]{6,32}\Z")
_BILL_NUMBER = re.compile(r"[A-Za-z0-9]{1,32}\Z")
_USUAL_S = 2 * 3600
# A transfer of this much and more must say whose it is.
_NAMED_FROM_MINOR = 2_000_00
_STATUS = {
    "PARAM_ERROR": 400, "INVALID_REQUEST": 400, "ORDER_CLOSED": 400, "ORDERPAID": 400, "APPID_MCHID_NOT_MATCH": 400,
    "SIGN_ERROR": 401, "NO_AUTH": 403, "NOT_ENOUGH": 403, "RULE_LIMIT": 403, "USER_ACCOUNT_ABNORMAL": 403,
    "OUT_TRADE_NO_USED": 403, "ORDER_NOT_EXIST": 404, "RESOURCE_NOT_EXISTS": 404, "NOT_FOUND": 404,
    "FREQUENCY_LIMITED": 429, "SYSTEM_ERROR": 500, "NO_STATEMENT_EXIST": 400,
}  # fmt: skip
_CODES = {
    "another_amount": "OUT_TRADE_NO_USED",
    "another_refund": "INVALID_REQUEST",
    "another_transfer": "INVALID_REQUEST",
    "not_paid": "INVALID_REQUEST",
    "too_much": "PARAM_ERROR",
    "no_funds": "NOT_ENOUGH",
}
Content = dict[str, Any]
Call = Callable[[Request, Content], Content | None]


class Gateway:
    def __init__(self, book: Book, own: Keys, address: str) -> None:
        self._book, self._keys, self._address = book, own, address

    def routes(self) -> list[Route]:
        base = "/wechat/v3"
        by_reference = f"{base}/pay/transactions/out-trade-no/{{reference}}"
        transfers = f"{base}/fund-app/mch-transfer/transfer-bills"
        calls: list[tuple[str, str, str, Call]] = [
            ("POST", f"{base}/pay/transactions/native", "order", self._native),
            ("POST", f"{base}/pay/transactions/h5", "order", self._h5),
            ("GET", by_reference, "query", self._query),
            ("GET", f"{base}/pay/transactions/id/{{number}}", "query", self._query_number),
            ("POST", f"{by_reference}/close", "", self._close),
            ("POST", f"{base}/refund/domestic/refunds", "refund", self._refund),
            ("GET", f"{base}/refund/domestic/refunds/{{reference}}", "query", self._refund_query),
            ("POST", transfers, "transfer", self._transfer),
            ("GET", f"{transfers}/out-bill-no/{{reference}}", "query", self._transfer_query),
            ("POST", f"{transfers}/out-bill-no/{{reference}}/cancel", "", self._transfer_cancel),
            ("GET", f"{base}/bill/tradebill", "bill", self._trade_bill),
            ("GET", f"{base}/bill/fundflowbill", "bill", self._funds_bill),
            ("GET", f"{base}/certificates", "", self._certificates),
        ]
        signed = [route(method, path, self._signed(name, call)) for method, path, name, call in calls]
        return [*signed, route("GET", f"{base}/billdownload/file", self._file)]

    def _signed(self, name: str, call: Call) -> Handler:
        """Only the merchant may ask; answers are signed, refusals included."""

        async def wrapped(request: Request) -> Response:
            if problem_of(request, self._keys) is not None:
                return self._refused(request, "SIGN_ERROR")
            arranged = self._book.taken(name) if name else ""
            if arranged in _STATUS:
                return self._refused(request, arranged)
            if arranged.startswith("missing_line"):
                self._book.arrange("bill_file", arranged)
            elif arranged.startswith("end:"):
                self._book.arrange("transfer_end", arranged.removeprefix("end:"))
            try:
                said = call(request, request.json())
            except Refused as refused:
                return self._refused(request, _CODES.get(refused.code, refused.code))
            if arranged == "timeout":
                raise Problem(504, "timeout", "The gateway does not answer.")
            status = 204 if said is None else 200
            return answer(self._keys, request, said, status, badly=arranged == "bad_signature")

        return wrapped

    def _refused(self, request: Request, code: str) -> Response:
        return answer(self._keys, request, {"code": code, "message": code}, _STATUS.get(code, 400))

    def _native(self, request: Request, content: Content) -> Content:
        return {"code_url": f"{self._address}/wechat/pay/{self._placed(content, 'qr')['token']}"}

    def _h5(self, request: Request, content: Content) -> Content:
        scene = content.get("scene_info")
        if not isinstance(scene, dict) or not scene.get("payer_client_ip"):
            raise Refused("PARAM_ERROR")
        return {"h5_url": f"{self._address}/wechat/pay/{self._placed(content, 'h5')['token']}"}

    def _placed(self, content: Content, way: str) -> Row:
        if (content.get("mchid"), content.get("appid")) != (MERCHANT_ID, APP_ID):
            raise Refused("APPID_MCHID_NOT_MATCH")
        reference, notify_url = _text(content, "out_trade_no", _REFERENCE), _text(content, "notify_url")
        amount = content.get("amount")
        if (
            not is_web_address(notify_url)
            or not isinstance(amount, dict)
            or amount.get("currency", "CNY") != "CNY"
        ):
            raise Refused("PARAM_ERROR")
        description = _text(content, "description")
        if len(description.encode()) > 127:
            raise Refused("PARAM_ERROR")
        try:
            expires_at = (
                int(datetime.fromisoformat(content["time_expire"]).timestamp())
                if content.get("time_expire")
                else seconds() + _USUAL_S
            )
        except (ValueError, TypeError) as error:
            raise Refused("PARAM_ERROR") from error
        trade = self._book.place(
            Wish(reference, _minor(amount, "total"), description, way, notify_url, "", expires_at)
        )
        if trade["state"] != "waiting":
            raise Refused("ORDERPAID" if trade["state"] == "paid" else "ORDER_CLOSED")
        return trade

    def _query(self, request: Request, content: Content) -> Content:
        return transaction(self._book, self._trade(request.matched["reference"]))

    def _query_number(self, request: Request, content: Content) -> Content:
        found = self._book.trade_numbered(request.matched["number"])
        if found is None:
            raise Refused("ORDER_NOT_EXIST")
        return transaction(self._book, found)

    def _close(self, request: Request, content: Content) -> None:
        trade = self._trade(request.matched["reference"])
        if trade["state"] == "paid":
            raise Refused("ORDERPAID")
        self._book.close(trade)

    def _refund(self, request: Request, content: Content) -> Content:
        number, amount = content.get("transaction_id"), content.get("amount")
        trade = (
            self._book.trade_numbered(str(number)) if number else self._trade(_text(content, "out_trade_no"))
        )
        if trade is None:
            raise Refused("RESOURCE_NOT_EXISTS")
        if not isinstance(amount, dict) or amount.get("total") != trade["amount"]:
            raise Refused("PARAM_ERROR")
        reference = _text(content, "out_refund_no")
        row, _new = self._book.refund(trade, reference, _minor(amount, "refund"))
        return self._refunded(row)

    def _refund_query(self, request: Request, content: Content) -> Content:
        row = self._book.refund_of(request.matched["reference"])
        if row is None:
            raise Refused("RESOURCE_NOT_EXISTS")
        return self._refunded(row)

    def _refunded(self, row: Row) -> Content:
        trade = self._trade(row["trade"])
        return {
            "refund_id": row["number"],
            "out_refund_no": row["reference"],
            "transaction_id": trade["number"],
            "out_trade_no": trade["reference"],
            "channel": "ORIGINAL",
            "user_received_account": "支付用户零钱",
            "create_time": moment(row["created_at"]),
            "success_time": moment(row["created_at"]),
            "status": "SUCCESS",
            "amount": {
                "total": trade["amount"], "refund": row["amount"], "payer_total": trade["amount"],
                "payer_refund": row["amount"], "currency": "CNY",
            },
        }  # fmt: skip

    def _transfer(self, request: Request, content: Content) -> Content:
        if content.get("appid") != APP_ID or not content.get("transfer_scene_id"):
            raise Refused("PARAM_ERROR")
        amount, name = _minor(content, "transfer_amount"), ""
        if sealed := content.get("user_name"):
            try:
                name = opened(self._keys, str(sealed))
            except ValueError as error:
                raise Refused("PARAM_ERROR") from error
        elif amount >= _NAMED_FROM_MINOR:
            raise Refused("PARAM_ERROR")
        reference = _text(content, "out_bill_no", _BILL_NUMBER)
        row = self._book.transfer(reference, amount, _text(content, "openid")[:64], name[:64], at_once=False)
        # The clerk's choice; usually the payee is asked and takes it on the page of this gateway.
        if end := self._book.taken("transfer_end"):
            self._book.end_transfer(row, "" if end == "done" else end)
            row = self._book.transfer_of(reference) or row
        waits = {"package_info": row["token"]} if row["state"] == "waiting" else {}
        return self._transferred(row) | waits

    def _transfer_query(self, request: Request, content: Content) -> Content:
        row = self._book.transfer_of(request.matched["reference"])
        if row is None:
            raise Refused("NOT_FOUND")
        return self._transferred(row) | {
            "mch_id": MERCHANT_ID,
            "appid": APP_ID,
            "transfer_amount": row["amount"],
        }

    def _transfer_cancel(self, request: Request, content: Content) -> Content:
        row = self._book.transfer_of(request.matched["reference"])
        if row is None or row["state"] != "waiting":
            raise Refused("NOT_FOUND" if row is None else "INVALID_REQUEST")
        self._book.end_transfer(row, "CANCELLED")
        return {"out_bill_no": row["reference"], "transfer_bill_no": row["number"], "state": "CANCELLED"}

    def _transferred(self, row: Row) -> Content:
        state = {"waiting": "WAIT_USER_CONFIRM", "done": "SUCCESS", "failed": "FAIL"}[row["state"]]
        if row["code"] == "CANCELLED":
            state = "CANCELLED"
        said = {
            "out_bill_no": row["reference"],
            "transfer_bill_no": row["number"],
            "create_time": moment(row["created_at"]),
            "state": state,
        }
        return said | ({"fail_reason": row["code"]} if state == "FAIL" else {})

    def _trade_bill(self, request: Request, content: Content) -> Content:
        return self._told_bill(request, "trade")

    def _funds_bill(self, request: Request, content: Content) -> Content:
        return self._told_bill(request, "fundflow")

    def _told_bill(self, request: Request, kind: str) -> Content:
        day = request.query.get("bill_date", "")
        if not re.match(r"20\d\d-\d\d-\d\d\Z", day):
            raise Refused("PARAM_ERROR")
        left_out = self._book.taken("bill_file")
        list_, _packed = bill(self._book, kind, day, left_out, gzipped=False)
        gzipped = request.query.get("tar_type") == "GZIP"
        token = f"{kind}.{day}.{left_out or 'whole'}.{'gz' if gzipped else 'csv'}"
        return {
            "hash_type": "SHA1",
            "hash_value": hashlib.sha1(list_, usedforsecurity=False).hexdigest(),
            "download_url": f"{self._address}/wechat/v3/billdownload/file?token={token}",
        }

    async def _file(self, request: Request) -> Response:
        """A file is not signed: its digest was."""
        if problem_of(request, self._keys) is not None:
            return self._refused(request, "SIGN_ERROR")
        kind, day, left_out, form = (request.query.get("token", "").split(".") + [""] * 4)[:4]
        if kind not in ("trade", "fundflow"):
            return self._refused(request, "NOT_FOUND")
        _list, packed = bill(
            self._book, kind, day, "" if left_out == "whole" else left_out, gzipped=form == "gz"
        )
        return Response(packed, content_type="application/octet-stream")

    def _certificates(self, request: Request, content: Content) -> Content:
        return {"data": [told_certificate(self._keys)]}

    def _trade(self, reference: str) -> Row:
        found = self._book.trade(reference)
        if found is None:
            raise Refused("ORDER_NOT_EXIST")
        return found


def transaction(book: Book, trade: Row, told_amount: int | None = None) -> Content:
    """A payment as queries and notices tell of it."""
    state = {"waiting": "NOTPAY", "paid": "SUCCESS", "closed": "CLOSED"}[trade["state"]]
    if state == "SUCCESS" and book.refunded(trade):
        state = "REFUND"
    said: Content = {
        "appid": APP_ID,
        "mchid": MERCHANT_ID,
        "out_trade_no": trade["reference"],
        "trade_type": "MWEB" if trade["way"] == "h5" else "NATIVE",
        "trade_state": state,
        "trade_state_desc": state,
        "amount": {"total": told_amount or trade["amount"], "currency": "CNY"},
    }
    if trade["paid_at"]:
        said |= {
            "transaction_id": trade["number"],
            "bank_type": "OTHERS",
            "success_time": moment(trade["paid_at"]),
            "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        }
        said["amount"] |= {"payer_total": said["amount"]["total"], "payer_currency": "CNY"}
    return said


def moment(epoch: int) -> str:
    return datetime.fromtimestamp(epoch, UTC).astimezone(BEIJING).isoformat()


def _text(content: Content, name: str, form: re.Pattern[str] | None = None) -> str:
    value = content.get(name)
    if not isinstance(value, str) or not value or (form is not None and not form.match(value)):
        raise Refused("PARAM_ERROR")
    return value


def _minor(content: Content, name: str) -> int:
    value = content.get(name)
    if type(value) is not int or not 0 < value <= MINOR_MAX:
        raise Refused("PARAM_ERROR")
    return value
