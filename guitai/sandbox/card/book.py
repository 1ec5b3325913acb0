"""The acquirer's objects, one JSON document each, and the events about them."""

import json
import secrets
from typing import Any

from guitai.sandbox.faults import Faults
from guitai.sandbox.store import Row
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS card_object (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, parent TEXT NOT NULL DEFAULT '', created INTEGER NOT NULL,
    content TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS card_object_kind ON card_object (kind, created);
CREATE INDEX IF NOT EXISTS card_object_parent ON card_object (parent);
CREATE TABLE IF NOT EXISTS card_idempotency (
    key TEXT PRIMARY KEY, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL, created INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS card_arrangement (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
SENDER = "card"
API_VERSION = "2026-10-28.endive"
IDEMPOTENCY_S = 24 * 3600
Object = dict[str, Any]


def new_id(prefix: str) -> str:
    return f"{prefix}_{secrets.token_hex(12)}"


def shown(content: Object) -> Object:
    """An object as the merchant sees it: what begins with an underscore is the acquirer's own."""
    return {name: value for name, value in content.items() if not name.startswith("_")}


class Book:
    def __init__(self, world: World) -> None:
        self._world, self.store = world, world.store

    def keep(self, content: Object, parent: str = "") -> Object:
        """Write a new object or a changed one, inside the caller's transaction."""
        self.store.execute("DELETE FROM card_object WHERE id = ?", content["id"])
        self.store.insert(
            "card_object",
            {
                "id": content["id"],
                "kind": content["object"],
                "parent": parent,
                "created": content["created"],
                "content": json.dumps(content, ensure_ascii=False),
            },
        )
        return content

    def find(self, kind: str, identity: str) -> Object | None:
        row = self.store.row("SELECT content FROM card_object WHERE id = ? AND kind = ?", identity, kind)
        return _content(row) if row else None

    def listed(self, kind: str, *, parent: str = "", gte: int = 0, lte: int = 2**40) -> list[Object]:
        """Newest first, as the acquirer lists."""
        rows = self.store.rows(
            "SELECT content FROM card_object WHERE kind = ? AND created BETWEEN ? AND ? AND (? = '' OR parent = ?) "
            "ORDER BY created DESC, rowid DESC LIMIT 10000",
            kind, gte, lte, parent, parent,
        )  # fmt: skip
        return [_content(row) for row in rows]

    def announce(self, kinds: list[tuple[str, Object]], faults: Faults) -> None:
        """Write webhooks down, inside the caller's transaction."""
        for kind, about in reversed(kinds) if faults.reordered else kinds:
            told = shown(about)
            if faults.told_amount is not None and "amount_total" in told:
                told["amount_total"] = faults.told_amount
            event = {
                "id": new_id("evt"),
                "object": "event",
                "api_version": API_VERSION,
                "created": seconds(),
                "data": {"object": told},
                "livemode": False,
                "pending_webhooks": 1,
                "request": {"id": None, "idempotency_key": None},
                "type": kind,
            }
            self.keep(event)
            for _ in range(faults.copies):
                self._world.courier.post(
                    about["id"], self.webhook_url(), event, delay_s=faults.delay_s, lost=faults.lost, sender=SENDER,
                    signature="bad" if faults.bad_signature else "good",
                )  # fmt: skip

    def deliveries(self, *identities: str) -> list[Row]:
        marks = ",".join("?" for _ in identities)
        return self.store.rows(
            "SELECT id, payment_id, body, state, signature, attempts, due_at, delivered_at, result FROM delivery "
            f"WHERE payment_id IN ({marks}) ORDER BY id",
            *identities,
        )

    def webhook_url(self) -> str:
        """Where the merchant wants events: as arranged, or where the wallet usually lives."""
        return self.arranged("webhook_url") or f"{self._world.settings.wallet_url}/rails/card/notices/"

    def arranged(self, name: str) -> str:
        row = self.store.row("SELECT value FROM card_arrangement WHERE name = ?", name)
        return str(row["value"]) if row else ""

    def taken(self, name: str) -> str:
        """What the clerk arranged for the next time; then it is over."""
        value = self.arranged(name)
        self.store.execute("DELETE FROM card_arrangement WHERE name = ?", name)
        return value

    def counted_down(self, name: str) -> bool:
        """Whether it goes wrong this time: so many times were arranged."""
        value = self.taken(name)
        times = int(value) if value.isascii() and value.isdigit() else 0
        if times > 1:
            self.arrange(name, str(times - 1))
        return times > 0

    def arrange(self, name: str, value: str) -> None:
        with self.store.transaction():
            self.store.execute("DELETE FROM card_arrangement WHERE name = ?", name)
            if value:
                self.store.insert("card_arrangement", {"name": name, "value": value})

    def remembered(self, key: str) -> Row | None:
        self.store.execute("DELETE FROM card_idempotency WHERE created < ?", seconds() - IDEMPOTENCY_S)
        return self.store.row("SELECT * FROM card_idempotency WHERE key = ?", key)

    def remember(self, key: str, request: str, status: int, answer: str) -> None:
        self.store.insert(
            "card_idempotency",
            {"key": key, "request": request, "status": status, "answer": answer, "created": seconds()},
        )


def _content(row: Row) -> Object:
    found: Object = json.loads(row["content"])
    return found
