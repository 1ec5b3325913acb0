"""What the operator tells us about the contract with Alipay."""

from typing import ClassVar, Literal

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from guitai.rails.adapters.alipay_keys import certificate_number, root_number
from guitai.rails.adapters.reading import is_address
from guitai.rails.adapters.rsa_keys import public_key, read_certificates, signing_key

_KEY_BITS_MIN = 2_048


class AlipaySettings(msgspec.Struct, frozen=True):
    """Gateway, application, keys. Keys are PEM or the bare base64 that Alipay's key tool writes.

    Alipay pays out only to applications that use certificates: then `app_certificate`, `alipay_certificate` and
    `root_certificate` are filled, and `alipay_public_key` stays empty.
    """

    SECRET: ClassVar[frozenset[str]] = frozenset({"app_private_key"})

    gateway_url: str = "https://openapi.alipay.com/gateway.do"
    app_id: str = ""
    # Alipay's number of the account that is paid: 2088 and twelve digits.
    seller_id: str = ""
    app_private_key: str = ""
    alipay_public_key: str = ""
    app_certificate: str = ""
    alipay_certificate: str = ""
    root_certificate: str = ""
    # How somebody pays at a desk and on a phone: a code to scan, or a page of Alipay's.
    desk: Literal["qr", "page"] = "qr"
    phone: Literal["wap", "qr"] = "wap"
    pay_minutes: int = 15
    # What a payee's account is written as.
    payee_identity: Literal["ALIPAY_LOGON_ID", "ALIPAY_USER_ID", "ALIPAY_OPEN_ID"] = "ALIPAY_LOGON_ID"
    # signcustomer: every change of the balance, with the balance after it · trade: payments and refunds
    bill: Literal["signcustomer", "trade"] = "signcustomer"

    @property
    def payee(self) -> str:
        """Who is paid through which application: what an order's notices must say."""
        return f"{self.seller_id}@{self.app_id}"

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""
        wrong = []
        if not is_address(self.gateway_url):
            wrong.append("gateway_url")
        if not (self.app_id.isascii() and self.app_id.isdigit() and len(self.app_id) <= 32):
            wrong.append("app_id")
        if not (self.seller_id.startswith("2088") and self.seller_id.isdigit() and len(self.seller_id) == 16):
            wrong.append("seller_id")
        if not 1 <= self.pay_minutes <= 1_440:
            wrong.append("pay_minutes")
        return (*wrong, *self._key_problems())

    def pays_out(self) -> bool:
        """Alipay lets nobody transfer whose application has no certificate."""
        return bool(self.app_certificate)

    def signing_key(self) -> RSAPrivateKey:
        """The application's key; raises ValueError when it cannot be read."""
        return signing_key(self.app_private_key)

    def alipay_key(self) -> RSAPublicKey:
        """Alipay's key, from its certificate where there is one; raises ValueError when it cannot be read."""
        return public_key(self.alipay_certificate or self.alipay_public_key)

    def numbers(self) -> dict[str, str]:
        """What every request says of our certificates; nothing where keys are used without them."""
        if not self.app_certificate:
            return {}
        return {
            "app_cert_sn": certificate_number(read_certificates(self.app_certificate)[0]),
            "alipay_root_cert_sn": root_number(read_certificates(self.root_certificate)),
        }

    def alipay_number(self) -> str | None:
        """Which of Alipay's certificates we judge by, or None where its bare key is used."""
        if not self.alipay_certificate:
            return None
        return certificate_number(read_certificates(self.alipay_certificate)[0])

    def _key_problems(self) -> list[str]:
        wrong = []
        try:
            own = self.signing_key()
            if own.key_size < _KEY_BITS_MIN:
                raise ValueError("short")
        except (ValueError, TypeError):
            return ["app_private_key"]
        name = "alipay_certificate" if self.alipay_certificate else "alipay_public_key"
        try:
            if self.alipay_key().key_size < _KEY_BITS_MIN:
                raise ValueError("short")
        except (ValueError, TypeError):
            wrong.append(name)
        given = (self.app_certificate, self.alipay_certificate, self.root_certificate)
        if any(given):
            wrong += self._certificate_problems(own)
        return list(dict.fromkeys(wrong))

    def _certificate_problems(self, own: RSAPrivateKey) -> list[str]:
        wrong = []
        for name in ("app_certificate", "alipay_certificate", "root_certificate"):
            try:
                found: list[x509.Certificate] = read_certificates(getattr(self, name))
                if name == "app_certificate" and found[0].public_key() != own.public_key():
                    wrong.append(name)
            except ValueError:
                wrong.append(name)
        return wrong
