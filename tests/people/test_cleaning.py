"""What nobody finished is not kept."""

import base64
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from guitai.base import clock
from guitai.people.flows.forget_unfinished import forget_unfinished
from guitai.people.models import SmsCode, User
from guitai.people.sessions import SessionStore
from tests.people.conftest import OTHER, PASSWORD

pytestmark = pytest.mark.django_db


def test_forgets_unfinished_sign_ups_after_a_day_and_keeps_customers(client, customer) -> None:
    client.post("/sign-up/", {"phone": OTHER})
    client.post("/sign-up/password/", {"password": PASSWORD, "agreement": "on"})
    client.post("/freeze/", {"phone": OTHER})
    assert (forget_unfinished(), User.objects.count(), SmsCode.objects.count()) == (0, 2, 1)
    with clock.stopped(clock.now() + timedelta(days=2)):
        assert forget_unfinished() == 1
    assert list(User.objects.values_list("id", flat=True)) == [customer]
    assert not SmsCode.objects.exists()


def test_a_name_and_number_lie_sealed(customer) -> None:
    row = User.objects.values().get(id=customer)
    kept = b"".join(bytes(value) for value in row.values() if isinstance(value, bytes | memoryview))
    assert "林月".encode() not in kept and b"13800138000" not in kept


def test_a_session_lies_sealed_and_a_changed_one_is_empty(client, settings) -> None:
    settings.SESSION_ENGINE = "guitai.people.sessions"
    client.post("/sign-up/", {"phone": OTHER})
    row = Session.objects.get()
    kept = base64.b64decode(row.session_data)
    assert OTHER.encode() not in kept and SessionStore(row.session_key)["people.sign_up_phone"] == OTHER
    Session.objects.update(session_data=base64.b64encode(kept[:-1] + bytes([kept[-1] ^ 1])).decode())
    assert client.get("/sign-up/password/").status_code == 302
