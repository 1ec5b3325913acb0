# ruff: noqa: E501  (lines of bills are as long as they are)
"""Bills of Alipay and WeChat Pay: exact, proved by their own sums, or refused."""

import gzip
import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.rails.adapters.alipay_bill import read_bill as read_alipay
from guitai.rails.adapters.wechat_bill import read_bill as read_wechat
from guitai.rails.errors import (
    StatementAmountTooPrecise,
    StatementEncodingWrong,
    StatementHostile,
    StatementIncomplete,
    StatementMalformed,
    StatementRefused,
    StatementUnbalanced,
    StatementUnrecognised,
)
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead, StatementPart

SELLER, MERCHANT = "2088000000000018", "1900000018"
ACCOUNT = f"""#支付宝账务明细查询
#账号：[{SELLER}0156]
#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 00:00:00]
#-----------------账务明细列表----------------
账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,交易渠道,业务类型,备注
1001\t,2026112122001\t,7KMR3AXWH4\t,充值\t,2026-11-21 19:30:58\t,林月(lin***@example.com)\t,88.88\t,0.00\t,1088.88\t,支付宝\t,在线支付\t,\t
1002\t,2026112122001\t,7KMR3AXWH4\t,充值\t,2026-11-21 19:30:58\t,\t,0.00\t,-0.53\t,1088.35\t,支付宝\t,收费\t,服务费\t
1003\t,2026112122009\t,7KMR3AXWH5\t,提现\t,2026-11-21 20:00:00\t,陈明\t,\t,-50.00\t,1038.35\t,支付宝\t,转账\t,\t
#-----------------账务明细列表结束----------------
#支出合计：2笔，共50.53元，收入合计：1笔，共88.88元
#导出时间：[2026年11月22日 09:00:00]
"""
TRADE = f"""#支付宝业务明细查询
#账号：[{SELLER}0156]
#起始日期：[2026年11月21日 00:00:00]   终止日期：[2026年11月22日 00:00:00]
#-----------------业务明细列表----------------
支付宝交易号,商户订单号,业务类型,商品名称,创建时间,完成时间,对方账户,订单金额（元）,商家实收（元）,退款批次号/请求号,服务费（元）,备注
2026112122001\t,7KMR3AXWH4\t,交易\t,充值\t,2026-11-21 19:30:00\t,2026-11-21 19:30:58\t,林月\t,88.88\t,88.88\t,\t,-0.53\t,\t
2026112122001\t,7KMR3AXWH4\t,退款\t,充值\t,2026-11-21 19:30:00\t,2026-11-21 21:00:00\t,林月\t,-8.88\t,-8.88\t,RF1\t,0.00\t,\t
#-----------------业务明细列表结束----------------
#交易合计：1笔，商家实收共88.88元，商家优惠共0.00元
#退款合计：1笔，商家实收退款共-8.88元，商家优惠退款共0.00元
"""
FUNDS = """\ufeff记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号
`2026-11-21 19:30:58,`4200001,`9001,`交易,`交易,`收入,`88.88,`1088.88,`system,`结算总金额 88.88 元,手续费 0.53 元,`7KMR3AXWH4
`2026-11-21 19:30:58,`4200001,`9002,`扣除交易手续费,`扣除交易手续费,`支出,`0.53,`1088.35,`system,`,`7KMR3AXWH4
资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额
`2,`1,`88.88,`1,`0.53
"""
WECHAT = f"""交易时间,公众账号ID,商户号,微信订单号,商户订单号,交易状态,货币种类,微信退款单号,商户退款单号,商品名称,手续费,订单金额,申请退款金额
`2026-11-21 19:30:58,`wx1,`{MERCHANT},`4200001,`7KMR3AXWH4,`SUCCESS,`CNY,`0,`0,`充值,再充值,`0.53,`88.88,`0.00
`2026-11-21 21:00:00,`wx1,`{MERCHANT},`4200001,`7KMR3AXWH4,`REFUND,`CNY,`5030,`RF1,`充值,`0.00,`0.00,`8.88
总交易单数,应结订单总金额,退款总金额,订单总金额,申请退款总金额
`2,`88.88,`8.88,`88.88,`8.88
"""


def alipay(content: bytes) -> list[StatementPart]:
    return list(read_alipay(io.BytesIO(content)))


