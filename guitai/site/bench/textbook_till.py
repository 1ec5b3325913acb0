"""The textbook's till: what our till does for one transfer between people who know each other, by hand, one
transaction a transfer.

It leaves the same rows in the same tables (`guitai verify` is asked about them afterwards): claim, standing, PIN,
limit, balances with the fee, transfers, entries, operation, bills, timeline, audit row, topic. Reads and judgement
are plain statements, each prepared once; the writes go out together in one pipeline. It does without NOTIFY, which
would make its commits wait for each other, and reads the policies once and not each second.
"""

import hmac
import json
import random
import time
from datetime import UTC, timedelta
from typing import Any
from uuid import UUID

import psycopg

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.reference import new_reference
from guitai.kit import crypto
from guitai.site.bench.fixture import CURRENCY, PIN
from guitai.site.bench.textbook import BALANCE, LOCK, Account, Movement, balance, move
from guitai.wallet.rules import chart

_CLAIM = """
INSERT INTO wallet_claim (actor, key, body_hash, operation_id, event_id, claimed_at) VALUES (%s, %s, %s, %s, %s, %s)
ON CONFLICT DO NOTHING RETURNING 1
"""
_PAYEE = "SELECT id FROM people_user WHERE phone_index = %s AND phone_verified AND kind = 'customer'"
_STANDING = """
SELECT state, scope FROM people_standing WHERE person_id = ANY(%s) ORDER BY person_id FOR SHARE
"""
_PIN = "SELECT code, locked_until FROM people_pin WHERE person_id = %s FOR NO KEY UPDATE"
_KNOWN = """
SELECT EXISTS (SELECT 1 FROM wallet_dealing WHERE owner = %s AND other = %s),
  EXISTS (SELECT 1 FROM wallet_dealing WHERE owner = %s AND other = %s),
  (SELECT count(*) FROM wallet_party p JOIN wallet_operation o ON o.id = p.operation_id AND o.owner = p.owner
   WHERE p.owner = %s AND p.since > %s AND p.direction = 'out' AND p.state <> 'refused' AND o.kind = 'transfer')
"""
_LIMIT = """
INSERT INTO wallet_limit_used AS l (owner, name, currency, month, month_minor, day, day_minor)
VALUES (%s, 'transfer', %s, %s, %s, %s, %s)
ON CONFLICT (owner, name, currency, month) DO UPDATE SET month_minor = l.month_minor + excluded.month_minor,
  day = excluded.day, day_minor = excluded.day_minor + CASE WHEN l.day = excluded.day THEN l.day_minor ELSE 0 END
RETURNING day_minor, month_minor
"""
_OPERATION = """
INSERT INTO wallet_operation (id, reference, book, kind, state, owner, amount_minor, fee_minor, currency, payee,
  payee_phone, payee_index, facts, delivered, limits_taken, created_at, changed_at)
VALUES (%s, %s, 'live', 'transfer', 'succeeded', %s, %s, %s, %s, %s, %s, %s, %s, true, %s, %s, %s)
"""
_PARTIES = """
INSERT INTO wallet_party (operation_id, owner, direction, state, counterparty, label, since)
VALUES (%s, %s, 'out', 'succeeded', %s, '', %s), (%s, %s, 'in', 'succeeded', %s, '', %s)
"""
_EVENT = """
INSERT INTO wallet_operation_event (operation_id, id, at, intent, outcome, event, state, facts, actor, transfers)
VALUES (%s, %s, %s, 'transfer.send', 'approved', 'succeeded', 'succeeded', %s, %s, %s)
"""
_DEALING = "INSERT INTO wallet_dealing (owner, other, since) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING"
_AUDIT = """
INSERT INTO audit_row
  (at, actor_kind, actor_id, action, subject_kind, subject_id, purpose_kind, purpose_id, reason, details)
VALUES (%s, 'customer', %s, 'transfer.send', 'operation', %s, '', '', '', %s)
"""
_TOPIC = """
INSERT INTO kit_topic (name, payload, emitted_at, attempts, due_at, error)
VALUES ('wallet.operation_changed', %s, %s, 0, %s, '')
"""
_HOUR = timedelta(hours=1)


