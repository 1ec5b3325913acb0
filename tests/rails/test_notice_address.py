"""The address where rails tell us what happened, and the one where they send the payer's browser."""

from collections.abc import Callable

import pytest
from django.test import Client

from guitai.kit.crypto import unseal_bytes
from guitai.rails.flows.receive_notice import PURPOSE
from guitai.rails.models import InboxMessage, Order
from tests.rails.conftest import Bank
from tests.rails.scripted import CODE, NOON, REFERENCE, ScriptedRail

pytestmark = [pytest.mark.django_db, pytest.mark.urls("guitai.rails.web.urls")]
ADDRESS = "/rails/bank/notices/"
BACK = f"/rails/{CODE}/return/{REFERENCE}/"


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


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"amount": 1,  "b":\t2}'),
        ("application/x-www-form-urlencoded", b"b=2&a=%E6%9E%97+x&a=1&sign=abc%2B%2F%3D"),
        ("application/x-www-form-urlencoded; charset=GBK", b"subject=%C1%D6&csrfmiddlewaretoken=x"),
        ("text/xml", b"<xml><a><![CDATA[1]]></a></xml>"),
        ("multipart/form-data; boundary=x", b"--x\r\nnot a form\r\n"),
        ("", b"\x00\xff plain bytes"),
    ],
)
def test_a_body_of_any_kind_is_kept_to_the_byte_and_answered_as_the_rail_wants(
    scripted: ScriptedRail, content_type: str, body: bytes
) -> None:
    answer = Client(enforce_csrf_checks=True).generic(
        "POST", f"/rails/{CODE}/notices/", body, content_type=content_type
    )
    assert (answer.status_code, answer["Content-Type"], answer.content) == (
        200,
        "application/xml",
        b"<xml>ok</xml>",
    )
    message = InboxMessage.objects.get()
    assert unseal_bytes(message.body_sealed, purpose=PURPOSE, row=message.id) == body


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_payer_who_comes_back_sees_their_own_page_and_the_rail_is_asked(
    scripted: ScriptedRail, order: Callable[..., Order], method: str
) -> None:
    order(rail=CODE, return_url=f"/bills/{REFERENCE}/", next_query_at=NOON.replace(year=2100))
    forged = {"trade_status": "TRADE_SUCCESS", "respCode": "00", "return_url": "https://evil.example/"}
    answer = Client(enforce_csrf_checks=True).generic(
        method, BACK, "respCode=00", content_type="application/x-www-form-urlencoded", query_params=forged
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/bills/{REFERENCE}/")
    kept = Order.objects.get()
    assert kept.state == "awaiting_payment", "what a browser says proves nothing"
    assert kept.next_query_at is not None and kept.next_query_at.year < 2100
    assert not InboxMessage.objects.exists()


@pytest.mark.parametrize(
    "address",
    [BACK, f"/rails/{CODE}/return/", f"/rails/{CODE}/return/nonsense/", "/rails/bank/return/2222222222/"],
)
def test_whoever_comes_back_from_nowhere_comes_home(scripted: ScriptedRail, address: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert Client().get("/rails/nowhere/return/7KMR3AXWH4/").status_code == 404