def wechat(content: bytes) -> list[StatementPart]:
    return list(read_wechat(io.BytesIO(content), MERCHANT))


def archive(*texts: str, encoding: str = "gbk") -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for number, text in enumerate(texts):
            file.writestr(f"list{number}.csv", text.encode(encoding))
    return packed.getvalue()


def entries(parts: list[StatementPart]) -> list[Entry]:
    return [part for part in parts if isinstance(part, Entry)]


def test_reads_alipays_account_list_with_its_balances() -> None:
    sums = "#支付宝账务汇总查询\n#账号：[20880000000000180156]\n"
    parts = alipay(archive(ACCOUNT, sums))
    head, foot = parts[0], parts[-1]
    assert isinstance(head, StatementHead)
    assert (head.account, head.currency, head.opening, head.kind) == (SELLER, "CNY", 1_000_00, "statement")
    assert (head.period_from, head.reference) == (date(2026, 11, 21), "账务明细 2026-11-21")
    assert foot == StatementFoot(1_038_35, 3, 88_88, 50_53)
    paid, fee, out = entries(parts)
    assert (paid.amount, paid.credit, paid.end_to_end_id, paid.reference) == (
        88_88,
        True,
        "7KMR3AXWH4",
        "2026112122001",
    )
    assert (paid.counterparty, paid.bank_reference) == ("林月(lin***@example.com)", "1001")
    assert (fee.amount, fee.credit, fee.bank_code) == (53, False, "收费")
    assert (out.amount, out.credit, out.end_to_end_id) == (50_00, False, "7KMR3AXWH5")


def test_reads_alipays_trade_list_with_fees_apart() -> None:
    parts = alipay(archive(TRADE))
    assert isinstance(parts[0], StatementHead)
    assert (parts[0].kind, parts[0].opening) == ("report", None)
    assert parts[-1] == StatementFoot(None, 3, 88_88, 9_41)
    paid, fee, back = entries(parts)
    assert (paid.amount, paid.credit, paid.bank_reference) == (88_88, True, "2026112122001")
    assert (fee.amount, fee.credit, fee.bank_code, fee.booking) == (53, False, "fee", paid.booking)
    assert (back.amount, back.credit, back.bank_reference) == (8_88, False, "2026112122001:RF1")


def test_reads_wechat_pays_funds_list_with_its_balances() -> None:
    for content in (FUNDS.encode(), gzip.compress(FUNDS.encode())):
        parts = wechat(content)
        assert isinstance(parts[0], StatementHead)
        assert (parts[0].account, parts[0].opening, parts[0].kind) == (MERCHANT, 1_000_00, "statement")
        assert parts[-1] == StatementFoot(1_088_35, 2, 88_88, 53)
        paid, fee = entries(parts)
        assert (paid.amount, paid.reference, paid.end_to_end_id) == (88_88, "4200001", "7KMR3AXWH4")
        assert paid.remittance == "结算总金额 88.88 元,手续费 0.53 元"
        assert (fee.credit, fee.bank_reference) == (False, "9002")


def test_reads_wechat_pays_trade_list_with_fees_apart() -> None:
    parts = wechat(WECHAT.encode())
    paid, fee, back = entries(parts)
    assert (paid.amount, paid.end_to_end_id, paid.remittance) == (88_88, "7KMR3AXWH4", "充值,再充值")
    assert (fee.amount, fee.bank_reference) == (53, "4200001:fee")
    assert (back.amount, back.credit, back.reference, back.end_to_end_id) == (8_88, False, "5030", "RF1")


def without(text: str, line: int) -> str:
    lines = text.splitlines(keepends=True)
    return "".join(lines[:line] + lines[line + 1 :])


