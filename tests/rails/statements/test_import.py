"""Taking statement files in: whole, sealed, once; and reading them in steps that no crash can double."""

import io
import os
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.refusal import NotFound
from guitai.kit import policies
from guitai.kit.cursors import CursorInvalid
from guitai.rails import api, drafts
from guitai.rails.errors import StatementChanging, StatementTooLarge
from guitai.rails.flows import import_statement as importing
from guitai.rails.flows import receive_statement as receiving
from guitai.rails.flows.sweep_statements import forget_half_received, sweep_statements
from guitai.rails.flows.watch_folder import watch_folder
from guitai.rails.models import (
    Statement,
    StatementDraft,
    StatementEntry,
    StatementFile,
    StatementMatch,
    StatementPiece,
)
from guitai.rails.types import StatementFileRecord
from guitai.site.command.late import part
from tests.rails.conftest import topics
from tests.rails.statements.samples import camt, details, entry, lines, statement, stored

pytestmark = pytest.mark.django_db
GOOD = camt(
    statement(
        entry(reference="B1", details=details("E1", remittance="<Ustrd>pay 7kmr 3axwh2 thanks</Ustrd>"))
        + entry("1.10", "DBIT", reference="B2", details=details("NOTPROVIDED", creditor="陈晓燕")),
        closing="1098.90",
    )
)


def take(content: bytes, name: str = "today.xml") -> UUID:
    return api.receive_statement(io.BytesIO(content), name, "upload", SYSTEM)[0]


def queued(file_id: UUID) -> int:
    return int(ProcrastinateJob.objects.filter(args__file_id=str(file_id)).count())


def imported(content: bytes) -> StatementFileRecord:
    return api.import_statement(take(content))


def test_a_file_becomes_lines_that_can_be_read_in_order() -> None:
    found = imported(GOOD)
    assert (found.state, found.format, found.entries_done, found.entries_total, found.repeats) == (
        "imported", "camt", 2, 2, 0,
    )  # fmt: skip
    [told] = api.statements_of(found.id)
    assert (told.account, told.opening, told.closing, told.credits, told.debits) == (
        "622848001000", 100_000, 109_890, 10_000, 110,
    )  # fmt: skip
    first, second = stored()
    assert (first.amount, first.credit, first.payment_reference, first.end_to_end_id, first.counterparty) == (
        10_000, True, "7KMR3AXWH2", "E1", "林月",
    )  # fmt: skip
    assert (second.credit, second.payment_reference, second.counterparty) == (False, None, "陈晓燕")
    assert stored(first.id) == [second]
    assert topics() == [
        ("rails.statement_imported", {"file_id": str(found.id), "statements": 1, "entries": 2, "repeats": 0})
    ]
    about = [one.entry.action for one in entries_about(("rails.statement_file", str(found.id)))]
    assert about == ["rails.statement_imported", "rails.statement_received"]


def test_the_same_file_twice_changes_nothing() -> None:
    first = imported(GOOD)
    again, new = api.receive_statement(io.BytesIO(GOOD), "another-name.xml", "folder", SYSTEM)
    assert (again, new) == (first.id, False)
    assert api.import_statement(again) == first
    assert StatementEntry.objects.count() == 2 and StatementFile.objects.count() == 1
    assert len(topics()) == 1 and queued(first.id) == 1


def test_people_are_sealed_and_the_file_comes_back_byte_by_byte() -> None:
    found = imported(GOOD)
    row = StatementEntry.objects.order_by("id").first()
    assert row is not None and "林月".encode() not in bytes(row.person_sealed)
    piece = StatementPiece.objects.get()
    assert b"BkToCstmrStmt" not in bytes(piece.content_sealed)
    assert b"".join(receiving.content(found.id)) == GOOD
    assert found.sha256 == receiving.hashlib.sha256(GOOD).hexdigest()


def test_a_booking_told_again_by_another_statement_counts_once() -> None:
    imported(GOOD)
    notice = statement(entry(reference="B1", details=details("E1")), opening=None, closing=None, tag="Ntfctn")
    again = imported(camt(notice, message="camt.054"))
    overlapping = imported(GOOD.replace(b"<Id>S1</Id>", b"<Id>S2</Id>"))
    assert (again.repeats, overlapping.repeats) == (1, 2)
    assert len(stored()) == 2
    repeats = [line for line in stored(unmatched=False) if line.repeat_of]
    assert {line.repeat_of for line in repeats} == {line.id for line in stored()}


