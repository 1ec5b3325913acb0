"""Payments out: into a file for the bank exactly once, and every answer of the bank understood."""

import io
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM
from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.kit import explain, policies
from guitai.kit.models import Topic
from guitai.rails import api
from guitai.rails.errors import (
    OrderConflict,
    PayoutCurrencyNotTaken,
    PayoutUnderWay,
    PayoutUnknown,
    PayoutUnwritable,
    RailUnknown,
)
from guitai.rails.flows import file_payouts as filing
from guitai.rails.flows.file_payouts import file_payouts
from guitai.rails.flows.watch_folder import watch_folder
from guitai.rails.models import PayoutFile, PayoutRow
from guitai.rails.rules.payout_reasons import CODES, code_of_reason
from guitai.rails.types import Payout, PayoutRecord
from tests.rails.conftest import topics
from tests.rails.statements.samples import camt, details, entry, statement

pytestmark = pytest.mark.django_db
# A Monday at noon in Shanghai.
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FIRST, SECOND = "2222222F2H", "2222222H2M"
ACCOUNT = {"currency": "CNY", "name": "Guitai", "account": "622848001000", "bic": "BANKCNBJ"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    settle(tmp_path)
    return tmp_path


def settle(folder: Path, **changes: Any) -> None:
    policies.publish("payouts", {"folder": str(folder), "accounts": [ACCOUNT], **changes}, SYSTEM)


def payout(reference: str = FIRST, minor: int = 10_000, **changes: Any) -> Payout:
    return Payout(
        **{
            "order_reference": reference,
            "amount": Money(minor, "CNY"),
            "payee_name": "林月",
            "payee_account": "6222 0001",
            **changes,
        }
    )


def ask(*payouts: Payout, at: datetime = NOON, **how: Any) -> None:
    with stopped(at), transaction.atomic():
        for one in payouts:
            api.start_payout(one, **how)


def file(at: datetime = NOON + timedelta(minutes=2)) -> list[Any]:
    with stopped(at):
        return file_payouts()


def outbox(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.xml"))


def record(reference: str = FIRST) -> PayoutRecord:
    found = api.payout_record(reference)
    assert found is not None
    return found


def bank_says(content: str | bytes) -> None:
    raw = content.encode() if isinstance(content, str) else content
    file_id, _ = api.receive_statement(io.BytesIO(raw), "answer.xml", "folder", SYSTEM)
    assert api.import_statement(file_id).state == "imported"


def status(
    group: str = "", payments: dict[str, tuple[str, str]] | None = None, order: str = "", version: str = "10"
) -> str:
    message = PayoutFile.objects.get().message_id
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId><TxSts>{code}</TxSts>{_reason(reason)}</TxInfAndSts>"
        for name, (code, reason) in (payments or {}).items()
    )
    group_status = f"<GrpSts>{group}</GrpSts>" if group else ""
    order_status = f"<PmtInfSts>{order}</PmtInfSts>" if order else ""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.{version}"><CstmrPmtStsRpt><GrpHdr><MsgId>A1'
        f"</MsgId><CreDtTm>2026-11-23T05:00:00Z</CreDtTm></GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{message}"
        f"</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group_status}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{message}</OrgnlPmtInfId>{order_status}{told}</OrgnlPmtInfAndSts>"
        f"</CstmrPmtStsRpt></Document>"
    )


def _reason(code: str) -> str:
    return f"<StsRsnInf><Rsn><Cd>{code}</Cd></Rsn></StsRsnInf>" if code else ""


@pytest.fixture
def sent(folder: Path) -> Path:
    """Two payouts that the bank has."""
    ask(payout(FIRST), payout(SECOND, 2_050))
    file()
    Topic.objects.all().delete()
    return folder


