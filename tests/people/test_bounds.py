"""What holds around every way in: guesses, cookies, sessions, hosts, redirects, the content policy."""

import re
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client

from guitai.base.refusal import Refusal
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.flows.address_code import check_address_code, send_address_code
from guitai.people.models import SmsCode, User
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN

PUBLIC = ("/sign-in/", "/sign-up/", "/sign-in/code/", "/sign-in/forgotten/", "/freeze/")
ELSEWHERE = ("https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)")
OWN = (
    "/me/", "/me/security/", "/me/devices/", "/me/second-steps/", "/me/second-steps/app/", "/me/second-steps/passkey/",
    "/me/password/", "/me/pin/", "/me/pin/forgotten/", "/me/email/", "/me/number/",
)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_parallel_guesses_at_a_code_share_its_five_tries() -> None:
    cache.clear()
    person = people.register_customer(PHONE, "林月", PASSWORD, PIN)
    sent = send_address_code("step", User.objects.get(id=person), "sms", PHONE)

    def guess(number: int) -> str:
        try:
            check_address_code("step", person, f"{number:06}", sent)
        except Refusal as refusal:
            return refusal.code
        finally:
            connection.close()
        return "right"

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(guess, range(16)))
    assert answers.count("right") <= 1
    assert SmsCode.objects.get(id=sent).tries <= 5


@pytest.mark.django_db
def test_guesses_at_codes_are_bounded_over_codes(customer) -> None:
    user, refused = User.objects.get(id=customer), set()
    for _ in range(25):
        with connection.cursor() as cursor:
            cursor.execute(
                "DELETE FROM kit_throttle_count WHERE bucket LIKE 'people.address.%%' AND bucket <> %s",
                ["people.address.try"],
            )
        sent = send_address_code("step", user, "sms", PHONE)
        with pytest.raises(Refusal) as found:
            check_address_code("step", customer, "nonsense", sent)
        refused.add(found.value.code)
    assert refused == {"code_wrong", "too_many_attempts"}


@pytest.mark.django_db
def test_a_code_for_one_thing_is_none_for_another(customer) -> None:
    user = User.objects.get(id=customer)
    other = people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    sent = send_address_code("step", user, "sms", PHONE)
    notify.deliver_due()
    found = re.search(
        r"\b(\d{6})\b", next(i.body for i in notify.outbox(PHONE) if i.kind == "people.code_step")
    )
    assert found is not None
    for purpose, person, code_id in (
        ("step_mail", customer, sent), ("step", other, sent), ("step", customer, UUID(int=1)), ("step", customer, None),
    ):  # fmt: skip
        with pytest.raises(Refusal, match="code_wrong"):
            check_address_code(purpose, person, found[1], code_id)  # type: ignore[arg-type]
    check_address_code("step", customer, found[1], sent)
    with pytest.raises(Refusal, match="code_wrong"):
        check_address_code("step", customer, found[1], sent)


@pytest.mark.django_db
def test_known_and_unknown_numbers_see_the_same_on_every_way_in(customer) -> None:
    for address in ("/sign-in/code/", "/sign-in/forgotten/", "/freeze/"):
        pages = []
        for phone in (PHONE, OTHER):
            client = Client()
            answer = client.post(address, {"phone": phone})
            assert answer.status_code == 302, address
            page = client.get(answer.url).content.decode()
            pages.append(re.sub(r'value="[^"]{20,}"', "", page).replace("139 0013 9000", "138 0013 8000"))
        assert pages[0] == pages[1], address


@pytest.mark.django_db
@pytest.mark.parametrize("address", PUBLIC)
def test_public_pages_run_no_inline_script(client: Client, address: str) -> None:
    assert_strict(client.get(address))


@pytest.mark.django_db
def test_own_pages_run_no_inline_script_and_are_kept_by_nobody(signed_in: Client) -> None:
    for address in OWN:
        answer = signed_in.get(address)
        assert_strict(answer)
        assert "no-store" in answer["Cache-Control"], address


