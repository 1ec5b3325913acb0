"""Payments to cards by UnionPay without a network: what is said, what an answer means, what a notice is worth."""

import base64
from urllib.parse import parse_qsl

import httpx
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from guitai.base.clock import stopped
from guitai.base.money import Money
from guitai.kit.explain import codes
from guitai.rails.adapters.unionpay_codes import payout_code
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.rails.errors import PayoutTold, RailUnavailable
from guitai.rails.rules.payout_reasons import UNSPECIFIED as PAYOUT_UNSPECIFIED
from guitai.rails.types import Payout
from guitai.sandbox.unionpay.certificates import Authority, stranger
from guitai.sandbox.unionpay.messages import notice_body, sign
from tests.rails.adapters.unionpay_made import AT, MERCHANT, PAID, answering, rail_of

CARD = "6222021234567890128"
PAYOUT = Payout(
    "7KMR3AXWH4", Money(5_000, "CNY"), "林&月=", CARD, None, "7KMR 3AXW H4", "http://w.example/n/"
)


def opened(sealed: str, keys: Authority) -> str:
    return keys.encryption.key.decrypt(base64.b64decode(sealed), PKCS1v15()).decode()


@pytest.mark.parametrize("sealed", [True, False])
def test_a_payout_says_who_where_how_much_and_no_more(
    settings: UnionPaySettings, keys: Authority, sealed: bool
) -> None:
    asked: list[dict[str, str]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(dict(parse_qsl(request.content.decode())))
        return answering(keys, {"respCode": "00", "queryId": "20261122120000000012"})(request)

    certificate = keys.encryption.pem if sealed else ""
    own = msgspec.structs.replace(settings, encryption_certificate=certificate, pays_on_behalf=True)
    assert own.problems() == () and own.pays_out() and not settings.pays_out()
    with stopped(AT):
        told = rail_of(own, answer).pay_out(PAYOUT)
    assert (told.outcome, told.bank_reference) == ("accepted", "20261122120000000012")
    [fields] = asked
    said = {
        name: fields[name] for name in fields if name not in ("signature", "certId", "accNo", "encryptCertId")
    }
    assert said == {
        "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "txnType": "12", "txnSubType": "00",
        "bizType": "000401", "accessType": "0", "merId": MERCHANT, "txnTime": "20261122120000", "channelType": "07",
        "orderId": "7KMR3AXWH4", "accType": "01", "txnAmt": "5000", "currencyCode": "156", "billNo": "7KMR 3AXW H4",
        "customerInfo": base64.b64encode("{customerNm=林 月}".encode()).decode(), "backUrl": "http://w.example/n/",
    }  # fmt: skip
    number = opened(fields["accNo"], keys) if sealed else fields["accNo"]
    assert number == CARD
    certificate_number = str(keys.encryption.certificate.serial_number) if sealed else None
    assert fields.get("encryptCertId") == certificate_number


def test_a_certificate_to_seal_for_that_cannot_be_read_is_a_problem(settings: UnionPaySettings) -> None:
    own = msgspec.structs.replace(settings, encryption_certificate="x")
    assert own.problems() == ("encryption_certificate",)


# What is answered at once: a refusal only where the answer certainly is one.
AT_ONCE = [
    ("00", "accepted", None), ("A6", "accepted", None), ("01", "unknown", None), ("03", "unknown", None),
    ("04", "unknown", None), ("05", "unknown", None), ("12", "unknown", None), ("34", "unknown", None),
    ("60", "unknown", None), ("02", "unknown", None), ("37", "unknown", None), ("99", "unknown", None),
    ("61", "rejected", "payee_account_wrong"), ("63", "rejected", "payee_account_blocked"),
    ("66", "rejected", "payee_name_mismatch"), ("68", "rejected", "payee_cannot_take"),
    ("33", "rejected", "payout_over_bank_limit"), ("64", "rejected", "payout_funds_short"),
    ("38", "rejected", "payout_not_taken"), ("11", "rejected", "payout_failed_at_bank"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "outcome", "code"), AT_ONCE)
def test_a_payout_is_taken_refused_or_unknown(
    settings: UnionPaySettings, keys: Authority, said: str, outcome: str, code: str | None
) -> None:
    with stopped(AT):
        told = rail_of(settings, answering(keys, {"respCode": said})).pay_out(PAYOUT)
    assert (told.outcome, told.code, told.reference, told.rail_code) == (outcome, code, "7KMR3AXWH4", said)


@pytest.mark.parametrize(
    ("said", "outcome", "code"),
    [
        ({"respCode": "00", "origRespCode": "00"}, "done", None),
        ({"respCode": "00", "origRespCode": "A6"}, "done", None),
        *(({"respCode": "00", "origRespCode": f"{one}"}, "accepted", None) for one in ("01", "03", "05", "12", "60")),
        ({"respCode": "00", "origRespCode": "66"}, "rejected", "payee_name_mismatch"),
        ({"respCode": "00", "origRespCode": "99"}, "rejected", PAYOUT_UNSPECIFIED),
        ({"respCode": "00"}, "unknown", None),
        ({"respCode": "34"}, "unknown", "payout_unknown"),
    ],
)  # fmt: skip
def test_a_query_says_what_became_of_a_payout(
    settings: UnionPaySettings, keys: Authority, said: dict[str, str], outcome: str, code: str | None
) -> None:
    with stopped(AT):
        told = rail_of(settings, answering(keys, said)).query_payout("7KMR3AXWH4")
    assert (told.outcome, told.code) == (outcome, code)


@pytest.mark.parametrize(
    "said", [{"respCode": "37"}, {"respCode": "00", "origRespCode": "00", "orderId": "9KMR3AXWH4"}]
)
def test_an_answer_that_is_not_about_the_payout_is_no_answer(
    settings: UnionPaySettings, keys: Authority, said: dict[str, str]
) -> None:
    with stopped(AT), pytest.raises(RailUnavailable):
        rail_of(settings, answering(keys, said)).query_payout("7KMR3AXWH4")


def test_without_a_connection_a_payout_was_not_asked_for_and_without_an_answer_nobody_knows(
    settings: UnionPaySettings, keys: Authority
) -> None:
    def no_connection(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no")

    def no_answer(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadTimeout("late")

    with stopped(AT):
        with pytest.raises(RailUnavailable):
            rail_of(settings, no_connection).pay_out(PAYOUT)
        for unheard in (
            no_answer,
            lambda request: httpx.Response(502),
            answering(keys, {"respCode": "61"}, stranger()),
        ):
            assert rail_of(settings, unheard).pay_out(PAYOUT).outcome == "unknown"
    euro = Payout("7KMR3AXWH4", Money(1, "EUR"), "林月", CARD)
    assert rail_of(settings).pay_out(euro).code == "payout_currency_not_taken"


@pytest.mark.parametrize("said", ["00", "66"])
def test_a_notice_about_a_payout_is_a_reason_to_ask_and_proves_nothing(
    settings: UnionPaySettings, keys: Authority, said: str
) -> None:
    body = notice_body(sign({**PAID, "txnType": "12", "respCode": said}, keys.gateway))
    with pytest.raises(PayoutTold) as told:
        rail_of(settings).parse_notice({}, body, AT)
    assert told.value.facts == {"event": f"12_{said}", "payout": "7KMR3AXWH4"}


def test_every_code_of_a_payout_has_words() -> None:
    ours = {payout_code(f"{number:02}") for number in range(100)} - {None}
    assert ours and ours <= codes()
