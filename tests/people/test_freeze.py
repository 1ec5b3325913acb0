"""Freezing by word and without the phone: little proof, bounded guesses, and nobody learns who is registered."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from guitai.audit import api as audit
from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.kit import policies, topics
from guitai.kit.models import Topic
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.errors import FreezeWordTooSimple, FreezeWordWrong, PasswordWrong, TooManyAttempts
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.freeze_now import freeze_by_word, freeze_provisionally
from guitai.people.flows.freeze_word import forget_freeze_word, has_freeze_word, set_freeze_word, word_fits
from guitai.people.models import FreezeWord
from guitai.people.standing_policy import OnCall, StandingPolicy
from tests.people import identity_support as support
from tests.people.conftest import OTHER, PASSWORD, PHONE

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
END = support.NUMBER[-4:]
WORD = "蓝色的长颈鹿"


@pytest.fixture
def person() -> UUID:
    """Somebody of tier 1, whose document is known."""
    made = support.tier_one()
    topics.relay()
    return made


def settle() -> None:
    while topics.relay():
        pass


def ask(phone: str = PHONE, end: str = END, source: str = "203.0.113.1") -> None:
    freeze_provisionally(phone, end, source=source)
    settle()


def reasons(person: UUID) -> list[str]:
    return [cause.reason for cause in people.standing(person).causes]


@pytest.mark.parametrize("typed", [WORD, "蓝色 的 长颈鹿", "蓝色的，长颈鹿！"])
def test_the_word_freezes_however_it_is_spaced(customer, typed: str) -> None:
    set_freeze_word(customer, WORD, PASSWORD)
    client = Client()
    assert client.post("/freeze/word/", {"phone": "138 0013 8000", "word": typed}).url == "/freeze/done/"
    now = people.standing(customer)
    assert (now.state, now.causes[0].evidence) == ("frozen", {"proof": "freeze_word"})


@pytest.mark.parametrize(
    ("word", "fits"),
    [
        ("Purple-Walrus", True), ("purple walrus", True), ("ＰＵＲＰＬＥ walrus", True), ("purple walru", False),
        ("", False),
    ],
)  # fmt: skip
def test_case_width_and_punctuation_do_not_count(customer, word: str, fits: bool) -> None:
    set_freeze_word(customer, "purple walrus", PASSWORD)
    assert word_fits(customer, word) is fits


@pytest.mark.parametrize(
    ("word", "good"),
    [
        ("长颈鹿", False), ("蓝长颈鹿", True), ("abcde", False), ("giraff", True), ("123456789", False),
        ("aaaaaaaa", False), ("林月", False), ("!!!!!!", False),
    ],
)  # fmt: skip
def test_a_word_that_anybody_would_try_is_refused(customer, word: str, good: bool) -> None:
    if good:
        set_freeze_word(customer, word, PASSWORD)
        assert has_freeze_word(customer)
    else:
        with pytest.raises(FreezeWordTooSimple):
            set_freeze_word(customer, word, PASSWORD)
        assert not has_freeze_word(customer)


def test_the_word_is_chosen_with_the_password_and_never_kept_as_typed(signed_in: Client, customer) -> None:
    with pytest.raises(PasswordWrong):
        set_freeze_word(customer, WORD, "wrong words")
    assert signed_in.post("/me/freeze-word/", {"word": WORD, "password": PASSWORD}).url == "/me/"
    assert WORD.encode() not in bytes(FreezeWord.objects.get().code)
    assert notify.inbox(customer).items[0].kind == "people.freeze_word_set"
    signed_in.post("/me/freeze-word/", {"action": "forget"})
    assert not has_freeze_word(customer)
    forget_freeze_word(customer)


def test_a_wrong_word_and_a_number_of_nobody_look_the_same(customer) -> None:
    set_freeze_word(customer, WORD, PASSWORD)
    pages = [
        Client().post("/freeze/word/", {"phone": phone, "word": word}).content.decode()
        for phone, word in ((PHONE, "something else"), (OTHER, "something else"))
    ]
    assert bare(pages[0]) == bare(pages[1]).replace("13900139000", "13800138000").replace(OTHER, PHONE)
    assert people.standing(customer).state == "active"


def test_guesses_of_the_word_are_bounded_by_number(customer) -> None:
    set_freeze_word(customer, WORD, PASSWORD)
    for n in range(4):
        with pytest.raises(FreezeWordWrong):
            freeze_by_word(PHONE, "something else", source=f"203.0.113.{n}")
    with pytest.raises(TooManyAttempts):
        freeze_by_word(PHONE, WORD, source="203.0.113.77")
    # Another number behind the same address is not bounded by these.
    with pytest.raises(FreezeWordWrong):
        freeze_by_word(OTHER, "something else", source="203.0.113.1")


def test_freezes_without_the_phone_for_some_hours(person) -> None:
    policies.publish(
        "standing", StandingPolicy(on_call=(OnCall("sms", "+8613700137000", "zh-hans"),)), SYSTEM
    )
    with clock.stopped(NOON):
        ask()
        cause = people.standing(person).causes[0]
        assert (cause.reason, cause.until) == ("provisional", NOON + timedelta(hours=12))
        assert cause.evidence["proof"] == "document_end"
        assert [
            topic.payload["person"] for topic in Topic.objects.filter(name="person.provisionally_frozen")
        ] == [str(person)]
        notify.deliver_due()
        assert [item.kind for item in notify.outbox("+8613700137000")] == ["people.on_call"]
        assert "people.frozen_provisionally" in [item.kind for item in notify.inbox(person).items]
    with clock.stopped(NOON + timedelta(hours=12, seconds=1)):
        expire_due()
        assert people.standing(person).state == "active"
    assert audit.entries_about(("person", str(person)))[0].entry.action == "person.expire"


@pytest.mark.parametrize(
    ("end", "freezes"),
    [(END, True), (END.lower(), True), ("002X", True), ("0021", False), ("1231002X", True), ("2X", False)],
)
def test_only_the_right_end_freezes(person, end: str, freezes: bool) -> None:
    ask(end=end)
    assert reasons(person) == (["provisional"] if freezes else [])


def test_the_end_of_a_bound_card_freezes_too(person) -> None:
    people.bind_account(person, support.card(), support.BY_PIN)
    ask(end=support.CARD[-6:])
    assert people.standing(person).causes[0].evidence["proof"] == "card_end"


def test_whoever_asks_learns_nothing(person) -> None:
    pages = []
    for phone, end in ((PHONE, END), (PHONE, "9999"), (OTHER, END)):
        client = Client()
        first = client.post("/freeze/without-phone/", {"phone": phone, "end": end})
        second = client.get(first.url)
        assert (first.url, second.status_code) == ("/freeze/asked/", 200)
        pages.append(bare(second.content.decode()).replace("139 0013 9000", "138 0013 8000"))
        # Whether it fits is judged by the worker: the answer takes the same work for everybody.
        assert people.standing(person).state == "active"
    assert len(set(pages)) == 1
    claims = [topic.payload for topic in Topic.objects.filter(name="people.freeze_claimed")]
    assert END not in str(claims) and PHONE not in str(claims)
    settle()
    assert reasons(person) == ["provisional"]


def test_claims_are_bounded_by_number_and_by_address(person) -> None:
    with clock.stopped(NOON):
        for n in range(4):
            ask(end="9999", source=f"203.0.113.{n}")
        with pytest.raises(TooManyAttempts):
            ask(source="203.0.113.200")
    with clock.stopped(NOON + timedelta(hours=1)):
        ask(source="203.0.113.200")
        assert reasons(person) == ["provisional"]
        for n in range(29):
            ask(phone=f"+86138001{n:05}", source="203.0.113.200")
        with pytest.raises(TooManyAttempts):
            ask(phone="+8613800199999", source="203.0.113.200")


def test_whoever_knows_four_digits_cannot_keep_somebody_out(person) -> None:
    """The owner lifts it, and has a day's rest; and in a day it happens twice at most."""
    with clock.stopped(NOON):
        ask()
        people.release(
            person, people.standing(person).causes and SYSTEM, cause=people.standing(person).causes[0].id
        )
    with clock.stopped(NOON + timedelta(hours=2)):
        ask()
        assert reasons(person) == []
    with clock.stopped(NOON + timedelta(hours=25)):
        ask()
        assert reasons(person) == ["provisional"]
    with clock.stopped(NOON + timedelta(hours=38)):
        expire_due()
        ask()
        assert reasons(person) == ["provisional"]
    with clock.stopped(NOON + timedelta(hours=48, minutes=30)):
        # Twelve hours each, twice within a day: the third is refused.
        people.release(person, SYSTEM, cause=people.standing(person).causes[0].id)
        ask()
        assert reasons(person) == []


