"""A transfer, screen by screen."""

from collections.abc import Callable
from unittest import mock
from uuid import UUID

import pytest

from guitai.base.actor import SYSTEM, Actor
from guitai.base.reference import spoken
from guitai.kit import policies
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.rules.policies import DEFAULT_LIMITS
from guitai.wallet.web import drafts
from guitai.wallet.web.payees import phone_of, token_of
from tests.wallet.conftest import PIN, acquaint, available, fund, send, settle_topics
from tests.wallet.test_pages_browser import browser, hidden, step, stranger, text_of, up_to_pin, up_to_review

pytestmark = pytest.mark.django_db
Make = Callable[..., tuple[UUID, str]]


BAD_AMOUNTS = [
    ("", "Enter an amount"),
    ("0", "more than zero"),
    ("-5", "more than zero"),
    ("1.005", "Too many decimals"),
    ("1000000000000000000", "too large"),
    ("abc", "not an amount"),
    ("1e5", "not an amount"),
    ("NaN", "not an amount"),
]


@pytest.mark.parametrize(("typed", "said"), BAD_AMOUNTS)
def test_bad_amounts_are_said_beside_the_field_and_kept(typed: str, said: str, customer: Make) -> None:
    person, _ = customer(10_000)
    client = browser(person)
    pages = [
        client.post("/top-up/", {"amount": typed, "key": "k1"}),
        up_to_review(client, stranger(), typed),
    ]
    for page in pages:
        assert page.status_code == 200
        field = text_of(page).partition('class="amount-box"')[2]
        assert said in field
        assert not typed or f'value="{typed}"' in field
        assert 'aria-invalid="true"' in field
    assert wallet.operations(person).items[0].kind == "top_up" and available(person) == 10_000


@pytest.mark.parametrize("typed", ["12.50", "１２．５０", "¥12.5", " 12.500 "])
def test_amounts_are_read_as_people_write_them(typed: str, customer: Make) -> None:
    person, _ = customer(10_000)
    assert "12.50 CNY" in text_of(up_to_review(browser(person), stranger(), typed))


def test_bad_payees_are_said_beside_the_field(customer: Make) -> None:
    person, own = customer(10_000)
    client = browser(person)
    for typed, said in [
        ("", "Enter the phone"),
        ("12345", "mobile number"),
        ("abc", "mobile number"),
        (own, "own number"),
    ]:
        page = text_of(step(client, client.get("/transfer/"), "payee", phone=typed))
        assert said in page and 'aria-invalid="true"' in page
    page = text_of(step(client, client.get("/transfer/"), "payee", phone="138 0013 8000"))
    assert "How much do you send?" in page and "+86 138 0013 8000" in page


def test_a_note_is_short_and_harmless(customer: Make) -> None:
    person, _ = customer(10_000)
    client = browser(person)
    assert "At most 100 characters; this note has 101" in text_of(
        up_to_review(client, stranger(), "1", "x" * 101)
    )
    raw = up_to_review(client, stranger(), "1", "<img src=x onerror=alert(1)>").content.decode()
    assert "&lt;img src=x" in raw and "<img src=x" not in raw


def test_a_transfer_from_payee_to_receipt(customer: Make) -> None:
    one, other = customer(10_000), customer()
    client = browser(one[0])
    review = text_of(up_to_review(client, other[1], "25.50", "lunch"))
    for shown in (
        people.written_phone(other[1]),
        "Free (0.00 CNY)",
        "25.50 CNY",
        "lunch",
        "check it digit by digit",
    ):
        assert shown in review
    assert available(one[0]) == 10_000
    done = step(client, up_to_pin(client, other[1], "25.50", "lunch"), "pin", pin=PIN)
    assert done.status_code == 302 and done["Location"].startswith("/bills/")
    assert (available(one[0]), available(other[0])) == (7_450, 2_550)
    assert "The money is sent" in text_of(client.get(done["Location"]))


def test_the_same_screen_sent_twice_pays_once(customer: Make) -> None:
    one, other = customer(3_000), customer()
    client = browser(one[0])
    screen = up_to_pin(client, other[1], "20")
    first, second = step(client, screen, "pin", pin=PIN), step(client, screen, "pin", pin=PIN)
    assert first["Location"] == second["Location"]
    assert available(one[0]) == 1_000
    other_pin = step(client, screen, "pin", pin="135790")
    assert "already sent" in text_of(other_pin) and available(one[0]) == 1_000