class Refused(Exception):
    """A benchmark of refusals would be another one: the run ends."""


class Worker:
    """One client: a process and a connection of its own."""

    def __init__(self) -> None:
        self._random = random.Random(new_id().int)
        self._persons: list[tuple[UUID, str]] = []
        self._known = 1
        self._policies: dict[str, tuple[str, Any]] = {}
        self._connection: psycopg.Connection[Any] | None = None

    def connect(self, url: str, persons: list[tuple[UUID, str]], known: int) -> None:
        self._persons, self._known = persons, known
        self._connection = psycopg.connect(url, prepare_threshold=0)
        rows = self._connection.execute(
            "SELECT name, version, value FROM kit_policy_version ORDER BY version"
        )
        self._policies = {name: (f"{name}@{version}", value) for name, version, value in rows.fetchall()}
        self._connection.commit()

    def measure(self, seconds: float, warm: float) -> dict[str, Any]:
        """Transfer after transfer for so long; gives how many, and the seconds they took."""
        self._spend(warm)
        began = time.perf_counter()
        count = self._spend(seconds)
        return {"count": count, "seconds": time.perf_counter() - began}

    def _spend(self, seconds: float) -> int:
        ends, count = time.perf_counter() + seconds, 0
        while time.perf_counter() < ends:
            sender = self._random.randrange(len(self._persons))
            payee = (sender + self._random.randint(1, self._known)) % len(self._persons)
            amount = self._random.randrange(100, 10_000)
            self._transfer(self._persons[sender][0], self._persons[payee][1], amount)
            count += 1
        return count

    def _transfer(self, owner: UUID, phone: str, amount: int) -> None:
        assert self._connection is not None
        with self._connection.cursor() as cursor:
            wish = Wish(owner, phone, amount, self._fee(amount))
            wish.claim(cursor)
            wish.find_payee(cursor)
            wish.check_persons(cursor)
            wish.check_limits(cursor, self._policies)
            # The fee's account is everybody's: it is locked last, as late as can be.
            accounts = wish.lock(cursor)
            with self._connection.pipeline():
                wish.write(cursor, accounts, {"fee_policy": self._policies["fees"][0]})
        self._connection.commit()

    def _fee(self, amount: int) -> int:
        fee = self._policies["fees"][1]["transfer"][CURRENCY]
        return int(fee["fixed_minor"]) + amount * int(fee["basis_points"]) // 10_000


