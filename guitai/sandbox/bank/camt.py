"""Writing ISO 20022 cash messages: the day's statement (camt.053), a report of a day that is not over (camt.052),
and notices of single bookings (camt.054). Version 08.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date
from typing import Final, Literal

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.sandbox.bank.books import BIC, Part, parts_of
from guitai.sandbox.bank.xml import document, element, joined, leaf
from guitai.sandbox.store import Row

Kind = Literal["camt.053", "camt.052", "camt.054"]
_ROOTS: Final[dict[Kind, tuple[str, str]]] = {
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """One account's part of a message: its lines, and what it held before and after them."""

    account: Row
    day: date
    lines: Sequence[Row]
    opening: int = 0
    closing: int = 0
    reference: str = ""
    number: int = 0


def message(kind: Kind, sheets: Sequence[Sheet]) -> bytes:
    """A whole message about one account or several."""
    root, inside = _ROOTS[kind]
    header = element("GrpHdr", leaf("MsgId", f"C{new_id().hex[:30]}"), leaf("CreDtTm", _now()))
    return document(f"{kind}.001.08", root, header, joined(_sheet(kind, inside, sheet) for sheet in sheets))


def _sheet(kind: Kind, tag: str, sheet: Sheet) -> str:
    account, currency = sheet.account, sheet.account["currency"]
    balances = {
        "camt.053": (("OPBD", sheet.opening), ("CLBD", sheet.closing)),
        "camt.052": (("ITBD", sheet.closing),),
    }
    return element(
        tag,
        leaf("Id", sheet.reference or f"N{new_id().hex[:30]}"),
        leaf("ElctrncSeqNb", sheet.number or None),
        leaf("CreDtTm", _now()),
        element("FrToDt", leaf("FrDtTm", f"{sheet.day}T00:00:00"), leaf("ToDtTm", f"{sheet.day}T23:59:59"))
        if kind == "camt.053"
        else "",
        element(
            "Acct",
            element("Id", element("Othr", leaf("Id", account["number"]))),
            leaf("Ccy", currency),
            leaf("Nm", account["name"][:70]),
            element("Svcr", element("FinInstnId", leaf("BICFI", BIC))),
        ),
        joined(_balance(name, minor, currency, sheet.day) for name, minor in balances.get(kind, ())),
        joined(map(_entry, sheet.lines)),
    )


def _balance(name: str, minor: int, currency: str, day: date) -> str:
    return element(
        "Bal",
        element("Tp", element("CdOrPrtry", leaf("Cd", name))),
        _amount("Amt", abs(minor), currency),
        leaf("CdtDbtInd", _direction(minor)),
        element("Dt", leaf("Dt", day)),
    )


def _entry(line: Row) -> str:
    currency, parts = line["currency"], parts_of(line)
    domain, family, subfamily = line["code"].split("/")
    return element(
        "Ntry",
        leaf("NtryRef", str(line["id"])),
        _amount("Amt", abs(line["amount"]), currency),
        leaf("CdtDbtInd", _direction(line["amount"])),
        leaf("RvslInd", "true") if line["reversal"] else "",
        element("Sts", leaf("Cd", "BOOK")),
        element("BookgDt", leaf("Dt", line["day"])),
        element("ValDt", leaf("Dt", line["day"])),
        leaf("AcctSvcrRef", line["reference"]),
        element(
            "BkTxCd",
            element(
                "Domn", leaf("Cd", domain), element("Fmly", leaf("Cd", family), leaf("SubFmlyCd", subfamily))
            ),
        ),
        _charges(line),
        element("NtryDtls", _batch(line), joined(_part(part, line) for part in parts) or _details(line)),
    )


def _batch(line: Row) -> str:
    if not line["count"]:
        return ""
    return element(
        "Btch",
        leaf("MsgId", line["message_id"]),
        leaf("PmtInfId", line["order_id"]),
        leaf("NbOfTxs", line["count"]),
        _amount("TtlAmt", abs(line["amount"]), line["currency"]),
        leaf("CdtDbtInd", _direction(line["amount"])),
    )


def _details(line: Row) -> str:
    if line["count"]:
        return ""  # a whole file as one sum
    incoming = (line["amount"] > 0) != bool(line["reversal"])
    other = "Dbtr" if incoming else "Cdtr"
    return element(
        "TxDtls",
        element(
            "Refs",
            leaf("MsgId", line["message_id"]),
            leaf("AcctSvcrRef", line["reference"]),
            leaf("PmtInfId", line["order_id"]),
            leaf("InstrId", line["instruction"]),
            leaf("EndToEndId", line["end_to_end"] or "NOTPROVIDED"),
        ),
        _amount("Amt", abs(line["amount"]), line["currency"]),
        leaf("CdtDbtInd", _direction(line["amount"])),
        _parties(
            other,
            line["counterparty"],
            line["counterparty_account"],
            line["own_account"] if incoming else None,
        ),
        element("RmtInf", leaf("Ustrd", line["remittance"][:140])) if line["remittance"] else "",
        element(
            "RtrInf",
            element("Rsn", leaf("Cd", line["return_reason"])),
            leaf("AddtlInf", line["return_text"]),
        )
        if line["return_reason"]
        else "",
    )


def _part(part: Part, line: Row) -> str:
    return element(
        "TxDtls",
        element("Refs", leaf("EndToEndId", part.end_to_end or "NOTPROVIDED")),
        _amount("Amt", abs(part.amount), line["currency"]),
        leaf("CdtDbtInd", _direction(part.amount)),
        _parties(
            "Dbtr" if (part.amount > 0) != bool(line["reversal"]) else "Cdtr",
            part.counterparty,
            part.counterparty_account,
        ),
        element("RmtInf", leaf("Ustrd", part.remittance[:140])) if part.remittance else "",
    )


def _parties(role: str, name: str | None, account: str | None, own: str | None = None) -> str:
    if not name and not account and not own:
        return ""
    number = "".join((account or "").split())
    return element(
        "RltdPties",
        element(role, element("Pty", leaf("Nm", name[:140]))) if name else "",
        element(f"{role}Acct", element("Id", element("Othr", leaf("Id", number[:34])))) if number else "",
        element("CdtrAcct", element("Id", element("Othr", leaf("Id", "".join(own.split())[:34]))))
        if own
        else "",
    )


def _charges(line: Row) -> str:
    if not line["charges"]:
        return ""
    return element(
        "Chrgs",
        element(
            "Rcrd",
            _amount("Amt", line["charges"], line["currency"]),
            leaf("CdtDbtInd", "DBIT"),
            leaf("ChrgInclInd", "true"),
        ),
    )


def _amount(name: str, minor: int, currency: str) -> str:
    return leaf(name, Money(minor, currency).decimal(), Ccy=currency)


def _direction(minor: int) -> str:
    return "CRDT" if minor >= 0 else "DBIT"


def _now() -> str:
    return f"{now().astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
