"""WeChat Pay's bills: lists in UTF-8 whose every field begins with a backtick, with their sums in the last line.

The funds list (资金账单) has the balance after each line, so that a line that is missing shows. The trade list
(交易账单) has payments and refunds only.
"""

from collections.abc import Iterator
from typing import IO, BinaryIO, Final, Literal

from guitai.rails.adapters.bills import (
    CURRENCY,
    Row,
    Sums,
    amount,
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
from guitai.rails.statements.shape import Entry, StatementHead, StatementPart
from guitai.rails.statements.values import line_of

_ENCODING = "utf-8"
_FEE = "fee"
_Kind = Literal["fundflow", "trade"]
_FIRST: Final[dict[str, _Kind]] = {"记账时间": "fundflow", "交易时间": "trade"}
_LAST: Final[dict[str, _Kind]] = {"资金流水总笔数": "fundflow", "总交易单数": "trade"}
_NEEDED: Final = {
    "fundflow": (
        "记账时间",
        "微信支付业务单号",
        "资金流水单号",
        "业务类型",
        "收支类型",
        "收支金额(元)",
        "账户结余(元)",
    ),
    "trade": ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态", "货币种类", "订单金额", "手续费"),
}
# How many lines there were, what came in and what went out, without fees in a list of trades.
_SUMS: Final = {
    "fundflow": ("资金流水总笔数", "收入金额", "支出金额"),
    "trade": ("总交易单数", "订单总金额", "申请退款总金额"),
}
_REFUND_FIELDS: Final = ("微信退款单号", "商户退款单号", "申请退款金额")


def read_bill(file: BinaryIO, merchant_id: str) -> Iterator[StatementPart]:
    """A bill of WeChat Pay's, part by part.

    takes    the list, packed by gzip or not, at its beginning; whose it is, for a funds list does not say
    gives    StatementHead, its entries, StatementFoot
    refuses  statement_* (see `errors`); nothing else is raised, whatever the file holds
    source   WeChat Pay APIv3, bills: 资金账单 and 交易账单
    """
    with unpacked(file) as files:
        for _, opened in files:
            yield from _read(opened, merchant_id)


def _read(file: IO[bytes], merchant_id: str) -> Iterator[StatementPart]:
    reading = lines(file, _ENCODING)
    number, first = next(reading, (0, ""))
    headings = [heading(field) for field in first.rstrip(",").split(",")]
    kind = _FIRST.get(headings[0])
    if (
        kind is None
        or any(name not in headings for name in _NEEDED[kind])
        or len(set(headings)) != len(headings)
    ):
        raise StatementUnrecognised(problem="headings", line=number)
    sums, without_fees, ended = Sums(), Sums(), False
    head: StatementHead | None = None
    for line, text in reading:
        if _LAST.get(heading(text.split(",")[0])) == kind:
            _prove(kind, text, reading, sums if kind == "fundflow" else without_fees)
            ended = True
            break
        fields = row(headings, _fields(text, len(headings), line))
        for entry, balance in _entries(kind, fields, sums, line):
            if head is None:
                head = _head(kind, merchant_id, entry, balance, sums)
                yield head
            if kind == "trade" and fields["商户号"] != merchant_id:
                raise StatementMalformed(line=line, problem="merchant")
            if entry.bank_code != _FEE:
                without_fees.count(entry)
            yield sums.count(entry, balance, line)
    if not ended:
        raise short(kind)
    if head is None:
        yield _head(kind, merchant_id, None, None, sums)
    yield sums.foot()


def _fields(text: str, count: int, line: int) -> list[str]:
    """Commas inside a field stay: only one before a backtick parts fields."""
    if not text.startswith("`"):
        raise StatementMalformed(line=line, problem="no_backtick")
    found = [field.strip() for field in text[1:].split(",`")]
    if len(found) != count:
        raise StatementMalformed(line=line, problem="columns")
    return found


def _head(
    kind: _Kind, merchant_id: str, first: Entry | None, balance: int | None, sums: Sums
) -> StatementHead:
    if first is not None and balance is not None:
        sums.balance = balance - (first.amount if first.credit else -first.amount)
    begins = first.booked_on if first is not None else None
    return StatementHead(
        account=merchant_id,
        currency=CURRENCY,
        opening=sums.balance,
        kind="statement" if kind == "fundflow" else "report",
        reference=f"{kind} {begins.isoformat()}" if begins else "",
        period_from=begins,
        period_to=begins,
    )


def _entries(kind: _Kind, fields: Row, sums: Sums, line: int) -> Iterator[tuple[Entry, int | None]]:
    if kind == "fundflow":
        yield _movement(fields, sums, line)
    else:
        yield from _trade(fields, sums, line)


def _movement(fields: Row, sums: Sums, line: int) -> tuple[Entry, int]:
    direction = fields["收支类型"]
    moved = amount(fields["收支金额(元)"], line)
    if direction not in ("收入", "支出") or moved <= 0:
        raise StatementMalformed(line=line, problem="amount")
    booked = day(fields["记账时间"])
    number = line_of(fields["微信支付业务单号"]) or None
    entry = Entry(
        position=sums.entries,
        booking=sums.entries,
        amount=moved,
        credit=direction == "收入",
        booked_on=booked,
        value_on=booked,
        reference=number,
        end_to_end_id=line_of(fields.get("业务凭证号", "")) or None,
        remittance=line_of(fields.get("备注", "")) or None,
        bank_code=line_of(fields["业务类型"]) or None,
        transaction_id=number,
        bank_reference=line_of(fields["资金流水单号"]) or None,
    )
    return entry, amount(fields["账户结余(元)"], line)


def _trade(fields: Row, sums: Sums, line: int) -> Iterator[tuple[Entry, None]]:
    """A payment or a refund, and what WeChat Pay took or gave back for it as a line of its own."""
    if fields["货币种类"] != CURRENCY:
        raise StatementMalformed(line=line, problem="currency")
    state = fields["交易状态"]
    refund = state in ("REFUND", "REVOKED")
    if refund and any(name not in fields for name in _REFUND_FIELDS):
        raise StatementUnrecognised(problem="headings", line=line)
    if not refund and state != "SUCCESS":
        raise StatementMalformed(line=line, problem="state")
    moved = amount(fields["申请退款金额" if refund else "订单金额"], line)
    fee = amount(fields["手续费"] or "0", line)
    if moved <= 0:
        raise StatementMalformed(line=line, problem="amount")
    booked = day(fields["交易时间"])
    number = line_of(fields["微信订单号"])
    own = line_of(fields["微信退款单号"]) if refund else number
    booking = sums.entries
    yield (
        Entry(
            position=sums.entries,
            booking=booking,
            amount=moved,
            credit=not refund,
            booked_on=booked,
            value_on=booked,
            reference=own or None,
            end_to_end_id=line_of(fields["商户退款单号" if refund else "商户订单号"]) or None,
            remittance=line_of(fields.get("商品名称", "")) or None,
            bank_code=state,
            transaction_id=number or None,
            bank_reference=own or None,
        ),
        None,
    )
    if fee:
        yield (
            Entry(
                position=sums.entries,
                booking=booking,
                amount=abs(fee),
                credit=fee < 0,
                booked_on=booked,
                value_on=booked,
                bank_code=_FEE,
                transaction_id=number or None,
                bank_reference=f"{own}:fee",
            ),
            None,
        )


def _prove(kind: _Kind, text: str, reading: Iterator[tuple[int, str]], sums: Sums) -> None:
    """What the list says of itself in its last line."""
    headings = [heading(field).removesuffix("(元)") for field in text.rstrip(",").split(",")]
    line, last = next(reading, (0, ""))
    if not last:
        raise short(kind)
    # To the very end, where a packed list is proved whole.
    for after, more in reading:
        if more.strip():
            raise StatementMalformed(line=after, problem="after_the_end")
    told = dict(zip(headings, _fields(last, len(headings), line), strict=True))
    if any(name not in told for name in _SUMS[kind]):
        raise StatementUnrecognised(problem="headings", line=line)
    if whole(told[_SUMS[kind][0]], line) != sum(sums.counts):
        raise StatementUnbalanced(
            problem="count", expected=str(sum(sums.counts)), closing=str(told[_SUMS[kind][0]])
        )
    prove(sums.credits, amount(told[_SUMS[kind][1]], line), line)
    prove(sums.debits, amount(told[_SUMS[kind][2]], line), line)
