"""UnionPay's protocol without a network: signatures, notices, answers, files, and whatever nobody should send."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl, urlencode

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.rails.adapters.unionpay_codes import code_of
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.rails.adapters.unionpay_signature import read_answer, signed, signing_text
from guitai.rails.errors import (
    BadSignature,
    Malformed,
    NothingPaid,
    RailDeclined,
    RailUnavailable,
    RailUnsupported,
)
from guitai.rails.rules.payment_reasons import CODES, UNSPECIFIED
from guitai.rails.types import Notice, RefundOrder, TopUpOrder
from guitai.sandbox.unionpay.certificates import Authority, stranger
from guitai.sandbox.unionpay.messages import notice_body, sign
from tests.rails.adapters.unionpay_made import AT, MERCHANT, PAID, answering, rail_of


def test_settings_name_what_is_missing_and_what_does_not_fit(
    settings: UnionPaySettings, keys: Authority
) -> None:
    assert set(UnionPaySettings().problems()) == {
        "merchant_id", "merchant_certificate", "middle_certificate", "root_certificate",
    }  # fmt: skip
    assert settings.problems() == ()
    assert msgspec.structs.replace(settings, merchant_key=keys.gateway.key_pem).problems() == (
        "merchant_key",
    )
    assert msgspec.structs.replace(settings, gateway_url="javascript:1").problems() == ("gateway_url",)
    with pytest.raises(RailUnavailable) as refused:
        rail_of(UnionPaySettings()).start_top_up(
            TopUpOrder("7KMR3AXWH4", Money(1, "CNY"), "http://x.example")
        )
    assert refused.value.facts["problem"] == "not_configured"


def test_the_signing_text_is_the_published_one() -> None:
    """Sorted by name, joined, hashed, in lower-case hexadecimal; the signature itself is not in it."""
    fields = {"txnTime": "20261122120000", "accessType": "0", "signature": "x", "orderId": "7KMR3AXWH4"}
    # sha256("accessType=0&orderId=7KMR3AXWH4&txnTime=20261122120000")
    assert signing_text(fields) == b"5d74af8240ede6f9144cc1640077e68b259f0da7d0cd65c65cdd6c1d0f695fb9"
    assert signing_text(fields) == signing_text({**fields, "signature": "y"})
    assert signing_text(fields) != signing_text({**fields, "orderId": "7KMR3AXWH5"})


def test_a_form_says_everything_and_the_same_order_gives_the_same(settings: UnionPaySettings) -> None:
    order = TopUpOrder(
        "7KMR3AXWH4", Money(20_000, "CNY"), "http://w.example/n/", "http://w.example/r", "a&b={c}", True
    )
    first, second = (rail_of(settings).start_top_up(order) for _ in range(2))
    assert first == second
    assert first.pay_url == "http://gateway.example/gateway/api/frontTransReq.do"
    assert first.expires_at == AT + timedelta(minutes=30)
    assert {name: first.form[name] for name in ("txnType", "txnAmt", "currencyCode", "orderId", "txnTime")} == {
        "txnType": "01", "txnAmt": "20000", "currencyCode": "156", "orderId": "7KMR3AXWH4", "txnTime": "20261122120000",
    }  # fmt: skip
    assert first.form["channelType"] == "08"
    assert first.form["payTimeout"] == "20261122123000"
    assert first.form["riskRateInfo"] == "{commodityName=a b c}"
    with pytest.raises(RailDeclined):
        rail_of(settings).start_top_up(TopUpOrder("short", Money(1, "CNY"), "http://w.example/n/"))


def test_what_it_does_not_have_it_refuses(settings: UnionPaySettings) -> None:
    with pytest.raises(RailUnsupported):
        rail_of(settings).cancel("7KMR3AXWH4")


def test_a_genuine_notice_is_read(settings: UnionPaySettings, keys: Authority) -> None:
    body = notice_body(sign(PAID, keys.gateway))
    assert rail_of(settings).parse_notice({}, body, AT) == Notice(
        notice_id="202611221200001234567",
        bank_reference="202611221200001234567",
        payment_reference="7KMR3AXWH4",
        amount_minor=20_000,
        currency="CNY",
        payee_account=MERCHANT,
        paid_at=datetime(2026, 11, 22, 4, 1, 30, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"txnAmt": "20001"}, "signature"),
        ({"respCode": "01"}, "signature"),
        ({"extra": "1"}, "signature"),
        ({"signature": "AAAA"}, "signature"),
        ({"signature": "not base64!"}, "signature"),
        ({"signature": ""}, "signature"),
        ({"signMethod": "11"}, "method"),
        ({"version": "5.0.0"}, "method"),
        ({"signPubKeyCert": ""}, "certificate"),
        ({"signPubKeyCert": "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}, "certificate"),
    ],
)
def test_a_changed_notice_is_refused(
    settings: UnionPaySettings, keys: Authority, change: dict[str, str], problem: str
) -> None:
    fields = {**sign(PAID, keys.gateway), **change}
    with pytest.raises(BadSignature) as refused:
        rail_of(settings).parse_notice({}, notice_body(fields), AT)
    assert refused.value.facts == {"problem": problem}


@pytest.mark.parametrize("who", ["stranger", "merchant", "middle"])
def test_only_unionpays_own_certificate_counts(settings: UnionPaySettings, keys: Authority, who: str) -> None:
    """A certificate of the same authority is not enough: it must be UnionPay's."""
    with stopped(AT):
        signer = {"stranger": stranger(), "merchant": keys.merchant, "middle": keys.middle}[who]
    with pytest.raises(BadSignature) as refused:
        rail_of(settings).parse_notice({}, notice_body(sign(PAID, signer)), AT)
    expected = {
        "stranger": "certificate_chain",
        "merchant": "certificate_owner",
        "middle": "certificate_chain",
    }
    assert refused.value.facts == {"problem": expected[who]}