def assert_strict(answer) -> None:
    assert answer.status_code == 200
    policy, page = answer["Content-Security-Policy"], answer.content.decode()
    assert "script-src 'self'" in policy and "unsafe" not in policy and "frame-ancestors 'none'" in policy
    assert re.findall(r"<script(?![^>]*\bsrc=)[^>]*>", page) == []
    assert re.findall(r"\son\w+=\"|javascript:|style=\"", page) == []


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"]
)
def test_proving_again_leads_nowhere_else(signed_in: Client, monkeypatch, wanted: str) -> None:
    later = __import__("time").time() + 601
    monkeypatch.setattr("guitai.people.access.time.time", lambda: later)
    signed_in.get("/me/confirm/", {"next": wanted})
    done = signed_in.post("/me/confirm/", {"way": "password", "password": PASSWORD})
    assert done.url == "/me/security/"


@pytest.mark.django_db
def test_links_lead_to_the_public_address_whatever_host_was_asked(customer, careful) -> None:
    Client().post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    assert Client().get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
    strange = Client(headers={"host": "127.0.0.1:4711"})
    strange.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    strange.get("/sign-in/second-step/")
    notify.deliver_due()
    code = re.search(
        r"\b(\d{6})\b", next(i.body for i in notify.outbox(PHONE) if i.kind == "people.code_step")
    )
    assert code is not None
    strange.post("/sign-in/second-step/", {"way": "sms", "action": "prove", "code": code[1]})
    notify.deliver_due()
    told = next(item.body for item in notify.outbox(PHONE) if item.kind == "people.new_sign_in")
    assert "http://localhost" in told and "4711" not in told


@pytest.mark.django_db
def test_a_session_that_somebody_prepared_is_not_the_one_that_is_signed_in(customer, sent_code) -> None:
    attacker = Client()
    attacker.get("/sign-in/", {"next": "/me/"})
    fixed = attacker.cookies["sessionid"].value
    victim = Client()
    victim.cookies["sessionid"] = fixed
    victim.post("/sign-in/", {"phone": PHONE, "password": PASSWORD})
    assert victim.cookies["sessionid"].value != fixed
    assert attacker.get("/me/").status_code == 302
    resetting = Client()
    resetting.post("/sign-in/forgotten/", {"phone": PHONE})
    before = resetting.cookies["sessionid"].value
    resetting.post("/sign-in/forgotten/code/", {"code": sent_code(PHONE)})
    assert resetting.cookies["sessionid"].value != before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/sign-in/passkey/",
        "/sign-in/passkey/options/",
        "/password-strength/",
        "/me/second-steps/always/",
        "/me/devices/",
    ],
)
def test_everything_that_acts_asks_for_the_forms_token(customer, address: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(address, {"action": "all", "on": "yes"}).status_code == 403


@pytest.mark.django_db
def test_five_failures_behind_one_address_block_nobody_else_on_any_way(customer, sent_code) -> None:
    for _ in range(8):
        Client(REMOTE_ADDR="203.0.113.5").post("/sign-in/", {"phone": OTHER, "password": "wrong words"})
        Client(REMOTE_ADDR="203.0.113.5").post("/sign-in/code/", {"phone": OTHER})
        Client(REMOTE_ADDR="203.0.113.5").post("/sign-in/forgotten/", {"phone": OTHER})
    same = Client(REMOTE_ADDR="203.0.113.5")
    assert same.post("/sign-in/", {"phone": PHONE, "password": PASSWORD}).status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.5").post("/sign-in/code/", {"phone": PHONE}).status_code == 302
    assert Client(REMOTE_ADDR="203.0.113.5").post("/sign-in/forgotten/", {"phone": PHONE}).status_code == 302


def test_the_session_cookie_is_for_the_browser_alone(client, settings) -> None:
    """No script reads it, no other site sends it along, and over https it never travels without."""
    person = people.register_customer(PHONE, "林月", PASSWORD, PIN)
    client.force_login(User.objects.get(id=person))
    page = client.get("/sign-in/")
    session = client.cookies["sessionid"]
    assert session["httponly"] and session["samesite"] == "Lax"
    token = page.cookies.get("csrftoken") or client.cookies.get("csrftoken")
    assert token is None or (token["httponly"] and token["samesite"] in ("Lax", "Strict"))
    assert settings.SESSION_COOKIE_SECURE == settings.CSRF_COOKIE_SECURE
