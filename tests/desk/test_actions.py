"""Service actions: refused for want of proof, then of a second person, then done once; and looks without a case."""

import json
import re
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.money import Money
from guitai.base.refusal import NotFound, Refusal
from guitai.care import api as care
from guitai.desk import api
from guitai.desk.actions import ACTIONS
from guitai.desk.models import Approval
from guitai.kit.explain import codes, explain
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.wallet import api as wallet
from tests.people.passkey import Passkey

from .conftest import PIN, SECRET

pytestmark = pytest.mark.django_db


def colleague(name: str, role: str) -> Actor:
    person = people.create_staff(f"{name.lower()}@guitai.example", name, role, "counter-2026-tea", SECRET)
    return Actor("staff", str(person))


@pytest.fixture
def agent() -> Actor:
    return colleague("Wen", "agent")


@pytest.fixture
def supervisor() -> Actor:
    return colleague("Rao", "supervisor")


@pytest.fixture
def other_supervisor() -> Actor:
    return colleague("He", "supervisor")


@pytest.fixture
def case(yue) -> str:
    return care.open_case(yue, "other", "Please help me", [], key="help")


def refusal_of(verb, *arguments, **options) -> Refusal:
    with pytest.raises(Refusal) as refused:
        verb(*arguments, **options)
    return refused.value


def do(reference: str, staff: Actor, action: str, key: str = "", **given: str):
    return api.act(reference, staff, action, given, reason="asked on the phone", key=key or uuid4().hex)


def show(yue: UUID, reference: str, staff: Actor) -> None:
    """The customer approves with the PIN."""
    care.give_proof_pin(yue, care.ask_proof(reference, "app", staff), PIN)


def show_passkey(yue: UUID, reference: str, staff: Actor) -> None:
    """The customer approves with a passkey, which they have from now."""
    passkey = Passkey()
    passkey.belongs_to(yue)
    proof = care.ask_proof(reference, "passkey", staff)
    options = care.proof_passkey_options(yue, proof)
    assert options is not None
    care.give_proof_passkey(yue, proof, json.dumps(passkey.get(options)))


def show_code(reference: str, staff: Actor) -> None:
    """Whoever holds the phone types the code that an SMS brought: no more than that."""
    care.ask_proof(reference, "sms", staff)
    notify.deliver_due()
    sent = next(one for one in notify.outbox() if "code for case" in one.body)
    care.give_proof_code(reference, re.search(r"\b(\d{6})\b", sent.body).group(1), source="test")


def balance(person: UUID) -> int:
    return next(one.available.minor for one in wallet.balances(person) if one.currency == "CNY")


def frozen(yue: UUID, reference: str, staff: Actor) -> str:
    do(reference, staff, "freeze")
    return str(next(c.id for c in people.standing(yue).causes if c.reason == "by_staff"))


def test_unfreezing_needs_a_proof_then_a_second_person_and_is_done_once(yue, case, agent, supervisor) -> None:
    cause = frozen(yue, case, agent)
    assert people.standing(yue).state == "frozen"
    refused = refusal_of(do, case, agent, "unfreeze", cause=cause)
    assert (refused.code, refused.facts) == ("action_proof_needed", {"needed": 2, "level": 0})
    show(yue, case, agent)
    asked = do(case, agent, "unfreeze", cause=cause)
    assert asked.state == "open"
    assert people.standing(yue).state == "frozen"
    assert refusal_of(api.approve, asked.approval, agent).code == "desk_supervisor_needed"
    assert api.approve(asked.approval, supervisor, "looked at it").state == "done"
    assert people.standing(yue).state == "active"
    assert refusal_of(api.approve, asked.approval, supervisor).code == "approval_over"


def test_whoever_asks_never_approves(yue, case, supervisor, other_supervisor) -> None:
    asked = do(case, supervisor, "goodwill", amount="100", currency="CNY")
    assert asked.state == "open"
    before = balance(yue)
    assert refusal_of(api.approve, asked.approval, supervisor).code == "approval_own"
    assert balance(yue) == before
    api.approve(asked.approval, other_supervisor)
    assert balance(yue) == before + 10_000


def test_a_small_credit_is_given_by_one_and_stands_in_the_case(yue, case, agent) -> None:
    before = balance(yue)
    assert do(case, agent, "goodwill", key="once", amount="20", currency="CNY").state == "done"
    assert do(case, agent, "goodwill", key="once", amount="20", currency="CNY").state == "done"
    assert balance(yue) == before + 2_000
    events = [e for e in care.case_for_customer(yue, case).events if e.kind == "action"]
    assert [(e.facts["action"], e.facts["step"]) for e in events] == [("goodwill", "done")]
    assert wallet.operation(yue, events[0].facts["bill"]).view.kind == "adjustment"


