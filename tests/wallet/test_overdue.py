"""An outcome that nobody knows by the moment that was promised is a case by itself, once a promise."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.kit import policies
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.till.submit import submit
from tests.wallet.conftest import available, settle_topics

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]
AMOUNT = Money(20_000, "CNY")


def _unknown(owner: UUID, rail: str = "alipay") -> wallet.Outcome:
    started = submit(intents.start_top_up(owner, AMOUNT, "t", rail))
    with outermost():
        wallet.note_top_up_processing(started.reference, rail=rail, known=False)
    return started


def _later(hours: int) -> int:
    with clock.stopped(clock.now() + timedelta(hours=hours)):
        return wallet.mark_overdue()


def _topics() -> list[dict[str, str]]:
    return list(Topic.objects.filter(name="wallet.outcome_overdue").values_list("payload", flat=True))


def test_an_unknown_outcome_is_promised_by_a_moment_that_the_operator_sets(customer: Make) -> None:
    policies.publish("waiting", {"outcome_hours": 5}, SYSTEM)
    with clock.stopped(clock.now()):
        started = _unknown(customer()[0])
        view = wallet.operation(wallet.find_operation(started.reference)[1], started.reference).view  # type: ignore[index]
        assert (view.state, view.resolves_by) == ("unknown", clock.now() + timedelta(hours=5))


def test_nothing_is_overdue_before_its_moment(customer: Make) -> None:
    _unknown(customer()[0])
    assert (_later(23), _topics()) == (0, [])


def test_past_its_moment_it_is_marked_once_told_and_a_case_names_it(customer: Make) -> None:
    one = customer()[0]
    started = _unknown(one)
    for _ in range(3):
        _later(25)
    assert _topics() == [
        {"operation_id": str(started.operation_id), "reference": started.reference, "owner": str(one), "kind": "top_up"}
    ]  # fmt: skip
    with clock.stopped(clock.now() + timedelta(hours=25)):
        settle_topics()
    cases = care.cases_of(one).items
    assert [case.category for case in cases] == ["top_up"]
    events = care.case_for_customer(one, cases[0].reference).events
    said = [care.event_words(event) for event in events if event.kind == "reported"]
    assert len(said) == 1 and spoken(started.reference) in said[0]
    detail = wallet.operation(one, started.reference)
    assert (detail.view.state, detail.view.resolves_by) == ("unknown", None)
    assert detail.diagnosis.rule == "outcome_overdue" and detail.diagnosis.by_when is None
    assert [m.kind for m in notify.inbox(one).items if m.kind == "wallet.overdue"] == ["wallet.overdue"]


def test_what_is_overdue_is_still_credited_when_the_proof_comes(customer: Make) -> None:
    one = customer()[0]
    started = _unknown(one)
    _later(25)
    with outermost():
        wallet.settle_top_up(
            started.reference, amount=AMOUNT, bank_reference="B", inbox_id="i", rail="alipay"
        )
    view = wallet.operation(one, started.reference).view
    assert (view.state, available(one), _later(50)) == ("succeeded", 20_000, 0)


def test_a_parked_payment_has_a_deadline_too(customer: Make) -> None:
    one = customer()[0]
    started = submit(intents.start_top_up(one, AMOUNT, "t"))
    with outermost():
        wallet.park_top_up(started.reference, amount=Money(19_000, "CNY"), code="wrong_amount", key="p")
    assert wallet.operation(one, started.reference).view.resolves_by is not None
    _later(25)
    assert len(_topics()) == 1
    # What came is still what it says; that it is overdue stands in its timeline.
    detail = wallet.operation(one, started.reference)
    assert (detail.diagnosis.rule, detail.timeline[-1].code) == ("wrong_amount", "overdue")


def test_two_markers_at_once_mark_it_once(customer: Make) -> None:
    started = _unknown(customer()[0])
    with clock.stopped(clock.now() + timedelta(hours=25)):
        outcomes = [submit(intents.mark_overdue(started.operation_id)) for _ in range(2)]
    assert [(o.outcome, o.code) for o in outcomes] == [("approved", None), ("refused", "nothing_overdue")]
    assert len(_topics()) == 1
