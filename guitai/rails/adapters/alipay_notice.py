"""Alipay's notices: a form whose fields are signed together, without `sign` and `sign_type`, in their own charset."""

import hashlib
from collections.abc import Mapping
from urllib.parse import parse_qsl

from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.adapters.reading import beijing, token, yuan
from guitai.rails.adapters.rsa_keys import holds
from guitai.rails.errors import BadSignature, Malformed, NothingPaid
from guitai.rails.types import Notice

_FIELDS_MAX = 100
_CHARSETS = {"utf-8": "utf-8", "gbk": "gbk", "gb2312": "gb2312", "gb18030": "gb18030"}
PAID = frozenset({"TRADE_SUCCESS", "TRADE_FINISHED"})
_UNPAID = frozenset({"WAIT_BUYER_PAY", "TRADE_CLOSED"})


def read_notice(body: bytes, settings: AlipaySettings) -> Notice:
    """A notice of a payment.

    takes    the raw form, the settings
    gives    Notice; `payee_account` as the notice says it, `notice_id` made of Alipay's and of what was sent, since
             Alipay may write a later copy with another time
    refuses  bad_signature, malformed, nothing_paid (an order that waits, was closed or was refunded)
    source   Alipay Open Platform, asynchronous notices
    """
    fields = genuine_fields(body, settings)
    status = fields.get("trade_status", "")
    if fields.get("notify_type") != "trade_status_sync" or status in _UNPAID:
        raise NothingPaid(event=_word(status or fields.get("notify_type", "")))
    if status not in PAID:
        raise Malformed(problem="trade_status")
    if fields.get("refund_fee") or fields.get("gmt_refund"):
        raise NothingPaid(event="refund")
    number = token(fields.get("notify_id", ""), "notify_id")
    return Notice(
        notice_id=f"{number}:{hashlib.sha256(body).hexdigest()[:16]}",
        bank_reference=token(fields.get("trade_no", ""), "trade_no"),
        payment_reference=token(fields.get("out_trade_no", ""), "out_trade_no"),
        amount_minor=yuan(fields.get("total_amount", "")),
        currency="CNY",
        payee_account=f"{fields.get('seller_id', '')}@{fields.get('app_id', '')}"[:64],
        paid_at=beijing(fields.get("gmt_payment", "")),
    )


def genuine_fields(body: bytes, settings: AlipaySettings) -> Mapping[str, str]:
    """The fields of a form that Alipay signed; refuses bad_signature."""
    fields, charset = _read(body)
    if fields.get("sign_type") != "RSA2":
        raise BadSignature(problem="sign_type")
    named = fields.get("alipay_cert_sn")
    if settings.alipay_number() is not None and named not in (None, settings.alipay_number()):
        raise BadSignature(problem="certificate")
    said = sorted((name, value) for name, value in fields.items() if name not in ("sign", "sign_type"))
    try:
        content = "&".join(f"{name}={value}" for name, value in said).encode(charset)
    except UnicodeEncodeError as error:
        raise BadSignature(problem="charset") from error
    if not holds(settings.alipay_key(), content, fields.get("sign", "")):
        raise BadSignature(problem="signature")
    return fields


def _read(body: bytes) -> tuple[dict[str, str], str]:
    """Each field once: with a name twice nobody could say which one was signed."""
    try:
        text = body.decode("ascii")
        charset = _charset(text)
        pairs = parse_qsl(
            text,
            keep_blank_values=True,
            strict_parsing=True,
            encoding=charset,
            errors="strict",
            max_num_fields=_FIELDS_MAX,
        )
    except ValueError as error:
        raise BadSignature(problem="not_a_form") from error
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise BadSignature(problem="field_twice")
    return fields, charset


def _charset(text: str) -> str:
    named = [part.partition("=")[2] for part in text.split("&") if part.startswith("charset=")]
    charset = _CHARSETS.get(named[0].lower() if named else "utf-8")
    if charset is None or len(named) > 1:
        raise BadSignature(problem="charset")
    return charset


def _word(text: str) -> str:
    return "".join(
        letter for letter in text[:40] if letter.isascii() and (letter.isalnum() or letter in "_.")
    )
