"""Whatever customers and staff type: no PIN, code, password, card or identity number is stored as it came."""

import pytest

from guitai.base.actor import Actor
from guitai.care import api
from guitai.care.models import Case, Message
from guitai.care.rules.masking import mask_secrets
from guitai.kit.transactions import outermost

pytestmark = pytest.mark.django_db

PIN, CARD, IDENTITY = "271828", "4111 1111 1111 1111", "11010519491231002X"
SAID = f"my PIN is {PIN}, card {CARD}, 身份证 {IDENTITY}"


@pytest.mark.parametrize(
    ("text", "stored", "kinds"),
    [
        ("card 4111111111111111 please", "card •••• 1111 please", ("card",)),
        ("5555-5555-5555-4444", "•••• 4444", ("card",)),
        ("身份证号11010519491231002X，请核实", "身份证号•••• 002X，请核实", ("identity_number",)),
        ("110105 19491231 002x", "•••• 002X", ("identity_number",)),
    ],
)
def test_masks_numbers_by_their_check_digit(text: str, stored: str, kinds: tuple[str, ...]) -> None:
    assert mask_secrets(text) == (stored, kinds)


@pytest.mark.parametrize(
    "text",
    [
        "call me at +86 138 0013 8000",
        "13800138000",
        "order 2026112222001412341234567890",
        "4111111111111112 is not a card",
        "110105194912310021 has a wrong check sign",
        "reference 7KMR-3AX-WH4, 1,234,567.89 yuan",
    ],
)
def test_leaves_other_numbers_alone(text: str) -> None:
    assert mask_secrets(text) == (text, ())


def clean(stored: str) -> bool:
    return not any(secret in stored for secret in (PIN, CARD, IDENTITY))


def test_every_way_of_saying_something_in_a_case(operator, customer, agent: Actor) -> None:
    me = Actor("customer", str(customer))
    reference = api.open_case(customer, "other", SAID, [], key="open")
    api.reply(reference, me, SAID, key="more")
    api.take(reference, agent)
    api.note(reference, agent, SAID)
    api.reply(reference, agent, SAID, key="answer")
    api.resolve(reference, agent, SAID)
    api.rate(reference, me, 3, SAID)
    api.reopen(reference, me, SAID)
    words = list(Message.objects.values_list("words", flat=True))
    assert len(words) >= 6
    assert all(clean(one) for one in words)
    case = Case.objects.get(reference=reference)
    assert clean(case.preview)
    assert clean(case.rating_words)


def test_what_staff_give_as_a_reason(operator, customer, agent: Actor) -> None:
    assert clean(api.without_secrets(SAID))
    reference = api.open_case(customer, "other", "Help", [], key="open")
    with outermost():
        api.note_action(reference, agent, "freeze", "done", {"reason": api.without_secrets(SAID)})
    events = api.case_for_staff(reference, agent).events
    assert all(clean(str(event.facts)) for event in events)
