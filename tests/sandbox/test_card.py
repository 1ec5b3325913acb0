"""The card acquirer's sandbox as a process: the official SDK builds and verifies what it sends and receives."""

import http.server
import io
import json
import re
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
import pytest
import stripe

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails.adapters.card import CardRail
from guitai.rails.adapters.card_client import API_VERSION
from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.errors import BadSignature, NothingPaid, PaymentDisputed, RailDeclined, RailUnavailable
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead
from guitai.rails.types import RefundOrder, TopUpOrder
from tests.sandbox.process import Sandbox, sandbox, until

GOOD, DEBIT, POOR, DISPUTED = "4242424242424242", "4000056655665556", "4000000000009995", "4000000000000259"
CHALLENGE, EXPIRED = "4000002760003184", "4000000000000069"


class Wallet(http.server.BaseHTTPRequestHandler):
    """Stands where the wallet would: keeps what it hears."""

    heard: list[tuple[dict[str, str], bytes]] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(200)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    server = http.server.HTTPServer(("127.0.0.1", 0), Wallet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        process.post(
            "/card/arrangements",
            {"webhook_url": f"http://127.0.0.1:{server.server_port}/rails/card/notices/"},
        )
        yield process
    server.shutdown()
    server.server_close()


# Which payment each payout of these tests goes back to.
PAID_AS: dict[str, str] = {}


@pytest.fixture(scope="module")
def settings(running: Sandbox) -> CardSettings:
    contract = running.home / "keys" / "sandbox" / "card.json"
    assert contract.stat().st_mode & 0o777 == 0o600
    found = msgspec.convert(json.loads(contract.read_text()), CardSettings)
    assert found.problems() == ()
    return found


@pytest.fixture(scope="module")
def sdk(settings: CardSettings) -> Iterator[stripe.StripeClient]:
    """The official SDK with its own transport: none of the wallet's code."""
    transport = stripe.RequestsClient(timeout=10)
    yield stripe.StripeClient(
        settings.secret_key,
        stripe_version=API_VERSION,
        base_addresses={"api": settings.address},
        max_network_retries=2,
        http_client=transport,
    )
    transport.close()


@pytest.fixture
def rail(settings: CardSettings) -> CardRail:
    placed: dict[str, datetime] = {}
    return CardRail(
        lambda: settings, lambda reference: placed.setdefault(reference, datetime.now(UTC)), PAID_AS.get
    )


def order(reference: str, minor: int = 20_000, currency: str = "CNY") -> TopUpOrder:
    notices, back = "http://localhost:8000/rails/card/notices/", "http://localhost:8000/bills/"
    return TopUpOrder(reference, Money(minor, currency), notices, back, "充值 Top-up")


def path_of(url: str | None) -> str:
    assert url
    return "/card" + url.partition("/card")[2]


def pay(
    running: Sandbox, rail: CardRail, reference: str, card: str = GOOD, currency: str = "CNY", **how: str
) -> Any:
    told = rail.start_top_up(order(reference, currency=currency))
    assert told.method == "link"
    return running.post(path_of(told.pay_url), {"card": card, **how}).json()


def heard(kind: str, since: int) -> tuple[dict[str, str], bytes]:
    """The first webhook of a kind after so many."""

    def look() -> Any:
        return [each for each in Wallet.heard[since:] if json.loads(each[1])["type"] == kind]

    found: tuple[dict[str, str], bytes] = until(look)[0]
    return found


def refund_of(rail: CardRail, reference: str, minor: int, mark: str = "R1") -> RefundOrder:
    payment = rail.query(reference).payments[0]
    return RefundOrder(
        reference, payment.bank_reference, f"{reference}{mark}", Money(20_000, "CNY"), Money(minor, "CNY")
    )


def test_the_sdk_sells_pays_verifies_refunds_and_lists(
    running: Sandbox, sdk: stripe.StripeClient, settings: CardSettings
) -> None:
    since = len(Wallet.heard)
    wish: Any = {
        "mode": "payment",
        "client_reference_id": "SDK1",
        "success_url": "http://localhost:8000/",
        "line_items": [
            {
                "quantity": 1,
                "price_data": {"currency": "jpy", "unit_amount": 500, "product_data": {"name": "x"}},
            }
        ],
        "payment_intent_data": {"metadata": {"order_reference": "SDK1"}},
    }
    session = sdk.v1.checkout.sessions.create(wish, {"idempotency_key": "one"})
    assert sdk.v1.checkout.sessions.create(wish, {"idempotency_key": "one"}).id == session.id
    with pytest.raises(stripe.IdempotencyError):
        sdk.v1.checkout.sessions.create({**wish, "client_reference_id": "SDK2"}, {"idempotency_key": "one"})
    assert running.post(path_of(session.url), {"card": GOOD}).json()["status"] == "succeeded"
    headers, body = heard("checkout.session.completed", since)
    event = stripe.Webhook.construct_event(body, headers["stripe-signature"], settings.webhook_secret)
    assert event.data.object["amount_total"] == 500
    with pytest.raises(stripe.SignatureVerificationError):
        stripe.Webhook.construct_event(body, headers["stripe-signature"], "whsec_other")
    told = sdk.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent.latest_charge"]})
    assert (
        told.payment_status == "paid"
        and told.payment_intent.latest_charge.payment_method_details.card.last4 == "4242"
    )  # type: ignore[union-attr]
    refund = sdk.v1.refunds.create({"payment_intent": told.payment_intent.id, "amount": 200})  # type: ignore[union-attr]
    assert (refund.status, refund.amount) == ("succeeded", 200)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.refunds.create({"payment_intent": told.payment_intent.id, "amount": 301})  # type: ignore[union-attr]
    assert refused.value.code == "amount_too_large"
    listed = sdk.v1.balance_transactions.list({"limit": 1})
    assert listed.has_more and len(list(listed.auto_paging_iter())) >= 2


def test_only_the_secret_key_opens_the_api(running: Sandbox, sdk: stripe.StripeClient) -> None:
    client = stripe.StripeClient(
        "sk_test_wrong", base_addresses={"api": running.url + "/card"}, max_network_retries=0
    )
    with pytest.raises(stripe.AuthenticationError):
        client.v1.refunds.list()
    with pytest.raises(stripe.InvalidRequestError) as refused:
        sdk.v1.checkout.sessions.retrieve("cs_none")
    assert refused.value.code == "resource_missing"


def test_the_adapter_was_written_for_the_version_that_the_sdk_speaks() -> None:
    assert stripe.api_version == API_VERSION, "read the changes between the two, then raise API_VERSION"


def test_a_payment_is_announced_and_queried(running: Sandbox, rail: CardRail, settings: CardSettings) -> None:
    since = len(Wallet.heard)
    first, second = rail.start_top_up(order("7KMR3AXWH4")), rail.start_top_up(order("7KMR3AXWH4"))
    assert first == second
    assert rail.query("7KMR3AXWH4").state == "unpaid"
    assert rail.query("7KMR3AXWH5").state == "not_found"
    assert pay(running, rail, "7KMR3AXWH4", DEBIT)["status"] == "succeeded"
    headers, body = heard("checkout.session.completed", since)
    notice = rail.parse_notice(headers, body, datetime.now(UTC))
    assert (notice.payment_reference, notice.amount_minor, notice.currency) == ("7KMR3AXWH4", 20_000, "CNY")
    assert notice.payee_account == first.payee_account == settings.account
    answer = rail.query("7KMR3AXWH4")
    assert (answer.state, answer.paid) == ("paid", (Money(20_000, "CNY"),))
    assert answer.payments[0].bank_reference == notice.bank_reference
    assert abs(answer.payments[0].paid_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_an_order_made_long_after_it_was_written_is_found_by_its_payment(
    running: Sandbox, settings: CardSettings, rail: CardRail
) -> None:
    pay(running, rail, "2222222A22")
    late = CardRail(lambda: settings, lambda reference: datetime.now(UTC) - timedelta(hours=5), PAID_AS.get)
    assert late.query("2222222A22").state == "paid"


def test_card_numbers_are_in_nothing_that_leaves_or_stays(running: Sandbox, rail: CardRail) -> None:
    since = len(Wallet.heard)
    page = rail.start_top_up(order("2222222C23")).pay_url
    typed = {"typed": "4242 4242 4242 4242", "card": GOOD}
    assert httpx.post(running.url + path_of(page), data=typed, trust_env=False).status_code == 303
    heard("checkout.session.completed", since)
    stored = b"".join(path.read_bytes() for path in running.home.glob("sandbox/sandbox.sqlite3*"))
    for number in (GOOD.encode(), b"4242 4242 4242 4242"):
        assert number not in stored
        assert all(number not in body for _, body in Wallet.heard)
    assert b'"last4": "4242"' in stored


def test_a_declined_card_leaves_the_order_open_and_another_card_pays(
    running: Sandbox, rail: CardRail
) -> None:
    assert pay(running, rail, "2222222F24", POOR)["status"] == "requires_payment_method"
    answer = rail.query("2222222F24")
    assert (answer.state, answer.code, answer.payments) == ("unpaid", "payment_insufficient", ())
    pay(running, rail, "2222222F24", EXPIRED)
    assert rail.query("2222222F24").code == "payment_card_expired"
    assert pay(running, rail, "2222222F24")["status"] == "succeeded"
    assert rail.query("2222222F24").state == "paid"
    page = running.get("/card/").json()["sessions"][0]["id"]
    assert running.post(f"/card/c/pay/{page}", {"card": GOOD}).status_code >= 400, "not twice"


def test_some_cards_ask_the_payer_to_confirm(running: Sandbox, rail: CardRail) -> None:
    told = rail.start_top_up(order("2222222H25"))
    url = running.url + path_of(told.pay_url)
    asked = httpx.post(url, data={"card": CHALLENGE}, headers={"Accept": "text/html"}, trust_env=False)
    assert "Do you confirm this payment?" in asked.text
    refused = httpx.post(url, data={"card": CHALLENGE, "confirmed": "no"}, trust_env=False)
    assert refused.status_code == 402
    assert rail.query("2222222H25").state == "unpaid"
    httpx.post(url, data={"card": CHALLENGE, "confirmed": "1"}, trust_env=False)
    assert rail.query("2222222H25").state == "paid"


def test_webhooks_may_be_forged_wrong_doubled_and_out_of_order(running: Sandbox, rail: CardRail) -> None:
    since = len(Wallet.heard)
    pay(running, rail, "2222222J26", bad_signature="1")
    headers, body = heard("checkout.session.completed", since)
    with pytest.raises(BadSignature) as refused:
        rail.parse_notice(headers, body, datetime.now(UTC))
    assert refused.value.facts == {"problem": "signature"}
    since = len(Wallet.heard)
    pay(running, rail, "2222222K27", told_amount="19999", copies="2", reordered="1")
    headers, body = heard("checkout.session.completed", since)
    assert rail.parse_notice(headers, body, datetime.now(UTC)).amount_minor == 19_999
    until(lambda: len(Wallet.heard) >= since + 6)
    kinds = {json.loads(body)["type"] for _, body in Wallet.heard[since:]}
    assert {"charge.succeeded", "payment_intent.succeeded"} <= kinds
    headers, body = heard("charge.succeeded", since)
    with pytest.raises(NothingPaid):
        rail.parse_notice(headers, body, datetime.now(UTC))


def test_an_order_can_be_closed_until_it_is_paid(running: Sandbox, rail: CardRail) -> None:
    rail.start_top_up(order("2222222M28"))
    rail.cancel("2222222M28")
    rail.cancel("2222222M28")
    answer = rail.query("2222222M28")
    assert (answer.state, answer.code) == ("failed", "payment_timed_out")
    pay(running, rail, "2222222R29")
    with pytest.raises(RailDeclined):
        rail.cancel("2222222R29")
    assert rail.query("2222222R29").state == "paid"


def test_refunds_in_parts_up_to_what_was_paid_and_never_twice(running: Sandbox, rail: CardRail) -> None:
    pay(running, rail, "2222222W2A")
    refund = refund_of(rail, "2222222W2A", 5_000)
    assert rail.query_refund(refund).code == "refund_unknown"
    first = rail.refund(refund)
    assert first.outcome == "done" and rail.refund(refund) == first
    assert rail.query_refund(refund).outcome == "done"
    too_much = rail.refund(refund_of(rail, "2222222W2A", 15_001, "R2"))
    assert (too_much.outcome, too_much.rail_code) == ("rejected", "amount_too_large")
    running.post("/card/arrangements", {"refund_status": "pending"})
    later = refund_of(rail, "2222222W2A", 100, "R3")
    assert rail.refund(later).outcome == "accepted"
    running.post("/card/arrangements", {"refund_status": "failed"})
    failed = rail.refund(refund_of(rail, "2222222W2A", 100, "R4"))
    assert (failed.outcome, failed.code) == ("rejected", "refund_payer_cannot_receive")


def test_a_time_out_after_success_is_repeated_without_harm(running: Sandbox, rail: CardRail) -> None:
    running.post("/card/arrangements", {"timeout": "1"})
    assert pay(running, rail, "2222222X2C")["status"] == "succeeded", "the SDK asked again under the same key"
    refund = refund_of(rail, "2222222X2C", 20_000)
    running.post("/card/arrangements", {"timeout": "3"})
    assert rail.refund(refund).outcome == "unknown"
    assert rail.query_refund(refund).outcome == "done"
    assert rail.refund(refund).outcome == "done"


def test_a_dispute_is_told_with_payment_amount_and_reason(running: Sandbox, rail: CardRail) -> None:
    since = len(Wallet.heard)
    pay(running, rail, "2222222Y2F", DISPUTED)
    headers, body = heard("charge.dispute.created", since)
    with pytest.raises(PaymentDisputed) as told:
        rail.parse_notice(headers, body, datetime.now(UTC))
    facts = told.value.facts
    assert (facts["amount"], facts["currency"], facts["reason"]) == (20_000, "CNY", "fraudulent")
    assert facts["bank_reference"] == rail.query("2222222Y2F").payments[0].bank_reference
    since = len(Wallet.heard)
    assert (
        running.post(f"/card/disputes/{facts['dispute']}/decision", {"status": "lost"}).json()["status"]
        == "lost"
    )
    headers, body = heard("charge.dispute.closed", since)
    with pytest.raises(PaymentDisputed) as ended:
        rail.parse_notice(headers, body, datetime.now(UTC))
    assert (ended.value.facts["status"], ended.value.facts["dispute"]) == ("lost", facts["dispute"])


def test_a_days_list_is_exact_by_currency_and_knows_no_payer(running: Sandbox, rail: CardRail) -> None:
    pay(running, rail, "2222222F2H")
    pay(running, rail, "2222222F3H", currency="JPY")
    refund = refund_of(rail, "2222222F2H", 5_000)
    rail.refund(refund)
    day = datetime.now(UTC).date()
    with pytest.raises(RailUnavailable) as refused:
        rail.download_statement(day)
    assert refused.value.facts["problem"] == "statement_not_ready"
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    with stopped(tomorrow):
        content = rail.download_statement(day)
    assert not re.search(rb"last4|4242|email|name", content)
    parts = list(rail.parse_statement(io.BytesIO(content)))
    heads = [part.currency for part in parts if isinstance(part, StatementHead)]
    assert heads == ["CNY", "JPY"]
    lines = [part for part in parts if isinstance(part, Entry)]
    paid = next(line for line in lines if line.end_to_end_id == "2222222F2H")
    fee = next(line for line in lines if line.bank_reference == f"{paid.bank_reference}:fee")
    back = next(line for line in lines if line.end_to_end_id == "2222222F2HR1")
    assert (paid.amount, paid.credit, fee.amount, fee.credit) == (20_000, True, 580, False)
    assert (back.amount, back.credit, back.transaction_id) == (5_000, False, refund.bank_reference)
    assert paid.transaction_id == refund.bank_reference
    feet = [part for part in parts if isinstance(part, StatementFoot)]
    assert sum(foot.entries for foot in feet) == len(lines)
    running.post("/card/arrangements", {"statement": "missing_line"})
    with stopped(tomorrow):
        fewer = list(rail.parse_statement(io.BytesIO(rail.download_statement(day))))
    running.post("/card/arrangements", {"statement": ""})
    assert len(fewer) < len(parts)


def test_a_refused_request_and_a_late_webhook(running: Sandbox, rail: CardRail) -> None:
    running.post("/card/arrangements", {"refuse": "card_declined"})
    with pytest.raises(RailDeclined) as refused:
        rail.start_top_up(order("2222222H2J"))
    assert refused.value.facts["bank_code"] == "card_declined"
    since = len(Wallet.heard)
    begun = time.monotonic()
    pay(running, rail, "2222222H2J", delay_s="1")
    heard("checkout.session.completed", since)
    assert time.monotonic() - begun >= 1


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_speak_both_languages(running: Sandbox, rail: CardRail, language: str) -> None:
    told = rail.start_top_up(order({"en": "2222222J3E", "zh": "2222222J3Z"}[language]))
    for path in ("/card/", path_of(told.pay_url)):
        answer = running.get(path, Accept="text/html", **{"Accept-Language": language})
        assert answer.status_code == 200
        assert {"en": "Card acquirer", "zh": "收单机构"}[language] in answer.text
