"""The WeChat Pay rail: what it believes, what it refuses, and what it leaves unknown."""

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP, PKCS1v15
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.base import clock
from guitai.base.money import Money
from guitai.rails.adapters.wechat import WeChatRail
from guitai.rails.adapters.wechat_settings import WeChatSettings
from guitai.rails.errors import BadSignature, Malformed, NothingPaid, RailDeclined, RailUnavailable
from guitai.rails.types import Payout, RefundOrder, TopUpOrder
from tests.rails.adapters.gateway_keys import GATEWAY, OWN, STRANGER, private_pem, public_pem

MERCHANT, APP, NAMED = "1900000018", "wx2026000000000018", "PUB_KEY_ID_0119000000182026112200000000000018"
APIV3 = "0123456789abcdef0123456789ABCDEF"
SETTINGS = WeChatSettings(
    gateway_url="https://wechat.test:8443",
    merchant_id=MERCHANT,
    app_id=APP,
    merchant_key=private_pem(OWN),
    merchant_serial="4A7F00",
    apiv3_key=APIV3,
    public_key_id=NAMED,
    public_key=public_pem(GATEWAY),
    transfer_scene="1000",
)
ORDER = TopUpOrder(
    "7KMR3AXWH4", Money(8_888, "CNY"), "https://wallet.test/rails/wechat/notices/", subject="充值"
)
REFUND = RefundOrder("7KMR3AXWH4", "4200001", "RF1", Money(8_888, "CNY"), Money(888, "CNY"))
PAYOUT = Payout("7KMR3AXWH5", Money(5_000, "CNY"), "林月", "oUpF8uMuAJO")
RECEIVED = datetime(2026, 11, 22, 11, 31, tzinfo=UTC)
PAID = {
    "mchid": MERCHANT, "appid": APP, "out_trade_no": "7KMR3AXWH4", "transaction_id": "4200001234567890",
    "trade_type": "NATIVE", "trade_state": "SUCCESS", "success_time": "2026-11-22T19:30:58+08:00",
    "amount": {"total": 8_888, "payer_total": 8_888, "currency": "CNY", "payer_currency": "CNY"},
}  # fmt: skip


def rail(answer: Callable[[httpx.Request], httpx.Response] | None = None, **changed: Any) -> WeChatRail:
    def usual(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is to be asked")

    own = WeChatSettings(
        **{**{name: getattr(SETTINGS, name) for name in SETTINGS.__struct_fields__}, **changed}
    )
    return WeChatRail(lambda: own, httpx.MockTransport(answer or usual))


def headers(body: bytes, at: datetime, key: Any = GATEWAY, serial: str = NAMED) -> dict[str, str]:
    stamp, nonce = str(int(at.timestamp())), "593BEC0C930BF1AFEB40B4A08C8FB242"
    content = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "wechatpay-timestamp": stamp, "wechatpay-nonce": nonce, "wechatpay-serial": serial,
        "wechatpay-signature": base64.b64encode(key.sign(content, PKCS1v15(), SHA256())).decode(),
        "wechatpay-signature-type": "WECHATPAY2-SHA256-RSA2048",
    }  # fmt: skip


def body_of(
    content: dict[str, Any] | bytes, event: str = "TRANSACTION.SUCCESS", key: str = APIV3, **changed: Any
) -> bytes:
    plain = content if isinstance(content, bytes) else json.dumps(content).encode()
    hidden = AESGCM(key.encode()).encrypt(b"fdasflkja484", plain, b"transaction")
    resource = {
        "algorithm": "AEAD_AES_256_GCM", "ciphertext": base64.b64encode(hidden).decode(),
        "nonce": "fdasflkja484", "associated_data": "transaction", **changed,
    }  # fmt: skip
    message = {
        "id": "EV-2018022511223320873",
        "event_type": event,
        "resource_type": "encrypt-resource",
        "resource": resource,
    }
    return json.dumps(message).encode()


def read(body: bytes, **how: Any) -> Any:
    own = how.pop("own", None) or rail()
    return own.parse_notice(headers(body, how.pop("at", RECEIVED), **how), body, RECEIVED)


def answering(content: Any, status: int = 200) -> Callable[[httpx.Request], httpx.Response]:
    def answer(request: httpx.Request) -> httpx.Response:
        body = b"" if content is None else json.dumps(content).encode()
        told = {"content-type": "application/json", **headers(body, clock.now())}
        return httpx.Response(status, content=body, headers=told)

    return answer


