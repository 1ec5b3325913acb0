"""Reading a customer's pain.001: as strictly as a bank, and its sums proved before anything of it is used."""

import hashlib
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from guitai.base.money import EXPONENTS, MINOR_MAX
from guitai.sandbox.bank.guideline import NAMESPACE, NotTaken, document, read
from guitai.sandbox.bank.xml import NotXml, parse

_MESSAGE = re.compile(rb"<MsgId>([A-Za-z0-9/?:().,'+ -]{1,35})</MsgId>")


class FileRefused(Exception):
    """A file that the bank does not take: an ISO reason, words, and what it called itself if that can be told."""

    def __init__(self, reason: str, words: str, message_id: str = "NOTPROVIDED") -> None:
        super().__init__(words)
        self.reason, self.words, self.message_id = reason, words, message_id


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment that is asked for."""

    order_id: str
    instruction: str | None
    end_to_end: str
    amount: int
    currency: str
    payee_name: str
    payee_account: str
    remittance: str
    debtor_account: str
    execution_on: date
    batch_booking: bool


@dataclass(frozen=True, slots=True)
class File:
    """A pain.001 that says what it means."""

    message_id: str
    version: str
    sha256: str
    control: str
    payments: tuple[Payment, ...]


def read_file(content: bytes) -> File:
    """Read a whole file.

    takes    its bytes
    gives    File, of one or more payments whose sums are those that it tells
    refuses  FileRefused: FF01 (form), AM10 and AM18 (sums), AM03 (currency), AM12 (amount), DT01 (date)
    """
    named = _MESSAGE.search(content[:4096])
    message_id = named[1].decode() if named else "NOTPROVIDED"
    try:
        root = parse(content)
        version = NAMESPACE.fullmatch(root.namespace)
        if root.name != "Document" or version is None:
            raise NotTaken("the document is no pain.001.001.03 or pain.001.001.09")
        body = read(root, document(version[1]), "Document")["CstmrCdtTrfInitn"]
    except (NotXml, NotTaken) as error:
        raise FileRefused("FF01", str(error), message_id) from error
    header = body["GrpHdr"]
    payments: list[Payment] = []
    for order in body["PmtInf"]:
        of_order = [_payment(order, one, header["MsgId"]) for one in order["CdtTrfTxInf"]]
        _prove(order, of_order, header["MsgId"])
        payments += of_order
    _prove(header, payments, header["MsgId"])
    return File(
        header["MsgId"],
        version[1],
        hashlib.sha256(content).hexdigest(),
        header.get("CtrlSum", ""),
        tuple(payments),
    )


def _payment(order: dict[str, Any], one: dict[str, Any], message_id: str) -> Payment:
    amount, currency = one["Amt"]["InstdAmt"]
    if currency not in EXPONENTS:
        raise FileRefused("AM03", f"the currency {currency[:8]} is not taken", message_id)
    scaled = Decimal(amount).scaleb(EXPONENTS[currency])
    if scaled != scaled.to_integral_value() or not 0 < scaled <= MINOR_MAX:
        raise FileRefused("AM12", "an amount is nothing, or has more decimals than its currency", message_id)
    account = order["DbtrAcct"]
    if account.get("Ccy", currency) != currency:
        raise FileRefused("AM03", "an amount is in another currency than the account it leaves", message_id)
    requested = order["ReqdExctnDt"]
    day = requested if isinstance(requested, str) else next(iter(requested.values()))
    try:
        execution_on = date.fromisoformat(day[:10])
    except ValueError as error:
        raise FileRefused("DT01", "the day of execution is no day", message_id) from error
    return Payment(
        order_id=order["PmtInfId"],
        instruction=one["PmtId"].get("InstrId"),
        end_to_end=one["PmtId"]["EndToEndId"],
        amount=int(scaled),
        currency=currency,
        payee_name=one["Cdtr"]["Nm"],
        payee_account=_number(one["CdtrAcct"]),
        remittance=" ".join(one.get("RmtInf", {}).get("Ustrd", ())),
        debtor_account=_number(account),
        execution_on=execution_on,
        batch_booking=order.get("BtchBookg") in ("true", "1"),
    )


def _prove(told: dict[str, Any], payments: list[Payment], message_id: str) -> None:
    if "NbOfTxs" in told and int(told["NbOfTxs"]) != len(payments):
        raise FileRefused("AM18", "the number of payments is not the one that is told", message_id)
    total = sum(Decimal(one.amount).scaleb(-EXPONENTS[one.currency]) for one in payments)
    if "CtrlSum" in told and Decimal(told["CtrlSum"]) != total:
        raise FileRefused("AM10", "the sum of the payments is not the one that is told", message_id)


def _number(account: dict[str, Any]) -> str:
    identity = account["Id"]
    return str(identity["IBAN"] if "IBAN" in identity else identity["Othr"]["Id"])
