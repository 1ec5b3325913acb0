"""Alipay's own SDK, which builds, signs and verifies; only its transport is replaced.

The SDK's transport takes no port and hides whether a wish was sent. Its clock is the machine's, while the gateway
means Beijing's; and it does not know the certificate's number that answers carry where certificates are used.
"""

import re
import uuid
from datetime import datetime
from typing import Any

import httpx
from alipay.aop.api.AlipayClientConfig import AlipayClientConfig
from alipay.aop.api.constant.CommonConstants import THREAD_LOCAL
from alipay.aop.api.DefaultAlipayClient import DefaultAlipayClient
from alipay.aop.api.exception.Exception import RequestException, ResponseException
from alipay.aop.api.util.SignatureUtils import get_sign_content, sign_with_rsa2
from alipay.aop.api.util.WebUtils import url_encode

from guitai.base.clock import now
from guitai.rails.adapters.alipay_keys import bare_private, bare_public
from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.adapters.exchange import Unanswered, exchange
from guitai.rails.adapters.reading import BEIJING

_CERTIFICATE = re.compile(rb'\}\s*,\s*"alipay_cert_sn"\s*:\s*"([0-9a-f]{32})"\s*,\s*"sign"\s*:')


class GatewayClient(DefaultAlipayClient):
    """The SDK's client for any address."""

    def __init__(self, settings: AlipaySettings, transport: httpx.BaseTransport | None) -> None:
        super().__init__(_config(settings))
        self._key = bare_private(settings.signing_key())
        self._url = settings.gateway_url
        self._numbers = settings.numbers()
        self._alipay_number = settings.alipay_number()
        self._transport = transport

    def execute(self, request: Any) -> str:
        """The content of a genuine answer, as JSON; raises Unanswered."""
        THREAD_LOCAL.uuid = str(uuid.uuid4())
        query, params = self._DefaultAlipayClient__prepare_request(request)
        answer = exchange(
            "POST",
            f"{self._url}?{query}",
            content=url_encode(params, "utf-8").encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded;charset=utf-8"},
            transport=self._transport,
        )
        if answer.status_code != httpx.codes.OK:
            raise Unanswered(f"status_{answer.status_code}")
        try:
            return self._DefaultAlipayClient__parse_response(self._without_certificate(answer.content))
        except (ResponseException, RequestException) as error:
            problem = "answer_signature" if "verify" in str(error) else "answer_unsigned"
            raise Unanswered(problem) from error
        except ValueError as error:
            raise Unanswered("answer_unreadable") from error

    def page_url(self, request: Any) -> str:
        """A signed address for the payer's browser."""
        return self.page_execute(request, "GET")

    # The name that the SDK's private method of the same purpose has: page and call both pass it.
    def _DefaultAlipayClient__prepare_request_params(
        self, request: Any
    ) -> tuple[dict[str, str], dict[str, str]]:
        request.udf_params = self._numbers or None
        prepare = super()._DefaultAlipayClient__prepare_request_params  # type: ignore[misc]
        common, params = prepare(request)
        common["timestamp"] = _beijing_text(now())
        del common["sign"]
        common["sign"] = sign_with_rsa2(self._key, get_sign_content({**params, **common}), "utf-8")
        return common, params

    def _without_certificate(self, content: bytes) -> bytes:
        """The answer as the SDK reads it, once it names the certificate that we know."""
        named = _CERTIFICATE.search(content)
        if (named[1].decode() if named else None) != self._alipay_number:
            # An answer to a wish that was never accepted names none, and is not signed either.
            raise Unanswered("answer_certificate" if named else "answer_unsigned")
        return _CERTIFICATE.sub(b'},"sign":', content)


def _config(settings: AlipaySettings) -> AlipayClientConfig:
    config = AlipayClientConfig()
    config.app_id = settings.app_id
    config.server_url = settings.gateway_url
    config.app_private_key = bare_private(settings.signing_key())
    config.alipay_public_key = bare_public(settings.alipay_key())
    config.charset = "utf-8"
    return config


def _beijing_text(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")
