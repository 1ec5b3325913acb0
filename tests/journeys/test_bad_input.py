"""What people and programs send by mistake or on purpose: each gets a clear answer, and nothing moves."""

import concurrent.futures
import io
import re
import socket
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import expect

from guitai.kit.problems import CONTENT_TYPE
from guitai.site.cast import LIN
from tests.journeys.client import Customer, cny, fresh_phone, is_problem, new_key, until

MB = 1024 * 1024
MARKUP = '<img src=x onerror="alert(1)"><b>bold</b>'


@pytest.fixture(scope="module")
def payer(live):
    return Customer(live, "Lin Payer").rich(1_000_00)


@pytest.fixture(scope="module")
def stranger(live):
    return Customer(live, "Zhou Other").signed_up()


AMOUNTS_OVER_HTTP = [
    (0, "amount_not_positive"),
    (-1, "amount_not_positive"),
    (10**18, "amount_too_large"),
    (2**63, "amount_too_large"),
    (10**400, None),
    (1.5, "request_invalid"),
    (100.0, "request_invalid"),
    ("100", "request_invalid"),
    ("１００", "request_invalid"),
    (True, "request_invalid"),
    (None, "request_invalid"),
    ([100], "request_invalid"),
]


@pytest.mark.parametrize(("amount", "code"), AMOUNTS_OVER_HTTP)
@pytest.mark.parametrize("verb", ["/transfers", "/transfers/dry-run", "/top-ups"])
def test_refuses_an_amount_that_is_none(payer, verb, amount, code):
    body = {"amount": {"amount": amount, "currency": "CNY"}}
    if verb != "/top-ups":
        body["phone"] = LIN.phone
    if verb == "/transfers":
        body |= {"note": "", "pin": "271828"}
    before = (payer.available, len(payer.operations()))
    answer = payer.call("POST", verb, body, key=new_key())
    is_problem(
        answer, answer.status_code if answer.status_code in (400, 422) else 422, code or answer.json()["code"]
    )
    assert (payer.available, len(payer.operations())) == before


@pytest.mark.parametrize("currency", ["XXX", "cny", "", "CN", "USDT", 5, None])
def test_refuses_a_currency_that_is_none(payer, currency):
    body = {"amount": {"amount": 100, "currency": currency}}
    answer = payer.call("POST", "/top-ups", body, key=new_key())
    assert answer.status_code == 422
    is_problem(answer, 422, answer.json()["code"])


@pytest.mark.parametrize(
    "phone",
    ["", "1", "138", "not a number", "+8613800138000" * 2, "+861380013800０x", "４４", "+86 10 6552 9988"],
)
def test_refuses_a_payee_that_is_no_phone(payer, phone):
    answer = payer.transfer(phone, 1_00)
    assert answer.status_code == 422
    is_problem(answer, 422, answer.json()["code"])


TYPED = ["0", "-5", "1.005", "1e3", "一百", "10000000000000000", "9" * 60]


def test_says_beside_the_field_what_is_wrong_with_an_amount(visit, payer, language):
    person = visit(language, payer)
    page = person.go("/top-up/?rail=bank")
    for typed in TYPED:
        page.fill("[name=amount]", typed)
        with page.expect_navigation():
            person.submit()
        assert page.locator("#id_amount_error").inner_text().strip(), typed
        assert page.locator("[name=amount]").get_attribute("aria-invalid") == "true"
        # What was typed is still there to be corrected.
        assert page.input_value("[name=amount]").replace(",", "") == typed
    assert payer.operations() == [o for o in payer.operations() if o["state"] != "awaiting_payment"]


def test_understands_full_width_digits(visit, payer):
    person = visit("zh-hans", payer)
    person.top_up("１，２３４．５０")
    page = person.page
    assert "1,234.50" in page.locator("main").inner_text()


def test_nobody_pays_themselves(visit, payer):
    is_problem(payer.transfer(payer.phone, 1_00), 422, "payee_is_self")
    page = visit("en", payer).page
    page.goto("/transfer/")
    page.fill("[name=phone]", payer.phone)
    page.locator("main form.form button[type=submit]").first.click()
    expect(page.locator("#id_phone_error")).to_be_visible()