def test_a_certificate_is_judged_by_when_the_notice_came(settings: UnionPaySettings, keys: Authority) -> None:
    body = notice_body(sign(PAID, keys.gateway))
    with stopped(AT + timedelta(days=9_000)):
        assert rail_of(settings).parse_notice({}, body, AT).amount_minor == 20_000
    with pytest.raises(BadSignature) as refused:
        rail_of(settings).parse_notice({}, body, AT + timedelta(days=9_000))
    assert refused.value.facts == {"problem": "certificate_expired"}


@pytest.mark.parametrize(
    "change", [{"txnType": "04"}, {"txnType": "31"}, {"respCode": "64"}, {"respCode": "05"}, {"respCode": ""}]
)
def test_a_notice_of_something_else_pays_nothing(
    settings: UnionPaySettings, keys: Authority, change: dict[str, str]
) -> None:
    with pytest.raises(NothingPaid):
        rail_of(settings).parse_notice({}, notice_body(sign({**PAID, **change}, keys.gateway)), AT)
    assert rail_of(settings).parse_notice({}, notice_body(sign({**PAID, "respCode": "A6"}, keys.gateway)), AT)


@pytest.mark.parametrize(
    "change",
    [
        {"txnAmt": "0"}, {"txnAmt": "-1"}, {"txnAmt": "1.00"}, {"txnAmt": "１００"}, {"txnAmt": "9" * 17},
        {"txnAmt": ""}, {"currencyCode": "999"}, {"currencyCode": ""}, {"queryId": ""}, {"queryId": "a b"},
        {"txnTime": "2026"}, {"txnTime": "20261322120000"},
    ],
)  # fmt: skip
def test_a_genuine_notice_that_cannot_be_read_is_malformed(
    settings: UnionPaySettings, keys: Authority, change: dict[str, str]
) -> None:
    with pytest.raises(Malformed):
        rail_of(settings).parse_notice({}, notice_body(sign({**PAID, **change}, keys.gateway)), AT)