def test_a_claim_does_not_weaken_a_firm_freeze(person) -> None:
    people.freeze_self(person, proof="test")
    ask()
    assert reasons(person) == ["by_customer"]
    assert people.standing(person).causes[0].until is None


def test_the_owner_lifts_it_with_password_and_code(person, sent_code) -> None:
    ask()
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    path = f"/me/standing/{people.standing(person).causes[0].id}/"
    client.post(path, {"action": "prove", "way": "password", "password": PASSWORD})
    client.post(path, {"action": "send_code"})
    assert (
        client.post(path, {"action": "prove", "way": "sms_code", "code": sent_code(PHONE)}).status_code == 302
    )
    assert people.standing(person).state == "active"


def test_the_owner_makes_it_firm_with_one_tap(person) -> None:
    ask()
    client = Client()
    client.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    assert client.post("/me/standing/", {"action": "firm"}).url == "/freeze/done/"
    assert reasons(person) == ["by_customer"]


@pytest.mark.parametrize(
    "path", ["/freeze/", "/freeze/word/", "/freeze/without-phone/", "/unlock/", "/unlock/recovery/"]
)
def test_pages_for_everybody_open_in_both_languages(path: str) -> None:
    for language in ("en", "zh-hans"):
        assert Client(headers={"accept-language": language}).get(path).status_code == 200
    assert Client().post(path, {"phone": "nonsense", "word": "", "end": ""}).status_code == 200


def bare(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
