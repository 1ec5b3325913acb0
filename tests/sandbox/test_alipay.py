"""The simulated Alipay against Alipay's own SDK, which builds, signs and verifies everything here."""

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.exception.Exception import ResponseException
from alipay.aop.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest import (
    AlipayDataDataserviceBillDownloadurlQueryRequest as BillRequest,
)
from alipay.aop.api.request.AlipayFundTransCommonQueryRequest import AlipayFundTransCommonQueryRequest
from alipay.aop.api.request.AlipayFundTransUniTransferRequest import AlipayFundTransUniTransferRequest
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradePrecreateRequest import AlipayTradePrecreateRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
from alipay.aop.api.util.SignatureUtils import get_sign_content, verify_with_rsa
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from guitai.base.clock import now
from guitai.sandbox.gateways.book import BEIJING
from tests.sandbox.listener import listening
from tests.sandbox.process import Sandbox, sandbox, until


def alipay_key(contract: dict[str, str]) -> str:
    """What the certificate that was handed over says Alipay signs with."""
    read = x509.load_pem_x509_certificate(contract["alipay_certificate"].encode())
    return read.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


class Client(DefaultAlipayClient):
    """The SDK with an address of ours: it builds, signs and verifies."""

    def __init__(self, contract: dict[str, str]) -> None:
        config = AlipayClientConfig()
        config.server_url, config.app_id = contract["gateway_url"], contract["app_id"]
        key = load_pem_private_key(contract["app_private_key"].encode(), None)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        config.app_private_key = pem.decode()
        config.alipay_public_key = alipay_key(contract)
        self.url = contract["gateway_url"]
        super().__init__(config)

    def ask(self, request: Any, **content: Any) -> dict[str, Any]:
        request.biz_content = content
        body = self.sdk_execute(request).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"}
        answer = httpx.post(self.url, content=body, headers=form, trust_env=False)
        if answer.status_code != 200:
            return {"status": answer.status_code}
        return json.loads(self._DefaultAlipayClient__parse_response(answer.content))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        yield process


@pytest.fixture(scope="module")
def client(running: Sandbox) -> Client:
    return Client(contract(running))


def contract(running: Sandbox) -> dict[str, str]:
    return json.loads((running.home / "keys" / "sandbox" / "alipay.json").read_text())


def order(client: Client, reference: str, notify_url: str = "", amount: str = "200.00") -> str:
    """A code to scan; gives the address of its page."""
    request = AlipayTradePrecreateRequest()
    request.notify_url = notify_url or None
    said = client.ask(request, out_trade_no=reference, total_amount=amount, subject="充值 Top-up")
    assert said["code"] == "10000", said
    return said["qr_code"]


def path_of(url: str) -> str:
    return httpx.URL(url).path


def test_a_code_is_paid_and_told_with_a_signature_that_the_sdk_verifies(
    running: Sandbox, client: Client
) -> None:
    with listening([b"fail", b"success"]) as wallet:
        code = order(client, "SDKPAID001", wallet.url)
        assert (
            client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKPAID001")["sub_code"]
            == "ACQ.TRADE_NOT_EXIST"
        )
        running.post(path_of(code))
        until(lambda: len(wallet.heard) == 2)
    (_, first), (_, second) = wallet.heard
    assert first == second, "told until it hears success"
    fields = dict(parse_qsl(first.decode()))
    sign = fields.pop("sign")
    assert fields.pop("sign_type") == "RSA2"
    assert verify_with_rsa(alipay_key(contract(running)), get_sign_content(fields).encode(), sign)
    assert (fields["total_amount"], fields["trade_status"]) == ("200.00", "TRADE_SUCCESS")
    asked = client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKPAID001")
    assert (asked["trade_status"], asked["trade_no"]) == ("TRADE_SUCCESS", fields["trade_no"])


