"""WeChat Pay APIv3: codes and pages to pay by, queries, refunds, transfers to WeChat balances, bills."""

import hashlib
import hmac
import io
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import BinaryIO, TypeVar

import httpx
import msgspec
from wechatpayv3 import WeChatPayType

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails.adapters.base import BaseRail
from guitai.rails.adapters.bills import unpacked
from guitai.rails.adapters.exchange import Unanswered
from guitai.rails.adapters.reading import BEIJING, is_address, rfc3339
from guitai.rails.adapters.wechat_account import openid_of, page_signature, sign_in_address
from guitai.rails.adapters.wechat_bill import read_bill
from guitai.rails.adapters.wechat_client import GatewayClient
from guitai.rails.adapters.wechat_codes import (
    BUSY,
    NOT_THERE,
    payment_code,
    payout_code,
    plain_code,
    refund_code,
)
from guitai.rails.adapters.wechat_notice import Transaction, payment, read_notice
from guitai.rails.adapters.wechat_settings import WeChatSettings
from guitai.rails.errors import Malformed, RailDeclined, RailUnavailable, StatementRefused
from guitai.rails.rules.payout_reasons import UNSPECIFIED as PAYOUT_UNSPECIFIED
from guitai.rails.statements import StatementPart
from guitai.rails.types import (
    Acknowledgement,
    ConfirmationPage,
    Instructions,
    Notice,
    Payout,
    PayoutAnswer,
    PayoutConfirmation,
    Quote,
    RailAnswer,
    RailOutcome,
    RefundOrder,
    TopUpOrder,
)

_T = TypeVar("_T")
_DESCRIPTION_BYTES_MAX = 127
_REMARK_MAX = 32
# A transfer of this much and more must name its payee, and one below thirty fen may not.
_NAMED_FROM_MINOR = 30
_STATES: dict[str, str] = {
    "NOTPAY": "unpaid",
    "USERPAYING": "processing",
    "ACCEPT": "processing",
    "CLOSED": "failed",
    "REVOKED": "failed",
    "PAYERROR": "failed",
}
_REFUNDS: dict[str, RailOutcome] = {
    "SUCCESS": "done",
    "PROCESSING": "accepted",
    "CLOSED": "rejected",
    "ABNORMAL": "unknown",
}
_TRANSFERS: dict[str, RailOutcome] = {
    "SUCCESS": "done",
    "ACCEPTED": "accepted",
    "PROCESSING": "accepted",
    "TRANSFERING": "accepted",
    # The payee still has to take it, and has a day for that.
    "WAIT_USER_CONFIRM": "accepted",
    "CANCELING": "accepted",
    "FAIL": "rejected",
    "CANCELLED": "rejected",
}


class _Refused(msgspec.Struct, frozen=True):
    code: str = ""


class _Opened(msgspec.Struct, frozen=True):
    code_url: str = ""
    h5_url: str = ""


class _RefundAmount(msgspec.Struct, frozen=True):
    refund: int = 0


class _Refund(msgspec.Struct, frozen=True):
    out_refund_no: str
    status: str
    refund_id: str = ""
    amount: _RefundAmount = _RefundAmount()


class _Transfer(msgspec.Struct, frozen=True):
    out_bill_no: str
    state: str
    transfer_bill_no: str = ""
    fail_reason: str = ""
    transfer_amount: int | None = None
    # What the payee's page asks WeChat with; told only when the transfer is asked for.
    package_info: str = ""
    create_time: str = ""


class _Bill(msgspec.Struct, frozen=True):
    download_url: str
    hash_value: str
    hash_type: str = "SHA1"


