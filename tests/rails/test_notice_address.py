"""The address where rails tell us what happened."""

import pytest
from django.test import Client

from guitai.rails.models import InboxMessage
from tests.rails.conftest import Bank

pytestmark = [pytest.mark.django_db, pytest.mark.urls("guitai.rails.web.urls")]
ADDRESS = "/rails/bank/notices/"


def test_stores_first_and_answers_with_a_receipt(bank: Bank) -> None:
    body = bank.body()
    answer = Client(enforce_csrf_checks=True).post(
        ADDRESS, body, content_type="application/json", headers=bank.headers(body)
    )
    assert answer.status_code == 202
    message = InboxMessage.objects.get(id=answer.json()["receipt"])
    assert (message.state, message.headers["content-type"]) == ("received", "application/json")


@pytest.mark.parametrize(
    ("method", "address", "size", "status", "code"),
    [
        ("post", ADDRESS, 0, 202, None),
        ("post", ADDRESS, 65_536, 202, None),
        ("post", ADDRESS, 65_537, 413, "notice_too_large"),
        ("post", ADDRESS, 900_000, 413, "notice_too_large"),
        ("post", "/rails/nowhere/notices/", 5, 404, "rail_unknown"),
        ("get", ADDRESS, 0, 405, "method_not_allowed"),
        ("put", ADDRESS, 5, 405, "method_not_allowed"),
    ],
)
def test_each_request_has_a_clear_answer(
    bank: Bank, method: str, address: str, size: int, status: int, code: str | None
) -> None:
    answer = Client().generic(method.upper(), address, b"x" * size, content_type="application/json")
    assert answer.status_code == status
    if code is not None:
        assert answer.json()["code"] == code
        assert answer["Content-Type"] == "application/problem+json"
    assert InboxMessage.objects.count() == (1 if status == 202 else 0)
