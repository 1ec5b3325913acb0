"""A stolen wallet: frozen first, one urgent case, what can be stopped is stopped, and everything is written down."""

import io
import json
import zipfile
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import NotFound
from guitai.care import api
from guitai.care.directory.signing import key_set
from guitai.care.emergency import pack
from guitai.care.emergency.errors import PoliceReceiptMissing, TaskUnknown
from guitai.care.models import EmergencyBill, EvidencePack
from guitai.kit import topics
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.models import User
from guitai.site.command import main
from guitai.wallet import api as wallet
from tests.care.conftest import PIN

pytestmark = pytest.mark.django_db
MING, STRANGER = "+8613900139000", "+8613700137000"
KEY = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def home(monkeypatch) -> None:
    monkeypatch.setattr("guitai.care.emergency.packs.own_key", lambda name: KEY)


def fund(owner: UUID, minor: int) -> None:
    amount = Money(minor, "CNY")
    started = wallet.start_top_up(owner, amount=amount, key=new_id().hex)
    with outermost():
        wallet.settle_top_up(started.reference, amount=amount, bank_reference="B1", inbox_id=str(new_id()))


def send(owner: UUID, phone: str, minor: int) -> str:
    outcome = wallet.send_transfer(owner, phone=phone, amount=Money(minor, "CNY"), pin=PIN, key=new_id().hex)
    assert outcome.outcome != "refused", outcome
    return outcome.reference


def settle() -> None:
    while topics.relay():
        pass


@pytest.fixture
def robbed(yue, ming) -> tuple[UUID, dict[str, str]]:
    """Three payments that were not Yue's: one held, one to somebody registered, one to a number of nobody."""
    fund(yue, 3_000_000)
    bills = {
        "arrived": send(yue, MING, 40_000),
        "waiting": send(yue, STRANGER, 20_000),
        "held": send(yue, MING, 1_500_000),
    }
    settle()
    return yue, bills


def test_one_button_freezes_stops_recalls_and_holds(robbed, ming):
    yue, bills = robbed
    view = api.report_stolen(yue, list(bills.values()), "My phone was stolen.", "en")
    settle()
    standing = people.standing(yue)
    assert standing.stops("spending") and standing.stops("withdrawal")
    said = {bill.view.reference: bill.outcome for bill in view.bills}
    assert said == {bills["held"]: "cancelled", bills["arrived"]: "recalled", bills["waiting"]: "recalled"}
    assert wallet.operation(yue, bills["held"]).view.state == "returned"
    assert wallet.balances(ming)[0].available.minor == 0
    assert wallet.balances(ming)[0].reserved.minor == 40_000
    stored = dict(EmergencyBill.objects.values_list("reference", "outcome"))
    assert stored == {bills["held"]: "cancelled", bills["arrived"]: "held", bills["waiting"]: "recalled"}
    case = api.case_for_customer(yue, view.reference)
    assert case.row.priority == 1 and case.row.category == "stolen_account"


def test_the_customer_cannot_tell_a_registered_number_from_another(robbed):
    yue, bills = robbed
    api.report_stolen(yue, [bills["arrived"], bills["waiting"]], "x", "en")
    settle()
    arrived, waiting = (wallet.operation(yue, bills[name]) for name in ("arrived", "waiting"))
    assert [step.code for step in arrived.timeline] == [step.code for step in waiting.timeline]
    assert arrived.view.state == waiting.view.state


def test_reported_twice_it_is_one_case_with_the_bills_of_both(robbed):
    yue, bills = robbed
    first = api.report_stolen(yue, [bills["held"]], "first", "en")
    second = api.report_stolen(yue, [bills["held"], bills["arrived"]], "again", "en")
    assert first.reference == second.reference and len(second.bills) == 2
    assert api.open_emergency(yue) == first.reference


