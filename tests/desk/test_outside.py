"""Actions that ask the world outside, cut off anywhere: done once in the end, or said to be interrupted."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.care import api as care
from guitai.desk import api
from guitai.desk.actions import ACTIONS
from guitai.desk.flows import outside
from guitai.desk.models import Approval
from guitai.kit.explain import codes
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.rails.errors import RailUnavailable
from guitai.rails.types import RailAnswer
from guitai.wallet import api as wallet
from tests.desk.test_actions import do, refusal_of
from tests.threads import at_once
from tests.wallet import withdrawing
from tests.wallet.withdrawing import opened

pytestmark = pytest.mark.django_db


class PowerCut(BaseException):
    """The process is gone: nothing after it runs."""


@pytest.fixture
def top_up(yue: UUID) -> str:
    reference = wallet.start_top_up(yue, amount=Money(7_000, "CNY"), key=new_id().hex).reference
    assert reference is not None
    return reference


@pytest.fixture
def case(yue: UUID, top_up: str) -> str:
    return care.open_case(yue, None, "Where is it?", [], operation=top_up, key="where")


@pytest.fixture
def asked(monkeypatch, top_up: str) -> list[str]:
    """The rail answers `unpaid`, and what it was asked."""
    calls: list[str] = []

    def query(reference: str, *, rail: str) -> RailAnswer:
        calls.append(reference)
        return RailAnswer(reference, "unpaid", ())

    monkeypatch.setattr(rails, "query", query)
    return calls


def after(minutes: int) -> Any:
    return stopped(now() + timedelta(minutes=minutes))


def events(reference: str, staff: Actor) -> list[tuple[str, str | None]]:
    found = care.case_for_staff(reference, staff).events
    return [
        (e.facts["step"], e.facts.get("answer") or e.facts.get("code")) for e in found if e.kind == "action"
    ]


def cut(monkeypatch, where: Any, name: str, *, when: str) -> None:
    """The power goes before or after something, once."""
    whole: Callable[..., Any] = getattr(where, name)

    def dies(*arguments: Any, **options: Any) -> Any:
        monkeypatch.setattr(where, name, whole)
        if when == "after":
            whole(*arguments, **options)
        raise PowerCut

    monkeypatch.setattr(where, name, dies)


CUTS = {
    "before the call": (ACTIONS["requery"], "run", "before"),
    "between the call and the write": (ACTIONS["requery"], "run", "after"),
    "before the write": (outside, "_end", "before"),
}


def test_only_what_is_resumed_here_is_carried_out_outside() -> None:
    assert [name for name, action in ACTIONS.items() if not action.inside] == ["requery"]
    assert "action_interrupted" in codes()


@pytest.mark.parametrize("where", CUTS)
def test_what_a_crash_left_is_finished_once(case, asked, wen, monkeypatch, where: str) -> None:
    staff = wen[1]
    owner, name, when = CUTS[where]
    cut(monkeypatch, owner, name, when=when)
    with pytest.raises(PowerCut):
        do(case, staff, "requery", key="once")
    assert Approval.objects.get().state == "running"
    assert api.resume_actions() == 0, "whoever began it may still be waiting for the answer"
    # Pressed again meanwhile, it is the same wish and nobody is asked twice.
    before = len(asked)
    assert (do(case, staff, "requery", key="once").state, len(asked)) == ("running", before)
    with after(4):
        assert api.resume_actions() == 1
        assert api.resume_actions() == 0
    row = Approval.objects.get()
    assert (row.state, row.tries, events(case, staff)) == ("done", 2, [("done", "unpaid")])


def test_what_dies_each_time_is_said_to_be_interrupted(case, asked, wen, monkeypatch) -> None:
    staff = wen[1]
    for turn in range(3):
        cut(monkeypatch, ACTIONS["requery"], "run", when="after")
        with after(4 * turn), pytest.raises(PowerCut):
            do(case, staff, "requery", key="once") if not turn else api.resume_actions()
    with after(12):
        assert api.resume_actions() == 1
        assert api.resume_actions() == 0
    assert Approval.objects.get().code == "action_interrupted"
    assert events(case, staff) == [("refused", "action_interrupted")]
    assert len(asked) == 3


def test_an_answer_that_comes_late_is_written_once(case, asked, wen, monkeypatch) -> None:
    staff = wen[1]

    def slow(reference: str, *, rail: str) -> RailAnswer:
        monkeypatch.setattr(
            rails, "query", lambda reference, *, rail: RailAnswer(reference, "processing", ())
        )
        with after(4):
            assert api.resume_actions() == 1
        return RailAnswer(reference, "unpaid", ())

    monkeypatch.setattr(rails, "query", slow)
    assert do(case, staff, "requery").state == "done"
    assert events(case, staff) == [("done", "processing")]


def test_a_refusal_of_the_rail_is_an_answer_too(case, asked, wen, monkeypatch) -> None:
    staff = wen[1]

    def down(reference: str, *, rail: str) -> RailAnswer:
        raise RailUnavailable(rail=rail, problem="ReadTimeout")

    monkeypatch.setattr(rails, "query", down)
    assert refusal_of(do, case, staff, "requery").code == "rail_unavailable"
    assert (Approval.objects.get().state, events(case, staff)) == (
        "failed",
        [("refused", "rail_unavailable")],
    )
    with after(60):
        assert api.resume_actions() == 0


def test_a_proposal_about_a_parked_payment_stands_with_its_event_or_not_at_all(
    case, top_up, wen, monkeypatch
) -> None:
    staff = wen[1]
    with outermost():
        wallet.park_top_up(
            top_up, amount=Money(6_999, "CNY"), code="amount_differs", key="p", inbox_id=str(new_id())
        )
    operation = care.case_for_staff(case, staff).links[0].id
    payment = str(wallet.parked_of(operation)[0].id)
    cut(monkeypatch, care, "note_action", when="before")
    with pytest.raises(PowerCut):
        do(case, staff, "parked", key="once", payment=payment, way="return")
    assert wallet.parked_of(operation)[0].proposed_action == ""
    assert not Approval.objects.exists()
    assert do(case, staff, "parked", key="once", payment=payment, way="return").state == "done"
    assert wallet.parked_of(operation)[0].proposed_action == "return"
    assert [step for step, _ in events(case, staff)] == ["done"]


@pytest.mark.django_db(transaction=True)
def test_the_same_wish_at_once_is_asked_once(case, asked, wen, rao) -> None:
    staff = wen[1]
    given = at_once([lambda: do(case, staff, "requery", key="once")] * 3)
    assert not [one for one in given if isinstance(one, Refusal)]
    assert (len(asked), Approval.objects.count()) == (1, 1)


def test_a_withdrawal_is_asked_about_and_a_lost_word_is_heard(tmp_path, wen, monkeypatch) -> None:
    staff, till = wen[1], opened(tmp_path, gather_s=0)
    owner, account = till.customer(50_000)
    reference = till.withdraw(owner, account, 20_000).reference
    with till.at():
        case = care.open_case(owner, None, "Where is it?", [], operation=reference, key="where")
        assert do(case, staff, "requery").state == "done"
    till.leave()
    # The statement proves it, and the word of that is lost on its way up.
    monkeypatch.setattr(withdrawing, "settle_topics", lambda: Topic.objects.update(handled_at=now()))
    till.books(reference, 20_000)
    assert wallet.operation(owner, reference).view.state == "processing"
    with till.at():
        do(case, staff, "requery")
    assert [answer for _, answer in events(case, staff)] == ["payout_queued", "payout_settled"]
    assert wallet.operation(owner, reference).view.state == "succeeded"
    assert refusal_of(do, case, staff, "requery").facts == {"why": "action_nothing_to_ask"}
