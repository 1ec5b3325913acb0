""" "My top-up has not arrived": solved at once, or the cause; and never a word about anybody else's money."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from unittest import mock
from uuid import UUID

import pytest

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.types import IdentityClaim
from guitai.rails import api as rails
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import RailAnswer
from guitai.wallet import api as wallet
from guitai.wallet.reconciliation import errors
from guitai.wallet.types import TopUpAnswer
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import DAY, Bank, item, operation, start
from tests.wallet.withdrawing import document_number

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
PAID = date.fromisoformat(DAY)
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def day_of_payment() -> object:
    with stopped(NOON):
        yield


def verified(customer: Customer, name: str = "林月") -> UUID:
    owner, _ = customer(name=name)
    with outermost():
        people.declare_identity(owner, IdentityClaim("national_id", "CN", document_number(), name))
    assert people.identity(owner).tier >= 1
    return owner


def ask(
    owner: UUID, minor: int = 20_000, paid_from: str = "0001", day: date = PAID, slip: str = ""
) -> TopUpAnswer:
    return wallet.find_top_up(owner, amount=Money(minor, "CNY"), paid_from=paid_from, paid_on=day, slip=slip)


def paid(minor: int = 20_000, words: str = "hello", **more: str) -> str:
    bank = Bank()
    line = bank.line(minor, words, **more)
    bank.send()
    return line


def test_a_payment_without_a_reference_is_found_and_credited(customer: Customer) -> None:
    owner = verified(customer)
    # Two top-ups of the amount wait, so that no rule could decide which of them it pays.
    start(owner, 20_000), start(owner, 20_000)
    line = paid()
    answer = ask(owner)
    assert (answer.cause, answer.facts["code"], available(owner)) == ("solved", "no_reference", 20_000)
    assert item(line).state == "assigned"
    assert ask(owner).cause != "solved" and available(owner) == 20_000


def test_the_order_that_waited_is_the_one_that_is_credited(customer: Customer) -> None:
    owner = verified(customer)
    paid()
    reference = start(owner, 20_000)
    assert ask(owner).reference == reference and operation(reference).state == "succeeded"


@pytest.mark.parametrize(
    ("payer", "tail"), [("陈晓燕", "0001"), ("林月", "9999"), ("林月", "01"), ("Somebody Else", "0001")]
)
def test_what_is_not_surely_ones_own_looks_like_nothing(customer: Customer, payer: str, tail: str) -> None:
    owner = verified(customer)
    nothing = ask(owner, paid_from=tail)
    line = paid(payer=payer)
    assert ask(owner, paid_from=tail) == nothing
    assert item(line).state == "open" and available(owner) == 0


def test_without_a_verified_name_nothing_is_credited(customer: Customer) -> None:
    owner, _ = customer()
    nothing = ask(owner)
    paid()
    assert ask(owner) == nothing and available(owner) == 0


def test_two_payments_alike_are_for_a_person(customer: Customer) -> None:
    owner = verified(customer)
    paid(), paid()
    assert ask(owner).cause in ("unpaid", "bank_delay") and available(owner) == 0


def test_the_number_on_the_slip_tells_two_alike_apart(customer: Customer) -> None:
    owner = verified(customer)
    line = paid(account="6222-0001")
    paid(account="6222-0002")
    assert ask(owner, paid_from="4321", slip=line).cause == "solved"


def test_another_amount_came(customer: Customer) -> None:
    owner, _ = customer()
    reference = start(owner, 20_000)
    paid(19_000, reference, payer="Somebody")
    answer = ask(owner)
    assert (answer.cause, answer.reference) == ("different_amount", reference)
    assert answer.facts["received"] == {"amount": 19_000, "currency": "CNY"}


def test_a_parked_payment_is_told_to_its_owner_alone(customer: Customer) -> None:
    owner, _ = customer()
    other, _ = customer()
    reference = start(owner, 20_000)
    nothing = ask(other)
    with outermost():
        wallet.park_top_up(reference, amount=Money(100, "CNY"), code="wrong_amount", key="p", inbox_id="1")
    assert ask(owner).cause == "different_amount" and ask(other) == nothing


@pytest.mark.parametrize(("payer", "cause"), [("林月", "wrong_reference"), ("Somebody", "paid_by_another")])
def test_a_reference_with_a_slip_of_the_pen(customer: Customer, payer: str, cause: str) -> None:
    owner, _ = customer()
    reference = start(owner, 20_000)
    other, _ = customer()
    nothing = ask(other)
    typo = ("2" if reference[0] != "2" else "3") + reference[1:]
    paid(words=typo, payer=payer, account="7777")
    assert (ask(owner).cause, ask(owner).reference) == (cause, reference)
    assert ask(other) == nothing


def test_the_bank_has_not_told_that_day_yet_and_then_it_has(customer: Customer) -> None:
    owner, _ = customer()
    answer = ask(owner)
    assert answer.cause == "bank_delay" and answer.by_when is not None and answer.by_when > NOON
    with stopped(datetime(2026, 11, 26, 4, tzinfo=UTC)):
        assert ask(owner).cause == "unpaid"


def test_it_has_arrived_already(customer: Customer) -> None:
    owner, _ = customer(20_000)
    assert ask(owner).cause == "arrived"


def test_nobody_asks_without_end(customer: Customer) -> None:
    owner, _ = customer()
    for _turn in range(6):
        ask(owner)
    with pytest.raises(errors.AskedTooOften):
        ask(owner)


def test_paid_at_the_bank_and_not_here_is_our_fault(customer: Customer) -> None:
    owner, _ = customer()
    reference, amount = start(owner, 20_000), Money(20_000, "CNY")
    order = mock.Mock(rail="bank", notices=())
    with (
        mock.patch.object(rails, "rail_record", return_value=order),
        mock.patch.object(rails, "query", return_value=RailAnswer(reference, "paid", (amount,))),
        mock.patch.object(rails, "came_back") as asked,
    ):
        assert (ask(owner).cause, ask(owner).reference) == ("platform_fault", reference)
    asked.assert_called_with("bank", reference)
    with (
        mock.patch.object(rails, "rail_record", return_value=order),
        mock.patch.object(rails, "query", side_effect=RailUnavailable(rail="bank")),
    ):
        assert ask(owner).cause == "bank_delay"
