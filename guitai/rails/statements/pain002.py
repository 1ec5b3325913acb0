"""ISO 20022 pain.002: what a bank says about a file of payments, as a stream."""

import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from guitai.rails.errors import (
    StatementMalformed,
    StatementTooLarge,
    StatementUnrecognised,
    StatementVersionUnknown,
)
from guitai.rails.statements.source import DEFAULT_LIMITS, Limits, Source, detect
from guitai.rails.statements.tree import Node
from guitai.rails.statements.values import line_of, plain
from guitai.rails.statements.xml_stream import read_xml
from guitai.rails.types import PayoutStatus

Fields = dict[str, Any]
_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.(\d\d)", re.ASCII)
_IN_HEAD = re.compile(rb"urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.")
_VERSIONS = range(2, 16)
_PAYMENTS_MAX = 100_000
_REASON = {
    "StsRsnInf/Rsn/Cd": "reason",
    "StsRsnInf/Rsn/Prtry": "reason",
    "StsRsnInf/StsRsn/Cd": "reason",
    "StsRsnInf/AddtlInf": "words*",
    "StsRsnInf/AddtlStsRsnInf": "words*",
}
_GROUP = {"OrgnlMsgId": "message", "GrpSts": "status", **_REASON}
_ORDER = {"OrgnlPmtInfId": "order", "PmtInfSts": "status", **_REASON}
_PAYMENT = {"OrgnlEndToEndId": "end_to_end", "OrgnlInstrId": "instruction", "TxSts": "status", **_REASON}


def is_payout_status(head: bytes) -> bool:
    """Whether a file's beginning says that it is a pain.002."""
    return _IN_HEAD.search(head[:4096]) is not None


def read_payout_status(file: BinaryIO, limits: Limits = DEFAULT_LIMITS) -> Iterator[PayoutStatus]:
    """What a pain.002 says of a file, of the orders in it, and of single payments.

    takes    a binary file at its beginning, limits
    gives    PayoutStatus values as they stand; one without an end-to-end id speaks of all payments that are not named
    refuses  statement_* as for statements
    source   ISO 20022 pain.002.001.02 to .15
    """
    source = Source(file, limits)
    format_, encoding = detect(source.head)
    if format_ != "camt":  # any XML
        raise StatementUnrecognised(problem="no_xml")
    return read_xml(source, encoding, _Statuses())


class _Statuses:
    """Takes what the reader found and puts statuses out."""

    def __init__(self) -> None:
        self.out: list[PayoutStatus] = []
        self._message: str | None = None
        self._count = 0

    def recognise(self, namespace: str) -> Node:
        """The tree of a pain.002; refuses statement_version_unknown."""
        match = _NAMESPACE.fullmatch(namespace)
        if match is None or int(match[1]) not in _VERSIONS:
            raise StatementVersionUnknown(found=plain(namespace, 80) or "–")
        document = Node()
        # Version 02 had another name for the whole, and payments beside orders instead of within them.
        for root in ("CstmrPmtStsRpt", "pain.002.001.02"):
            for path, group, leaves in (
                ("OrgnlGrpInfAndSts", "group", _GROUP),
                ("OrgnlPmtInfAndSts", "order", _ORDER),
                ("OrgnlPmtInfAndSts/TxInfAndSts", "payment", _PAYMENT),
                ("TxInfAndSts", "payment", _PAYMENT),
            ):
                document.at(namespace, f"{root}/{path}").group = group
                document.grow(namespace, f"{root}/{path}", leaves)
        return document

    def opened(self, group: str) -> None:
        """A group begins."""

    def closed(self, group: str, record: Fields, parent: Fields) -> None:
        """A group ends."""
        if group == "group":
            if not record.get("message"):
                raise StatementMalformed(problem="message_missing")
            self._message = line_of(record["message"])
            self._say(record, None, None)
        elif group == "payment":
            self._count += 1
            if self._count > _PAYMENTS_MAX:
                raise StatementTooLarge(problem="payments", maximum=_PAYMENTS_MAX)
            name = record.get("end_to_end") or record.get("instruction")
            if not name:
                raise StatementMalformed(problem="payment_without_reference")
            self._say(record, line_of(parent["order"]) if parent.get("order") else None, line_of(name))
        elif record.get("status"):
            self._say(record, line_of(record.get("order", "")), None)

    def finish(self) -> None:
        """The file ends; refuses statement_malformed when it named no file of ours."""
        if self._message is None:
            raise StatementMalformed(problem="message_missing")

    def _say(self, record: Fields, order: str | None, payment: str | None) -> None:
        if not record.get("status"):
            return
        if self._message is None:
            raise StatementMalformed(problem="message_missing")
        words = line_of(" ".join(record.get("words", ())))[:500]
        self.out.append(
            PayoutStatus(
                self._message,
                order,
                payment,
                line_of(record["status"])[:8],
                line_of(record["reason"])[:35] if record.get("reason") else None,
                words or None,
            )
        )
