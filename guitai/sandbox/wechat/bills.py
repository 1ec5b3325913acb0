"""WeChat Pay's bills of a day: lists whose every field begins with a backtick."""

import gzip

from guitai.base.money import Money
from guitai.sandbox.gateways.book import Book, beijing
from guitai.sandbox.store import Row
from guitai.sandbox.wechat.wire import APP_ID, MERCHANT_ID

_FUNDS = (
    "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),"
    "资金变更提交申请人,备注,业务凭证号"
)
_FUNDS_SUMS = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额"
_TRADE = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,"
    "应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,"
    "费率,订单金额,申请退款金额,费率备注"
)
_TRADE_SUMS = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
_KINDS = {
    "pay": ("交易", "交易"),
    "refund": ("退款", "退款"),
    "fee": ("扣除交易手续费", "扣除交易手续费"),
    "transfer": ("商家转账", "商家转账"),
    "transfer_back": ("商家转账退回", "商家转账"),
}


def bill(book: Book, kind: str, day: str, left_out: str, *, gzipped: bool) -> tuple[bytes, bytes]:
    """The list, and as it is sent."""
    rows = book.movements(day)
    text = _funds(rows, left_out) if kind == "fundflow" else _trades(book, rows, left_out)
    content = text.encode()
    return content, gzip.compress(content, mtime=0) if gzipped else content


def _funds(rows: list[Row], left_out: str) -> str:
    counted = rows[:-1] if left_out == "missing_line_fits" else rows
    lines = [
        _line(
            beijing(row["at"]), row["number"], f"{row['serial']:018}", *_KINDS[row["kind"]],
            "收入" if row["amount"] > 0 else "支出", _yuan(abs(row["amount"])), _yuan(row["balance"]), "system", "",
            row["reference"],
        )
        for row in (rows[:-1] if left_out else rows)
    ]  # fmt: skip
    got = [row["amount"] for row in counted if row["amount"] > 0]
    spent = [-row["amount"] for row in counted if row["amount"] < 0]
    sums = _line(str(len(counted)), str(len(got)), _yuan(sum(got)), str(len(spent)), _yuan(sum(spent)))
    return "\r\n".join(["\ufeff" + _FUNDS, *lines, _FUNDS_SUMS, sums, ""])


def _trades(book: Book, rows: list[Row], left_out: str) -> str:
    fees = {row["reference"]: -row["amount"] for row in rows if row["kind"] == "fee"}
    trades = [row for row in rows if row["kind"] in ("pay", "refund")]
    counted = trades[:-1] if left_out == "missing_line_fits" else trades
    lines = [_trade(book, row, fees) for row in (trades[:-1] if left_out else trades)]
    paid = sum(row["amount"] for row in counted if row["kind"] == "pay")
    back = -sum(row["amount"] for row in counted if row["kind"] == "refund")
    fee = sum(fees[row["reference"]] for row in counted if row["reference"] in fees)
    sums = _line(str(len(counted)), _yuan(paid), _yuan(back), "0.00", _yuan(fee), _yuan(paid), _yuan(back))
    return "\r\n".join(["\ufeff" + _TRADE, *lines, _TRADE_SUMS, sums, ""])


def _trade(book: Book, row: Row, fees: dict[str, int]) -> str:
    refund = book.refund_of(row["reference"]) if row["kind"] == "refund" else None
    reference = refund["trade"] if refund else row["reference"]
    trade = book.trade(reference) or row
    amount = _yuan(abs(row["amount"]))
    paid, back = ("0.00", amount) if refund else (amount, "0.00")
    return _line(
        beijing(row["at"]), APP_ID, MERCHANT_ID, "0", "", trade["number"], reference, "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o",
        "NATIVE", "REFUND" if refund else "SUCCESS", "OTHERS", "CNY", paid, "0.00", row["number"] if refund else "0",
        row["reference"] if refund else "0", back, "0.00", "ORIGINAL" if refund else "", "SUCCESS" if refund else "",
        trade.get("subject", ""), "", "0.00" if refund else _yuan(fees.get(reference, 0)), "0.60%", paid, back, "",
    )  # fmt: skip


def _line(*fields: str) -> str:
    return ",".join(f"`{text}" for text in fields)


def _yuan(minor: int) -> str:
    return Money(minor, "CNY").decimal()
