"""UnionPay's online gateway (ACP 5.1.0): forms that payers' browsers post, queries, refunds, pay on behalf, files.

A transaction is known by the merchant, its number and its sending time together, so the time of every wish of ours is
the moment when it was first written down: asked again, the same order gives the same form.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import BinaryIO
from urllib.parse import urlencode

import httpx

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails.adapters.base import BaseRail
from guitai.rails.adapters.exchange import FILE_BYTES_MAX, Unanswered, exchange
from guitai.rails.adapters.unionpay_codes import (
    BUSY,
    DONE,
    DUPLICATE,
    NO_FILE,
    NOT_FOUND,
    NUMBER_OF,
    PAYOUT_UNDECIDED,
    UNDECIDED,
    code_of,
    payout_code,
)
from guitai.rails.adapters.unionpay_file import read_settlement, unpacked
from guitai.rails.adapters.unionpay_reading import (
    PAYMENT,
    PAYOUT,
    REFUND,
    UNDO,
    customer_info,
    order_answer,
    payment,
    payout_answer,
    refund_answer,
    settlement_day,
    time_text,
)
from guitai.rails.adapters.unionpay_settings import UnionPaySettings
from guitai.rails.adapters.unionpay_signature import NotGenuine, read_answer, read_form, signed, verify
from guitai.rails.errors import (
    BadSignature,
    Malformed,
    NothingPaid,
    PayoutTold,
    RailDeclined,
    RailUnavailable,
    StatementRefused,
)
from guitai.rails.rules.notices import normal_reference
from guitai.rails.statements import StatementPart
from guitai.rails.types import (
    Acknowledgement,
    Instructions,
    Notice,
    Payout,
    PayoutAnswer,
    Quote,
    RailAnswer,
    RefundOrder,
    TopUpOrder,
)

Fields = dict[str, str]
_WEB, _PHONE = "07", "08"
_CONSUMER_PAYMENTS, _ON_BEHALF = "000201", "000401"
_BANK_CARD = "01"
_BILL_NOTE_MAX = 40
_FRONT, _BACK, _QUERY = (
    "/gateway/api/frontTransReq.do",
    "/gateway/api/backTransReq.do",
    "/gateway/api/queryTrans.do",
)
_ORDER_NUMBER = re.compile(r"[A-Za-z0-9]{8,40}\Z", re.ASCII)


class UnionPayRail(BaseRail):
    """Payment by a UnionPay card on UnionPay's own page, and payout to a bank card."""

    code = "unionpay"

    def __init__(
        self,
        settings: Callable[[], UnionPaySettings],
        placed_at: Callable[[str], datetime | None],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """`placed_at` says when a wish of ours began, by its reference."""
        self._settings = settings
        self._placed_at = placed_at
        self._transport = transport

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(seconds=30))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        settings = self._usable()
        if order.amount.currency not in NUMBER_OF:
            raise RailDeclined(rail=self.code, bank_code="currency")
        sent = self._sent_at(order.order_reference)
        expires = sent + timedelta(minutes=settings.pay_minutes)
        subject = re.sub(r"[{}\[\]&=\s]+", " ", order.subject).strip()[:60]
        form = {
            **self._common(settings, PAYMENT, "01", _CONSUMER_PAYMENTS, sent),
            "channelType": _PHONE if order.on_phone else _WEB,
            "orderId": _number(order.order_reference),
            "txnAmt": str(order.amount.minor),
            "currencyCode": NUMBER_OF[order.amount.currency],
            "backUrl": order.notify_url,
            "frontUrl": order.return_url,
            "payTimeout": time_text(expires),
            "riskRateInfo": f"{{commodityName={subject}}}" if subject else "",
        }
        return Instructions(
            payee_name="",
            payee_account=settings.merchant_id,
            bank_name="",
            reference=order.order_reference,
            pay_url=settings.gateway_url.rstrip("/") + _FRONT,
            expires_at=expires,
            method="form",
            form=signed(form, settings.signing_key()),
        )

    def query(self, order_reference: str) -> RailAnswer:
        settings = self._usable()
        sent = self._sent_at(order_reference)
        fields = self._ask(settings, order_reference, sent)
        over = now() > sent + timedelta(minutes=settings.pay_minutes)
        try:
            return order_answer(order_reference, fields, over=over)
        except Malformed as refusal:
            raise RailUnavailable(rail=self.code, problem="answer_unreadable") from refusal

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        """Whole and on the settlement day of the payment it is undone, which reaches the payer at once."""
        settings = self._usable()
        sent = self._sent_at(refund.refund_reference)
        same_day = settlement_day(refund.bank_reference) == settlement_day(time_text(sent))
        kind = UNDO if same_day and refund.amount == refund.paid else REFUND
        wish = {
            **self._common(settings, kind, "00", _CONSUMER_PAYMENTS, sent),
            "channelType": _WEB,
            "orderId": _number(refund.refund_reference),
            "origQryId": refund.bank_reference,
            "txnAmt": str(refund.amount.minor),
            "currencyCode": NUMBER_OF[refund.amount.currency],
            # The refund's end is asked for (`query_refund`); a notice of it says nothing new.
            "backUrl": "http://www.specialUrl.com",
        }
        reference = refund.refund_reference
        try:
            fields = self._call(settings, settings.gateway_url.rstrip("/") + _BACK, wish)
        except Unanswered:
            return PayoutAnswer(reference, "unknown", "rail_unavailable")
        said = fields["respCode"]
        if said == DUPLICATE:
            return self.query_refund(refund)
        if said in DONE:
            return PayoutAnswer(
                reference, "accepted", rail_code=said, bank_reference=fields.get("queryId") or None
            )
        if said in UNDECIDED:
            return PayoutAnswer(reference, "unknown", rail_code=said)
        return PayoutAnswer(reference, "rejected", code_of(said), rail_code=said)

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        settings = self._usable()
        reference = refund.refund_reference
        return refund_answer(reference, self._ask(settings, reference, self._sent_at(reference)))

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        """An answer of `00` says that it was taken on, never that it was paid."""
        settings = self._usable()
        reference = payout.order_reference
        if payout.amount.currency != "CNY":
            return PayoutAnswer(reference, "rejected", "payout_currency_not_taken")
        card = settings.sealed_card(payout.payee_account)
        wish = {
            **self._common(settings, PAYOUT, "00", _ON_BEHALF, self._sent_at(reference)),
            "channelType": _WEB,
            "orderId": _number(reference),
            "accType": _BANK_CARD,
            **card,
            # The issuer compares the holder's name; a number of a document stays with us.
            "customerInfo": customer_info({"customerNm": payout.payee_name}),
            "txnAmt": str(payout.amount.minor),
            "currencyCode": NUMBER_OF["CNY"],
            "billNo": re.sub(r"[{}\[\]&=]+", " ", payout.remittance)[:_BILL_NOTE_MAX],
            "backUrl": payout.notify_url,
        }
        try:
            fields = self._call(settings, settings.gateway_url.rstrip("/") + _BACK, wish)
        except Unanswered as error:
            return PayoutAnswer(reference, "unknown", rail_code=error.problem[:64])
        said = fields["respCode"]
        number = fields.get("queryId") or None
        if said in DONE:
            return PayoutAnswer(reference, "accepted", rail_code=said, bank_reference=number)
        ours = payout_code(said)
        if ours is None or said in PAYOUT_UNDECIDED:
            # Not known to be refused: the question about it decides.
            return PayoutAnswer(reference, "unknown", rail_code=said[:8], bank_reference=number)
        return PayoutAnswer(reference, "rejected", ours, said)

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        settings = self._usable()
        sent = self._sent_at(order_reference)
        return payout_answer(order_reference, self._ask(settings, order_reference, sent, _ON_BEHALF))

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        settings = self._usable()
        try:
            fields = read_form(body)
        except ValueError as error:
            raise BadSignature(problem="not_a_form") from error
        try:
            verify(fields, settings.trust(), received_at)
        except NotGenuine as error:
            raise BadSignature(problem=error.problem) from error
        event = f"{fields.get('txnType', '')[:2]}_{fields.get('respCode', '')[:2]}"
        if fields.get("txnType") == PAYOUT:
            raise PayoutTold(event=event, payout=normal_reference(fields.get("orderId", "")))
        if fields.get("txnType") != PAYMENT or fields.get("respCode") not in DONE:
            raise NothingPaid(event=event)
        return payment(fields, asked=False)

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "text/plain; charset=utf-8", b"ok")

    def download_statement(self, day: date) -> bytes:
        settings = self._usable()
        wish = {
            **self._common(settings, "76", "01", "000000", now()),
            "settleDate": day.strftime("%m%d"),
            "fileType": "00",
        }
        try:
            fields = self._call(settings, settings.file_url, wish)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        if fields["respCode"] == NO_FILE:
            raise RailUnavailable(rail=self.code, problem="statement_not_ready")
        if fields["respCode"] not in DONE or not fields.get("fileContent"):
            raise RailUnavailable(rail=self.code, problem=f"response_{fields['respCode'][:8]}")
        try:
            return unpacked(fields["fileContent"])
        except StatementRefused as refusal:
            raise RailUnavailable(rail=self.code, problem="answer_unreadable") from refusal

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        return read_settlement(file)

    def _usable(self) -> UnionPaySettings:
        settings = self._settings()
        if settings.problems():
            raise RailUnavailable(rail=self.code, problem="not_configured")
        return settings

    def _sent_at(self, reference: str) -> datetime:
        return self._placed_at(reference) or now()

    def _common(
        self, settings: UnionPaySettings, kind: str, sub: str, business: str, sent: datetime
    ) -> Fields:
        return {
            "version": "5.1.0",
            "encoding": "UTF-8",
            "signMethod": "01",
            "certId": settings.certificate_number(),
            "txnType": kind,
            "txnSubType": sub,
            "bizType": business,
            "accessType": "0",
            "merId": settings.merchant_id,
            "txnTime": time_text(sent),
        }

    def _ask(
        self, settings: UnionPaySettings, reference: str, sent: datetime, business: str = "000000"
    ) -> Fields:
        """A query of one transaction: a genuine answer about it, or one that says there is none."""
        number = _number(reference)
        wish = {**self._common(settings, "00", "00", business, sent), "orderId": number}
        try:
            fields = self._call(settings, settings.gateway_url.rstrip("/") + _QUERY, wish)
        except Unanswered as error:
            raise RailUnavailable(rail=self.code, problem=error.problem) from error
        said = fields["respCode"]
        if said == NOT_FOUND:
            return fields
        if said not in DONE:
            problem = "busy" if said in BUSY else f"response_{said[:8]}"
            raise RailUnavailable(rail=self.code, problem=problem)
        if (fields.get("orderId"), fields.get("txnTime")) != (number, time_text(sent)):
            raise RailUnavailable(rail=self.code, problem="answer_differs")
        return fields

    def _call(self, settings: UnionPaySettings, url: str, wish: Fields) -> Fields:
        """One exchange: the fields of a genuine answer; raises Unanswered when the wish may have arrived."""
        body = urlencode(signed(wish, settings.signing_key())).encode()
        kind = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
        try:
            answer = exchange(
                "POST", url, content=body, headers=kind, transport=self._transport, bytes_max=FILE_BYTES_MAX
            )
        except Unanswered as error:
            if not error.reached:
                raise RailUnavailable(rail=self.code, problem=error.problem) from error
            raise
        if not answer.is_success:
            raise Unanswered(f"status_{answer.status_code}")
        try:
            fields = read_answer(answer.content)
            verify(fields, settings.trust(), now())
        except NotGenuine as error:
            raise Unanswered(f"answer_{error.problem}") from error
        except ValueError as error:
            raise Unanswered("answer_unreadable") from error
        if fields.get("merId") != settings.merchant_id or "respCode" not in fields:
            raise Unanswered("answer_differs")
        return fields


def _number(reference: str) -> str:
    """`orderId`: 8 to 40 letters and digits."""
    number = re.sub(r"[-_]", "", reference)
    if not _ORDER_NUMBER.match(number):
        raise RailDeclined(rail=UnionPayRail.code, bank_code="reference")
    return number
