"""Solve it now: each trouble reads the books first, offers what helps, and counts how it ended."""

from uuid import UUID

import pytest
from django.test import Client

from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.care.models import SolveOutcome
from guitai.care.solve import look, outcomes
from guitai.care.solve.troubles import TROUBLES
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.people.models import User
from guitai.wallet import api as wallet
from tests.care.conftest import PIN

pytestmark = pytest.mark.django_db
EN = {"accept-language": "en"}


def _browser(person: UUID) -> Client:
    browser = Client(headers=EN)
    browser.force_login(User.objects.get(id=person))
    return browser


@pytest.fixture
def top_up(yue: UUID) -> str:
    return wallet.start_top_up(yue, amount=Money(20_000, "CNY"), key="a-top-up").reference


@pytest.mark.parametrize("name", sorted(TROUBLES))
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_trouble_has_an_answer_for_somebody_without_bills(yue: UUID, name: str, language: str) -> None:
    page = _browser(yue).get(f"/solve/{name}/", headers={"accept-language": language})
    assert page.status_code == 200 and 'id="found"' in page.content.decode()
    assert SolveOutcome.objects.filter(trouble=name).count() == 1


@pytest.mark.parametrize("name", sorted(TROUBLES))
def test_signed_out_only_what_is_true_of_everybody_is_said(name: str, client: Client) -> None:
    page = client.get(f"/solve/{name}/", headers=EN)
    assert page.status_code == (200 if TROUBLES[name].signed_out else 302)
    assert not SolveOutcome.objects.exists()


def test_a_refusal_is_explained_from_the_books_and_ends_without_a_person(yue: UUID, refused: str) -> None:
    browser = _browser(yue)
    assert refused in browser.get("/solve/refused/").content.decode()
    page = browser.get(f"/solve/refused/{refused}/").content.decode()
    assert "Open the bill" in page and "balance" in page
    done = browser.post("/solve/refused/end/", {"helped": "yes"})
    assert done.status_code == 302 and SolveOutcome.objects.get().outcome == "solved"
    assert [(row.trouble, row.looked, row.solved, row.asked) for row in outcomes.figures()] == [
        ("refused", 1, 1, 0)
    ]


def test_whoever_is_not_helped_comes_to_a_case_that_knows(yue: UUID, top_up: str) -> None:
    browser = _browser(yue)
    browser.get(f"/solve/top_up/{top_up}/")
    answer = browser.post("/solve/top_up/end/", {"helped": "no", "reference": top_up})
    assert answer["Location"] == f"/cases/new/?category=top_up&operation={top_up}"
    assert SolveOutcome.objects.get().outcome == "asked"


def test_the_bills_of_others_do_not_exist(yue: UUID, ming: UUID, refused: str) -> None:
    assert _browser(ming).get(f"/solve/refused/{refused}/").status_code == 404
    assert _browser(yue).get("/solve/nonsense/").status_code == 404


def test_money_for_the_wrong_person_is_asked_back_from_there(yue: UUID, ming: UUID, top_up: str) -> None:
    with outermost():
        wallet.settle_top_up(top_up, amount=Money(20_000, "CNY"), bank_reference="B", inbox_id="1")
    sent = wallet.send_transfer(yue, phone="+8613900139000", amount=Money(100, "CNY"), pin=PIN, key="wrong")
    page = _browser(yue).get(f"/solve/wrong_person/{sent.reference}/").content.decode()
    assert f"/bills/{sent.reference}/ask-back/" in page


def test_a_frozen_wallet_is_told_what_opens_it(yue: UUID) -> None:
    with outermost():
        people.freeze(yue, SYSTEM, "by_customer", scope=frozenset({"spending"}))
    said = look.finding(yue, TROUBLES["locked"], None)
    assert said.code.startswith("standing_") and said.way is not None and said.way.href == "/me/standing/"
