"""Disputed payments: what is unspent is held where it arrived, two people decide, and the books stay right."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.notify.models import Message
from guitai.wallet import api as wallet
from guitai.wallet import errors_disputed as errors
from guitai.wallet.flows import disputed
from guitai.wallet.models import Operation
from guitai.wallet.models.disputed import DisputedPayment
from tests.threads import at_once
from tests.wallet.conftest import available, new_phone, send, settle_topics

Make = Callable[..., tuple[UUID, str]]
WEN, RAO = Actor("staff", str(new_id())), Actor("staff", str(new_id()))
PURPOSE = Purpose("case", str(new_id()), "stolen account")


@pytest.fixture(autouse=True)
def any_case(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every case is real here: what a case is, is care's to say."""
    monkeypatch.setattr("guitai.audit.purposes._checkers", {"case": lambda actor, purpose: True})


def _victim(owner: UUID) -> Actor:
    return Actor("customer", str(owner))


def _told(owner: UUID, kind: str) -> int:
    settle_topics()
    return Message.objects.filter(owner=owner, kind=kind).count()


@pytest.mark.django_db
def test_what_is_unspent_is_held_and_the_payee_is_told_by_when(customer: Make) -> None:
    one, other = customer(100_00), customer(5_00)
    sent = send(one[0], other[1], 40_00)
    send(other[0], new_phone(), 30_00)
    claim = wallet.hold_claim(sent.reference, actor=_victim(one[0]))
    assert claim.amount == Money(15_00, "CNY") and claim.state == "held"
    balance = wallet.balances(other[0])[0]
    assert balance.available.minor == 0 and balance.reserved.minor == 45_00
    assert _told(other[0], "wallet.payment_disputed") == 1
    said = wallet.operation(other[0], claim.hold_reference).diagnosis
    assert (
        said.rule == "claim_out_processing"
        and sent.reference in said.reason
        and said.by_when == claim.decide_by
    )
    with pytest.raises(errors.ClaimMadeBefore):
        wallet.hold_claim(sent.reference, actor=_victim(one[0]))