def test_money_for_an_unknown_number_waits_and_is_claimed_at_registration(live):
    payer, phone = Customer(live, "Lin Wait").rich(200_00), fresh_phone()
    sent = payer.transfer(phone, 50_00, note="for later")
    assert (sent.status_code, sent.json()["state"]) == (201, "sent")
    assert payer.available == 150_00
    newcomer = Customer(live, "Wu New", phone=phone).signed_up()
    until(lambda: newcomer.available == 50_00)
    received = newcomer.operations()[0]
    assert (received["direction"], received["state"], received["note"]) == ("in", "succeeded", "for later")
    # The payer's bill tells nothing of it before the day is over, whoever the number belonged to.
    assert payer.operation(sent.json()["reference"])["state"] == "sent"


def test_nobody_learns_who_is_registered(live, payer):
    somebody, nobody = Customer(live, "Zhao Hidden").signed_up(), fresh_phone()
    shapes = []
    for phone in (somebody.phone, nobody):
        dry = payer.ok("POST", "/transfers/dry-run", {"phone": phone, "amount": cny(1_00)})
        sent = payer.transfer(phone, 1_00).json()
        detail = payer.operation(sent["reference"])
        detail["trace"] = [(step["what"], step["source"]) for step in detail["trace"]]
        varying = (
            "id",
            "reference",
            "created_at",
            "resolves_by",
            "counterparty",
            "timeline",
            "legs",
            "diagnosis",
            "facts",
        )
        known = {name: value for name, value in detail.items() if name not in varying}
        shapes.append((
            {**dry, "payee_phone": "", "remaining_today": 0}, {**sent, "reference": ""}, known, len(detail["legs"]),
            [(step["event"], step["state"]) for step in detail["timeline"]], detail["diagnosis"]["rule"],
            re.sub(r"\d", "#", detail["counterparty"]), sorted(detail["facts"]),
        ))  # fmt: skip
    for hidden, unknown in zip(*shapes, strict=True):
        assert hidden == unknown


def test_two_transfers_at_once_cannot_overdraw(live):
    payer, payees = Customer(live, "Lin Twice").rich(100_00), [fresh_phone(), fresh_phone()]
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        answers = list(pool.map(lambda phone: payer.transfer(phone, 60_00), payees))
    assert sorted(a.status_code for a in answers) == [201, 422]
    refused = next(a for a in answers if a.status_code == 422)
    assert is_problem(refused, 422, "insufficient_balance")["facts"]["available"] == cny(40_00)
    assert payer.available == 40_00


@pytest.fixture(scope="module")
def case(live, payer):
    opened = payer.ok("POST", "/cases", {"category": "other", "words": MARKUP}, key=new_key(), status=201)
    return opened["reference"]


