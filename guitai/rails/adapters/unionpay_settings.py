"""What the operator tells us about the contract with UnionPay."""

import base64
from typing import ClassVar
from urllib.parse import urlsplit

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from guitai.rails.adapters.rsa_keys import public_key, signing_key
from guitai.rails.adapters.unionpay_signature import Trust

_ADDRESSES = ("gateway_url", "file_url")


class UnionPaySettings(msgspec.Struct, frozen=True):
    """Addresses, the merchant's number and certificate, and the certificates that UnionPay's own are judged by."""

    SECRET: ClassVar[frozenset[str]] = frozenset({"merchant_key"})

    gateway_url: str = "https://gateway.95516.com"
    file_url: str = "https://filedownload.95516.com/"
    merchant_id: str = ""
    # PEM. The key belongs to the certificate, whose serial number is the `certId` of every message.
    merchant_certificate: str = ""
    merchant_key: str = ""
    # PEM. Who signed UnionPay's certificate, which comes with every message.
    middle_certificate: str = ""
    root_certificate: str = ""
    # The third part of that certificate's common name: whose it is.
    common_name: str = "中国银联股份有限公司"
    # How long a payer may take; nobody can pay an order afterwards.
    pay_minutes: int = 30
    # Paying to cards (代付) is a contract of its own: without it nobody is offered to withdraw this way.
    pays_on_behalf: bool = False
    # PEM. UnionPay's certificate that card numbers are sealed for, where the contract asks for that.
    encryption_certificate: str = ""

    def problems(self) -> tuple[str, ...]:
        """The fields that are missing or cannot be used."""
        wrong = [name for name in _ADDRESSES if not _is_address(getattr(self, name))]
        if not (len(self.merchant_id) == 15 and self.merchant_id.isascii() and self.merchant_id.isalnum()):
            wrong.append("merchant_id")
        if not 5 <= self.pay_minutes <= 1_440:
            wrong.append("pay_minutes")
        if not self.common_name:
            wrong.append("common_name")
        if self.encryption_certificate:
            try:
                public_key(self.encryption_certificate)
            except ValueError:
                wrong.append("encryption_certificate")
        return (*wrong, *self._key_problems(), *self._trust_problems())

    def pays_out(self) -> bool:
        """Whether the contract allows money out."""
        return self.pays_on_behalf

    def signing_key(self) -> RSAPrivateKey:
        """The merchant's key; raises ValueError when it cannot be read."""
        return signing_key(self.merchant_key)

    def certificate_number(self) -> str:
        """`certId`: the serial number of the merchant's certificate, in decimal."""
        return str(x509.load_pem_x509_certificate(self.merchant_certificate.encode()).serial_number)

    def sealed_card(self, number: str) -> dict[str, str]:
        """`accNo` as the contract wants it: plain, or under the key of UnionPay's certificate for that."""
        if not self.encryption_certificate:
            return {"accNo": number}
        sealed = public_key(self.encryption_certificate).encrypt(number.encode(), PKCS1v15())
        certificate = x509.load_pem_x509_certificate(self.encryption_certificate.encode())
        return {
            "encryptCertId": str(certificate.serial_number),
            "accNo": base64.b64encode(sealed).decode(),
        }

    def trust(self) -> Trust:
        """Whom we believe; raises ValueError when a certificate cannot be read."""
        return Trust(
            x509.load_pem_x509_certificate(self.root_certificate.encode()),
            x509.load_pem_x509_certificate(self.middle_certificate.encode()),
            self.common_name,
        )

    def _key_problems(self) -> list[str]:
        try:
            public = x509.load_pem_x509_certificate(self.merchant_certificate.encode()).public_key()
        except ValueError:
            return ["merchant_certificate"]
        try:
            return [] if self.signing_key().public_key() == public else ["merchant_key"]
        except (ValueError, TypeError):
            return ["merchant_key"]

    def _trust_problems(self) -> list[str]:
        wrong = []
        for name in ("middle_certificate", "root_certificate"):
            try:
                x509.load_pem_x509_certificate(getattr(self, name).encode())
            except ValueError:
                wrong.append(name)
        return wrong


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return False
