"""Prove that it is you: levels, whoever asks is named, wrong tries are counted, and a denial is believed."""

import json
import re
from datetime import timedelta
from uuid import UUID

import pytest
from django.test import Client
from django.utils import translation

from guitai.base.actor import Actor
from guitai.base.clock import now, stopped
from guitai.base.refusal import NotFound, Refusal
from guitai.care import api
from guitai.care.models import Proof
from guitai.care.rules.phrases import HALF, WORDS, same_words
from guitai.kit import topics
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.risk import api as risk
from tests.people.passkey import FLAG, Passkey

from .conftest import PIN

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(db) -> Actor:
    person = people.create_staff("wen@guitai.example", "Wen", "agent", "counter-2026-tea", "JBSWY3DPEHPK3PXP")
    return Actor("staff", str(person))


@pytest.fixture
def question(yue) -> str:
    return api.open_case(yue, "fees", "Which fee is this?", [], key="seed")


def case_id(reference: str, staff: Actor) -> UUID:
    return api.case_for_staff(reference, staff).row.id


def level(yue: UUID, reference: str, staff: Actor) -> int:
    return api.proof_level(yue, case_id(reference, staff))


def code_sent() -> str:
    notify.deliver_due()
    item = next(one for one in notify.outbox() if "code for case" in one.body)
    return re.search(r"\b(\d{6})\b", item.body).group(1)


def test_an_sms_code_that_the_customer_types_is_level_one(yue, question, staff) -> None:
    api.ask_proof(question, "sms", staff)
    right = code_sent()
    wrong = "000000" if right != "000000" else "111111"
    with pytest.raises(Refusal) as refused:
        api.give_proof_code(question, wrong, source="test")
    assert refused.value.code == "proof_code_wrong"
    assert level(yue, question, staff) == 0
    api.give_proof_code(question, right, source="test")
    assert level(yue, question, staff) == 1
    with pytest.raises(Refusal):
        api.give_proof_code(question, right, source="test")


def test_five_wrong_codes_make_the_right_one_worthless(yue, question, staff) -> None:
    api.ask_proof(question, "sms", staff)
    right = code_sent()
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        with pytest.raises(Refusal):
            api.give_proof_code(question, wrong, source="test")
    with pytest.raises(Refusal):
        api.give_proof_code(question, right, source="test")
    assert level(yue, question, staff) == 0


def test_approval_with_the_pin_is_level_two_for_half_an_hour_and_this_case_only(yue, question, staff) -> None:
    other = api.open_case(yue, "other", "And another thing", [], key="second")
    proof = api.ask_proof(question, "app", staff)
    with pytest.raises(Refusal) as refused:
        api.give_proof_pin(yue, proof, "000000")
    assert refused.value.code == "proof_pin_wrong"
    api.give_proof_pin(yue, proof, PIN)
    assert level(yue, question, staff) == 2
    assert level(yue, other, staff) == 0
    with stopped(now() + timedelta(minutes=31)):
        assert level(yue, question, staff) == 0


def test_a_request_lasts_ten_minutes(yue, question, staff) -> None:
    proof = api.ask_proof(question, "app", staff)
    with stopped(now() + timedelta(minutes=11)), pytest.raises(Refusal) as refused:
        api.give_proof_pin(yue, proof, PIN)
    assert refused.value.code == "proof_over"


def test_another_customers_request_does_not_exist(yue, ming, question, staff) -> None:
    proof = api.ask_proof(question, "app", staff)
    with pytest.raises(NotFound):
        api.proof_for_customer(ming, proof)
    with pytest.raises(NotFound):
        api.give_proof_pin(ming, proof, PIN)


def test_speaking_to_nobody_is_believed_and_signalled(yue, question, staff) -> None:
    first = api.ask_proof(question, "app", staff)
    api.give_proof_pin(yue, first, PIN)
    second = api.ask_proof(question, "app", staff)
    api.deny_proof(yue, second, alone=True)
    # What somebody else may have shown counts no more.
    assert level(yue, question, staff) == 0
    while topics.relay():
        pass
    assert [one.kind for one in risk.open_signals().items] == ["false_agent"]


