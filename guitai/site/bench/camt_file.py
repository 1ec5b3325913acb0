"""A day of a busy bank account: camt.053 with as many lines as asked for."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import BinaryIO, TextIO

from guitai.base.reference import new_reference, spoken

ACCOUNT, CURRENCY = "6228480010002026018", "CNY"
DAY = date(2026, 11, 20)
_SEED = 20_261_120
_BLOCK = 2_000
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰涛明超秀霞平刚"
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>BENCH-{lines}</MsgId><CreDtTm>{day}T23:59:00Z</CreDtTm></GrpHdr>
<Stmt><Id>BENCH-{lines}</Id><ElctrncSeqNb>1</ElctrncSeqNb><CreDtTm>{day}T23:59:00Z</CreDtTm>
<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">0.00</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
<Dt><Dt>{day}</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="{currency}">{closing}</Amt>\
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{day}</Dt></Dt></Bal>
"""
_ENTRY = """<Ntry><NtryRef>{number}</NtryRef><Amt Ccy="CNY">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>\
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt>\
<AcctSvcrRef>B{number:015d}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd>\
<SubFmlyCd>DMCT</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs>\
<EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr>\
<DbtrAcct><Id><Othr><Id>{payer}</Id></Othr></Id></DbtrAcct></RltdPties>\
<RmtInf><Ustrd>充值 {reference}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
"""


def write_day(file: BinaryIO, lines: int, told: TextIO) -> int:
    """Write a statement of so many payments in, each with a reference of ours; gives its bytes.

    takes    where it is written, how many, and where each line's number, our reference, its amount in minor units and
             the bank's reference are told, by tabs
    """
    amounts = Random(_SEED)
    closing = sum(amounts.randrange(1_00, 5_000_00) for _ in range(lines))
    facts = {
        "lines": lines,
        "day": DAY,
        "account": ACCOUNT,
        "currency": CURRENCY,
        "closing": _decimal(closing),
    }
    written = file.write(_HEAD.format(**facts).encode())
    for block in _entries(lines, told):
        written += file.write(block.encode())
    return written + file.write(b"</Stmt></BkToCstmrStmt></Document>\n")


def _entries(lines: int, told: TextIO) -> Iterator[str]:
    # Amounts as they were summed up, and everything else from a stream of its own.
    amounts, others = Random(_SEED), Random(_SEED + 1)
    # Among a million drawn ones some are the same; the wallet would draw again.
    used: set[str] = set()
    block: list[str] = []
    for number in range(lines):
        name = others.choice(_SURNAMES) + others.choice(_GIVEN) + others.choice(("", others.choice(_GIVEN)))
        while (reference := new_reference("operation")) in used:
            continue
        used.add(reference)
        amount = amounts.randrange(1_00, 5_000_00)
        told.write(f"{number}\t{reference}\t{amount}\tB{number:015d}\n")
        block.append(
            _ENTRY.format(
                number=number,
                amount=_decimal(amount),
                day=DAY,
                name=name,
                payer=f"6222{others.randrange(10**15):015d}",
                reference=spoken(reference),
            )
        )
        if len(block) == _BLOCK:
            yield "".join(block)
            block.clear()
    yield "".join(block)


def _decimal(minor: int) -> str:
    return f"{minor // 100}.{minor % 100:02d}"
