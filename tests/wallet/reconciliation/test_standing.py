"""Transfers without an order: to a reference of one's own or a number of one's own, whole, once, and nobody else's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.db import connection

from guitai.base.actor import SYSTEM
from guitai.base.ids import new_id
from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails.types import ReceivingAccount
from guitai.wallet import api as wallet
from guitai.wallet.models import OpenItem, Operation, StandingReference
from guitai.wallet.types import StandingTransfer
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import ACCOUNT, Bank, item, matched, start, take

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
PREFIX, DIGITS = "62284800188", 8


@pytest.fixture(autouse=True)
def receiving(db: None) -> None:
    account = {
        "currency": "CNY", "name": "Guitai", "account": ACCOUNT, "bank_name": "Bank", "virtual_prefix": PREFIX,
        "virtual_digits": DIGITS,
    }  # fmt: skip
    policies.publish("statements", {"receiving": [account]}, SYSTEM)


def told(owner: UUID) -> StandingTransfer:
    found = wallet.standing_transfer(owner, "CNY")
    assert found is not None and found.own_account is not None
    return found


def test_a_reference_is_made_once_and_is_ones_own(customer: Customer) -> None:
    (owner, _), (other, _) = customer(), customer()
    first = told(owner)
    assert first == told(owner) and first.own_account != told(other).own_account
    assert first.reference != told(other).reference and StandingReference.objects.count() == 2
    assert first.own_account is not None and first.own_account.startswith(PREFIX)
    assert len(first.own_account) == len(PREFIX) + DIGITS
    assert wallet.standing_transfer(owner, "EUR") is None


@pytest.mark.parametrize("how", ["reference", "spoken in a sentence", "own number"])
def test_what_comes_is_credited_from_the_statement(customer: Customer, how: str) -> None:
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    words = {"reference": mine.reference, "spoken in a sentence": f"for me {spoken(mine.reference)} thanks"}
    to = mine.own_account or "" if how == "own number" else ""
    line = bank.line(12_345, words.get(how, "pocket money"), to=to)
    file_id = bank.send()
    assert available(owner) == 12_345 and not OpenItem.objects.exists()
    found = matched(line)
    bill = Operation.objects.get(id=found.operation_id)
    assert (found.rule, bill.kind, bill.owner, bill.state) == ("standing", "top_up", owner, "succeeded")
    done = wallet.matching(file_id)
    assert done is not None and (done.credited, done.held, done.open) == (1, 0, 0)
    assert wallet.verify() == []


def test_numbers_of_two_banks_that_stand_for_one_customer(customer: Customer) -> None:
    """Told of by one statement: each is theirs, though the number behind both is the same."""
    owner, _ = customer()
    first, second = (
        {
            "currency": currency,
            "name": "Guitai",
            "account": ACCOUNT,
            "virtual_prefix": prefix,
            "virtual_digits": 8,
        }
        for currency, prefix in (("CNY", PREFIX), ("JPY", "33"))
    )
    policies.publish("statements", {"receiving": [first, second]}, SYSTEM)
    other, bank = wallet.standing_transfer(owner, "JPY"), Bank()
    assert other is not None
    bank.line(1_000, "one", to=told(owner).own_account or "")
    bank.line(2_000, "two", to=other.own_account or "")
    bank.line(4_000, told(owner).reference)
    bank.send()
    assert available(owner) == 7_000 and not OpenItem.objects.exists()


def test_every_transfer_counts_once_however_often_it_is_told(customer: Customer) -> None:
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    bank.line(1_000, mine.reference, reference="B1")
    bank.line(2_000, mine.reference, reference="B2")
    content = bank.file()
    take(content)
    take(content)
    assert available(owner) == 3_000 and Operation.objects.filter(kind="top_up").count() == 2


def test_an_order_named_in_the_words_comes_first(customer: Customer) -> None:
    (owner, _), (other, _) = customer(), customer()
    ordered, bank = start(other, 5_000), Bank()
    line = bank.line(5_000, ordered, to=told(owner).own_account or "")
    bank.send()
    assert (available(owner), available(other), matched(line).rule) == (0, 5_000, "reference")


@pytest.mark.parametrize(
    ("given", "credit"),
    [({"reversal": True}, False), ({"code": "RCDT/RRTN"}, True), ({"credit": False}, False)],
    ids=["taken back", "a return of ours", "money that left"],
)
def test_only_money_that_comes_is_credited(
    customer: Customer, given: dict[str, object], credit: bool
) -> None:
    owner, _ = customer()
    bank = Bank(balance=10_000, opening=10_000)
    bank.line(1_000, told(owner).reference, **{"credit": credit, **given})  # type: ignore[arg-type]
    bank.send()
    assert available(owner) == 0 and OpenItem.objects.count() == 1


def test_who_may_receive_nothing_is_given_nothing_and_it_stands_in_suspense(customer: Customer) -> None:
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    with outermost():
        people.freeze(owner, SYSTEM, "by_law", scope=frozenset({"receiving", "spending"}))
    line = bank.line(1_000, mine.reference)
    bank.send()
    held = item(line)
    assert available(owner) == 0 and (held.code, held.state) == ("owner_stopped", "open")
    assert (held.names, wallet.verify()) == (mine.reference, []) and held.held_by is not None


@pytest.mark.parametrize(
    "number", [PREFIX + "99999999", PREFIX + "1", f"{PREFIX}00000001X", "6228480019900000001", PREFIX]
)
def test_a_number_that_nobody_was_given_is_nobodys(customer: Customer, number: str) -> None:
    owner, _ = customer()
    told(owner)
    bank = Bank()
    line = bank.line(1_000, "rent", to=number, payer="Somebody Else")
    bank.send()
    assert available(owner) == 0 and item(line).state == "open"


def test_both_numbers_are_ours_when_they_are_checked(customer: Customer) -> None:
    owner, _ = customer()
    mine = told(owner)
    own = mine.own_account or ""
    for number in (ACCOUNT, own, f"{own[:4]} {own[4:8]} {own[8:]}"):
        assert care.check_contact(number).answer == "ours", number
    assert care.check_contact(PREFIX + "99999999").answer != "ours"


@pytest.mark.django_db(transaction=True)
def test_two_first_looks_at_once_make_one_reference(customer: Customer) -> None:
    owner, _ = customer()

    def look(_: int) -> str:
        try:
            return told(owner).reference
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(look, range(8)))) == 1


def test_without_an_account_nothing_is_offered(customer: Customer) -> None:
    owner, _ = customer()
    policies.publish("statements", {}, SYSTEM)
    assert wallet.standing_transfer(owner, "CNY") is None and not wallet.takes_standing_transfers()
    assert not wallet.is_receiving_account(str(new_id()))


def test_virtual_numbers_end_where_the_bank_ends_them() -> None:
    account = ReceivingAccount("CNY", "Guitai", ACCOUNT, virtual_prefix="77", virtual_digits=2)
    assert [account.virtual_account(number) for number in (7, 99, 100)] == ["7707", "7799", None]
    assert account.is_virtual("7707") and not account.is_virtual("770") and not account.is_virtual("77077")
    plain = ReceivingAccount("CNY", "Guitai", ACCOUNT)
    assert plain.virtual_account(1) is None and not plain.is_virtual("7707") and not plain.is_virtual("")