def test_what_is_queued_leaves_in_one_file(folder: Path) -> None:
    ask(payout(FIRST), payout(SECOND, 2_050))
    assert record().state == "queued"
    assert len(file()) == 1
    [left] = outbox(folder)
    made = PayoutFile.objects.get()
    assert left.name == f"{made.message_id}.xml" and len(made.message_id) <= 35
    text = left.read_text()
    assert text.count("<CtrlSum>120.50</CtrlSum>") == 2 and text.count("<NbOfTxs>2</NbOfTxs>") == 2
    assert f"<EndToEndId>{FIRST}</EndToEndId>" in text and "<Nm>林月</Nm>" in text
    assert not list((folder / ".drafts").iterdir())
    assert (record().state, record().message_id) == ("sent", made.message_id)
    assert [(name, said["order_reference"], said["amount"]) for name, said in topics()] == [
        ("rails.payout_sent", FIRST, 10_000),
        ("rails.payout_sent", SECOND, 2_050),
    ]
    assert file() == [] and len(outbox(folder)) == 1


def test_payees_and_files_are_sealed(folder: Path) -> None:
    ask(payout())
    file()
    row, made = PayoutRow.objects.get(), PayoutFile.objects.get()
    assert b"6222" not in bytes(row.payee_sealed) and "林月".encode() not in bytes(row.payee_sealed)
    assert b"Document" not in bytes(made.content_sealed)


def test_the_same_payout_again_changes_nothing_and_another_one_is_refused(folder: Path) -> None:
    ask(payout(), payout())
    assert PayoutRow.objects.count() == 1
    for other in (payout(minor=10_001), payout(payee_account="6222 0002"), payout(payee_name="王")):
        with pytest.raises(OrderConflict):
            ask(other)
    with pytest.raises(IntegrityError), transaction.atomic():
        PayoutRow.objects.create(
            rail="bank",
            order_reference=FIRST,
            amount_minor=1,
            currency="CNY",
            payee_sealed=b"",
            asked_sha256=b"",
        )


def test_a_payout_that_cannot_leave_is_refused_at_once(folder: Path) -> None:
    with pytest.raises(PayoutCurrencyNotTaken):
        ask(payout(amount=Money(1, "EUR")))
    with pytest.raises(RailUnknown):
        ask(payout(), rail="nowhere")
    settle(folder, charset="latin")
    with pytest.raises(PayoutUnwritable):
        ask(payout(payee_name="Γιώργος"))
    assert not PayoutRow.objects.exists()
    ask(payout())


def test_a_payout_can_be_cancelled_until_it_is_in_a_file(folder: Path) -> None:
    ask(payout(FIRST), payout(SECOND))
    for _ in range(2):
        api.cancel_payout(FIRST, SYSTEM)
    file()
    assert (record(FIRST).state, record(SECOND).state) == ("cancelled", "sent")
    assert FIRST not in outbox(folder)[0].read_text()
    with pytest.raises(PayoutUnderWay):
        api.cancel_payout(SECOND, SYSTEM)
    with pytest.raises(PayoutUnknown):
        api.cancel_payout("2222222J2X", SYSTEM)
    ask(payout(FIRST))
    assert file() == [] and record(FIRST).state == "cancelled"


@pytest.mark.parametrize(
    ("moment", "leaves"),
    [
        (NOON, True),
        (datetime(2026, 11, 23, 8, 30, tzinfo=UTC), False),  # 16:30 in Shanghai
        (datetime(2026, 11, 22, 22, 0, tzinfo=UTC), False),  # 06:00
        (datetime(2026, 11, 22, 4, 0, tzinfo=UTC), False),  # a Sunday
        (datetime(2026, 11, 24, 4, 0, tzinfo=UTC), False),  # a holiday
        (datetime(2026, 11, 25, 4, 0, tzinfo=UTC), True),
    ],
)
def test_files_leave_on_bank_days_before_the_cut_off(folder: Path, moment: datetime, leaves: bool) -> None:
    settle(folder, holidays=["2026-11-24"])
    ask(payout(), at=moment - timedelta(minutes=5))
    assert len(file(moment)) == leaves
    assert (api.payouts_leave_at(moment) <= moment) == leaves
    if not leaves:
        later = api.payouts_leave_at(moment)
        assert later.isoweekday() < 6 and later.date() != date(2026, 11, 24)
        assert len(file(later)) == 1


