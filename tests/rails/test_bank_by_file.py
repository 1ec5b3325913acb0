"""The wallet and the simulated bank over two folders, nothing mocked: every payout ends as the bank's books say."""

from pathlib import Path

import msgspec
import pytest
from django.db import transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.kit import policies
from guitai.rails import api
from guitai.rails.flows.file_payouts import file_payouts
from guitai.rails.flows.watch_folder import watch_folder
from guitai.rails.models import StatementFile
from guitai.rails.policies import PayoutSettings
from guitai.sandbox.bank import books, days
from tests.sandbox.bank import TODAY, Bank, payout
from tests.sandbox.test_bank_outcomes import NUMBER

pytestmark = pytest.mark.django_db


class Exchange:
    """Both sides of the folders."""

    def __init__(self, home: Path) -> None:
        self.bank = Bank(home)
        account = {"currency": "CNY", "name": "Guitai", "account": "6228480010002026018"}
        policies.publish(
            "payouts",
            {"folder": str(home / "in"), "accounts": [account], "round_the_clock": True, "gather_s": 0},
            SYSTEM,
        )
        policies.publish("statements", {"folder": str(home / "out"), "quiet_s": 0}, SYSTEM)

    def pay(self, **accounts: str) -> None:
        with stopped(self.bank.moment), transaction.atomic():
            for name, suffix in accounts.items():
                api.start_payout(payout(name, NUMBER + suffix))
        self.go_on()

    def go_on(self) -> None:
        """Files go there and back, until nothing moves."""
        with stopped(self.bank.moment):
            file_payouts()
        self.bank.turn(seconds=2)
        self.bank.turn(seconds=2)
        self.take()

    def take(self) -> None:
        with stopped(self.bank.moment):
            for file_id in watch_folder():
                api.import_statement(file_id)

    def close(self) -> None:
        self.bank.close()
        self.take()

    def state(self, name: str) -> tuple[str, str | None]:
        found = api.payout_record(name)
        assert found is not None
        return found.state, found.code


@pytest.fixture
def exchange(tmp_path: Path) -> Exchange:
    return Exchange(tmp_path)


@pytest.mark.parametrize("version", ["03", "09"])
def test_every_fate_is_understood(exchange: Exchange, version: str) -> None:
    current = msgspec.to_builtins(policies.current(PayoutSettings).value)
    policies.publish("payouts", {**current, "version": version}, SYSTEM)
    exchange.pay(
        PAID="2222", WRONG="0001", CLOSED="0004", NAME="0008", LATER="0018", SILENT="0007", WAITING="0009",
        CHARGED="0012", BACK="0044", NOTHING="0003",
    )  # fmt: skip
    assert exchange.state("PAID") == ("settled", None)
    assert exchange.state("WRONG") == ("rejected", "payee_account_wrong")
    assert exchange.state("CLOSED") == ("rejected", "payee_account_closed")
    assert exchange.state("NAME") == exchange.state("LATER") == ("rejected", "payee_name_mismatch")
    assert exchange.state("CHARGED") == exchange.state("BACK") == ("settled", None)
    assert exchange.state("SILENT") == exchange.state("NOTHING") == ("sent", None)
    assert exchange.state("WAITING")[0] in ("accepted", "sent")
    exchange.close()
    assert exchange.state("SILENT") == exchange.state("WAITING") == ("settled", None)
    exchange.close()
    assert exchange.state("BACK") == ("returned", "payee_account_closed")
    assert exchange.state("NOTHING") == ("sent", None), "nobody can know; a deadline and a person decide"
    assert not StatementFile.objects.filter(state="refused").exists()


@pytest.mark.parametrize(
    "fault", ["status_lost", "status_late", "status_twice", "notice_lost", "notice_twice"]
)
def test_whatever_happens_to_files_the_statement_settles_it_once(exchange: Exchange, fault: str) -> None:
    exchange.bank.fault(fault, times=5)
    exchange.pay(A1="2222")
    exchange.close()
    exchange.bank.turn(seconds=70)
    exchange.take()
    assert exchange.state("A1") == ("settled", None)
    said = api.entries_named(["A1"])
    assert len([line for line in said if line.repeat_of is None]) == 1


def test_a_statement_that_lacks_a_line_is_refused_and_its_correction_taken(exchange: Exchange) -> None:
    exchange.bank.fault("missing_line")
    exchange.pay(A1="0007")
    exchange.close()
    assert StatementFile.objects.get(state="refused").code == "statement_unbalanced"
    assert exchange.state("A1") == ("sent", None)
    from_clerk = exchange.bank.home / "out" / "correction.xml"
    day = days.written(exchange.bank.world, books.CLIENT_ACCOUNT, "CNY", TODAY, "xml")
    assert day is not None
    from_clerk.write_bytes(day)
    exchange.take()
    assert exchange.state("A1") == ("settled", None)
