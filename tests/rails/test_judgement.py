"""What a notice means, as a table."""

from datetime import UTC, datetime, timedelta

import pytest

from guitai.base.money import Money
from guitai.rails.rules.judgement import Earlier, OrderFacts, judge
from guitai.rails.rules.retries import INTERVALS_S, next_interval
from guitai.rails.types import Notice

NOTHING = Earlier()


def notice(amount: int = 20_000, currency: str = "CNY", account: str = "A") -> Notice:
    return Notice("N1", "B1", "7KMR3AXWH4", amount, currency, account, datetime(2026, 11, 22, tzinfo=UTC))


def order(account: str | None = "A", paid: bool = False) -> OrderFacts:
    return OrderFacts("7KMR3AXWH4", Money(20_000, "CNY"), account, paid)


@pytest.mark.parametrize(
    ("said", "known", "earlier", "state", "code"),
    [
        (notice(), order(), NOTHING, "settled", None),
        (notice(), order(account=None), NOTHING, "settled", None),
        (notice(), None, NOTHING, "waiting", "unknown_reference"),
        (notice(amount=19_999), order(), NOTHING, "exception", "wrong_amount"),
        (notice(amount=20_001), order(), NOTHING, "exception", "wrong_amount"),
        (notice(currency="USD"), order(), NOTHING, "exception", "wrong_currency"),
        (notice(currency="XXX"), order(), NOTHING, "exception", "wrong_currency"),
        (notice(amount=1, currency="USD"), order(), NOTHING, "exception", "wrong_currency"),
        (notice(account="B"), order(), NOTHING, "exception", "wrong_payee"),
        (notice(), order(paid=True), NOTHING, "exception", "already_paid"),
        (notice(), order(paid=True), Earlier(same_notice=True), "duplicate", "duplicate"),
        (notice(), order(paid=True), Earlier(same_payment_settled=True), "duplicate", "duplicate"),
        (notice(), None, Earlier(same_notice=True), "duplicate", "duplicate"),
        (notice(), order(), Earlier(True, True), "exception", "conflicting_notice"),
    ],
)
def test_each_notice_has_one_outcome(
    said: Notice, known: OrderFacts | None, earlier: Earlier, state: str, code: str | None
) -> None:
    verdict = judge(said, known, earlier)
    assert (verdict.state, verdict.code) == (state, code)


def test_facts_name_what_was_expected_and_what_came() -> None:
    assert judge(notice(amount=1, currency="XXX"), order(), NOTHING).facts == {
        "expected": {"amount": 20_000, "currency": "CNY"},
        "received": "1 XXX",
    }


def test_waiting_grows_and_ends() -> None:
    waits = [next_interval(attempts) for attempts in range(1, len(INTERVALS_S) + 2)]
    assert waits[0] == timedelta(seconds=5)
    assert waits[:-1] == sorted(wait for wait in waits[:-1] if wait is not None)
    assert waits[-1] is None
