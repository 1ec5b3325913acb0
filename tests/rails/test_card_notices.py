"""What the card acquirer and UnionPay tell, by the inbox: paid once, noted, disputed, and never a card number."""

import hashlib
import hmac
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from guitai.audit.models import AuditRow
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.kit.crypto import unseal_bytes
from guitai.rails import api
from guitai.rails.flows.receive_notice import PURPOSE
from guitai.rails.models import InboxMessage, Order
from guitai.sandbox.unionpay.certificates import authority
from guitai.sandbox.unionpay.messages import notice_body, sign
from tests.rails.conftest import judged, topics

pytestmark = pytest.mark.django_db
MakeOrder = Callable[..., Order]
SECRET = "whsec_1"
SESSION = {
    "id": "cs_1", "payment_status": "paid", "amount_total": 20_000, "currency": "cny", "payment_intent": "pi_1",
    "client_reference_id": "7KMR3AXWH4",
}  # fmt: skip
CHARGE = {
    "id": "ch_1",
    "payment_method_details": {"card": {"brand": "visa", "last4": "4242", "funding": "credit"}},
}
DISPUTE = {
    "id": "dp_1", "payment_intent": "pi_1", "amount": 20_000, "currency": "cny", "reason": "fraudulent",
    "status": "needs_response",
}  # fmt: skip


@pytest.fixture
def card(db: None) -> None:
    keys = {"account": "acct_1", "secret_key": "sk_test_1", "webhook_secret": SECRET}
    api.publish_settings("card", {**keys, "address": "http://127.0.0.1:9"}, SYSTEM)


def tell(
    about: dict[str, Any], kind: str = "checkout.session.completed", event_id: str = "evt_1"
) -> InboxMessage:
    """Post a webhook as the acquirer does, and have it judged."""
    event = {"id": event_id, "type": kind, "created": int(now().timestamp()), "data": {"object": about}}
    body, at = json.dumps(event).encode(), int(now().timestamp())
    signature = hmac.new(SECRET.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    answer = Client().post(
        "/rails/card/notices/",
        body,
        content_type="application/json",
        headers={"stripe-signature": f"t={at},v1={signature}"},
    )
    assert (answer.status_code, answer.json()) == (200, {"received": True})
    message = InboxMessage.objects.latest("id")
    return judged(message.id)


def test_a_payment_is_settled_once_however_often_it_is_told(card: None, order: MakeOrder) -> None:
    order(rail="card", payee_account="acct_1")
    assert tell(SESSION).state == "settled"
    assert tell(SESSION, event_id="evt_2").state == "duplicate"
    assert [name for name, _ in topics()] == ["rails.top_up_paid"]
    assert Order.objects.get().bank_reference == "pi_1"


def test_what_is_no_payment_is_noted_and_moves_nothing(card: None, order: MakeOrder) -> None:
    order(rail="card", payee_account="acct_1")
    for kind in (
        "charge.succeeded",
        "payment_intent.payment_failed",
        "refund.updated",
        "checkout.session.expired",
    ):
        message = tell(CHARGE, kind)
        assert (message.state, message.code, message.facts) == ("noted", "nothing_paid", {"event": kind})
    assert topics() == []
    assert api.exceptions().items == []
    assert tell(SESSION).state == "settled"


def test_a_dispute_is_told_once_and_names_the_order(card: None, order: MakeOrder) -> None:
    order(rail="card", payee_account="acct_1")
    tell(SESSION)
    first = tell(DISPUTE, "charge.dispute.created", "evt_7")
    assert (first.state, first.code) == ("noted", "payment_disputed")
    assert tell(DISPUTE, "charge.dispute.created", "evt_7").state == "duplicate"
    assert tell({**DISPUTE, "status": "lost"}, "charge.dispute.closed", "evt_8").state == "noted"
    told = [payload for name, payload in topics() if name == "rails.payment_disputed"]
    assert [payload["status"] for payload in told] == ["needs_response", "lost"]
    assert told[0] == {
        "rail": "card", "order_reference": "7KMR3AXWH4", "bank_reference": "pi_1", "dispute": "dp_1",
        "status": "needs_response", "reason": "fraudulent", "amount": 20_000, "currency": "CNY",
    }  # fmt: skip
    assert AuditRow.objects.filter(action="rails.payment_disputed").count() == 2


def test_a_dispute_of_a_payment_that_we_do_not_know_tells_nobody(card: None) -> None:
    assert tell(DISPUTE, "charge.dispute.created").state == "noted"
    assert topics() == []


def test_no_row_ever_holds_a_card_number(card: None, order: MakeOrder) -> None:
    order(rail="card", payee_account="acct_1")
    tell(SESSION)
    tell(CHARGE, "charge.succeeded", "evt_2")
    tell(DISPUTE, "charge.dispute.created", "evt_3")
    with connection.cursor() as cursor:
        for table in ("rails_inbox", "rails_order", "kit_topic", "audit_row"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            for (row,) in cursor.fetchall():
                assert not card_numbers(row), table
                assert "4242" not in re.sub(r"\\x[0-9a-f]+", "", row), "the last figures are sealed too"
    for message in InboxMessage.objects.all():
        body = unseal_bytes(message.body_sealed, purpose=PURPOSE, row=message.id).decode()
        assert not card_numbers(body)


def card_numbers(text: str) -> list[str]:
    """Runs of 13 to 19 figures that pass the card schemes' own check; bytes in hexadecimal are not figures."""
    plain = re.sub(r"\\x[0-9a-f]+", "", text)
    return [
        run for run in re.findall(r"(?<![0-9A-Za-z_])[3-6][0-9]{12,18}(?![0-9A-Za-z])", plain) if luhn(run)
    ]


def luhn(number: str) -> bool:
    digits = [int(figure) for figure in reversed(number)]
    return (sum(digits[0::2]) + sum(sum(divmod(2 * figure, 10)) for figure in digits[1::2])) % 10 == 0


def test_the_check_finds_what_it_looks_for() -> None:
    assert card_numbers("paid by 4242424242424242 today") == ["4242424242424242"]
    assert card_numbers("paid by 4242424242424241, 1795320000") == []


def test_a_payment_by_unionpay_is_settled_by_its_notice(tmp_path: Any, order: MakeOrder) -> None:
    keys = authority(tmp_path)
    contract = {
        "gateway_url": "http://127.0.0.1:9", "file_url": "http://127.0.0.1:9/file", "merchant_id": "777290058110048",
        "merchant_certificate": keys.merchant.pem, "merchant_key": keys.merchant.key_pem,
        "middle_certificate": keys.middle.pem, "root_certificate": keys.root.pem,
    }  # fmt: skip
    api.publish_settings("unionpay", contract, SYSTEM)
    order(rail="unionpay", payee_account="777290058110048")
    fields = {
        "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "txnType": "01", "merId": "777290058110048",
        "orderId": "7KMR3AXWH4", "txnTime": "20261122120000", "txnAmt": "20000", "currencyCode": "156",
        "queryId": "202611221200001234567", "traceTime": "1122120130", "respCode": "00", "respMsg": "成功",
    }  # fmt: skip
    for count, state in enumerate(("settled", "duplicate"), 1):
        answer = Client().post(
            "/rails/unionpay/notices/",
            notice_body(sign(fields, keys.gateway)),
            content_type="application/x-www-form-urlencoded",
        )
        assert (answer.status_code, answer.content) == (200, b"ok")
        assert InboxMessage.objects.count() == count
        assert judged(InboxMessage.objects.latest("id").id).state == state
    assert [name for name, _ in topics()] == ["rails.top_up_paid"]
