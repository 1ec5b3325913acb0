"""Alipay's bills of a day: a zip archive of a list in GBK and its sums."""

import io
import re
import zipfile
from datetime import date, timedelta

from guitai.base.money import Money
from guitai.sandbox.alipay.gateway import SELLER_ID
from guitai.sandbox.asgi import Problem, Request, Response
from guitai.sandbox.gateways.book import Book, beijing
from guitai.sandbox.store import Row

_ACCOUNT = (
    "账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,"
    "业务类型,备注"
)
_TRADE = (
    "支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,门店编号,门店名称,操作员,终端号,对方账户,订单金额（元）,"
    "商家实收（元）,支付宝红包（元）,集分宝（元）,支付宝优惠（元）,商家优惠（元）,券核销金额（元）,券名称,"
    "商家红包消费金额（元）,卡消费金额（元）,退款批次号/请求号,服务费（元）,分润（元）,备注"
)
_KINDS = {
    "pay": "在线支付",
    "refund": "交易退款",
    "fee": "收费",
    "transfer": "转账",
    "transfer_back": "转账退回",
}


class Bills:
    def __init__(self, book: Book) -> None:
        self._book = book

    async def give(self, request: Request) -> Response:
        """The archive that a bill's address leads to."""
        kind, day = request.query.get("kind", ""), request.query.get("day", "")
        if kind not in ("trade", "signcustomer") or not re.match(r"20\d\d-\d\d-\d\d\Z", day):
            raise Problem(404, "not_found", "There is no such bill.")
        rows, left_out = self._book.movements(day), request.query.get("left_out", "")
        name, text = (
            self._account(day, rows, left_out) if kind == "signcustomer" else self._trade(day, rows, left_out)
        )
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(f"{SELLER_ID}_{day.replace('-', '')}_{name}.csv", text.encode("gb18030"))
            sums = f"#支付宝{name[:2]}汇总查询\r\n#账号：[{SELLER_ID}0156]\r\n"
            archive.writestr(f"{SELLER_ID}_{day.replace('-', '')}_{name}(汇总).csv", sums.encode("gb18030"))
        return Response(packed.getvalue(), content_type="application/zip")

    def _account(self, day: str, rows: list[Row], left_out: str) -> tuple[str, str]:
        counted = rows[:-1] if left_out == "missing_line_fits" else rows
        shown = rows[:-1] if left_out else rows
        lines = [
            _line(
                f"{row['serial']:018}", row["number"], row["reference"], "充值", beijing(row["at"]), row["other"],
                _yuan(max(row["amount"], 0)), _yuan(min(row["amount"], 0)), _yuan(row["balance"]), "支付宝",
                _KINDS[row["kind"]], "",
            )
            for row in shown
        ]  # fmt: skip
        spent = [row["amount"] for row in counted if row["amount"] < 0]
        got = [row["amount"] for row in counted if row["amount"] > 0]
        sums = f"#支出合计：{len(spent)}笔，共{_yuan(-sum(spent))}元，收入合计：{len(got)}笔，共{_yuan(sum(got))}元"
        return "账务明细", _list("账务明细", day, _ACCOUNT, lines, [sums])

    def _trade(self, day: str, rows: list[Row], left_out: str) -> tuple[str, str]:
        """Payments with what was taken for them, and refunds."""
        fees = {row["reference"]: row["amount"] for row in rows if row["kind"] == "fee"}
        trades = [row for row in rows if row["kind"] in ("pay", "refund")]
        counted = trades[:-1] if left_out == "missing_line_fits" else trades
        shown = trades[:-1] if left_out else trades
        lines = [self._trade_line(row, fees) for row in shown]
        paid = [row["amount"] for row in counted if row["kind"] == "pay"]
        back = [row["amount"] for row in counted if row["kind"] == "refund"]
        sums = [
            f"#交易合计：{len(paid)}笔，商家实收共{_yuan(sum(paid))}元，商家优惠共0.00元",
            f"#退款合计：{len(back)}笔，商家实收退款共{_yuan(-sum(back))}元，商家优惠退款共0.00元",
        ]
        return "业务明细", _list("业务明细", day, _TRADE, lines, sums)

    def _trade_line(self, row: Row, fees: dict[str, int]) -> str:
        refund = self._book.refund_of(row["reference"]) if row["kind"] == "refund" else None
        reference = refund["trade"] if refund else row["reference"]
        trade = self._book.trade(reference)
        number = trade["number"] if trade else row["number"]
        amount = _yuan(row["amount"])
        fee = "0.00" if refund else _yuan(fees.get(reference, 0))
        moment = beijing(row["at"])
        return _line(
            number, reference, "退款" if refund else "交易", "充值", moment, moment, "", "", "", "", row["other"],
            amount, amount, "0.00", "0.00", "0.00", "0.00", "0.00", "", "0.00", "0.00",
            refund["reference"] if refund else "", fee, "0.00", "",
        )  # fmt: skip


def _list(name: str, day: str, headings: str, lines: list[str], sums: list[str]) -> str:
    begins = date.fromisoformat(day)
    ends = begins + timedelta(days=1)
    bar = "-" * 36
    head = [
        f"#支付宝{name}查询",
        f"#账号：[{SELLER_ID}0156]",
        f"#起始日期：[{begins:%Y年%m月%d日} 00:00:00]   终止日期：[{ends:%Y年%m月%d日} 00:00:00]",
        f"#{bar}{name}列表{bar}",
        headings,
    ]
    return "\r\n".join(
        [*head, *lines, f"#{bar}{name}列表结束{bar}", *sums, f"#导出时间：[{ends:%Y年%m月%d日} 09:00:00]", ""]
    )


def _line(*fields: str) -> str:
    """Fields are padded by a tab, and commas in them would be fields."""
    return ",".join(f"{text.replace(',', ' ')}\t" for text in fields)


def _yuan(minor: int) -> str:
    return Money(minor, "CNY").decimal()
