"""`wechatpayv3` builds, signs and decrypts; only its transport is replaced, since its gateway is fixed."""

from collections.abc import Mapping
from typing import Any

import httpx
import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from wechatpayv3 import WeChatPay, WeChatPayType
from wechatpayv3.core import Core
from wechatpayv3.type import RequestType
from wechatpayv3.utils import build_authorization, rsa_verify

from guitai.base.clock import now
from guitai.rails.adapters.exchange import FILE_BYTES_MAX, Unanswered, exchange
from guitai.rails.adapters.rsa_keys import public_key
from guitai.rails.adapters.wechat_settings import WeChatSettings

# WeChat Pay's own rule: what was signed longer ago may be a replay.
TOLERANCE_S = 300
_ALGORITHM = "WECHATPAY2-SHA256-RSA2048"


class NotGenuine(Exception):
    """Which check failed, in a word that may be recorded."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


def check_signature(settings: WeChatSettings, headers: Mapping[str, str], body: bytes, at_s: int) -> None:
    """Raise NotGenuine unless WeChat Pay signed this message a short while before a moment.

    takes    settings, headers with names in lower case, the raw body, a moment in seconds
    source   WeChat Pay APIv3, verifying signatures
    """
    stamp, nonce = headers.get("wechatpay-timestamp", ""), headers.get("wechatpay-nonce", "")
    if headers.get("wechatpay-signature-type", _ALGORITHM) != _ALGORITHM:
        raise NotGenuine("algorithm")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and nonce):
        raise NotGenuine("headers")
    if abs(at_s - int(stamp)) > TOLERANCE_S:
        raise NotGenuine("time")
    key = settings.key_of(headers.get("wechatpay-serial", ""))
    if key is None:
        raise NotGenuine("serial")
    try:
        holds = rsa_verify(stamp, nonce, body.decode(), headers.get("wechatpay-signature", ""), key)
    except ValueError:
        holds = False
    if not holds:
        raise NotGenuine("signature")


class _GatewayCore(Core):
    """The SDK's core for any address: its signatures, our connection, every answer verified."""

    def __init__(self, settings: WeChatSettings, transport: httpx.BaseTransport | None) -> None:
        self._settings, self._transport = settings, transport
        key = settings.signing_key().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = None
        if settings.public_key_id:
            public = public_key(settings.public_key).public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
            )
        super().__init__(
            mchid=settings.merchant_id,
            cert_serial_no=settings.merchant_serial,
            private_key=key.decode(),
            apiv3_key=settings.apiv3_key,
            public_key=public.decode() if public else None,
            public_key_id=settings.public_key_id or None,
        )
        self._gate_way = settings.gateway_url.rstrip("/")

    def _init_certificates(self) -> None:
        """The operator's, not a folder's and not the network's."""
        self._certificates = self._settings.certificates()

    def request(
        self,
        path: str,
        method: RequestType = RequestType.GET,
        data: Any = None,
        skip_verify: bool = False,
        sign_data: Any = None,
        files: Any = None,
        cipher_data: bool = False,
        headers: dict[str, str] | None = None,
    ) -> tuple[int, bytes]:
        """One exchange; a file is proved by its digest instead of a signature."""
        content = msgspec.json.encode(data) if data is not None else b""
        sent = {
            **(headers or {}),
            "Content-Type": "application/json",
            "Accept": "application/json",
            "User-Agent": "guitai",
            "Authorization": build_authorization(
                path,
                method.value,
                self._mchid,
                self._cert_serial_no,
                self._private_key,
                data=content.decode(),
            ),
        }
        if serial := self._cipher_serial():
            sent["Wechatpay-Serial"] = serial
        answer = exchange(
            method.value,
            self._gate_way + path,
            content=content or None,
            headers=sent,
            transport=self._transport,
            bytes_max=FILE_BYTES_MAX,
        )
        if not skip_verify:
            self._check(answer)
        return answer.status_code, answer.content

    def _cipher_serial(self) -> str | None:
        """Whose key our secrets are sealed with, and whose signature we want to hear."""
        if self._public_key_id:
            return str(self._public_key_id)
        return format(self._last_certificate().serial_number, "X") if self._certificates else None

    def _last_certificate(self) -> x509.Certificate:
        return max(self._certificates, key=lambda certificate: certificate.not_valid_after_utc)

    def _check(self, answer: httpx.Response) -> None:
        try:
            told = {name.lower(): value for name, value in answer.headers.items()}
            check_signature(self._settings, told, answer.content, int(now().timestamp()))
        except NotGenuine as error:
            # The gateway in front of WeChat Pay refuses what it cannot identify without signing.
            problem = f"answer_{error.problem}" if answer.is_success else f"status_{answer.status_code}"
            raise Unanswered(problem) from error


class GatewayClient(WeChatPay):
    """The SDK's client for any address. Verbs give (status, body)."""

    def __init__(
        self,
        settings: WeChatSettings,
        transport: httpx.BaseTransport | None,
        notify_url: str | None = None,
    ) -> None:
        self._type = WeChatPayType.NATIVE
        self._mchid, self._appid = settings.merchant_id, settings.app_id
        self._notify_url = notify_url
        self._partner_mode = False
        self._core = _GatewayCore(settings, transport)