def saying(content: Any, status: int = 200) -> WeChatRail:
    return rail(answering(content, status))


def refusing(code: str, status: int = 400) -> WeChatRail:
    return saying({"code": code, "message": code}, status)


def test_reads_a_notice_that_wechat_pay_signed_and_sealed() -> None:
    told = read(body_of(PAID))
    assert (told.payment_reference, told.bank_reference) == ("7KMR3AXWH4", "4200001234567890")
    assert (told.amount_minor, told.currency) == (8_888, "CNY")
    assert told.payee_account == SETTINGS.payee == f"{MERCHANT}@{APP}"
    assert told.paid_at == datetime(2026, 11, 22, 11, 30, 58, tzinfo=UTC)
    assert told.notice_id.startswith("EV-2018022511223320873:")


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"key": STRANGER}, "signature"),
        ({"serial": "PUB_KEY_ID_0"}, "serial"),
        ({"serial": ""}, "serial"),
        ({"serial": "4A7F00"}, "serial"),
        ({"at": RECEIVED - timedelta(seconds=301)}, "time"),
        ({"at": RECEIVED + timedelta(seconds=301)}, "time"),
    ],
)
def test_refuses_what_wechat_pay_did_not_sign_just_now(how: dict[str, Any], problem: str) -> None:
    with pytest.raises(BadSignature) as refused:
        read(body_of(PAID), **how)
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize("skew_s", [-300, 300])
def test_clocks_may_differ_by_five_minutes(skew_s: int) -> None:
    assert read(body_of(PAID), at=RECEIVED + timedelta(seconds=skew_s)).amount_minor == 8_888


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"wechatpay-timestamp": "soon"}, "headers"),
        ({"wechatpay-timestamp": "１７"}, "headers"),
        ({"wechatpay-timestamp": "9" * 40}, "headers"),
        ({"wechatpay-nonce": ""}, "headers"),
        ({"wechatpay-nonce": "another"}, "signature"),
        ({"wechatpay-signature": "%%%"}, "signature"),
        ({"wechatpay-signature-type": "WECHATPAY2-SM2-WITH-SM3"}, "algorithm"),
    ],
)
def test_refuses_headers_that_prove_nothing(changed: dict[str, str], problem: str) -> None:
    body = body_of(PAID)
    with pytest.raises(BadSignature) as refused:
        rail().parse_notice({**headers(body, RECEIVED), **changed}, body, RECEIVED)
    assert refused.value.facts["problem"] == problem
    with pytest.raises(BadSignature):
        rail().parse_notice({}, body, RECEIVED)
    with pytest.raises(BadSignature):
        rail().parse_notice(headers(body, RECEIVED), body + b" ", RECEIVED)


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (b"not json", "json"),
        (b"[" * 5_000, "json"),
        (b"{}", "json"),
        (body_of(PAID, key="x" * 32), "sealed"),
        (body_of(PAID, associated_data="refund"), "sealed"),
        (body_of(PAID, nonce="short"), "json"),
        (body_of(PAID, ciphertext="%"), "sealed"),
        (body_of(PAID, ciphertext=""), "sealed"),
        (body_of(PAID, algorithm="NONE"), "algorithm"),
        (body_of(b"not json"), "json"),
        (body_of(b"\xff\xfe"), "sealed"),
        (body_of({**PAID, "amount": {"total": 88.88, "currency": "CNY"}}), "json"),
        (body_of({**PAID, "amount": {"total": 0, "currency": "CNY"}}), "amount"),
        (body_of({**PAID, "amount": {"total": -1, "currency": "CNY"}}), "amount"),
        (body_of({**PAID, "amount": {"total": 2**53, "currency": "CNY"}}), "amount"),
        (body_of({**PAID, "amount": {"total": 1, "currency": "yuan"}}), "currency"),
        (body_of({**PAID, "transaction_id": ""}), "transaction_id"),
        (body_of({**PAID, "out_trade_no": "a b"}), "out_trade_no"),
        (body_of({**PAID, "success_time": "2026-11-22T19:30:58"}), "time"),
        (body_of({**PAID, "success_time": "yesterday"}), "time"),
    ],
)
def test_refuses_a_genuine_notice_that_cannot_be_read(body: bytes, problem: str) -> None:
    with pytest.raises(Malformed) as refused:
        read(body)
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (body_of({"refund_status": "SUCCESS"}, "REFUND.SUCCESS"), "REFUND.SUCCESS"),
        (body_of({"state": "SUCCESS"}, "MCHTRANSFER.BILL.FINISHED"), "MCHTRANSFER.BILL.FINISHED"),
        (body_of({**PAID, "trade_state": "NOTPAY"}), "NOTPAY"),
        (body_of({**PAID, "trade_state": "CLOSED"}), "CLOSED"),
    ],
)
def test_tells_a_notice_of_something_else_apart(body: bytes, event: str) -> None:
    with pytest.raises(NothingPaid) as said:
        read(body)
    assert said.value.facts["event"] == event