FILES = [
    ("notes.png", b"This is only text.\n" * 40, "file_not_accepted"),
    ("page.png", b"<html><script>alert(1)</script></html>", "file_not_accepted"),
    ("cut.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "file_not_accepted"),
    ("program.pdf", b"MZ" + b"\0" * 400, "file_not_accepted"),
    ("empty.png", b"", "file_empty"),
    ("large.png", b"\x89PNG\r\n\x1a\n" + b"\0" * (10 * MB + 1), "file_too_large"),
]


@pytest.mark.parametrize(("name", "content", "code"), FILES, ids=[name for name, _c, _d in FILES])
def test_refuses_a_file_that_is_not_what_it_claims(payer, case, name, content, code):
    answer = payer.call(
        "POST", f"/cases/{case}/evidence", key=new_key(), files={"file": (name, content, "image/png")}
    )
    is_problem(answer, answer.status_code, code)
    assert answer.status_code in (413, 422)
    assert all(not event["evidence"] for event in payer.ok("GET", f"/cases/{case}")["events"])


def test_says_beside_the_field_that_a_text_is_no_picture(visit, payer, case, language):
    page = visit(language, payer).page
    page.goto(f"/cases/{case}/")
    page.fill("#reply [name=words]", "See the picture.")
    fake = {"name": "receipt.png", "mimeType": "image/png", "buffer": b"not a picture"}
    page.set_input_files("#reply [name=files]", fake)
    page.locator("#reply button.is-primary").click()
    expect(page.locator("#reply .file-field .field-error")).to_be_visible()
    assert page.input_value("#reply [name=words]") == "See the picture."


def _stream(size):
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'
    yield head
    for _ in range(size // MB):
        yield b"\0" * MB
    yield b"\r\n--B--\r\n"


def _peak(pid):
    return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) // 1024


@pytest.mark.parametrize("path", ["/api/v1/cases/{}/evidence", "/cases/{}/messages/"])
def test_a_200_mb_upload_is_refused_and_fills_no_memory(live, payer, case, path):
    web = live.pids()["web"]
    Path(f"/proc/{web}/clear_refs").write_text("5")
    before = _peak(web)
    headers = {"Content-Type": "multipart/form-data; boundary=B", "Idempotency-Key": new_key()}
    answer = payer.http.post(path.format(case), content=_stream(200 * MB), headers=headers, timeout=60)
    assert answer.status_code == 413
    if path.startswith("/api/"):
        is_problem(answer, 413, "request_too_large")
    else:
        assert answer.headers["Content-Type"].startswith("text/html") and "413" in answer.text
    assert _peak(web) - before < 60, "the upload was kept in memory"


def test_an_upload_that_is_too_large_is_refused_before_it_is_sent(live):
    head = (
        f"POST /cases/new/ HTTP/1.1\r\nHost: localhost:{live.port}\r\nContent-Length: {200 * MB}\r\n"
        "Content-Type: multipart/form-data; boundary=B\r\n\r\n--B\r\n"
    )
    with socket.create_connection(("127.0.0.1", live.port), timeout=10) as line:
        started = time.monotonic()
        line.sendall(head.encode())
        assert line.recv(12) == b"HTTP/1.1 413"
        assert time.monotonic() - started < 5


def test_markup_in_names_notes_and_messages_stays_text(live, visit, at_the_desk, agent_over_http):
    author = Customer(live, MARKUP).rich(100_00)
    reader = Customer(live, "Wang Reader").rich(10_00)
    # So that each knows the other by name.
    assert reader.transfer(author.phone, 1_00, note=MARKUP).status_code == 201
    sent = author.transfer(reader.phone, 2_00, note=MARKUP)
    assert sent.status_code == 201
    question = {"operation": sent.json()["reference"], "words": MARKUP}
    case = author.ok("POST", "/cases", question, key=new_key(), status=201)["reference"]
    received = reader.operations()[0]["reference"]
    dialogs = []
    pages = {
        visit("en", author): [f"/bills/{sent.json()['reference']}/", f"/cases/{case}/", "/me/", "/bills/"],
        visit("en", reader): [f"/bills/{received}/", "/bills/", "/home/"],
        at_the_desk(agent_over_http): [f"/desk/cases/{case}/"],
    }
    for person, paths in pages.items():
        person.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        for path in paths:
            page = person.go(path)
            assert page.locator("img[src=x]").count() == 0, path
            assert page.locator("main b").count() == 0, path
    assert MARKUP in pages_text(at_the_desk(agent_over_http), f"/desk/cases/{case}/")
    assert dialogs == []


def pages_text(person, path):
    return person.go(path).locator("#content").inner_text()


def test_what_is_another_customers_is_not_there(visit, payer, stranger, case):
    operation = payer.operations()[0]["reference"]
    for path in (f"/cases/{case}", f"/operations/{operation}"):
        is_problem(stranger.call("GET", path), 404, "not_found")
    for verb, body in (
        ("messages", {"words": "x"}),
        ("rating", {"rating": 1}),
        ("reopening", {"words": "x"}),
    ):
        is_problem(stranger.call("POST", f"/cases/{case}/{verb}", body, key=new_key()), 404, "not_found")
    is_problem(
        stranger.call("POST", "/cases", {"operation": operation, "words": "x"}, key=new_key()),
        404,
        "not_found",
    )
    person = visit("en", stranger)
    for path in (f"/cases/{case}/", f"/bills/{operation}/", f"/bills/{operation}/receipt/"):
        page = person.go(path, status=404)
        assert case not in page.locator("main").inner_text()


def test_evidence_of_another_customer_is_not_there(payer, stranger, case):
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    files = {"file": ("a.png", picture.getvalue(), "image/png")}
    added = payer.call("POST", f"/cases/{case}/evidence", key=new_key(), files=files).json()
    url = next(event["evidence"][0]["url"] for event in added["events"] if event["evidence"])
    assert payer.http.get(url).status_code == 200
    answer = stranger.http.get(url)
    assert answer.status_code == 404 and answer.headers["Content-Type"] == CONTENT_TYPE


def test_a_customer_does_not_get_to_the_desk(visit, stranger):
    person = visit("en", stranger)
    for path in ("/desk/", "/desk/held/", "/desk/exceptions/"):
        answer = person.page.goto(path)
        assert answer.status in (403, 404) or "/desk/" not in person.page.url, path
