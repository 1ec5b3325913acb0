"""People at the other end of the API: what an app of the customer's own would do, over real HTTP."""

import base64
import hashlib
import hmac
import itertools
import re
import secrets
import time
from collections.abc import Callable
from typing import Any, TypeVar

import httpx

from guitai.site.cast import PASSWORD, PIN
from tests.live import Live

LANGUAGES = ("en", "zh-hans")
# Every process of the tests counts from a place of its own, so that no two people get one number.
_numbers = itertools.count(secrets.randbelow(90_000_000))
_CODE = re.compile(r"\b(\d{6})\b")
_used: set[tuple[str, int]] = set()
# The SMS whose code was used last, by number and kind.
_typed: dict[tuple[str, str], str] = {}
# Each answer ends its connection: then there is nothing that somebody would have to close.
UNKEPT = httpx.Limits(max_keepalive_connections=0)
T = TypeVar("T")


def until(ask: Callable[[], T], timeout_s: float = 60) -> T:
    """Wait for something that another process does; gives what it became."""
    deadline = time.monotonic() + timeout_s
    while not (found := ask()):
        assert time.monotonic() < deadline, "it never happened"
        time.sleep(0.05)
    return found


def fresh_phone() -> str:
    """A mobile number that nobody has."""
    return f"+86139{next(_numbers) % 100_000_000:08d}"


def sms(live: Live, phone: str, kind: str, after: str = "") -> dict[str, Any]:
    """The newest SMS of a kind to a number, waited for; `after` is the id of one that was seen before."""

    def newest() -> dict[str, Any] | None:
        answer = httpx.get(live.outbox_url, params={"address": phone}, trust_env=False, timeout=20)
        assert answer.status_code == 200, answer.text
        return next((item for item in answer.json() if item["kind"] == kind and item["id"] > after), None)

    found = until(newest)
    assert found is not None
    return found


def sms_code(live: Live, phone: str, kind: str = "people.code", after: str = "") -> str:
    """The six digits of an SMS; never of one that was used before, when the next is still on its way."""
    message = sms(live, phone, kind, max(after, _typed.get((phone, kind), "")))
    _typed[phone, kind] = message["id"]
    found = _CODE.search(message["body"])
    assert found is not None
    return found[1]


def totp(secret: str) -> str:
    """A code of an authenticator that was not used yet (RFC 6238); waits when all that hold now were used."""
    while True:
        now = int(time.time()) // 30
        for counter in (now, now + 1, now - 1):
            if (secret, counter) not in _used:
                _used.add((secret, counter))
                digest = hmac.new(base64.b32decode(secret), counter.to_bytes(8, "big"), hashlib.sha1).digest()
                at = digest[-1] & 15
                return f"{(int.from_bytes(digest[at : at + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"
        time.sleep(1)


def cny(minor: int) -> dict[str, Any]:
    return {"amount": minor, "currency": "CNY"}


