"""The sandbox by itself: durable, bounded, plain."""

import http.server
import json
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from guitai.base.clock import now
from guitai.sandbox.signatures import request_headers
from tests.live import free_port
from tests.sandbox.process import Sandbox, sandbox, until

KEY = Ed25519PrivateKey.generate()
ORDER = {
    "order_reference": "7KMR3AXWH4",
    "amount": {"amount": 20_000, "currency": "CNY"},
    "notify_url": "http://127.0.0.1:9/rails/bank/notices/",
}


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    home = tmp_path_factory.mktemp("home")
    give_wallet_key(home)
    with sandbox(home) as process:
        yield process


def give_wallet_key(home: Path) -> None:
    (home / "keys").mkdir(exist_ok=True)
    (home / "keys" / "wallet.pub").write_bytes(
        KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )


def ask(process: Sandbox, method: str, path: str, content: Any = None, **how: Any) -> httpx.Response:
    body = b"" if content is None else content if isinstance(content, bytes) else json.dumps(content).encode()
    signed = request_headers(how.get("key", KEY), "wallet", method, path, body, int(now().timestamp()))
    return httpx.request(
        method, process.url + path, content=how.get("sent", body), headers=signed, trust_env=False
    )


def test_the_same_order_twice_gives_the_same(running: Sandbox) -> None:
    first, second = (ask(running, "POST", "/bank/orders", ORDER) for _ in range(2))
    assert first.status_code == 200
    assert first.json() == second.json()
    assert first.json()["payment_reference"] == "7KMR3AXWH4"
    assert ask(running, "GET", "/bank/orders/7KMR3AXWH4").json() == first.json()
    assert first.headers["signature-input"].startswith('sig=("@status" "content-digest")')


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        ({**ORDER, "amount": {"amount": 1, "currency": "CNY"}}, 409, "order_conflict"),
        ({**ORDER, "order_reference": "x"}, 422, "reference_invalid"),
        ({**ORDER, "order_reference": "<b>bold</b>"}, 422, "reference_invalid"),
        ({**ORDER, "order_reference": 7}, 422, "reference_invalid"),
        ({**ORDER, "notify_url": "file:///etc/passwd"}, 422, "notify_url_invalid"),
        ({**ORDER, "amount": 20_000}, 422, "amount_invalid"),
        ({**ORDER, "amount": {"amount": 0, "currency": "CNY"}}, 422, "amount_invalid"),
        ({**ORDER, "amount": {"amount": 1.5, "currency": "CNY"}}, 422, "amount_invalid"),
        ({**ORDER, "amount": {"amount": 1, "currency": ["CNY"]}}, 422, "amount_invalid"),
        (b"[]", 400, "json_unreadable"),
        (b"{", 400, "json_unreadable"),
        (b"[" * 50_000, 400, "json_unreadable"),
        (b"\xff", 400, "json_unreadable"),
    ],
)
def test_a_wrong_order_is_refused_with_a_code(running: Sandbox, content: Any, status: int, code: str) -> None:
    ask(running, "POST", "/bank/orders", ORDER)
    answer = ask(running, "POST", "/bank/orders", content)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_only_the_wallet_may_order_and_send_messages(running: Sandbox) -> None:
    stranger = Ed25519PrivateKey.generate()
    assert ask(running, "POST", "/bank/orders", ORDER, key=stranger).status_code == 401
    assert ask(running, "POST", "/bank/orders", ORDER, sent=b"{}").status_code == 401
    assert running.post("/bank/orders", ORDER).status_code == 401
    assert running.get("/bank/orders/7KMR3AXWH4").status_code == 401
    assert (
        running.post("/handset/messages", {"id": "1", "to": "+8613800138000", "text": "x"}).status_code == 401
    )


def test_a_message_is_shown_once_on_the_phone_and_is_never_markup(running: Sandbox) -> None:
    message = {"id": "m1", "to": "+8613800138000", "text": "Your code is 123456 <script>alert(1)</script>"}
    for _ in range(2):
        assert ask(running, "POST", "/handset/messages", message).status_code == 202
    shown = running.get("/handset/+8613800138000").json()["messages"]
    assert [item["text"] for item in shown] == [message["text"]]
    page = running.get("/handset/+8613800138000", Accept="text/html").text
    assert "123456" in page
    assert "<script>alert" not in page
    assert running.get("/handset/?phone=%2B86 138 0013 8000").headers["location"] == "/handset/+8613800138000"


