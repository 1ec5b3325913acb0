"""UnionPay's sandbox as a process: what it says is verified here by code of its own, and by the rail's adapter."""

import base64
import hashlib
import http.server
import io
import json
import threading
import zipfile
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

import httpx
import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from guitai.base.money import Money
from guitai.rails.adapters.unionpay import UnionPayRail
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.rails.errors import BadSignature, RailUnavailable
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead
from guitai.rails.types import RefundOrder, TopUpOrder
from tests.sandbox.process import Sandbox, sandbox, until

GOOD_CARD, POOR_CARD, SLOW_CARD = "6216261000000000018", "6216261000000000642", "6235240000000000058"
BEIJING = ZoneInfo("Asia/Shanghai")


class Wallet(http.server.BaseHTTPRequestHandler):
    """Stands where the wallet would: keeps what it hears."""

    heard: list[bytes] = []

    def do_POST(self) -> None:
        self.heard.append(self.rfile.read(int(self.headers["content-length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        yield process


@pytest.fixture(scope="module")
def wallet_url() -> Iterator[str]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Wallet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/rails/unionpay/notices/"
    server.shutdown()
    server.server_close()


class Merchant:
    """A merchant who follows the specification, without the wallet's code."""

    def __init__(self, process: Sandbox) -> None:
        contract = process.home / "keys" / "sandbox" / "unionpay.json"
        assert contract.stat().st_mode & 0o777 == 0o600
        self.contract = json.loads(contract.read_text())
        self.certificate = x509.load_pem_x509_certificate(self.contract["merchant_certificate"].encode())
        self.key = load_pem_private_key(self.contract["merchant_key"].encode(), None)

    def signed(self, fields: dict[str, str]) -> dict[str, str]:
        whole = {**fields, "certId": str(self.certificate.serial_number)}
        text = "&".join(f"{name}={value}" for name, value in sorted(whole.items()))
        digest = hashlib.sha256(text.encode()).hexdigest()
        made = self.key.sign(digest.encode(), padding.PKCS1v15(), hashes.SHA256())  # type: ignore[union-attr, call-arg]
        return {**whole, "signature": base64.b64encode(made).decode()}

    def verified(self, fields: dict[str, str]) -> dict[str, str]:
        """Raises unless the gateway signed it and the chain leads to the root."""
        certificate = x509.load_pem_x509_certificate(fields["signPubKeyCert"].encode())
        middle = x509.load_pem_x509_certificate(self.contract["middle_certificate"].encode())
        root = x509.load_pem_x509_certificate(self.contract["root_certificate"].encode())
        certificate.verify_directly_issued_by(middle)
        middle.verify_directly_issued_by(root)
        assert "@中国银联股份有限公司@" in certificate.subject.rfc4514_string()
        rest = {name: value for name, value in fields.items() if name != "signature"}
        digest = (
            hashlib.sha256("&".join(f"{k}={rest[k]}" for k in sorted(rest)).encode()).hexdigest().encode()
        )
        certificate.public_key().verify(  # type: ignore[union-attr, call-arg]
            base64.b64decode(fields["signature"]), digest, padding.PKCS1v15(), hashes.SHA256()
        )
        return fields

    def post(self, url: str, fields: dict[str, str]) -> dict[str, str]:
        answer = httpx.post(url, data=self.signed(fields), trust_env=False)
        return self.verified(dict(part.split("=", 1) for part in answer.text.split("&")))


@pytest.fixture(scope="module")
def merchant(running: Sandbox) -> Merchant:
    return Merchant(running)


@pytest.fixture
def rail(merchant: Merchant) -> UnionPayRail:
    settings = msgspec.convert(merchant.contract, UnionPaySettings)
    assert settings.problems() == ()
    sent: dict[str, datetime] = {}
    return UnionPayRail(lambda: settings, lambda reference: sent.setdefault(reference, datetime.now(UTC)))


def order(reference: str, wallet_url: str, minor: int = 20_000) -> TopUpOrder:
    back = "http://localhost:8000/bills/"
    return TopUpOrder(reference, Money(minor, "CNY"), wallet_url, back, "充值 {top=up}")


def opened(rail: UnionPayRail, running: Sandbox, wanted: TopUpOrder) -> str:
    """The payer's browser posts the form and comes to the page; gives its path."""
    told = rail.start_top_up(wanted)
    assert told.method == "form" and told.pay_url
    answer = httpx.post(
        told.pay_url, data=dict(told.form), headers={"Origin": "http://localhost:8000"}, trust_env=False
    )
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def heard_since(count: int) -> bytes:
    return bytes(until(lambda: Wallet.heard[count:])[0])


def test_a_payment_is_announced_queried_and_settled(
    running: Sandbox, merchant: Merchant, rail: UnionPayRail, wallet_url: str
) -> None:
    before = len(Wallet.heard)
    wanted = order("7KMR3AXWH4", wallet_url)
    assert rail.start_top_up(wanted) == rail.start_top_up(wanted), "the same order, the same form"
    page = opened(rail, running, wanted)
    assert opened(rail, running, wanted) == page
    assert rail.query("7KMR3AXWH4").state == "not_found", "nobody has paid"
    shown = running.get(page, Accept="text/html").text
    assert "充值 top up" in shown and 'name="card"' in shown
    paid = running.post(page, {"card": GOOD_CARD}).json()
    assert (paid["state"], paid["card"]) == ("done", "621626******0018")
    body = heard_since(before)
    fields = merchant.verified(dict(parse_qsl(body.decode(), keep_blank_values=True)))
    assert (fields["txnAmt"], fields["currencyCode"], fields["respCode"]) == ("20000", "156", "00")
    assert GOOD_CARD not in body.decode()
    notice = rail.parse_notice({}, body, datetime.now(UTC))
    assert (notice.payment_reference, notice.amount_minor, notice.currency) == ("7KMR3AXWH4", 20_000, "CNY")
    assert abs(notice.paid_at - datetime.now(UTC)) < timedelta(minutes=1)
    answer = rail.query("7KMR3AXWH4")
    assert (answer.state, answer.paid) == ("paid", (Money(20_000, "CNY"),))
    assert answer.payments[0].notice_id == f"query:{notice.bank_reference}"
    assert answer.payments[0].bank_reference == notice.bank_reference
    assert answer.payments[0].payee_account == rail.start_top_up(wanted).payee_account == notice.payee_account


def test_a_declined_card_leaves_the_order_open_and_another_card_pays(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    page = opened(rail, running, order("2222222A22", wallet_url))
    assert running.post(page, {"card": GOOD_CARD, "code": "000000"}).json()["response"] == "71"
    assert running.post(page, {"card": POOR_CARD}).json()["response"] == "64"
    answer = rail.query("2222222A22")
    assert (answer.state, answer.code, answer.payments) == ("unpaid", "payment_insufficient", ())
    assert running.post(page, {"card": GOOD_CARD}).json()["response"] == "00"
    assert rail.query("2222222A22").state == "paid"
    assert running.post(page, {"card": GOOD_CARD}).status_code == 409, "not twice"


def test_an_undecided_payment_is_processing_until_the_issuer_says(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    page = opened(rail, running, order("2222222C23", wallet_url))
    assert running.post(page, {"card": SLOW_CARD}).json()["response"] == "05"
    assert rail.query("2222222C23").state == "processing"
    running.post(page, {"decision": "done"})
    assert rail.query("2222222C23").state == "paid"


@pytest.mark.parametrize(
    ("faults", "problem"), [({"bad_signature": "1"}, "certificate_chain"), ({"told_amount": "19999"}, None)]
)
def test_a_forged_notice_is_found_and_a_wrong_one_told_as_it_came(
    running: Sandbox, rail: UnionPayRail, wallet_url: str, faults: dict[str, str], problem: str | None
) -> None:
    before = len(Wallet.heard)
    page = opened(rail, running, order(f"2222222F{len(faults)}{'3' if problem else '4'}", wallet_url))
    running.post(page, {"card": GOOD_CARD, **faults})
    body = heard_since(before)
    if problem is None:
        assert rail.parse_notice({}, body, datetime.now(UTC)).amount_minor == 19_999
        return
    with pytest.raises(BadSignature) as refused:
        rail.parse_notice({}, body, datetime.now(UTC))
    assert refused.value.facts == {"problem": problem}


def test_a_lost_notice_is_answered_by_a_query_and_sent_again_by_the_clerk(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    before = len(Wallet.heard)
    page = opened(rail, running, order("2222222H25", wallet_url))
    running.post(page, {"card": GOOD_CARD, "lost": "1"})
    (delivery,) = running.get(page).json()["deliveries"]
    assert delivery["state"] == "lost"
    assert rail.query("2222222H25").state == "paid"
    running.post(f"/unionpay/notices/{delivery['id']}/again")
    assert b"2222222H25" in heard_since(before)


def paid(running: Sandbox, rail: UnionPayRail, wallet_url: str, reference: str) -> RefundOrder:
    page = opened(rail, running, order(reference, wallet_url))
    running.post(page, {"card": GOOD_CARD, "lost": "1"})
    payment = rail.query(reference).payments[0]
    return RefundOrder(
        reference, payment.bank_reference, f"{reference}R1", Money(20_000, "CNY"), Money(5_000, "CNY")
    )


def test_refunds_in_parts_up_to_what_was_paid_and_never_twice(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    refund = paid(running, rail, wallet_url, "2222222J26")
    assert rail.query_refund(refund).code == "refund_unknown"
    assert rail.refund(refund).outcome == "accepted"
    assert rail.refund(refund).outcome == "done", "asked again it says what became of it"
    assert rail.query_refund(refund).outcome == "done"
    more = RefundOrder(
        refund.order_reference, refund.bank_reference, "2222222J26R2", refund.paid, Money(15_001, "CNY")
    )
    told = rail.refund(more)
    assert (told.outcome, told.code, told.rail_code) == ("rejected", "payment_original_differs", "36")
    enough = RefundOrder(
        refund.order_reference, refund.bank_reference, "2222222J26R3", refund.paid, Money(15_000, "CNY")
    )
    assert rail.refund(enough).outcome == "accepted"


def test_a_whole_refund_on_the_same_day_undoes_the_payment(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    part = paid(running, rail, wallet_url, "2222222K27")
    whole = RefundOrder(
        part.order_reference, part.bank_reference, part.refund_reference, part.paid, part.paid
    )
    assert rail.refund(whole).outcome == "accepted"
    kinds = {row["order_id"]: row["kind"] for row in running.get("/unionpay/").json()["orders"]}
    assert kinds["2222222K27R1"] == "31"


def test_a_time_out_after_success_is_unknown_and_asking_again_says_done(
    running: Sandbox, rail: UnionPayRail, wallet_url: str
) -> None:
    refund = paid(running, rail, wallet_url, "2222222M28")
    running.post("/unionpay/arrangements", {"back": "timeout"})
    assert rail.refund(refund).outcome == "unknown"
    assert rail.query_refund(refund).outcome == "done"
    running.post("/unionpay/arrangements", {"query": "timeout"})
    with pytest.raises(RailUnavailable):
        rail.query("2222222M28")
    assert rail.query("2222222M28").state == "paid"


def test_the_settlement_file_is_exact_and_may_lack_a_line(
    running: Sandbox, merchant: Merchant, rail: UnionPayRail, wallet_url: str
) -> None:
    refund = paid(running, rail, wallet_url, "2222222R29")
    rail.refund(refund)
    day = (datetime.now(BEIJING) + timedelta(hours=1)).date()
    parts = list(rail.parse_statement(io.BytesIO(rail.download_statement(day))))
    assert isinstance(parts[0], StatementHead) and parts[0].account == merchant.contract["merchant_id"]
    lines = {part.bank_reference: part for part in parts if isinstance(part, Entry)}
    gross, fee = lines[refund.bank_reference], lines[f"{refund.bank_reference}:fee"]
    assert (gross.amount, gross.credit, gross.end_to_end_id) == (20_000, True, "2222222R29")
    assert (fee.amount, fee.credit, fee.bank_code) == (120, False, "fee")
    back = next(part for part in lines.values() if part.end_to_end_id == "2222222R29R1")
    assert (back.amount, back.credit, back.transaction_id) == (5_000, False, refund.bank_reference)
    foot = parts[-1]
    assert isinstance(foot, StatementFoot) and foot.entries == len(lines)
    running.post("/unionpay/arrangements", {"file": "missing_line"})
    fewer = list(rail.parse_statement(io.BytesIO(rail.download_statement(day))))
    assert len(fewer) < len(parts)
    with pytest.raises(RailUnavailable) as refused:
        rail.download_statement(day - timedelta(days=3))
    assert refused.value.facts["problem"] == "statement_not_ready"


def test_the_file_is_what_the_specification_says(
    running: Sandbox, merchant: Merchant, rail: UnionPayRail, wallet_url: str
) -> None:
    """Read without the adapter: base64 of zlib of a zip whose lines are 42 columns of known widths."""
    paid(running, rail, wallet_url, "2222222S30")
    day = (datetime.now(BEIJING) + timedelta(hours=1)).strftime("%m%d")
    told = merchant.post(
        merchant.contract["file_url"],
        {
            "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "txnType": "76", "txnSubType": "01",
            "bizType": "000000", "accessType": "0", "merId": merchant.contract["merchant_id"], "fileType": "00",
            "txnTime": datetime.now(BEIJING).strftime("%Y%m%d%H%M%S"), "settleDate": day,
        },
    )  # fmt: skip
    assert told["respCode"] == "00"
    archive = zipfile.ZipFile(io.BytesIO(zlib.decompress(base64.b64decode(told["fileContent"]))))
    (name,) = archive.namelist()
    assert name.startswith("INN") and "ZM_" in name
    widths = [
        3,
        11,
        11,
        6,
        10,
        19,
        12,
        4,
        2,
        21,
        2,
        32,
        2,
        6,
        10,
        13,
        13,
        4,
        15,
        2,
        2,
        6,
        2,
        4,
        32,
        1,
        21,
        15,
        1,
        15,
    ]
    widths += [32, 13, 13, 8, 32, 13, 13, 12, 2, 1, 32, 98]
    for line in archive.read(name).splitlines():
        assert len(line) == sum(widths) + len(widths) - 1


@pytest.mark.parametrize("address", ["queryTrans.do", "backTransReq.do", "frontTransReq.do"])
def test_only_the_merchant_may_ask(running: Sandbox, merchant: Merchant, address: str) -> None:
    fields = merchant.signed(
        {"version": "5.1.0", "signMethod": "01", "merId": "777290058110048", "orderId": "77777777"}
    )
    changed = {**fields, "orderId": "88888888"}
    answer = httpx.post(f"{running.url}/unionpay/gateway/api/{address}", data=changed, trust_env=False)
    assert "11" in answer.text and "respCode=00" not in answer.text


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_speak_both_languages_and_lead_back_to_the_merchant_only(
    running: Sandbox, rail: UnionPayRail, wallet_url: str, language: str
) -> None:
    page = opened(rail, running, order(f"2222222W3{len(language)}", wallet_url))
    running.post(page, {"card": GOOD_CARD})
    for path in ("/unionpay/", page):
        answer = running.get(path, Accept="text/html", **{"Accept-Language": language})
        assert answer.status_code == 200
        assert {"en": "UnionPay", "zh": "银联"}[language] in answer.text
    policy = running.get(page, Accept="text/html").headers["content-security-policy"]
    assert "form-action 'self' http://localhost:8000;" in policy
    assert urlsplit(page).path.startswith("/unionpay/pay/")