class Customer:
    """A customer who has signed up over the API. Every answer is a real response; nothing is assumed."""

    def __init__(self, live: Live, name: str = "Test Person", language: str = "en", phone: str = "") -> None:
        self.live, self.name, self.phone = live, name, phone or fresh_phone()
        self.http = httpx.Client(
            base_url=live.url,
            timeout=30,
            trust_env=False,
            limits=UNKEPT,
            headers={"Accept-Language": language},
        )

    def signed_up(self, *, named: bool = True, pin: bool = True) -> "Customer":
        body = {"phone": self.phone, "password1": PASSWORD, "password": PASSWORD, "agreement": True}
        began = self.http.post("/_allauth/app/v1/auth/signup", json=body)
        assert began.status_code == 401, began.text
        self._keep(began)
        verified = self.http.post(
            "/_allauth/app/v1/auth/phone/verify", json={"code": sms_code(self.live, self.phone)}
        )
        assert verified.status_code == 200, verified.text
        self._keep(verified)
        if named:
            self.ok("POST", "/me/name", {"name": self.name})
        if pin:
            self.ok("POST", "/me/pin", {"pin": PIN, "password": PASSWORD})
        return self

    def signed_in(self, password: str = PASSWORD) -> "Customer":
        body = {"phone": self.phone, "password": password}
        self.http.headers.pop("X-Session-Token", None)
        answer = self.http.post("/_allauth/app/v1/auth/login", json=body)
        self._keep(answer)
        if answer.status_code == 401:
            # An app that does not say which device it is counts as a new one.
            before = self.last_sms("people.code_step")
            sent = self.http.post("/_allauth/app/v1/auth/2fa/code", json={"way": "sms"})
            assert sent.status_code == 202, sent.text
            code = sms_code(self.live, self.phone, "people.code_step", before)
            answer = self.http.post(
                "/_allauth/app/v1/auth/2fa/authenticate", json={"way": "sms", "code": code}
            )
            self._keep(answer)
        assert answer.status_code == 200, answer.text
        return self

    def last_sms(self, kind: str) -> str:
        """The id of the newest SMS of a kind so far, or nothing."""
        found = httpx.get(
            self.live.outbox_url, params={"address": self.phone}, trust_env=False, timeout=20
        ).json()
        return next((str(item["id"]) for item in found if item["kind"] == kind), "")

    def rich(self, minor: int) -> "Customer":
        """Signed up, with money that came through the bank."""
        self.signed_up()
        assert self.top_up(minor)["state"] == "succeeded"
        return self

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **more: Any
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return self.http.request(method, f"/api/v1{path}", json=body, headers=headers, **more)

    def ok(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, status: int = 200
    ) -> Any:
        answer = self.call(method, path, body, key=key)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text[:600]}"
        return answer.json()

    def order(self, minor: int, key: str = "") -> dict[str, Any]:
        """A top-up that waits for the bank."""
        started = self.ok("POST", "/top-ups", {"amount": cny(minor)}, key=key or new_key(), status=201)
        assert started["state"] == "awaiting_payment"
        return dict(started)

    def pay(self, order: dict[str, Any], **faults: Any) -> None:
        """Pay an order at the bank, with whatever the clerk does wrong."""
        paid = httpx.post(order["instructions"]["pay_url"], json=faults, timeout=30, trust_env=False)
        assert paid.status_code == 201, paid.text

    def top_up(self, minor: int) -> dict[str, Any]:
        order = self.order(minor)
        self.pay(order)
        return self.wait_for(order["reference"], "succeeded")

    def transfer(
        self, phone: str, minor: int, *, note: str = "", pin: str = PIN, key: str = ""
    ) -> httpx.Response:
        body = {"phone": phone, "amount": cny(minor), "note": note, "pin": pin}
        return self.call("POST", "/transfers", body, key=key or new_key())

    def operation(self, reference: str) -> dict[str, Any]:
        return dict(self.ok("GET", f"/operations/{reference}"))

    def operations(self) -> list[dict[str, Any]]:
        return list(self.ok("GET", "/operations?limit=100")["items"])

    def wait_for(self, reference: str, state: str, timeout_s: float = 60) -> dict[str, Any]:
        def there() -> dict[str, Any] | None:
            found = self.operation(reference)
            return found if found["state"] == state else None

        found = until(there, timeout_s)
        assert found is not None
        return found

    @property
    def available(self) -> int:
        """Minor units that can be spent now; nobody has an account before money touched them."""
        accounts = self.ok("GET", "/accounts")["accounts"]
        return sum(int(account["available"]["amount"]) for account in accounts)

    def _keep(self, answer: httpx.Response) -> None:
        if token := answer.json().get("meta", {}).get("session_token"):
            self.http.headers["X-Session-Token"] = token


def new_key() -> str:
    return secrets.token_hex(12)


def is_problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """An RFC 9457 problem with its code, words and remedy."""
    assert answer.status_code == status, f"{answer.status_code} {answer.text[:600]}"
    assert answer.headers["Content-Type"] == "application/problem+json"
    problem = answer.json()
    assert problem["code"] == code, problem
    assert problem["type"] == f"urn:guitai:problem:{code}"
    assert problem["status"] == status
    assert problem["title"] and problem["detail"] and problem["remedy"]["text"], problem
    return dict(problem)
