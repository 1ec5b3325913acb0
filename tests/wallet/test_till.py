"""The till: every outcome, every key, every clock."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.audit import api as audit
from guitai.audit.errors import PurposeNotReal
from guitai.audit.types import Purpose
from guitai.base import clock
from guitai.base.actor import SYSTEM, Actor
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.reference import parse_reference
from guitai.base.refusal import Refusal
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.errors import PhoneInvalid
from guitai.wallet import api as wallet
from guitai.wallet.errors import HoldNotOpen, KeyMissing, KeyReused, NoteTooLong, OperationNotFound
from guitai.wallet.flows import intents
from guitai.wallet.till import pipeline
from guitai.wallet.till.submit import submit_all
from guitai.wallet.types import Terms
from tests.wallet.conftest import PIN, acquaint, available, fund, new_phone, register, send, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
STAFF = Actor("staff", str(new_id()))


def test_first_transfer_to_a_registered_number_arrives_at_once(customer: Make) -> None:
    one, other = customer(10_000), customer()
    outcome = send(one[0], other[1], 2_500, note="lunch")
    assert (outcome.outcome, outcome.state) == ("approved", "sent")
    assert (available(one[0]), available(other[0])) == (7_500, 2_500)
    assert wallet.operation(other[0], outcome.reference).view.state == "succeeded"


def test_first_transfer_looks_the_same_whether_the_number_is_registered_or_not(customer: Make) -> None:
    one, other = customer(10_000), customer()
    known, unknown = send(one[0], other[1], 100), send(one[0], new_phone(), 100)
    settle_topics()
    views = [wallet.operation(one[0], o.reference) for o in (known, unknown)]
    shown = [
        (d.view.state, d.view.code, dict(d.view.facts), d.view.resolves_by is not None, [s.code for s in d.timeline],
         [(leg.debit, leg.credit, leg.kind, leg.amount) for leg in d.legs], [(s.what, s.source) for s in d.trace],
         d.diagnosis.rule)
        for d in views
    ]  # fmt: skip
    assert shown[0] == shown[1]
    assert wallet.balances(one[0])[0].reserved == Money(200, "CNY")
    runs = [
        wallet.dry_run_transfer(one[0], phone=p, amount=Money(100, "CNY")) for p in (other[1], new_phone())
    ]
    assert runs[0].outcome == runs[1].outcome and runs[0].payee_hint == runs[1].payee_hint == ""


def test_second_transfer_between_acquaintances_succeeds_and_names_them(customer: Make) -> None:
    one, other = customer(10_000, "林月"), customer(10_000, "陈明")
    acquaint(one, other)
    outcome = send(one[0], other[1], 500)
    assert outcome.state == "succeeded"
    assert "陈" in wallet.operation(one[0], outcome.reference).view.counterparty
    assert wallet.dry_run_transfer(one[0], phone=other[1], amount=Money(1, "CNY")).payee_hint.startswith("陈")


def test_money_for_an_unregistered_number_is_claimed_by_registering(customer: Make) -> None:
    one, phone = customer(10_000), new_phone()
    outcome = send(one[0], phone, 3_000)
    assert available(one[0]) == 7_000
    newcomer = register(phone)
    assert available(newcomer) == 3_000
    assert wallet.operation(newcomer, outcome.reference).view.state == "succeeded"
    assert wallet.operation(one[0], outcome.reference).view.state == "sent"
    with clock.stopped(clock.now() + timedelta(hours=25)):
        wallet.close_due()
    assert wallet.operation(one[0], outcome.reference).view.state == "succeeded"


def test_money_that_nobody_claims_comes_back_with_its_limit(customer: Make) -> None:
    one = customer(10_000)
    outcome = send(one[0], new_phone(), 3_000)
    with clock.stopped(clock.now() + timedelta(hours=25)):
        wallet.close_due()
        wallet.close_due()
    view = wallet.operation(one[0], outcome.reference).view
    assert (view.state, view.code, available(one[0])) == ("returned", "transfer_unclaimed", 10_000)


def test_claiming_after_the_deadline_is_too_late(customer: Make) -> None:
    one, phone = customer(10_000), new_phone()
    send(one[0], phone, 3_000)
    with clock.stopped(clock.now() + timedelta(hours=25)):
        newcomer = register(phone)
        assert available(newcomer) == 0
        wallet.close_due()
        assert available(one[0]) == 10_000


@pytest.mark.parametrize(
    ("minor", "limits", "code"),
    [
        (10_001, {}, "insufficient_balance"),
        (10_000, {"once": 9_999}, "limit_transfer_once"),
        (10_000, {"day": 9_999}, "limit_transfer_day"),
    ],
)
def test_refusals_say_the_numbers_and_move_nothing(
    customer: Make, minor: int, limits: dict, code: str
) -> None:
    one, other = customer(10_000), customer()
    if limits:
        policies.publish("limits", {"tiers": [{"transfer": {"CNY": limits}}]}, SYSTEM)
    outcome = send(one[0], other[1], minor)
    assert (outcome.outcome, outcome.code) == ("refused", code)
    assert available(one[0]) == 10_000
    detail = wallet.operation(one[0], outcome.reference)
    assert detail.view.state == "refused" and detail.diagnosis.rule == code and detail.diagnosis.next_step
    if limits:
        assert outcome.facts["policy"] == "limits@1"
    assert send(one[0], other[1], 1).outcome == "approved"


def test_limit_counts_up_to_the_last_unit(customer: Make) -> None:
    one, other = customer(10_000), customer()
    policies.publish("limits", {"tiers": [{"transfer": {"CNY": {"day": 5_000}}}]}, SYSTEM)
    assert send(one[0], other[1], 4_999).outcome == "approved"
    assert send(one[0], other[1], 2).code == "limit_transfer_day"
    assert send(one[0], other[1], 1).outcome == "approved"


def test_wrong_pin_is_refused_counted_and_locks(customer: Make) -> None:
    one, other = customer(10_000), customer()
    left = [send(one[0], other[1], 1, pin="314159").facts.get("attempts_left") for _ in range(4)]
    assert left == sorted(left, reverse=True)
    send(one[0], other[1], 1, pin="314159")
    assert send(one[0], other[1], 1).code == "pin_locked"


def test_right_pin_after_a_wrong_one_goes_through(customer: Make) -> None:
    one, other = customer(10_000), customer()
    assert send(one[0], other[1], 1, pin="314159").code == "pin_wrong"
    assert send(one[0], other[1], 1).outcome == "approved"


def test_own_number_is_refused(customer: Make) -> None:
    one = customer(10_000)
    assert send(one[0], one[1], 1).code == "payee_is_self"


def test_frozen_payee_is_refused_only_to_acquaintances_and_never_why(customer: Make) -> None:
    one, other, stranger = customer(10_000), customer(10_000), customer(10_000)
    acquaint(one, other)
    _freeze(other[0], "receiving")
    refused = send(one[0], other[1], 100)
    assert (refused.code, refused.facts) == ("payee_cannot_receive", {})
    waiting = send(stranger[0], other[1], 100)
    assert waiting.state == "sent" and available(other[0]) == 10_000
    with outermost():
        people.release(other[0], SYSTEM)
    settle_topics()
    assert available(other[0]) == 10_100


def test_frozen_sender_is_refused_and_receives_all_the_same(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    _freeze(one[0], "spending")
    assert send(one[0], other[1], 1).code == "frozen"
    assert send(other[0], one[1], 100).outcome == "approved"
    assert available(one[0]) == 10_100


def test_same_key_gives_the_original_outcome_and_moves_once(customer: Make) -> None:
    one, other = customer(10_000), customer()
    first, again = (send(one[0], other[1], 100, key="k1") for _ in range(2))
    assert (first.reference, first.state) == (again.reference, again.state)
    assert (first.replayed, again.replayed) == (False, True)
    assert available(one[0]) == 9_900


@pytest.mark.parametrize("change", [{"minor": 101}, {"pin": "314159"}, {"note": "x"}])
def test_same_key_with_another_body_is_refused(customer: Make, change: dict) -> None:
    one, other = customer(10_000), customer()
    send(one[0], other[1], 100, key="k1")
    with pytest.raises(KeyReused):
        send(one[0], other[1], **{"minor": 100, "key": "k1", **change})
    assert available(one[0]) == 9_900


def test_keys_of_different_people_do_not_meet(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    assert not send(one[0], other[1], 100, key="k1").replayed
    assert not send(other[0], one[1], 100, key="k1").replayed


@pytest.mark.parametrize("key", [None, "", "   ", "x" * 201, "a\nb"])
def test_a_missing_key_is_refused(customer: Make, key: str | None) -> None:
    one = customer(10_000)
    with pytest.raises(KeyMissing):
        wallet.send_transfer(one[0], phone=new_phone(), amount=Money(1, "CNY"), pin=PIN, key=key)


def test_twins_in_one_batch_move_once(customer: Make) -> None:
    one, other = customer(10_000), customer()
    intent = intents.send_transfer(one[0], other[1], Money(100, "CNY"), "", PIN, "twin")
    with outermost():
        first, again = pipeline.run(
            [intent, intents.send_transfer(one[0], other[1], Money(100, "CNY"), "", PIN, "twin")]
        )
    assert isinstance(first, wallet.Outcome) and isinstance(again, wallet.Outcome)
    assert first.reference == again.reference and again.replayed
    assert available(one[0]) == 9_900


def test_intents_of_one_batch_cannot_spend_the_same_money(customer: Make) -> None:
    one, other, third = customer(10_000), customer(), customer()
    batch = [
        intents.send_transfer(one[0], phone, Money(minor, "CNY"), "", PIN, str(new_id()))
        for phone, minor in ((other[1], 6_000), (third[1], 6_000), (third[1], 4_000))
    ]
    outcomes = [o for o in submit_all(batch) if isinstance(o, wallet.Outcome)]
    assert [o.outcome for o in outcomes] == ["approved", "refused", "approved"]
    assert (available(one[0]), available(other[0]), available(third[0])) == (0, 6_000, 4_000)


@pytest.mark.parametrize(
    ("phone", "minor", "note", "refusal"),
    [
        ("12", 1, "", PhoneInvalid),
        (None, 1, "x" * 101, NoteTooLong),
    ],
)
def test_bad_input_is_refused_before_anything_is_recorded(
    customer: Make, phone: str | None, minor: int, note: str, refusal: type[Refusal]
) -> None:
    one = customer(10_000)
    with pytest.raises(refusal):
        send(one[0], phone or new_phone(), minor, note=note)
    assert len(wallet.operations(one[0]).items) == 1


def test_large_first_payment_is_held_then_released(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    outcome = send(one[0], other[1], 600_000)
    assert (outcome.outcome, outcome.state, outcome.code) == ("held", "held", "held_new_payee")
    assert (available(one[0]), available(other[0])) == (1_400_000, 0)
    released = wallet.release_hold(outcome.reference, actor=STAFF, purpose=_review(outcome))
    settle_topics()
    assert released.state == "sent" and available(other[0]) == 600_000
    with pytest.raises(HoldNotOpen):
        wallet.decline_hold(outcome.reference, actor=STAFF, purpose=_review(outcome))


@pytest.mark.parametrize("who", ["staff", "customer", "deadline"])
def test_a_hold_gives_money_and_limit_back(customer: Make, who: str) -> None:
    one, other = customer(2_000_000), customer()
    outcome = send(one[0], other[1], 600_000)
    if who == "staff":
        wallet.decline_hold(outcome.reference, actor=STAFF, purpose=_review(outcome))
    elif who == "customer":
        wallet.cancel_hold(one[0], outcome.reference)
    else:
        with clock.stopped(clock.now() + timedelta(hours=25)):
            wallet.close_due()
    code = {"staff": "hold_declined", "customer": "hold_cancelled", "deadline": "hold_lapsed"}[who]
    assert wallet.operation(one[0], outcome.reference).view.code == code
    assert (available(one[0]), available(other[0])) == (2_000_000, 0)


def test_nobody_else_can_cancel_or_see_an_operation(customer: Make) -> None:
    one, other, stranger = customer(2_000_000), customer(), customer()
    outcome = send(one[0], other[1], 600_000)
    for person in (stranger[0], other[0]):
        with pytest.raises(OperationNotFound):
            wallet.cancel_hold(person, outcome.reference)
        with pytest.raises(OperationNotFound):
            wallet.operation(person, outcome.reference)


def test_top_up_is_credited_once_and_late_too(customer: Make) -> None:
    one = customer()
    started = wallet.start_top_up(one[0], amount=Money(20_000, "CNY"), key="t1")
    assert started.state == "awaiting_payment" and available(one[0]) == 0
    with clock.stopped(clock.now() + timedelta(hours=2)):
        wallet.close_due()
    assert wallet.operation(one[0], started.reference).view.state == "expired"
    for _ in range(2):
        with outermost():
            wallet.settle_top_up(
                started.reference, amount=Money(20_000, "CNY"), bank_reference="B", inbox_id="i1"
            )
    assert available(one[0]) == 20_000
    assert wallet.operation(one[0], started.reference).view.state == "succeeded"


def test_a_second_payment_of_one_order_moves_nothing(customer: Make) -> None:
    one = customer()
    started = wallet.start_top_up(one[0], amount=Money(20_000, "CNY"), key="t1")
    for inbox, expected in (("i1", None), ("i2", RuntimeError)):
        with outermost():
            if expected is None:
                wallet.settle_top_up(
                    started.reference, amount=Money(20_000, "CNY"), bank_reference=f"B{inbox}", inbox_id=inbox
                )
            else:
                with pytest.raises(expected):
                    wallet.settle_top_up(
                        started.reference,
                        amount=Money(20_000, "CNY"),
                        bank_reference=f"B{inbox}",
                        inbox_id=inbox,
                    )
    assert available(one[0]) == 20_000


def test_a_payment_in_a_currency_that_no_wallet_holds_is_told_too(customer: Make) -> None:
    one = customer()
    started = wallet.start_top_up(one[0], amount=Money(20_000, "CNY"), key="t1").reference
    with outermost():
        wallet.park_top_up(started, amount=None, code="wrong_currency", key="p1")
    assert wallet.operation(one[0], started).view.code == "wrong_currency"


@pytest.mark.parametrize(("paid", "state"), [(True, "succeeded"), (False, "unknown")])
def test_a_payment_that_does_not_fit_is_told_and_moves_nothing(
    customer: Make, paid: bool, state: str
) -> None:
    one = customer()
    started = wallet.start_top_up(one[0], amount=Money(20_000, "CNY"), key="t1").reference
    if paid:
        with outermost():
            wallet.settle_top_up(started, amount=Money(20_000, "CNY"), bank_reference="B", inbox_id="i1")
    for _ in range(2):
        with outermost():
            wallet.park_top_up(started, amount=Money(19_000, "CNY"), code="wrong_amount", key="p1")
    view = wallet.operation(one[0], started).view
    assert (view.state, view.code, available(one[0])) == (state, "wrong_amount", 20_000 if paid else 0)
    assert wallet.diagnose(view.id, "customer").rule == "wrong_amount"


def test_references_are_spoken_and_find_their_operation(customer: Make) -> None:
    one = customer(10_000)
    outcome = send(one[0], new_phone(), 1)
    spoken = outcome.reference[:4].lower() + " - " + outcome.reference[4:]
    assert parse_reference(spoken) == outcome.reference
    assert wallet.find_operation(spoken) == (outcome.operation_id, one[0])
    assert wallet.find_operation("nonsense") is None


def test_bills_are_paged_newest_first(customer: Make) -> None:
    one = customer(10_000)
    sent = [send(one[0], new_phone(), 1).reference for _ in range(4)]
    page = wallet.operations(one[0], limit=3)
    rest = wallet.operations(one[0], page.next_cursor, limit=3)
    assert [v.reference for v in (*page.items, *rest.items)][:4] == sent[::-1]
    assert rest.next_cursor is None


def test_staff_see_both_sides_and_leave_a_trace(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    outcome = send(one[0], other[1], 600_000)
    detail = wallet.operation_for_staff(outcome.reference, actor=STAFF, purpose=_review(outcome))
    assert {(leg.debit, leg.credit) for leg in detail.legs} == {("customer", "transit")}
    seen = audit.entries_about(("operation", str(outcome.operation_id)))[0].entry
    assert (seen.actor, seen.action) == (STAFF, "operation.read")


@pytest.mark.parametrize(
    "purpose", [Purpose("review", str(new_id())), Purpose("case", "C1"), Purpose("whim", "1")]
)
def test_staff_without_a_real_purpose_see_nothing(customer: Make, purpose: Purpose) -> None:
    one = customer(10_000)
    outcome = send(one[0], new_phone(), 100)
    with pytest.raises(PurposeNotReal):
        wallet.operation_for_staff(outcome.reference, actor=STAFF, purpose=purpose)


def test_a_fee_goes_to_the_house(customer: Make) -> None:
    one, other = customer(10_000), customer()
    policies.publish("fees", {"transfer": {"CNY": {"fixed_minor": 10, "basis_points": 50}}}, SYSTEM)
    run = wallet.dry_run_transfer(one[0], phone=other[1], amount=Money(1_999, "CNY"))
    assert run.fee == Money(10 + 9, "CNY")
    send(one[0], other[1], 1_999)
    send(one[0], new_phone(), 1_000)
    assert available(one[0]) == 10_000 - 1_999 - 19 - 1_000 - 15


def _review(outcome: wallet.Outcome) -> Purpose:
    return Purpose("review", str(outcome.operation_id), "review of a hold")


def _freeze(person: UUID, what: str) -> None:
    with outermost():
        people.freeze(person, SYSTEM, "by_risk", scope=frozenset({what}))


__all__ = ["fund"]


def test_nothing_moves_without_the_pin_and_a_refused_review_is_kept_once(customer: Make) -> None:
    one, other = customer(10_000), customer()
    asked = {"phone": other[1], "amount": Money(20_000, "CNY"), "note": "", "key": "k1"}
    first, again = (wallet.record_refusal(one[0], code="insufficient_balance", **asked) for _ in range(2))
    assert (first.code, first.reference, again.replayed) == ("insufficient_balance", again.reference, True)
    allowed = wallet.record_refusal(one[0], code="x", **{**asked, "amount": Money(1, "CNY")})
    assert (allowed.outcome, allowed.code, available(one[0])) == ("refused", "pin_missing", 10_000)


@pytest.mark.parametrize(("fee", "code"), [(0, None), (5, "terms_changed")])
def test_other_terms_than_those_of_the_review_are_refused(customer: Make, fee: int, code: str | None) -> None:
    one, other = customer(10_000), customer()
    terms = Terms("approved", Money(0, "CNY"))
    if fee:
        policies.publish("fees", {"transfer": {"CNY": {"fixed_minor": fee}}}, SYSTEM)
    outcome = wallet.send_transfer(
        one[0], phone=other[1], amount=Money(100, "CNY"), pin=PIN, key="k1", terms=terms
    )
    assert outcome.code == code
    assert available(one[0]) == (10_000 if code else 9_900)


def test_a_silent_stop_refuses_without_a_word_of_it(customer: Make) -> None:
    one, other = customer(10_000), customer()
    with outermost():
        people.freeze(one[0], SYSTEM, "by_law", scope=frozenset({"spending"}), disclosure="silent")
    outcome = send(one[0], other[1], 100)
    assert (outcome.outcome, outcome.code, dict(outcome.facts)) == ("refused", "not_possible_now", {})
    assert available(one[0]) == 10_000
