"""A bank whose statements a test writes line by line, and whose file is imported and matched as in life."""

import io
import re
from dataclasses import dataclass, field
from uuid import UUID

from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import topics as topic_queue
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.models import StatementEntry
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.models import LineMatch, OpenItem, Operation
from guitai.wallet.till.submit import submit
from tests.rails.statements.samples import camt, details, entry, statement

ACCOUNT = "622848001000"
DAY = "2026-11-22"
_issues = iter(range(1, 1_000_000))


def yuan(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


@dataclass
class Bank:
    """The account of the house at a bank: what it holds, and the lines of the statement being written."""

    balance: int = 0
    lines: list[str] = field(default_factory=list)
    opening: int = 0

    def line(
        self,
        minor: int,
        words: str = "",
        *,
        reference: str | None = None,
        credit: bool = True,
        day: str = DAY,
        payer: str = "林月",
        account: str = "6222-0001",
        end_to_end: str = "NOTPROVIDED",
        reversal: bool = False,
        code: str = "",
        charges: int = 0,
        to: str = "",
    ) -> str:
        """One booking; gives the bank's own reference."""
        reference = reference or f"S{next(_issues):08d}"
        inner = details(end_to_end, debtor=payer, creditor=payer, remittance=f"<Ustrd>{words}</Ustrd>")
        inner = inner.replace("6222-1", account).replace(
            "<IBAN>DE1</IBAN>", f"<Othr><Id>{account}</Id></Othr>"
        )
        if to:
            own = f"<CdtrAcct><Id><Othr><Id>{to}</Id></Othr></Id></CdtrAcct>"
            inner = re.sub(r"<CdtrAcct>.*?</CdtrAcct>", own, inner)
        written = entry(
            yuan(minor), "CRDT" if credit else "DBIT", booked=f"<BookgDt><Dt>{day}</Dt></BookgDt>", value="",
            reference=reference, reversal="<RvslInd>true</RvslInd>" if reversal else "", details=inner,
            charges=f'<Chrgs><Rcrd><Amt Ccy="CNY">{yuan(charges)}</Amt></Rcrd></Chrgs>' if charges else "",
        )  # fmt: skip
        if code:
            family, sub = code.split("/")
            written = written.replace("<Cd>RCDT</Cd>", f"<Cd>{family}</Cd>").replace("ESCT", sub)
        self.lines.append(written)
        self.balance += minor if credit else -minor
        return reference

    def raw(self, written: str, change: int) -> None:
        """A booking as the test wrote it."""
        self.lines.append(written)
        self.balance += change

    def file(self, day: str = DAY) -> bytes:
        """The day's statement; the next one opens with its closing."""
        number = next(_issues)
        period = f"<FrToDt><FrDtTm>{day}T00:00:00</FrDtTm><ToDtTm>{day}T23:59:59</ToDtTm></FrToDt>"
        told = statement("".join(self.lines), opening=yuan(self.opening), closing=yuan(self.balance))
        told = told.replace("<Id>S1</Id>", f"<Id>S{number}</Id>")
        told = told.replace("<Acct>", f"{period}<Acct>", 1)
        told = told.replace("2026-11-22</Dt></Dt></Bal>", f"{day}</Dt></Dt></Bal>")
        self.lines, self.opening = [], self.balance
        return camt(told)

    def send(self, day: str = DAY) -> UUID:
        """Have the day's statement imported and matched; gives its file."""
        return take(self.file(day))


def take(content: bytes) -> UUID:
    file_id = imported(content)
    wallet.match_statement(file_id)
    settle_topics()
    return file_id


def imported(content: bytes) -> UUID:
    """Read a file and let its topics run: the job of matching is queued, and not done."""
    file_id = rails.receive_statement(io.BytesIO(content), "today.xml", "upload", SYSTEM)[0]
    record = rails.import_statement(file_id)
    assert record.state == "imported", record.code
    settle_topics()
    return file_id


def settle_topics() -> None:
    while topic_queue.relay():
        pass


def start(owner: UUID, minor: int, currency: str = "CNY") -> str:
    """A top-up that waits for the bank; gives its reference."""
    outcome = submit(intents.start_top_up(owner, Money(minor, currency), str(new_id())))
    assert outcome.outcome == "approved", outcome
    return outcome.reference


def notice(reference: str, minor: int, bank_reference: str, inbox: str | None = None) -> None:
    """The bank's notice has come and was judged; its topic runs now."""
    with outermost():
        wallet.settle_top_up(
            reference,
            amount=Money(minor, "CNY"),
            bank_reference=bank_reference,
            inbox_id=inbox or str(new_id()),
        )
    settle_topics()


def operation(reference: str) -> Operation:
    return Operation.objects.get(reference=reference)


def matched(bank_reference: str) -> LineMatch:
    line = StatementEntry.objects.get(reference=bank_reference, repeat_of=None)
    return LineMatch.objects.get(line_id=line.id)


def item(bank_reference: str) -> OpenItem:
    return OpenItem.objects.get(bank_reference=bank_reference)


def staff(name: str, role: str = "supervisor") -> UUID:
    with outermost():
        return people.create_staff(f"{name}@guitai.example", name, role, "counter-2026-tea")  # type: ignore[arg-type]
