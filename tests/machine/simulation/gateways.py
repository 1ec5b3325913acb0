"""Gateways at the boundary of their adapters: each with its own books, and hostile in every way that we know of.

They time out before and after they have done what was asked, decline, close, are down for hours, say that a payment is
under way, and give bills late, without a line, or with lines of other days. Wire formats are tested elsewhere.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, BinaryIO, ClassVar, Literal
from unittest import mock

import msgspec

from guitai.base import clock
from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.rails import api as rails
from guitai.rails import settings
from guitai.rails.adapters import RAILS
from guitai.rails.adapters.base import BaseRail
from guitai.rails.errors import (
    BadSignature,
    Malformed,
    NothingPaid,
    PayoutTold,
    RailDeclined,
    RailUnavailable,
    StatementUnbalanced,
)
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead, StatementPart
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
from tests.machine.simulation.books import Booking, bill
from tests.machine.simulation.payouts import Desk, carry_on
from tests.machine.simulation.sides import FITS, TWICE, Copy, Order, Payment, Side, today

NAMES = ("alipay", "wechat", "unionpay", "card")
# Those that pay out, and how.
PAYING = {
    "alipay": {"at_once": True, "takes_back": True, "notifies": False},
    "unionpay": {"at_once": False, "takes_back": False, "notifies": True},
}
# Whose bills tell the balance after their lines, so that a line which is missing shows; the others' write it later.
_PROVING = ("alipay", "wechat")
_TROUBLE = 0.12
# So long after the end of its order a payment that was under way is made, or is not.
_UNDER_WAY = timedelta(hours=30)
_FAILED = ("payment_insufficient", "payment_declined", "payment_timed_out")


class Nothing(msgspec.Struct, frozen=True):
    """Settings without anything to set."""

    SECRET: ClassVar[frozenset[str]] = frozenset()
    merchant: str = ""

    def problems(self) -> tuple[str, ...]:
        return ()


@dataclass(eq=False, slots=True)
class Back:
    """A refund as a gateway knows it."""

    reference: str
    payment: Payment
    fate: str
    done_at: datetime
    booked: bool = False


@dataclass(eq=False, slots=True)
class Gateway(Side):
    wrong: tuple[str, ...] = ("wrong_amount", "wrong_payee", TWICE, FITS)
    forgeries: tuple[str, ...] = ("unsigned", "tampered", "garbage")
    backs: dict[str, Back] = field(default_factory=dict)
    # What became of the bill of a day: when it is ready, and which lines it forgets.
    bills: dict[date, tuple[datetime, list[Booking]]] = field(default_factory=dict)
    told_later: dict[date, list[Booking]] = field(default_factory=dict)
    given: set[date] = field(default_factory=set)
    # Where it takes payments out.
    desk: Desk | None = None

    def payment(self, order: Order, what: str) -> Payment:
        self.count += 1
        amount = order.amount + (what == "wrong_amount")
        reference = f"{self.rail[0].upper()}{self.count}"
        payment = Payment(self.count, order, what, amount, order.currency, reference, clock.now())
        payment.body = self._body(payment, self._payee(payment))
        return payment

    def pay(self, order: Order, what: str) -> Payment:
        payment = Side.pay(self, order, what)
        if what == TWICE:
            self.set_out(payment, self._body(payment, "another-merchant"))
        order.under_way = False
        if self.chance.random() < 0.2:
            # A notice about nothing: an attempt, or that an order has ended.
            self.set_out(payment, b'{"nothing": "attempt"}')
        return payment

    def booking(self, payment: Payment) -> Booking:
        return Booking(
            self.merchant, payment.currency, payment.amount, today(), payment.reference,
            end_to_end=payment.order.reference, heard=payment.hear_by_line,
        )  # fmt: skip

    def signed(self, copy: Copy) -> tuple[dict[str, str], bytes]:
        headers = {"x-signature": _mark(self.rail, copy.body)}
        if copy.forged == "unsigned":
            headers = {}
        elif copy.forged == "tampered":
            return headers, copy.body + b" "
        elif copy.forged == "garbage":
            return {"x-signature": _mark(self.rail, b"{")}, b"{"
        return headers, copy.body

    def work(self) -> None:
        """Refunds and payments out that were taken on are done when their time has come; payments under way end."""
        if self.desk is not None:
            carry_on(self.desk.payouts.values())
        for back in self.backs.values():
            if back.fate == "later" and not back.booked and back.done_at <= clock.now():
                self._book_back(back)
        for order in self.orders.values():
            if order.under_way and clock.now() > order.expires_at + _UNDER_WAY:
                if self.chance.random() < 0.6:
                    self.pay(order, FITS)
                order.under_way = False
                order.failed = "" if self.payments.get(order.reference) else _FAILED[1]

    def send_back(self, refund: RefundOrder) -> Back:
        """A refund; the same reference again is the same refund."""
        found = self.backs.get(refund.refund_reference)
        if found is None:
            payment = next(
                p for p in self.payments[refund.order_reference] if p.reference == refund.bank_reference
            )
            fate = self.chance.choice(("done", "done", "done", "later", "refused"))
            if not self.hostile:
                fate = "done"
            after = timedelta(hours=self.chance.randint(1, 30))
            found = self.backs[refund.refund_reference] = Back(
                refund.refund_reference, payment, fate, clock.now() + after
            )
            if fate == "done":
                self._book_back(found)
        return found

    def bill_of(self, day: date) -> bytes:
        """The bill of a day, as badly as it is made: later it is made well."""
        if day not in self.bills:
            late = timedelta(hours=self.chance.choice((0, 0, 0, 8, 40)))
            own = [one for one in self.books.bookings if one.day == day]
            forgotten = [self.chance.choice(own)] if own and self.chance.random() < 0.25 else []
            self.bills[day] = (clock.now() + late, forgotten if self.hostile else [])
        ready, forgotten = self.bills[day]
        if clock.now() < ready:
            raise RailUnavailable(rail=self.rail, problem="statement_not_ready")
        without = forgotten
        if self.rail in _PROVING and day in self.given:
            # It has been asked for once more: whoever wrote it has looked again.
            without = []
        elif forgotten and day not in self.given:
            later = day + timedelta(days=1)
            while later in self.given:
                later += timedelta(days=1)
            self.told_later.setdefault(later, []).extend(forgotten)
        self.given.add(day)
        also = [] if self.rail in _PROVING else self.told_later.get(day, [])
        for one in [*self.books.bookings, *also]:
            if one.day == day and one not in without:
                one.heard()
        for one in also:
            one.heard()
        return bill(self.books, day, without=without, also=also)

    def _book_back(self, back: Back) -> None:
        back.booked, payment = True, back.payment
        self.books.book(
            Booking(
                self.merchant, payment.currency, -payment.amount, today(), f"{payment.reference}R{len(self.backs)}",
                end_to_end=payment.order.reference,
            )
        )  # fmt: skip

    def _payee(self, payment: Payment) -> str:
        return "another-merchant" if payment.what == "wrong_payee" else self.merchant

    def notice_of(self, payment: Payment, number: str, payee: str) -> Notice:
        return Notice(
            number, payment.reference, payment.order.reference, payment.amount, payment.currency, payee,
            payment.paid_at,
        )  # fmt: skip

    def _body(self, payment: Payment, payee: str) -> bytes:
        return msgspec.json.encode(self.notice_of(payment, f"{self.rail[0].upper()}N{payment.number}", payee))


class GatewayRail(BaseRail):
    """What the wallet sees of a gateway."""

    payouts_by: Literal["file", "call"] = "call"

    def __init__(self, side: Gateway) -> None:
        self.code, self.side = side.rail, side

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(seconds=20))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        return self._called(lambda: self._start(order))

    def _start(self, order: TopUpOrder) -> Instructions:
        moment, side = clock.now(), self.side
        minutes = side.chance.choice((10, 30, 120))
        kept = side.orders.setdefault(
            order.order_reference,
            Order(
                self.code,
                order.order_reference,
                order.amount.minor,
                order.amount.currency,
                moment,
                moment + timedelta(minutes=minutes),
            ),
        )
        return Instructions(
            payee_name="", payee_account=side.merchant, bank_name="", reference=kept.reference,
            pay_url="https://pay.example/1", expires_at=kept.expires_at, method="link",
        )  # fmt: skip

    def query(self, order_reference: str) -> RailAnswer:
        return self._called(lambda: self._query(order_reference))

    def _query(self, order_reference: str) -> RailAnswer:
        side, order = self.side, self.side.orders.get(order_reference)
        if order is None:
            return RailAnswer(order_reference, "not_found", ())
        payments = side.payments.get(order_reference, [])
        if payments:
            for payment in payments:
                payment.hear()
            told = tuple(side.notice_of(p, f"query:{p.reference}", side._payee(p)) for p in payments)
            return RailAnswer(
                order_reference, "paid", tuple(Money(p.amount, p.currency) for p in payments), told
            )
        if order.failed:
            return RailAnswer(order_reference, "failed", (), code=order.failed)
        return RailAnswer(order_reference, "processing" if order.under_way else "unpaid", ())

    def cancel(self, order_reference: str) -> None:
        self._called(lambda: self._cancel(order_reference))

    def _cancel(self, order_reference: str) -> None:
        order = self.side.orders.get(order_reference)
        if order is None or order.under_way or self.side.payments.get(order_reference):
            raise RailDeclined(rail=self.code)
        order.closed = True

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        return self._called(lambda: self._refund(refund))

    def _refund(self, refund: RefundOrder) -> PayoutAnswer:
        back = self.side.send_back(refund)
        number = f"R{back.reference}"
        if back.fate == "refused":
            return PayoutAnswer(back.reference, "rejected", "payment_declined", bank_reference=number)
        return PayoutAnswer(back.reference, "done" if back.booked else "accepted", bank_reference=number)

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        def asked() -> PayoutAnswer:
            if refund.refund_reference not in self.side.backs:
                return PayoutAnswer(refund.refund_reference, "unknown", "refund_unknown")
            return self._refund(refund)

        return self._called(asked)

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        if headers.get("x-signature") != _mark(self.code, body):
            raise BadSignature(problem="signature")
        if body.startswith(b'{"nothing"'):
            raise NothingPaid()
        if body.startswith(b'{"payout"'):
            raise PayoutTold(event="12_00", payout=json.loads(body)["payout"])
        try:
            return msgspec.json.decode(body, type=Notice)
        except msgspec.MsgspecError as error:
            raise Malformed(problem="unreadable") from error

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "text/plain", b"success")

    def download_statement(self, day: date) -> bytes:
        return self._called(lambda: self.side.bill_of(day))

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        told = json.loads(file.read())
        day = date.fromisoformat(told["day"])
        for part in told["parts"]:
            proving = self.code in _PROVING
            lines, opening = part["lines"], part["opening"] if proving else None
            yield StatementHead(
                part["account"], part["currency"], opening, reference=f"{self.code} {day}", period_from=day,
                period_to=day,
            )  # fmt: skip
            for number, (reference, order, minor, booked) in enumerate(lines):
                on = date.fromisoformat(booked)
                yield Entry(
                    number, number, abs(minor), minor > 0, on, on, reference=reference, end_to_end_id=order,
                    # Of a refund, the payment that it sends back.
                    transaction_id=reference.partition("R")[0],
                )  # fmt: skip
            came = sum(minor for _, _, minor, _ in lines if minor > 0)
            went = -sum(minor for _, _, minor, _ in lines if minor < 0)
            if proving and part["opening"] + came - went != part["closing"]:
                raise StatementUnbalanced(line=len(lines))
            yield StatementFoot(part["closing"] if proving else None, len(lines), came, went)

    def _called(self, work: Callable[[], Any]) -> Any:
        """One exchange: nobody answers, or it is done and nobody is told, or all is well."""
        side = self.side
        if side.is_down:
            raise RailUnavailable(rail=self.code, problem="ConnectError")
        trouble = side.chance.random() if side.hostile else 1.0
        if trouble < _TROUBLE / 2:
            raise RailUnavailable(rail=self.code, problem="ConnectTimeout")
        answer = work()
        if trouble < _TROUBLE:
            raise RailUnavailable(rail=self.code, problem="ReadTimeout")
        return answer


class PayingRail(GatewayRail):
    """One that pays out as well."""

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        return self._called(lambda: self._desk().ask(payout))

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        return self._called(lambda: self._desk().query(order_reference))

    def _desk(self) -> Desk:
        assert self.side.desk is not None
        return self.side.desk


@contextmanager
def installed(sides: Mapping[str, Gateway]) -> Iterator[None]:
    """In the place of the real gateways, with nothing to set up."""
    types = {**settings._types, **dict.fromkeys(sides, Nothing)}
    adapters = {
        name: GatewayRail(side) if side.desk is None else PayingRail(side) for name, side in sides.items()
    }
    with mock.patch.dict(RAILS, adapters), mock.patch.object(settings, "_types", types):
        settings.forget()
        yield
    settings.forget()


def set_up(sides: Mapping[str, Gateway]) -> None:
    """From this moment on there are bills of theirs."""
    for name, side in sides.items():
        rails.publish_settings(name, {"merchant": side.merchant}, SYSTEM)


def opened(chance: Random) -> dict[str, Gateway]:
    sides = {name: Gateway(rail=name, chance=chance) for name in NAMES}
    for name, more in PAYING.items():
        sides[name].desk = Desk(sides[name], **more)
    return sides


def draw_failure(side: Gateway, order: Order) -> str:
    """The payer's bank ends an order, or works on its payment."""
    if side.chance.random() < 0.5:
        order.failed = side.chance.choice(_FAILED)
        return order.failed
    order.under_way = True
    return "under way"


def _mark(rail: str, body: bytes) -> str:
    return hashlib.sha256(rail.encode() + body).hexdigest()
