"""What the gateway answers the merchant: orders by the payer's browser, queries, refunds, files."""

import base64
import io
import re
import zipfile
import zlib
from datetime import datetime

from guitai.base.clock import now
from guitai.sandbox.asgi import Problem, Request, Response, redirect
from guitai.sandbox.faults import Faults
from guitai.sandbox.store import Row
from guitai.sandbox.unionpay.book import (
    FEE_PER_1000,
    PAYMENT,
    PAYOUT,
    PAYOUT_FEE,
    REFUND,
    UNDO,
    Book,
    settle_day,
)
from guitai.sandbox.unionpay.messages import SIGNATURE_WRONG, Fields, answer_body, from_merchant, read, sign
from guitai.sandbox.unionpay.payouts import Payouts

_ORDER = re.compile(r"[A-Za-z0-9]{8,40}\Z")
_TIME = re.compile(r"20[0-9]{12}\Z")
_AMOUNT = re.compile(r"[1-9][0-9]{0,11}\Z")
_ECHOED = (
    "version", "encoding", "signMethod", "txnType", "txnSubType", "bizType", "accessType", "merId", "orderId",
    "txnTime", "fileType", "settleDate", "origQryId",
)  # fmt: skip
_WORDS = {
    "00": "成功[0000000]",
    "11": "验证签名失败[9100004]",
    "12": "重复交易[6100030]",
    "10": "报文格式错误[6100010]",
    "34": "查无此交易[2600000]",
    "35": "原交易不存在或状态不正确[2040004]",
    "36": "与原交易信息不符[2060004]",
    "98": "文件不存在[9800000]",
    "05": "交易已受理，请稍后查询交易结果[0500000]",
}
# Column widths of a settlement line; the last two make it whole.
_WIDTHS = (
    3, 11, 11, 6, 10, 19, 12, 4, 2, 21, 2, 32, 2, 6, 10, 13, 13, 4, 15, 2, 2, 6, 2, 4, 32, 1, 21, 15, 1, 15, 32, 13,
    13, 8, 32, 13, 13, 12, 2, 1, 32, 98,
)  # fmt: skip


class Gateway:
    def __init__(self, book: Book) -> None:
        self._book = book
        self._payouts = Payouts(book)

    async def front(self, request: Request) -> Response:
        """The payer's browser brings an order: the same again is the same page."""
        fields = read(request)
        if not from_merchant(fields, self._book.authority):
            raise Problem(400, "unionpay_11", _WORDS[SIGNATURE_WRONG])
        _check(fields, "orderId", "txnTime", "txnAmt")
        known = self._book.find(fields["orderId"], fields["txnTime"])
        if known is None:
            with self._book.store.transaction():
                known = self._book.take(fields, state="open", response="")
        elif str(known["amount"]) != fields["txnAmt"]:
            raise Problem(409, "unionpay_12", _WORDS["12"])
        return redirect(f"/unionpay/pay/{known['id']}")

    async def query(self, request: Request) -> Response:
        fields = read(request)
        if not from_merchant(fields, self._book.authority):
            return self._answer(fields, SIGNATURE_WRONG)
        if (arranged := self._book.taken("query")) == "timeout":
            raise Problem(504, "timeout", "The gateway does not answer.")
        if arranged:
            return self._answer(fields, arranged)
        row = self._book.find(fields.get("orderId", ""), fields.get("txnTime", ""))
        if row is None or row["state"] == "open":
            return self._answer(fields, "34")
        return self._answer({**fields, **self._book.result(row)}, "00", {"origRespCode": row["response"]})

    async def back(self, request: Request) -> Response:
        """Refunds, undone payments and payments to cards: carried out first, answered afterwards."""
        fields = read(request)
        if not from_merchant(fields, self._book.authority):
            return self._answer(fields, SIGNATURE_WRONG)
        if fields.get("txnType") == PAYOUT:
            response, row = self._payouts.carry_out(fields)
            return self._answer(fields, response, {"queryId": row["query_id"]} if row else {})
        arranged = self._book.taken("back")
        if arranged and arranged != "timeout":
            return self._answer(fields, arranged)
        response, row = self._carry_out(fields)
        if arranged == "timeout":
            raise Problem(504, "timeout", "The gateway does not answer.")
        return self._answer(fields, response, {"queryId": row["query_id"]} if row else {})

    async def file(self, request: Request) -> Response:
        fields = read(request)
        if not from_merchant(fields, self._book.authority):
            return self._answer(fields, SIGNATURE_WRONG)
        day = _full_day(fields.get("settleDate", ""))
        rows = self._book.of_day(day)
        if not rows:
            return self._answer(fields, "98")
        if self._book.taken("file") == "missing_line":
            rows = rows[:-1]
        name = f"{fields['merId']}_{day[2:]}.zip"
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
            zipped.writestr(
                f"INN{day[2:]}88ZM_{fields['merId']}", b"".join(_line(row, fields["merId"]) for row in rows)
            )
        content = base64.b64encode(zlib.compress(archive.getvalue())).decode()
        return self._answer(fields, "00", {"fileName": name, "fileContent": content})

    def _carry_out(self, fields: Fields) -> tuple[str, Row | None]:
        try:
            _check(fields, "orderId", "txnTime", "txnAmt")
        except Problem:
            return "10", None
        if fields.get("txnType") not in (UNDO, REFUND):
            return "10", None
        with self._book.store.transaction():
            if self._book.find(fields["orderId"], fields["txnTime"]):
                return "12", None
            original = self._book.by_number(fields.get("origQryId", ""))
            if original is None or original["kind"] != PAYMENT or original["state"] != "done":
                return "35", None
            amount, refunded = int(fields["txnAmt"]), self._book.refunded(original["query_id"])
            whole = amount == original["amount"] and not refunded
            today = original["settle_day"] == settle_day(now())
            if amount + refunded > original["amount"] or (
                fields["txnType"] == UNDO and not (whole and today)
            ):
                return "36", None
            row = self._book.take(fields, state="done", response="00")
            self._book.announce(row["id"], Faults())
        return "00", row

    def _answer(self, fields: Fields, response: str, more: Fields | None = None) -> Response:
        said = {name: fields[name] for name in (*_ECHOED, *_RESULT) if fields.get(name)}
        said |= {
            "respCode": response,
            "respMsg": _WORDS.get(response, f"交易失败[{response}]"),
            **(more or {}),
        }
        body = answer_body(sign(said, self._book.authority.gateway))
        return Response(body, content_type="text/html;charset=UTF-8")


