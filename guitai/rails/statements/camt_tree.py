"""Where things stand in ISO 20022 cash messages: camt.052, camt.053 and camt.054, versions 02 to 13 at once.

The versions differ in where a few things stand (a party's name, an entry's status, charges); every place that any of
them knows is in this one tree. What is not in the tree is skipped, whatever it holds.
"""

import re
from typing import Final

from guitai.rails.statements.tree import Node

VERSIONS = range(2, 14)
NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.05[234])\.001\.(\d\d)", re.ASCII)
KINDS: Final = {"camt.053": "statement", "camt.052": "report", "camt.054": "notice"}
ROOTS = {
    "camt.053": ("BkToCstmrStmt", "Stmt"),
    "camt.052": ("BkToCstmrAcctRpt", "Rpt"),
    "camt.054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
}


def tree(message: str, namespace: str) -> Node:
    """The tree below `Document` for one message in one namespace."""
    document = Node()
    root, statement = ROOTS[message]
    document.at(namespace, root).group = "message"
    top = document.at(namespace, f"{root}/{statement}")
    top.group = "statement"
    for path, leaves in (("", _STATEMENT), ("Bal", _BALANCE), ("Ntry", _ENTRY), (_DETAILS_AT, _DETAILS)):
        top.grow(namespace, path, leaves)
    for path, group in _GROUPS.items():
        top.at(namespace, path).group = group
    for path in _CHARGES_AT:
        top.at(namespace, path).group = "charge"
        top.grow(namespace, path, _CHARGE)
    return document


_DETAILS_AT = "Ntry/NtryDtls/TxDtls"
_CHARGES_AT = (
    "Ntry/Chrgs",
    "Ntry/Chrgs/Rcrd",
    "Ntry/NtryDtls/TxDtls/Chrgs",
    "Ntry/NtryDtls/TxDtls/Chrgs/Rcrd",
)
_GROUPS = {"Bal": "balance", "Ntry": "entry", _DETAILS_AT: "detail"}
_STATEMENT = {
    "Id": "reference",
    "ElctrncSeqNb": "number",
    "CreDtTm": "created_at",
    "FrToDt/FrDtTm": "period_from",
    "FrToDt/ToDtTm": "period_to",
    "FrToDt/FrDt": "period_from",
    "FrToDt/ToDt": "period_to",
    "Acct/Id/IBAN": "account",
    "Acct/Id/Othr/Id": "account",
    "Acct/Ccy": "currency",
    "TxsSummry/TtlNtries/NbOfNtries": "entries_told",
}
_BALANCE = {
    "Tp/CdOrPrtry/Cd": "type",
    "Amt": "amount",
    "CdtDbtInd": "direction",
    "Dt/Dt": "day",
    "Dt/DtTm": "day",
}
_ENTRY = {
    "NtryRef": "own_reference",
    "Amt": "amount",
    "CdtDbtInd": "direction",
    "RvslInd": "reversal",
    "Sts": "status",
    "Sts/Cd": "status",
    "BookgDt/Dt": "booked_on",
    "BookgDt/DtTm": "booked_on",
    "ValDt/Dt": "value_on",
    "ValDt/DtTm": "value_on",
    "AcctSvcrRef": "reference",
    "BkTxCd/Domn/Cd": "domain",
    "BkTxCd/Domn/Fmly/Cd": "family",
    "BkTxCd/Domn/Fmly/SubFmlyCd": "subfamily",
    "BkTxCd/Prtry/Cd": "bank_code",
    "AddtlNtryInf": "additional",
    "NtryDtls/Btch/MsgId": "message",
    "NtryDtls/Btch/PmtInfId": "batch",
    "NtryDtls/Btch/NbOfTxs": "count",
}
_DETAILS = {
    "Refs/MsgId": "message",
    "Refs/AcctSvcrRef": "reference",
    "Refs/PmtInfId": "batch",
    "Refs/InstrId": "instruction",
    "Refs/EndToEndId": "end_to_end",
    "Refs/TxId": "transaction",
    "Amt": "amount",
    "CdtDbtInd": "direction",
    "AmtDtls/TxAmt/Amt": "transaction_amount",
    "AmtDtls/InstdAmt/Amt": "instructed_amount",
    "RtrInf/Rsn/Cd": "return_reason",
    "RtrInf/Rsn/Prtry": "return_reason",
    "RtrInf/AddtlInf": "return_text*",
    "RmtInf/Ustrd": "remittance*",
    "RmtInf/Strd/CdtrRefInf/Ref": "remittance*",
    "RmtInf/Strd/AddtlRmtInf": "remittance*",
    "AddtlTxInf": "additional",
    **{
        f"RltdPties/{role}/{path}": slot
        for role, slot in (
            ("Dbtr", "debtor"),
            ("Cdtr", "creditor"),
            ("UltmtDbtr", "ultimate_debtor"),
            ("UltmtCdtr", "ultimate_creditor"),
        )
        for path in ("Nm", "Pty/Nm", "Agt/FinInstnId/Nm")
    },
    "RltdPties/DbtrAcct/Id/IBAN": "debtor_account",
    "RltdPties/DbtrAcct/Id/Othr/Id": "debtor_account",
    "RltdPties/CdtrAcct/Id/IBAN": "creditor_account",
    "RltdPties/CdtrAcct/Id/Othr/Id": "creditor_account",
}
_CHARGE = {
    "TtlChrgsAndTaxAmt": "total_amount",
    "Amt": "amount",
    "CdtDbtInd": "direction",
    "ChrgInclInd": "included",
}
