"""Many tokens at once are judged exactly as `customer_auth` judges each one."""

from datetime import timedelta
from uuid import UUID

import pytest
from django.contrib.sessions.models import Session
from django.http import HttpRequest
from django.test import Client
from django.utils import timezone

from guitai.people import api as people
from guitai.people.models import User
from guitai.people.sessions import SessionStore
from tests.people.conftest import OTHER, PASSWORD, PHONE, PIN
from tests.people.test_staff import EMAIL, SECRET, password_step, totp

pytestmark = pytest.mark.django_db
AUTH = "/_allauth/app/v1/auth"
CASES = (
    "valid", "valid_again", "empty", "short", "unknown", "nul", "long", "expired", "signed_out", "pending",
    "staff", "nobody", "garbled", "other_backend",
)  # fmt: skip
AFTERWARDS = ("signed_out_everywhere", "other_password", "inactive", "unregistered", "gone_staff")


def post(address: str, body: dict) -> dict:
    return dict(Client().post(address, body, content_type="application/json").json())


def token_of(phone: str) -> str:
    return str(post(f"{AUTH}/login", {"phone": phone, "password": PASSWORD})["meta"]["session_token"])


def staff_token() -> str:
    people.create_staff(EMAIL, "Wen", "agent", PASSWORD, totp_secret=SECRET)
    client = Client()
    password_step(client)
    assert client.post("/staff/code/", {"code": totp(SECRET)}).status_code == 302
    return str(client.session.session_key)


def stored(**content: object) -> str:
    store = SessionStore()
    store.update(content)
    store.create()
    return str(store.session_key)


def changed(phone: str, **changes: object) -> str:
    """A token whose session says something else."""
    store = SessionStore(token_of(phone))
    store.update(changes)
    store.save()
    return str(store.session_key)


def one_by_one(token: str) -> UUID | None:
    return people.customer_auth.authenticate(HttpRequest(), token)


def token(case: str) -> str:
    if case == "expired":
        key = token_of(PHONE)
        Session.objects.filter(session_key=key).update(expire_date=timezone.now() - timedelta(seconds=1))
        return key
    if case == "signed_out":
        key = token_of(PHONE)
        Client().delete(f"{AUTH}/session", headers={"X-Session-Token": key})
        return key
    if case == "pending":
        return str(
            post(f"{AUTH}/signup", {"phone": OTHER, "password": PASSWORD, "agreement": True})["meta"][
                "session_token"
            ]
        )
    if case == "garbled":
        key = token_of(PHONE)
        Session.objects.filter(session_key=key).update(session_data="not sealed by us")
        return key
    makers = {
        "valid": lambda: token_of(PHONE),
        "valid_again": lambda: token_of(PHONE),
        "empty": lambda: "",
        "short": lambda: "abc",
        "unknown": lambda: "0" * 32,
        "nul": lambda: "ab\x00" + "c" * 29,
        "long": lambda: "a" * 4000,
        "staff": staff_token,
        "nobody": lambda: stored(something="else"),
        "other_backend": lambda: changed(PHONE, _auth_user_backend="somebody.elses.Backend"),
    }
    return makers[case]()


def test_judges_a_batch_as_each_token_alone(customer) -> None:
    tokens = [token(case) for case in CASES]
    # psycopg refuses NUL outright; a header cannot hold it, and it must not spoil its neighbours.
    alone = [None if "\x00" in key else one_by_one(key) for key in tokens]
    # The one by one check may end sessions that do not fit, so the batch is asked about both before and after.
    assert people.customers_by_token(tokens) == alone
    assert alone == [customer, customer] + [None] * (len(CASES) - 2)


@pytest.mark.parametrize("case", AFTERWARDS)
def test_what_happens_to_the_person_counts_at_once(customer, case: str) -> None:
    key = token_of(PHONE)
    other = people.register_customer(OTHER, "王芳", PASSWORD, PIN)
    bystander = token_of(OTHER)
    assert people.customers_by_token([key, bystander]) == [customer, other]
    user = User.objects.get(id=customer)
    if case == "signed_out_everywhere":
        people.end_sessions(customer)
    elif case == "other_password":
        user.set_password("ferry moss lantern 9")
        user.save()
    elif case == "inactive":
        User.objects.filter(id=customer).update(is_active=False)
    elif case == "unregistered":
        User.objects.filter(id=customer).update(registered_at=None)
    else:
        User.objects.filter(id=customer).update(kind="staff", role="agent", email="gone@guitai.example")
    assert people.customers_by_token([key, bystander, key]) == [None, other, None]
    assert one_by_one(key) is None and one_by_one(bystander) == other


def test_takes_two_queries_however_many_and_writes_nothing(customer, django_assert_num_queries) -> None:
    tokens = [token_of(PHONE) for _ in range(5)] * 20
    before = set(Session.objects.values_list("session_key", "session_data"))
    with django_assert_num_queries(2):
        assert people.customers_by_token(tokens) == [customer] * 100
    with django_assert_num_queries(0):
        assert people.customers_by_token([]) == []
        assert people.customers_by_token(["", "?"]) == [None, None]
    people.end_sessions(customer)
    assert people.customers_by_token(tokens) == [None] * 100
    assert set(Session.objects.values_list("session_key", "session_data")) == before
