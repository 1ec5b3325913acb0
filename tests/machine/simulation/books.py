"""What the outside really holds for us, booking by booking, and how it writes that down for us to read.

Whatever is said late, twice, wrongly or not at all: this is what there is, and in the end our own books are beside it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from xml.sax.saxutils import escape

from tests.rails.statements.samples import camt, details, entry, statement

_EXPONENTS = {"CNY": 2, "JPY": 0, "USD": 2}
_NO_NAME = "NOTPROVIDED"


@dataclass(eq=False, slots=True)
class Booking:
    """One movement on an account of ours: money in is positive."""

    account: str
    currency: str
    minor: int
    day: date
    reference: str
    words: str = ""
    end_to_end: str = _NO_NAME
    came_back: str = ""
    # What is known to us from the moment in which somebody tells of this booking.
    heard: Callable[[], None] = field(default=lambda: None)


@dataclass(slots=True)
class Books:
    """The accounts of ours with one of the outside's houses."""

    bookings: list[Booking] = field(default_factory=list)

    def book(self, booking: Booking) -> None:
        self.bookings.append(booking)

    def balance(self, currency: str) -> int:
        """What all accounts of a currency hold."""
        return sum(one.minor for one in self.bookings if one.currency == currency)

    def currencies(self) -> list[str]:
        return sorted({one.currency for one in self.bookings})

    def accounts(self, until: date) -> list[tuple[str, str]]:
        """Accounts that anything was booked on."""
        return sorted({(one.account, one.currency) for one in self.bookings if one.day <= until})

    def of_day(self, account: str, currency: str, day: date) -> tuple[int, list[Booking], int]:
        """What an account held before a day, its bookings, and what it held then."""
        own = [one for one in self.bookings if (one.account, one.currency) == (account, currency)]
        opening = sum(one.minor for one in own if one.day < day)
        lines = [one for one in own if one.day == day]
        return opening, lines, opening + sum(one.minor for one in lines)


def statement_file(books: Books, day: date, issue: str, *, without: Sequence[Booking] = ()) -> bytes:
    """The camt.053 message of a day, a statement for each account; `without` is what the bank forgets to write."""
    return camt("".join(
        _statement(*books.of_day(account, currency, day), account, currency, day, f"{issue}{number}", without)
        for number, (account, currency) in enumerate(books.accounts(day))
    ))  # fmt: skip


def notice_file(booking: Booking, issue: str) -> bytes:
    """A camt.054 message about a single booking, before the day's statement."""
    told = statement(
        _entry(booking),
        opening=None,
        closing=None,
        currency=booking.currency,
        account=booking.account,
        tag="Ntfctn",
    )
    return camt(told.replace("<Id>S1</Id>", f"<Id>{issue}</Id>"), message="camt.054")


def status_file(
    message_id: str, reference: str, status: str, reason: str, issue: str, version: str = "10"
) -> bytes:
    """A pain.002 message about one payment of a file."""
    told = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>{issue}</MsgId><CreDtTm>2026-11-23T05:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message_id}</OrgnlPmtInfId><TxInfAndSts><OrgnlEndToEndId>{reference}"
        f"</OrgnlEndToEndId><TxSts>{status}</TxSts>{told}</TxInfAndSts></OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
    ).encode()


def bill(books: Books, day: date, *, without: Sequence[Booking] = (), also: Iterable[Booking] = ()) -> bytes:
    """A gateway's bill of a day in a form of our own; `also` are lines that earlier bills had forgotten."""
    also = list(also)
    parts = []
    for account, currency in books.accounts(day):
        opening, lines, closing = books.of_day(account, currency, day)
        late = [one for one in also if (one.account, one.currency) == (account, currency)]
        told = [one for one in [*lines, *late] if one not in without]
        parts.append({
            "account": account, "currency": currency, "opening": opening, "closing": closing,
            "lines": [[one.reference, one.end_to_end, one.minor, one.day.isoformat()] for one in told],
        })  # fmt: skip
    return json.dumps({"day": day.isoformat(), "parts": parts}).encode()


def _statement(
    opening: int,
    lines: list[Booking],
    closing: int,
    account: str,
    currency: str,
    day: date,
    issue: str,
    without: Sequence[Booking],
) -> str:
    period = f"<FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>"
    told = statement(
        "".join(_entry(one) for one in lines if one not in without),
        opening=_decimal(opening, currency), closing=_decimal(closing, currency), currency=currency, account=account,
    )  # fmt: skip
    told = told.replace("<Id>S1</Id>", f"<Id>{issue}</Id>").replace("<Acct>", f"{period}<Acct>", 1)
    return told.replace("2026-11-22</Dt></Dt></Bal>", f"{day}</Dt></Dt></Bal>")


def _entry(one: Booking) -> str:
    reason = f"<RtrInf><Rsn><Cd>{one.came_back}</Cd></Rsn></RtrInf>" if one.came_back else ""
    return entry(
        _decimal(abs(one.minor), one.currency), "CRDT" if one.minor > 0 else "DBIT", currency=one.currency,
        booked=f"<BookgDt><Dt>{one.day}</Dt></BookgDt>", value="", reference=one.reference,
        details=details(
            one.end_to_end, debtor="Payer Ltd", remittance=f"<Ustrd>{escape(one.words)}</Ustrd>", extra=reason,
        ),
    )  # fmt: skip


def _decimal(minor: int, currency: str) -> str:
    places = _EXPONENTS[currency]
    whole = f"{abs(minor):0{places + 1}d}"
    sign = "-" if minor < 0 else ""
    return f"{sign}{whole[:-places]}.{whole[-places:]}" if places else f"{sign}{whole}"