def test_new_year_does_not_move_a_payment_by_a_year(settings: UnionPaySettings, keys: Authority) -> None:
    late = {**PAID, "txnTime": "20261231235950", "traceTime": "0101000010"}
    notice = rail_of(settings).parse_notice({}, notice_body(sign(late, keys.gateway)), AT)
    assert notice.paid_at == datetime(2026, 12, 31, 16, 0, 10, tzinfo=UTC)


@given(body=st.binary(max_size=2_000))
def test_nothing_but_a_refusal_comes_of_any_bytes(settings: UnionPaySettings, body: bytes) -> None:
    with pytest.raises(BadSignature):
        rail_of(settings).parse_notice({}, body, AT)


@given(fields=st.dictionaries(st.text(min_size=1, max_size=12), st.text(max_size=40), max_size=8))
def test_nothing_but_a_refusal_comes_of_any_form(settings: UnionPaySettings, fields: dict[str, str]) -> None:
    body = urlencode({**fields, "version": "5.1.0", "signMethod": "01"}, errors="ignore").encode()
    with pytest.raises(BadSignature):
        rail_of(settings).parse_notice({}, body, AT)


@given(st.binary(max_size=400))
def test_any_answer_is_read_or_refused_and_never_breaks(body: bytes) -> None:
    try:
        read_answer(body)
    except ValueError:
        pass


def test_an_ampersand_within_braces_belongs_to_the_value() -> None:
    assert read_answer(b"a=1&cardTransData={x=1&y={z=2&w=3}}&b=[4&5]&c=\r\n") == {
        "a": "1", "cardTransData": "{x=1&y={z=2&w=3}}", "b": "[4&5]", "c": "",
    }  # fmt: skip
    for wrong in (b"a=1&a=2", b"=1", b"a", b"", b"\xff"):
        with pytest.raises(ValueError):
            read_answer(wrong)


@pytest.mark.parametrize(
    ("said", "state", "code"),
    [
        ({"respCode": "00", "origRespCode": "00"}, "paid", None),
        ({"respCode": "00", "origRespCode": "A6"}, "paid", None),
        ({"respCode": "00", "origRespCode": "03"}, "processing", None),
        ({"respCode": "00", "origRespCode": "04"}, "processing", None),
        ({"respCode": "00", "origRespCode": "05"}, "processing", None),
        ({"respCode": "00", "origRespCode": "64"}, "unpaid", "payment_insufficient"),
        ({"respCode": "34"}, "not_found", None),
    ],
)
def test_a_query_says_what_became_of_an_order(
    settings: UnionPaySettings, keys: Authority, said: dict[str, str], state: str, code: str | None
) -> None:
    fields = {name: PAID[name] for name in ("txnAmt", "currencyCode", "queryId", "traceTime")}
    with stopped(AT + timedelta(minutes=5)):
        answer = rail_of(settings, answering(keys, {**fields, **said})).query("7KMR3AXWH4")
    assert (answer.state, answer.code) == (state, code)
    assert len(answer.payments) == len(answer.paid) == (1 if state == "paid" else 0)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"respCode": "00", "origRespCode": "64"}, "payment_insufficient"),
        ({"respCode": "34"}, "payment_timed_out"),
    ],
)
def test_when_the_time_for_paying_is_over_an_unpaid_order_has_failed(
    settings: UnionPaySettings, keys: Authority, said: dict[str, str], code: str
) -> None:
    with stopped(AT + timedelta(minutes=31)):
        answer = rail_of(settings, answering(keys, said)).query("7KMR3AXWH4")
    assert (answer.state, answer.code) == ("failed", code)


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({"respCode": "37"}, "busy"),
        ({"respCode": "06"}, "busy"),
        ({"respCode": "11"}, "response_11"),
        ({"respCode": "00", "origRespCode": "00", "orderId": "7KMR3AXWH5"}, "answer_differs"),
        ({"respCode": "00", "origRespCode": "00", "txnTime": "20261122120001"}, "answer_differs"),
        ({"respCode": "00", "origRespCode": "00", "merId": "777290058110049"}, "answer_differs"),
        ({"respCode": "00", "origRespCode": "00", "txnAmt": "x"}, "answer_unreadable"),
    ],
)
def test_an_answer_that_is_not_about_the_order_is_no_answer(
    settings: UnionPaySettings, keys: Authority, said: dict[str, str], problem: str
) -> None:
    fields = {name: PAID[name] for name in ("txnAmt", "currencyCode", "queryId", "traceTime")}
    with stopped(AT), pytest.raises(RailUnavailable) as refused:
        rail_of(settings, answering(keys, {**fields, **said})).query("7KMR3AXWH4")
    assert refused.value.facts["problem"] == problem


