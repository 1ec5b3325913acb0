"""Reading what a bank says about a payment. Whatever cannot be read exactly is refused, never guessed."""

import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from guitai.base.money import MINOR_MAX
from guitai.base.reference import parse_reference
from guitai.rails.types import Notice

_Token = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z")]
_Account = Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
_Text = Annotated[str, msgspec.Meta(max_length=140)]
_REMARK_MAX = 140


class NoticeUnreadable(Exception):
    """Why a genuine message is not a notice, in words that may be recorded."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem


class _Amount(msgspec.Struct, frozen=True):
    amount: Annotated[int, msgspec.Meta(ge=1, le=MINOR_MAX)]
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{3}\Z")]


class _Payment(msgspec.Struct, frozen=True):
    bank_reference: _Token
    amount: _Amount
    payee_account: _Account
    paid_at: Annotated[datetime, msgspec.Meta(tz=True)]
    payment_reference: _Text = ""
    payer_name: _Text = ""
    payer_account: _Text = ""


class _Message(msgspec.Struct, frozen=True, tag_field="event", tag="payment.received"):
    notice_id: _Token
    payment: _Payment


def parse_notice(body: bytes) -> Notice:
    """Read the body of a bank's notice.

    takes    raw bytes that are already known to be genuine
    gives    Notice; the payer's name and account stay in the raw body only
    refuses  NoticeUnreadable
    source   the wire format in this room's README
    """
    try:
        message = msgspec.json.decode(body, type=_Message)
        paid_at = message.payment.paid_at.astimezone(UTC)
    except (msgspec.MsgspecError, ValueError, OverflowError, RecursionError) as error:
        raise NoticeUnreadable(_plain(str(error))) from error
    payment = message.payment
    return Notice(
        notice_id=message.notice_id,
        bank_reference=payment.bank_reference,
        payment_reference=normal_reference(payment.payment_reference),
        amount_minor=payment.amount.amount,
        currency=payment.amount.currency,
        payee_account=payment.payee_account,
        paid_at=paid_at,
    )


def normal_reference(text: str) -> str:
    """The reference a payer meant: our own in canonical form however it was typed, any other text trimmed."""
    own = parse_reference(text)
    if own is not None:
        return own
    return re.sub(r"[\x00-\x1f\x7f\s]+", " ", text).strip()[:_REMARK_MAX]


def _plain(text: str) -> str:
    """A parser's complaint without control characters or quoted content of unknown length."""
    return re.sub(r"[^\x20-\x7e]", "?", text)[:200]
