"""The clerk's counter over HTTP: pages in both languages, JSON for programs, files by signed upload."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from guitai.base.clock import now
from guitai.sandbox.bank.books import CLIENT_ACCOUNT, ZONE
from tests.sandbox.bank import order, payout
from tests.sandbox.process import Sandbox, sandbox, until
from tests.sandbox.test_process import ask, give_wallet_key


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    home: Path = tmp_path_factory.mktemp("clerk")
    give_wallet_key(home)
    with sandbox(home) as process:
        yield process


def upload(running: Sandbox, name: str, account: str = "6222000011112222") -> httpx.Response:
    today = now().astimezone(ZONE).date()
    content = order(payout(name, account), execution_on=today)
    return ask(running, "POST", "/bank/payouts/files", content)


def state(running: Sandbox, name: str) -> str | None:
    found = [one for one in running.get("/bank/payouts/").json()["payouts"] if one["end_to_end"] == name]
    return found[0]["state"] if found else None


def test_a_file_by_upload_is_paid_and_told_of(running: Sandbox) -> None:
    assert running.post("/bank/payouts/files").status_code == 401
    assert upload(running, "A1").status_code == 202
    until(lambda: state(running, "A1") == "paid")
    assert ask(running, "POST", "/bank/payouts/files", b"<nothing/>").json()["state"] == "refused"
    names = [one["name"] for one in running.get("/bank/accounts/").json()["files"]]
    assert any("pain002" in name for name in names) and any("camt054" in name for name in names)
    content = running.get(f"/bank/files/{names[-1]}")
    assert content.status_code == 200 and content.content.startswith(b"<?xml")
    assert running.post(f"/bank/files/{names[-1]}/again").json() == {"state": "waiting"}


def test_closing_the_day_makes_statements_in_every_format(running: Sandbox) -> None:
    running.post("/bank/payments/", {"amount": {"amount": 700, "currency": "CNY"}, "lost": True})
    day = running.get("/bank/accounts/").json()["day"]
    after = running.post("/bank/day/closure").json()["day"]
    assert after > day
    for suffix, begins in (("xml", b"<?xml"), ("sta", b":20:"), ("csv", "记账日".encode("gb18030"))):
        answer = running.get(f"/bank/statements/{CLIENT_ACCOUNT}/CNY/{day}.{suffix}")
        assert answer.status_code == 200 and answer.content.startswith(begins)
    for wrong in (f"{CLIENT_ACCOUNT}/CNY/{day}.pdf", f"{CLIENT_ACCOUNT}/CNY/soon.xml", f"1/CNY/{day}.xml"):
        assert running.get(f"/bank/statements/{wrong}").status_code == 404


def test_fees_batches_reversals_and_reports(running: Sandbox) -> None:
    fee = running.post("/bank/fees", {"amount": {"amount": 250, "currency": "CNY"}}).json()
    assert fee["amount"] == -250
    batch = {"payments": [{"amount": 100, "name": "甲", "reference": "x"}, {"amount": 50, "name": "乙"}]}
    assert running.post("/bank/batches", batch).json()["count"] == 2
    assert running.post("/bank/batches", {"payments": [{"amount": 0}, {}]}).status_code == 422
    assert running.post(f"/bank/bookings/{fee['reference']}/reversal").json()["amount"] == 250
    assert running.post("/bank/bookings/B0/reversal").status_code == 404
    assert running.post("/bank/reports").json()["files"][0]["what"] == "report"


def test_faults_are_arranged_listed_and_taken_back(running: Sandbox) -> None:
    assert running.post("/bank/faults", {"kind": "explode"}).json()["code"] == "fault_invalid"
    made = running.post("/bank/faults", {"kind": "reject", "code": "BE01", "account": "62229999"}).json()[
        "id"
    ]
    assert [one["id"] for one in running.get("/bank/faults").json()["faults"]] == [made]
    form = httpx.post(f"{running.url}/bank/faults/{made}/removal", data={"press": "x"}, trust_env=False)
    assert form.status_code == 303
    assert running.get("/bank/faults").json()["faults"] == []
    running.post("/bank/faults", {"kind": "reject", "code": "BE01", "end_to_end": "A7"})
    upload(running, "A7")
    assert state(running, "A7") == "rejected"
    assert running.post("/bank/payouts/A7/return").status_code == 404
    assert running.post("/bank/payouts/A7/status").status_code == 200


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("path", ["/bank/accounts/", "/bank/payouts/"])
def test_pages_for_people_in_both_languages(running: Sandbox, path: str, language: str) -> None:
    running.post("/bank/faults", {"kind": "swallow", "account": "1"})
    upload(running, "A8", "6222000011110001")
    page = running.get(path, Accept="text/html", **{"Accept-Language": language}).text
    assert ("银行" if language == "zh" else "Bank") in page and 'style="' not in page
    assert "<h1>" in page and "A8" in page + running.get("/bank/payouts/", Accept="text/html").text


def test_what_was_paid_survives_a_kill(tmp_path: Path) -> None:
    give_wallet_key(tmp_path)
    with sandbox(tmp_path) as bank:
        upload(bank, "A1")
        bank.stop(9)
        bank.start()
        until(lambda: state(bank, "A1") == "paid")
        upload(bank, "A2")
        until(lambda: state(bank, "A2") == "paid")
        accounts = bank.get("/bank/accounts/").json()["accounts"]
        assert next(one for one in accounts if one["number"] == CLIENT_ACCOUNT)["balance"] == -20_000
