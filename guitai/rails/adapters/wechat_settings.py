"""What the operator tells us about the contract with WeChat Pay."""

from typing import ClassVar, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from guitai.rails.adapters.reading import is_address
from guitai.rails.adapters.rsa_keys import public_key, read_certificates, signing_key

_APIV3_BYTES = 32


class WeChatSettings(msgspec.Struct, frozen=True):
    """Gateway, merchant, keys (PEM). WeChat Pay is known by its public key, by platform certificates, or by both
    while a merchant moves from one to the other."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"merchant_key", "apiv3_key", "app_secret"})

    gateway_url: str = "https://api.mch.weixin.qq.com"
    merchant_id: str = ""
    app_id: str = ""
    merchant_key: str = ""
    # The serial number of the merchant's certificate, in hexadecimal.
    merchant_serial: str = ""
    # 32 characters, which open notices and bills' secrets.
    apiv3_key: str = ""
    # `PUB_KEY_ID_…` and its key.
    public_key_id: str = ""
    public_key: str = ""
    platform_certificates: str = ""
    # How somebody pays on a phone: WeChat's page, where the payer's address is known, or a code to scan.
    phone: Literal["h5", "qr"] = "h5"
    pay_minutes: int = 15
    # Transfers to WeChat balances: the scene that was granted, and what it asks to be told.
    transfer_scene: str = ""
    transfer_scene_infos: tuple[tuple[str, str], ...] = ()
    # The application's own secret: with it WeChat tells which account a customer signed in to. Without it nobody can
    # be paid, as nobody can be named.
    app_secret: str = ""
    sign_in_url: str = "https://open.weixin.qq.com"
    api_url: str = "https://api.weixin.qq.com"
    script_url: str = "https://res.wx.qq.com/open/js/jweixin-1.6.0.js"
    # How long a payee has to confirm a transfer before it is called back; WeChat itself ends it after a day.
    confirm_hours: int = 12
    # fundflow: every change of the balance, with the balance after it · trade: payments and refunds
    bill: Literal["fundflow", "trade"] = "fundflow"

    @property
    def payee(self) -> str:
        """Who is paid through which application: what an order's notices must say."""
        return f"{self.merchant_id}@{self.app_id}"

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""
        wrong = []
        if not is_address(self.gateway_url):
            wrong.append("gateway_url")
        if not (self.merchant_id.isascii() and self.merchant_id.isdigit() and len(self.merchant_id) <= 32):
            wrong.append("merchant_id")
        if not (self.app_id.isascii() and self.app_id.isalnum() and len(self.app_id) <= 32):
            wrong.append("app_id")
        if not 1 <= self.pay_minutes <= 1_440:
            wrong.append("pay_minutes")
        if not 1 <= self.confirm_hours <= 23:
            wrong.append("confirm_hours")
        wrong += [
            name for name in ("sign_in_url", "api_url", "script_url") if not is_address(getattr(self, name))
        ]
        if len(self.apiv3_key.encode()) != _APIV3_BYTES:
            wrong.append("apiv3_key")
        return (*wrong, *self._key_problems())

    def pays_out(self) -> bool:
        """Transfers need a scene that WeChat granted, and the secret by which payees are known."""
        return bool(self.transfer_scene and self.app_secret)

    def signing_key(self) -> RSAPrivateKey:
        """The merchant's key; raises ValueError when it cannot be read."""
        return signing_key(self.merchant_key)

    def certificates(self) -> list[x509.Certificate]:
        """The platform's certificates; raises ValueError when they cannot be read."""
        return read_certificates(self.platform_certificates) if self.platform_certificates else []

    def key_of(self, serial: str) -> RSAPublicKey | None:
        """WeChat Pay's key by the name that a message gives it; None for a name that we do not know."""
        if self.public_key_id and serial == self.public_key_id:
            return public_key(self.public_key)
        for certificate in self.certificates():
            if format(certificate.serial_number, "X") == serial.upper().lstrip("0"):
                key = certificate.public_key()
                return key if isinstance(key, RSAPublicKey) else None
        return None

    def _key_problems(self) -> list[str]:
        wrong = []
        try:
            self.signing_key()
        except (ValueError, TypeError):
            wrong.append("merchant_key")
        if not _is_hexadecimal(self.merchant_serial):
            wrong.append("merchant_serial")
        if self.public_key_id or not self.platform_certificates:
            try:
                public_key(self.public_key)
            except (ValueError, TypeError):
                wrong.append("public_key")
            if not self.public_key_id.startswith("PUB_KEY_ID_"):
                wrong.append("public_key_id")
        try:
            self.certificates()
        except ValueError:
            wrong.append("platform_certificates")
        return wrong


def _is_hexadecimal(text: str) -> bool:
    return 0 < len(text) <= 64 and all(letter in "0123456789abcdefABCDEF" for letter in text)
