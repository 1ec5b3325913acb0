"""What the bank makes of our payout files: it has each payment once, decides, books, and tells it as badly as banks do.

Files come by the outbox folder and answers go into the folder of statements, as in earnest.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

from guitai.base import clock
from tests.machine.simulation.bank import ACCOUNT
from tests.machine.simulation.books import Booking, Books, notice_file, statement_file, status_file
from tests.machine.simulation.known import ZONE, agree
from tests.machine.simulation.payouts import Paid, carry_on
from tests.machine.simulation.sides import today

_FATES = {"paid": 8, "rejected": 3, "returned": 3, "kept": 2, "silent": 2}
_REASONS = ("BE01", "AC04", "AC01")
_KEPT = 5_00


@dataclass(eq=False, slots=True)
class Letter:
    """A file on its way to us."""

    name: str
    content: bytes
    due: datetime
    hear: list[Callable[[], None]]


@dataclass(slots=True)
class Clearing:
    outbox: Path
    inbox: Path
    books: Books
    chance: Random
    payouts: dict[str, Paid] = field(default_factory=dict)
    letters: list[Letter] = field(default_factory=list)
    hostile: bool = True
    issues: int = 0
    closed: date | None = None

    def take(self) -> int:
        """Fetch what lies in the outbox; gives how many payments were new."""
        taken = 0
        for path in sorted(self.outbox.glob("*.xml")):
            root = ET.fromstring(path.read_bytes())
            space = root.tag.partition("}")[0] + "}"
            message_id = str(root.findtext(f".//{space}MsgId"))
            for one in root.iter(f"{space}CdtTrfTxInf"):
                amount = one.find(f".//{space}InstdAmt")
                assert amount is not None and amount.text is not None
                minor = int(amount.text.replace(".", "")) if "." in amount.text else int(amount.text)
                reference = str(one.findtext(f".//{space}EndToEndId"))
                agree(reference not in self.payouts, f"{reference} is to be paid twice")
                self._decide(reference, minor, amount.attrib["Ccy"], message_id)
                taken += 1
            path.unlink()
        return taken

    def work(self) -> None:
        """What was decided happens when its time has come; a day that is over gets its statement."""
        carry_on(self.payouts.values())
        day = today()
        self.closed = self.closed or day - timedelta(days=1)
        while self.closed < day - timedelta(days=1):
            self.closed += timedelta(days=1)
            self._close(self.closed)

    def post(self) -> list[str]:
        """Put what is due into the wallet's folder; gives the names."""
        due = [letter for letter in self.letters if letter.due <= clock.now()]
        self.letters = [letter for letter in self.letters if letter.due > clock.now()]
        for letter in due:
            (self.inbox / letter.name).write_bytes(letter.content)
            for hear in letter.hear:
                hear()
        return [letter.name for letter in due]

    def _decide(self, reference: str, minor: int, currency: str, message_id: str) -> None:
        chance = self.chance
        fate = chance.choices(list(_FATES), list(_FATES.values()))[0] if self.hostile else "paid"
        paid = Paid(reference, minor, currency, fate, chance.choice(_REASONS), message_id=message_id)
        self.payouts[reference] = paid
        if chance.random() < 0.5:
            self._status(paid, "ACSP", "accepted", self._hours(0, 30))
        if fate == "rejected":
            self._status(paid, "RJCT", "rejected", self._hours(0, 200))
            return
        booked = self._hours(0, 40)
        paid.plan.append((booked, lambda: self._book(paid)))
        if fate != "silent" and chance.random() < 0.5:
            self._status(paid, "ACSC", "settled", self._hours(0, 30))
        if fate in ("returned", "kept"):
            back = minor - _KEPT if fate == "kept" and minor > 2 * _KEPT else minor
            later = booked + timedelta(hours=chance.randint(1, 100))
            paid.plan.append((later, lambda: self._return(paid, back)))

    def _book(self, paid: Paid) -> None:
        booking = Booking(
            ACCOUNT, paid.currency, -paid.amount, today(), f"T{paid.reference}", end_to_end=paid.reference,
            words=paid.reference, heard=lambda: paid.told.add("settled"),
        )  # fmt: skip
        self.books.book(booking)
        if paid.fate != "silent" and self.chance.random() < 0.3:
            self._letter("054", notice_file(booking, self._issue()), clock.now(), [booking.heard])

    def _return(self, paid: Paid, minor: int) -> None:
        paid.came_back = minor
        self.books.book(
            Booking(
                ACCOUNT, paid.currency, minor, today(), f"R{paid.reference}", end_to_end=paid.reference,
                words=paid.reference, came_back=paid.reason, heard=lambda: paid.told.add("returned"),
            )
        )  # fmt: skip

    def _status(self, paid: Paid, status: str, means: str, due: datetime) -> None:
        """A pain.002, once or twice."""
        for copy in range(2 if self.chance.random() < 0.25 else 1):
            content = status_file(
                paid.message_id, paid.reference, status, paid.reason if means == "rejected" else "", self._issue()
            )  # fmt: skip
            self._letter("002", content, due + timedelta(hours=7 * copy), [lambda: paid.told.add(means)])

    def _close(self, day: date) -> None:
        """The statement of a day: mostly the next morning, sometimes days late, twice, or without a line."""
        chance, books = self.chance, self.books
        if not books.accounts(day):
            return
        morning = datetime.combine(day + timedelta(days=1), datetime.min.time(), ZONE) + timedelta(hours=2)
        late = timedelta(hours=chance.choice((0, 0, 0, 6, 30, 60))) if self.hostile else timedelta()
        own = [one for one in books.bookings if one.day == day]
        hear = [one.heard for one in own]
        fault = chance.random() if self.hostile else 1.0
        issue = self._issue()
        if fault < 0.2 and own:
            # A clerk finds what is missing and sends it again.
            wrong = statement_file(books, day, issue, without=[chance.choice(own)])
            self._letter("053", wrong, morning, [])
            late += timedelta(hours=20)
        self._letter("053", statement_file(books, day, self._issue()), morning + late, hear)
        if 0.2 <= fault < 0.4:
            again = statement_file(books, day, self._issue())
            self._letter("053", again, morning + late + timedelta(hours=chance.randint(0, 50)), hear)

    def _letter(self, kind: str, content: bytes, due: datetime, hear: list[Callable[[], None]]) -> None:
        self.issues += 1
        self.letters.append(Letter(f"{self.issues:06d}-{kind}.xml", content, due, hear))

    def _issue(self) -> str:
        self.issues += 1
        return f"I{self.issues}"

    def _hours(self, least: int, most: int) -> datetime:
        return clock.now() + timedelta(hours=self.chance.randint(least, most))
