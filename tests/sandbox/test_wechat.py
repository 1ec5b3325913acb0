"""The simulated WeChat Pay against `wechatpayv3`, which builds, signs, verifies and opens everything here."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from guitai.base.clock import now
from guitai.sandbox.gateways.book import BEIJING
from tests.sandbox.listener import listening
from tests.sandbox.process import Sandbox, sandbox, until

Said = tuple[int, dict[str, Any]]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    with sandbox(tmp_path_factory.mktemp("home")) as process:
        yield process


def contract(running: Sandbox) -> dict[str, str]:
    return json.loads((running.home / "keys" / "sandbox" / "wechat.json").read_text())


def sdk(running: Sandbox, **changed: str) -> WeChatPay:
    """The SDK as it is, with its gateway's address changed."""
    told = {**contract(running), **changed}
    made = WeChatPay(
        wechatpay_type=WeChatPayType.NATIVE,
        mchid=told["merchant_id"],
        private_key=told["merchant_key"],
        cert_serial_no=told["merchant_serial"],
        appid=told["app_id"],
        apiv3_key=told["apiv3_key"],
        notify_url="http://127.0.0.1:9/rails/wechat/notices/",
        public_key=told["public_key"],
        public_key_id=told["public_key_id"],
        timeout=10,
    )
    made._core._gate_way = told["gateway_url"]
    return made


@pytest.fixture(scope="module")
def client(running: Sandbox) -> WeChatPay:
    return sdk(running)


def told(answer: tuple[int, Any]) -> Said:
    status, content = answer
    return status, json.loads(content) if content else {}


def order(client: WeChatPay, reference: str, notify_url: str | None = None, total: int = 20_000) -> str:
    amount = {"total": total, "currency": "CNY"}
    status, said = told(client.pay("充值 Top-up", reference, amount, notify_url=notify_url))
    assert status == 200, said
    return httpx.URL(said["code_url"]).path


def test_a_code_is_paid_and_told_in_a_notice_that_the_sdk_opens(running: Sandbox, client: WeChatPay) -> None:
    with listening([]) as wallet:
        page = order(client, "SDKPAID001", wallet.url)
        assert told(client.query(out_trade_no="SDKPAID001"))[1]["trade_state"] == "NOTPAY"
        running.post(page)
        ((headers, body),) = until(lambda: wallet.heard)
    opened = client.callback(headers, body)
    assert opened["event_type"] == "TRANSACTION.SUCCESS"
    paid = opened["resource"]
    assert (paid["out_trade_no"], paid["amount"]["total"]) == ("SDKPAID001", 20_000)
    assert told(client.query(transaction_id=paid["transaction_id"]))[1]["trade_state"] == "SUCCESS"
    assert client.callback({**headers, "wechatpay-nonce": "another"}, body) is None


def test_the_sdk_finds_the_platforms_certificate_and_judges_by_it(running: Sandbox) -> None:
    by_certificate = sdk(running)
    core = by_certificate._core
    core._public_key_id, core._public_key = None, None
    core._update_certificates()
    assert len(core._certificates) == 1
    order(by_certificate, "SDKCERT001")
    assert told(by_certificate.query(out_trade_no="SDKCERT001"))[0] == 200


def test_an_order_keeps_its_amount_and_ends(running: Sandbox, client: WeChatPay) -> None:
    page = order(client, "SDKCLOSED1")
    assert order(client, "SDKCLOSED1") == page
    another = client.pay("充值", "SDKCLOSED1", {"total": 1, "currency": "CNY"})
    assert told(another) == (403, {"code": "OUT_TRADE_NO_USED", "message": "OUT_TRADE_NO_USED"})
    assert told(client.close("SDKCLOSED1"))[0] == 204
    assert told(client.query(out_trade_no="SDKCLOSED1"))[1]["trade_state"] == "CLOSED"
    assert running.post(page).status_code == 410
    assert told(client.query(out_trade_no="SDKNOTHING"))[1]["code"] == "ORDER_NOT_EXIST"


def test_a_page_for_phones_needs_the_payers_address(running: Sandbox, client: WeChatPay) -> None:
    scene = {"payer_client_ip": "198.51.100.7", "h5_info": {"type": "Wap"}}
    amount = {"total": 100, "currency": "CNY"}
    status, said = told(client.pay("充值", "SDKH500001", amount, scene_info=scene, pay_type=WeChatPayType.H5))
    assert (status, httpx.get(said["h5_url"], trust_env=False).status_code) == (200, 200)
    without = client.pay(
        "充值", "SDKH500002", amount, scene_info={"payer_client_ip": ""}, pay_type=WeChatPayType.H5
    )
    assert told(without)[1]["code"] == "PARAM_ERROR"


