"""Staff: password, then authenticator; customers never come in, staff never go out to customers' pages."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.http import Http404, HttpResponse
from django.test import Client, RequestFactory

from guitai.people import api as people
from guitai.people.access import staff_required
from guitai.people.errors import EmailTaken, NotPermitted, PasswordTooWeak
from tests.people.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
EMAIL = "wen@guitai.example"


def totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def wen():
    return people.create_staff(EMAIL, "Wen", "agent", PASSWORD, totp_secret=SECRET)


def password_step(client: Client, email: str = EMAIL, password: str = PASSWORD):
    return client.post("/staff/sign-in/", {"email": email, "password": password})


def test_signs_in_with_password_and_authenticator(wen) -> None:
    client = Client()
    assert password_step(client, "WEN@guitai.example").url == "/staff/code/"
    assert client.get("/staff/enrol/").url == "/staff/sign-in/"
    assert client.post("/staff/code/", {"code": "000000"}).status_code == 200
    assert client.post("/staff/code/", {"code": totp(SECRET)}).url == "/desk/"
    assert {"cases.work", "customers.read"} <= people.staff_member(wen).permissions


@pytest.mark.parametrize(("email", "password"), [(EMAIL, "wrong words"), ("rao@guitai.example", PASSWORD)])
def test_refuses_a_wrong_password_and_an_unknown_address_alike(wen, email: str, password: str) -> None:
    answer = password_step(Client(), email, password)
    assert answer.status_code == 200 and "These do not fit together" in answer.content.decode()
    assert password_step(Client()).status_code == 302


def test_a_code_opens_one_session_only(wen) -> None:
    first, second, code = Client(), Client(), totp(SECRET)
    for client, reached in ((first, 302), (second, 200)):
        password_step(client)
        assert client.post("/staff/code/", {"code": code}).status_code == reached


def test_guesses_at_the_authenticator_are_bounded(wen) -> None:
    client = Client()
    password_step(client)
    for _ in range(11):
        client.post("/staff/code/", {"code": "000000"})
    assert client.post("/staff/code/", {"code": totp(SECRET)}).status_code == 200


def test_enrols_at_the_first_sign_in_and_must_use_it_from_then_on() -> None:
    people.create_staff(EMAIL, "Wen", "agent", PASSWORD)
    client = Client()
    assert password_step(client).url == "/staff/enrol/"
    page = client.get("/staff/enrol/")
    assert "data:image/svg+xml" in page.content.decode()
    secret = client.session["mfa.totp.secret"]
    assert client.post("/staff/enrol/", {"code": "000000"}).status_code == 200
    assert client.post("/staff/enrol/", {"code": totp(secret)}).url == "/desk/"
    kept = Authenticator.objects.get().data["secret"]
    assert secret not in kept
    assert password_step(Client()).url == "/staff/code/"


def test_pages_of_staff_ask_for_what_is_missing(wen, signed_in: Client) -> None:
    @staff_required("cases.work")
    def page(request):
        return HttpResponse("the desk")

    @staff_required("holds.decide")
    def holds(request):
        return HttpResponse("holds")

    client = Client()
    assert ask(page, client).url.startswith("/staff/sign-in/")
    with pytest.raises(Http404):
        ask(page, signed_in)
    password_step(client)
    client.post("/staff/code/", {"code": totp(SECRET)})
    assert ask(page, client).content == b"the desk"
    with pytest.raises(NotPermitted):
        ask(holds, client)
    fresh = Client()
    people.create_staff("rao@guitai.example", "Rao", "supervisor", PASSWORD)
    password_step(fresh, "rao@guitai.example")
    assert ask(holds, fresh).url.startswith("/staff/enrol/")


def test_staff_and_customers_do_not_reach_each_others_pages(wen, signed_in: Client) -> None:
    assert signed_in.get("/staff/sign-in/").status_code == 404
    client = Client()
    password_step(client)
    client.post("/staff/code/", {"code": totp(SECRET)})
    for address in ("/me/", "/me/pin/", "/me/standing/", "/messages/", "/sign-up/name/"):
        assert client.get(address).status_code == 404
    assert client.post("/sign-out/").url == "/staff/sign-in/"


def test_staff_cannot_sign_in_as_customers_do(wen) -> None:
    assert Client().post("/sign-in/", {"phone": EMAIL, "password": PASSWORD}).status_code == 200


def test_refuses_a_second_person_at_one_address_and_a_weak_password(wen) -> None:
    with pytest.raises(EmailTaken):
        people.create_staff(EMAIL.upper(), "Wen", "agent", PASSWORD)
    with pytest.raises(PasswordTooWeak):
        people.create_staff("rao@guitai.example", "Rao", "supervisor", "password1")
    people.create_staff("rao@guitai.example", "Rao", "supervisor", PASSWORD)


def ask(view, client: Client):
    from django.contrib.auth import get_user

    request = RequestFactory().get("/desk/")
    request.session = client.session
    request.user = get_user(request)
    return view(request)
