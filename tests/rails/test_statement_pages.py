"""The pages about statement files: for supervisors, in both languages; a look into a file is on record first."""

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guitai.audit.api import entries_about
from guitai.base.actor import SYSTEM
from guitai.rails import api
from guitai.rails.models import StatementFile
from guitai.rails.types import StatementFileRecord
from tests.rails.statements.samples import camt, details, entry, statement
from tests.rails.test_settings_page import signed_in

pytestmark = pytest.mark.django_db
GOOD = camt(statement(entry(reference="B1", details=details("E1")), closing="1100.00"))
TORN = GOOD[: len(GOOD) // 2]
PAGE = "/desk/statements/"


def upload(client, content: bytes, name: str = "day.xml"):  # type: ignore[no-untyped-def]
    return client.post(PAGE, {"file": SimpleUploadedFile(name, content)})


def taken(content: bytes, name: str = "day.xml") -> StatementFileRecord:
    file_id, _ = api.receive_statement(io.BytesIO(content), name, "folder", SYSTEM)
    return api.import_statement(file_id)


def test_only_supervisors_see_them() -> None:
    file = taken(GOOD)
    pages = (PAGE, f"{PAGE}list/", f"{PAGE}{file.id}/")
    agent, supervisor = signed_in("agent"), signed_in("supervisor")
    for page in pages:
        assert agent.get(page).status_code in (403, 404)
        assert supervisor.get(page).status_code == 200
    assert agent.post(f"{PAGE}{file.id}/content/", {"reason": "curious"}).status_code in (403, 404)


@pytest.mark.parametrize(("language", "words"), [("en", "Bank statements"), ("zh-hans", "银行对账单")])
def test_both_languages_and_nothing_inline(language: str, words: str) -> None:
    file, torn = taken(GOOD), taken(TORN, "torn.xml")
    client = signed_in("supervisor", language)
    for page in (PAGE, f"{PAGE}?show=refused", f"{PAGE}{file.id}/", f"{PAGE}{torn.id}/"):
        text = client.get(page).content.decode()
        assert "style=" not in text.replace('rel="stylesheet"', "") and "onclick" not in text
    assert words in client.get(PAGE).content.decode()


def test_an_upload_is_kept_by_whoever_brought_it_and_twice_is_once() -> None:
    client = signed_in("supervisor")
    first = upload(client, GOOD, "../../etc/day.xml")
    row = StatementFile.objects.get()
    assert first.status_code == 302 and first.headers["location"] == f"{PAGE}{row.id}/"
    assert (row.name, row.source) == ("day.xml", "upload") and row.taken_by.startswith("staff:")
    [received] = entries_about(("rails.statement_file", str(row.id)))
    assert (received.entry.action, received.entry.actor.kind) == ("rails.statement_received", "staff")
    assert upload(client, GOOD).status_code == 302
    assert StatementFile.objects.count() == 1
    assert upload(client, b"").status_code == 422


def test_a_file_under_way_shows_how_far_it_is_and_looks_again_by_itself() -> None:
    client = signed_in("supervisor")
    upload(client, GOOD)
    row = StatementFile.objects.get()
    for page in (PAGE, f"{PAGE}{row.id}/"):
        text = client.get(page).content.decode()
        assert "<progress" in text and 'hx-trigger="every 2s"' in text
    StatementFile.objects.update(state="importing", entries_total=10, entries_done=5)
    assert 'value="75"' in client.get(f"{PAGE}list/").content.decode()
    StatementFile.objects.update(state="received", entries_total=None, entries_done=0)
    api.import_statement(row.id)
    for page in (f"{PAGE}list/", f"{PAGE}{row.id}/?part=state"):
        text = client.get(page).content.decode()
        assert "<progress" not in text and "hx-trigger" not in text and "<html" not in text


def test_accounts_and_figures_are_shown_and_a_refusal_says_why() -> None:
    client = signed_in("supervisor")
    good, torn = taken(GOOD), taken(TORN, "torn.xml")
    shown = client.get(f"{PAGE}{good.id}/").content.decode()
    assert "1000.00" in shown and "1100.00" in shown
    refused = client.get(f"{PAGE}{torn.id}/").content.decode()
    assert "The file is not complete" in refused and "1100.00" not in refused
    listed = client.get(f"{PAGE}?show=refused").content.decode()
    assert "torn.xml" in listed and ">day.xml<" not in listed
    assert client.get(f"{PAGE}{uuid4()}/").status_code == 404


def test_who_looks_into_a_file_says_why_and_is_on_record() -> None:
    client = signed_in("supervisor")
    file = taken(TORN, 'to"rn.xml')
    address = f"{PAGE}{file.id}/content/"
    assert client.post(address, {"reason": ""}).status_code == 422
    assert _looks(file) == []
    answer = client.post(address, {"reason": "the bank asks which line"})
    assert b"".join(answer.streaming_content) == TORN
    assert answer.headers["content-disposition"].startswith('attachment; filename="to')
    [look] = [one.entry for one in _looks(file)]
    assert look.purpose is not None
    assert (look.purpose.kind, look.purpose.reason) == ("statement", "the bank asks which line")
    assert client.get(address).status_code == 405


def _looks(file: StatementFileRecord):  # type: ignore[no-untyped-def]
    found = entries_about(("rails.statement_file", str(file.id)))
    return [one for one in found if one.entry.action == "rails.statement_inspected"]