def test_its_bills_are_read_in_as_many_statements_however_many_there_are(robbed):
    yue, bills = robbed
    more = [send(yue, MING, 1_000), send(yue, MING, 2_000), send(yue, STRANGER, 3_000)]
    settle()
    reference = api.report_stolen(yue, list(bills.values()), "x", "en").reference

    def statements(shown: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert len(api.emergency(yue, reference).bills) == shown
        # Policies are kept in memory for seconds, but not within a test's own transaction.
        return len([one for one in seen if "kit_policy_version" not in one["sql"]])

    few = statements(3)
    api.report_stolen(yue, more, "x", "en")
    assert statements(6) == few


def test_a_bill_of_others_refuses_before_anything_is_done(robbed, ming):
    _, bills = robbed
    with pytest.raises(NotFound):
        api.report_stolen(ming, [bills["held"]], "x", "en")
    assert people.standing(ming).state == "active" and api.open_emergency(ming) is None


def test_what_remains_is_ticked_off_and_the_police_receipt_is_kept(robbed, ming):
    yue, bills = robbed
    reference = api.report_stolen(yue, [bills["held"]], "x", "en").reference
    api.tick_emergency(yue, reference, "password", done=True)
    api.tick_emergency(yue, reference, "pin", done=True)
    api.tick_emergency(yue, reference, "pin", done=False)
    with pytest.raises(TaskUnknown):
        api.tick_emergency(yue, reference, "gold", done=True)
    with pytest.raises(PoliceReceiptMissing):
        api.note_police_receipt(yue, reference, "Pudong", " ")
    api.note_police_receipt(yue, reference, "Pudong", "A-2026-77")
    view = api.emergency(yue, reference)
    assert set(view.done) == {"password", "police"} and view.remaining == 5
    assert view.police is not None and view.police.number == "A-2026-77"
    with pytest.raises(NotFound):
        api.emergency(ming, reference)


def read(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_packs_are_chained_signed_and_written_down(robbed, ming, agent, picture):
    yue, bills = robbed
    reference = api.report_stolen(yue, [bills["arrived"]], "stolen on the bus", "en").reference
    api.reply(reference, Actor("customer", str(yue)), "A picture", [picture()], key="r1")
    api.note_police_receipt(yue, reference, "Pudong", "A-77")
    own = api.own_pack(yue, reference, "zh-hans")
    police = api.police_pack(reference, agent, "Pudong police, A-77", "en")
    keys = key_set(KEY.public_key())
    first, second = pack.check(own.content, keys), pack.check(police.content, keys)
    assert first.findings == second.findings == ()
    assert second.manifest["previous_manifest_sha256"] == own.manifest_sha256
    mine, theirs = read(own.content), read(police.content)
    assert "claims.json" in theirs and "claims.json" not in mine and mine["report.pdf"].startswith(b"%PDF")
    assert any(name.startswith("evidence/") for name in mine)
    rows = json.loads(theirs["operations.json"])
    assert {row["reference"] for row in rows} >= set(bills.values()) and all(row["ledger"] for row in rows)
    custody = json.loads(theirs["custody.json"])
    assert [line["what"] for line in custody] == ["collected", "exported", "exported"]
    assert custody[-1]["reason"] == "Pudong police, A-77" and custody[1]["previous"] == custody[0]["chain"]
    assert str(ming).encode() not in b"".join(mine.values())
    case = api.case_for_customer(yue, reference)
    exported = audit.entries_about(("case", str(case.row.id)), actions=("emergency.pack_exported",))
    assert len(exported) == EvidencePack.objects.count() == 2


def rebuilt(files: dict[str, bytes]) -> bytes:
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


def test_the_offline_check_names_what_is_wrong(tmp_path, capsys):
    files = {"a.json": b"[]", "b.json": b"{}", "report.pdf": b"%PDF"}
    about = {"operator": "x", "licence": "y", "case": "C1", "audience": "staff", "pack": 1}
    about |= {"previous_manifest_sha256": "0" * 64}
    content, _ = pack.build(files, about, KEY, now())
    keys = key_set(KEY.public_key())
    whole = read(content)
    manifest = json.loads(whole["manifest.json"])
    shorter = {**manifest, "files": manifest["files"][1:]}
    cases = {
        "changed": {**whole, "a.json": b"[1]"},
        "missing": {name: given for name, given in whole.items() if name != "b.json"},
        "extra": {**whole, "c.json": b"{}"},
        "out_of_chain": {**whole, "manifest.json": pack.canonical(shorter)},
        "forged": {**whole, "signature.jws": whole["signature.jws"][:-6] + b"AAAAAA"},
        "no_manifest": {name: given for name, given in whole.items() if name != "signature.jws"},
    }
    assert pack.check(content, keys).findings == ()
    for code, wrong in cases.items():
        assert code in {finding.code for finding in pack.check(rebuilt(wrong), keys).findings}, code
    assert pack.check(b"nothing", keys).findings[0].code == "unreadable"
    other = key_set(Ed25519PrivateKey.generate().public_key())
    assert pack.check(content, other).findings[0].code == "wrong_key"
    (tmp_path / "keys.json").write_text(json.dumps(keys))
    for name, given, code in (("good", content, 0), ("bad", rebuilt(cases["changed"]), 1)):
        (tmp_path / name).write_bytes(given)
        assert (
            main(["evidence", "verify", str(tmp_path / name), "--keys", str(tmp_path / "keys.json")]) == code
        )
    said = capsys.readouterr().out
    assert "genuine: pack 1 of case C1, 3 files" in said and "a.json: changed" in said


def test_the_pages_from_the_bill_to_the_list(robbed):
    yue, bills = robbed
    client = Client(headers={"accept-language": "en"})
    assert "Freeze now" in client.get("/emergency/").content.decode()
    client.force_login(User.objects.get(id=yue))
    assert (
        f"/emergency/?bill={bills['arrived']}" in client.get(f"/bills/{bills['arrived']}/").content.decode()
    )
    page = client.get(f"/emergency/?bill={bills['arrived']}").content.decode()
    assert f'value="{bills["arrived"]}" checked' in page and f'value="{bills["held"]}"' in page
    done = client.post("/emergency/", {"bill": [bills["arrived"], bills["held"]], "words": "the bus"})
    shown = client.get(done.url)
    assert "Stopped. Your wallet is safe." in shown.content.decode() and "_auth_user_id" not in client.session
    assert client.get("/emergency/reported/nonsense/").status_code == 404
    client.force_login(User.objects.get(id=yue))
    reference = api.open_emergency(yue)
    assert client.get("/emergency/").url == f"/emergency/{reference}/"
    client.post(f"/emergency/{reference}/ticks/", {"task": "password", "done": "yes"})
    assert client.post(f"/emergency/{reference}/police/", {"station": "", "number": ""}).status_code == 422
    assert "1 of 7 done" in client.get(f"/emergency/{reference}/").content.decode()
    zipped = client.post(f"/emergency/{reference}/pack/")
    assert zipped["Content-Type"] == "application/zip" and zipped["Cache-Control"] == "no-store"
    assert client.get("/.well-known/evidence-keys.json").json()["keys"][0]["crv"] == "Ed25519"
