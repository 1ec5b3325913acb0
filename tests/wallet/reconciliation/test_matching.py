"""Lines of statements beside movements in the books: who came first, what comes twice, what does not fit."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet
from guitai.wallet.models import LineMatch, OpenItem
from guitai.wallet.reconciliation.flows import match_lines
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import Bank, imported, item, matched, notice, operation, start, take

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]


def test_a_line_is_the_movement_that_a_notice_has_booked(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    notice(reference, 20_000, "B1")
    bank.line(20_000, reference, reference="B1")
    file_id = bank.send()
    found = matched("B1")
    assert (found.rule, found.facts["names"], available(owner)) == ("reference", reference, 20_000)
    done = wallet.matching(file_id)
    assert done is not None
    assert (done.matched, done.credited, done.held, done.open, done.percent) == (1, 0, 0, 0, 100)


def test_a_lost_notice_is_made_good_by_the_line(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, f"top up {reference[:3]}-{reference[3:6]}-{reference[6:]}", reference="B1")
    bank.send()
    assert (operation(reference).state, available(owner)) == ("succeeded", 20_000)
    assert operation(reference).facts["bank_reference"] == "B1"


def test_a_notice_after_its_line_moves_nothing_more(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference, reference="B1")
    bank.send()
    notice(reference, 20_000, "B1")
    assert available(owner) == 20_000 and LineMatch.objects.count() == 1


def test_an_expired_top_up_is_credited_from_its_line(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    with stopped(now() + timedelta(hours=2)):
        wallet.close_due()
        assert operation(reference).state in ("expired", "unknown")
        bank.line(20_000, reference)
        bank.send()
    assert operation(reference).state == "succeeded"


def test_the_same_file_twice_changes_nothing(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference)
    bank.line(30_000, "thanks")
    content = bank.file()
    first = take(content)
    before = (available(owner), LineMatch.objects.count(), OpenItem.objects.count())
    assert take(content) == first
    wallet.match_statement(first)
    assert (available(owner), LineMatch.objects.count(), OpenItem.objects.count()) == before


@pytest.mark.parametrize(
    ("words", "minor", "code"),
    [
        ("7KMR3AXWH2", 20_000, "unknown_reference"),
        ("rent", 20_000, "no_reference"),
    ],
)
def test_what_does_not_fit_stands_in_suspense(customer: Customer, words: str, minor: int, code: str) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    line = bank.line(minor, words.format(reference), payer="Somebody Else")
    bank.send()
    held = item(line)
    assert (held.code, held.state, held.amount_minor) == (code, "open", minor)
    assert held.held_by is not None and available(owner) == 0
    [safe] = wallet.safeguarding()
    assert (safe.suspense, safe.surplus) == (Money(minor, "CNY"), Money(0, "CNY"))


def test_paid_twice_is_credited_once_and_the_second_waits_for_a_person(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    notice(reference, 20_000, "B1")
    # The line of the second payment stands first: the one that the notice told of is still its own.
    bank.line(20_000, reference, reference="B2")
    bank.line(20_000, reference, reference="B1")
    bank.send()
    assert matched("B1").operation_id == operation(reference).id
    [second] = wallet.parked_of(operation(reference).id)
    assert (second.code, second.bank_reference, available(owner)) == ("already_paid", "B2", 20_000)


def test_what_a_line_has_sent_back_is_not_credited_by_its_notice(customer: Customer) -> None:
    """The rule sends late money back, by whichever word of it comes first; the other one moves nothing."""
    policies.publish("late_top_ups", {"then": "return", "after_days": 0}, SYSTEM)
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    with stopped(now() + timedelta(hours=2)):
        wallet.close_due()
        bank.line(20_000, reference, reference="B1")
        bank.send()
        before = operation(reference).state
        assert before in ("processing", "unknown")
        notice(reference, 20_000, "B1")
        assert (operation(reference).state, available(owner)) == (before, 0)
    [safe] = wallet.safeguarding()
    assert safe.suspense == Money(20_000, "CNY") and safe.surplus == Money(0, "CNY")


def test_of_two_payments_alike_in_one_statement_both_are_booked_where_the_first_goes_back(
    customer: Customer,
) -> None:
    """The line of the second stands first; the bill has forgotten by then which payment its notice told of."""
    policies.publish("late_top_ups", {"then": "return", "after_days": 0}, SYSTEM)
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    with stopped(now() + timedelta(hours=2)):
        wallet.close_due()
        notice(reference, 20_000, "B1")
        assert "bank_reference" not in operation(reference).facts
        bank.line(20_000, reference, reference="B2")
        bank.line(20_000, reference, reference="B1")
        bank.send()
    assert LineMatch.objects.count() == 2 and not OpenItem.objects.exists()
    [safe] = wallet.safeguarding()
    assert safe.suspense.minor + available(owner) == 40_000 and safe.surplus == Money(0, "CNY")


def test_the_payment_that_a_line_has_credited_is_not_parked_as_a_second_one(customer: Customer) -> None:
    """Paid twice: lines have credited one and hold the other, and then their notices come the other way round."""
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference, reference="B1")
    bank.line(20_000, reference, reference="B2")
    bank.send()
    notice(reference, 20_000, "B2")
    with outermost():
        wallet.park_top_up(
            reference, amount=Money(20_000, "CNY"), code="already_paid", key="park:1", bank_reference="B1", inbox_id="1"
        )  # fmt: skip
    [safe] = wallet.safeguarding()
    assert (available(owner), safe.suspense, safe.surplus) == (20_000, Money(20_000, "CNY"), Money(0, "CNY"))


def test_two_payments_alike_are_booked_twice_whichever_line_and_notice_come_first(customer: Customer) -> None:
    """The line of the second stands in an earlier file than that of the first, and proves what a notice has booked."""
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    notice(reference, 20_000, "B1")
    bank.line(20_000, reference, reference="B2")
    bank.send()
    with outermost():
        wallet.park_top_up(
            reference, amount=Money(20_000, "CNY"), code="already_paid", key="park:2", bank_reference="B2", inbox_id="2"
        )  # fmt: skip
    bank.line(20_000, reference, reference="B1", day="2026-11-23")
    bank.send("2026-11-23")
    [safe] = wallet.safeguarding()
    assert (available(owner), safe.suspense, safe.surplus) == (20_000, Money(20_000, "CNY"), Money(0, "CNY"))


def test_a_parked_payment_and_its_line_are_one(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    with outermost():
        wallet.park_top_up(
            reference,
            amount=Money(19_000, "CNY"),
            code="wrong_amount",
            key="park:1",
            bank_reference="B1",
            inbox_id="1",
        )
    bank.line(19_000, reference, reference="B1")
    bank.send()
    assert matched("B1").operation_id == operation(reference).id and not OpenItem.objects.exists()


def test_a_reversal_takes_back_what_stands_in_suspense(customer: Customer) -> None:
    customer()
    bank = Bank()
    bank.line(5_000, "no idea", reference="B1")
    bank.send()
    bank.line(5_000, "no idea", reference="B1", credit=False, reversal=True, day="2026-11-23")
    bank.send("2026-11-23")
    assert item("B1").state == "reversed"
    assert [safe.suspense.minor for safe in wallet.safeguarding()] == [0]


def test_a_reversal_of_what_was_credited_is_for_a_person(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference, reference="B1")
    bank.send()
    line = bank.line(20_000, reference, reference="B1R", credit=False, reversal=True)
    bank.send()
    assert (item(line).code, item(line).held_by, available(owner)) == ("reversal", None, 20_000)


def test_charges_of_the_bank_are_written_when_the_policy_says_so(customer: Customer) -> None:
    customer(100_000)
    bank = Bank()
    asked = bank.line(500, "account fee", credit=False, code="MDOP/CHRG")
    bank.send()
    assert (item(asked).code, item(asked).state) == ("charges", "open")


def test_a_matcher_that_dies_between_steps_goes_on(
    customer: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, _ = customer()
    references, bank = [start(owner, 1_000 + n) for n in range(5)], Bank()
    for number, reference in enumerate(references):
        bank.line(1_000 + number, reference)
    monkeypatch.setattr(match_lines, "STEP", 2)
    file_id = imported(bank.file())
    steps = 0

    def die(seen: int, total: int) -> None:
        nonlocal steps
        steps += 1
        if steps == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        wallet.match_statement(file_id, die)
    half = wallet.matching(file_id)
    assert half is not None and (half.lines_seen, half.percent, half.finished_at) == (4, 80, None)
    wallet.match_statement(file_id)
    assert LineMatch.objects.count() == 5 and available(owner) == sum(1_000 + n for n in range(5))
