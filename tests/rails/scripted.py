"""A rail that says what a test wants, remembers what it was asked for, and never pays a reference twice."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, BinaryIO, Literal

import msgspec

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails.adapters.base import BaseRail
from guitai.rails.errors import BadSignature, Malformed, RailDeclined, RailUnavailable
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

CODE = "scripted"
MERCHANT = "2088000000000001"
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
REFERENCE = "7KMR3AXWH4"
AMOUNT = Money(20_000, "CNY")
DOWN = RailUnavailable(rail=CODE, problem="ReadTimeout")
Step = Any


class ScriptedRail(BaseRail):
    """What it says next to a verb stands in `script[verb]`: an answer, a refusal, or something to do first."""

    code = CODE
    payouts_by: Literal["file", "call"] = "call"

    def __init__(self) -> None:
        self.script: dict[str, deque[Step]] = {}
        self.calls: list[tuple[str, str]] = []
        # What really happened over there, whatever was answered.
        self.paid_out: dict[str, Money] = {}

    def will(self, verb: str, *steps: Step) -> "ScriptedRail":
        self.script.setdefault(verb, deque()).extend(steps)
        return self

    def asked(self, verb: str) -> list[str]:
        return [reference for name, reference in self.calls if name == verb]

    def quote(self, amount: Money) -> Quote:
        return Quote(self.code, amount, Money(0, amount.currency), timedelta(seconds=20))

    def start_top_up(self, order: TopUpOrder) -> Instructions:
        said = self._say("start_top_up", order.order_reference, None)
        return said or Instructions(
            payee_name="",
            payee_account=MERCHANT,
            bank_name="",
            reference=order.order_reference,
            pay_url="https://pay.example/1",
            expires_at=now() + timedelta(minutes=15),
            method="form",
            form={"back": order.return_url, "subject": order.subject},
        )

    def query(self, order_reference: str) -> RailAnswer:
        return self._say("query", order_reference, RailAnswer(order_reference, "unpaid", ()))

    def cancel(self, order_reference: str) -> None:
        self._say("cancel", order_reference, None)

    def pay_out(self, payout: Payout) -> PayoutAnswer:
        def pay() -> None:
            self.paid_out[payout.order_reference] = payout.amount

        return self._say("pay_out", payout.order_reference, answer(payout.order_reference, "done"), pay)

    def query_payout(self, order_reference: str) -> PayoutAnswer:
        known = order_reference in self.paid_out
        default = (
            answer(order_reference, "done") if known else answer(order_reference, "unknown", "payout_unknown")
        )
        return self._say("query_payout", order_reference, default)

    def refund(self, refund: RefundOrder) -> PayoutAnswer:
        return self._say("refund", refund.refund_reference, answer(refund.refund_reference, "done"))

    def query_refund(self, refund: RefundOrder) -> PayoutAnswer:
        return self._say("query_refund", refund.refund_reference, answer(refund.refund_reference, "done"))

    def parse_notice(self, headers: Mapping[str, str], body: bytes, received_at: datetime) -> Notice:
        if headers.get("x-signature") != "right":
            raise BadSignature(problem="signature")
        try:
            return msgspec.json.decode(body, type=Notice)
        except msgspec.MsgspecError as error:
            raise Malformed(problem="unreadable") from error

    def acknowledge(self) -> Acknowledgement:
        return Acknowledgement(200, "application/xml", b"<xml>ok</xml>")

    def download_statement(self, day: date) -> bytes:
        return self._say("download_statement", str(day), f"{day} bill".encode())

    def parse_statement(self, file: BinaryIO) -> Iterator[StatementPart]:
        file.seek(0, 2)
        file.seek(0)
        day = date.fromisoformat(file.read().decode().split()[0])
        yield StatementHead(MERCHANT, "CNY", None, reference=f"bill {day}", period_from=day, period_to=day)
        yield Entry(0, 0, AMOUNT.minor, True, day, day, reference="B1", end_to_end_id=REFERENCE)
        yield StatementFoot(None, 1, AMOUNT.minor, 0)

    def _say(self, verb: str, reference: str, default: Any, effect: Callable[[], None] = lambda: None) -> Any:
        self.calls.append((verb, reference))
        waiting = self.script.get(verb)
        step = waiting.popleft() if waiting else default
        if isinstance(step, After):
            effect()
            step = step.step
        if isinstance(step, BaseException):
            raise step
        if getattr(step, "outcome", None) in ("done", "accepted"):
            effect()
        return step() if callable(step) else step


class After:
    """A step that is said after it was done: a time-out after success."""

    def __init__(self, step: Step) -> None:
        self.step = step


def answer(reference: str, outcome: Any, code: str | None = None, **more: Any) -> PayoutAnswer:
    return PayoutAnswer(reference, outcome, code, **{"bank_reference": f"T{reference}", **more})


def declined(code: str | None = None) -> RailDeclined:
    return RailDeclined(rail=CODE, code=code) if code else RailDeclined(rail=CODE)


def notice(**changes: Any) -> Notice:
    return Notice(
        **{
            "notice_id": "N1",
            "bank_reference": "B1",
            "payment_reference": REFERENCE,
            "amount_minor": AMOUNT.minor,
            "currency": "CNY",
            "payee_account": MERCHANT,
            "paid_at": NOON,
            **changes,
        }
    )


def queried(**changes: Any) -> RailAnswer:
    told = notice(**{"notice_id": f"query:{changes.get('bank_reference', 'B1')}", **changes})
    return RailAnswer(REFERENCE, "paid", (AMOUNT,), (told,))
