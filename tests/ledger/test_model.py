"""A model of the ledger in a few lines of plain Python, run beside the real one over random work.

`GUITAI_SEED=...` replays a run, `GUITAI_EXAMPLES=...` makes it longer; a failure prints the example and its blob.
"""

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from guitai.base import clock
from guitai.ledger import api, locking, poster
from guitai.ledger.types import AMOUNT_MAX, AccountFlag, NewAccount, NewTransfer, TransferFlag
from tests.ledger.conftest import CHART, NOON, OWNER

NONE, LINKED, PENDING = TransferFlag.NONE, TransferFlag.LINKED, TransferFlag.PENDING
POST, VOID = TransferFlag.POST_PENDING, TransferFlag.VOID_PENDING
BY_DEBIT, BY_CREDIT = TransferFlag.BALANCING_DEBIT, TransferFlag.BALANCING_CREDIT
CLOSES_DEBIT, CLOSES_CREDIT = TransferFlag.CLOSING_DEBIT, TransferFlag.CLOSING_CREDIT
FREE = UUID(int=0xF1)
ACCOUNTS = [account.id for account in CHART[:3]] + [FREE]
ALICE, BOB, BANK, _ = ACCOUNTS
NOBODY = UUID(int=0)
PASSING = {"exceeds_credits", "exceeds_debits", "pending_transfer_not_found", "debit_account_already_closed",
           "credit_account_already_closed"}  # fmt: skip
_SEED, _EXAMPLES = os.environ.get("GUITAI_SEED"), int(os.environ.get("GUITAI_EXAMPLES", "80"))


