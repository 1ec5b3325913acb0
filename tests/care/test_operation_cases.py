"""A case that is opened from an operation already knows what happened."""

import json

import pytest
from django.db import transaction

from guitai.base.actor import Actor
from guitai.base.ids import new_id
from guitai.base.reference import spoken
from guitai.care import api, errors
from guitai.care.models import CaseLink
from guitai.wallet import api as wallet

pytestmark = pytest.mark.django_db


def test_the_case_carries_facts_and_codes_of_the_operation(yue, refused):
    reference = api.open_case(yue, None, "Why?", [], operation=spoken(refused), key="one")
    view = api.case_for_customer(yue, reference)
    detail = wallet.operation(yue, refused)
    assert (view.row.category, view.row.state, view.row.operation_reference) == (
        "refused",
        "triaged",
        refused,
    )
    assert view.diagnosis["rule"] == detail.diagnosis.rule and view.diagnosis["operation_state"] == "refused"
    assert view.diagnosis["amount"] == {"amount": 50_000, "currency": "CNY"}
    assert [step["what"] for step in view.diagnosis["trace"]] == [step.what for step in detail.trace]
    # Codes and facts, so that it can be read in any language later: no rendered sentence is stored.
    stored = json.dumps(view.diagnosis, ensure_ascii=False)
    for sentence in (detail.diagnosis.headline, detail.diagnosis.reason, detail.diagnosis.next_step):
        assert sentence and sentence not in stored


def test_one_open_case_an_operation(yue, refused):
    first = api.open_case(yue, None, "Why?", [], operation=refused, key="one")
    with pytest.raises(errors.AlreadyOpen) as taken, transaction.atomic():
        api.open_case(yue, None, "Why, again?", [], operation=refused, key="two")
    assert taken.value.facts == {"case": spoken(first)}
    operation_id = wallet.operation(yue, refused).view.id
    assert api.open_case_about(yue, "operation", operation_id) == first
    agent = Actor("staff", str(new_id()))
    api.take(first, agent)
    api.resolve(first, agent, "Too little money.")
    assert api.open_case_about(yue, "operation", operation_id) is None
    second = api.open_case(yue, None, "Why, again?", [], operation=refused, key="two")
    with pytest.raises(errors.AlreadyOpen), transaction.atomic():
        api.reopen(first, Actor("customer", str(yue)), "still")
    assert CaseLink.objects.filter(open=True).get().case.reference == second


def test_nobody_asks_about_the_operation_of_another(yue, refused):
    for reference in (refused, "2222222222", "nonsense"):
        with pytest.raises(errors.NotFound), transaction.atomic():
            api.open_case(new_id(), None, "Why?", [], operation=reference, key="one")
    api.open_case(yue, None, "Why?", [], operation=refused, key="one")
