"""The emergency screen: one place to stop everything, two people to decide, a pack for the police; and drafts."""

import io
import zipfile
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guitai.audit import api as audit
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.care import api as care
from guitai.care.directory.signing import key_set
from guitai.care.emergency import pack
from guitai.care.errors import NotFound
from guitai.desk import api
from guitai.desk.replies import suggest
from guitai.kit import topics
from guitai.people import api as people
from guitai.wallet import api as wallet
from tests.desk.conftest import MING, PIN

pytestmark = pytest.mark.django_db
KEY = Ed25519PrivateKey.generate()


@pytest.fixture(autouse=True)
def own_key(monkeypatch) -> None:
    monkeypatch.setattr("guitai.care.emergency.packs.own_key", lambda name: KEY)


def text(response) -> str:
    return response.content.decode()


def send(owner: UUID, minor: int) -> str:
    amount = Money(minor, "CNY")
    sent = wallet.send_transfer(owner, phone=MING, amount=amount, pin=PIN, key=new_id().hex).reference
    while topics.relay():
        pass
    return sent


def act(client, case: str, verb: str, **given: str):
    return client.post(f"/desk/emergency/{case}/{verb}/", given)


def test_frozen_held_proposed_by_one_and_approved_by_another(wen, rao, yue, ming):
    agent, _ = wen
    supervisor, _ = rao
    sent = send(yue, 40_000)
    case = care.open_case(yue, "not_me", "I did not send this.", [], operation=sent, key="n")
    page = text(agent.get(f"/desk/emergency/{case}/"))
    assert "not frozen" in page and "林月" not in page
    assert act(agent, case, "freeze", reason=" ").status_code == 422
    assert act(agent, case, "freeze", reason="customer on the phone").status_code == 302
    assert people.standing(yue).stops("spending")
    assert act(agent, case, "hold", operation=sent, reason="reported at once").status_code == 302
    assert "Nothing of it is left there" not in text(agent.get(f"/desk/emergency/{case}/"))
    claim = next(iter(wallet.claims_about([wallet.operation(yue, sent).view.id]).values()))
    given = {"claim": str(claim.id), "verdict": "return", "reason": "device stolen"}
    assert act(agent, case, "propose", **given).status_code == 302
    assert act(agent, case, "approve", **given).status_code == 422
    assert act(supervisor, case, "propose", **given).status_code == 302
    own = act(supervisor, case, "approve", **given)
    assert own.status_code == 422 and "Another person decides" in text(own)
    assert act(agent, case, "propose", **given).status_code == 302
    assert act(supervisor, case, "approve", **given).status_code == 302
    assert wallet.balances(ming)[0].available.minor == 0
    assert wallet.balances(yue)[0].available.minor == 5_000_000
    assert "was given back to our customer" in text(agent.get(f"/desk/emergency/{case}/"))
    done = [row.entry.action for row in audit.entries_about(("person", str(yue)))]
    assert "emergency.bills_read" in done


def test_a_held_payment_is_stopped_by_a_supervisor(wen, rao, yue, held_transfer):
    agent, _ = wen
    supervisor, _ = rao
    case = care.open_case(yue, "stolen_account", "Not me.", [], key="s")
    assert "A supervisor decides" in text(agent.get(f"/desk/emergency/{case}/"))
    assert act(agent, case, "stop", operation=held_transfer, reason="stolen").status_code in (403, 422)
    assert act(supervisor, case, "stop", operation=held_transfer, reason="stolen").status_code == 302
    assert wallet.operation(yue, held_transfer).view.state == "returned"


def test_a_case_opens_no_other_wallet(wen, yue, ming):
    client, _ = wen
    sent = send(yue, 40_000)
    case = care.open_case(ming, "not_me", "x", [], key="m")
    assert act(client, case, "hold", operation=sent, reason="x").status_code == 404
    given = {"claim": str(new_id()), "verdict": "return", "reason": "x"}
    assert act(client, case, "propose", **given).status_code == 404
    assert act(client, case, "nothing", reason="x").status_code == 404
    assert client.get("/desk/emergency/CCCCCCCCCC/").status_code == 404


def test_the_police_pack_needs_a_reason_and_is_audited(wen, yue):
    client, agent = wen
    send(yue, 40_000)
    case = care.open_case(yue, "stolen_account", "Not me.", [], key="s")
    assert client.post(f"/desk/emergency/{case}/pack/", {"reason": ""}).status_code == 422
    given = client.post(f"/desk/emergency/{case}/pack/", {"reason": "Pudong police"})
    assert given.status_code == 200 and given["Content-Type"] == "application/zip"
    checked = pack.check(given.content, key_set(KEY.public_key()))
    assert checked.findings == () and checked.manifest["audience"] == "staff"
    with zipfile.ZipFile(io.BytesIO(given.content)) as archive:
        assert {"operations.csv", "sessions.json", "custody.json", "report.pdf"} <= set(archive.namelist())
    about = care.case_for_customer(yue, case).row.id
    row = audit.entries_about(("case", str(about)), actions=("emergency.pack_exported",))[0].entry
    assert row.actor == agent and row.purpose.reason == "Pudong police"
    with pytest.raises(NotFound):
        care.police_pack("CCCCCCCCCC", agent, "x", "en")


def test_a_draft_says_what_the_bill_says_in_the_customer_s_language(wen, yue, refused):
    client, agent = wen
    care.load_articles()
    work = api.workspace(refused, agent)
    drafted = suggest(work, "en")
    told = wallet.diagnose(work.operation.view.id, "customer")
    assert told.reason in drafted.words and drafted.article is not None
    page = text(client.get(f"/desk/cases/{refused}/"))
    assert "Suggested reply" in page and "desk/replies.js" in page


def test_a_draft_in_chinese_and_one_without_a_bill(wen, yue):
    _, agent = wen
    case = care.open_case(yue, "stolen_account", "有人在用我的钱包", [], language="zh-hans", key="z")
    words = suggest(api.workspace(case, agent), "en").words
    assert "/freeze/" in words and "Hello" not in words