@pytest.mark.parametrize(
    "change", [{"to": "13800138000"}, {"to": 1}, {"text": ""}, {"text": "x" * 2001}, {"id": ""}]
)
def test_a_message_that_no_phone_could_get_is_refused(running: Sandbox, change: dict[str, Any]) -> None:
    message = {"id": "m2", "to": "+8613800138001", "text": "hello", **change}
    assert ask(running, "POST", "/handset/messages", message).status_code == 422


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "path",
    ["/", "/bank/", "/bank/pay/7KMR3AXWH4", "/bank/payments/", "/handset/", "/handset/+8613800138000", "/no"],
)
def test_every_page_says_that_it_is_simulated(running: Sandbox, path: str, language: str) -> None:
    ask(running, "POST", "/bank/orders", ORDER)
    running.post("/bank/pay/7KMR3AXWH4", {"lost": True})
    answer = running.get(path, Accept="text/html", **{"Accept-Language": language})
    banner = {"en": "Simulated. No real money moves here.", "zh": "模拟环境，不涉及真实资金。"}[language]
    assert banner in answer.text
    assert 'style="' not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_pays_from_a_form_without_scripts(running: Sandbox) -> None:
    ask(running, "POST", "/bank/orders", {**ORDER, "order_reference": "2222222A22"})
    form = {
        "amount": "１９９．５",
        "currency": "CNY",
        "payment_reference": "<i>",
        "delay_s": "600",
        "twice": "1",
    }
    answer = httpx.post(f"{running.url}/bank/pay/2222222A22", data=form, trust_env=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/bank/pay/2222222A22")
    (paid,) = running.get("/bank/pay/2222222A22").json()["notices"]
    assert (paid["amount"], paid["payment_reference"], len(paid["deliveries"])) == (19_950, "<i>", 2)
    assert "&lt;i&gt;" in running.get("/bank/pay/2222222A22", Accept="text/html").text


@pytest.mark.parametrize(
    ("path", "form", "headers", "status"),
    [
        ("/bank/pay/7KMR3AXWH4", {"amount": "-1"}, {}, 422),
        ("/bank/pay/7KMR3AXWH4", {"amount": "1", "currency": "XXX"}, {}, 422),
        ("/bank/pay/7KMR3AXWH4", {"delay_s": "x"}, {}, 422),
        ("/bank/pay/7KMR3AXWH4", {}, {"Origin": "http://evil.example"}, 403),
        ("/bank/pay/7KMR3AXWH4", {"payer_name": "x" * 70_000}, {}, 413),
        ("/bank/pay/nothing", {}, {}, 404),
        ("/bank/notices/nothing/again", {}, {}, 404),
        ("/bank/payments/", {"notify_url": "javascript:1"}, {}, 422),
        ("/bank/", {}, {}, 405),
        ("/nowhere", {}, {}, 404),
    ],
)
def test_a_wrong_form_is_answered_in_words(
    running: Sandbox, path: str, form: dict[str, str], headers: dict[str, str], status: int
) -> None:
    ask(running, "POST", "/bank/orders", ORDER)
    shown = {"Accept": "text/html", **headers}
    answer = httpx.post(running.url + path, data=form or {"press": "pay"}, headers=shown, trust_env=False)
    assert answer.status_code == status
    assert "<h1>" in answer.text


class Wallet(http.server.BaseHTTPRequestHandler):
    """Stands where the wallet would: refuses twice, then accepts."""

    heard: list[tuple[dict[str, str], bytes]] = []
    answers: list[int] = []

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        self.heard.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.answers.pop(0) if self.answers else 202)
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:
        pass


def test_a_notice_survives_restarts_of_both_sides_and_refusals(tmp_path: Path) -> None:
    give_wallet_key(tmp_path)
    port = free_port()
    order = {**ORDER, "notify_url": f"http://127.0.0.1:{port}/rails/bank/notices/"}
    with sandbox(tmp_path) as bank:
        ask(bank, "POST", "/bank/orders", order)
        bank.post("/bank/pay/7KMR3AXWH4")
        until(lambda: bank.deliveries("/bank/pay/7KMR3AXWH4")[0]["result"] == "ConnectError")
        bank.stop(signal.SIGKILL)
        Wallet.heard, Wallet.answers = [], [500, 302]
        server = http.server.HTTPServer(("127.0.0.1", port), Wallet)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            bank.start()
            delivered = until(
                lambda: [d for d in bank.deliveries("/bank/pay/7KMR3AXWH4") if d["state"] == "delivered"], 30
            )
        finally:
            server.shutdown()
            server.server_close()
        assert bank.stop() in (0, -signal.SIGTERM)
    assert delivered[0]["attempts"] >= 4
    assert len(Wallet.heard) == 3
    assert len({body for _, body in Wallet.heard}) == 1, "the same bytes each time"
    assert "signature" in Wallet.heard[0][0]


def test_keys_are_made_once_and_private(tmp_path: Path) -> None:
    with sandbox(tmp_path) as bank:
        first = (tmp_path / "keys" / "bank.pub").read_bytes()
        assert (tmp_path / "keys" / "bank.key").stat().st_mode & 0o777 == 0o600
        assert ask(bank, "POST", "/bank/orders", ORDER).json()["code"] == "wallet_key_missing"
        bank.stop()
        bank.start()
        assert (tmp_path / "keys" / "bank.pub").read_bytes() == first