@pytest.mark.parametrize(
    ("read", "text", "refusal"),
    [
        (alipay, without(ACCOUNT, 6), StatementUnbalanced),
        (alipay, without(ACCOUNT, 7), StatementUnbalanced),
        (alipay, without(TRADE, 5), StatementUnbalanced),
        (alipay, ACCOUNT.replace("88.88", "88.87", 1), StatementUnbalanced),
        (alipay, ACCOUNT.replace("88.88\t,0.00", "88.888\t,0.00"), StatementAmountTooPrecise),
        (alipay, ACCOUNT.replace("88.88\t,0.00", "88.88\t,-1.00"), StatementMalformed),
        (alipay, ACCOUNT.replace("88.88\t,0.00", "0.00\t,0.00"), StatementMalformed),
        (alipay, ACCOUNT.replace("账户余额（元）", "余额"), StatementUnrecognised),
        (alipay, ACCOUNT[: ACCOUNT.index("#-----------------账务明细列表结束")], StatementIncomplete),
        (alipay, ACCOUNT + "1004\t,x\n", StatementMalformed),
        (alipay, ACCOUNT.replace("1001\t,", "1001\t,extra\t,"), StatementMalformed),
        (alipay, ACCOUNT.replace(f"#账号：[{SELLER}0156]\n", ""), StatementMalformed),
        (alipay, "hello", StatementUnrecognised),
        (alipay, "", StatementUnrecognised),
        (wechat, without(FUNDS, 1), StatementUnbalanced),
        (wechat, without(FUNDS, 2), StatementUnbalanced),
        (wechat, FUNDS.replace("`收入", "`其他"), StatementMalformed),
        (wechat, FUNDS[: FUNDS.index("资金流水总笔数")], StatementIncomplete),
        (wechat, FUNDS[: FUNDS.index("`2,`1,")], StatementIncomplete),
        (wechat, FUNDS.replace("`2,`1,", "`2,1,"), StatementMalformed),
        (wechat, without(WECHAT, 1), StatementUnbalanced),
        (wechat, without(WECHAT, 2), StatementUnbalanced),
        (wechat, WECHAT.replace("88.88,`8.88\n", "88.88,`8.87\n"), StatementUnbalanced),
        (wechat, WECHAT.replace(MERCHANT, "1900000099"), StatementMalformed),
        (wechat, WECHAT.replace("`CNY", "`USD"), StatementMalformed),
        (wechat, WECHAT.replace("`88.88,`0.00", "`-88.88,`0.00"), StatementMalformed),
        (wechat, WECHAT.replace("`SUCCESS", "`NOTPAY"), StatementMalformed),
        (wechat, "", StatementUnrecognised),
        (wechat, "总交易单数", StatementUnrecognised),
    ],
)
def test_refuses_a_bill_that_does_not_prove_itself(
    read: Callable[[bytes], list[StatementPart]], text: str, refusal: type[StatementRefused]
) -> None:
    with pytest.raises(refusal):
        read(text.encode("gbk" if read is alipay else "utf-8"))


def test_a_day_without_movements_is_a_bill_all_the_same() -> None:
    lines = ACCOUNT.splitlines(keepends=True)
    empty = (
        "".join(lines[:5] + lines[8:])
        .replace("2笔，共50.53", "0笔，共0.00")
        .replace("1笔，共88.88", "0笔，共0.00")
    )
    head, foot = alipay(empty.encode("gbk"))
    assert isinstance(head, StatementHead)
    assert (head.opening, foot) == (None, StatementFoot(None, 0, 0, 0))


def test_refuses_hostile_and_broken_archives() -> None:
    with pytest.raises(StatementHostile):
        alipay(archive(*["x"] * 20))
    whole = archive(ACCOUNT)
    for broken in (whole[:-30], whole[:60] + b"\x00" * 40 + whole[100:], b"PK\x03\x04"):
        with pytest.raises(StatementRefused):
            alipay(broken)
    with pytest.raises(StatementRefused):
        wechat(gzip.compress(FUNDS.encode())[:-9])
    with pytest.raises(StatementEncodingWrong):
        wechat(FUNDS.encode("gbk", "ignore"))
    with pytest.raises(StatementMalformed):
        wechat(b"`" * 20_000)


@settings(deadline=None)
@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_break_the_readers(content: bytes) -> None:
    for read in (alipay, wechat):
        with pytest.raises(StatementRefused):
            read(content)


@settings(deadline=None)
@given(st.integers(0, len(ACCOUNT) - 1), st.text(min_size=1, max_size=3))
def test_a_list_that_was_touched_is_refused_or_says_the_same_sums(at: int, put: str) -> None:
    touched = (ACCOUNT[:at] + put + ACCOUNT[at + 1 :]).encode("gb18030", "replace")
    try:
        parts = alipay(touched)
    except StatementRefused:
        return
    foot = parts[-1]
    assert isinstance(foot, StatementFoot)
    assert foot.credits - foot.debits == (foot.closing or 0) - (parts[0].opening or 0)  # type: ignore[union-attr]