def test_a_calendar_of_the_operators_takes_the_place_of_hours_and_holidays(folder: Path) -> None:
    worked = {"day": "2026-11-28", "hours": [{"days": [6], "opens": "10:00", "closes": "12:00"}]}
    bank = {
        "name": "bank", "time_zone": "Asia/Shanghai", "closed": ["2026-11-23"], "extra": [worked],
        "hours": [{"days": [1, 2, 3, 4, 5], "opens": "09:00", "closes": "15:00"}],
    }  # fmt: skip
    policies.publish("calendars", {"calendars": [bank]}, SYSTEM)
    settle(folder, calendar="bank")
    # A Monday that is closed; then a Saturday that is worked, before and after its end.
    assert api.payouts_leave_at(NOON) == datetime(2026, 11, 24, 1, tzinfo=UTC)
    saturday = datetime(2026, 11, 28, 1, tzinfo=UTC)
    assert api.payouts_leave_at(saturday) == datetime(2026, 11, 28, 2, tzinfo=UTC)
    assert api.payouts_cut_off(saturday) == datetime(2026, 11, 28, 4, tzinfo=UTC)
    assert api.payouts_cut_off(saturday + timedelta(hours=5)) is None
    assert api.payouts_leave_at(saturday + timedelta(hours=5)) == datetime(2026, 11, 30, 1, tzinfo=UTC)


def test_payouts_are_gathered_and_the_urgent_leave_first(folder: Path) -> None:
    settle(folder, count_max=1)
    ask(payout(FIRST))
    ask(payout(SECOND), priority=5)
    file(NOON + timedelta(seconds=1))
    first = PayoutFile.objects.order_by("made_at", "id").first()
    assert first is not None and record(SECOND).file_id == first.id and PayoutFile.objects.count() == 2
    settle(folder)
    ask(payout("2222222J2X"))
    assert file(NOON + timedelta(seconds=30)) == []
    assert len(file(NOON + timedelta(seconds=61))) == 1


def test_without_a_folder_payouts_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policies.publish("payouts", {"accounts": [ACCOUNT]}, SYSTEM)
    ask(payout())
    assert file() == [] and record().state == "queued"
    monkeypatch.setenv("GUITAI_PAYOUTS_FOLDER", str(tmp_path))
    assert len(file()) == 1


def test_a_folder_that_is_gone_loses_nothing(folder: Path, tmp_path: Path) -> None:
    settle(tmp_path / "gone")
    ask(payout())
    assert file() == [] and record().state == "filed"
    (tmp_path / "gone").mkdir()
    assert len(file()) == 1 and record().state == "sent"


class _Killed(BaseException):
    """The process ends here."""


def _die(*_: Any, **__: Any) -> None:
    raise _Killed


CRASHES: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "while the file is decided": lambda m: m.setattr(filing, "seal_bytes", _die),
    "before the draft": lambda m: m.setattr(filing, "unseal_bytes", _die),
    "in the middle of the draft": lambda m: m.setattr(filing.os, "fsync", _die),
    "before it is renamed": lambda m: m.setattr(Path, "rename", _die),
    "after it was renamed": lambda m: m.setattr(filing, "_mark_sent", _die),
}


@pytest.mark.parametrize("crash", CRASHES)
@pytest.mark.parametrize("fetched", [False, True])
@pytest.mark.django_db(transaction=True)
def test_a_crash_anywhere_sends_it_exactly_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch, crash: str, fetched: bool
) -> None:
    ask(payout(FIRST), payout(SECOND))
    with monkeypatch.context() as dying:
        CRASHES[crash](dying)
        with pytest.raises(_Killed):
            file()
    left = outbox(folder)
    if fetched:
        # The bank's client does not wait for us.
        for path in left:
            path.unlink()
    file(NOON + timedelta(minutes=3))
    file(NOON + timedelta(minutes=4))
    written = len(left) + len([path for path in outbox(folder) if path not in left or fetched])
    assert written == 1
    assert PayoutFile.objects.count() == 1 and record().state == "sent"
    assert len(topics()) == 2