def test_a_wrong_pin_is_recorded_and_the_next_try_has_a_fresh_key(customer: Make) -> None:
    one, other = customer(3_000), customer()
    client = browser(one[0])
    wrong = step(client, up_to_pin(client, other[1], "20"), "pin", pin="000111")
    assert "You have 4 tries left" in text_of(wrong) and available(one[0]) == 3_000
    assert wallet.operations(one[0]).items[0].code == "pin_wrong"
    assert step(client, wrong, "pin", pin=PIN).status_code == 302
    assert available(one[0]) == 1_000


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef"])
def test_what_cannot_be_a_pin_costs_no_try(typed: str, customer: Make) -> None:
    one, other = customer(3_000), customer()
    client = browser(one[0])
    page = step(client, up_to_pin(client, other[1], "20"), "pin", pin=typed)
    assert 'aria-invalid="true"' in text_of(page)
    assert step(client, page, "pin", pin="２７１８２８").status_code == 302
    assert available(one[0]) == 1_000


def test_a_review_refuses_with_reason_remedy_and_reference_once(customer: Make) -> None:
    poor, other = customer(1_000), customer()
    client = browser(poor[0])
    page = up_to_review(client, other[1], "20")
    assert "not enough money" in text_of(page) and 'href="/top-up/"' in text_of(page)
    refused = wallet.operations(poor[0]).items[0]
    assert (refused.kind, refused.code) == ("transfer", "insufficient_balance")
    assert spoken(refused.reference) in text_of(page)
    again = client.post("/transfer/", {"draft": hidden(page, "draft"), "go": "review"})
    assert spoken(refused.reference) in text_of(again)
    # Without accepted terms there is no way on to the PIN.
    assert "Whom do you want to pay?" in text_of(step(client, page, "review"))
    assert "Whom do you want to pay?" in text_of(step(client, page, "pin", pin=PIN))
    assert available(poor[0]) == 1_000
    back = client.post("/transfer/", {"draft": hidden(page, "draft"), "go": "amount"})
    assert 'value="20.00"' in text_of(back)
    assert "Is everything right?" in text_of(step(client, back, "amount", amount="9", note=""))


