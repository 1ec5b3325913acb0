"""UnionPay's transactions, and what happens to them. A transaction is known by its number and sending time together."""

import json
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.sandbox.asgi import Problem
from guitai.sandbox.faults import Faults
from guitai.sandbox.store import Row
from guitai.sandbox.unionpay.cards import Card
from guitai.sandbox.unionpay.certificates import Authority, stranger
from guitai.sandbox.unionpay.messages import Fields, notice_body, sign
from guitai.sandbox.world import World, seconds

SCHEMA = """
CREATE TABLE IF NOT EXISTS unionpay_transaction (
    id TEXT PRIMARY KEY, order_id TEXT NOT NULL, txn_time TEXT NOT NULL, kind TEXT NOT NULL, amount INTEGER NOT NULL,
    currency TEXT NOT NULL, state TEXT NOT NULL, response TEXT NOT NULL, query_id TEXT NOT NULL UNIQUE,
    original TEXT NOT NULL, card TEXT NOT NULL DEFAULT '', card_type TEXT NOT NULL DEFAULT '', fields TEXT NOT NULL,
    ends_at TEXT NOT NULL, traced TEXT NOT NULL DEFAULT '', settle_day TEXT NOT NULL, created_at INTEGER NOT NULL,
    told INTEGER NOT NULL DEFAULT 0, UNIQUE (order_id, txn_time)
) STRICT;
CREATE TABLE IF NOT EXISTS unionpay_arrangement (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
"""
ZONE = ZoneInfo("Asia/Shanghai")
PAYMENT, UNDO, REFUND, PAYOUT = "01", "31", "04", "12"
SENDER = "unionpay"
# What the merchant pays UnionPay: six in a thousand of a payment, rounded half up, and a yuan for a payment to a card.
FEE_PER_1000, PAYOUT_FEE = 6, 100
NO_NOTICE = "http://www.specialUrl.com"
_KEPT = ("merId", "bizType", "accessType", "backUrl", "frontUrl", "reqReserved", "riskRateInfo")


def beijing(moment: datetime) -> datetime:
    return moment.astimezone(ZONE)


def settle_day(moment: datetime) -> str:
    """A settlement day runs from 23:00 of the day before."""
    return (beijing(moment) + timedelta(hours=1)).strftime("%Y%m%d")


