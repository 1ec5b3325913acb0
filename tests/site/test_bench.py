"""`guitai bench`: it works by itself, says what it measured, proves its books and leaves nothing behind."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from guitai.site.bench import document, place, plot
from guitai.site.bench.sampler import label
from guitai.site.command import main
from guitai.site.refusals import StartRefused
from tests.live import ROOT

SMALL = ("--seconds", "0.1", "--rounds", "1")
WHOLE_S = 240


@pytest.fixture
def server() -> str:
    """The server of the tests, by a database that is always there."""
    return urlunsplit(urlsplit(os.environ["GUITAI_DATABASE_URL"])._replace(path="/postgres"))


@pytest.fixture
def bench(server, tmp_path):
    """Run `guitai bench ...` as a person would: nothing of the tests' own settings is there."""

    def started(*words: str) -> subprocess.Popen[str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("GUITAI_")}
        kept.pop("DJANGO_SETTINGS_MODULE", None)
        return subprocess.Popen(
            [sys.executable, "-m", "guitai", "bench", *words], cwd=ROOT, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env={**kept, "GUITAI_HOME": str(tmp_path), "GUITAI_DATABASE_URL": server},
        )  # fmt: skip

    return started


def measured(process: subprocess.Popen[str]) -> dict:
    said, complained = process.communicate(timeout=WHOLE_S)
    assert process.returncode == 0, complained
    return json.loads(said)


def scratch(server: str) -> list[str]:
    """The scratch databases that are there, of whatever run."""
    with psycopg.connect(server, autocommit=True) as connection:
        rows = connection.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, 'guitai_bench_')"
        )
        return [name for (name,) in rows.fetchall()]


@pytest.mark.timeout(WHOLE_S)
def test_the_ledger_is_measured_beside_its_textbook_empty_and_full(bench):
    words = ("--only", "ledger", "rows", "--batches", "1", "8190", "--rows", "2000", "--accounts", "200")
    result = measured(bench("ledger", *SMALL, *words, "--clients", "2", "--json"))
    ratios, figures = result["ratios"], result["figures"]
    assert {"ledger_1_uniform", "ledger_8190_uniform", "ledger_8190_hot", "rows_10m"} <= ratios.keys()
    assert all(value > 0 for value in ratios.values())
    assert figures["textbook_pipelined_hot"]["per_second"] > 0
    assert figures["ledger_8190_uniform"]["batch_ms"] > 0
    assert figures["ledger_8190_uniform"]["peak_mib"] > 0
    assert figures["rows"] >= 2000
    assert ratios["ledger_8190_hot"] == pytest.approx(
        figures["ledger_8190_hot"]["per_second"] / figures["textbook_hot"]["per_second"], rel=0.05
    )
    # Proved from the rows, line by line: ours, the textbook's, and the books that were full to begin with.
    assert result["proved"] == ["ledger", "rows_full", "textbook"]
    assert result["machine"]["cores"] >= 1
    assert result["machine"]["durable"] is (result["machine"]["settings"]["fsync"] == "on")


@pytest.mark.timeout(WHOLE_S)
def test_the_whole_till_is_measured_beside_a_textbook_that_leaves_the_same_rows(bench):
    words = ("--only", "till", "--batches", "512", "--accounts", "200", "--customers", "32", "--clients", "2")
    result = measured(bench("ledger", *SMALL, *words, "--json"))
    assert {"till_512_uniform", "till_512_over_textbook_till"} == result["ratios"].keys()
    figures = result["figures"]
    for name in ("textbook_uniform", "textbook_till", "till_512_uniform"):
        assert figures[name]["per_second"] > 0
    # Both tills' databases pass `guitai verify`: every claim, operation, bill, limit, balance and audit row.
    assert result["proved"] == ["ledger", "textbook", "till", "till_by_hand"]


@pytest.mark.timeout(WHOLE_S)
def test_http_is_measured_beside_one_transaction_a_request(bench):
    result = measured(bench("http", *SMALL, "--json", "--connections", "16"))
    assert result["ratios"]["http_single"] > 0
    figures = result["figures"]
    for name in ("http", "http_one_by_one", "page", "page_django_asgi"):
        assert figures[name]["errors"] == 0
        assert 0 < figures[name]["p50_ms"] <= figures[name]["p95_ms"] <= figures[name]["p99_ms"]
    assert result["proved"] == ["customers"]


