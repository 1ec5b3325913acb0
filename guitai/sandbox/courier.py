"""Brings signed notices to the wallet, again and again until it says 2xx. What is due is a row, so a restart
of either side loses nothing."""

import asyncio
import contextlib
import json
from collections.abc import Callable
from urllib.parse import urlsplit

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.sandbox.signatures import request_headers
from guitai.sandbox.store import Row, Store

_TIMEOUT_S = 5.0
_PAUSE_S_MAX = 60
# Two days at one attempt a minute: then a clerk has to press "send again".
_ATTEMPTS_MAX = 2_900
_AT_ONCE = 8
# The headers of one attempt at a moment: whoever sends signs anew each time, where its protocol does.
Headers = Callable[[Row, int], dict[str, str]]
# Whether an answer says that a notice was understood.
Heard = Callable[[httpx.Response], bool]


class Courier:
    def __init__(self, store: Store, key: Ed25519PrivateKey) -> None:
        self._store = store
        self._key = key
        self._senders: dict[str, Headers] = {"bank": self._bank_headers}
        self._heard: dict[str, Heard] = {}
        self._woken = asyncio.Event()
        self._on_the_way: set[str] = set()
        self._client = httpx.AsyncClient(timeout=_TIMEOUT_S, trust_env=False)

    def speak_for(self, sender: str, headers: Headers, heard: Heard | None = None) -> None:
        """Deliver for somebody else than the bank, with headers of their own, until an answer that counts for them."""
        self._senders[sender] = headers
        if heard is not None:
            self._heard[sender] = heard

    def post(
        self,
        payment_id: str,
        url: str,
        content: object,
        *,
        delay_s: int,
        signature: str,
        lost: bool,
        sender: str = "bank",
    ) -> str:
        """Write a delivery down, inside the caller's transaction; gives its id. Bytes are sent as they are."""
        delivery_id = str(new_id())
        moment = now().timestamp()
        self._store.insert(
            "delivery",
            {
                "id": delivery_id,
                "payment_id": payment_id,
                "url": url,
                "body": content
                if isinstance(content, bytes)
                else json.dumps(content, ensure_ascii=False).encode(),
                "signature": signature,
                "sender": sender,
                "state": "lost" if lost else "pending",
                "due_at": moment + delay_s,
                "created_at": int(moment),
            },
        )
        self._woken.set()
        return delivery_id

    def send_again(self, delivery_id: str) -> bool:
        """Make a delivery due now, whatever became of it before; gives whether there is one."""
        changed = self._store.execute(
            "UPDATE delivery SET state = 'pending', attempts = 0, due_at = ? WHERE id = ?",
            now().timestamp(),
            delivery_id,
        )
        self._woken.set()
        return bool(changed)

    async def run(self) -> None:
        """Deliver what is due, for ever."""
        while True:
            self._woken.clear()
            due = self._due()
            if due:
                await asyncio.gather(*(self.attempt(delivery) for delivery in due))
                continue
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), timeout=self._pause())

    async def attempt_now(self, delivery_id: str) -> None:
        """One attempt at once, for whoever has to wait for it."""
        delivery = self._store.row("SELECT * FROM delivery WHERE id = ? AND state = 'pending'", delivery_id)
        if delivery:
            await self.attempt(delivery)

    async def attempt(self, delivery: Row) -> None:
        """Send once and write down what came of it. A notice may arrive twice; the wallet must bear that."""
        self._on_the_way.add(delivery["id"])
        try:
            await self._attempt(delivery)
        finally:
            self._on_the_way.discard(delivery["id"])

    async def _attempt(self, delivery: Row) -> None:
        moment = int(now().timestamp())
        headers = self._senders[delivery["sender"]](delivery, moment)
        try:
            answer = await self._client.post(delivery["url"], content=delivery["body"], headers=headers)
            heard = self._heard.get(delivery["sender"], lambda told: told.is_success)
            result, delivered = f"HTTP {answer.status_code}", heard(answer)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            result, delivered = type(error).__name__, False
        attempts = delivery["attempts"] + 1
        state = "delivered" if delivered else "given_up" if attempts >= _ATTEMPTS_MAX else "pending"
        pause_s = min(2 ** min(attempts - 1, 10), _PAUSE_S_MAX)
        self._store.execute(
            "UPDATE delivery SET state = ?, attempts = ?, due_at = ?, delivered_at = ?, result = ? WHERE id = ?",
            state, attempts, now().timestamp() + pause_s, moment if delivered else None, result, delivery["id"],
        )  # fmt: skip

    def _bank_headers(self, delivery: Row, moment: int) -> dict[str, str]:
        # A stranger's key makes a signature that has the right form and does not hold.
        key = self._key if delivery["signature"] == "good" else Ed25519PrivateKey.generate()
        path = urlsplit(delivery["url"]).path or "/"
        signed = request_headers(key, "bank", "POST", path, delivery["body"], moment)
        return {"Content-Type": "application/json", **signed}

    async def close(self) -> None:
        await self._client.aclose()

    def _due(self) -> list[Row]:
        rows = self._store.rows(
            "SELECT * FROM delivery WHERE state = 'pending' AND due_at <= ? ORDER BY due_at LIMIT ?",
            now().timestamp(),
            _AT_ONCE + len(self._on_the_way),
        )
        return [row for row in rows if row["id"] not in self._on_the_way]

    def _pause(self) -> float:
        if self._on_the_way:
            return 0.1
        row = self._store.row("SELECT min(due_at) AS due_at FROM delivery WHERE state = 'pending'")
        if row is None or row["due_at"] is None:
            return 30.0
        return max(0.01, min(30.0, row["due_at"] - now().timestamp()))
