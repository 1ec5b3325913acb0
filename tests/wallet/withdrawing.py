"""Customers with bound accounts, and a bank that takes payout files and says whatever a test wants."""

import io
import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from stdnum.cn import ric
from stdnum.luhn import calc_check_digit

from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.people import api as people
from guitai.people.types import AccountClaim, IdentityClaim, Proof
from guitai.rails import api as rails
from guitai.rails.flows.file_payouts import file_payouts
from guitai.wallet import api as wallet
from tests.rails.statements.samples import camt, details, entry, statement
from tests.wallet.conftest import PIN, fund, new_phone, register, settle_topics

# A Monday at noon in Shanghai.
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
OWN_ACCOUNT = {"currency": "CNY", "name": "Guitai", "account": "622848001000", "bic": "BANKCNBJ"}
_numbers = itertools.count(1)


def document_number() -> str:
    start = f"11010119900307{next(_numbers):03}"
    return start + ric.calc_check_digit(f"{start}0")


def card_number() -> str:
    start = f"622202{next(_numbers):012}"
    return start + calc_check_digit(start)


@dataclass
class Till:
    """The customer's side and the bank's, on one clock that a test moves."""

    folder: Path
    moment: datetime = NOON
    booked: itertools.count = field(default_factory=lambda: itertools.count(1))

    @contextmanager
    def at(self, moment: datetime | None = None) -> Iterator[None]:
        self.moment = moment or self.moment
        with stopped(self.moment):
            yield

    def later(self, **by: int) -> datetime:
        self.moment += timedelta(**by)
        return self.moment

    def customer(self, minor: int = 0, name: str = "林月") -> tuple[UUID, UUID]:
        """Somebody of tier 1 with money and a bound card: (owner, account)."""
        with self.at():
            owner = register(new_phone(), name)
            people.declare_identity(owner, IdentityClaim("national_id", "CN", document_number(), name))
            claim = AccountClaim("cn_card", card_number(), name, bank="Sea Bank")
            bound = people.bind_account(owner, claim, Proof(pin=PIN))
            if minor:
                fund(owner, minor)
            settle_topics()
        return owner, bound.id

    def withdraw(
        self,
        owner: UUID,
        account: UUID,
        minor: int,
        *,
        key: str | None = None,
        pin: str | None = PIN,
        **more: Any,
    ) -> wallet.Outcome:
        with self.at():
            amount = Money(minor, more.pop("currency", "CNY"))
            outcome = wallet.start_withdrawal(
                owner, account=account, amount=amount, pin=pin, key=key or str(new_id()), **more
            )
            settle_topics()
        return outcome

    def leave(self) -> list[UUID]:
        """The payout files that are due go to the bank."""
        with stopped(self.later(minutes=2)):
            handed = file_payouts()
            settle_topics()
        return handed

    def status(self, reference: str, status: str, reason: str = "") -> None:
        """The bank answers by pain.002."""
        told = f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else ""
        record = rails.payout_record(reference)
        assert record is not None
        self.says(
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr><MsgId>A1</MsgId>'
            "<CreDtTm>2026-11-23T05:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
            f"<OrgnlMsgId>{record.message_id}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>"
            f"</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{record.message_id}</OrgnlPmtInfId>"
            f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>{told}</TxInfAndSts>"
            "</OrgnlPmtInfAndSts></CstmrPmtStsRpt></Document>"
        )

    def books(self, reference: str, minor: int) -> None:
        """A statement shows that it has left."""
        self._line(reference, minor, "DBIT", "")

    def returns(self, reference: str, minor: int, reason: str = "AC04") -> None:
        """A statement shows that it came back."""
        self._line(reference, minor, "CRDT", f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>")

    def says(self, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        with self.at():
            file_id, _ = rails.receive_statement(io.BytesIO(raw), "answer.xml", "folder", SYSTEM)
            assert rails.import_statement(file_id).state == "imported"
            settle_topics()

    def _line(self, reference: str, minor: int, direction: str, extra: str) -> None:
        amount, number = f"{minor // 100}.{minor % 100:02}", next(self.booked)
        line = entry(
            amount, direction, reference=f"T{number}",
            details=details(reference, extra=extra, remittance="<Ustrd>x</Ustrd>", reference=""),
        )  # fmt: skip
        sign = 1 if direction == "CRDT" else -1
        closing = f"{(100_000_00 + sign * minor) // 100}.{(100_000_00 + sign * minor) % 100:02}"
        self.says(camt(statement(line, opening="100000.00", closing=closing)))


def opened(folder: Path, **changes: Any) -> Till:
    """A till whose bank takes payouts, and whose bound accounts can be used at once."""
    policies.publish("payouts", {"folder": str(folder), "accounts": [OWN_ACCOUNT], **changes}, SYSTEM)
    policies.publish("bindings", {"wait_hours": 0}, SYSTEM)
    return Till(folder)


def policy(**changes: Any) -> None:
    policies.publish("withdrawals", changes, SYSTEM)


def fees(**fee: Any) -> None:
    policies.publish("fees", {"withdrawal": {"CNY": fee}}, SYSTEM)


Make = Callable[..., tuple[UUID, UUID]]