def test_a_credit_over_the_threshold_waits(yue, case, agent, supervisor) -> None:
    before = balance(yue)
    asked = do(case, agent, "goodwill", amount="20.01", currency="CNY")
    assert asked.state == "open"
    assert balance(yue) == before
    assert [one.id for one in api.approvals()] == [asked.approval]
    api.decline(asked.approval, supervisor, "too much for this")
    assert balance(yue) == before
    assert api.approvals() == []
    assert refusal_of(api.approve, asked.approval, supervisor).code == "approval_over"


def test_a_wish_ends_after_a_day(yue, case, agent, supervisor) -> None:
    asked = do(case, agent, "goodwill", amount="50", currency="CNY")
    with stopped(now() + timedelta(hours=25)):
        assert refusal_of(api.approve, asked.approval, supervisor).code == "approval_over"
        assert api.expire_approvals() == 1
        assert api.approval(asked.approval).state == "expired"


def test_stale_facts_are_looked_at_again(yue, case, agent, supervisor) -> None:
    cause = frozen(yue, case, agent)
    show(yue, case, agent)
    asked = do(case, agent, "unfreeze", cause=cause)
    row = care.case_for_staff(case, supervisor).row
    with outermost():
        people.release_by_staff(
            yue, supervisor, cause=UUID(cause), purpose=Purpose("case", str(row.id), "another way")
        )
    assert refusal_of(api.approve, asked.approval, supervisor).code == "action_stale"


def test_a_customer_who_speaks_to_nobody_takes_back_what_was_shown(yue, case, agent, supervisor) -> None:
    cause = frozen(yue, case, agent)
    show(yue, case, agent)
    asked = do(case, agent, "unfreeze", cause=cause)
    care.deny_proof(yue, care.ask_proof(case, "app", agent), alone=True)
    assert refusal_of(api.approve, asked.approval, supervisor).code == "action_stale"
    assert people.standing(yue).state == "frozen"


def test_a_pin_is_ended_and_never_seen(yue, case, agent, supervisor) -> None:
    show_passkey(yue, case, agent)
    api.approve(do(case, agent, "reset_pin").approval, supervisor)
    assert not people.has_pin(yue)
    people.set_pin(yue, "582913", "counter-2026-tea")
    assert people.has_pin(yue)


def test_a_phone_in_the_wrong_hands_gets_no_pin_ended_and_no_number_moved(yue, case, agent) -> None:
    show_code(case, agent)
    assert refusal_of(do, case, agent, "reset_pin").facts == {"why": "action_pin_by_owner"}
    Passkey().belongs_to(yue)
    refused = refusal_of(do, case, agent, "reset_pin")
    assert (refused.code, refused.facts) == ("action_proof_needed", {"needed": 3, "level": 1})
    assert refusal_of(do, case, agent, "change_phone").facts == {"needed": 2, "level": 1}
    # With the PIN too: only a passkey ends a PIN, since without one the phone alone resets the password.
    show(yue, case, agent)
    assert refusal_of(do, case, agent, "reset_pin").facts == {"needed": 3, "level": 2}
    assert do(case, agent, "change_phone").state == "done"


def test_who_has_a_passkey_shows_it_to_be_unfrozen(yue, case, agent, supervisor) -> None:
    cause = frozen(yue, case, agent)
    show(yue, case, agent)
    asked = do(case, agent, "unfreeze", cause=cause)
    # One that came meanwhile counts at once: what was shown before is not enough any more.
    show_passkey(yue, case, agent)
    assert refusal_of(api.approve, asked.approval, supervisor).code == "action_stale"
    api.decline(asked.approval, agent, "asked anew")
    again = do(case, agent, "unfreeze", cause=cause)
    assert api.approve(again.approval, supervisor).state == "done"


@pytest.mark.parametrize(("reason", "needed"), [("wrong_password", 1), ("unusual_place", 2)])
def test_a_lock_against_somebody_elses_place_wants_more_than_the_phone(
    yue, case, agent, supervisor, reason: str, needed: int
) -> None:
    people.lock_after_failures(yue, reason)
    assert refusal_of(do, case, agent, "unlock").facts == {"needed": needed, "level": 0}
    show_code(case, agent)
    if needed > 1:
        assert refusal_of(do, case, agent, "unlock").facts == {"needed": 2, "level": 1}
        show(yue, case, agent)
    assert api.approve(do(case, agent, "unlock").approval, supervisor).state == "done"
    assert people.standing(yue).state == "active"


