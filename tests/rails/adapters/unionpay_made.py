"""UnionPay's certificates and settings for tests, and a gateway that says what a test wants."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl

import httpx

from guitai.rails.adapters.unionpay import UnionPayRail
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.sandbox.unionpay.certificates import Authority, Identity
from guitai.sandbox.unionpay.messages import answer_body, sign

MERCHANT = "777290058110048"
AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
PAID = {
    "version": "5.1.0", "encoding": "UTF-8", "signMethod": "01", "txnType": "01", "txnSubType": "01",
    "bizType": "000201", "accessType": "0", "merId": MERCHANT, "orderId": "7KMR3AXWH4", "txnTime": "20261122120000",
    "txnAmt": "20000", "currencyCode": "156", "queryId": "202611221200001234567", "traceTime": "1122120130",
    "respCode": "00", "respMsg": "Success!",
}  # fmt: skip


def rail_of(settings: UnionPaySettings, answer: Any = None) -> UnionPayRail:
    transport = httpx.MockTransport(answer) if answer else None
    return UnionPayRail(lambda: settings, lambda reference: AT, transport)


def answering(keys: Authority, said: Mapping[str, str], signer: Identity | None = None) -> Any:
    """A gateway that gives the fields of the question back, with these over them, signed."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked = dict(parse_qsl(request.content.decode()))
        echoed = {name: asked[name] for name in asked if name not in ("signature", "certId")}
        return httpx.Response(200, content=answer_body(sign({**echoed, **said}, signer or keys.gateway)))

    return answer