@pytest.mark.parametrize(
    ("group", "order", "payments", "first", "second"),
    [
        ("ACCP", "", {}, "accepted", "accepted"),
        ("ACSC", "", {}, "settled", "settled"),
        ("PDNG", "", {}, "accepted", "accepted"),
        ("RJCT", "", {}, "rejected", "rejected"),
        ("", "RJCT", {}, "rejected", "rejected"),
        ("ACCP", "RJCT", {}, "rejected", "rejected"),
        ("PART", "", {FIRST: ("RJCT", "AC04")}, "rejected", "sent"),
        ("ACCP", "", {FIRST: ("RJCT", "BE01"), SECOND: ("ACSC", "")}, "rejected", "settled"),
        ("", "", {SECOND: ("ACSP", "")}, "sent", "accepted"),
        ("WHAT", "", {FIRST: ("ELSE", "")}, "sent", "sent"),
    ],
)
def test_a_status_file_is_understood(
    sent: Path, group: str, order: str, payments: dict[str, tuple[str, str]], first: str, second: str
) -> None:
    bank_says(status(group, payments, order))
    assert (record(FIRST).state, record(SECOND).state) == (first, second)
    expected = [f"rails.payout_{state}" for state in (first, second) if state != "sent"]
    assert [name for name, _ in topics()] == expected


@pytest.mark.parametrize("version", ["03", "10", "14"])
def test_a_rejection_has_a_code_with_words(sent: Path, version: str) -> None:
    bank_says(status("PART", {FIRST: ("RJCT", "AC04")}, version=version))
    found = record()
    assert (found.code, found.iso_reason) == ("payee_account_closed", "AC04")
    assert topics()[0][1] == {
        "rail": "bank", "order_reference": FIRST, "amount": 10_000, "currency": "CNY", "code": "payee_account_closed",
        "reason": "AC04",
    }  # fmt: skip
    actions = [one.entry.action for one in entries_about(("rails.payout", str(found.id)))]
    assert actions == ["rails.payout_rejected"]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("AC01", "payee_account_wrong"), ("AC04", "payee_account_closed"), ("AC06", "payee_account_blocked"),
        ("BE01", "payee_name_mismatch"), ("RC01", "payee_bank_wrong"), ("AM14", "payout_over_bank_limit"),
        ("AM05", "payout_duplicate"), ("MD07", "payout_not_taken"), ("RR04", "payout_not_taken"),
        ("AM04", "payout_failed_at_bank"), ("ZZ99", "payout_not_possible"), (None, "payout_not_possible"),
    ],
)  # fmt: skip
def test_reasons_of_banks_are_codes_with_words(reason: str | None, code: str) -> None:
    assert code_of_reason(reason) == code
    assert explain.codes() >= CODES


def test_statuses_come_late_twice_and_in_any_order(sent: Path) -> None:
    done = status("ACSC")
    bank_says(done)
    bank_says(done + "\n")
    bank_says(status("ACCP"))
    assert record().state == "settled"
    assert [name for name, _ in topics()] == ["rails.payout_settled"] * 2


def test_an_answer_that_contradicts_is_written_down_for_a_person(sent: Path) -> None:
    bank_says(status("ACSC"))
    bank_says(status("RJCT"))
    assert record().state == "settled"
    actions = [one.entry.action for one in entries_about(("rails.payout", str(record().id)))]
    assert actions == ["rails.payout_contradicted", "rails.payout_settled"]


def test_a_status_for_somebody_elses_file_moves_nothing(sent: Path) -> None:
    bank_says(status("RJCT").replace(PayoutFile.objects.get().message_id, "OTHER"))
    assert record().state == "sent" and topics() == []


def _booked(*lines: str, number: int = 1) -> bytes:
    told = camt(statement("".join(lines), opening=None, closing=None))
    return told.replace(b"<Id>S1</Id>", f"<Id>S{number}</Id>".encode())


def test_a_statement_proves_that_a_payout_left(sent: Path) -> None:
    bank_says(_booked(entry("100.00", "DBIT", details=details(FIRST))))
    assert (record(FIRST).state, record(SECOND).state) == ("settled", "sent")
    assert record(FIRST).statement_entry == topics()[0][1]["entry_id"]