def test_a_limit_differs_for_a_while(yue, case, agent, supervisor) -> None:
    show(yue, case, agent)
    given = {"kind": "transfer", "window": "once", "amount": "10", "currency": "CNY", "days": "2"}
    api.approve(do(case, agent, "limit_change", **given).approval, supervisor)
    refused = wallet.send_transfer(
        yue, phone="+8613900139000", amount=Money(1_001, "CNY"), pin=PIN, key="over"
    )
    assert refused.code == "limit_transfer_once"
    assert (
        refusal_of(do, case, agent, "limit_change", **{**given, "days": "91"}).code == "action_field_missing"
    )


def test_signing_out_everywhere_needs_no_proof_and_is_told(yue, case, agent) -> None:
    assert do(case, agent, "end_sessions").state == "done"
    assert [e.facts["action"] for e in care.case_for_customer(yue, case).events if e.kind == "action"]


def test_refuses_what_is_not_possible_and_what_is_over(yue, case, agent) -> None:
    assert refusal_of(do, case, agent, "fee_waiver").facts == {"why": "fee_waiver_no_fee"}
    assert refusal_of(do, case, agent, "unlock").facts == {"why": "action_nothing_locked"}
    with pytest.raises(NotFound):
        do(case, agent, "no_such_action")
    assert refusal_of(api.act, case, agent, "freeze", {}, reason=" ", key="k").code == "desk_reason_missing"
    care.take(case, agent)
    care.resolve(case, agent, "Done")
    assert refusal_of(do, case, agent, "freeze").code == "action_case_ended"


def test_every_action_declares_what_it_needs_and_what_is_told() -> None:
    for name, action in ACTIONS.items():
        assert action.name == name
        for words in (action.title, action.does, action.told, action.verb):
            assert str(words)
        assert 0 <= action.proof <= 3
        # What asks the world outside is not carried out inside a second person's transaction.
        assert action.inside or action.second == "never"


@pytest.mark.parametrize(
    "code", ["action_proof_needed", "action_second_person_needed", "approval_own", "read_without_case"]
)
def test_every_refusal_has_words(code: str) -> None:
    assert code in codes()
    assert explain(code, {"needed": 2, "level": 0}).remedy


def test_what_is_done_is_audited_for_the_case(yue, case, agent, supervisor) -> None:
    asked = do(case, agent, "correction", amount="30", currency="CNY", what="wrong_fee")
    api.approve(asked.approval, supervisor)
    row = Approval.objects.get(id=asked.approval)
    entries = audit.entries_about(("case", str(row.case_id)), 200)
    acts = {(one.entry.action, one.entry.actor.id) for one in entries}
    assert ("desk.action_asked", agent.id) in acts
    assert ("desk.action_approved", supervisor.id) in acts
    assert all(one.entry.purpose.kind == "case" for one in entries if one.entry.actor.kind == "staff")


def test_a_read_without_a_case_is_refused_and_recorded(agent) -> None:
    assert refusal_of(api.refuse_read, agent, "a customer").code == "read_without_case"
    tried = audit.entries_about(("staff", agent.id))[0].entry
    assert (tried.action, tried.details) == ("desk.read_refused", {"what": "a customer"})


def test_breaking_the_glass_is_short_told_and_reviewed_by_another(
    yue, agent, supervisor, other_supervisor
) -> None:
    assert refusal_of(api.break_glass, agent, "13800138000", "a fire").code == "desk_supervisor_needed"
    assert refusal_of(api.break_glass, supervisor, "13700137000", "a fire").code == "break_glass_unknown"
    glass = api.break_glass(supervisor, "13800138000", "somebody is being robbed")
    assert api.look_through_glass(supervisor, glass).id == yue
    assert any("robbed" in look.reason for look in people.looks(yue).items)
    with pytest.raises(NotFound):
        api.look_through_glass(other_supervisor, glass)
    with stopped(now() + timedelta(minutes=16)):
        assert refusal_of(api.look_through_glass, supervisor, glass).code == "break_glass_over"
    assert refusal_of(api.review_glass, supervisor, glass, right=True, words="mine").code == "break_glass_own"
    api.review_glass(other_supervisor, glass, right=True, words="it was one")
    assert api.glasses()[0].verdict == "right"