def test_refunds_count_once_and_never_more_than_was_paid(running: Sandbox, client: WeChatPay) -> None:
    running.post(order(client, "SDKREFUND1"))
    wish = {"out_trade_no": "SDKREFUND1", "amount": {"refund": 8_000, "total": 20_000, "currency": "CNY"}}
    first, second = (told(client.refund("R1", **wish)) for _ in range(2))
    assert first == second
    assert first[1]["status"] == "SUCCESS"
    more = {**wish, "amount": {"refund": 12_001, "total": 20_000, "currency": "CNY"}}
    assert told(client.refund("R2", **more))[1]["code"] == "PARAM_ERROR"
    assert told(client.query_refund("R1"))[1]["amount"]["refund"] == 8_000
    assert told(client.query_refund("R9"))[1]["code"] == "RESOURCE_NOT_EXISTS"
    assert told(client.query(out_trade_no="SDKREFUND1"))[1]["trade_state"] == "REFUND"


def test_a_transfer_waits_for_its_payee_whose_name_came_sealed(running: Sandbox, client: WeChatPay) -> None:
    wish = {
        "transfer_scene_id": "1000",
        "openid": "oLin",
        "transfer_amount": 5_000,
        "transfer_remark": "提现",
    }
    status, said = told(client.mch_transfer_bills("SDKOUT0001", user_name="林月", **wish))
    assert (status, said["state"]) == (200, "WAIT_USER_CONFIRM")
    (transfer,) = running.get("/wechat/").json()["transfers"]
    assert transfer["name"] == "林月"
    running.post("/wechat/transfers/SDKOUT0001")
    assert told(client.mch_transfer_bills_query("SDKOUT0001"))[1]["state"] == "SUCCESS"
    client.mch_transfer_bills("SDKOUT0002", user_name="林月", **wish)
    running.post("/wechat/transfers/SDKOUT0002", {"code": "NAME_NOT_CORRECT"})
    failed = told(client.mch_transfer_bills_query("SDKOUT0002"))[1]
    assert (failed["state"], failed["fail_reason"]) == ("FAIL", "NAME_NOT_CORRECT")
    assert told(client.mch_transfer_bills_query("SDKOUT0009"))[1]["code"] == "NOT_FOUND"


@pytest.mark.parametrize("kind", ["trade_bill", "fundflow_bill"])
def test_a_bill_is_named_by_its_digest_and_given_packed(
    running: Sandbox, client: WeChatPay, kind: str
) -> None:
    running.post(order(client, f"SDK{kind.upper()}"))
    day = now().astimezone(BEIJING).date().isoformat()
    said = told(getattr(client, kind)(day))[1]
    _, packed = client.download_bill(said["download_url"])
    content = gzip.decompress(packed)
    assert hashlib.sha1(content).hexdigest() == said["hash_value"]
    assert f"`SDK{kind.upper()}" in content.decode()


def test_who_signs_badly_is_refused_and_a_bad_answer_is_noticed(running: Sandbox, client: WeChatPay) -> None:
    assert told(sdk(running, merchant_serial="ABCDEF").query(out_trade_no="SDKPAID001"))[0] == 401
    order(client, "SDKBADSIGN")
    running.post("/wechat/arrangements", {"query": "bad_signature"})
    with pytest.raises(Exception, match="failed to verify"):
        client.query(out_trade_no="SDKBADSIGN")
    assert told(client.query(out_trade_no="SDKBADSIGN"))[0] == 200


def test_an_answer_that_times_out_was_carried_out(running: Sandbox, client: WeChatPay) -> None:
    running.post(order(client, "SDKTIMEOUT"))
    running.post("/wechat/arrangements", {"refund": "timeout"})
    wish = {"out_trade_no": "SDKTIMEOUT", "amount": {"refund": 20_000, "total": 20_000, "currency": "CNY"}}
    assert client.refund("T1", **wish)[0] == 504
    assert told(client.query_refund("T1"))[1]["status"] == "SUCCESS"


@pytest.mark.parametrize(
    ("faults", "totals"),
    [({"copies": 3}, [20_000] * 3), ({"told_amount": 19_999}, [19_999]), ({"lost": True}, [])],
)
def test_the_clerk_errs_with_notices(
    running: Sandbox, client: WeChatPay, faults: dict[str, Any], totals: list[int]
) -> None:
    with listening([]) as wallet:
        page = order(client, f"SDKFAULT{'_'.join(faults)}", wallet.url)
        running.post(page, faults)
        until(
            lambda: all(d["state"] in ("delivered", "lost") for d in running.get(page).json()["deliveries"])
        )
    opened = [client.callback(headers, body)["resource"] for headers, body in wallet.heard]
    assert [paid["amount"]["total"] for paid in opened] == totals


@pytest.mark.parametrize("language", ["en", "zh"])
def test_its_pages_say_that_they_are_simulated(running: Sandbox, client: WeChatPay, language: str) -> None:
    page = order(client, "SDKPAGES01")
    for path in ("/wechat/", page):
        shown = running.get(path, Accept="text/html", **{"Accept-Language": language}).text
        assert {"en": "Simulated. No real money", "zh": "模拟环境"}[language] in shown