@pytest.mark.django_db
def test_a_limited_claim_does_not_name_the_payment(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    claim = wallet.hold_claim(sent.reference, actor=WEN, purpose=PURPOSE, disclosure="limited")
    detail = wallet.operation(other[0], claim.hold_reference)
    assert detail.diagnosis.rule == "claim_checked" and sent.reference not in str(detail)


@pytest.mark.django_db
def test_two_people_give_it_back(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    claim = wallet.hold_claim(sent.reference, actor=_victim(one[0]))
    with pytest.raises(errors.ClaimNotProposed):
        wallet.approve_claim(claim.id, "return", actor=RAO, purpose=PURPOSE)
    with pytest.raises(errors.ClaimReasonMissing):
        wallet.propose_claim(claim.id, "return", "  ", actor=WEN, purpose=PURPOSE)
    wallet.propose_claim(claim.id, "return", "the device was stolen", actor=WEN, purpose=PURPOSE)
    with pytest.raises(errors.ClaimOwnProposal):
        wallet.approve_claim(claim.id, "return", actor=WEN, purpose=PURPOSE)
    with pytest.raises(errors.ClaimNotProposed):
        wallet.approve_claim(claim.id, "release", actor=RAO, purpose=PURPOSE)
    assert wallet.approve_claim(claim.id, "return", actor=RAO, purpose=PURPOSE).state == "returned"
    assert (available(one[0]), available(other[0])) == (100_00, 0)
    assert _told(one[0], "wallet.claim_recovered") == 1 and _told(other[0], "wallet.claim_given_back") == 1
    assert wallet.operation(one[0], claim.hold_reference).view.direction == "in"
    with pytest.raises(errors.ClaimNotOpen):
        wallet.propose_claim(claim.id, "release", "too late", actor=WEN, purpose=PURPOSE)
    recorded = [row.entry.action for row in audit.entries_about(("operation", str(sent.operation_id)))]
    assert {"claim.proposed", "claim.approved"} <= set(recorded)


@pytest.mark.django_db
def test_released_or_undecided_it_is_its_holder_s_again(customer: Make) -> None:
    one, other = customer(100_00), customer()
    first, second = send(one[0], other[1], 40_00), send(one[0], other[1], 20_00)
    claims = [wallet.hold_claim(sent.reference, actor=_victim(one[0])) for sent in (first, second)]
    wallet.propose_claim(claims[0].id, "release", "a gift, both say so", actor=WEN, purpose=PURPOSE)
    wallet.approve_claim(claims[0].id, "release", actor=RAO, purpose=PURPOSE)
    assert available(other[0]) == 40_00 and disputed.lapse_due() == 0
    with stopped(now() + timedelta(hours=73)):
        with pytest.raises(errors.ClaimNotOpen):
            wallet.propose_claim(claims[1].id, "return", "late", actor=WEN, purpose=PURPOSE)
        assert disputed.lapse_due() == 1
    assert available(other[0]) == 60_00 and available(one[0]) == 40_00
    assert set(DisputedPayment.objects.values_list("state", flat=True)) == {"released", "lapsed"}


@pytest.mark.django_db
def test_what_cannot_be_held_leaves_no_trace_with_the_payee(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent, waiting = send(one[0], other[1], 40_00), send(one[0], new_phone(), 10_00)
    send(other[0], new_phone(), 40_00)
    operations = Operation.objects.count()
    with pytest.raises(errors.ClaimNothingUnspent):
        wallet.hold_claim(sent.reference, actor=_victim(one[0]))
    with pytest.raises(errors.ClaimNotPossible):
        wallet.hold_claim(waiting.reference, actor=_victim(one[0]))
    with pytest.raises(errors.ClaimNotPossible):
        wallet.hold_claim(sent.reference, actor=_victim(other[0]))
    assert Operation.objects.count() == operations and not DisputedPayment.objects.exists()


@pytest.mark.django_db
def test_an_old_payment_is_held_by_staff_only(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    with stopped(now() + timedelta(hours=30)):
        with pytest.raises(errors.ClaimNotPossible):
            wallet.hold_claim(sent.reference, actor=_victim(one[0]))
        assert wallet.hold_claim(sent.reference, actor=WEN, purpose=PURPOSE).state == "held"


@pytest.mark.django_db(transaction=True)
def test_of_several_at_once_one_holds_and_one_decides(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    held = at_once([lambda: wallet.hold_claim(sent.reference, actor=_victim(one[0]))] * 5)
    assert [type(given).__name__ for given in held].count("ClaimView") == 1
    claim = DisputedPayment.objects.get()
    wallet.propose_claim(claim.id, "return", "stolen", actor=WEN, purpose=PURPOSE)
    done = at_once([lambda: wallet.approve_claim(claim.id, "return", actor=RAO, purpose=PURPOSE)] * 5)
    assert [type(given).__name__ for given in done].count("ClaimView") == 1
    assert (available(one[0]), available(other[0])) == (100_00, 0)


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_the_commit_leaves_everything_as_it_was(
    customer: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)

    def crash(work: Callable[[], object]) -> None:
        def die(row: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as broken:
            broken.setattr(disputed, "view_of", die)
            with pytest.raises(KeyboardInterrupt):
                work()

    crash(lambda: wallet.hold_claim(sent.reference, actor=_victim(one[0])))
    assert available(other[0]) == 40_00 and not DisputedPayment.objects.exists()
    claim = wallet.hold_claim(sent.reference, actor=_victim(one[0]))
    wallet.propose_claim(claim.id, "return", "stolen", actor=WEN, purpose=PURPOSE)
    crash(lambda: wallet.approve_claim(claim.id, "return", actor=RAO, purpose=PURPOSE))
    assert DisputedPayment.objects.get().state == "held" and available(one[0]) == 60_00
    assert wallet.approve_claim(claim.id, "return", actor=RAO, purpose=PURPOSE).state == "returned"
    assert available(one[0]) == 100_00