@pytest.mark.timeout(WHOLE_S)
def test_a_statement_is_read_taken_in_and_matched_with_top_ups_that_the_wallet_knows(bench):
    result = measured(bench("statements", "--lines", "9000", "--match", "--json"))
    figures = result["figures"]
    assert {"parse", "keep", "prove", "store", "import", "match"} == figures.keys()
    assert all(figure["seconds"] > 0 and figure["peak_mib"] > 0 for figure in figures.values())
    # Every line is a movement in the books, nothing is held, and `guitai verify` has nothing to say.
    assert (figures["parse"]["entries"], figures["match"]["matched"], figures["match"]["held"]) == (
        9000,
        9000,
        0,
    )
    assert result["matched_with"] == "known"


@pytest.mark.timeout(WHOLE_S)
def test_an_installation_is_started_new_and_warm(bench):
    result = measured(bench("start", "--rounds", "1", "--json"))
    assert result["seconds"].keys() == {"first", "warm", "stop"}
    assert 0 < result["seconds"]["warm"] < result["seconds"]["first"]


@pytest.mark.timeout(WHOLE_S)
def test_ctrl_c_leaves_no_database_and_no_process(bench, server, tmp_path):
    before = set(scratch(server))
    process = bench("ledger", "--only", "ledger", "--accounts", "200", "--clients", "2", "--seconds", "60")
    made = _until(lambda: {name for name in scratch(server) if name.endswith("_ledger")} - before)
    token = re.fullmatch(r"guitai_bench_([0-9a-f]{8})_ledger", made.pop())
    _until(lambda: _children(process.pid))
    children = _children(process.pid)
    process.send_signal(signal.SIGINT)
    assert process.wait(90) == 130
    process.communicate()
    assert not [name for name in scratch(server) if token[1] in name]
    _until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in children))