class Wish:
    """One transfer on its way through the steps."""

    def __init__(self, owner: UUID, phone: str, amount: int, fee: int) -> None:
        self.owner, self.phone, self.amount, self.fee = owner, phone, amount, fee
        self.actor, self.operation, self.event, self.moment = f"customer:{owner}", new_id(), new_id(), now()
        self.index = crypto.blind(phone, purpose="people.phone")
        self.day = self.moment.astimezone(UTC).date()
        self.payee, self.is_known = UUID(int=0), False

    def claim(self, cursor: psycopg.Cursor[Any]) -> None:
        body = {"phone": self.phone, "amount": self.amount, "currency": CURRENCY, "note": ""}
        digest = crypto.mac("wallet.claim", "transfer.send", json.dumps(body, sort_keys=True), PIN)
        row = [self.actor, str(new_id()), digest, self.operation, self.event, self.moment]
        if cursor.execute(_CLAIM, row).fetchone() is None:
            raise Refused("the key is in use")

    def find_payee(self, cursor: psycopg.Cursor[Any]) -> None:
        row = cursor.execute(_PAYEE, [self.index]).fetchone()
        if row is None or row[0] == self.owner:
            raise Refused("payee")
        self.payee = row[0]

    def check_persons(self, cursor: psycopg.Cursor[Any]) -> None:
        cursor.execute(_STANDING, [[self.owner, self.payee]])
        if [state for state, _ in cursor.fetchall()] != ["active", "active"]:
            raise Refused("standing")
        code, locked_until = cursor.execute(_PIN, [self.owner]).fetchone() or (b"", None)
        right = hmac.compare_digest(bytes(code), crypto.mac("people.pin", str(self.owner), PIN))
        if not right or (locked_until is not None and locked_until > self.moment):
            raise Refused("pin")

    def check_limits(self, cursor: psycopg.Cursor[Any], policies: dict[str, tuple[str, Any]]) -> None:
        limit, velocity = policies["limits"][1]["tiers"][0]["transfer"][CURRENCY], policies["velocity"][1]
        pair = (self.owner, self.payee)
        cursor.execute(_KNOWN, [*pair, *reversed(pair), self.owner, self.moment - _HOUR])
        dealt, self.is_known, recent = cursor.fetchone() or (False, False, 0)
        if not dealt or recent + 1 > velocity["count_an_hour"]:
            raise Refused("velocity")
        month = self.day.replace(day=1)
        cursor.execute(_LIMIT, [self.owner, CURRENCY, month, self.amount, self.day, self.amount])
        of_day, of_month = cursor.fetchone() or (0, 0)
        if self.amount > limit["once"] or of_day > limit["day"] or of_month > limit["month"]:
            raise Refused("limit")
        if of_day > velocity["amount_a_day"][0]["minor"]:
            raise Refused("velocity")

    def lock(self, cursor: psycopg.Cursor[Any]) -> tuple[Account, Account, Account]:
        wanted = (
            chart.customer_account(self.owner, CURRENCY).id,
            chart.customer_account(self.payee, CURRENCY).id,
            chart.house_account(chart.FEES, CURRENCY).id,
        )
        cursor.execute(LOCK, [list(wanted)])
        found = {row[0]: Account(*row) for row in cursor.fetchall()}
        # Under the locks, or the lines of the fee's account would go back in time.
        self.moment = now()
        return found[wanted[0]], found[wanted[1]], found[wanted[2]]

    def write(
        self, cursor: psycopg.Cursor[Any], accounts: tuple[Account, Account, Account], facts: dict[str, str]
    ) -> None:
        sender, payee, fees = accounts
        rest = self.moment, self.operation
        moved = Movement(new_id(), sender, payee, self.amount, "transfer.deliver", *rest)
        charged = Movement(new_id(), sender, fees, self.fee, "fee", *rest)
        for movement in (moved, charged):
            move(cursor, movement)
        for account in sorted(accounts, key=lambda account: account.id):
            cursor.execute(BALANCE, balance(account, self.moment))
        reference = new_reference("operation")
        self._write_operation(cursor, reference, json.dumps(facts))
        event = [self.operation, self.event, self.moment, json.dumps(facts), self.actor]
        cursor.execute(_EVENT, [*event, [moved.id, charged.id]])
        if not self.is_known:
            cursor.execute(_DEALING, [self.payee, self.owner, self.moment])
        told = {
            "outcome": "approved", "state": "succeeded", "code": None, "reference": reference,
            "transfers": [str(moved.id), str(charged.id)],
        }  # fmt: skip
        cursor.execute(_AUDIT, [self.moment, str(self.owner), str(self.operation), json.dumps(told)])
        topic = {"operation_id": str(self.operation), "state": "succeeded", "event": "succeeded"}
        cursor.execute(_TOPIC, [json.dumps(topic), self.moment, self.moment])

    def _write_operation(self, cursor: psycopg.Cursor[Any], reference: str, facts: str) -> None:
        sealed = crypto.seal(self.phone, purpose="operation.payee_phone", row=self.operation)
        cursor.execute(
            _OPERATION,
            [
                self.operation, reference, self.owner, self.amount, self.fee, CURRENCY, self.payee, sealed,
                self.index, facts, [f"transfer@{self.day}/{self.amount}"], self.moment, self.moment,
            ],
        )  # fmt: skip
        cursor.execute(
            _PARTIES,
            [
                self.operation, self.owner, self.payee, self.moment,
                self.operation, self.payee, self.owner, self.moment,
            ],
        )  # fmt: skip