def test_a_plain_no_takes_nothing_back(yue, question, staff) -> None:
    api.give_proof_pin(yue, api.ask_proof(question, "app", staff), PIN)
    api.deny_proof(yue, api.ask_proof(question, "app", staff))
    assert level(yue, question, staff) == 2
    assert risk.count_open_signals() == 0


def test_words_on_the_phone_show_both_sides_to_each_other(yue, question, staff) -> None:
    proof = api.ask_proof(question, "phrase", staff)
    ours = api.proofs_of(case_id(question, staff))[0]
    theirs = api.proof_for_customer(yue, proof)
    assert ours.says == theirs.hears
    assert ours.hears == ()
    with pytest.raises(Refusal) as refused:
        api.check_proof_phrase(question, staff, "wrong words")
    assert refused.value.code == "proof_phrase_wrong"
    api.check_proof_phrase(question, staff, " ".join(theirs.says).upper())
    assert level(yue, question, staff) == 1


def test_nothing_that_was_shown_is_kept(yue, question, staff) -> None:
    api.ask_proof(question, "sms", staff)
    api.give_proof_code(question, code_sent(), source="test")
    row = Proof.objects.get()
    assert (row.code, row.phrase) == (None, None)
    facts = [event.facts for event in api.case_for_staff(question, staff).events if event.kind == "proof"]
    assert [one["step"] for one in facts] == ["asked", "given"]
    assert "code" not in json.dumps(facts)


def test_refuses_a_way_that_is_not_set_up(yue, question, staff) -> None:
    with pytest.raises(Refusal) as refused:
        api.ask_proof(question, "passkey", staff)
    assert refused.value.code == "proof_method_missing"


def test_words_of_a_list_are_told_apart() -> None:
    for words in WORDS.values():
        assert len(set(words)) == len(words) == 64
    assert same_words("Apple,  basket", ("apple", "basket"))
    assert not same_words("basket apple", ("apple", "basket"))
    assert HALF == 2


def test_the_page_names_who_asks_with_a_badge_that_can_be_checked(yue, question, staff) -> None:
    proof = api.ask_proof(question, "app", staff)
    badge = people.badge_of(UUID(staff.id))
    assert people.is_badge(badge)
    assert api.proof_for_customer(yue, proof).asked_by == UUID(staff.id)
    assert api.proofs_waiting(yue)[0].id == proof
    api.give_proof_pin(yue, proof, PIN)
    assert api.proofs_waiting(yue) == []


def test_whoever_cannot_sign_in_types_the_code_on_a_page_for_everybody(
    yue, question, staff, client: Client
) -> None:
    api.ask_proof(question, "sms", staff)
    assert client.get("/prove/").status_code == 200
    wrong = client.post("/prove/", {"reference": question, "code": "12"})
    assert wrong.status_code == 422
    assert client.post("/prove/", {"reference": "A" * 10, "code": "12"}).status_code == 422
    right = client.post("/prove/", {"reference": question, "code": code_sent()})
    assert right.status_code == 200
    assert level(yue, question, staff) == 1


def test_no_proof_is_asked_of_a_case_of_nobody(staff) -> None:
    with pytest.raises(NotFound):
        api.ask_proof("A" * 10, "sms", staff)


@pytest.fixture
def passkey(yue) -> Passkey:
    made = Passkey()
    made.belongs_to(yue)
    return made


def asked(yue, reference: str, staff: Actor, method: str = "passkey") -> tuple[UUID, dict]:
    """A request for a passkey, and what the phone is asked to sign."""
    proof = api.ask_proof(reference, method, staff)
    options = api.proof_passkey_options(yue, proof)
    assert options is not None
    return proof, options


def refused_for(yue, proof: UUID, answer: dict) -> str:
    with pytest.raises(Refusal) as refused:
        api.give_proof_passkey(yue, proof, json.dumps(answer))
    assert refused.value.code == "proof_passkey_refused"
    return str(refused.value.facts["why"])


