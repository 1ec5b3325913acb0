"""Writing pain.002: what the bank says about a file of payments, and about single ones.

Source: ISO 20022 pain.002.001.03 (for pain.001.001.03) and pain.002.001.10 (for pain.001.001.09).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.sandbox.bank.xml import document, element, joined, leaf

_VERSIONS = {"03": "03", "09": "10"}


@dataclass(frozen=True, slots=True)
class Told:
    """What is said of one payment."""

    order_id: str
    instruction: str | None
    end_to_end: str
    status: str
    reason: str = ""


def status_report(
    message_id: str,
    version: str,
    told: Sequence[Told] = (),
    *,
    group: str = "",
    reason: str = "",
    words: str = "",
) -> bytes:
    """One report.

    takes    the file's message id and version, what is said of its payments, and of the whole file
    gives    the file's bytes
    """
    moment = now()
    header = element(
        "GrpHdr", leaf("MsgId", f"S{new_id().hex[:30]}"), leaf("CreDtTm", f"{moment:%Y-%m-%dT%H:%M:%SZ}")
    )
    of_group = element(
        "OrgnlGrpInfAndSts",
        leaf("OrgnlMsgId", message_id),
        leaf("OrgnlMsgNmId", f"pain.001.001.{version}"),
        leaf("GrpSts", group),
        _reason(reason, words),
    )
    orders = (
        element("OrgnlPmtInfAndSts", leaf("OrgnlPmtInfId", order_id), joined(map(_payment, payments)))
        for order_id, payments in groupby(told, key=lambda one: one.order_id)
    )
    return document(f"pain.002.001.{_VERSIONS[version]}", "CstmrPmtStsRpt", header, of_group, joined(orders))


def _payment(one: Told) -> str:
    return element(
        "TxInfAndSts",
        leaf("OrgnlInstrId", one.instruction),
        leaf("OrgnlEndToEndId", one.end_to_end),
        leaf("TxSts", one.status),
        _reason(one.reason, ""),
    )


def _reason(code: str, words: str) -> str:
    if not code:
        return ""
    inside = [leaf("AddtlInf", words[at : at + 105]) for at in range(0, min(len(words), 420), 105)]
    return element("StsRsnInf", element("Rsn", leaf("Cd", code)), joined(inside))