_RESULT = (
    "txnAmt",
    "currencyCode",
    "queryId",
    "settleAmt",
    "settleCurrencyCode",
    "settleDate",
    "traceNo",
    "traceTime",
    "accNo",
    "payCardType",
)


def _check(fields: Fields, *names: str) -> None:
    patterns = {"orderId": _ORDER, "txnTime": _TIME, "txnAmt": _AMOUNT}
    for name in names:
        if not patterns[name].match(fields.get(name, "")):
            raise Problem(400, "unionpay_10", f"{_WORDS['10']}: {name}")


def _full_day(text: str) -> str:
    """`MMDD` of the latest day that has been."""
    today = settle_day(now())
    day = today[:4] + text
    return day if day <= today else str(int(today[:4]) - 1) + text


def _line(row: Row, merchant: str) -> bytes:
    """A transaction as the settlement file has it: amounts with C to the merchant, D from them."""
    back = row["kind"] != PAYMENT
    fee = {PAYMENT: (row["amount"] * FEE_PER_1000 + 500) // 1_000, PAYOUT: PAYOUT_FEE}.get(row["kind"], 0)
    settled = (-row["amount"] if back else row["amount"]) - fee
    columns = [""] * len(_WIDTHS)
    columns[0:3] = [{PAYMENT: "S22", PAYOUT: "S35"}.get(row["kind"], "S30"), "00049992", "00049992"]
    columns[3], columns[4], columns[5] = row["query_id"][-6:], row["traced"], row["card"]
    columns[6], columns[7], columns[8] = f"{row['amount']:012}", "6012", "07"
    columns[9], columns[11], columns[12] = row["query_id"], row["order_id"], row["card_type"]
    columns[13], columns[14] = "000000", "0000000000"
    columns[15], columns[16] = _signed(-fee), _signed(settled)
    business = "000401" if row["kind"] == PAYOUT else "000201"
    columns[17], columns[19], columns[20], columns[21] = "0001", row["kind"], "01", business
    columns[26], columns[27] = row["original"], merchant
    columns[32] = _signed(settled)
    columns[41] = ""
    return (
        " ".join(f"{text:<{width}}" for text, width in zip(columns, _WIDTHS, strict=True)) + "\r\n"
    ).encode("gbk")


def _signed(minor: int) -> str:
    return f"{'C' if minor >= 0 else 'D'}{abs(minor):012}"


def moment(text: str) -> str:
    """`txnTime` for people."""
    return datetime.strptime(text, "%Y%m%d%H%M%S").strftime("%Y-%m-%d %H:%M:%S")  # noqa: DTZ007  # Beijing's