@pytest.mark.parametrize("method", ["passkey", "app"])
def test_a_passkey_is_level_three_and_the_case_says_until_when(yue, question, staff, passkey, method) -> None:
    proof, options = asked(yue, question, staff, method)
    assert options["userVerification"] == "required"
    with stopped(now()):
        api.give_proof_passkey(yue, proof, json.dumps(passkey.get(options)))
        until = now() + timedelta(minutes=30)
    standing = api.proof_standing(yue, case_id(question, staff))
    assert (standing.level, standing.until) == (3, until)
    given = [e for e in api.case_for_staff(question, staff).events if e.kind == "proof"][-1]
    assert given.facts == {"method": method, "step": "given", "level": 3, "until": until.isoformat()}
    assert given.actor_id == str(yue)
    with translation.override("en"):
        assert "(level 3, until " in api.event_words(given, to_staff=True)
        assert "level" not in api.event_words(given)
    with stopped(until + timedelta(seconds=1)):
        assert level(yue, question, staff) == 0
    with pytest.raises(Refusal) as again:
        api.give_proof_passkey(yue, proof, json.dumps(passkey.get(options)))
    assert again.value.code == "proof_over"


def test_a_passkey_approves_one_request_of_one_agent_in_one_case(yue, question, staff, passkey) -> None:
    other = api.open_case(yue, "other", "And another thing", [], key="second")
    proof, options = asked(yue, question, staff)
    elsewhere, _ = asked(yue, other, staff)
    # Signed for the first request, shown for the other one: changed on its way.
    assert refused_for(yue, elsewhere, passkey.get(options)) == "changed"
    assert level(yue, other, staff) == 0
    # And spent by that: what was shown once is worth nothing anywhere.
    assert refused_for(yue, proof, passkey.get(options)) == "used"
    assert level(yue, question, staff) == 0


@pytest.mark.parametrize(
    ("bent", "why"),
    [
        ({"flags": FLAG.UP}, "not_verified"),
        ({"origin": "https://guitai.example.evil"}, "not_verified"),
        ({"rp_id": "evil.example"}, "not_verified"),
        ({"signature": b"0" * 70}, "not_verified"),
    ],
)
def test_a_bent_passkey_proves_nothing(yue, question, staff, passkey, bent: dict, why: str) -> None:
    proof, options = asked(yue, question, staff)
    assert refused_for(yue, proof, passkey.get(options, **bent)) == why
    assert level(yue, question, staff) == 0
    assert api.proof_for_customer(yue, proof).state == "asked"


def test_somebody_elses_passkey_and_somebody_elses_request(yue, ming, question, staff, passkey) -> None:
    foreign = Passkey()
    foreign.belongs_to(ming)
    proof, options = asked(yue, question, staff)
    assert refused_for(yue, proof, foreign.get(options)) in ("unknown", "not_verified")
    with pytest.raises(NotFound):
        api.give_proof_passkey(ming, proof, json.dumps(foreign.get(options)))
    with pytest.raises(NotFound):
        api.proof_passkey_options(ming, proof)


def test_an_answer_that_comes_too_late_proves_nothing(yue, question, staff, passkey) -> None:
    proof, options = asked(yue, question, staff)
    with stopped(now() + timedelta(minutes=6)):
        assert refused_for(yue, proof, passkey.get(options)) == "expired"
    with stopped(now() + timedelta(minutes=11)), pytest.raises(Refusal) as refused:
        api.proof_passkey_options(yue, proof)
    assert refused.value.code == "proof_over"


def test_words_on_the_phone_are_not_answered_by_a_passkey(yue, question, staff, passkey) -> None:
    proof, options = asked(yue, question, staff, "phrase")
    with pytest.raises(Refusal) as refused:
        api.give_proof_passkey(yue, proof, json.dumps(passkey.get(options)))
    assert refused.value.code == "proof_passkey_refused"
    assert level(yue, question, staff) == 0
