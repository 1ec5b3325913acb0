"""The bank rail: orders and notices over signed HTTP."""

import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any, BinaryIO, Literal
from urllib.parse import quote, urlsplit

import httpx
import msgspec

from guitai.base.clock import now
from guitai.base.money import MINOR_MAX, Money
from guitai.base.signatures import SignatureWrong, sign_request, verify_answer, verify_request
from guitai.kit.environment import environment
from guitai.kit.keys import KeyMissing, own_key, peer_key
from guitai.rails.adapters.bank_settings import BankSettings
from guitai.rails.adapters.base import BaseRail
from guitai.rails.errors import BadSignature, Malformed, RailDeclined, RailUnavailable
from guitai.rails.rules.notices import NoticeUnreadable, normal_reference, parse_notice
from guitai.rails.rules.pain001 import pain001
from guitai.rails.statements import StatementPart, read_statements
from guitai.rails.statements.pain002 import read_payout_status
from guitai.rails.types import (
    Acknowledgement,
    Instructions,
    Notice,
    PayoutBatch,
    PayoutStatus,
    Quote,
    RailAnswer,
    TopUpOrder,
)

_TIMEOUT_S = 5.0
_ANSWER_BYTES_MAX = 65_536
# The bank gives the same answer to the same order, so a lost connection may simply be tried again.
_PAUSES_S = (0.2, 0.8)

_Line = Annotated[str, msgspec.Meta(min_length=1, max_length=140)]


class _Amount(msgspec.Struct, frozen=True):
    amount: Annotated[int, msgspec.Meta(ge=1, le=MINOR_MAX)]
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[A-Z]{3}\Z")]


class _Payment(_Amount, frozen=True):
    bank_reference: Annotated[str, msgspec.Meta(max_length=64)] = ""
    payment_reference: Annotated[str, msgspec.Meta(max_length=140)] = ""
    payee_account: Annotated[str, msgspec.Meta(max_length=64)] = ""
    paid_at: Annotated[datetime, msgspec.Meta(tz=True)] | None = None


class _OrderAnswer(msgspec.Struct, frozen=True):
    order_reference: str
    amount: _Amount
    state: str
    payee_name: _Line
    payee_account: Annotated[str, msgspec.Meta(min_length=1, max_length=64)]
    bank_name: _Line
    payment_reference: _Line
    expires_at: Annotated[datetime, msgspec.Meta(tz=True)]
    pay_url: str | None = None
    payments: tuple[_Payment, ...] = ()


class _Declined(msgspec.Struct, frozen=True):
    code: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,64}\Z")]