@pytest.mark.parametrize("changed", [{"mchid": "1900000099"}, {"appid": "wx0"}])
def test_money_of_another_merchant_or_application_has_another_payee(changed: dict[str, str]) -> None:
    assert read(body_of({**PAID, **changed})).payee_account != SETTINGS.payee


@settings(deadline=None)
@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_notices(body: bytes) -> None:
    with pytest.raises((BadSignature, Malformed, NothingPaid)):
        read(body)


@settings(deadline=None)
@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=20), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from([*PAID, "total", "currency"]), inner, max_size=6)
), max_leaves=12))  # fmt: skip
def test_no_sealed_content_breaks_the_reading(content: Any) -> None:
    with pytest.raises((Malformed, NothingPaid)):
        read(body_of(json.dumps(content).encode()))


def certificate() -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Tenpay")])
    return (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(GATEWAY.public_key())
        .serial_number(0x5157F09EFDC096DE15EBE81A47057A72).not_valid_before(clock.now() - timedelta(days=1))
        .not_valid_after(clock.now() + timedelta(days=1)).sign(GATEWAY, SHA256())
    )  # fmt: skip


@pytest.mark.parametrize("serial", ["5157F09EFDC096DE15EBE81A47057A72", "5157f09efdc096de15ebe81a47057a72"])
def test_platform_certificates_prove_as_well_as_a_public_key(serial: str) -> None:
    pem = certificate().public_bytes(Encoding.PEM).decode()
    own = rail(platform_certificates=pem, public_key="", public_key_id="")
    assert own._settings().problems() == ()
    body = body_of(PAID)
    assert own.parse_notice(headers(body, RECEIVED, serial=serial), body, RECEIVED).amount_minor == 8_888
    with pytest.raises(BadSignature):
        own.parse_notice(headers(body, RECEIVED), body, RECEIVED)


def test_a_code_is_asked_for_with_a_signature_over_what_is_sent() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return answering({"code_url": "weixin://wxpay/bizpayurl?pr=abc"})(request)

    with clock.stopped(RECEIVED):
        told = rail(answer).start_top_up(ORDER)
    assert (told.method, told.qr, told.payee_account) == (
        "qr",
        "weixin://wxpay/bizpayurl?pr=abc",
        SETTINGS.payee,
    )
    (request,) = asked
    assert (request.url.port, request.url.path) == (8_443, "/v3/pay/transactions/native")
    sent = json.loads(request.content)
    assert (sent["amount"], sent["time_expire"]) == (
        {"total": 8_888, "currency": "CNY"},
        "2026-11-22T19:46:00+08:00",
    )
    fields = dict(re.findall(r'(\w+)="([^"]+)"', request.headers["authorization"]))
    content = f"POST\n/v3/pay/transactions/native\n{fields['timestamp']}\n{fields['nonce_str']}\n".encode()
    OWN.public_key().verify(
        base64.b64decode(fields["signature"]), content + request.content + b"\n", PKCS1v15(), SHA256()
    )
    assert request.headers["wechatpay-serial"] == NAMED


def test_a_phone_opens_wechat_where_its_address_is_known() -> None:
    address = "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx1&package=2"
    phone = TopUpOrder(
        "7KMR3AXWH4",
        ORDER.amount,
        ORDER.notify_url,
        "https://wallet.test/b?x=1",
        "充" * 99,
        True,
        "198.51.100.7",
    )
    told = saying({"h5_url": address}).start_top_up(phone)
    assert (told.method, told.qr) == ("link", None)
    assert httpx.URL(told.pay_url or "").params["redirect_url"] == "https://wallet.test/b?x=1"
    without = TopUpOrder("7KMR3AXWH4", ORDER.amount, ORDER.notify_url, on_phone=True)
    assert saying({"code_url": "weixin://x"}).start_top_up(without).method == "qr"


def unsigned(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"trade_state": "SUCCESS"})


