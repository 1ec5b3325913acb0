"""Alipay's bills: a zip archive of lists in GBK, one of every line and one that sums them up.

The account list (账务明细) has the balance after each line, so that a line that is missing shows. The trade list
(业务明细) has payments and refunds only. Both say at their end how many lines there were, and of how much.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from guitai.rails.adapters.bills import (
    CURRENCY,
    Row,
    Sums,
    amount,
    cells,
    day,
    heading,
    lines,
    prove,
    row,
    short,
    unpacked,
    whole,
)
from guitai.rails.errors import StatementMalformed, StatementUnbalanced, StatementUnrecognised
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead, StatementPart
from guitai.rails.statements.values import line_of, minor_of

# Every form that GBK takes in practice.
_ENCODING = "gb18030"
_ACCOUNT_LIST, _TRADE_LIST = "账务明细", "业务明细"
_ACCOUNT = re.compile(r"#\s*账号[:：]\s*\[(\d{16})[^\]]{0,8}\]")
_PERIOD = re.compile(r"#\s*起始日期[:：]\s*\[([^\]]{10,30})\]\s*终止日期[:：]\s*\[([^\]]{10,30})\]")
_CHINESE_DAY = re.compile(r"(\d{4})年(\d\d)月(\d\d)日")
_TOTALS: Final = {
    _ACCOUNT_LIST: re.compile(
        r"#\s*支出合计[:：]\s*(\d+)笔[,，]共\s*-?([\d.]+)元[,，]\s*收入合计[:：]\s*(\d+)笔[,，]共\s*([\d.]+)元"
    ),
    _TRADE_LIST: re.compile(r"#\s*(交易|退款)合计[:：]\s*(\d+)笔[,，]\s*商家实收(?:退款)?共\s*-?([\d.]+)元"),
}
_SERIAL, _TRADE, _ORDER = "账务流水号", "支付宝交易号", "商户订单号"
_NEEDED: Final = {
    _ACCOUNT_LIST: (
        _SERIAL,
        "业务流水号",
        _ORDER,
        "发生时间",
        "收入金额(+元)",
        "支出金额(-元)",
        "账户余额(元)",
    ),
    _TRADE_LIST: (_TRADE, _ORDER, "业务类型", "完成时间", "订单金额(元)", "商家实收(元)", "服务费(元)"),
}


def read_bill(file: BinaryIO) -> Iterator[StatementPart]:
    """A bill of Alipay's, part by part.

    takes    the archive or one of its lists, at its beginning
    gives    StatementHead, its entries, StatementFoot, for each list in it
    refuses  statement_* (see `errors`); nothing else is raised, whatever the file holds
    source   Alipay Open Platform, bills: 账务明细 and 业务明细
    """
    found = False
    with unpacked(file) as files:
        for _, opened in files:
            reading = lines(opened, _ENCODING)
            _, first = next(reading, (0, ""))
            kind = _kind(first)
            if kind is None:
                continue
            found = True
            yield from _List(kind).read(reading)
    if not found:
        raise StatementUnrecognised(problem="no_list")


def _kind(first: str) -> str | None:
    """Which list it is; the sums of a list (汇总) tell nothing that its lines do not."""
    if not first.startswith("#支付宝") or "汇总" in first:
        return None
    return next((kind for kind in (_ACCOUNT_LIST, _TRADE_LIST) if kind in first), None)


class _List:
    """One list while it is read."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._sums = Sums()
        self._booking = 0
        # Payments, refunds: how many and of how much, in a list of trades.
        self._trades = {"交易": (0, 0), "退款": (0, 0)}
        self._account, self._period = "", ("", "")
        self._headings: list[str] = []
        self._ended = False

    def read(self, reading: Iterator[tuple[int, str]]) -> Iterator[StatementPart]:
        head: StatementHead | None = None
        for line, text in reading:
            if text.startswith("#"):
                self._remark(text, line)
            elif not text.strip():
                continue
            elif not self._headings:
                self._begin(text, line)
            else:
                if self._ended:
                    raise StatementMalformed(line=line, problem="after_the_end")
                for entry, balance in self._entries(text, line):
                    if head is None:
                        head = self._head(entry, balance)
                        yield head
                    yield self._sums.count(entry, balance, line)
        if not self._ended:
            raise short(self._kind)
        if head is None:
            yield self._head(None, None)
        yield self._foot()

    def _begin(self, text: str, line: int) -> None:
        self._headings = [heading(field) for field in cells(text, None, line)]
        missing = [name for name in _NEEDED[self._kind] if name not in self._headings]
        if missing or len(set(self._headings)) != len(self._headings):
            raise StatementUnrecognised(problem="headings", line=line)

    def _remark(self, text: str, line: int) -> None:
        if match := _ACCOUNT.match(text):
            self._account = match[1]
        elif match := _PERIOD.match(text):
            self._period = (_iso(match[1]), _iso(match[2]))
        elif "列表结束" in text:
            self._ended = True
        elif match := _TOTALS[self._kind].match(text):
            self._check(match, line)

    def _head(self, first: Entry | None, balance: int | None) -> StatementHead:
        if not self._account:
            raise StatementMalformed(problem="account_missing")
        opening = None
        if first is not None and balance is not None:
            opening = balance - (first.amount if first.credit else -first.amount)
            self._sums.balance = opening
        # The period ends at the midnight that begins the next day.
        begins = day(self._period[0]) if self._period[0] else None
        return StatementHead(
            account=self._account,
            currency=CURRENCY,
            opening=opening,
            kind="statement" if self._kind == _ACCOUNT_LIST else "report",
            reference=f"{self._kind} {self._period[0]}".strip(),
            period_from=begins,
            period_to=begins,
        )

    def _foot(self) -> StatementFoot:
        return self._sums.foot()

    def _entries(self, text: str, line: int) -> Iterator[tuple[Entry, int | None]]:
        fields = row(self._headings, cells(text, len(self._headings), line))
        self._booking += 1
        if self._kind == _ACCOUNT_LIST:
            yield self._movement(fields, line)
        else:
            yield from self._trade(fields, line)

    def _movement(self, fields: Row, line: int) -> tuple[Entry, int]:
        received, spent = (
            amount(fields["收入金额(+元)"] or "0", line),
            amount(fields["支出金额(-元)"] or "0", line),
        )
        if bool(received) == bool(spent) or received < 0:
            raise StatementMalformed(line=line, problem="amount")
        booked = day(fields["发生时间"])
        entry = Entry(
            position=self._sums.entries,
            booking=self._booking - 1,
            amount=received or abs(spent),
            credit=received > 0,
            booked_on=booked,
            value_on=booked,
            reference=line_of(fields["业务流水号"]) or None,
            end_to_end_id=line_of(fields[_ORDER]) or None,
            counterparty=line_of(fields.get("对方账号", "")) or None,
            remittance=line_of(fields.get("备注", "") or fields.get("商品名称", "")) or None,
            bank_code=line_of(fields.get("业务类型", "")) or None,
            transaction_id=line_of(fields["业务流水号"]) or None,
            bank_reference=line_of(fields[_SERIAL]) or None,
        )
        return entry, amount(fields["账户余额(元)"], line)

    def _trade(self, fields: Row, line: int) -> Iterator[tuple[Entry, None]]:
        """A payment or a refund, and what Alipay took for it as a line of its own."""
        total, received = amount(fields["订单金额(元)"], line), amount(fields["商家实收(元)"], line)
        fee = amount(fields["服务费(元)"] or "0", line)
        word = "退款" if fields["业务类型"] == "退款" else "交易"
        count, sum_ = self._trades[word]
        self._trades[word] = (count + 1, sum_ + abs(received))
        if not total or (total > 0) != (word == "交易"):
            raise StatementMalformed(line=line, problem="amount")
        number = line_of(fields[_TRADE])
        request = line_of(fields.get("退款批次号/请求号", ""))
        booked = day(fields["完成时间"])
        yield (
            Entry(
                position=self._sums.entries,
                booking=self._booking - 1,
                amount=abs(total),
                credit=total > 0,
                booked_on=booked,
                value_on=booked,
                reference=number or None,
                end_to_end_id=line_of(fields[_ORDER]) or None,
                counterparty=line_of(fields.get("对方账户", "")) or None,
                remittance=line_of(fields.get("备注", "") or fields.get("商品名称", "")) or None,
                bank_code=line_of(fields["业务类型"]) or None,
                transaction_id=number or None,
                bank_reference=f"{number}:{request}" if word == "退款" else number or None,
            ),
            None,
        )
        if fee:
            yield (
                Entry(
                    position=self._sums.entries,
                    booking=self._booking - 1,
                    amount=abs(fee),
                    credit=fee > 0,
                    booked_on=booked,
                    value_on=booked,
                    bank_code="fee",
                    transaction_id=number or None,
                    bank_reference=f"{number}:{request}:fee",
                ),
                None,
            )

    def _check(self, match: re.Match[str], line: int) -> None:
        """What the list says of itself at its end."""
        if self._kind == _ACCOUNT_LIST:
            told = (whole(match[3], line), whole(match[1], line))
            if told != self._sums.counts:
                raise StatementUnbalanced(problem="count", expected=str(self._sums.counts), closing=str(told))
            prove(self._sums.debits, minor_of(match[2], CURRENCY, line), line)
            prove(self._sums.credits, minor_of(match[4], CURRENCY, line), line)
            return
        count, sum_ = self._trades[match[1]]
        if whole(match[2], line) != count:
            raise StatementUnbalanced(problem="count", expected=str(count), closing=match[2])
        prove(sum_, minor_of(match[3], CURRENCY, line), line)


def _iso(text: str) -> str:
    match = _CHINESE_DAY.search(text)
    return f"{match[1]}-{match[2]}-{match[3]}" if match else text[:10]
