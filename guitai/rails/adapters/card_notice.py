"""The acquirer's webhooks: signed over time and body, each with a number of its own."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
import stripe

from guitai.base.money import MINOR_MAX
from guitai.rails.adapters.card_amounts import from_acquirer
from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.errors import BadSignature, Malformed, NothingPaid, PaymentDisputed, PayoutTold
from guitai.rails.rules.notices import normal_reference
from guitai.rails.types import Notice

_TOLERANCE_S = 300
_Token = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_]{0,63}\Z")]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800)]
_PAID = frozenset({"checkout.session.completed", "checkout.session.async_payment_succeeded"})
_DISPUTES = "charge.dispute."
# How a refund goes on after it was asked for; the same is told under two names.
_REFUNDS = frozenset({"refund.updated", "refund.failed", "charge.refund.updated"})


class _Event(msgspec.Struct, frozen=True):
    id: _Token
    type: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_.0-9]{1,80}\Z")]
    created: _Seconds
    data: "_Data"


class _Data(msgspec.Struct, frozen=True):
    object: dict[str, Any]


class _Session(msgspec.Struct, frozen=True):
    payment_status: str
    amount_total: Annotated[int, msgspec.Meta(ge=1, le=MINOR_MAX)]
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{3}\Z")]
    payment_intent: _Token | None = None
    client_reference_id: Annotated[str, msgspec.Meta(max_length=200)] | None = None


class _Dispute(msgspec.Struct, frozen=True):
    id: _Token
    payment_intent: _Token
    amount: Annotated[int, msgspec.Meta(ge=1, le=MINOR_MAX)]
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{3}\Z")]
    reason: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,60}\Z")]
    status: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,60}\Z")]


class _Refund(msgspec.Struct, frozen=True):
    metadata: dict[str, Annotated[str, msgspec.Meta(max_length=500)]] = {}


def read_notice(
    headers: Mapping[str, str], body: bytes, received_at: datetime, settings: CardSettings
) -> Notice:
    """A notice of a payment.

    takes    headers in lower case, the raw body, when it came, the settings
    gives    Notice; a card's number is in none of them
    refuses  bad_signature, malformed, nothing_paid, payment_disputed, payout_told
    source   Stripe: webhooks, signatures v1; Checkout, fulfilment
    """
    _check_signature(headers.get("stripe-signature", ""), body, received_at, settings)
    try:
        event = msgspec.json.decode(body, type=_Event)
        if event.type.startswith(_DISPUTES):
            raise _disputed(event)
        if event.type in _REFUNDS:
            raise _refund_told(event)
        if event.type not in _PAID:
            raise NothingPaid(event=event.type)
        session = msgspec.convert(event.data.object, _Session)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise Malformed(problem=_plain(str(error))) from error
    if session.payment_status != "paid":
        raise NothingPaid(event=f"{event.type}_{session.payment_status[:20]}")
    if session.payment_intent is None:
        raise Malformed(problem="payment_intent")
    currency = session.currency.upper()
    return Notice(
        notice_id=event.id,
        bank_reference=session.payment_intent,
        payment_reference=normal_reference(session.client_reference_id or ""),
        amount_minor=from_acquirer(session.amount_total, currency),
        currency=currency,
        payee_account=settings.account,
        paid_at=datetime.fromtimestamp(event.created, UTC),
    )


def _disputed(event: _Event) -> PaymentDisputed:
    dispute = msgspec.convert(event.data.object, _Dispute)
    currency = dispute.currency.upper()
    return PaymentDisputed(
        event=event.type,
        notice=event.id,
        dispute=dispute.id,
        bank_reference=dispute.payment_intent,
        amount=from_acquirer(dispute.amount, currency),
        currency=currency,
        reason=dispute.reason,
        status=dispute.status,
    )


def _refund_told(event: _Event) -> NothingPaid:
    """A refund is a payout of ours where it carries the reference of one."""
    refund = msgspec.convert(event.data.object, _Refund)
    payout = normal_reference(refund.metadata.get("payout_reference", ""))
    return PayoutTold(event=event.type, payout=payout) if payout else NothingPaid(event=event.type)


def _check_signature(header: str, body: bytes, received_at: datetime, settings: CardSettings) -> None:
    """The SDK checks who signed; when is judged by when it came, however late it is looked at."""
    secrets = [secret for secret in (settings.webhook_secret, settings.webhook_secret_before) if secret]
    if not any(_signed(header, body, secret) for secret in secrets):
        raise BadSignature(problem="signature")
    signed_at = dict(part.partition("=")[::2] for part in header.split(",")).get("t", "")
    if not signed_at.isdigit() or abs(int(signed_at) - received_at.timestamp()) > _TOLERANCE_S:
        raise BadSignature(problem="time")


def _signed(header: str, body: bytes, secret: str) -> bool:
    try:
        return bool(stripe.WebhookSignature.verify_header(body, header, secret, None))
    except (stripe.SignatureVerificationError, UnicodeError):
        return False


def _plain(text: str) -> str:
    return "".join(letter if " " <= letter <= "~" else "?" for letter in text[:200])