@dataclass
class Model:
    """Balances as a counter, a whole copy instead of an undo log, one rule a line."""

    sums: Counter[tuple[UUID, str]] = field(default_factory=Counter)
    transfers: dict[UUID, tuple[NewTransfer, int]] = field(default_factory=dict)
    fates: dict[UUID, str] = field(default_factory=dict)
    closed: set[UUID] = field(default_factory=set)
    burnt: set[UUID] = field(default_factory=set)
    lines: Counter[UUID] = field(default_factory=Counter)
    now: datetime = NOON

    def copy(self) -> "Model":
        return Model(Counter(self.sums), dict(self.transfers), dict(self.fates), set(self.closed), self.burnt,
                     Counter(self.lines), self.now)  # fmt: skip

    def post(self, batch: list[NewTransfer]) -> list[str]:
        results: list[str] = []
        while batch:
            length = next((i for i, t in enumerate(batch) if not t.flags & LINKED), len(batch) - 1) + 1
            chain, batch = batch[:length], batch[length:]
            before, answers = self.copy(), []
            for item in chain:
                is_open = item is chain[-1] and bool(item.flags & LINKED)
                answers.append("linked_event_chain_open" if is_open else self.one(item))
                if answers[-1] != "created":
                    break
            if answers[-1] == "created":
                results += answers
                continue
            self.__dict__.update(before.__dict__)
            self.burnt |= {chain[len(answers) - 1].id} if answers[-1] in PASSING else set()
            failed = ["linked_event_failed"] * length
            failed[len(answers) - 1] = answers[-1]
            failed[-1] = "linked_event_chain_open" if chain[-1].flags & LINKED else failed[-1]
            results += failed
        return results

    def one(self, t: NewTransfer) -> str:
        if t.id in self.transfers:
            return self.compare(t, *self.transfers[t.id])
        if t.id in self.burnt:
            return "id_already_failed"
        return self.resolve(t) if t.flags & (POST | VOID) else self.move(t)

    def compare(self, t: NewTransfer, old: NewTransfer, moved: int) -> str:
        for name, word in (("flags", "flags"), ("pending_id", "pending_id"), ("expires_at", "timeout"),
                           ("debit_account", "debit_account_id"), ("credit_account", "credit_account_id")):  # fmt: skip
            if getattr(t, name) != getattr(old, name):
                return f"exists_with_different_{word}"
        whole = self.transfers[t.pending_id][1] if t.pending_id and t.amount in (0, AMOUNT_MAX) else t.amount
        same = whole >= moved if t.flags & (BY_DEBIT | BY_CREDIT) else whole == moved
        return "exists" if same else "exists_with_different_amount"

    def move(self, t: NewTransfer) -> str:
        debit, credit, amount = t.debit_account, t.credit_account, t.amount
        if debit == credit:
            return "accounts_must_be_different"
        if debit in self.closed or credit in self.closed:
            return f"{'debit' if debit in self.closed else 'credit'}_account_already_closed"
        amount = min(amount, max(self.available(debit, "credits"), 0)) if t.flags & BY_DEBIT else amount
        amount = min(amount, max(self.available(credit, "debits"), 0)) if t.flags & BY_CREDIT else amount
        if amount == 0 and not t.flags & (CLOSES_DEBIT | CLOSES_CREDIT):
            return (
                "exceeds_credits"
                if t.flags & BY_DEBIT and self.available(debit, "credits") <= 0
                else "exceeds_debits"
            )
        if debit in (ALICE, BOB) and amount > self.available(debit, "credits"):
            return "exceeds_credits"
        if credit == BANK and amount > self.available(credit, "debits"):
            return "exceeds_debits"
        self.add(debit, credit, "pending" if t.flags & PENDING else "posted", amount)
        self.closed |= ({debit} if t.flags & CLOSES_DEBIT else set()) | (
            {credit} if t.flags & CLOSES_CREDIT else set()
        )
        return self.keep(t, debit, credit, amount)

    def resolve(self, t: NewTransfer) -> str:
        if t.pending_id not in self.transfers:
            return "pending_transfer_not_found"
        held, whole = self.transfers[t.pending_id]
        if t.pending_id not in self.fates:
            return "pending_transfer_not_pending"
        amount = whole if t.amount == 0 or (t.flags & POST and t.amount == AMOUNT_MAX) else t.amount
        if amount > whole:
            return "exceeds_pending_transfer_amount"
        if t.flags & VOID and amount < whole:
            return "pending_transfer_has_different_amount"
        if self.fates[t.pending_id] in ("posted", "voided"):
            return f"pending_transfer_already_{self.fates[t.pending_id]}"
        if self.fates[t.pending_id] == "expired" or self.is_due(held):
            return "pending_transfer_expired"
        debit, credit = held.debit_account, held.credit_account
        if t.flags & POST and {debit, credit} & self.closed:
            return f"{'debit' if debit in self.closed else 'credit'}_account_already_closed"
        self.release(t.pending_id, "posted" if t.flags & POST else "voided")
        self.add(debit, credit, "posted", amount if t.flags & POST else 0)
        return self.keep(t, debit, credit, amount)

    def expire(self) -> list[UUID]:
        due = [i for i, fate in self.fates.items() if fate == "pending" and self.is_due(self.transfers[i][0])]
        for name in due:
            self.release(name, "expired")
            held = self.transfers[name][0]
            self.lines.update([held.debit_account, held.credit_account])
        return sorted(due, key=lambda i: (self.transfers[i][0].expires_at, i))

    def release(self, name: UUID, fate: str) -> None:
        held, whole = self.transfers[name]
        self.fates[name] = fate
        self.add(held.debit_account, held.credit_account, "pending", -whole)
        self.closed -= {held.debit_account} if held.flags & CLOSES_DEBIT and fate != "posted" else set()
        self.closed -= {held.credit_account} if held.flags & CLOSES_CREDIT and fate != "posted" else set()

    def keep(self, t: NewTransfer, debit: UUID, credit: UUID, amount: int) -> str:
        self.transfers[t.id] = t, amount
        self.fates |= {t.id: "pending"} if t.flags & PENDING else {}
        self.lines.update([debit, credit])
        return "created"

    def is_due(self, held: NewTransfer) -> bool:
        return held.expires_at is not None and held.expires_at <= self.now

    def available(self, account: UUID, side: str) -> int:
        """What one side has posted beyond all that the other has posted or reserved."""
        dp, dd, cp, cd = self.row(account)
        return cd - dd - dp if side == "credits" else dd - cd - cp

    def add(self, debit: UUID, credit: UUID, column: str, amount: int) -> None:
        self.sums[debit, f"debits_{column}"] += amount
        self.sums[credit, f"credits_{column}"] += amount

    def row(self, account: UUID) -> tuple[int, int, int, int]:
        names = ("debits_pending", "debits_posted", "credits_pending", "credits_posted")
        return tuple(self.sums[account, name] for name in names)  # type: ignore[return-value]


