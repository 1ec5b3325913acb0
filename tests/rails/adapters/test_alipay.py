"""The Alipay rail: what it believes, what it refuses, and what it leaves unknown."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import httpx
import pytest
from alipay.aop.api.util.SignatureUtils import get_sign_content, sign_with_rsa2, verify_with_rsa
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from guitai.base import clock
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.explain import codes
from guitai.rails.adapters import alipay_codes, wechat_codes
from guitai.rails.adapters.alipay import AlipayRail
from guitai.rails.adapters.alipay_keys import bare_private, bare_public, certificate_number
from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.errors import BadSignature, Malformed, NothingPaid, RailDeclined, RailUnavailable
from guitai.rails.types import Payout, RefundOrder, TopUpOrder
from tests.rails.adapters.gateway_keys import GATEWAY, OWN, STRANGER, private_pem, public_pem

APP, SELLER = "2021000100000001", "2088000000000018"
SETTINGS = AlipaySettings(
    gateway_url="https://alipay.test:8443/gateway.do",
    app_id=APP,
    seller_id=SELLER,
    app_private_key=private_pem(OWN),
    alipay_public_key=public_pem(GATEWAY),
)
ORDER = TopUpOrder(
    "7KMR3AXWH4", Money(8_888, "CNY"), "https://wallet.test/rails/alipay/notices/", subject="充值 88.88"
)
REFUND = RefundOrder("7KMR3AXWH4", "2026112222001", "RF1", Money(8_888, "CNY"), Money(888, "CNY"))
PAYOUT = Payout("7KMR3AXWH5", Money(5_000, "CNY"), "林月", "lin@example.com")
NOTICE = {
    "notify_time": "2026-11-22 19:31:00", "notify_type": "trade_status_sync",
    "notify_id": "ac05099524730693a8b330c5ece", "app_id": APP, "charset": "utf-8", "version": "1.0",
    "trade_no": "2026112222001456789",
    "out_trade_no": "7KMR3AXWH4", "seller_id": SELLER, "buyer_logon_id": "159****5620",
    "trade_status": "TRADE_SUCCESS", "total_amount": "88.88", "receipt_amount": "88.88", "subject": "充值 & 手续费=0",
    "gmt_payment": "2026-11-22 19:30:58", "fund_bill_list": '[{"amount":"88.88","fundChannel":"ALIPAYACCOUNT"}]',
}  # fmt: skip
RECEIVED = datetime(2026, 11, 22, 11, 31, tzinfo=UTC)


def rail(answer: Callable[[httpx.Request], httpx.Response] | None = None, **changed: Any) -> AlipayRail:
    def usual(request: httpx.Request) -> httpx.Response:
        raise AssertionError("nobody is to be asked")

    own = AlipaySettings(
        **{**{name: getattr(SETTINGS, name) for name in SETTINGS.__struct_fields__}, **changed}
    )
    return AlipayRail(lambda: own, httpx.MockTransport(answer or usual))


def form(fields: dict[str, str], key: Any = GATEWAY, encoding: str = "utf-8", kind: str = "RSA2") -> bytes:
    """A notice as Alipay signs it, by its SDK."""
    content = get_sign_content(fields)
    sign = sign_with_rsa2(bare_private(key), content, encoding)
    return urlencode({**fields, "sign": sign, "sign_type": kind}, encoding=encoding).encode()


def notice(**changed: str | None) -> bytes:
    return form({name: value for name, value in {**NOTICE, **changed}.items() if value is not None})


def signed(content: dict[str, Any], key: Any = GATEWAY, name: str = "alipay_x_response") -> httpx.Response:
    inner = json.dumps(content, ensure_ascii=False)
    sign = base64.b64encode(key.sign(inner.encode(), PKCS1v15(), SHA256())).decode()
    return httpx.Response(200, content=f'{{"{name}":{inner},"sign":"{sign}"}}'.encode())


def saying(content: dict[str, Any]) -> AlipayRail:
    return rail(lambda request: signed({"code": "10000", "msg": "Success", **content}))


def test_reads_a_notice_that_alipay_signed() -> None:
    read = rail().parse_notice({}, notice(), RECEIVED)
    assert (read.payment_reference, read.bank_reference) == ("7KMR3AXWH4", "2026112222001456789")
    assert (read.amount_minor, read.currency, read.payee_account) == (8_888, "CNY", f"{SELLER}@{APP}")
    assert read.paid_at == datetime(2026, 11, 22, 11, 30, 58, tzinfo=UTC)
    assert read.payee_account == SETTINGS.payee


def test_a_copy_that_was_sent_later_is_the_same_payment_and_another_notice() -> None:
    first, later = (
        rail().parse_notice({}, body, RECEIVED)
        for body in (notice(), notice(notify_time="2026-11-22 19:40:00"))
    )
    assert first.bank_reference == later.bank_reference
    assert first.notice_id != later.notice_id
    assert first.notice_id == rail().parse_notice({}, notice(), RECEIVED).notice_id


@pytest.mark.parametrize("encoding", ["gbk", "gb2312", "gb18030"])
def test_reads_a_notice_in_its_own_charset(encoding: str) -> None:
    body = form({**NOTICE, "charset": encoding}, encoding=encoding)
    assert rail().parse_notice({}, body, RECEIVED).amount_minor == 8_888


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        (form(NOTICE, STRANGER), "signature"),
        (notice().replace(b"88.88", b"888.8"), "signature"),
        (form(NOTICE, kind="RSA"), "sign_type"),
        (notice() + b"&total_amount=88.88", "field_twice"),
        (notice() + b"&charset=gbk", "charset"),
        (form({**NOTICE, "charset": "utf-16"}), "charset"),
        (form({**NOTICE, "charset": "gbk"}), "not_a_form"),
        (b"\xff\xfe", "not_a_form"),
        (b"", "sign_type"),
        (b"sign_type=RSA2&sign=&a=%ff", "not_a_form"),
        (b"&".join(b"f%d=1" % number for number in range(200)), "not_a_form"),
        (b'{"sign_type":"RSA2"}', "not_a_form"),
    ],
)
def test_refuses_what_alipay_did_not_sign(body: bytes, problem: str) -> None:
    with pytest.raises(BadSignature) as refused:
        rail().parse_notice({}, body, RECEIVED)
    assert refused.value.facts["problem"] == problem


def test_refuses_a_signature_over_sha1() -> None:
    content = get_sign_content(NOTICE).encode()
    sign = base64.b64encode(GATEWAY.sign(content, PKCS1v15(), SHA1())).decode()
    assert verify_with_rsa(bare_public(GATEWAY.public_key()), content, sign), "the SDK would believe it"
    with pytest.raises(BadSignature):
        rail().parse_notice({}, urlencode({**NOTICE, "sign": sign, "sign_type": "RSA2"}).encode(), RECEIVED)


@pytest.mark.parametrize("text", ["88.8", "88.80", "88", "0.01", "90071992547409.91", "00088.88"])
def test_reads_every_exact_amount(text: str) -> None:
    whole, _, fraction = text.partition(".")
    expected = int(whole) * 100 + int((fraction + "00")[:2])
    assert rail().parse_notice({}, notice(total_amount=text), RECEIVED).amount_minor == expected


@pytest.mark.parametrize(
    "text",
    [
        "88.888",
        "0",
        "0.00",
        "-88.88",
        "8e2",
        "1,000.00",
        "",
        "NaN",
        "９９",
        "90071992547409.92",
        "9" * 40,
        " ",
    ],
)
def test_refuses_an_amount_that_is_not_exact_and_positive(text: str) -> None:
    with pytest.raises(Malformed) as refused:
        rail().parse_notice({}, notice(total_amount=text), RECEIVED)
    assert refused.value.facts["problem"] == "amount"


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"trade_no": None}, "trade_no"),
        ({"trade_no": "x" * 65}, "trade_no"),
        ({"out_trade_no": "a b"}, "out_trade_no"),
        ({"notify_id": ""}, "notify_id"),
        ({"gmt_payment": None}, "time"),
        ({"gmt_payment": "2026-13-45 00:00:00"}, "time"),
        ({"trade_status": "SOMETHING"}, "trade_status"),
    ],
)
def test_refuses_a_genuine_notice_that_says_no_such_thing(changed: dict[str, Any], problem: str) -> None:
    with pytest.raises(Malformed) as refused:
        rail().parse_notice({}, notice(**changed), RECEIVED)
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize(
    ("changed", "event"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, "WAIT_BUYER_PAY"),
        ({"trade_status": "TRADE_CLOSED"}, "TRADE_CLOSED"),
        ({"gmt_refund": "2026-11-22 20:00:00", "refund_fee": "8.88"}, "refund"),
        ({"notify_type": "dut_user_sign", "trade_status": None}, "dut_user_sign"),
    ],
)
def test_tells_a_notice_of_something_else_apart(changed: dict[str, Any], event: str) -> None:
    with pytest.raises(NothingPaid) as said:
        rail().parse_notice({}, notice(**changed), RECEIVED)
    assert said.value.facts["event"] == event


@pytest.mark.parametrize("changed", [{"app_id": "2021000100000002"}, {"seller_id": "2088000000000099"}])
def test_money_of_another_application_or_seller_has_another_payee(changed: dict[str, str]) -> None:
    read = rail().parse_notice({}, notice(**changed), RECEIVED)
    assert read.payee_account != SETTINGS.payee


@settings(deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_no_bytes_break_the_reading_of_notices(body: bytes) -> None:
    with pytest.raises((BadSignature, Malformed, NothingPaid)):
        rail().parse_notice({}, body, RECEIVED)


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(NOTICE)), st.text(max_size=30), max_size=4))
def test_no_genuine_notice_breaks_the_reading(changed: dict[str, str]) -> None:
    fields = {**NOTICE, **changed}
    try:
        read = rail().parse_notice({}, form(fields), RECEIVED)
    except (BadSignature, Malformed, NothingPaid):
        return
    except UnicodeEncodeError:
        return  # half a surrogate pair cannot be signed at all
    assert 0 < read.amount_minor < 2**53


def test_a_code_is_asked_for_with_the_time_of_beijing_and_given_to_scan() -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return signed(
            {"code": "10000", "out_trade_no": "7KMR3AXWH4", "qr_code": "https://qr.alipay.com/bax03431"}
        )

    with clock.stopped(datetime(2026, 11, 22, 16, 30, tzinfo=UTC)):
        told = rail(answer).start_top_up(ORDER)
    assert (told.method, told.qr, told.pay_url) == ("qr", "https://qr.alipay.com/bax03431", None)
    assert told.expires_at == datetime(2026, 11, 22, 16, 45, tzinfo=UTC)
    (request,) = asked
    assert request.url.port == 8_443
    fields = {**dict(request.url.params), **dict(parse_qsl(request.content.decode()))}
    assert fields["timestamp"] == "2026-11-23 00:30:00"
    content = json.loads(fields["biz_content"])
    assert (content["total_amount"], content["time_expire"]) == ("88.88", "2026-11-23 00:45:00")
    sign = fields.pop("sign")
    assert verify_with_rsa(public_pem(OWN), get_sign_content(fields).encode(), sign)


@pytest.mark.parametrize(
    ("on_phone", "changed", "method", "product"),
    [
        (False, {"desk": "page"}, "alipay.trade.page.pay", "FAST_INSTANT_TRADE_PAY"),
        (True, {}, "alipay.trade.wap.pay", "QUICK_WAP_WAY"),
    ],
)
def test_a_page_is_a_signed_address(
    on_phone: bool, changed: dict[str, str], method: str, product: str
) -> None:
    order = TopUpOrder(
        ORDER.order_reference, ORDER.amount, ORDER.notify_url, "https://wallet.test/back", "充值", on_phone
    )
    told = rail(**changed).start_top_up(order)
    assert (told.method, told.payee_account) == ("link", SETTINGS.payee)
    fields = {name: value[0] for name, value in parse_qs(urlsplit(told.pay_url or "").query).items()}
    assert (fields["method"], json.loads(fields["biz_content"])["product_code"]) == (method, product)
    assert fields["return_url"] == "https://wallet.test/back"
    sign = fields.pop("sign")
    assert verify_with_rsa(public_pem(OWN), get_sign_content(fields).encode(), sign)


def test_only_yuan_and_only_with_settings() -> None:
    dollars = TopUpOrder("7KMR3AXWH4", Money(1, "USD"), ORDER.notify_url)
    with pytest.raises(RailDeclined):
        rail().start_top_up(dollars)
    with pytest.raises(RailUnavailable) as refused:
        rail(app_id="").start_top_up(ORDER)
    assert refused.value.facts["problem"] == "not_configured"


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (lambda r: signed({"code": "10000"}, STRANGER), "answer_signature"),
        (lambda r: httpx.Response(200, content=b'{"error_response":{"code":"40002"}}'), "answer_unsigned"),
        (lambda r: httpx.Response(200, content=b"\xff\xfe"), "answer_unreadable"),
        (lambda r: httpx.Response(502), "status_502"),
        (lambda r: signed({"code": "20000", "sub_code": "aop.ACQ.SYSTEM_ERROR"}), "ACQ.SYSTEM_ERROR"),
        (lambda r: signed({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}), "SYSTEM_ERROR"),
        (lambda r: signed({"code": "10000", "out_trade_no": "ANOTHER"}), "answer_differs"),
        (lambda r: signed({"code": 7}), "answer_unreadable"),
        (lambda r: httpx.Response(200, content=b" " * 2_000_000), "answer_too_large"),
    ],
)
def test_an_answer_that_proves_nothing_is_none(answer: Any, problem: str) -> None:
    with pytest.raises(RailUnavailable) as refused:
        rail(answer).query("7KMR3AXWH4")
    assert refused.value.facts["problem"] == problem


@pytest.mark.parametrize(
    ("said", "state", "code"),
    [
        ({"trade_status": "WAIT_BUYER_PAY"}, "unpaid", None),
        ({"trade_status": "TRADE_CLOSED"}, "failed", "payment_timed_out"),
        ({"trade_status": "SOMETHING"}, "processing", None),
        ({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, "not_found", None),
    ],
)
def test_says_what_became_of_an_order(said: dict[str, str], state: str, code: str | None) -> None:
    told = saying({"out_trade_no": "7KMR3AXWH4", **said}).query("7KMR3AXWH4")
    assert (told.state, told.code, told.paid) == (state, code, ())


@pytest.mark.parametrize("status", ["TRADE_SUCCESS", "TRADE_FINISHED", "TRADE_CLOSED"])
def test_a_payment_that_was_asked_for_proves_as_much_as_a_notice(status: str) -> None:
    told = saying(
        {
            "out_trade_no": "7KMR3AXWH4", "trade_no": "2026112222001456789", "trade_status": status,
            "total_amount": "88.88", "send_pay_date": "2026-11-22 19:30:58",
        }
    ).query("7KMR3AXWH4")  # fmt: skip
    (paid,) = told.payments
    assert (told.state, told.paid) == ("paid", (Money(8_888, "CNY"),))
    assert (paid.notice_id, paid.payee_account) == ("query:2026112222001456789", SETTINGS.payee)
    assert paid.paid_at == datetime(2026, 11, 22, 11, 30, 58, tzinfo=UTC)


def test_closes_what_nobody_paid_and_never_what_somebody_did() -> None:
    saying({}).cancel("7KMR3AXWH4")
    saying({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}).cancel("7KMR3AXWH4")
    with pytest.raises(RailDeclined):
        saying({"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR"}).cancel("7KMR3AXWH4")


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ({"status": "SUCCESS"}, "done", None),
        ({"status": "DEALING"}, "accepted", None),
        ({"status": "FAIL", "error_code": "PAYEE_NOT_EXIST"}, "rejected", "payee_account_wrong"),
        ({"status": "REFUND"}, "rejected", "payout_sent_back_by_payee"),
        ({"status": "NEW_WORD"}, "unknown", None),
        ({"status": "SUCCESS", "out_biz_no": "ANOTHER"}, "unknown", None),
        ({"code": "40004", "sub_code": "PAYEE_USER_INFO_ERROR"}, "rejected", "payee_name_mismatch"),
        ({"code": "40004", "sub_code": "PAYER_BALANCE_NOT_ENOUGH"}, "rejected", "payout_funds_short"),
        ({"code": "40004", "sub_code": "EXCEED_LIMIT_DM_AMOUNT"}, "rejected", "payout_over_bank_limit"),
        ({"code": "40004", "sub_code": "NEVER_HEARD_OF"}, "unknown", None),
        ({"code": "40004", "sub_code": "SYSTEM_ERROR"}, "unknown", None),
        ({"code": "20000", "sub_code": "aop.unknow-error"}, "unknown", None),
    ],
)
def test_a_payout_is_rejected_only_when_that_is_certain(
    said: dict[str, str], outcome: str, code: str | None
) -> None:
    told = saying({"out_biz_no": PAYOUT.order_reference, "order_id": "20261122001", **said}).pay_out(PAYOUT)
    assert (told.outcome, told.code) == (outcome, code)


def test_a_payout_without_an_answer_is_unknown_and_one_that_never_left_is_not() -> None:
    def late(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    def nobody(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody")

    told = rail(late).pay_out(PAYOUT)
    assert (told.outcome, told.rail_code) == ("unknown", "ReadTimeout")
    with pytest.raises(RailUnavailable):
        rail(nobody).pay_out(PAYOUT)
    missing = saying({"code": "40004", "sub_code": "ORDER_NOT_EXIST"}).query_payout("7KMR3AXWH5")
    assert (missing.outcome, missing.rail_code) == ("unknown", "ORDER_NOT_EXIST")


def test_a_refund_is_done_when_money_moved_and_asked_for_when_it_had_before() -> None:
    answers = iter(
        [
            {"code": "10000", "trade_no": "2026112222001", "fund_change": "Y"},
            {"code": "10000", "trade_no": "2026112222001", "fund_change": "N"},
            {
                "code": "10000",
                "out_request_no": "RF1",
                "refund_amount": "8.88",
                "refund_status": "REFUND_SUCCESS",
            },
            {
                "code": "10000",
                "out_request_no": "RF1",
                "refund_amount": "8.89",
                "refund_status": "REFUND_SUCCESS",
            },
            {"code": "10000"},
            {"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"},
            {"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"},
        ]
    )
    own = rail(lambda request: signed(next(answers)))
    assert own.refund(REFUND).outcome == "done"
    assert own.refund(REFUND).outcome == "done"
    assert own.query_refund(REFUND).rail_code == "amount_differs"
    assert own.query_refund(REFUND).outcome == "unknown"
    assert (own.refund(REFUND).code, own.refund(REFUND).outcome) == ("refund_funds_short", "unknown")


def certificate(key: Any, name: str) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
        .serial_number(x509.random_serial_number()).not_valid_before(now() - timedelta(days=1))
        .not_valid_after(now() + timedelta(days=1)).sign(key, SHA256())
    )  # fmt: skip
    return made.public_bytes(Encoding.PEM).decode()


def test_with_certificates_both_sides_say_which() -> None:
    theirs = certificate(GATEWAY, "Alipay")
    number = certificate_number(x509.load_pem_x509_certificate(theirs.encode()))
    given = {
        "app_certificate": certificate(OWN, "application"),
        "alipay_certificate": theirs,
        "root_certificate": certificate(STRANGER, "root"),
        "alipay_public_key": "",
    }
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append({**dict(request.url.params), **dict(parse_qsl(request.content.decode()))})
        plain = signed({"code": "10000", "out_trade_no": "7KMR3AXWH4", "trade_status": "WAIT_BUYER_PAY"})
        named = plain.content.replace(b',"sign"', f',"alipay_cert_sn":"{number}","sign"'.encode())
        return httpx.Response(200, content=named if len(asked) == 1 else plain.content)

    own = rail(answer, **given)
    assert own.query("7KMR3AXWH4").state == "unpaid"
    assert len(asked[0]["app_cert_sn"]) == len(asked[0]["alipay_root_cert_sn"]) == 32
    with pytest.raises(RailUnavailable):
        own.query("7KMR3AXWH4")
    assert rail(**given, app_private_key=private_pem(STRANGER))._settings().problems() == ("app_certificate",)


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"gateway_url": "gateway.do"}, "gateway_url"),
        ({"app_id": "abc"}, "app_id"),
        ({"seller_id": "1234"}, "seller_id"),
        ({"pay_minutes": 0}, "pay_minutes"),
        ({"app_private_key": "not a key"}, "app_private_key"),
        ({"app_private_key": public_pem(OWN)}, "app_private_key"),
        ({"alipay_public_key": ""}, "alipay_public_key"),
        ({"alipay_certificate": "x", "alipay_public_key": ""}, "alipay_certificate"),
    ],
)
def test_settings_name_what_is_wrong(changed: dict[str, Any], problem: str) -> None:
    assert problem in rail(**changed)._settings().problems()
    assert rail()._settings().problems() == ()
    bare = {"app_private_key": bare_private(OWN), "alipay_public_key": bare_public(GATEWAY.public_key())}
    assert rail(**bare)._settings().problems() == ()


def test_every_code_of_ours_has_words() -> None:
    ours = {
        code for module in (alipay_codes, wechat_codes) for code in {**module._PAYMENTS, **module._PAYOUTS}
    }
    assert ours | {NothingPaid.code} <= codes()
