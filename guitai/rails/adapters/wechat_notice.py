"""WeChat Pay's notices: signed in headers, sealed with the APIv3 key."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, TypeVar

import msgspec
from wechatpayv3.utils import aes_decrypt

from guitai.rails.adapters.reading import fen, rfc3339, token
from guitai.rails.adapters.wechat_client import NotGenuine, check_signature
from guitai.rails.adapters.wechat_settings import WeChatSettings
from guitai.rails.errors import BadSignature, Malformed, NothingPaid
from guitai.rails.types import Notice

_PAID = "TRANSACTION.SUCCESS"
_T = TypeVar("_T")


class _Resource(msgspec.Struct, frozen=True):
    algorithm: str
    ciphertext: str
    nonce: Annotated[str, msgspec.Meta(min_length=8, max_length=32)]
    associated_data: str = ""


class _Message(msgspec.Struct, frozen=True):
    id: str
    event_type: str
    resource: _Resource


class Amount(msgspec.Struct, frozen=True):
    total: int = 0
    currency: str = "CNY"


class Transaction(msgspec.Struct, frozen=True):
    """A payment as notices and queries tell of it."""

    out_trade_no: str
    trade_state: str
    mchid: str = ""
    appid: str = ""
    transaction_id: str = ""
    success_time: str = ""
    amount: Amount = Amount()


def read_notice(
    headers: Mapping[str, str], body: bytes, received_at: datetime, settings: WeChatSettings
) -> Notice:
    """A notice of a payment.

    takes    headers with names in lower case, the raw body, when it came, the settings
    gives    Notice; its number is made of WeChat Pay's and of what was sent
    refuses  bad_signature, malformed, nothing_paid (a refund, a transfer, an order that was not paid)
    source   WeChat Pay APIv3, notices of payments
    """
    try:
        check_signature(settings, headers, body, int(received_at.timestamp()))
    except NotGenuine as error:
        raise BadSignature(problem=error.problem) from error
    message = _decoded(body, _Message)
    content = _opened(message.resource, settings.apiv3_key)
    if message.event_type != _PAID:
        raise NothingPaid(event=_word(message.event_type))
    paid = _decoded(content, Transaction)
    if paid.trade_state != "SUCCESS":
        raise NothingPaid(event=_word(paid.trade_state))
    number = f"{token(message.id, 'id')}:{hashlib.sha256(body).hexdigest()[:16]}"
    return payment(paid, number)


def payment(paid: Transaction, notice_id: str) -> Notice:
    """A payment in the shape of a notice; refuses malformed."""
    currency = paid.amount.currency
    if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
        raise Malformed(problem="currency")
    return Notice(
        notice_id=notice_id,
        bank_reference=token(paid.transaction_id, "transaction_id"),
        payment_reference=token(paid.out_trade_no, "out_trade_no"),
        amount_minor=fen(paid.amount.total),
        currency=currency,
        payee_account=f"{paid.mchid}@{paid.appid}"[:80],
        paid_at=rfc3339(paid.success_time),
    )


def _opened(resource: _Resource, key: str) -> bytes:
    if resource.algorithm != "AEAD_AES_256_GCM":
        raise Malformed(problem="algorithm")
    try:
        content = aes_decrypt(resource.nonce, resource.ciphertext, resource.associated_data, key)
    except ValueError as error:
        raise Malformed(problem="sealed") from error
    if content is None:
        raise Malformed(problem="sealed")
    return str(content).encode()


def _decoded(content: bytes, type_: type[_T]) -> _T:
    try:
        return msgspec.json.decode(content, type=type_)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(problem="json") from error


def _word(text: str) -> str:
    return "".join(
        letter for letter in text[:40] if letter.isascii() and (letter.isalnum() or letter in "_.")
    )
