"""A notice of a transfer without an order leaves the exceptions by itself once a statement's line has credited it."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now, stopped
from guitai.base.reference import spoken
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.models import InboxMessage
from guitai.rails.types import LineKey, NamelessPayment
from guitai.wallet import api as wallet
from guitai.wallet.models import Operation
from guitai.wallet.reconciliation.flows.told_before import note_told_before
from guitai.wallet.reconciliation.rules.told import joined
from tests.rails.conftest import Bank as Teller
from tests.rails.conftest import bank as teller  # noqa: F401
from tests.rails.conftest import home  # noqa: F401
from tests.wallet.conftest import available
from tests.wallet.reconciliation.banking import Bank, item, staff
from tests.wallet.reconciliation.test_standing import Customer, receiving, told  # noqa: F401

pytestmark = pytest.mark.django_db


def tell(teller: Teller, minor: int, bank_reference: str, words: str = "", to: str = "") -> InboxMessage:  # noqa: F811
    """The bank's own notice of a payment, judged."""
    return teller.tell(
        notice_id=f"N{bank_reference}", bank_reference=bank_reference, payment_reference=words,
        amount={"amount": minor, "currency": "CNY"}, paid_at=now().isoformat(),
        **({"payee_account": to} if to else {}),
    )  # fmt: skip


def waiting() -> set[UUID]:
    return {one.id for one in rails.exceptions().items}


@pytest.mark.parametrize("how", ["reference", "own number"])
@pytest.mark.parametrize("first", ["notice", "statement"])
def test_it_leaves_when_the_line_is_credited_whichever_comes_first(
    customer: Customer,
    teller: Teller,  # noqa: F811
    how: str,
    first: str,
) -> None:
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    words, to = (f"for me: {spoken(mine.reference)}", "") if how == "reference" else ("tea", mine.own_account)

    def send() -> None:
        bank.line(12_345, words, to=to or "", reference="L1")
        bank.send()

    if first == "statement":
        send()
    message = tell(teller, 12_345, "OTHER1", words, to or "")
    assert (message.state, message.code) == ("waiting", "unknown_reference")
    if first == "notice":
        assert note_told_before() == 0 and waiting() == {message.id}
        send()
    assert available(owner) == 12_345
    assert note_told_before() == 1 and waiting() == set()
    message.refresh_from_db()
    bill = Operation.objects.get(kind="top_up")
    assert (message.state, message.code, message.next_attempt_at) == ("noted", "credited_by_line", None)
    assert message.facts["operation"] == bill.reference
    # Neither the job that was to look again nor the bank's repetition brings it back.
    rails.settle(message.id)
    assert tell(teller, 12_345, "OTHER1", words, to or "").state == "duplicate"
    assert waiting() == {one.id for one in InboxMessage.objects.filter(state="duplicate")}
    assert note_told_before() == 0 and available(owner) == 12_345 and wallet.verify() == []


def test_what_never_gets_a_line_stays(customer: Customer, teller: Teller) -> None:  # noqa: F811
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    kept = [
        tell(teller, 5_000, "A", mine.reference).id,
        tell(teller, 7_000, "B", "7KMR3AXWH4").id,
        tell(teller, 7_000, "C", "pocket money").id,
    ]
    taken = tell(teller, 7_000, "D", mine.reference).id
    bank.line(7_000, mine.reference)
    bank.send()
    assert note_told_before() == 1 and waiting() == set(kept)
    assert InboxMessage.objects.get(id=taken).state == "noted"
    with stopped(now() + timedelta(days=59)):
        assert note_told_before() == 0 and waiting() == set(kept)


def test_two_alike_need_two_lines(customer: Customer, teller: Teller) -> None:  # noqa: F811
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    one, two = (tell(teller, 1_000, name, mine.reference).id for name in ("A", "B"))
    bank.line(1_000, mine.reference, reference="B")
    bank.send()
    assert note_told_before() == 1 and waiting() == {one}
    bank.line(1_000, mine.reference, reference="X")
    bank.send()
    assert note_told_before() == 1 and waiting() == set() and two


def test_a_line_in_suspense_keeps_its_notice_until_somebody_has_the_money(
    customer: Customer,
    teller: Teller,  # noqa: F811
) -> None:
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    with outermost():
        people.freeze(owner, SYSTEM, "by_law", scope=frozenset({"receiving", "spending"}))
    message = tell(teller, 1_000, "A", mine.reference)
    line = bank.line(1_000, mine.reference)
    bank.send()
    assert item(line).held_by is not None and note_told_before() == 0 and waiting() == {message.id}
    settle(item(line).id)
    assert item(line).state == "written" and note_told_before() == 1 and waiting() == set()


def settle(item_id: UUID) -> None:
    """Two people book it with the house."""
    first, second = (Actor("staff", str(staff(name))) for name in ("asker", "agreer"))
    wallet.propose_item(item_id, "write", reason="it is ours", actor=first)
    wallet.approve_item(item_id, "write", actor=second)


def test_the_same_payment_told_under_two_numbers_is_one(customer: Customer, teller: Teller) -> None:  # noqa: F811
    owner, _ = customer()
    mine, bank = told(owner), Bank()
    first = tell(teller, 1_000, "A", mine.reference)
    again = teller.tell(
        notice_id="N2", bank_reference="A", payment_reference=mine.reference,
        amount={"amount": 1_000, "currency": "CNY"}, paid_at=now().isoformat(),
    )  # fmt: skip
    bank.line(1_000, mine.reference)
    bank.line(1_000, mine.reference)
    bank.send()
    assert note_told_before() == 1
    states = {one.id: one.state for one in InboxMessage.objects.all()}
    assert states == {first.id: "noted", again.id: "duplicate"}


def line(number: int, minor: int = 100, day: int = 22, reference: str = "", name: str = "N") -> LineKey:
    return LineKey(
        number, "1", "CNY", minor, True, False, date(2026, 11, day), reference, None, name, None, None, 0, 0, 0, None
    )  # fmt: skip


def payment(bank_reference: str = "", minor: int = 100, day: int = 22, name: str = "N") -> NamelessPayment:
    at = datetime(2026, 11, day, 23, tzinfo=now().tzinfo)
    return NamelessPayment(UUID(int=day), name, bank_reference, minor, "CNY", at)


@pytest.mark.parametrize(
    ("given", "lines", "expected"),
    [
        ([payment()], [line(1)], [1]),
        ([payment()], [line(1, 101)], []),
        ([payment()], [line(1, name="M")], []),
        ([payment()], [line(1, day=20)], []),
        ([payment()], [line(1, day=21)], [1]),
        ([payment(day=10)], [line(1, day=20)], [1]),
        ([payment(day=10)], [line(1, day=21)], []),
        ([payment("B")], [line(1), line(2, reference="B")], [2]),
        ([payment("A"), payment("B")], [line(1, reference="B"), line(2, reference="A")], [2, 1]),
        ([payment("A"), payment("B")], [line(1, reference="B")], [1]),
        ([payment("A"), payment("B")], [line(1)], [1]),
    ],
)
def test_which_line_a_payment_is(
    given: list[NamelessPayment], lines: list[LineKey], expected: list[int]
) -> None:
    assert [found.id for _, found in joined(given, lines)] == expected
