"""Identity reviews at the desk: who sees what, and what a decision needs."""

from uuid import UUID

import pytest
from django.test import Client

from guitai.base.actor import Actor
from guitai.people import api as people
from guitai.people.models import IdentityReview
from tests.people.identity_support import LIN, PASSPORT, sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent(wen: tuple[Client, Actor]) -> Client:
    return wen[0]


@pytest.fixture
def supervisor(rao: tuple[Client, Actor]) -> Client:
    return rao[0]


@pytest.fixture
def review() -> UUID:
    return sent()[1]


def text(answer) -> str:
    return answer.content.decode()


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_from_the_queue_to_a_decision(agent: Client, review: UUID, language: str):
    agent.cookies["guitai_language"] = language
    listed = text(agent.get("/desk/reviews/"))
    assert "林*" in listed and LIN.number not in listed and "林月" not in listed
    page = text(agent.get(f"/desk/reviews/{review}/"))
    assert LIN.number not in page and "/photos/front/" not in page, "masked until it is claimed"
    assert agent.get(f"/desk/reviews/{review}/photos/front/").status_code in (403, 409)
    assert agent.post(f"/desk/reviews/{review}/assignment/", {"verb": "claim"}).status_code == 302
    page = text(agent.get(f"/desk/reviews/{review}/"))
    assert LIN.number in page and "/photos/selfie/" in page
    picture = agent.get(f"/desk/reviews/{review}/photos/front/")
    assert picture["Content-Type"] == "image/png" and "no-store" in picture["Cache-Control"]
    assert agent.get(f"/desk/reviews/{review}/photos/passport/").status_code == 404
    for wrong in (
        {"what": "approve"},
        {"what": "refuse"},
        {"what": "better_photos", "reason": "because"},
        {},
    ):
        assert agent.post(f"/desk/reviews/{review}/decision/", wrong).status_code == 422
    assert (
        agent.post(f"/desk/reviews/{review}/decision/", {"what": "approve", "endless": "on"}).status_code
        == 302
    )
    assert people.identity(IdentityReview.objects.get().person_id).tier == 2
    assert text(agent.get("/desk/reviews/")).count("林*") == 0


def test_a_second_person_is_asked_for_where_the_policy_wants_one(agent: Client, supervisor: Client):
    person, review = sent(claim=PASSPORT)
    approve = {"what": "approve", "expires_on": "2035-01-01"}
    agent.post(f"/desk/reviews/{review}/assignment/", {"verb": "claim"})
    assert agent.post(f"/desk/reviews/{review}/decision/", approve).status_code == 302
    assert people.identity(person).tier == 1
    assert 'value="claim"' not in text(agent.get(f"/desk/reviews/{review}/"))
    agent.post(f"/desk/reviews/{review}/assignment/", {"verb": "claim"})
    assert people.review(review).claimed_by is None, "not by the same person"
    supervisor.post(f"/desk/reviews/{review}/assignment/", {"verb": "claim"})
    assert supervisor.post(f"/desk/reviews/{review}/decision/", approve).status_code == 302
    assert people.identity(person).tier == 2


def test_a_claim_can_be_given_back(agent: Client, review: UUID):
    agent.post(f"/desk/reviews/{review}/assignment/", {"verb": "claim"})
    assert (
        agent.post(f"/desk/reviews/{review}/assignment/", {"verb": "release"})["Location"] == "/desk/reviews/"
    )
    assert people.review(review).state == "waiting"
    assert agent.get("/desk/reviews/00000000-0000-0000-0000-000000000000/").status_code == 404


def test_reviews_are_not_for_strangers(review: UUID):
    for path in ("/desk/reviews/", f"/desk/reviews/{review}/", f"/desk/reviews/{review}/photos/front/"):
        assert Client().get(path).status_code == 302
