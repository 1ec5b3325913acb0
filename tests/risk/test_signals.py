"""Signals: noted once, holding until somebody has looked, told to nobody they are about."""

from uuid import UUID, uuid4

import pytest
from django.db import transaction
from django.test import Client

from guitai.audit import api as audit
from guitai.audit import purposes
from guitai.base.refusal import NotFound
from guitai.kit import policies, sql
from guitai.people import api as people
from guitai.people.errors import DocumentTaken
from guitai.people.types import IdentityClaim
from guitai.risk import api
from guitai.risk.errors import SignalDecided, SignalReasonMissing
from guitai.risk.models import Signal
from guitai.risk.types import Features
from tests.desk.conftest import staff_client
from tests.people.identity_support import BY_PIN, LIN, NUMBER, OTHER_NUMBER, card, customer, staff, tier_one
from tests.wallet.conftest import settle_topics

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def real(monkeypatch: pytest.MonkeyPatch) -> None:
    policies.forget()
    monkeypatch.setitem(purposes._checkers, "signal", api.is_purpose)


def raised(person: UUID, source: str = "x", others: tuple[UUID, ...] = ()) -> UUID:
    with transaction.atomic():
        api.signal(person, "account_shared", source=source, others=others)
    return Signal.objects.get(person_id=person, source=source).id


def judged(person: UUID, *, new: bool = False, leaves: bool = False) -> str | None:
    return api.assessor([person])(Features(person, 1_00, "CNY", 0, 0, new, leaves)).reason


def test_a_first_payment_and_a_withdrawal_wait_while_a_signal_is_open():
    one, other = customer(), customer("+8613900139000", "陈晨")
    raised(one, others=(other,))
    assert judged(one, new=True) == judged(one, leaves=True) == "held_under_review"
    assert judged(one) is None, "payments to people they have paid before go on"
    assert judged(other, new=True) is None, "whom it touches besides is not held"


def test_harmless_lets_pass_again_and_confirmed_goes_on_holding():
    person, rao = customer(), staff("supervisor", "Rao")
    signal = raised(person)
    api.decide_signal(signal, rao, "confirmed", "several wallets, one hand")
    assert judged(person, new=True) == "held_under_review" and api.count_open_signals() == 0
    api.decide_signal(signal, rao, "harmless", "a twin with the same name")
    assert judged(person, new=True) is None
    with pytest.raises(SignalDecided):
        api.decide_signal(signal, rao, "confirmed", "no, after all")


def test_the_same_thing_again_is_the_same_signal_and_another_is_another():
    person = customer()
    raised(person), raised(person)
    assert Signal.objects.count() == 1
    raised(person, "y")
    assert [found.person for found in api.open_signals().items] == [person, person]
    actions = [entry.entry.action for entry in audit.entries_about(("person", str(person)))]
    assert actions.count("risk.signal_raised") == 2


def test_what_was_found_harmless_is_not_raised_again_by_the_same_thing():
    person = customer()
    signal = raised(person)
    api.decide_signal(signal, staff("supervisor", "Rao"), "harmless", "known")
    raised(person)
    assert judged(person, new=True) is None


def test_deciding_needs_a_reason_and_every_look_is_recorded():
    person, rao = customer(), staff("supervisor", "Rao")
    signal = raised(person)
    with pytest.raises(SignalReasonMissing):
        api.decide_signal(signal, rao, "harmless", "  ")
    with pytest.raises(NotFound):
        api.look_at_signal(uuid4(), rao)
    assert api.look_at_signal(signal, rao).others == ()
    api.decide_signal(signal, rao, "harmless", "known")
    entries = [
        recorded.entry for recorded in audit.entries_about(("person", str(person)), actor_kind="staff")
    ]
    assert [(entry.action, entry.purpose.kind, entry.purpose.reason) for entry in entries if entry.purpose] == [
        ("risk.signal_harmless", "signal", "known"), ("risk.signal_read", "signal", "look at a signal"),
    ]  # fmt: skip


def test_signals_come_in_pages():
    people_ = [customer(f"+86138{10_000_000 + number}", "林月") for number in range(52)]
    for person in people_:
        raised(person)
    page = api.open_signals()
    assert len(page.items) == 50 and page.next_cursor
    rest = api.open_signals(page.next_cursor)
    assert [one.person for one in [*page.items, *rest.items]] == people_ and rest.next_cursor is None


def test_many_persons_are_looked_up_in_one_statement(monkeypatch: pytest.MonkeyPatch):
    persons = [customer(f"+86138{20_000_000 + number}", "林月") for number in range(20)]
    raised(persons[3])
    asked, fetch = [], sql.fetch
    monkeypatch.setattr(sql, "fetch", lambda *given: asked.append(given) or fetch(*given))
    judge = api.assessor(persons)
    assert len(asked) == 1
    assert [judge(Features(one, 1, "CNY", 0, 0, True)).outcome for one in persons].count("hold") == 1


@pytest.fixture
def at_the_desk() -> Client:
    return staff_client("rao@guitai.example", "Rao", "supervisor")[0]


def test_what_two_customers_show_reaches_staff_through_the_house(at_the_desk: Client):
    first, second = tier_one(), customer("+8613900139000", "林月")
    with pytest.raises(DocumentTaken):
        people.declare_identity(second, LIN)
    settle_topics()
    found = api.open_signals().items
    assert [(one.person, one.kind, one.others) for one in found] == [(second, "document_taken", (first,))]
    listed = at_the_desk.get("/staff/signals/").content.decode()
    assert str(found[0].id) in listed and "139****9000" in listed and NUMBER not in listed
    page = f"/staff/signals/{found[0].id}/"
    assert "138****8000" in at_the_desk.get(page).content.decode()
    assert at_the_desk.post(page, {"state": "harmless"}).status_code == 422
    assert at_the_desk.post(page, {"state": "harmless", "reason": "one person"}).url == "/staff/signals/"
    assert judged(second, new=True) is None and judged(first, new=True) is None
    assert Client().get("/staff/signals/").status_code == 302


def test_an_account_of_two_wallets_holds_the_later_one_alone(at_the_desk: Client):
    first, second = (
        tier_one(),
        tier_one("+8613900139000", IdentityClaim("national_id", "CN", OTHER_NUMBER, "林月")),
    )
    for person in (first, second):
        people.bind_account(person, card(), BY_PIN)
    settle_topics()
    assert [(one.person, one.others) for one in api.open_signals().items] == [(second, (first,))]
    assert judged(second, leaves=True) == "held_under_review" and judged(first, leaves=True) is None


def test_an_agent_does_not_decide_signals():
    agent, _ = staff_client("wen@guitai.example", "Wen", "agent")
    assert agent.get("/staff/signals/").status_code == 403