class _Said(Exception):
    """WeChat Pay understood and said no."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = plain_code(code)


class WeChatRail(BaseRail):
    """Payment with WeChat Pay, and payout to a WeChat balance."""

    code = "wechat"

    def __init__(
        self, settings: Callable[[], WeChatSettings], transport: httpx.BaseTransport | None = None
    ) -> None:
        self._settings = settings
        self._transport = transport

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(seconds=30))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        settings = self._usable()
        if order.amount.currency != "CNY":
            raise RailDeclined(rail=self.code, bank_code="currency")
        expires_at = now().replace(microsecond=0) + timedelta(minutes=settings.pay_minutes)
        on_page = order.on_phone and settings.phone == "h5" and order.payer_ip
        scene = {"payer_client_ip": order.payer_ip, "h5_info": {"type": "Wap"}} if on_page else None
        answer = self._ask(
            _Opened,
            lambda client: client.pay(
                description=_within_bytes(order.subject or order.order_reference),
                out_trade_no=order.order_reference,
                amount={"total": order.amount.minor, "currency": "CNY"},
                time_expire=expires_at.astimezone(BEIJING).isoformat(),
                scene_info=scene,
                pay_type=WeChatPayType.H5 if on_page else WeChatPayType.NATIVE,
            ),
            order.notify_url,
        )
        link = answer.h5_url if on_page and is_address(answer.h5_url) else None
        if not (link or (answer.code_url and not on_page)):
            raise RailUnavailable(rail=self.code, problem="answer_unreadable")
        if link and order.return_url:
            link = str(httpx.URL(link).copy_merge_params({"redirect_url": order.return_url}))
        return Instructions(
            payee_name="",
            payee_account=settings.payee,
            bank_name="",
            reference=order.order_reference,
            pay_url=link,
            expires_at=expires_at,
            method="link" if link else "qr",
            qr=None if link else answer.code_url,
        )

    def query(self, order_reference: str) -> RailAnswer:
        settings = self._usable()
        try:
            paid = self._ask(Transaction, lambda client: client.query(out_trade_no=order_reference))
        except RailDeclined as refusal:
            if refusal.facts.get("bank_code") in NOT_THERE:
                return RailAnswer(order_reference, "not_found", ())
            raise
        if (paid.out_trade_no, paid.mchid) != (order_reference, settings.merchant_id):
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        # Refunded means paid before; the refund is a movement of its own.
        if paid.trade_state in ("SUCCESS", "REFUND"):
            return self._paid(order_reference, paid)
        state = _STATES.get(paid.trade_state, "processing")
        if state == "unpaid":
            return RailAnswer(order_reference, "unpaid", ())
        if state == "failed":
            code = "payment_failed" if paid.trade_state == "PAYERROR" else "payment_timed_out"
            return RailAnswer(order_reference, "failed", (), code=code)
        return RailAnswer(order_reference, "processing", ())

    def cancel(self, order_reference: str) -> None:
        try:
            self._ask(None, lambda client: client.close(out_trade_no=order_reference))
        except RailDeclined as refusal:
            # Closed already is closed.
            if refusal.facts.get("bank_code") not in {*NOT_THERE, "ORDER_CLOSED", "ORDERCLOSED"}:
                raise

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        settings = self._usable()
        reference = payout.order_reference
        if payout.amount.currency != "CNY":
            return PayoutAnswer(reference, "rejected", "payout_currency_not_taken")
        if not settings.transfer_scene:
            raise RailUnavailable(rail=self.code, problem="not_configured")
        named = payout.payee_name if payout.amount.minor >= _NAMED_FROM_MINOR else None
        infos = [
            {"info_type": type_, "info_content": content} for type_, content in settings.transfer_scene_infos
        ]
        return self._told_transfer(
            reference,
            payout.amount.minor,
            lambda client: client.mch_transfer_bills(
                out_bill_no=reference,
                transfer_scene_id=settings.transfer_scene,
                openid=payout.payee_account,
                transfer_amount=payout.amount.minor,
                transfer_remark=(payout.remittance or reference)[:_REMARK_MAX],
                user_name=named,
                transfer_scene_report_infos=infos,
            ),
        )

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        self._usable()
        try:
            return self._told_transfer(
                order_reference, None, lambda client: client.mch_transfer_bills_query(order_reference)
            )
        except RailDeclined as refusal:
            said = str(refusal.facts.get("bank_code"))
            code = "payout_unknown" if said in NOT_THERE else None
            return PayoutAnswer(order_reference, "unknown", code, said)

    def call_back(self, order_reference: str) -> PayoutAnswer:
        self._usable()
        try:
            return self._told_transfer(
                order_reference, None, lambda client: client.mch_transfer_bills_cancel(order_reference)
            )
        except RailDeclined as refusal:
            # Its payee has just confirmed it: what became of it, the next question says.
            return PayoutAnswer(order_reference, "unknown", rail_code=str(refusal.facts.get("bank_code")))

    def payee_sign_in(self, state: str, return_url: str) -> str:
        return sign_in_address(self._usable(), state, return_url)

    def payee_of(self, code: str) -> str | None:
        try:
            return openid_of(self._usable(), self._transport, code)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error

    def confirms_within(self) -> timedelta:
        return timedelta(hours=self._settings().confirm_hours)

    def confirmation_page(self, package: str, page_url: str) -> ConfirmationPage:
        settings = self._usable()
        try:
            signed = page_signature(settings, self._transport, page_url)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        wish = {"mchId": settings.merchant_id, "appId": settings.app_id, "package": package}
        return ConfirmationPage(settings.script_url, signed, wish)

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        return self._told_refund(
            refund,
            lambda client: client.refund(
                out_refund_no=refund.refund_reference,
                transaction_id=refund.bank_reference,
                amount={
                    "refund": refund.amount.minor,
                    "total": refund.paid.minor,
                    "currency": refund.amount.currency,
                },
            ),
        )

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        return self._told_refund(
            refund, lambda client: client.query_refund(refund.refund_reference), asking=True
        )

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        return read_notice(headers, body, received_at, self._usable())

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "application/json", b'{"code":"SUCCESS","message":""}')

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        return read_bill(file, self._settings().merchant_id)

    def download_statement(self, day: date) -> bytes:
        """The day's list, proved by the digest that the signed answer names."""
        settings = self._usable()
        try:
            bill = self._ask(_Bill, lambda client: _bill(client, settings, day))
        except RailDeclined as refusal:
            raise RailUnavailable(rail=self.code, problem="statement_not_ready") from refusal
        if not bill.download_url.startswith(settings.gateway_url.rstrip("/") + "/"):
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        try:
            status, packed = GatewayClient(settings, self._transport).download_bill(bill.download_url)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        if status != httpx.codes.OK:
            raise RailUnavailable(rail=self.code, problem=f"status_{status}")
        if bill.hash_type != "SHA1" or not _has_digest(packed, bill.hash_value):
            raise RailUnavailable(rail=self.code, problem="answer_digest")
        return bytes(packed)

    def _paid(self, order_reference: str, paid: Transaction) -> RailAnswer:
        try:
            found = payment(paid, f"query:{paid.transaction_id}")
            money = Money(found.amount_minor, found.currency)
        except Malformed as refusal:
            raise RailUnavailable(rail=self.code, problem="answer_unreadable") from refusal
        return RailAnswer(order_reference, "paid", (money,), (found,))

    def _told_transfer(
        self, reference: str, amount: int | None, call: Callable[[GatewayClient], object]
    ) -> PayoutAnswer:
        asking = amount is None
        try:
            told = self._exchanged(_Transfer, call)
        except _Said as said:
            if asking:
                raise RailDeclined(rail=self.code, bank_code=said.code) from said
            return _not_done(reference, said.code, payout_code(said.code))
        except Unanswered as error:
            return self._unheard(reference, error, asking=asking)
        if told.out_bill_no != reference:
            return PayoutAnswer(reference, "unknown", rail_code="answer_differs")
        outcome = _TRANSFERS.get(told.state, "unknown")
        code = None
        if outcome == "rejected":
            code = payout_code(told.fail_reason or told.state) or PAYOUT_UNSPECIFIED
        said_code = plain_code(told.fail_reason or told.state)
        return PayoutAnswer(
            reference, outcome, code, said_code, told.transfer_bill_no or None, self._confirmation(told)
        )

    def _confirmation(self, told: _Transfer) -> PayoutConfirmation | None:
        """By when the payee has to confirm, where WeChat waits for that."""
        if told.state != "WAIT_USER_CONFIRM":
            return None
        try:
            begun = rfc3339(told.create_time)
        except Malformed:
            # A time that cannot be read gives its payee the whole of it from now on.
            begun = now()
        return PayoutConfirmation(begun + self.confirms_within(), told.package_info)

    def _told_refund(
        self, refund: RefundOrder, call: Callable[[GatewayClient], object], *, asking: bool = False
    ) -> PayoutAnswer:
        reference = refund.refund_reference
        try:
            told = self._exchanged(_Refund, call)
        except _Said as said:
            if asking:
                # It never came: the same reference may be asked for again and counts once.
                code = "refund_unknown" if said.code in NOT_THERE else None
                return PayoutAnswer(reference, "unknown", code, said.code)
            return _not_done(reference, said.code, refund_code(said.code))
        except Unanswered as error:
            return self._unheard(reference, error, asking=asking)
        if (told.out_refund_no, told.amount.refund) != (reference, refund.amount.minor):
            return PayoutAnswer(reference, "unknown", rail_code="answer_differs")
        outcome = _REFUNDS.get(told.status, "unknown")
        code = "refund_payer_cannot_receive" if outcome == "rejected" else None
        return PayoutAnswer(reference, outcome, code, plain_code(told.status), told.refund_id or None)

    def _unheard(self, reference: str, error: Unanswered, *, asking: bool) -> PayoutAnswer:
        if asking or not error.reached:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        return PayoutAnswer(reference, "unknown", rail_code=error.problem[:64])

    def _ask(
        self, type_: type[_T] | None, call: Callable[[GatewayClient], object], notify_url: str | None = None
    ) -> _T:
        """An answer that says something about the question; refuses rail_unavailable, rail_declined."""
        try:
            return self._exchanged(type_, call, notify_url)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        except _Said as said:
            if said.code in BUSY:
                raise RailUnavailable(rail=self.code, problem=said.code) from said
            raise RailDeclined(rail=self.code, bank_code=said.code, reason=payment_code(said.code)) from said

    def _exchanged(
        self, type_: type[_T] | None, call: Callable[[GatewayClient], object], notify_url: str | None = None
    ) -> _T:
        client = GatewayClient(self._usable(), self._transport, notify_url)
        status, content = call(client)  # type: ignore[misc]
        try:
            if not 200 <= status < 300:
                raise _Said(msgspec.json.decode(content, type=_Refused).code or f"STATUS_{status}")
            return msgspec.json.decode(content, type=type_) if type_ is not None else None  # type: ignore[return-value]
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unanswered("answer_unreadable") from error

    def _usable(self) -> WeChatSettings:
        settings = self._settings()
        if settings.problems():
            raise RailUnavailable(rail=self.code, problem="not_configured")
        return settings


def _not_done(reference: str, theirs: str, ours: str | None) -> PayoutAnswer:
    """A refusal, where the answer says for certain that nothing was done; unknown otherwise."""
    return PayoutAnswer(reference, "rejected" if ours else "unknown", ours, theirs)


def _bill(client: GatewayClient, settings: WeChatSettings, day: date) -> object:
    if settings.bill == "fundflow":
        return client.fundflow_bill(day.isoformat())
    return client.trade_bill(day.isoformat())


def _has_digest(packed: bytes, told: str) -> bool:
    """The digest is of the list itself, packed or not as it came."""
    digest = hashlib.sha1(usedforsecurity=False)
    try:
        with unpacked(io.BytesIO(packed)) as files:
            for _, file in files:
                while part := file.read(65_536):
                    digest.update(part)
    except StatementRefused:
        return False
    return hmac.compare_digest(digest.hexdigest(), told.lower())


def _within_bytes(text: str) -> str:
    """At most as many bytes as a description may have, never half a character."""
    cleaned = re.sub(r"\s+", " ", text).strip()
    return cleaned.encode()[:_DESCRIPTION_BYTES_MAX].decode("utf-8", "ignore")