@pytest.mark.parametrize(
    "line", [entry("100.01", "DBIT", details=details(FIRST)), entry("100.00", "DBIT", details=details("X"))]
)
def test_another_line_proves_nothing(sent: Path, line: str) -> None:
    bank_says(_booked(line))
    assert record(FIRST).state == "sent"


def test_charges_within_a_debit_do_not_hide_it(sent: Path) -> None:
    charges = '<Chrgs><TtlChrgsAndTaxAmt Ccy="CNY">0.50</TtlChrgsAndTaxAmt></Chrgs>'
    bank_says(_booked(entry("100.50", "DBIT", charges=charges, details=details(FIRST))))
    assert record(FIRST).state == "settled"


def test_a_whole_file_booked_as_one_sum_settles_all_of_it(sent: Path) -> None:
    message = PayoutFile.objects.get().message_id
    batch = f"<Btch><PmtInfId>{message}</PmtInfId><NbOfTxs>2</NbOfTxs></Btch>"
    bank_says(_booked(entry("120.49", "DBIT", batch=batch)))
    assert record().state == "sent"
    bank_says(_booked(entry("120.50", "DBIT", batch=batch, reference="B9"), number=2))
    assert (record(FIRST).state, record(SECOND).state) == ("settled", "settled")


RETURN = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>"


@pytest.mark.parametrize(
    ("line", "reason", "returned"),
    [
        (entry(details=details(FIRST, extra=RETURN), reference="R1"), "AC04", 10_000),
        (entry(reversal="<RvslInd>true</RvslInd>", details=details(FIRST), reference="R1"), None, 10_000),
        (entry("99.50", details=details(FIRST, extra=RETURN), reference="R1"), "AC04", 9_950),
        (
            entry(
                details=details("X", extra=RETURN, remittance=f"<Ustrd>return of {FIRST}</Ustrd>"),
                reference="R1",
            ),
            "AC04",
            10_000,
        ),
    ],
)
def test_a_payout_that_comes_back_days_later_is_recognised(
    sent: Path, line: str, reason: str | None, returned: int
) -> None:
    bank_says(_booked(entry("100.00", "DBIT", details=details(FIRST))))
    Topic.objects.all().delete()
    bank_says(_booked(line, number=2))
    found = record()
    assert (found.state, found.iso_reason, found.returned) == ("returned", reason, Money(returned, "CNY"))
    [(name, said)] = topics()[:1]
    assert (name, said["returned"], said["code"]) == (
        "rails.payout_returned",
        returned,
        code_of_reason(reason),
    )
    # The same return told once more, by another statement, is no second return.
    Topic.objects.all().delete()
    bank_says(_booked(line, number=3))
    assert [name for name, _ in topics()] == ["rails.statement_imported"]


def test_a_customers_own_payment_with_that_reference_is_no_return(sent: Path) -> None:
    bank_says(_booked(entry(details=details("X", remittance=f"<Ustrd>{FIRST}</Ustrd>"), reference="T1")))
    assert record().state == "sent"


def test_answers_are_taken_from_the_drop_folder(sent: Path, tmp_path: Path) -> None:
    inbox = tmp_path / "in"
    inbox.mkdir()
    policies.publish("statements", {"folder": str(inbox)}, SYSTEM)
    path = inbox / "answer.xml"
    path.write_text(status("ACSC"))
    os.utime(path, (time.time() - 60,) * 2)
    [file_id] = watch_folder()
    assert api.import_statement(file_id).format == "pain.002"
    assert record().state == "settled"


def test_payouts_are_listed_in_pages(folder: Path) -> None:
    ask(*(payout(f"222222{n}F22") for n in range(5)))
    first = api.payouts(limit=3)
    second = api.payouts(first.next_cursor, limit=3)
    assert (len(first.items), len(second.items), second.next_cursor) == (3, 2, None)
    assert api.payouts(states=frozenset({"settled"})).items == []
    assert api.payout_record("none") is None
