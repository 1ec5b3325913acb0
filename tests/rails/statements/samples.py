"""Statements written after the standards' own rules, as small or as large as a test wants them."""

import sys
from collections.abc import Iterator
from pathlib import Path

from guitai.rails import api
from guitai.rails.models import StatementEntry
from guitai.rails.types import StatementLine

NS = "urn:iso:std:iso:20022:tech:xsd:{message}.001.{version}"
_NAMES = ("Lin Yue", "王小明", "Zhang Wei & Co", "Ōsaka Trading", "陈晓燕")


def camt(
    statements: str, *, message: str = "camt.053", version: str = "08", namespace: str | None = None
) -> bytes:
    """A whole camt message around some statements."""
    root = {
        "camt.053": "BkToCstmrStmt",
        "camt.052": "BkToCstmrAcctRpt",
        "camt.054": "BkToCstmrDbtCdtNtfctn",
    }[message]
    space = NS.format(message=message, version=version) if namespace is None else namespace
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><{root}><GrpHdr><MsgId>M1</MsgId>'
        f"<CreDtTm>2026-11-22T05:00:00+08:00</CreDtTm></GrpHdr>{statements}</{root}></Document>\n"
    ).encode()


def statement(
    entries: str = "",
    *,
    opening: str | None = "1000.00",
    closing: str | None = "1000.00",
    currency: str = "CNY",
    account: str = "622848001000",
    tag: str = "Stmt",
    extra: str = "",
) -> str:
    """One statement of a camt message; balances may be negative, or None for none."""
    balances = "".join(
        balance(kind, amount, currency)
        for kind, amount in (("OPBD", opening), ("CLBD", closing))
        if amount is not None
    )
    return (
        f"<{tag}><Id>S1</Id><ElctrncSeqNb>7</ElctrncSeqNb><CreDtTm>2026-11-22T05:00:00+08:00</CreDtTm>"
        f"<Acct><Id><Othr><Id>{account}</Id></Othr></Id><Ccy>{currency}</Ccy></Acct>"
        f"{balances}{extra}{entries}</{tag}>"
    )


def balance(kind: str, amount: str, currency: str = "CNY", day: str = "2026-11-22") -> str:
    direction = "DBIT" if amount.startswith("-") else "CRDT"
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{direction}</CdtDbtInd>'
        f"<Dt><Dt>{day}</Dt></Dt></Bal>"
    )


def entry(
    amount: str = "100.00",
    direction: str = "CRDT",
    *,
    currency: str = "CNY",
    status: str = "<Sts><Cd>BOOK</Cd></Sts>",
    booked: str = "<BookgDt><Dt>2026-11-22</Dt></BookgDt>",
    value: str = "<ValDt><Dt>2026-11-23</Dt></ValDt>",
    reversal: str = "",
    reference: str | None = "B1",
    charges: str = "",
    details: str = "",
    batch: str = "",
    additional: str = "",
) -> str:
    """One booking."""
    named = f"<AcctSvcrRef>{reference}</AcctSvcrRef>" if reference else ""
    inner = f"<NtryDtls>{batch}{details}</NtryDtls>" if batch or details else ""
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{direction}</CdtDbtInd>{reversal}{status}'
        f"{booked}{value}{named}<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>ESCT</SubFmlyCd></Fmly>"
        f"</Domn></BkTxCd>{charges}{inner}{additional}</Ntry>"
    )


def details(
    end_to_end: str = "E1",
    *,
    amount: str = "",
    debtor: str = "林月",
    creditor: str = "Guitai",
    remittance: str = "<Ustrd>7KMR-3AX-WH4</Ustrd>",
    extra: str = "",
    reference: str = "",
    party: bool = True,
) -> str:
    """One payment of a booking; `party` is how versions 08 and later name people."""
    opening, closing = ("<Pty>", "</Pty>") if party else ("", "")
    return (
        f"<TxDtls><Refs>{reference}<EndToEndId>{end_to_end}</EndToEndId></Refs>{amount}<RltdPties>"
        f"<Dbtr>{opening}<Nm>{debtor}</Nm>{closing}</Dbtr><DbtrAcct><Id><Othr><Id>6222-1</Id></Othr></Id></DbtrAcct>"
        f"<Cdtr>{opening}<Nm>{creditor}</Nm>{closing}</Cdtr><CdtrAcct><Id><IBAN>DE1</IBAN></Id></CdtrAcct></RltdPties>"
        f"<RmtInf>{remittance}</RmtInf>{extra}</TxDtls>"
    )


def lines(count: int) -> Iterator[str]:
    """The file of so many bookings, piece by piece: odd ones come in, even ones go out."""
    whole = camt(statement("{entries}", opening="5000000.00", closing=_closing(count))).decode()
    before, after = whole.split("{entries}")
    yield before
    for number in range(count):
        cents = 100 + number % 9_900
        yield entry(
            f"{cents // 100}.{cents % 100:02d}",
            "CRDT" if number % 2 == 0 else "DBIT",
            reference=f"B{number:09d}",
            details=details(
                f"E{number:09d}",
                amount=f'<Amt Ccy="CNY">{cents // 100}.{cents % 100:02d}</Amt>'
                f"<CdtDbtInd>{'CRDT' if number % 2 == 0 else 'DBIT'}</CdtDbtInd>",
                debtor=_NAMES[number % len(_NAMES)].replace("&", "&amp;"),
                remittance=f"<Ustrd>top-up {number}</Ustrd>",
                reference=f"<AcctSvcrRef>B{number:09d}</AcctSvcrRef>",
            ),
        )
        yield "\n"
    yield after


def _closing(count: int) -> str:
    total = 500_000_000 + sum((100 + n % 9_900) * (1 if n % 2 == 0 else -1) for n in range(count))
    return f"{total // 100}.{total % 100:02d}"


def write(path: Path, count: int) -> int:
    """A file of so many bookings; gives its size in bytes."""
    with path.open("w", encoding="utf-8") as file:
        file.writelines(lines(count))
    return path.stat().st_size


if __name__ == "__main__":
    print(write(Path(sys.argv[2]), int(sys.argv[1])), "bytes")


def stored(after: int = 0, *, unmatched: bool = True) -> list[StatementLine]:
    """The lines that are stored, by their id; unmatched: those that count and that nothing was matched to."""
    ids = StatementEntry.objects.filter(id__gt=after).order_by("id").values_list("id", flat=True)
    lines = api.statement_lines(list(ids))
    return [line for line in lines if not unmatched or (line.matched_to is None and line.repeat_of is None)]
