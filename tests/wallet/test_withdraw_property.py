"""Whatever happens in whatever order: a customer's money is never both out and available, and never neither."""

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guitai.base.refusal import Refusal
from guitai.ledger import api as ledger
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from guitai.wallet.models import Operation
from tests.wallet.conftest import available, settle_topics
from tests.wallet.withdrawing import Till, fees, opened

pytestmark = pytest.mark.django_db
FUNDED = 100_000
# What a bank may do with a payout that it has, and what people and time may do besides.
EVENTS = ("withdraw", "withdraw", "leave", "cancel", "accept", "settle", "reject", "return", "keep_some", "freeze",
          "wait", "watch")  # fmt: skip


def _act(till: Till, owner, account, references: list[str], event: str, which: int) -> None:
    reference = references[which % len(references)] if references else ""
    record = rails.payout_record(reference) if reference else None
    at_bank = record is not None and record.file_id is not None
    if event == "withdraw":
        references.append(till.withdraw(owner, account, 1_000 + which * 977).reference)
    elif event == "leave":
        till.leave()
    elif event == "cancel" and reference:
        with till.at():
            try:
                wallet.cancel_withdrawal(owner, reference)
            except Refusal:
                pass
    elif event == "freeze":
        with till.at():
            people.freeze_self(owner, proof="session")
            settle_topics()
    elif event == "wait":
        till.later(days=1 + which)
    elif event == "watch":
        with till.at():
            wallet.watch_withdrawals()
            wallet.mark_overdue()
    elif at_bank:
        _bank(till, event, reference, record.amount.minor)


def _bank(till: Till, event: str, reference: str, minor: int) -> None:
    match event:
        case "accept":
            till.status(reference, "ACSP")
        case "settle":
            till.books(reference, minor)
        case "reject":
            till.status(reference, "RJCT", "AC04")
        case "return":
            till.returns(reference, minor)
        case "keep_some":
            till.returns(reference, minor - 100)


def _holds(owner) -> None:
    """Of each withdrawal: set aside, or gone, or back; and together with what is available it is what was paid in."""
    gone = 0
    for row in Operation.objects.filter(kind="withdrawal", owner=owner):
        record, total = rails.payout_record(row.reference), row.amount_minor + row.fee_minor
        can_leave = record is not None and record.state in ("queued", "filed", "sent", "accepted", "settled")
        back = record is not None and record.state == "returned"
        if row.state in ("refused", "cancelled", "failed"):
            assert not can_leave, (row.reference, row.state, record.state if record else None)
        elif back:
            kept = row.amount_minor - record.returned.minor
            gone += kept
            assert row.state == "returned"
        else:
            gone += total
    assert available(owner) == FUNDED - gone


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(story=st.lists(st.tuples(st.sampled_from(EVENTS), st.integers(0, 6)), min_size=4, max_size=14))
def test_money_is_never_both_out_and_available(tmp_path: Path, story: list[tuple[str, int]]) -> None:
    till = opened(tmp_path)
    fees(fixed_minor=37, basis_points=25)
    owner, account = till.customer(FUNDED)
    references: list[str] = []
    for event, which in story:
        till.later(minutes=1)
        _act(till, owner, account, references, event, which)
        _holds(owner)
    assert ledger.verify() + wallet.verify() == []
    till.moment += timedelta(minutes=1)
