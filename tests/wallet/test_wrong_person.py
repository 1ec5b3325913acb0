"""Money that went to the wrong person: asking back tells the payee and nobody else; giving back is a transfer."""

from collections.abc import Callable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from guitai.base.money import Money
from guitai.notify.models import Message
from guitai.people.models import User
from guitai.wallet import api as wallet
from guitai.wallet.errors import AskBackNotPossible, GiveBackNotPossible, OperationNotFound
from guitai.wallet.models import OperationEvent
from tests.threads import at_once
from tests.wallet.conftest import PIN, available, new_phone, register, send, settle_topics

Make = Callable[..., tuple[UUID, str]]


def _asked(payee: UUID) -> int:
    settle_topics()
    return Message.objects.filter(owner=payee, kind="wallet.asked_back").count()


@pytest.mark.django_db
def test_asking_back_tells_the_payee_once_and_moves_nothing(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    for _ in range(3):
        wallet.ask_back(one[0], sent.reference)
    assert _asked(other[0]) == 1
    assert (available(one[0]), available(other[0])) == (60_00, 40_00)
    assert OperationEvent.objects.filter(operation_id=sent.operation_id, event="asked_back").count() == 1
    assert wallet.was_asked_back(sent.operation_id)


@pytest.mark.django_db
def test_a_number_without_a_wallet_looks_the_same_to_whoever_asks(customer: Make) -> None:
    one, other = customer(100_00), customer()
    known, unknown = send(one[0], other[1], 10_00), send(one[0], new_phone(), 10_00)
    answers = [wallet.ask_back(one[0], sent.reference) for sent in (known, unknown)]
    assert answers[0].outcome == answers[1].outcome and answers[0].state == answers[1].state == "sent"
    views = [wallet.operation(one[0], sent.reference) for sent in (known, unknown)]
    assert [step.code for step in views[0].timeline] == [step.code for step in views[1].timeline]


@pytest.mark.django_db
def test_what_is_not_one_s_own_or_has_not_left_cannot_be_asked_back(customer: Make) -> None:
    one, other = customer(2_000_000), customer()
    sent = send(one[0], other[1], 10_00)
    with pytest.raises(AskBackNotPossible):
        wallet.ask_back(other[0], sent.reference)
    with pytest.raises(OperationNotFound):
        wallet.ask_back(register(new_phone()), sent.reference)
    held = send(one[0], other[1], 600_000)
    assert held.state == "held"
    with pytest.raises(AskBackNotPossible):
        wallet.ask_back(one[0], held.reference)


@pytest.mark.django_db
def test_giving_back_needs_the_pin_and_no_number(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    refused = wallet.give_back(other[0], sent.reference, pin="000001", key=str(uuid4()))
    assert refused.code == "pin_wrong" and available(other[0]) == 40_00
    key = str(uuid4())
    done = [wallet.give_back(other[0], sent.reference, pin=PIN, key=key) for _ in range(2)]
    settle_topics()
    assert done[0].reference == done[1].reference and done[0].outcome == "approved"
    assert (available(one[0]), available(other[0])) == (100_00, 0)
    with pytest.raises(GiveBackNotPossible):
        wallet.give_back(one[0], sent.reference, pin=PIN, key=str(uuid4()))


@pytest.mark.django_db(transaction=True)
def test_asked_by_several_at_once_it_is_asked_once(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    at_once([lambda: wallet.ask_back(one[0], sent.reference)] * 6)
    assert _asked(other[0]) == 1


@pytest.mark.django_db
def test_the_payee_sees_it_on_the_bill_and_gives_it_back_there(customer: Make) -> None:
    one, other = customer(100_00), customer()
    sent = send(one[0], other[1], 40_00)
    wallet.ask_back(one[0], sent.reference)
    settle_topics()
    browser = Client(headers={"accept-language": "en"})
    browser.force_login(User.objects.get(id=other[0]))
    page = browser.get(f"/bills/{sent.reference}/")
    assert "The sender asks for this back" in page.content.decode()
    form = browser.get(f"/bills/{sent.reference}/give-back/")
    assert form.status_code == 200
    done = browser.post(f"/bills/{sent.reference}/give-back/", {"pin": PIN, "key": str(uuid4())})
    assert done.status_code == 302 and available(one[0]) == 100_00
    assert wallet.balances(other[0])[0].available == Money(0, "CNY")
