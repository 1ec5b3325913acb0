"""Alipay's Open API: pages and codes to pay by, queries, refunds, transfers to Alipay accounts, bills."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, BinaryIO

import httpx
import msgspec
from alipay.aop.api.request.AlipayDataDataserviceBillDownloadurlQueryRequest import (
    AlipayDataDataserviceBillDownloadurlQueryRequest,
)
from alipay.aop.api.request.AlipayFundTransCommonQueryRequest import AlipayFundTransCommonQueryRequest
from alipay.aop.api.request.AlipayFundTransUniTransferRequest import AlipayFundTransUniTransferRequest
from alipay.aop.api.request.AlipayTradeCloseRequest import AlipayTradeCloseRequest
from alipay.aop.api.request.AlipayTradeFastpayRefundQueryRequest import AlipayTradeFastpayRefundQueryRequest
from alipay.aop.api.request.AlipayTradePagePayRequest import AlipayTradePagePayRequest
from alipay.aop.api.request.AlipayTradePrecreateRequest import AlipayTradePrecreateRequest
from alipay.aop.api.request.AlipayTradeQueryRequest import AlipayTradeQueryRequest
from alipay.aop.api.request.AlipayTradeRefundRequest import AlipayTradeRefundRequest
from alipay.aop.api.request.AlipayTradeWapPayRequest import AlipayTradeWapPayRequest

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails.adapters.alipay_bill import read_bill
from guitai.rails.adapters.alipay_client import GatewayClient
from guitai.rails.adapters.alipay_codes import (
    BUSY,
    NOT_THERE,
    payment_code,
    payout_code,
    plain_code,
    refund_code,
)
from guitai.rails.adapters.alipay_notice import PAID, read_notice
from guitai.rails.adapters.alipay_settings import AlipaySettings
from guitai.rails.adapters.base import BaseRail
from guitai.rails.adapters.exchange import FILE_BYTES_MAX, Unanswered, exchange
from guitai.rails.adapters.reading import BEIJING, beijing, is_address, token, yuan
from guitai.rails.errors import Malformed, RailDeclined, RailUnavailable
from guitai.rails.rules.payout_reasons import UNSPECIFIED as PAYOUT_UNSPECIFIED
from guitai.rails.statements import StatementPart
from guitai.rails.types import (
    Instructions,
    Notice,
    Payout,
    PayoutAnswer,
    Quote,
    RailAnswer,
    RailOutcome,
    RefundOrder,
    TopUpOrder,
)

_OK, _FAILED = "10000", "40004"
_TRANSFER = {"product_code": "TRANS_ACCOUNT_NO_PWD", "biz_scene": "DIRECT_TRANSFER"}
_SUBJECT_MAX = 256
_TRANSFERS: dict[str, RailOutcome] = {
    "SUCCESS": "done",
    "DEALING": "accepted",
    "WAIT_PAY": "accepted",
    "INIT": "accepted",
    "FAIL": "rejected",
    "CLOSED": "rejected",
    "REFUND": "rejected",
}


class Answer(msgspec.Struct, frozen=True):
    """What any of the calls below may say."""

    code: str
    sub_code: str = ""
    out_trade_no: str = ""
    trade_no: str = ""
    trade_status: str = ""
    total_amount: str = ""
    send_pay_date: str = ""
    qr_code: str = ""
    fund_change: str = ""
    refund_amount: str = ""
    refund_status: str = ""
    out_request_no: str = ""
    out_biz_no: str = ""
    order_id: str = ""
    status: str = ""
    error_code: str = ""
    trans_amount: str = ""
    bill_download_url: str = ""


class AlipayRail(BaseRail):
    """Payment with Alipay, and payout to an Alipay account."""

    code = "alipay"

    def __init__(
        self, settings: Callable[[], AlipaySettings], transport: httpx.BaseTransport | None = None
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
        way = settings.phone if order.on_phone else settings.desk
        link, code = None, None
        if way == "qr":
            code = self._code(settings, order, expires_at)
        else:
            link = self._page(settings, order, expires_at, on_phone=way == "wap")
        return Instructions(
            payee_name="",
            payee_account=settings.payee,
            bank_name="",
            reference=order.order_reference,
            pay_url=link,
            expires_at=expires_at,
            method="qr" if code else "link",
            qr=code,
        )

    def query(self, order_reference: str) -> RailAnswer:
        settings = self._usable()
        answer = self._ask(settings, AlipayTradeQueryRequest(), {"out_trade_no": order_reference})
        if plain_code(answer.sub_code) in NOT_THERE:
            return RailAnswer(order_reference, "not_found", ())
        self._expect(answer, (answer.out_trade_no, order_reference))
        if answer.trade_status == "WAIT_BUYER_PAY":
            return RailAnswer(order_reference, "unpaid", ())
        # Closed means refunded in full where there was a payment; the refund is a movement of its own.
        paid = answer.trade_status in PAID or (answer.trade_status == "TRADE_CLOSED" and answer.send_pay_date)
        if paid:
            payment = self._payment(settings, answer)
            return RailAnswer(
                order_reference, "paid", (Money(payment.amount_minor, payment.currency),), (payment,)
            )
        if answer.trade_status == "TRADE_CLOSED":
            return RailAnswer(order_reference, "failed", (), code="payment_timed_out")
        return RailAnswer(order_reference, "processing", ())

    def cancel(self, order_reference: str) -> None:
        """Close; never `alipay.trade.cancel`, which sends the money of a paid order back."""
        settings = self._usable()
        answer = self._ask(settings, AlipayTradeCloseRequest(), {"out_trade_no": order_reference})
        # A page that nobody opened has made no trade, and its link ends with its time.
        if answer.code == _OK or plain_code(answer.sub_code) in NOT_THERE:
            return
        raise self._declined(answer)

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        settings = self._usable()
        reference = payout.order_reference
        if payout.amount.currency != "CNY":
            return PayoutAnswer(reference, "rejected", "payout_currency_not_taken")
        wish = {
            **_TRANSFER,
            "out_biz_no": reference,
            "trans_amount": payout.amount.decimal(),
            "order_title": payout.remittance[:64] or reference,
            "remark": payout.remittance[:100],
            "payee_info": {
                "identity": payout.payee_account,
                "identity_type": settings.payee_identity,
                "name": payout.payee_name,
            },
        }
        try:
            answer = self._exchanged(settings, AlipayFundTransUniTransferRequest(), wish)
        except Unanswered as error:
            return self._unheard(reference, error)
        return self._transferred(reference, answer)

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        settings = self._usable()
        wish = {**_TRANSFER, "out_biz_no": order_reference}
        answer = self._ask(settings, AlipayFundTransCommonQueryRequest(), wish)
        told = self._transferred(order_reference, answer)
        not_there = told.outcome == "unknown" and told.rail_code in NOT_THERE
        return replace(told, code="payout_unknown") if not_there else told

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        settings = self._usable()
        reference = refund.refund_reference
        wish = {
            "out_trade_no": refund.order_reference,
            "trade_no": refund.bank_reference,
            "refund_amount": refund.amount.decimal(),
            "out_request_no": reference,
        }
        try:
            answer = self._exchanged(settings, AlipayTradeRefundRequest(), wish)
        except Unanswered as error:
            return self._unheard(reference, error)
        if answer.code == _OK:
            if answer.trade_no not in ("", refund.bank_reference):
                return PayoutAnswer(reference, "unknown", rail_code="answer_differs")
            if answer.fund_change == "Y":
                return PayoutAnswer(reference, "done", bank_reference=answer.trade_no or None)
            return self.query_refund(refund)
        return self._not_done(reference, answer, refund_code(answer.sub_code))

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        settings = self._usable()
        reference = refund.refund_reference
        wish = {
            "out_trade_no": refund.order_reference,
            "trade_no": refund.bank_reference,
            "out_request_no": reference,
        }
        answer = self._ask(settings, AlipayTradeFastpayRefundQueryRequest(), wish)
        if answer.code != _OK:
            return self._not_done(reference, answer, refund_code(answer.sub_code))
        if answer.refund_status != "REFUND_SUCCESS":
            # It never came, or failed: the same reference may be asked for again and counts once.
            said = plain_code(answer.refund_status) or "no_refund"
            return PayoutAnswer(reference, "unknown", "refund_unknown", said)
        self._expect(answer, (answer.out_request_no, reference))
        if _yuan_or_none(answer.refund_amount) != refund.amount.minor:
            return PayoutAnswer(reference, "unknown", rail_code="amount_differs")
        return PayoutAnswer(reference, "done", bank_reference=answer.trade_no or None)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        return read_notice(body, self._usable())

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        return read_bill(file)

    def download_statement(self, day: date) -> bytes:
        settings = self._usable()
        wish = {"bill_type": settings.bill, "bill_date": day.isoformat()}
        answer = self._ask(settings, AlipayDataDataserviceBillDownloadurlQueryRequest(), wish)
        if answer.code != _OK or not is_address(answer.bill_download_url):
            raise RailUnavailable(rail=self.code, problem="statement_not_ready")
        try:
            file = exchange(
                "GET", answer.bill_download_url, transport=self._transport, bytes_max=FILE_BYTES_MAX
            )
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        if not file.is_success:
            raise RailUnavailable(rail=self.code, problem=f"status_{file.status_code}")
        return file.content

    def _code(self, settings: AlipaySettings, order: TopUpOrder, expires_at: datetime) -> str:
        answer = self._ask(
            settings, AlipayTradePrecreateRequest(), _trade(order, expires_at), order.notify_url
        )
        if answer.code != _OK:
            raise self._declined(answer)
        self._expect(answer, (answer.out_trade_no, order.order_reference))
        if not is_address(answer.qr_code):
            raise RailUnavailable(rail=self.code, problem="answer_unreadable")
        return answer.qr_code

    def _page(
        self, settings: AlipaySettings, order: TopUpOrder, expires_at: datetime, *, on_phone: bool
    ) -> str:
        request = AlipayTradeWapPayRequest() if on_phone else AlipayTradePagePayRequest()
        product = "QUICK_WAP_WAY" if on_phone else "FAST_INSTANT_TRADE_PAY"
        request.biz_content = {**_trade(order, expires_at), "product_code": product}
        request.notify_url = order.notify_url
        request.return_url = order.return_url or None
        return GatewayClient(settings, self._transport).page_url(request)

    def _payment(self, settings: AlipaySettings, answer: Answer) -> Notice:
        """The payment that an answer proves; it was signed for our application, whose seller is ours."""
        try:
            number = token(answer.trade_no, "trade_no")
            return Notice(
                notice_id=f"query:{number}",
                bank_reference=number,
                payment_reference=answer.out_trade_no,
                amount_minor=yuan(answer.total_amount),
                currency="CNY",
                payee_account=settings.payee,
                paid_at=beijing(answer.send_pay_date),
            )
        except Malformed as refusal:
            raise RailUnavailable(rail=self.code, problem="answer_unreadable") from refusal

    def _transferred(self, reference: str, answer: Answer) -> PayoutAnswer:
        if answer.code != _OK:
            return self._not_done(reference, answer, payout_code(answer.sub_code))
        if answer.out_biz_no != reference:
            return PayoutAnswer(reference, "unknown", rail_code="answer_differs")
        outcome = _TRANSFERS.get(answer.status, "unknown")
        code = None
        if outcome == "rejected":
            sent_back = "payout_sent_back_by_payee" if answer.status == "REFUND" else PAYOUT_UNSPECIFIED
            code = payout_code(answer.error_code) or sent_back
        said = plain_code(answer.error_code or answer.status)
        return PayoutAnswer(reference, outcome, code, said, answer.order_id or None)

    def _not_done(self, reference: str, answer: Answer, ours: str | None) -> PayoutAnswer:
        """A refusal, where the answer says for certain that nothing was done; unknown otherwise."""
        theirs = plain_code(answer.sub_code) or answer.code
        certain = answer.code == _FAILED and theirs not in BUSY and ours is not None
        return PayoutAnswer(
            reference, "rejected" if certain else "unknown", ours if certain else None, theirs
        )

    def _unheard(self, reference: str, error: Unanswered) -> PayoutAnswer:
        if not error.reached:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        return PayoutAnswer(reference, "unknown", rail_code=error.problem[:64])

    def _ask(
        self, settings: AlipaySettings, request: Any, wish: dict[str, Any], notify_url: str = ""
    ) -> Answer:
        """An answer that says something about the question; refuses rail_unavailable."""
        try:
            answer = self._exchanged(settings, request, wish, notify_url)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        if answer.code not in (_OK, _FAILED) or plain_code(answer.sub_code) in BUSY:
            raise RailUnavailable(rail=self.code, problem=(plain_code(answer.sub_code) or answer.code)[:64])
        return answer

    def _exchanged(
        self, settings: AlipaySettings, request: Any, wish: dict[str, Any], notify_url: str = ""
    ) -> Answer:
        request.biz_content = wish
        if notify_url:
            request.notify_url = notify_url
        content = GatewayClient(settings, self._transport).execute(request)
        try:
            return msgspec.json.decode(content, type=Answer, strict=False)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise Unanswered("answer_unreadable") from error

    def _expect(self, answer: Answer, told_and_asked: tuple[str, str]) -> None:
        """A genuine answer to another question is no answer to this one."""
        if answer.code != _OK:
            raise self._declined(answer)
        if told_and_asked[0] != told_and_asked[1]:
            raise RailUnavailable(rail=self.code, problem="answer_differs")

    def _declined(self, answer: Answer) -> RailDeclined:
        said = plain_code(answer.sub_code) or answer.code
        return RailDeclined(rail=self.code, bank_code=said, reason=payment_code(answer.sub_code))

    def _usable(self) -> AlipaySettings:
        settings = self._settings()
        if settings.problems():
            raise RailUnavailable(rail=self.code, problem="not_configured")
        return settings


def _yuan_or_none(text: str) -> int | None:
    try:
        return yuan(text)
    except Malformed:
        return None


def _trade(order: TopUpOrder, expires_at: datetime) -> dict[str, Any]:
    return {
        "out_trade_no": order.order_reference,
        "total_amount": order.amount.decimal(),
        "subject": (order.subject or order.order_reference)[:_SUBJECT_MAX],
        "time_expire": expires_at.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S"),
    }
