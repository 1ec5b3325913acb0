"""A model of the ledger in a few lines of plain Python, run beside the real one over random batches."""

import contextlib
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guitai.base import clock
from guitai.ledger import api, poster
from guitai.ledger.types import NewTransfer, TransferFlag
from tests.ledger.conftest import CHART, NOON, balances

PENDING, POST, VOID, LINKED = (TransferFlag.PENDING, TransferFlag.POST_PENDING, TransferFlag.VOID_PENDING,
                               TransferFlag.LINKED)  # fmt: skip
ACCOUNTS = [account.id for account in CHART[:3]]
NOBODY = UUID(int=0)
PASSING = {"exceeds_credits", "exceeds_debits", "pending_transfer_not_found"}


@dataclass
class Model:
    """Balances as dictionaries, a whole copy instead of an undo log, one rule a line."""

    sums: dict[tuple[UUID, str], int] = field(default_factory=dict)
    transfers: dict[UUID, tuple[NewTransfer, int]] = field(default_factory=dict)
    fates: dict[UUID, str] = field(default_factory=dict)
    burnt: set[UUID] = field(default_factory=set)

    def post(self, batch: list[NewTransfer]) -> list[str]:
        results: list[str] = []
        while batch:
            length = next((i for i, t in enumerate(batch) if not t.flags & LINKED), len(batch) - 1) + 1
            chain, batch = batch[:length], batch[length:]
            before = Model(dict(self.sums), dict(self.transfers), dict(self.fates), self.burnt)
            answers = []
            for item in chain:
                is_open = item is chain[-1] and bool(item.flags & LINKED)
                answers.append("linked_event_chain_open" if is_open else self.one(item))
                if answers[-1] != "created":
                    break
            if answers[-1] == "created":
                results += answers
                continue
            self.sums, self.transfers, self.fates = before.sums, before.transfers, before.fates
            self.burnt |= {chain[len(answers) - 1].id} if answers[-1] in PASSING else set()
            failed = ["linked_event_failed"] * length
            failed[len(answers) - 1] = answers[-1]
            failed[-1] = "linked_event_chain_open" if chain[-1].flags & LINKED else failed[-1]
            results += failed
        return results

    def one(self, t: NewTransfer) -> str:
        if t.id in self.transfers:
            old, amount = self.transfers[t.id]
            if old.flags != t.flags:
                return "exists_with_different_flags"
            if old.pending_id != t.pending_id:
                return "exists_with_different_pending_id"
            for side in ("debit_account", "credit_account"):
                if getattr(t, side) != getattr(old, side):
                    return f"exists_with_different_{side}_id"
            whole = self.transfers[t.pending_id][1] if t.pending_id and not t.amount else t.amount
            return "exists" if whole == amount else "exists_with_different_amount"
        if t.id in self.burnt:
            return "id_already_failed"
        return self.resolve(t) if t.flags & (POST | VOID) else self.move(t)

    def move(self, t: NewTransfer) -> str:
        if t.debit_account == t.credit_account:
            return "accounts_must_be_different"
        if self.room(t.debit_account, "debit") < t.amount:
            return "exceeds_credits"
        if self.room(t.credit_account, "credit") < t.amount:
            return "exceeds_debits"
        self.add(t.debit_account, t.credit_account, "pending" if t.flags & PENDING else "posted", t.amount)
        self.transfers[t.id] = t, t.amount
        if t.flags & PENDING:
            self.fates[t.id] = "pending"
        return "created"

    def resolve(self, t: NewTransfer) -> str:
        if t.pending_id not in self.transfers:
            return "pending_transfer_not_found"
        held, whole = self.transfers[t.pending_id]
        if t.pending_id not in self.fates:
            return "pending_transfer_not_pending"
        if t.amount > whole:
            return "exceeds_pending_transfer_amount"
        if t.flags & VOID and t.amount not in (0, whole):
            return "pending_transfer_has_different_amount"
        if self.fates[t.pending_id] != "pending":
            return f"pending_transfer_already_{self.fates[t.pending_id]}"
        amount = t.amount or whole
        self.add(held.debit_account, held.credit_account, "pending", -whole)
        self.add(held.debit_account, held.credit_account, "posted", amount if t.flags & POST else 0)
        self.transfers[t.id] = t, amount
        self.fates[t.pending_id] = "posted" if t.flags & POST else "voided"
        return "created"

    def room(self, account: UUID, side: str) -> int:
        """How much more the account's own limit lets be debited or credited."""
        free = 10**15
        dp, dd, cp, cd = self.row(account)
        limited = {ACCOUNTS[0]: cd - dd - dp, ACCOUNTS[1]: cd - dd - dp}
        return (
            limited.get(account, free)
            if side == "debit"
            else (dd - cd - cp if account == ACCOUNTS[2] else free)
        )

    def add(self, debit: UUID, credit: UUID, column: str, amount: int) -> None:
        self.sums[debit, f"debits_{column}"] = self.sums.get((debit, f"debits_{column}"), 0) + amount
        self.sums[credit, f"credits_{column}"] = self.sums.get((credit, f"credits_{column}"), 0) + amount

    def row(self, account: UUID) -> tuple[int, int, int, int]:
        names = ("debits_pending", "debits_posted", "credits_pending", "credits_posted")
        return tuple(self.sums.get((account, name), 0) for name in names)  # type: ignore[return-value]


account, name = st.sampled_from(ACCOUNTS), st.integers(1, 14).map(lambda n: UUID(int=n))
moves = st.builds(
    lambda id_, debit, credit, amount, held, linked: NewTransfer(
        id_, debit, credit, amount, "CNY", "test", (PENDING if held else 0) | (LINKED if linked else TransferFlag.NONE)
    ),
    name, account, account, st.integers(1, 60), st.booleans(), st.sampled_from([False, False, True]),
)  # fmt: skip
resolutions = st.builds(
    lambda id_, other, amount, how, linked: NewTransfer(
        id_, NOBODY, NOBODY, amount, "", "test", how | (LINKED if linked else TransferFlag.NONE),
        other if other != id_ else UUID(int=99),
    ),
    name, name, st.sampled_from([0, 0, 5, 30, 60]), st.sampled_from([POST, VOID]),
    st.sampled_from([False, False, True]),
)  # fmt: skip
deposits = st.builds(
    lambda id_, to, amount: NewTransfer(id_, ACCOUNTS[2], to, amount, "CNY", "test"),
    name, st.sampled_from(ACCOUNTS[:2]), st.integers(20, 200),
)  # fmt: skip
batches = st.lists(st.lists(deposits | moves | resolutions, min_size=1, max_size=8), min_size=1, max_size=6)


class Undone(Exception):
    """Leaves an example's transaction without keeping it."""


@pytest.mark.usefixtures("chart")
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(batches)
def test_agrees_with_the_model(batches):
    with contextlib.suppress(Undone), transaction.atomic():
        model = Model()
        for minute, batch in enumerate(batches):
            with clock.stopped(NOON + timedelta(minutes=minute)):
                results = [result.result for result in poster.post(batch)]
            assert results == model.post(batch)
            assert {a: balances(a) for a in ACCOUNTS} == {a: model.row(a) for a in ACCOUNTS}
            assert api.verify() == []
        raise Undone