account, name = st.sampled_from(ACCOUNTS), st.integers(1, 14).map(lambda n: UUID(int=n))
linked = st.sampled_from([NONE, NONE, LINKED])
deadline = st.none() | st.integers(0, 5).map(lambda minute: NOON + timedelta(minutes=minute))
balancing = st.sampled_from([NONE, NONE, NONE, BY_DEBIT, BY_CREDIT, BY_DEBIT | BY_CREDIT])
moves = st.builds(
    lambda id_, debit, credit, amount, how, more: NewTransfer(id_, debit, credit, amount, "CNY", "test", how | more),
    name, account, account, st.integers(1, 60), balancing, linked,
)  # fmt: skip
holds = st.builds(
    lambda id_, debit, credit, amount, until, how, more: NewTransfer(
        id_, debit, credit, amount, "CNY", "test", PENDING | how | more, expires_at=until
    ),
    name, account, account, st.integers(1, 60), deadline, balancing, linked,
)  # fmt: skip
closings = st.builds(
    lambda id_, debit, credit, amount, until, how, more: NewTransfer(
        id_, debit, credit, amount, "CNY", "test", PENDING | how | more, expires_at=until
    ),
    name, account, account, st.integers(0, 9), deadline,
    st.sampled_from([CLOSES_DEBIT, CLOSES_CREDIT, CLOSES_DEBIT | CLOSES_CREDIT]), linked,
)  # fmt: skip
resolutions = st.builds(
    lambda id_, other, amount, how, more: NewTransfer(
        id_, NOBODY, NOBODY, amount, "", "test", how | more, other if other != id_ else UUID(int=99)
    ),
    name, name, st.sampled_from([0, 0, 5, 30, 60, AMOUNT_MAX]), st.sampled_from([POST, VOID]), linked,
)  # fmt: skip
deposits = st.builds(
    lambda id_, to, amount: NewTransfer(id_, BANK, to, amount, "CNY", "test"),
    name, st.sampled_from([ALICE, BOB]), st.integers(20, 200),
)  # fmt: skip
batches = st.lists(deposits | moves | holds | closings | resolutions, min_size=1, max_size=8)
work = st.lists(st.just("expire") | batches | batches, min_size=1, max_size=7)


class Undone(Exception):
    """Leaves an example's transaction without keeping it."""


@contextlib.contextmanager
def example() -> Iterator[None]:
    with contextlib.suppress(Undone), transaction.atomic():
        api.create_accounts([NewAccount(FREE, OWNER, 1, "CNY")])
        yield
        raise Undone


def check(model: Model) -> None:
    """Every balance agrees, and every invariant holds by itself."""
    found = {a.id: a for a in api.accounts(ACCOUNTS)}
    for one, a in found.items():
        assert (a.debits_pending, a.debits_posted, a.credits_pending, a.credits_posted) == model.row(one)
        assert bool(a.flags & AccountFlag.CLOSED) == (one in model.closed)
        assert [line.seq for line in api.entries(one)] == list(range(1, a.version + 1))
        assert a.version == model.lines[one]
        if a.flags & AccountFlag.DEBITS_MUST_NOT_EXCEED_CREDITS:
            assert a.debits_posted + a.debits_pending <= a.credits_posted
    assert sum(a.debits_posted - a.credits_posted for a in found.values()) == 0
    assert sum(a.debits_pending - a.credits_pending for a in found.values()) == 0
    open_now = sum(model.transfers[i][1] for i, fate in model.fates.items() if fate == "pending")
    assert sum(a.debits_pending for a in found.values()) == open_now
    assert len(api.transfers([UUID(int=n) for n in range(1, 15)])) == len(model.transfers)
    assert api.verify() == []


@pytest.mark.usefixtures("chart")
@settings(
    max_examples=_EXAMPLES, deadline=None, print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(work, st.sampled_from(["rows", "serial"]))
def agrees(steps, variant):
    model = Model()
    locking.choose(variant)
    try:
        with example():
            for minute, step in enumerate(steps):
                model.now = NOON + timedelta(minutes=minute)
                with clock.stopped(model.now):
                    if step == "expire":
                        assert poster.expire() == model.expire()
                    else:
                        assert [result.result for result in poster.post(step)] == model.post(step)
                check(model)
    finally:
        locking.choose("rows")


test_agrees_with_the_model = seed(int(_SEED))(agrees) if _SEED else agrees