def test_two_alike_within_a_statement_are_two_and_told_again_still_two() -> None:
    twice = statement(entry() + entry(), closing="1200.00")
    assert imported(camt(twice)).repeats == 0
    assert imported(camt(twice).replace(b"<Id>S1</Id>", b"<Id>S2</Id>")).repeats == 2
    assert imported(camt(statement(entry() * 3, closing="1300.00"))).repeats == 2
    assert len(stored()) == 3


def test_one_file_may_tell_a_booking_in_two_statements() -> None:
    found = imported(camt(statement(entry(), closing="1100.00") * 2))
    assert (found.entries_done, found.repeats, len(stored())) == (2, 1, 1)


def test_lines_without_a_bank_reference_are_never_taken_for_repeats() -> None:
    plain = statement(entry(reference=None), closing="1100.00")
    assert imported(camt(plain)).repeats == 0
    other = plain.replace("<Id>S1</Id>", "<Id>S2</Id>")
    assert imported(camt(other)).repeats == 0
    # Only a second issue of the same statement is the same.
    assert imported(camt(plain) + b"\n").repeats == 1


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD[:-40], "statement_incomplete"),
        (GOOD.replace(b"1098.90", b"1098.91"), "statement_unbalanced"),
        (b"<!DOCTYPE x><x/>", "statement_hostile"),
        (b"Date,Amount\n2026-11-22,1\n", "statement_unrecognised"),
    ],
)
def test_a_refused_file_is_kept_and_nothing_of_it_is_used(content: bytes, code: str) -> None:
    found = imported(content)
    assert (found.state, found.code, found.entries_done) == ("refused", code, 0)
    assert not StatementEntry.objects.exists() and not Statement.objects.exists()
    assert b"".join(receiving.content(found.id)) == content
    assert topics() == [("rails.statement_refused", {"file_id": str(found.id), "code": code})]
    assert imported(GOOD).state == "imported"


def test_csv_is_read_by_the_operators_mapping() -> None:
    mapping = {
        "name": "b",
        "account": "A",
        "currency": "CNY",
        "columns": {"booked_on": "Date", "amount": "Amount"},
    }
    policies.publish("statements", {"mappings": [mapping]}, SYSTEM)
    assert imported(b"Date,Amount\n2026-11-22,1.00\n").format == "csv"


def test_what_is_larger_than_allowed_is_not_kept() -> None:
    policies.publish("statements", {"bytes_max": 100}, SYSTEM)
    with pytest.raises(StatementTooLarge):
        take(GOOD)
    assert not StatementPiece.objects.exists()


class _Growing(io.BytesIO):
    """A file that somebody is writing while it is read."""

    def seek(self, *where: int) -> int:
        self.write(b"more")
        return super().seek(*where)


def test_a_file_that_changes_while_it_is_taken_is_left_alone() -> None:
    with pytest.raises(StatementChanging):
        api.receive_statement(_Growing(GOOD), "x", "folder", SYSTEM)
    assert not StatementFile.objects.exists() and not StatementPiece.objects.exists()


class _Killed(BaseException):
    """The process ends here."""


def _killed_after(monkeypatch: pytest.MonkeyPatch, name: str, calls: int) -> None:
    real = getattr(importing, name)
    count = 0

    def dying(*arguments: Any, **more: Any) -> Any:
        nonlocal count
        count += 1
        if count > calls:
            raise _Killed
        return real(*arguments, **more)

    monkeypatch.setattr(importing, name, dying)


@pytest.mark.parametrize("chunks", [0, 1, 3])
@pytest.mark.django_db(transaction=True)
def test_killed_in_the_middle_it_goes_on_where_it_was(monkeypatch: pytest.MonkeyPatch, chunks: int) -> None:
    monkeypatch.setattr(drafts, "BLOCK", 7)
    file_id = take("".join(lines(40)).encode())
    with monkeypatch.context() as dying:
        _killed_after(dying, "store_lines", chunks)
        with pytest.raises(_Killed):
            api.import_statement(file_id)
    halfway = api.statement_file(file_id)
    assert (halfway.state, halfway.entries_done) == ("importing", chunks * 7)
    assert StatementEntry.objects.count() == chunks * 7 and topics() == []
    assert api.import_statement(file_id).entries_done == 40
    kept = StatementEntry.objects.order_by("id").values_list("position", flat=True)
    assert list(kept) == list(range(40))
    assert [name for name, _ in topics()] == ["rails.statement_imported"]
    assert not StatementDraft.objects.exists()