def test_a_payee_who_cannot_receive_is_never_explained(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    acquaint(one, other)
    client = browser(one[0])
    assert "Is everything right?" in text_of(up_to_review(client, other[1], "1"))
    people.freeze(other[0], SYSTEM, "by_risk", scope=frozenset({"receiving"}))
    page = text_of(up_to_review(client, other[1], "1"))
    assert "cannot receive money right now" in page and "frozen" not in page.partition("<footer")[0]


def test_a_name_is_hinted_only_to_those_who_dealt_before(customer: Make) -> None:
    one, other = customer(10_000, "林月"), customer(10_000, "陈明")
    client = browser(one[0])
    assert "陈" not in text_of(up_to_review(client, other[1], "1"))
    acquaint(one, other)
    assert "陈*" in text_of(up_to_review(client, other[1], "1"))


def test_a_hold_is_announced_and_can_be_taken_back(customer: Make) -> None:
    one, other = customer(1_000_000), customer()
    client = browser(one[0])
    assert "We will check this transfer first" in text_of(up_to_review(client, other[1], "6000"))
    place = step(client, up_to_pin(client, other[1], "6000"), "pin", pin=PIN)["Location"]
    page = text_of(client.get(place))
    assert "Being checked" in page and f"{place}cancellation/" in page
    assert available(one[0]) == 400_000
    assert client.get(f"{place}cancellation/").status_code == 405
    assert "Returned" in text_of(client.post(f"{place}cancellation/", follow=True))
    assert available(one[0]) == 1_000_000
    again = text_of(client.post(f"{place}cancellation/", follow=True))
    assert "no longer waiting" in again and available(one[0]) == 1_000_000
    assert browser(other[0]).post(f"{place}cancellation/").status_code == 404


def test_a_changed_fee_is_reviewed_again_before_anything_moves(customer: Make) -> None:
    one, other = customer(10_000), customer()
    client = browser(one[0])
    screen = up_to_pin(client, other[1], "20")
    policies.publish("fees", {"transfer": {"CNY": {"fixed_minor": 50}}}, Actor("staff", "s1"))
    page = step(client, screen, "pin", pin=PIN)
    assert "Something changed" in text_of(page) and "20.50 CNY" in text_of(page)
    assert available(one[0]) == 10_000
    assert step(client, step(client, page, "review"), "pin", pin=PIN).status_code == 302
    assert available(one[0]) == 7_950


def test_limits_are_said_in_the_review(customer: Make) -> None:
    one, other = customer(4_000_000), customer()
    once = (DEFAULT_LIMITS.of(0, "transfer", "CNY").once or 0) // 100
    client = browser(one[0])
    assert "more than one transfer may be" in text_of(up_to_review(client, other[1], f"{once + 1}"))
    assert "more than one transfer may be" not in text_of(up_to_review(client, other[1], f"{once}"))


def test_a_draft_is_bound_to_its_writer_and_ends_after_fifteen_minutes(customer: Make) -> None:
    one, other = customer(10_000), customer(10_000)
    client, phone = browser(one[0]), stranger()
    screen = up_to_pin(client, phone, "20")
    draft = hidden(screen, "draft")
    for text in ("", "x", draft[:-2] + "zz", "y" * 9_000):
        assert (
            client.post("/transfer/", {"draft": text, "step": "pin", "pin": PIN})["Location"] == "/transfer/"
        )
    theirs = browser(other[0]).post("/transfer/", {"draft": draft, "step": "pin", "pin": PIN})
    assert theirs["Location"] == "/transfer/"
    with mock.patch.object(drafts, "_SECONDS", -1):
        late = client.post("/transfer/", {"draft": draft, "step": "pin", "pin": PIN}, follow=True)
        assert "nothing was sent" in text_of(late)
    assert available(one[0]) == available(other[0]) == 10_000
    assert step(client, screen, "pin", pin=PIN).status_code == 302


def test_no_step_can_be_left_out(customer: Make) -> None:
    person, _ = customer(10_000)
    client = browser(person)
    empty = client.get("/transfer/")
    for name in ("review", "pin", "nonsense"):
        page = text_of(step(client, empty, name, pin=PIN))
        assert "Whom do you want to pay?" in page
    assert "Whom do you want to pay?" in text_of(
        client.post("/transfer/", {"draft": hidden(empty, "draft"), "go": "review"})
    )
    assert available(person) == 10_000


def test_a_frozen_wallet_is_told_at_the_first_screen(customer: Make) -> None:
    person, _ = customer(10_000)
    people.freeze(person, SYSTEM, "by_customer")
    page = text_of(browser(person).get("/transfer/"))
    assert "Your wallet is frozen" in page and 'name="phone"' not in page


def test_without_a_pin_the_review_says_where_to_choose_one(db: None) -> None:
    phone = stranger()
    person = people.register_customer(phone, "林月", "counter-2026-tea", None)
    settle_topics()
    assert people.has_pin(person) is False
    fund(person, 10_000)
    page = text_of(up_to_review(browser(person), stranger(), "1"))
    assert "You have no payment PIN yet" in page and 'href="/me/pin/"' in page


def test_repeating_fills_in_what_was_entered(customer: Make) -> None:
    one, other = customer(10_000), customer()
    reference = send(one[0], other[1], 2_500, note="rent").reference
    settle_topics()
    client = browser(one[0])
    first = client.get(f"/transfer/?repeat={reference}")
    written = people.written_phone(other[1])
    assert f'value="{written}"' in text_of(first)
    amount = text_of(step(client, first, "payee", phone=written))
    assert 'value="25.00"' in amount and 'value="rent"' in amount
    # The payee of a transfer did not enter it and learns no number from it.
    assert people.written_phone(one[1]) not in text_of(
        browser(other[0]).get(f"/transfer/?repeat={reference}")
    )


def test_a_receive_code_leads_to_the_payee(customer: Make) -> None:
    one, other = customer(10_000), customer()
    page = text_of(browser(other[0]).get("/receive/"))
    assert people.written_phone(other[1]) in page and "<svg" in page
    token = token_of(other[1])
    assert phone_of(token) == other[1] and other[1].lstrip("+") not in token
    assert people.written_phone(other[1]) in text_of(browser(one[0]).get(f"/transfer/?to={token}"))
    for wrong in ("", "AAAA", token[:-3], "é", "x" * 500):
        assert phone_of(wrong) == ""
        assert browser(one[0]).get("/transfer/", {"to": wrong}).status_code == 200