class BankRail(BaseRail):
    """Bank transfer to our account, with a reference that names the order."""

    code = "bank"
    payouts_by: Literal["file", "call"] = "file"

    def __init__(
        self,
        transport: httpx.BaseTransport | None = None,
        settings: Callable[[], BankSettings] | None = None,
    ) -> None:
        self._transport = transport
        self._settings = settings or (lambda: BankSettings(**bank_from_environment()))

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(minutes=1))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        request = {
            "order_reference": order.order_reference,
            "amount": order.amount.fact(),
            "notify_url": order.notify_url,
        }
        answer = self._order(self._call("POST", "/bank/orders", msgspec.json.encode(request)))
        told = Money(answer.amount.amount, answer.amount.currency)
        if answer.order_reference != order.order_reference or told != order.amount:
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        return Instructions(
            payee_name=answer.payee_name,
            payee_account=answer.payee_account,
            bank_name=answer.bank_name,
            reference=answer.payment_reference,
            pay_url=_web_address(answer.pay_url),
            expires_at=answer.expires_at,
        )

    def start_payout(self, batch: PayoutBatch) -> bytes:
        return pain001(batch)

    def parse_payout_status(self, file: BinaryIO) -> Iterator[PayoutStatus]:
        return read_payout_status(file)

    def query(self, order_reference: str) -> RailAnswer:
        try:
            content = self._call("GET", f"/bank/orders/{quote(order_reference, safe='')}", b"")
        except RailDeclined as refusal:
            if refusal.facts.get("bank_code") == "order_unknown":
                return RailAnswer(order_reference, "not_found", ())
            raise
        answer = self._order(content)
        if answer.order_reference != order_reference:
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        paid = tuple(Money(payment.amount, payment.currency) for payment in answer.payments)
        told = tuple(notice for payment in answer.payments if (notice := _notice(payment)) is not None)
        return RailAnswer(order_reference, "paid" if paid else "unpaid", paid, told)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        try:
            verify_request(
                peer_key("bank"),
                "bank",
                method="POST",
                path=notice_path(self.code),
                headers=headers,
                body=body,
                # Judged by when it came, so that a late look never turns a good notice into a bad one.
                at=received_at,
            )
        except SignatureWrong as error:
            raise BadSignature(problem=error.problem) from error
        try:
            return parse_notice(body)
        except NoticeUnreadable as error:
            raise Malformed(problem=error.problem) from error

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        return read_statements(file)

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(202, "application/json", b"", with_receipt=True)

    def _order(self, content: bytes) -> _OrderAnswer:
        try:
            return msgspec.json.decode(content, type=_OrderAnswer)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise RailUnavailable(rail=self.code, problem="answer_unreadable") from error

    def _call(self, method: str, path: str, body: bytes) -> bytes:
        """One signed exchange: the body of a genuine answer."""
        address = self._settings().address.rstrip("/").removesuffix("/bank")
        if not address:
            raise RailUnavailable(rail=self.code, problem="not_configured")
        try:
            key, bank = own_key(), peer_key("bank")
        except KeyMissing as error:
            raise RailUnavailable(rail=self.code, problem="key_missing") from error
        signed_path = urlsplit(address).path + path
        headers = sign_request(key, "wallet", method=method, path=signed_path, body=body, at=now())
        answer = self._send(method, address + path, headers, body)
        try:
            verify_answer(
                bank,
                "bank",
                status=answer.status_code,
                headers={name.lower(): value for name, value in answer.headers.items()},
                body=answer.content,
                at=now(),
            )
        except SignatureWrong as error:
            problem = f"answer_{error.problem}" if answer.is_success else f"status_{answer.status_code}"
            raise RailUnavailable(rail=self.code, problem=problem) from error
        if answer.is_success:
            return answer.content
        raise self._declined(answer)

    def _send(self, method: str, url: str, headers: dict[str, str], body: bytes) -> httpx.Response:
        with httpx.Client(timeout=_TIMEOUT_S, transport=self._transport, trust_env=False) as client:
            for pause_s in (*_PAUSES_S, None):
                try:
                    answer = client.request(
                        method, url, content=body, headers={"Content-Type": "application/json", **headers}
                    )
                    break
                except httpx.HTTPError as error:
                    if pause_s is None:
                        raise RailUnavailable(rail=self.code, problem=type(error).__name__) from error
                    time.sleep(pause_s)
        if len(answer.content) > _ANSWER_BYTES_MAX:
            raise RailUnavailable(rail=self.code, problem="answer_too_large")
        return answer

    def _declined(self, answer: httpx.Response) -> RailDeclined | RailUnavailable:
        try:
            code = msgspec.json.decode(answer.content, type=_Declined).code
        except (msgspec.MsgspecError, ValueError, RecursionError):
            return RailUnavailable(rail=self.code, problem=f"status_{answer.status_code}")
        return RailDeclined(rail=self.code, bank_code=code)


def bank_from_environment() -> dict[str, Any]:
    """The bank's address where the machine names it: it counts while the operator has set none."""
    return {"address": environment().bank_url}


def notice_url(rail: str) -> str:
    """Where a rail sends its notices."""
    return f"{environment().public_url}/rails/{rail}/notices/"


def notice_path(rail: str) -> str:
    """The `@path` that a notice's signature covers."""
    return urlsplit(notice_url(rail)).path


def _notice(payment: _Payment) -> Notice | None:
    """A payment that the bank names in its answer; one without its number and time proves nothing."""
    if not payment.bank_reference or payment.paid_at is None:
        return None
    return Notice(
        notice_id=f"query:{payment.bank_reference}",
        bank_reference=payment.bank_reference,
        payment_reference=normal_reference(payment.payment_reference),
        amount_minor=payment.amount,
        currency=payment.currency,
        payee_account=payment.payee_account,
        paid_at=payment.paid_at,
    )


def _web_address(text: str | None) -> str | None:
    """A link that may be shown to a customer, or none: `javascript:` and friends are not addresses."""
    try:
        parts = urlsplit(text or "")
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.hostname else None
