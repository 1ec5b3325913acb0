"""`guitai statements parse`: what a program and a person get, and what neither gets of a refused file."""

import json
from pathlib import Path

import pytest

from guitai.site.command import main
from tests.rails.statements.samples import camt, details, entry, statement, write

KEYS = {
    "amount", "credit", "booked_on", "value_on", "reversal", "reference", "end_to_end_id", "counterparty", "remittance",
}  # fmt: skip


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "statement.xml"
    lines = entry(details=details()) + entry("1.10", "DBIT", reversal="<RvslInd>true</RvslInd>")
    path.write_bytes(
        camt(statement(lines, closing="1098.90") + statement(opening=None, closing=None, account="A2"))
    )
    return path


def test_json_is_what_was_promised(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "parse", str(file), "--json"]) == 0
    first, second = json.loads(capsys.readouterr().out)
    assert {k: v for k, v in first.items() if k != "entries"} == {
        "account": "622848001000", "currency": "CNY", "opening": 100_000, "closing": 109_890,
    }  # fmt: skip
    assert first["entries"][0] == {
        "amount": 10_000, "credit": True, "booked_on": "2026-11-22", "value_on": "2026-11-23", "reversal": False,
        "reference": "B1", "end_to_end_id": "E1", "counterparty": "林月", "remittance": "7KMR-3AX-WH4",
    }  # fmt: skip
    assert set(first["entries"][1]) == KEYS and first["entries"][1]["reversal"] is True
    assert second == {"account": "A2", "currency": "CNY", "opening": None, "closing": None, "entries": []}


def test_a_table_for_people(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "parse", str(file)]) == 0
    said = capsys.readouterr().out
    assert "opening balance  1,000.00" in said and "-1.10 R" in said and "林月" in said
    assert "2 entries: 100.00 in, 1.10 out" in said


@pytest.mark.parametrize("extra", [["--json"], []])
def test_nothing_is_printed_of_a_file_refused_in_its_last_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], extra: list[str]
) -> None:
    path = tmp_path / "cut.xml"
    write(path, 5000)
    whole = path.read_bytes()
    path.write_bytes(whole[:-30])
    assert main(["statements", "parse", str(path), *extra]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "The file is not complete" in said.err and "[statement_incomplete]" in said.err
    path.write_bytes(whole)
    assert main(["statements", "parse", str(path), "--json"]) == 0
    assert len(json.loads(capsys.readouterr().out)[0]["entries"]) == 5000


def test_a_file_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["statements", "parse", str(tmp_path / "none"), "--json"]) == 1
    assert main(["statements", "parse", str(tmp_path), "--json"]) == 1
    assert "cannot be opened" in capsys.readouterr().err


def test_csv_by_a_mapping_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path, how = tmp_path / "list.csv", tmp_path / "mapping.json"
    path.write_text("Date,Amount\n2026-11-22,1.00\n")
    columns = {"booked_on": "Date", "amount": "Amount"}
    how.write_text(json.dumps({"name": "b", "account": "A", "currency": "CNY", "columns": columns}))
    assert main(["statements", "parse", str(path), "--mapping", str(how), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["entries"][0]["amount"] == 100
    how.write_text("{}")
    assert main(["statements", "parse", str(path), "--mapping", str(how), "--json"]) == 1
    assert main(["statements", "parse", str(path), "--json"]) == 1
    assert "statement_unrecognised" in capsys.readouterr().err
