"""Payments to cards on behalf of the merchant (代付): taken on, carried out, and told of."""

import base64
import binascii
import re

from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from guitai.sandbox.asgi import Problem
from guitai.sandbox.faults import Faults
from guitai.sandbox.store import Row
from guitai.sandbox.unionpay.book import Book
from guitai.sandbox.unionpay.messages import Fields

_ORDER = re.compile(r"[A-Za-z0-9]{8,40}\Z")
_TIME = re.compile(r"20[0-9]{12}\Z")
_AMOUNT = re.compile(r"[1-9][0-9]{0,11}\Z")
_CARD = re.compile(r"[0-9]{16,19}\Z")
_NAME = re.compile(r"\{customerNm=([^{}&=]{1,60})\}\Z")
# Taken on, and only the question about it tells that it failed.
_LATER = "later_"
_NOTICES = {
    "lost": Faults(lost=True),
    "twice": Faults(copies=2),
    "bad_signature": Faults(bad_signature=True),
    "late": Faults(delay_s=60),
}


class Payouts:
    def __init__(self, book: Book) -> None:
        self._book = book

    def carry_out(self, fields: Fields) -> tuple[str, Row | None]:
        """What is answered, and the transaction where one was written; a Problem where nothing is answered."""
        arranged = self._book.taken("payout")
        if arranged == "swallow":
            raise Problem(504, "timeout", "The gateway does not answer, and has heard nothing.")
        card = self._card(fields)
        if card is None or not self._is_whole(fields):
            return "10", None
        outcome = "00" if arranged in ("", "timeout") else arranged.removeprefix(_LATER)
        with self._book.store.transaction():
            if self._book.find(fields["orderId"], fields["txnTime"]):
                return "12", None
            row = self._book.pay_out(fields, card, outcome, self._faults())
        if arranged == "timeout":
            raise Problem(504, "timeout", "The gateway does not answer.")
        return ("00" if arranged.startswith(_LATER) else outcome), row

    def _faults(self) -> Faults:
        return _NOTICES.get(self._book.taken("payout_notice"), Faults())

    def _is_whole(self, fields: Fields) -> bool:
        told = {"orderId": _ORDER, "txnTime": _TIME, "txnAmt": _AMOUNT}
        wanted = {"txnSubType": "00", "bizType": "000401", "accType": "01", "currencyCode": "156"}
        return (
            all(pattern.match(fields.get(name, "")) for name, pattern in told.items())
            and all(fields.get(name) == value for name, value in wanted.items())
            and bool(_NAME.match(_opened(fields.get("customerInfo", ""))))
        )

    def _card(self, fields: Fields) -> str | None:
        """The number, sealed for UnionPay's own key or plain."""
        sealed = fields.get("accNo", "")
        identity = self._book.authority.encryption
        if fields.get("encryptCertId"):
            if fields["encryptCertId"] != str(identity.certificate.serial_number):
                return None
            try:
                sealed = identity.key.decrypt(base64.b64decode(sealed, validate=True), PKCS1v15()).decode()
            except (binascii.Error, ValueError):
                return None
        return sealed if _CARD.match(sealed) else None


def _opened(text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, ValueError):
        return ""
