"""Closing an account: asked for, thought over, carried out or taken back."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit import api as audit
from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.kit import topics
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import ClosingOpen, ClosingStopped, Frozen, PasswordWrong, ProofNeeded
from guitai.people.flows import close_account
from guitai.people.flows.close_account import carry_out_due
from guitai.people.flows.freeze_word import set_freeze_word
from guitai.people.models import Closing, FreezeWord, User
from tests.people.conftest import PASSWORD, PHONE, PIN

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DUE = NOON + timedelta(days=7)


@pytest.fixture
def left(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What the rooms above say that remains; a test fills it."""
    found: list[str] = []
    check: Callable[[UUID], tuple[str, ...]] = lambda person: tuple(found)  # noqa: E731
    monkeypatch.setattr(close_account, "_checks", [check])
    return found


def ask(person: UUID) -> None:
    with clock.stopped(NOON):
        people.ask_to_close(person, password=PASSWORD)


def settle() -> None:
    while topics.relay():
        pass


def test_asks_for_a_proof(customer, left) -> None:
    with pytest.raises(ProofNeeded):
        people.ask_to_close(customer)
    with pytest.raises(PasswordWrong):
        people.ask_to_close(customer, password="wrong words")
    assert people.ask_to_close(customer, pin=PIN).due_at > clock.now()


def test_stops_money_signs_out_and_waits(signed_in: Client, customer, left) -> None:
    ask(customer)
    now = people.standing(customer)
    assert (now.state, now.scope) == ("locked", {"spending", "withdrawal", "receiving"})
    closing = people.closing(customer)
    assert closing is not None and closing.due_at == DUE
    assert signed_in.get("/me/").status_code == 302
    with clock.stopped(DUE - timedelta(seconds=1)):
        assert carry_out_due() == 0
    assert people.standing(customer).state == "locked"
    with pytest.raises(ClosingOpen):
        people.ask_to_close(customer, password=PASSWORD)


@pytest.mark.parametrize("what", [["balance"], ["operations"], ["balance", "operations"]])
def test_is_refused_with_what_remains(customer, left, what: list[str]) -> None:
    left.extend(what)
    with pytest.raises(ClosingStopped) as refused:
        people.ask_to_close(customer, password=PASSWORD)
    assert refused.value.facts == {"remains": what}
    assert people.standing(customer).state == "active"


def test_is_refused_while_something_stops_the_account(customer, left) -> None:
    people.freeze(customer, SYSTEM, "by_law")
    with pytest.raises(Frozen):
        people.ask_to_close(customer, password=PASSWORD)


def test_signing_in_takes_it_back(customer, left) -> None:
    ask(customer)
    with clock.stopped(DUE - timedelta(days=1)):
        client = Client()
        assert client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302
        assert people.standing(customer).state == "active"
    assert Closing.objects.get().state == "cancelled"
    assert notify.inbox(customer).items[0].kind == "people.closing_cancelled"
    with clock.stopped(DUE + timedelta(days=1)):
        assert carry_out_due() == 0
    assert people.standing(customer).state == "active"


def test_closes_for_good_and_erases_what_it_may(customer, left) -> None:
    set_freeze_word(customer, "purple walrus", PASSWORD)
    ask(customer)
    with clock.stopped(DUE):
        assert (carry_out_due(), carry_out_due()) == (1, 0)
        settle()
    now = people.standing(customer)
    assert (now.state, now.scope) == ("closed", {"sign_in", "spending", "withdrawal", "receiving"})
    assert [change.action for change in people.history(customer)] == ["close", "replaced", "lock"]
    assert not FreezeWord.objects.exists() and not people.has_pin(customer)
    assert people.find_by_phone([PHONE]) == {}
    assert Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 200
    actions = [entry.entry.action for entry in audit.entries_about(("person", str(customer)))]
    assert "person.erased" in actions and "person.close" in actions
    # The last words reached the number before it was given free.
    with clock.stopped(DUE):
        notify.deliver_due()
    assert notify.outbox(PHONE)[0].kind == "people.closed"
    again = people.register_customer(PHONE, "林月", PASSWORD, PIN)
    assert again != customer and User.objects.get(id=customer).phone_index is None


def test_money_that_came_meanwhile_keeps_it_open(customer, left) -> None:
    ask(customer)
    left.append("balance")
    with clock.stopped(DUE):
        assert carry_out_due() == 0
    assert (people.standing(customer).state, Closing.objects.get().state) == ("active", "blocked")
    assert notify.inbox(customer).items[0].kind == "people.closing_blocked"


def test_a_hold_that_came_meanwhile_puts_it_off(customer, left) -> None:
    ask(customer)
    people.freeze(customer, SYSTEM, "by_law", disclosure="silent")
    with clock.stopped(DUE):
        assert carry_out_due() == 0
    assert people.closing(customer) is not None
    hold = next(cause for cause in people.standing(customer).causes if cause.reason == "by_law")
    people.release(customer, SYSTEM, cause=hold.id)
    with clock.stopped(DUE + timedelta(days=1)):
        assert carry_out_due() == 1


def test_nobody_lifts_a_closed_account(customer, left) -> None:
    ask(customer)
    with clock.stopped(DUE):
        carry_out_due()
    cause = people.standing(customer).causes[0]
    with pytest.raises(Exception, match="release_needs_staff"):
        people.release(customer, SYSTEM, cause=cause.id)
    people.freeze_self(customer, proof="test")
    assert people.standing(customer).state == "closed"