def test_what_a_large_file_puts_aside_is_sealed_and_gone_when_it_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(drafts, "BLOCK", 7)
    seen: list[bytes] = []
    real = drafts.seal_bytes

    def sealing(content: bytes, **how: Any) -> bytes:
        seen.append(real(content, **how))
        return seen[-1]

    monkeypatch.setattr(drafts, "seal_bytes", sealing)
    whole = "".join(lines(40))
    assert imported(whole[: len(whole) // 2].encode()).state == "refused"
    assert seen and not StatementDraft.objects.exists()
    seen.clear()
    assert imported(whole.encode()).entries_done == 40
    assert len(seen) == 6 and not any("陈".encode() in blob for blob in seen)
    assert not StatementDraft.objects.exists()


@pytest.mark.parametrize("block", [3, 8_000])
def test_lines_that_look_alike_are_numbered_across_blocks(
    monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    monkeypatch.setattr(drafts, "BLOCK", block)
    alike = entry("1.00", reference="B7") * 8
    first = imported(camt(statement(alike, closing="1008.00")))
    assert (first.entries_done, first.repeats) == (8, 0)
    again = imported(camt(statement(alike + entry("1.00", reference="B7"), closing="1009.00")))
    assert (again.entries_done, again.repeats) == (9, 8)
    third = imported(camt(statement(alike, closing="1008.00")) + b"\n")
    assert (third.entries_done, third.repeats) == (8, 8)


def half_received(monkeypatch: pytest.MonkeyPatch) -> StatementFile:
    with monkeypatch.context() as dying:
        dying.setattr(receiving, "seal_bytes", lambda *a, **k: (_ for _ in ()).throw(_Killed()))
        with pytest.raises(_Killed):
            take(GOOD)
    row = StatementFile.objects.get()
    assert row.state == "receiving" and queued(row.id) == 0
    return row


def test_what_nobody_goes_on_to_receive_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    half_received(monkeypatch)
    for hours, forgotten in ((5, 0), (7, 1), (8, 0)):
        with stopped(now() + timedelta(hours=hours)):
            assert forget_half_received() == forgotten
    assert not StatementFile.objects.exists() and not StatementPiece.objects.exists()
    assert imported(GOOD).state == "imported"


def test_killed_while_it_is_received_it_is_begun_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    half_received(monkeypatch)
    assert imported(GOOD).state == "imported"


@pytest.mark.django_db(transaction=True)
def test_several_workers_at_one_file_store_each_line_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "BLOCK", 11)
    file_id = take("".join(lines(120)).encode())
    troubles: list[BaseException] = []
    start = threading.Barrier(4)

    def work() -> None:
        start.wait()
        try:
            api.import_statement(file_id)
        except Exception as error:  # noqa: BLE001  collected for the assertion below
            troubles.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    assert api.import_statement(file_id).state == "imported"
    assert StatementEntry.objects.count() == 120
    assert [name for name, _ in topics()] == ["rails.statement_imported"]


def test_the_database_itself_counts_a_booking_once() -> None:
    imported(GOOD)
    row = StatementEntry.objects.order_by("id").first()
    assert row is not None
    row.id, row.position = None, 99
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_a_lost_job_is_put_back() -> None:
    take(GOOD)
    assert sweep_statements() == 0
    with stopped(now() + timedelta(minutes=4)):
        assert sweep_statements() == 1
        assert sweep_statements() == 0


def test_matching_is_written_once() -> None:
    imported(GOOD)
    first, second = stored()
    assert api.mark_matched([(first.id, "7KMR3AXWH2")]) == [first.id]
    assert api.mark_matched([(first.id, "other"), (second.id, "suspense")]) == [second.id]
    assert stored() == []
    assert [line.matched_to for line in stored(unmatched=False)] == ["7KMR3AXWH2", "suspense"]


def test_a_line_that_tells_a_booking_again_is_never_matched() -> None:
    imported(GOOD)
    again = imported(GOOD.replace(b"<Id>S1</Id>", b"<Id>S2</Id>"))
    told_first, _, repeat, _ = stored(unmatched=False)
    assert api.open_lines(again.id) == []
    assert api.mark_matched([(repeat.id, "7KMR3AXWH2"), (told_first.id, "7KMR3AXWH2")]) == [told_first.id]
    assert not StatementMatch.objects.filter(entry_id=repeat.id).exists()


def test_open_lines_are_read_on_past_those_of_other_files_and_past_matched_ones() -> None:
    ours = imported(GOOD)
    imported(camt(statement("".join(entry(reference=f"X{n}") for n in range(5)), closing="1500.00")))
    later = imported(camt(statement(entry(reference="L"), closing="1100.00")))
    [line] = api.open_lines(later.id, 0, 1)
    assert line.reference == "L" and api.open_lines(later.id, line.id) == []
    first, second = api.open_lines(ours.id)
    api.mark_matched([(first.id, "7KMR3AXWH2")])
    assert api.open_lines(ours.id, limit=1) == [second] == api.open_lines_of([first.id, second.id])
    assert api.open_lines(ours.id, second.id) == []


def test_lines_are_found_by_name() -> None:
    imported(GOOD)
    assert [line.amount for line in api.entries_named(["7KMR3AXWH2"])] == [10_000]
    assert [line.amount for line in api.entries_named(["E1"])] == [10_000]


def test_files_are_listed_in_pages() -> None:
    for number in range(5):
        take(GOOD + b"\n" * number)
    first = api.statement_files(limit=3)
    second = api.statement_files(first.next_cursor, limit=3)
    assert (len(first.items), len(second.items), second.next_cursor) == (3, 2, None)
    assert api.statement_files(states=frozenset({"refused"})).items == []
    with pytest.raises(CursorInvalid):
        api.statement_files("nonsense")
    with pytest.raises(NotFound):
        api.statement_file(UUID(int=1))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    policies.publish("statements", {"folder": str(tmp_path)}, SYSTEM)
    return tmp_path


def put(path: Path, content: bytes, age_s: int = 60) -> Path:
    path.write_bytes(content)
    os.utime(path, (time.time() - age_s,) * 2)
    return path


def test_a_drop_folder_is_emptied_of_what_is_whole(folder: Path) -> None:
    put(folder / "a.xml", GOOD)
    put(folder / "same.xml", GOOD)
    for name in ("b.xml.part", "c.TMP", ".hidden.xml", "d.xml~"):
        put(folder / name, GOOD + name.encode())
    put(folder / "fresh.xml", GOOD + b"\n", age_s=0)
    put(folder / "empty.xml", b"")
    (folder / "link.xml").symlink_to(__file__)
    assert len(watch_folder()) == 1
    assert sorted(p.name for p in (folder / "taken").iterdir()) == ["a.xml", "same.xml"]
    left = {p.name for p in folder.iterdir() if p.is_file()}
    assert left >= {"b.xml.part", "c.TMP", "fresh.xml", "empty.xml", "link.xml"}
    put(folder / "a.xml", GOOD + b"\n")
    assert len(watch_folder()) == 1
    assert (folder / "taken" / "a.1.xml").exists()


def test_a_half_written_file_is_refused_and_its_whole_self_is_taken(folder: Path) -> None:
    put(folder / "a.xml", GOOD[:300])
    [half] = watch_folder()
    assert api.import_statement(half).code == "statement_incomplete"
    put(folder / "a.xml", GOOD)
    [whole] = watch_folder()
    assert api.import_statement(whole).state == "imported"


def test_a_folder_named_by_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert watch_folder() == []
    monkeypatch.setenv("GUITAI_STATEMENTS_FOLDER", str(tmp_path))
    put(tmp_path / "a.xml", GOOD)
    assert len(watch_folder()) == 1
    monkeypatch.setenv("GUITAI_STATEMENTS_FOLDER", str(tmp_path / "gone"))
    assert watch_folder() == []


def test_the_command_takes_files_and_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run = part("command.statement_import", "import_paths")
    put(tmp_path / "a.xml", GOOD)
    assert run([tmp_path]) == 0
    assert "2 lines" in capsys.readouterr().out
    assert run([tmp_path / "a.xml"]) == 0
    assert "was taken in before" in capsys.readouterr().out
    put(tmp_path / "b.xml", GOOD[:300])
    assert run([tmp_path / "b.xml"]) == 1
    assert "[statement_incomplete] kept as" in capsys.readouterr().out
