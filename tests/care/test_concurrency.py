"""Two at once, on real connections: one wins, the other is told, nothing is done twice."""

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection

from guitai.base.actor import Actor
from guitai.base.clock import stopped
from guitai.base.ids import new_id
from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.models import Case, Message
from tests.care.conftest import MONDAY_MORNING

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], object]) -> list[object]:
    """What each verb gave, or the code it was refused with, when all begin together."""
    start, results = Barrier(len(verbs)), [None] * len(verbs)

    def run(place: int, verb: Callable[[], object]) -> None:
        try:
            start.wait()
            results[place] = verb()
        except Refusal as refusal:
            results[place] = refusal.code
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


def test_two_agents_take_one_case_at_once(operator):
    for number in range(5):
        case = api.open_case(new_id(), "fees", "Which fee?", [], key=str(number))
        agents = [Actor("staff", str(new_id())) for _ in range(3)]
        results = at_once(*(partial(api.take, case, agent) for agent in agents))
        assert sorted(map(str, results)) == ["None", "case_taken", "case_taken"]
        holder = Case.objects.get(reference=case).assigned_to
        assert str(holder) == agents[results.index(None)].id


def test_the_same_key_at_once_opens_one_case_and_writes_one_message(operator):
    customer = new_id()
    opened = at_once(*(lambda: api.open_case(customer, "fees", "Which fee?", [], key="k") for _ in range(4)))
    assert len(set(opened)) == 1 and Case.objects.count() == 1
    case, me = str(opened[0]), Actor("customer", str(customer))
    assert at_once(*(lambda: api.reply(case, me, "Hello?", key="r") for _ in range(4))) == [None] * 4
    assert Message.objects.filter(words="Hello?").count() == 1


def test_the_bound_on_open_cases_holds_against_many_at_once(operator):
    customer = new_id()
    with stopped(MONDAY_MORNING):
        for number in range(18):
            api.open_case(customer, "fees", "x", [], key=str(number))
    opened = at_once(
        *(lambda n=n: api.open_case(customer, "fees", "x", [], key=f"at once {n}") for n in range(4))
    )
    assert opened.count("case_too_many") == 2 and Case.objects.count() == 20