def test_what_a_killed_run_left_is_dropped_and_another_run_is_left_alone(server, monkeypatch):
    monkeypatch.setenv("GUITAI_DATABASE_URL", server)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE guitai_bench_00000000_ledger")
    with place.opened() as one:
        assert "guitai_bench_00000000_ledger" not in scratch(server)
        one.make("ledger")
        with place.opened() as other:
            other.make("ledger")
            assert one.has("ledger")
            assert other.has("ledger")
        assert one.has("ledger")
    assert not [name for name in scratch(server) if one.token in name or other.token in name]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("ledger", "--seconds", "0"), "not a number of seconds"),
        (("ledger", "--rows", "many"), "not a whole number"),
        (("ledger", "--only", "everything"), "invalid choice"),
        (("ledger", "--batches", "7"), "invalid choice"),
        (("http", "--connections", "-1"), "not a whole number"),
        ((), "SUBJECT"),
    ],
)
def test_what_cannot_be_understood_is_refused(words, complaint, capsys):
    with pytest.raises(SystemExit) as left:
        main(["bench", *words])
    assert left.value.code == 2
    assert complaint in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("ledger", "--only", "ledger", "--rows", "1000000"), "--only"),
        (("ledger", "--only", "rows"), "--rows"),
        (("ledger", "--customers", "3"), "at least 16"),
        (("ledger", "--clients", "100"), "1 to 64"),
        (("http", "--connections", "5000"), "16 to 4096"),
        (("document", "/nowhere.json"), "no result"),
    ],
)
def test_what_cannot_be_measured_is_refused_before_anything_starts(words, complaint, capsys):
    assert main(["bench", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("guitai: ")
    assert complaint in said


@pytest.mark.parametrize("subject", ["ledger", "http", "profile", "document"])
def test_each_subject_has_help(subject, capsys):
    with pytest.raises(SystemExit) as left:
        main(["bench", subject, "--help"])
    assert left.value.code == 0
    assert f"usage: guitai bench {subject}" in capsys.readouterr().out


def test_results_fill_the_document_and_what_was_not_measured_stays(tmp_path):
    text = (
        "words\n<!-- begin ledger_uniform -->\nold\n<!-- end ledger_uniform -->\nmore\n"
        "<!-- begin http -->\nkept\n<!-- end http -->\n"
    )
    (tmp_path / document.TEXT).write_text(text)
    result = tmp_path / "ledger.json"
    result.write_text(json.dumps(LEDGER))
    written = document.write([result], tmp_path)
    assert [path.name for path in written] == [document.TEXT, document.PLOT]
    now = written[0].read_text()
    assert "| ledger, batches of 8,190 | 30,000 | 273 | 165 | 15.00 |" in now
    assert "old" not in now and "kept" in now and "words" in now and "more" in now
    drawing = written[1].read_text()
    assert drawing.startswith("<svg") and "30,000/s, 15.0 times" in drawing


def test_parts_measured_one_after_the_other_are_told_as_one(tmp_path):
    blocks = "".join(f"<!-- begin {name} -->\n<!-- end {name} -->\n" for name in ("ledger_uniform", "rows"))
    (tmp_path / document.TEXT).write_text(blocks)
    rows = {"rows_empty": {"per_second": 100}, "rows_full": {"per_second": 90}, "rows": 10_000_000}
    for name, part in (("a", LEDGER), ("b", {**LEDGER, "figures": rows, "ratios": {"rows_10m": 0.9}})):
        (tmp_path / f"{name}.json").write_text(json.dumps(part))
    document.write([tmp_path / "a.json", tmp_path / "b.json"], tmp_path)
    now = (tmp_path / document.TEXT).read_text()
    assert "| full | 90 | 0.90 |" in now
    assert "| ledger, batches of 8,190 | 30,000 |" in now


def test_a_document_that_is_not_there_is_refused(tmp_path):
    result = tmp_path / "ledger.json"
    result.write_text(json.dumps(LEDGER))
    with pytest.raises(StartRefused, match="--folder"):
        document.write([result], tmp_path / "nowhere")


def test_bars_begin_at_zero_and_names_are_text():
    bars = (plot.Bar("a < b", 10, "10/s", ours=True), plot.Bar("half", 5, "5/s", ours=False))
    drawing = plot.drawn("Speed", [plot.Group("All", bars)])
    widths = [int(found) for found in re.findall(r'width="(\d+)"', drawing)]
    assert widths[0] == 2 * widths[1]
    assert "a &lt; b" in drawing


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ('SELECT "people_user"."id" FROM "people_user" WHERE x', "select people_user"),
        (
            "\nSELECT id FROM ledger_account WHERE id = ANY($1) ORDER BY id FOR NO KEY UPDATE",
            "lock ledger_account",
        ),
        ("COPY ledger_entry (a, b) FROM STDIN", "copy ledger_entry"),
        ("INSERT INTO wallet_claim (a) SELECT * FROM unnest($1)", "insert wallet_claim"),
        ("UPDATE ledger_account a SET x = 1 FROM unnest($1)", "update ledger_account"),
        ("SET LOCAL lock_timeout = '5s'", "set"),
    ],
)
def test_a_statement_is_named_by_what_it_does_to_which_table(query, expected):
    assert label(query) == expected


def _until(ask, timeout_s: float = 60):
    deadline = time.monotonic() + timeout_s
    while not (found := ask()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.1)
    return found


def _children(pid: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in path.read_text().split()]
    return found


LEDGER = {
    "bench": "ledger",
    "ratios": {"ledger_8190_uniform": 15.0},
    "figures": {
        "textbook_uniform": {"per_second": 2000, "turns": [2000]},
        "ledger_8190_uniform": {"per_second": 30000, "batch_ms": 273.0, "peak_mib": 165.0, "turns": [30000]},
    },
    "machine": {
        "cores": 2, "processor": "one", "memory_gib": 8, "python": "3.11", "postgresql": "18.6", "durable": True,
        "settings": {"fsync": "on"},
    },
    "seconds": 4.0,
    "rounds": 3,
}  # fmt: skip
