"""A line that names a top-up and is not as ordered: its owner is told, and it goes back to the account that paid."""

from collections.abc import Callable
from uuid import UUID

import pytest

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify.models import Message
from guitai.people import api as people
from guitai.people.types import AccountClaim
from guitai.people.types import Proof as PeopleProof
from guitai.rails import api as rails
from guitai.rails.flows.start_payout import payee_of
from guitai.rails.models import PayoutRow
from guitai.wallet import api as wallet
from guitai.wallet import errors
from guitai.wallet.models import OpenItem
from guitai.wallet.reconciliation import kinds
from guitai.wallet.rules import chart
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome
from guitai.wallet.types import ParkedView
from tests.desk.conftest import staff_client
from tests.wallet.conftest import PIN, available
from tests.wallet.reconciliation.banking import Bank, matched, operation, settle_topics, staff, start
from tests.wallet.test_pages_browser import browser, text_of
from tests.wallet.withdrawing import card_number

pytestmark = pytest.mark.django_db
Customer = Callable[..., tuple[UUID, str]]
REASON = "the payer asked for it"


@pytest.fixture
def one(db: None) -> Actor:
    return Actor("staff", str(staff("one", "agent")))


@pytest.fixture
def two(db: None) -> Actor:
    return Actor("staff", str(staff("two")))


@pytest.fixture(autouse=True)
def payouts(db: None) -> None:
    account = {"currency": "CNY", "name": "Guitai", "account": "622848001000"}
    policies.publish("payouts", {"accounts": [account]}, Actor("system", "test"))
    policies.forget()


def suspense() -> int:
    return sum(safe.suspense.minor for safe in wallet.safeguarding())


def misfit(owner: UUID, minor: int = 19_000, **more: str) -> ParkedView:
    """A payment of another amount than ordered, told by the bank's statement alone."""
    reference, bank = start(owner, 20_000), Bank()
    bank.line(minor, reference, **more)
    bank.send()
    return wallet.parked_of(operation(reference).id)[0]


def noticed(owner: UUID, inbox: str = "n1") -> ParkedView:
    """The same told by a notice: no statement says who paid."""
    reference = start(owner, 20_000)
    with outermost():
        wallet.park_top_up(
            reference, amount=Money(19_000, "CNY"), code="wrong_amount", key=f"park:{inbox}", bank_reference="B-n",
            inbox_id=inbox,
        )  # fmt: skip
    return wallet.parked_of(operation(reference).id)[0]


def purpose(found: ParkedView) -> Purpose:
    return Purpose("reconciliation", str(found.id), REASON)


def send_back(found: ParkedView, one: Actor, two: Actor) -> str:
    wallet.propose_parked(found.id, "return", reason=REASON, actor=one, purpose=purpose(found))
    wallet.approve_parked(found.id, "return", actor=two, purpose=purpose(found))
    reference = wallet.parked_payment(found.id).refund_reference
    assert reference is not None
    return reference


def bank_says(what: str, reference: str, code: str = "account_closed") -> None:
    with outermost():
        emit(f"rails.payout_{what}", {
            "order_reference": reference, "amount": 19_000, "currency": "CNY", "code": code,
        })  # fmt: skip
    settle_topics()


def card(owner: UUID) -> UUID:
    """An account of their own whose waiting time is over."""
    claim = AccountClaim("cn_card", card_number(), "林月", bank="ICBC")
    return people.bind_account(owner, claim, PeopleProof(pin=PIN)).id


def test_the_bill_says_what_came_what_was_expected_who_has_it_and_by_when(customer: Customer) -> None:
    owner, _ = customer()
    found = misfit(owner)
    view = wallet.operation(owner, found.reference)
    assert (view.view.state, view.view.code, available(owner)) == ("unknown", "wrong_amount", 0)
    said = view.diagnosis
    assert "190.00" in said.reason and "200.00" in said.reason and "team" in said.reason
    assert said.by_when is not None and said.by_when > clock.now()
    assert "–" not in said.next_step
    assert (found.code, found.amount, suspense()) == ("wrong_amount", Money(19_000, "CNY"), 19_000)
    assert not OpenItem.objects.exists()
    settle_topics()
    assert Message.objects.filter(kind="wallet.parked").exists()