def test_a_page_is_opened_by_the_address_that_the_sdk_signs(running: Sandbox, client: Client) -> None:
    request = AlipayTradePagePayRequest()
    request.return_url = "http://localhost:1/back"
    request.biz_content = {
        "out_trade_no": "SDKPAGE001", "total_amount": "12.30", "subject": "充值",
        "product_code": "FAST_INSTANT_TRADE_PAY",
    }  # fmt: skip
    url = client.page_execute(request, "GET")
    opened = httpx.get(url, trust_env=False)
    assert opened.status_code == 303
    token = opened.headers["location"]
    assert httpx.get(url, trust_env=False).headers["location"] == token, "the same order is the same page"
    page = running.get(token, Accept="text/html").text
    assert "12.30 CNY" in page
    running.post(token)
    assert "http://localhost:1/back?out_trade_no=SDKPAGE001" in running.get(token, Accept="text/html").text
    forged = httpx.get(url.replace("12.30", "0.01"), trust_env=False)
    assert forged.json()["code"] == "invalid_signature"


def test_refunds_count_once_and_never_more_than_was_paid(running: Sandbox, client: Client) -> None:
    running.post(path_of(order(client, "SDKREFUND1")))
    wish = {"out_trade_no": "SDKREFUND1", "refund_amount": "80.00", "out_request_no": "R1"}
    changes = [client.ask(AlipayTradeRefundRequest(), **wish)["fund_change"] for _ in range(2)]
    assert changes == ["Y", "N"]
    again = {**wish, "refund_amount": "80.01"}
    assert client.ask(AlipayTradeRefundRequest(), **again)["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    more = {**wish, "refund_amount": "120.01", "out_request_no": "R2"}
    assert client.ask(AlipayTradeRefundRequest(), **more)["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    asked = {"out_trade_no": "SDKREFUND1", "out_request_no": "R1"}
    said = client.ask(AlipayTradeFastpayRefundQueryRequest(), **asked)
    assert (said["refund_status"], said["refund_amount"]) == ("REFUND_SUCCESS", "80.00")
    unknown = client.ask(AlipayTradeFastpayRefundQueryRequest(), **{**asked, "out_request_no": "R9"})
    assert "refund_status" not in unknown


def test_a_closed_order_is_not_paid_unless_the_clerk_insists(running: Sandbox, client: Client) -> None:
    page = path_of(order(client, "SDKCLOSED1"))
    assert client.ask(AlipayTradeCloseRequest(), out_trade_no="SDKCLOSED1")["code"] == "10000"
    assert running.post(page).status_code == 410
    assert client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKCLOSED1")["trade_status"] == "TRADE_CLOSED"
    assert running.post(page, {"press": "late"}).status_code == 201
    assert client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKCLOSED1")["trade_status"] == "TRADE_SUCCESS"


def test_transfers_succeed_or_fail_by_the_clerks_word_and_count_once(
    running: Sandbox, client: Client
) -> None:
    wish = {
        "out_biz_no": "SDKOUT0001", "trans_amount": "50.00", "product_code": "TRANS_ACCOUNT_NO_PWD",
        "biz_scene": "DIRECT_TRANSFER", "payee_info": {"identity": "lin@example.com", "name": "林月",
        "identity_type": "ALIPAY_LOGON_ID"},
    }  # fmt: skip
    first, second = (client.ask(AlipayFundTransUniTransferRequest(), **wish) for _ in range(2))
    assert first == second
    assert first["status"] == "SUCCESS"
    running.post("/alipay/arrangements", {"transfer": "PAYEE_USER_INFO_ERROR"})
    other = {**wish, "out_biz_no": "SDKOUT0002"}
    assert client.ask(AlipayFundTransUniTransferRequest(), **other)["sub_code"] == "PAYEE_USER_INFO_ERROR"
    query = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
    ask = lambda reference: client.ask(AlipayFundTransCommonQueryRequest(), out_biz_no=reference, **query)  # noqa: E731
    assert ask("SDKOUT0001")["status"] == "SUCCESS"
    assert ask("SDKOUT0002")["sub_code"] == "ORDER_NOT_EXIST"


def test_an_answer_that_times_out_was_carried_out(running: Sandbox, client: Client) -> None:
    running.post(path_of(order(client, "SDKTIMEOUT")))
    running.post("/alipay/arrangements", {"refund": "timeout"})
    wish = {"out_trade_no": "SDKTIMEOUT", "refund_amount": "200.00", "out_request_no": "T1"}
    assert client.ask(AlipayTradeRefundRequest(), **wish) == {"status": 504}
    assert client.ask(AlipayTradeRefundRequest(), **wish)["fund_change"] == "N"
    assert client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKTIMEOUT")["trade_status"] == "TRADE_CLOSED"


def test_the_sdk_refuses_an_answer_that_is_signed_badly(running: Sandbox, client: Client) -> None:
    order(client, "SDKBADSIGN")
    running.post("/alipay/arrangements", {"query": "bad_signature"})
    with pytest.raises(ResponseException, match="verify failed"):
        client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKBADSIGN")
    assert client.ask(AlipayTradeQueryRequest(), out_trade_no="SDKBADSIGN")["code"] == "40004"


def test_a_wish_that_is_signed_badly_is_refused(running: Sandbox) -> None:
    stranger = Client({**contract(running), "app_id": "2021000100000002"})
    request = AlipayTradeQueryRequest()
    assert stranger.ask(request, out_trade_no="SDKPAID001")["sub_code"] == "isv.invalid-signature"


@pytest.mark.parametrize(
    ("faults", "count", "amounts"),
    [
        ({"copies": 3}, 3, {"200.00"}),
        ({"reordered": True}, 2, {"200.00"}),
        ({"told_amount": 19_999}, 1, {"199.99"}),
        ({"lost": True}, 0, set()),
    ],
)
def test_the_clerk_errs_with_notices(
    running: Sandbox, client: Client, faults: dict[str, Any], count: int, amounts: set[str]
) -> None:
    with listening([]) as wallet:
        reference = f"SDKFAULT{'_'.join(faults)}"
        page = path_of(order(client, reference, wallet.url))
        running.post(page, faults)
        until(
            lambda: all(d["state"] in ("delivered", "lost") for d in running.get(page).json()["deliveries"])
        )
    told = [dict(parse_qsl(body.decode())) for _, body in wallet.heard]
    assert len(told) == count
    assert {fields["total_amount"] for fields in told} == amounts
    if "reordered" in faults:
        assert [fields["trade_status"] for fields in told] == ["TRADE_SUCCESS", "WAIT_BUYER_PAY"]


@pytest.mark.parametrize("kind", ["signcustomer", "trade"])
def test_a_bill_is_an_archive_of_lists_in_gbk(running: Sandbox, client: Client, kind: str) -> None:
    running.post(path_of(order(client, f"SDKBILL{kind}")))
    day = now().astimezone(BEIJING).date().isoformat()
    said = client.ask(BillRequest(), bill_type=kind, bill_date=day)
    archive = zipfile.ZipFile(io.BytesIO(httpx.get(said["bill_download_url"], trust_env=False).content))
    text = archive.read(archive.namelist()[0]).decode("gbk")
    assert f"SDKBILL{kind}\t" in text
    running.post("/alipay/arrangements", {"bill": "isp.bill_not_exist"})
    assert client.ask(BillRequest(), bill_type=kind, bill_date=day)["sub_code"] == "isp.bill_not_exist"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_its_pages_say_that_they_are_simulated(running: Sandbox, client: Client, language: str) -> None:
    page = path_of(order(client, "SDKPAGES01"))
    for path in ("/", "/alipay/", page):
        shown = running.get(path, Accept="text/html", **{"Accept-Language": language}).text
        assert {"en": "Simulated. No real money", "zh": "模拟环境"}[language] in shown
    assert running.post("/alipay/pay/nothing").status_code == 404
