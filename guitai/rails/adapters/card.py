"""Cards (credit, debit, virtual) through Stripe's own SDK: the payer types on the acquirer's page, not on ours.

The acquirer knows an order by a Checkout Session that carries our reference. Asked again within a day under the same
idempotency key it gives the same session; later the session is found by when it was made, or by the payment's metadata.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any, BinaryIO
from urllib.parse import urlsplit

import httpx
import msgspec
import stripe

from guitai.base.clock import now
from guitai.base.money import MINOR_MAX, Money
from guitai.rails.adapters.base import BaseRail
from guitai.rails.adapters.card_amounts import from_acquirer, to_acquirer
from guitai.rails.adapters.card_client import client, first, refusing
from guitai.rails.adapters.card_codes import PAYMENT_USED_UP, code_of, payout_code_of
from guitai.rails.adapters.card_notice import read_notice
from guitai.rails.adapters.card_settings import CardSettings
from guitai.rails.adapters.card_statement import read_day, write_day
from guitai.rails.adapters.exchange import Unanswered
from guitai.rails.errors import Malformed, RailDeclined, RailUnavailable
from guitai.rails.rules.notices import normal_reference
from guitai.rails.rules.payout_reasons import UNSPECIFIED as UNSPECIFIED_PAYOUT
from guitai.rails.statements import StatementPart
from guitai.rails.types import (
    Acknowledgement,
    Instructions,
    Notice,
    PaidWith,
    Payout,
    PayoutAnswer,
    Quote,
    RailAnswer,
    RefundOrder,
    TopUpOrder,
)

_Token = Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z0-9][A-Za-z0-9_]{0,127}\Z")]
_Amount = Annotated[int, msgspec.Meta(ge=0, le=MINOR_MAX)]
_Currency = Annotated[str, msgspec.Meta(pattern=r"\A[a-z]{3}\Z")]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800)]
# How long after an order was written its session is made; one that came later is found by the payment's metadata.
_MADE_WITHIN = timedelta(minutes=3)
_SESSIONS_MAX, _REFUNDS_MAX, _PAGE = 2_000, 1_000, 100
_REFUND_OUTCOMES = {"succeeded": "done", "pending": "accepted", "requires_action": "accepted"}


class _Card(msgspec.Struct, frozen=True):
    brand: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    last4: Annotated[str, msgspec.Meta(pattern=r"\A[0-9]{4}\Z")] | None = None


class _Method(msgspec.Struct, frozen=True):
    card: _Card | None = None


class _Charge(msgspec.Struct, frozen=True):
    created: _Seconds
    payment_method_details: _Method | None = None


class _Failure(msgspec.Struct, frozen=True):
    code: str | None = None
    decline_code: str | None = None


class _Payment(msgspec.Struct, frozen=True):
    id: _Token
    status: str
    amount_received: _Amount
    currency: _Currency
    created: _Seconds
    latest_charge: _Charge | str | None = None
    last_payment_error: _Failure | None = None
    metadata: dict[str, str] = {}


class _Session(msgspec.Struct, frozen=True):
    id: _Token
    status: str | None
    payment_status: str
    amount_total: _Amount
    currency: _Currency
    client_reference_id: str | None = None
    url: str | None = None
    payment_intent: _Payment | str | None = None


class _Refund(msgspec.Struct, frozen=True):
    id: _Token
    status: str | None
    failure_reason: str | None = None
    # The movement by which it left our balance there; one that never left has none.
    balance_transaction: _Token | None = None
    metadata: dict[str, str] = {}


class CardRail(BaseRail):
    """Payment by card on the acquirer's page, and back to a card that was paid with."""

    code = "card"
    pays_to = "payment"

    def __init__(
        self,
        settings: Callable[[], CardSettings],
        placed_at: Callable[[str], datetime | None],
        paid_as: Callable[[str], str | None],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`placed_at` says when an order was first written down, `paid_as` back to which payment a payout goes."""
        self._settings = settings
        self._placed_at = placed_at
        self._paid_as = paid_as
        self._transport = transport

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(seconds=30))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        settings = self._usable()
        reference, currency = order.order_reference, order.amount.currency
        placed = self._placed_at(reference) or now()
        expires = (placed + timedelta(minutes=settings.pay_minutes)).replace(microsecond=0)
        home = "{0.scheme}://{0.netloc}/".format(urlsplit(order.notify_url))
        price = {
            "currency": currency.lower(),
            "unit_amount": to_acquirer(order.amount.minor, currency),
            "product_data": {"name": order.subject[:200] or reference},
        }
        wish: Any = {
            "mode": "payment",
            "payment_method_types": ["card"],
            "client_reference_id": reference,
            "line_items": [{"quantity": 1, "price_data": price}],
            "success_url": order.return_url or home,
            "cancel_url": order.return_url or home,
            "expires_at": int(expires.timestamp()),
            "metadata": {"order_reference": reference},
            "payment_intent_data": {"metadata": {"order_reference": reference}},
        }
        with refusing():
            made = self._client(settings).v1.checkout.sessions.create(
                wish, {"idempotency_key": f"order-{reference}"}
            )
            session = _read(made, _Session)
        told = (session.client_reference_id, session.amount_total, session.currency)
        if told != (reference, price["unit_amount"], price["currency"]) or not _is_page(session.url):
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        return Instructions(
            payee_name="",
            payee_account=settings.account,
            bank_name="",
            reference=reference,
            pay_url=session.url,
            expires_at=expires,
            method="link",
        )

    def query(self, order_reference: str) -> RailAnswer:
        settings = self._usable()
        with refusing():
            acquirer = self._client(settings)
            session = self._session_of(acquirer, order_reference)
            payment = self._payment_of(acquirer, order_reference, session)
        if payment is None:
            return RailAnswer(order_reference, *_without_payment(session))
        return self._told(order_reference, payment, session, settings)

    def cancel(self, order_reference: str) -> None:
        settings = self._usable()
        with refusing():
            acquirer = self._client(settings)
            session = self._session_of(acquirer, order_reference)
            if session is None:
                raise RailUnavailable(rail=self.code, problem="not_found")
            if session.status == "expired":
                return
            if session.status != "open":
                raise RailDeclined(rail=self.code, bank_code="paid")
            acquirer.v1.checkout.sessions.expire(session.id)

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        settings, reference = self._usable(), refund.refund_reference
        wish: Any = {
            "payment_intent": refund.bank_reference,
            "amount": to_acquirer(refund.amount.minor, refund.amount.currency),
            "metadata": {"refund_reference": reference, "order_reference": refund.order_reference},
        }
        try:
            made = self._client(settings).v1.refunds.create(wish, {"idempotency_key": f"refund-{reference}"})
            return _refund_answer(reference, _read(made, _Refund))
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            word = str(error.code or "")[:64]
            return PayoutAnswer(reference, "rejected", code_of(word), rail_code=word or None)
        except (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError) as error:
            raise RailUnavailable(rail=self.code, problem=type(error).__name__) from error
        except stripe.APIConnectionError as error:
            if isinstance(error.__cause__, Unanswered) and not error.__cause__.reached:
                raise RailUnavailable(rail=self.code, problem=error.__cause__.problem) from error
            return PayoutAnswer(reference, "unknown", "rail_unavailable")
        except (stripe.StripeError, msgspec.MsgspecError, KeyError, TypeError, AttributeError, ValueError):
            return PayoutAnswer(reference, "unknown", "rail_unavailable")

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        settings, reference = self._usable(), refund.refund_reference
        found = self._refund_of(settings, refund.bank_reference, "refund_reference", reference)
        if found is None:
            return PayoutAnswer(reference, "unknown", "refund_unknown")
        return _refund_answer(reference, found)

    def paid_with(self, bank_reference: str) -> PaidWith:
        settings = self._usable()
        with refusing():
            asked: Any = {"expand": ["latest_charge"]}
            told = self._client(settings).v1.payment_intents.retrieve(bank_reference, asked)
            charge = _read(told, _Payment).latest_charge
        method = charge.payment_method_details if isinstance(charge, _Charge) else None
        card = method.card if method is not None else None
        if card is None or card.last4 is None:
            raise RailDeclined(rail=self.code, bank_code="no_card")
        return PaidWith(card.brand or "", card.last4)

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        """Back to the card of a payment: a refund of it that carries our reference."""
        settings, reference = self._usable(), payout.order_reference
        wish: Any = {
            "payment_intent": payout.payee_account,
            "amount": to_acquirer(payout.amount.minor, payout.amount.currency),
            "metadata": {"payout_reference": reference},
        }
        # Within a day the same key gives the same answer, a refusal too: what is asked for again has one of its own.
        key = f"payout-{reference}-{payout.attempt}"
        try:
            made = self._client(settings).v1.refunds.create(wish, {"idempotency_key": key})
            return _payout_answer(reference, _read(made, _Refund))
        except (stripe.CardError, stripe.InvalidRequestError) as error:
            return self._refused_payout(settings, payout, str(error.code or "")[:64])
        except (stripe.AuthenticationError, stripe.PermissionError, stripe.RateLimitError) as error:
            raise RailUnavailable(rail=self.code, problem=type(error).__name__) from error
        except stripe.APIConnectionError as error:
            if isinstance(error.__cause__, Unanswered) and not error.__cause__.reached:
                raise RailUnavailable(rail=self.code, problem=error.__cause__.problem) from error
            return PayoutAnswer(reference, "unknown")
        except (stripe.StripeError, msgspec.MsgspecError, KeyError, TypeError, AttributeError, ValueError):
            return PayoutAnswer(reference, "unknown")

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        settings, payment = self._usable(), self._paid_as(order_reference)
        found = self._refund_of(settings, payment, "payout_reference", order_reference) if payment else None
        if found is None:
            return PayoutAnswer(order_reference, "unknown", "payout_unknown")
        return _payout_answer(order_reference, found)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        return read_notice(headers, body, received_at, self._usable())

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "application/json", b'{"received": true}')

    def download_statement(self, day: date) -> bytes:
        """Of a day by UTC, once it is over."""
        settings = self._usable()
        begins = datetime.combine(day, time.min, UTC)
        ends = begins + timedelta(days=1)
        if now() < ends:
            raise RailUnavailable(rail=self.code, problem="statement_not_ready")
        within: Any = {
            "created": {"gte": int(begins.timestamp()), "lt": int(ends.timestamp())},
            "limit": _PAGE,
            "expand": ["data.source"],
        }
        with refusing():
            listed = self._client(settings).v1.balance_transactions.list(within)
            return write_day(settings.account, day, (each.to_dict() for each in listed.auto_paging_iter()))

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        return read_day(file)

    def _usable(self) -> CardSettings:
        settings = self._settings()
        if settings.problems():
            raise RailUnavailable(rail=self.code, problem="not_configured")
        return settings

    def _client(self, settings: CardSettings) -> stripe.StripeClient:
        return client(settings, self._transport)

    def _refused_payout(self, settings: CardSettings, payout: Payout, word: str) -> PayoutAnswer:
        """Why a refund was refused; where no more can be sent back, it may be because this one was."""
        reference = payout.order_reference
        code = payout_code_of(word)
        if code is None:
            return PayoutAnswer(reference, "unknown", "rail_busy", rail_code=word or None)
        if code == PAYMENT_USED_UP:
            found = self._refund_of(settings, payout.payee_account, "payout_reference", reference)
            if found is not None:
                return _payout_answer(reference, found)
        return PayoutAnswer(reference, "rejected", code, rail_code=word or None)

    def _refund_of(self, settings: CardSettings, payment: str, field: str, reference: str) -> _Refund | None:
        """The refund of a payment that carries a reference of ours; there is no other way to ask about one."""
        with refusing():
            listed = self._client(settings).v1.refunds.list({"payment_intent": payment, "limit": _PAGE})
            found: _Refund | None = first(
                (_read(each, _Refund) for each in listed.auto_paging_iter()),
                lambda each: each.metadata.get(field) == reference,
                most=_REFUNDS_MAX,
            )
            return found

    def _session_of(self, acquirer: stripe.StripeClient, reference: str) -> _Session | None:
        """The order's session, among those that were made when the order was."""
        placed = self._placed_at(reference)
        if placed is None:
            return None
        begins = int(placed.timestamp())
        window: Any = {
            "created": {"gte": begins - 5, "lte": begins + int(_MADE_WITHIN.total_seconds())},
            "limit": _PAGE,
            "expand": ["data.payment_intent.latest_charge"],
        }
        found = first(
            acquirer.v1.checkout.sessions.list(window).auto_paging_iter(),
            lambda each: each.client_reference_id == reference,
            most=_SESSIONS_MAX,
        )
        return _read(found, _Session) if found is not None else None

    def _payment_of(
        self, acquirer: stripe.StripeClient, reference: str, session: _Session | None
    ) -> _Payment | None:
        if session is not None:
            return session.payment_intent if isinstance(session.payment_intent, _Payment) else None
        asked: Any = {
            "query": f"metadata['order_reference']:'{reference}'",
            "limit": 1,
            "expand": ["data.latest_charge"],
        }
        found = acquirer.v1.payment_intents.search(asked).data
        # The search is a pattern match of theirs: what it found must name the order exactly.
        payments = [_read(each, _Payment) for each in found]
        return next((each for each in payments if each.metadata.get("order_reference") == reference), None)

    def _told(
        self, reference: str, payment: _Payment, session: _Session | None, settings: CardSettings
    ) -> RailAnswer:
        failure = payment.last_payment_error or _Failure()
        code = code_of(failure.decline_code, failure.code) if payment.last_payment_error else None
        if payment.status == "succeeded":
            try:
                paid = _notice(reference, payment, settings)
            except Malformed as refusal:
                raise RailUnavailable(rail=self.code, problem="answer_unreadable") from refusal
            return RailAnswer(reference, "paid", (Money(paid.amount_minor, paid.currency),), (paid,))
        if payment.status == "processing":
            return RailAnswer(reference, "processing", ())
        if payment.status == "canceled" or (session is not None and session.status == "expired"):
            return RailAnswer(reference, "failed", (), (), code or "payment_timed_out")
        return RailAnswer(reference, "unpaid", (), (), code)


def _notice(reference: str, payment: _Payment, settings: CardSettings) -> Notice:
    charged = payment.latest_charge.created if isinstance(payment.latest_charge, _Charge) else payment.created
    currency = payment.currency.upper()
    return Notice(
        notice_id=f"query:{payment.id}",
        bank_reference=payment.id,
        payment_reference=normal_reference(reference),
        amount_minor=from_acquirer(payment.amount_received, currency),
        currency=currency,
        payee_account=settings.account,
        paid_at=datetime.fromtimestamp(charged, UTC),
    )


def _without_payment(session: _Session | None) -> tuple[Any, ...]:
    """State, amounts, payments and code of an order for which no card was tried yet."""
    if session is None:
        return ("not_found", ())
    if session.status == "expired":
        return ("failed", (), (), "payment_timed_out")
    return ("unpaid" if session.status == "open" else "processing", ())


def _payout_answer(reference: str, refund: _Refund) -> PayoutAnswer:
    """What failed after it had left our balance has come back to it."""
    outcome: Any = _REFUND_OUTCOMES.get(refund.status or "", "rejected")
    if outcome != "rejected":
        return PayoutAnswer(reference, outcome, bank_reference=refund.id)
    said = refund.failure_reason
    code = payout_code_of(said or "") or UNSPECIFIED_PAYOUT
    outcome = "returned" if refund.balance_transaction else "rejected"
    return PayoutAnswer(reference, outcome, code, rail_code=said, bank_reference=refund.id)


def _refund_answer(reference: str, refund: _Refund) -> PayoutAnswer:
    outcome: Any = _REFUND_OUTCOMES.get(refund.status or "", "rejected")
    code = code_of(refund.failure_reason) if outcome == "rejected" else None
    return PayoutAnswer(reference, outcome, code, rail_code=refund.failure_reason, bank_reference=refund.id)


def _read(given: Any, type_: Any) -> Any:
    """What the SDK gives as a strict type of ours; raises ValueError."""
    try:
        return msgspec.convert(given.to_dict(), type_)
    except msgspec.MsgspecError as error:
        raise ValueError("answer") from error


def _is_page(text: str | None) -> bool:
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)