class Book:
    def __init__(self, world: World, authority: Authority) -> None:
        self._world, self.store = world, world.store
        self.authority = authority

    def find(self, order_id: str, txn_time: str) -> Row | None:
        return self.store.row(
            "SELECT * FROM unionpay_transaction WHERE order_id = ? AND txn_time = ?", order_id, txn_time
        )

    def by_number(self, query_id: str) -> Row | None:
        return self.store.row("SELECT * FROM unionpay_transaction WHERE query_id = ?", query_id)

    def payment_page(self, identity: str) -> Row:
        found = self.store.row(
            "SELECT * FROM unionpay_transaction WHERE id = ? AND kind IN ('01', '12')", identity
        )
        if found is None:
            raise Problem(404, "order_unknown", "UnionPay knows no such order.")
        return found

    def latest(self) -> list[Row]:
        return self.store.rows("SELECT * FROM unionpay_transaction ORDER BY rowid DESC LIMIT 100")

    def of_day(self, day: str) -> list[Row]:
        return self.store.rows(
            "SELECT * FROM unionpay_transaction WHERE settle_day = ? AND state = 'done' ORDER BY rowid", day
        )

    def refunded(self, query_id: str) -> int:
        row = self.store.row(
            "SELECT coalesce(sum(amount), 0) AS total FROM unionpay_transaction "
            "WHERE original = ? AND state IN ('done', 'undecided')",
            query_id,
        )
        return int(row["total"]) if row else 0

    def take(self, fields: Fields, *, state: str, response: str) -> Row:
        """Write a wish of the merchant's down, inside the caller's transaction."""
        moment = now()
        row = {
            "id": new_id().hex,
            "order_id": fields["orderId"],
            "txn_time": fields["txnTime"],
            "kind": fields["txnType"],
            "amount": int(fields["txnAmt"]),
            "currency": fields["currencyCode"],
            "state": state,
            "response": response,
            # Begins with the transaction's time, as UnionPay's own do.
            "query_id": f"{fields['txnTime']}{new_id().int % 10**7:07}",
            "original": fields.get("origQryId", ""),
            "fields": json.dumps({name: fields[name] for name in _KEPT if name in fields}),
            "ends_at": fields.get("payTimeout", ""),
            "traced": beijing(moment).strftime("%m%d%H%M%S"),
            "settle_day": settle_day(moment),
            "created_at": seconds(),
        }
        self.store.insert("unionpay_transaction", row)
        return self.store.row("SELECT * FROM unionpay_transaction WHERE id = ?", row["id"]) or row

    def pay_out(self, fields: Fields, card: str, response: str, faults: Faults) -> Row:
        """Carry out a payment to a card, or write down that it failed, inside the caller's transaction.

        Of what failed UnionPay sends no notice.
        """
        state = {"00": "done", "05": "undecided"}.get(response, "failed")
        row = self.take(fields, state=state, response=response)
        self.store.execute(
            "UPDATE unionpay_transaction SET card = ? WHERE id = ?", f"{card[:6]}******{card[-4:]}", row["id"]
        )
        if state == "done":
            self.announce(row["id"], faults)
        return row

    def pay(self, row: Row, card: Card, faults: Faults) -> str:
        """The payer has confirmed: gives what the issuer answered."""
        if row["state"] == "done":
            raise Problem(409, "already_paid", "This order has been paid.")
        if row["ends_at"] and beijing(now()).strftime("%Y%m%d%H%M%S") > row["ends_at"]:
            raise Problem(410, "order_over", "The time for paying this order is over.")
        state = {"00": "done", "05": "undecided"}.get(card.response, "failed")
        with self.store.transaction():
            self._change(row, state, card.response, card)
            if state == "done":
                self.announce(row["id"], faults)
        return card.response

    def decide(self, row: Row, *, done: bool, faults: Faults) -> None:
        """End what was undecided."""
        with self.store.transaction():
            self._change(row, "done" if done else "failed", "00" if done else "60", None)
            if done:
                self.announce(row["id"], faults)

    def announce(self, identity: str, faults: Faults) -> None:
        """Write the notices of a transaction down, inside the caller's transaction."""
        row = self.store.row("SELECT * FROM unionpay_transaction WHERE id = ?", identity)
        if row is None:
            return
        fields = json.loads(row["fields"])
        url = fields.get("backUrl", "")
        if not url or url == NO_NOTICE:
            return
        told = {**self.result(row), "respCode": row["response"], "respMsg": "Success!"}
        if faults.told_amount is not None:
            told["txnAmt"] = str(faults.told_amount)
        signer = stranger() if faults.bad_signature else self.authority.gateway
        body = notice_body(sign(told, signer))
        for _ in range(faults.copies):
            self._world.courier.post(
                row["id"], url, body, delay_s=faults.delay_s, lost=faults.lost, sender=SENDER,
                signature="bad" if faults.bad_signature else "good",
            )  # fmt: skip

    def result(self, row: Row) -> Fields:
        """What a transaction came to, in the fields of notices and answers."""
        kept: dict[str, Any] = json.loads(row["fields"])
        said = {
            "version": "5.1.0",
            "encoding": "UTF-8",
            "signMethod": "01",
            "txnType": row["kind"],
            "txnSubType": "01" if row["kind"] == PAYMENT else "00",
            "bizType": kept.get("bizType", "000201"),
            "accessType": kept.get("accessType", "0"),
            "merId": kept["merId"],
            "orderId": row["order_id"],
            "txnTime": row["txn_time"],
            "txnAmt": str(row["amount"]),
            "currencyCode": row["currency"],
            "queryId": row["query_id"],
            "settleAmt": str(row["amount"]),
            "settleCurrencyCode": "156",
            "settleDate": row["settle_day"][4:],
            "traceNo": row["query_id"][-6:],
            "traceTime": row["traced"],
            "reqReserved": kept.get("reqReserved", ""),
            "origQryId": row["original"],
            # Brand and last four figures at most: a merchant is never told a whole number.
            "accNo": row["card"],
            "payCardType": row["card_type"],
        }
        return {name: value for name, value in said.items() if value}

    def arranged(self, name: str) -> str:
        """What the clerk arranged for the next time, once."""
        row = self.store.row("SELECT value FROM unionpay_arrangement WHERE name = ?", name)
        return str(row["value"]) if row else ""

    def taken(self, name: str) -> str:
        """The same, and it is over."""
        value = self.arranged(name)
        self.store.execute("DELETE FROM unionpay_arrangement WHERE name = ?", name)
        return value

    def arrange(self, name: str, value: str) -> None:
        with self.store.transaction():
            self.store.execute("DELETE FROM unionpay_arrangement WHERE name = ?", name)
            if value:
                self.store.insert("unionpay_arrangement", {"name": name, "value": value})

    def deliveries(self, identity: str) -> list[Row]:
        return self.store.rows(
            "SELECT id, state, signature, attempts, due_at, delivered_at, result FROM delivery "
            "WHERE payment_id = ? ORDER BY id",
            identity,
        )

    def _change(self, row: Row, state: str, response: str, card: Card | None) -> None:
        moment = now()
        self.store.execute(
            "UPDATE unionpay_transaction SET state = ?, response = ?, traced = ?, settle_day = ?, "
            "card = coalesce(?, card), card_type = coalesce(?, card_type) WHERE id = ?",
            state, response, beijing(moment).strftime("%m%d%H%M%S"), settle_day(moment),
            card.shown if card else None, card.type_code if card else None, row["id"],
        )  # fmt: skip