def test_a_forged_answer_is_no_answer(settings: UnionPaySettings, keys: Authority) -> None:
    said = {**PAID, "origRespCode": "00"}
    with stopped(AT), pytest.raises(RailUnavailable) as refused:
        rail_of(settings, answering(keys, said, stranger())).query("7KMR3AXWH4")
    assert refused.value.facts["problem"] == "answer_certificate_chain"


REFUND = RefundOrder(
    "7KMR3AXWH4", "202611221200001234567", "9KMR3AXWH4", Money(200, "CNY"), Money(100, "CNY")
)


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ("00", "accepted", None),
        ("03", "unknown", None),
        ("05", "unknown", None),
        ("36", "rejected", "payment_original_differs"),
        ("45", "rejected", "payment_refunded_before"),
        ("33", "rejected", "payment_over_limit"),
        ("99", "rejected", UNSPECIFIED),
    ],
)
def test_a_refund_is_taken_refused_or_unknown(
    settings: UnionPaySettings, keys: Authority, said: str, outcome: str, code: str | None
) -> None:
    with stopped(AT):
        answer = rail_of(settings, answering(keys, {"respCode": said})).refund(REFUND)
    assert (answer.outcome, answer.code, answer.reference) == (outcome, code, "9KMR3AXWH4")


@pytest.mark.parametrize(
    ("bank_reference", "amount", "kind"),
    [
        ("202611221200001234567", 200, "31"),
        ("202611212301001234567", 200, "31"),
        ("202611212259001234567", 200, "04"),
        ("202611221200001234567", 199, "04"),
        ("not a time", 200, "04"),
    ],
)
def test_only_the_whole_of_the_same_settlement_day_is_undone(
    settings: UnionPaySettings, keys: Authority, bank_reference: str, amount: int, kind: str
) -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(parse_qsl(request.content.decode())))
        return answering(keys, {"respCode": "00"})(request)

    refund = RefundOrder("7KMR3AXWH4", bank_reference, "9KMR3AXWH4", Money(200, "CNY"), Money(amount, "CNY"))
    with stopped(AT):
        rail_of(settings, answer).refund(refund)
    assert (asked[0]["txnType"], asked[0]["origQryId"], asked[0]["txnAmt"]) == (
        kind,
        bank_reference,
        str(amount),
    )


def test_without_a_connection_a_refund_was_not_asked_for_and_without_an_answer_nobody_knows(
    settings: UnionPaySettings,
) -> None:
    def no_connection(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    def no_answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    with stopped(AT):
        with pytest.raises(RailUnavailable):
            rail_of(settings, no_connection).refund(REFUND)
        assert rail_of(settings, no_answer).refund(REFUND).outcome == "unknown"
        assert rail_of(settings, lambda request: httpx.Response(502)).refund(REFUND).outcome == "unknown"
        assert (
            rail_of(settings, lambda request: httpx.Response(200, content=b"<html>")).refund(REFUND).outcome
            == "unknown"
        )


def test_every_code_of_ours_has_a_place() -> None:
    assert {code_of(f"{number:02}") for number in range(100)} <= CODES
    assert code_of("64") == "payment_insufficient" and code_of("??") == UNSPECIFIED


def test_a_blank_field_is_neither_sent_nor_signed(settings: UnionPaySettings) -> None:
    assert "frontUrl" not in signed({"a": "1", "frontUrl": ""}, settings.signing_key())