def old(request: httpx.Request) -> httpx.Response:
    body = b"{}"
    return httpx.Response(200, content=body, headers=headers(body, clock.now() - timedelta(minutes=6)))


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (unsigned, "answer_headers"),
        (old, "answer_time"),
        (lambda r: httpx.Response(502), "status_502"),
        (answering({"trade_state": 7}), "answer_unreadable"),
        (answering({**PAID, "out_trade_no": "ANOTHER"}), "answer_differs"),
        (answering({**PAID, "mchid": "1900000099"}), "answer_differs"),
        (answering({**PAID, "amount": {"total": 0}}), "answer_unreadable"),
        (answering({"code": "SYSTEM_ERROR"}, 500), "SYSTEM_ERROR"),
        (answering({"code": "FREQUENCY_LIMITED"}, 429), "FREQUENCY_LIMITED"),
    ],
)
def test_an_answer_that_proves_nothing_is_none(answer: Any, problem: str) -> None:
    with pytest.raises(RailUnavailable) as refused:
        rail(answer).query("7KMR3AXWH4")
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize(
    ("state", "ours", "code"),
    [
        ("NOTPAY", "unpaid", None),
        ("USERPAYING", "processing", None),
        ("CLOSED", "failed", "payment_timed_out"),
        ("PAYERROR", "failed", "payment_failed"),
        ("NEW_WORD", "processing", None),
    ],
)
def test_says_what_became_of_an_order(state: str, ours: str, code: str | None) -> None:
    told = saying({**PAID, "trade_state": state}).query("7KMR3AXWH4")
    assert (told.state, told.code, told.paid) == (ours, code, ())


@pytest.mark.parametrize("state", ["SUCCESS", "REFUND"])
def test_a_payment_that_was_asked_for_proves_as_much_as_a_notice(state: str) -> None:
    told = saying({**PAID, "trade_state": state}).query("7KMR3AXWH4")
    (paid,) = told.payments
    assert (told.state, told.paid) == ("paid", (Money(8_888, "CNY"),))
    assert (paid.notice_id, paid.payee_account) == ("query:4200001234567890", SETTINGS.payee)
    assert refusing("ORDER_NOT_EXIST", 404).query("7KMR3AXWH4").state == "not_found"
    with pytest.raises(RailDeclined):
        refusing("NO_AUTH", 403).query("7KMR3AXWH4")


def test_closes_what_nobody_paid_and_never_what_somebody_did() -> None:
    saying(None, 204).cancel("7KMR3AXWH4")
    refusing("ORDER_NOT_EXIST", 404).cancel("7KMR3AXWH4")
    with pytest.raises(RailDeclined):
        refusing("ORDERPAID").cancel("7KMR3AXWH4")


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ({"state": "SUCCESS"}, "done", None),
        ({"state": "WAIT_USER_CONFIRM"}, "accepted", None),
        ({"state": "FAIL", "fail_reason": "NAME_NOT_CORRECT"}, "rejected", "payee_name_mismatch"),
        ({"state": "FAIL", "fail_reason": "OVERDUE_CLOSE"}, "rejected", "payout_not_confirmed"),
        ({"state": "FAIL", "fail_reason": "NEVER_HEARD"}, "rejected", "payout_not_possible"),
        ({"state": "NEW_WORD"}, "unknown", None),
        ({"state": "SUCCESS", "out_bill_no": "ANOTHER"}, "unknown", None),
    ],
)
def test_says_what_became_of_a_payout(said: dict[str, str], outcome: str, code: str | None) -> None:
    own = saying({"out_bill_no": PAYOUT.order_reference, "transfer_bill_no": "13300", **said})
    for told in (own.pay_out(PAYOUT), own.query_payout(PAYOUT.order_reference)):
        assert (told.outcome, told.code) == (outcome, code)


@pytest.mark.parametrize(
    ("code", "outcome", "ours"),
    [
        ("NOT_ENOUGH", "rejected", "payout_funds_short"),
        ("SYSTEM_ERROR", "unknown", None),
        ("NEVER_HEARD", "unknown", None),
        ("ALREADY_EXISTS", "unknown", None),
    ],
)
def test_a_payout_is_refused_only_when_that_is_certain(code: str, outcome: str, ours: str | None) -> None:
    told = refusing(code, 403).pay_out(PAYOUT)
    assert (told.outcome, told.code, told.rail_code) == (outcome, ours, code)
    assert refusing("NOT_FOUND", 404).query_payout("7KMR3AXWH5").outcome == "unknown"