def test_a_second_payment_is_told_with_the_day_by_which_it_is_decided(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(20_000, reference)
    bank.line(20_000, reference)
    bank.send()
    view = wallet.operation(owner, reference)
    assert (view.view.state, view.view.code, available(owner)) == ("succeeded", "already_paid", 20_000)
    assert "200.00" in view.diagnosis.reason and "–" not in view.diagnosis.next_step


def test_a_notice_after_the_line_sets_nothing_aside_again(customer: Customer) -> None:
    owner, _ = customer()
    found = misfit(owner, reference="B7")
    with outermost():
        wallet.park_top_up(
            found.reference, amount=Money(19_000, "CNY"), code="wrong_amount", key="park:9", bank_reference="B7",
            inbox_id="9",
        )  # fmt: skip
    assert (len(wallet.parked_of(found.operation_id)), suspense()) == (1, 19_000)


def test_what_really_came_is_credited_by_two_people(customer: Customer, one: Actor, two: Actor) -> None:
    owner, _ = customer()
    found = misfit(owner)
    wallet.propose_parked(found.id, "credit", reason=REASON, actor=one, purpose=purpose(found))
    with pytest.raises(errors.ParkedOwnProposal):
        wallet.approve_parked(found.id, "credit", actor=one, purpose=purpose(found))
    wallet.approve_parked(found.id, "credit", actor=two, purpose=purpose(found))
    assert (available(owner), suspense(), operation(found.reference).state) == (19_000, 0, "failed")


def test_the_bank_takes_it_back_before_anybody_decides(customer: Customer) -> None:
    owner, _ = customer()
    reference, bank = start(owner, 20_000), Bank()
    bank.line(19_000, reference, reference="B1")
    bank.send()
    bank.line(19_000, reference, reference="B1", credit=False, reversal=True, day="2026-11-23")
    bank.send("2026-11-23")
    [found] = wallet.parked_of(operation(reference).id)
    assert (found.state, suspense(), operation(reference).state) == ("returned", 0, "returned")


def test_it_goes_back_to_the_account_that_paid_and_leaves_the_books_when_it_has_left(
    customer: Customer, one: Actor, two: Actor
) -> None:
    owner, _ = customer()
    found = misfit(owner, payer="Zhang Wei", account="6222-0009")
    reference = send_back(found, one, two)
    row = PayoutRow.objects.get(order_reference=reference)
    payee = payee_of(row)
    assert (payee.name, payee.account, row.amount_minor) == ("Zhang Wei", "6222-0009", 19_000)
    assert (suspense(), wallet.operation(owner, found.reference).view.code) == (19_000, "top_up_returning")
    for _ in range(2):
        bank_says("settled", reference)
    view = wallet.operation(owner, found.reference).view
    assert (view.state, view.code, suspense(), available(owner)) == ("returned", "top_up_returned", 0, 0)
    assert wallet.parked_payment(found.id).state == "returned"
    # The bank's line of that payout is the movement which took it out of suspense.
    bank = Bank(balance=19_000, opening=19_000)
    line = bank.line(19_000, "", credit=False, end_to_end=reference)
    bank.send()
    assert matched(line).operation_id == operation(reference).id


def test_a_way_back_that_the_bank_rejects_is_decided_anew(customer: Customer, one: Actor, two: Actor) -> None:
    owner, _ = customer()
    found = misfit(owner)
    bank_says("rejected", send_back(found, one, two))
    again = wallet.parked_payment(found.id)
    assert (again.state, again.refused_code, again.proposed_action) == ("open", "account_closed", "")
    view = wallet.operation(owner, found.reference).view
    assert (view.state, view.code, suspense()) == ("unknown", "top_up_return_refused", 19_000)
    second = send_back(found, one, two)
    bank_says("settled", second)
    assert (wallet.parked_payment(found.id).state, suspense()) == ("returned", 0)


def test_what_does_not_lie_there_any_more_is_not_sent_back(
    customer: Customer, one: Actor, two: Actor
) -> None:
    owner, _ = customer()
    found = misfit(owner)
    elsewhere: dict[str, str | int | None] = {
        "debit": chart.RAILS["alipay"], "credit": chart.RAILS["bank"], "amount": 1, "currency": "CNY", "line": None,
    }  # fmt: skip
    with outermost():
        [moved] = pipeline.run([Intent(kinds.WRITE, SYSTEM, "moved on", elsewhere, new_id())])
        assert isinstance(moved, Outcome) and moved.outcome == "approved"
    with pytest.raises(errors.RailAccountShort):
        send_back(found, one, two)
    again = wallet.parked_payment(found.id)
    assert (again.state, again.proposed_action, suspense()) == ("open", "return", 19_000)
    assert PayoutRow.objects.count() == 0
    with outermost():
        pipeline.run([Intent(kinds.WRITE, SYSTEM, "and back", {**elsewhere, "debit": elsewhere["credit"],
                                                               "credit": elsewhere["debit"]}, new_id())])  # fmt: skip
    wallet.approve_parked(found.id, "return", actor=two, purpose=purpose(found))
    assert wallet.parked_payment(found.id).state == "returning"


def test_what_a_notice_told_goes_back_once_the_statement_names_the_payer(
    customer: Customer, one: Actor, two: Actor
) -> None:
    owner, _ = customer()
    found = noticed(owner)
    wallet.propose_parked(found.id, "return", reason=REASON, actor=one, purpose=purpose(found))
    with pytest.raises(errors.ParkedPayerUnknown):
        wallet.approve_parked(found.id, "return", actor=two, purpose=purpose(found))
    assert wallet.parked_payment(found.id).state == "open" and not PayoutRow.objects.exists()
    bank = Bank()
    bank.line(19_000, found.reference, reference="B-n", payer="Zhang Wei", account="6222-0009")
    bank.send()
    wallet.approve_parked(found.id, "return", actor=two, purpose=purpose(found))
    assert payee_of(PayoutRow.objects.get()).account == "6222-0009"


def test_whoever_looks_at_the_payer_is_recorded(customer: Customer, one: Actor) -> None:
    owner, _ = customer()
    found = misfit(owner, payer="Zhang Wei", account="6222-0009")
    detail = wallet.open_parked(found.id, actor=one)
    assert (detail.payer, detail.payer_account, detail.is_payer_known) == ("Zhang Wei", "6222-0009", True)
    looks = audit.entries_about(("operation", str(found.operation_id)))
    assert [e.entry.actor for e in looks if e.entry.action == "reconciliation.parked_read"] == [one]


def test_the_owner_is_asked_and_names_an_account_of_their_own(
    customer: Customer, one: Actor, two: Actor
) -> None:
    policies.publish("bindings", {"wait_hours": 0, "tier": 0}, Actor("system", "test"))
    policies.forget()
    owner, _ = customer()
    other, _ = customer()
    found, account, foreign = noticed(owner), card(owner), card(other)
    with pytest.raises(errors.ParkedNotAsked):
        wallet.name_return_account(owner, found.reference, account=account)
    wallet.ask_parked_payer(found.id, actor=one, purpose=purpose(found))
    assert wallet.operation(owner, found.reference).diagnosis.rule == "top_up_payer_asked"
    assert wallet.return_account_wanted(owner, found.reference) == Money(19_000, "CNY")
    assert wallet.return_account_wanted(other, found.reference) is None
    with pytest.raises(Exception, match="not_found"):
        wallet.name_return_account(owner, found.reference, account=foreign)
    with pytest.raises(errors.ParkedNotAsked):
        wallet.name_return_account(other, found.reference, account=foreign)
    wallet.name_return_account(owner, found.reference, account=account)
    assert wallet.return_account_wanted(owner, found.reference) is None
    settle_topics()
    assert Message.objects.filter(kind="wallet.return_account_asked").exists()
    assert "ICBC" in wallet.open_parked(found.id, actor=one).named
    bank_says("settled", send_back(found, one, two))
    full = people.account_details(account, purpose=purpose(found))
    assert payee_of(PayoutRow.objects.get()).account == full.number
    assert (operation(found.reference).state, suspense()) == ("returned", 0)


def test_nobody_is_asked_where_the_statement_names_the_account(customer: Customer, one: Actor) -> None:
    owner, _ = customer()
    found = misfit(owner, payer="Zhang Wei", account="6222-0009")
    with pytest.raises(errors.ParkedPayerKnown):
        wallet.ask_parked_payer(found.id, actor=one, purpose=purpose(found))


def test_a_rail_that_cannot_pay_either_refuses_and_nothing_has_changed(
    customer: Customer, one: Actor, two: Actor
) -> None:
    policies.publish("payouts", {"accounts": []}, Actor("system", "test"))
    policies.forget()
    owner, _ = customer()
    found = misfit(owner)
    wallet.propose_parked(found.id, "return", reason=REASON, actor=one, purpose=purpose(found))
    with pytest.raises(Exception, match="payout_currency_not_taken"):
        wallet.approve_parked(found.id, "return", actor=two, purpose=purpose(found))
    assert (wallet.parked_payment(found.id).state, suspense()) == ("open", 19_000)
    assert rails.payouts().items == []


def test_the_pages_ask_answer_and_show_who_paid(customer: Customer) -> None:
    policies.publish("bindings", {"wait_hours": 0, "tier": 0}, Actor("system", "test"))
    policies.forget()
    owner, _ = customer()
    found, mine = noticed(owner), browser(owner)
    agent, _ = staff_client("wen@guitai.example", "Wen", "agent")
    desk, bill = f"/desk/reconciliation/parked/{found.id}/", f"/bills/{found.reference}/"
    assert mine.get(f"{bill}return-account/").status_code == 404
    assert agent.post(desk, {"verb": "ask"}).status_code == 302
    assert "has named none yet" in text_of(agent.get(desk))
    assert "Where should it go back to?" in text_of(mine.get(bill))
    assert "No account of yours is known" in text_of(mine.get(f"{bill}return-account/"))
    account = card(owner)
    assert mine.post(f"{bill}return-account/", {}).status_code == 422
    assert mine.post(f"{bill}return-account/", {"account": str(account)}).status_code == 302
    assert "Your account is noted" in text_of(mine.get(bill))
    assert "ICBC" in text_of(agent.get(desk))
    paid = misfit(owner, payer="Zhang Wei", account="6222-0009")
    assert "6222-0009" in text_of(agent.get(f"/desk/reconciliation/parked/{paid.id}/"))