def test_the_payees_name_leaves_sealed_and_small_amounts_go_without() -> None:
    sent: list[dict[str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return answering({"out_bill_no": PAYOUT.order_reference, "state": "ACCEPTED"})(request)

    rail(answer).pay_out(PAYOUT)
    rail(answer).pay_out(Payout(PAYOUT.order_reference, Money(29, "CNY"), "林月", "oUpF8uMuAJO"))
    hidden = base64.b64decode(sent[0]["user_name"])
    assert GATEWAY.decrypt(hidden, OAEP(MGF1(SHA1()), SHA1(), None)).decode() == "林月"
    assert "user_name" not in sent[1]


def test_a_payout_without_an_answer_is_unknown_and_one_that_never_left_is_not() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectTimeout("nobody")

    assert rail(late).pay_out(PAYOUT).outcome == "unknown"
    assert rail(late).refund(REFUND).outcome == "unknown"
    with pytest.raises(RailUnavailable):
        rail(nobody).pay_out(PAYOUT)
    with pytest.raises(RailUnavailable):
        rail(late).query_refund(REFUND)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        ({"status": "SUCCESS"}, "done"),
        ({"status": "PROCESSING"}, "accepted"),
        ({"status": "CLOSED"}, "rejected"),
        ({"status": "ABNORMAL"}, "unknown"),
        ({"status": "SUCCESS", "amount": {"refund": 889}}, "unknown"),
        ({"status": "SUCCESS", "out_refund_no": "RF2"}, "unknown"),
    ],
)
def test_says_what_became_of_a_refund(said: dict[str, Any], outcome: str) -> None:
    own = saying({"out_refund_no": "RF1", "refund_id": "5030", "amount": {"refund": 888}, **said})
    assert own.refund(REFUND).outcome == own.query_refund(REFUND).outcome == outcome


def test_a_refund_is_refused_only_when_that_is_certain() -> None:
    assert refusing("NOT_ENOUGH", 403).refund(REFUND).code == "refund_funds_short"
    assert refusing("SYSTEM_ERROR", 500).refund(REFUND).outcome == "unknown"
    assert refusing("RESOURCE_NOT_EXISTS", 404).query_refund(REFUND).outcome == "unknown"


def test_a_bill_is_kept_only_with_its_digest_and_from_the_same_host() -> None:
    content = b"a list"

    def giving(
        packed: bytes, digest: str, url: str = "https://wechat.test:8443/v3/billdownload/file?token=1"
    ) -> WeChatRail:
        said = {"download_url": url, "hash_type": "SHA1", "hash_value": digest}

        def answer(request: httpx.Request) -> httpx.Response:
            if "billdownload" in request.url.path:
                return httpx.Response(200, content=packed)
            return answering(said)(request)

        return rail(answer)

    digest, packed = hashlib.sha1(content).hexdigest(), gzip.compress(content)
    assert giving(packed, digest).download_statement(date(2026, 11, 21)) == packed
    assert giving(content, digest).download_statement(date(2026, 11, 21)) == content
    for wrong in (
        giving(packed, "0" * 40),
        giving(packed[:-3], digest),
        giving(packed, digest, "https://evil.test/v3/x"),
    ):
        with pytest.raises(RailUnavailable):
            wrong.download_statement(date(2026, 11, 21))
    with pytest.raises(RailUnavailable) as refused:
        refusing("NO_STATEMENT_EXIST").download_statement(date(2026, 11, 21))
    assert refused.value.facts["problem"] == "statement_not_ready"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"gateway_url": ""}, "gateway_url"),
        ({"merchant_id": "x"}, "merchant_id"),
        ({"app_id": ""}, "app_id"),
        ({"apiv3_key": "short"}, "apiv3_key"),
        ({"merchant_key": "x"}, "merchant_key"),
        ({"merchant_serial": "xyz"}, "merchant_serial"),
        ({"public_key": ""}, "public_key"),
        ({"public_key_id": ""}, "public_key_id"),
        ({"platform_certificates": "x"}, "platform_certificates"),
        ({"pay_minutes": 9_999}, "pay_minutes"),
    ],
)
def test_settings_name_what_is_wrong(changed: dict[str, Any], problem: str) -> None:
    assert problem in rail(**changed)._settings().problems()
    assert rail()._settings().problems() == ()
    with pytest.raises(RailUnavailable):
        rail(**changed).query("7KMR3AXWH4")
