"""Judge a stored message and let it have its effect, exactly once."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection
from django.db.models import Q

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.crypto import unseal_bytes
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.rails.adapters import rail_named, supports
from guitai.rails.errors import BadSignature, Malformed, NothingPaid
from guitai.rails.flows.note_credited import CREDITED
from guitai.rails.flows.note_nothing import note_nothing
from guitai.rails.flows.receive_notice import PURPOSE
from guitai.rails.models import InboxMessage, Order
from guitai.rails.policies import statement_settings
from guitai.rails.queue import defer_settlement, nudge_queries
from guitai.rails.rules.judgement import Earlier, OrderFacts, Verdict, judge
from guitai.rails.rules.lines import told_name
from guitai.rails.rules.retries import next_interval
from guitai.rails.types import Notice

_PARKED = ("wrong_amount", "wrong_currency", "wrong_payee", "already_paid")
# Its money is in the books, by an order or by a line of a statement.
_DONE = Q(state="settled") | Q(code=CREDITED)
# A conflicting notice is a matter between us and the bank: nothing about it helps the customer.
_NOT_FOR_CUSTOMERS = frozenset({"conflicting_notice"})


def settle_notice(inbox_id: UUID) -> None:
    """One transaction: lock message, notice and order in that order, judge, write, tell the rooms above.

    A missing key or an unreadable seal raises: that is our fault, not the sender's, so the message stays
    as it was and is tried again.
    """
    with outermost():
        message = InboxMessage.objects.select_for_update().filter(id=inbox_id).first()
        if message is None or message.state not in ("received", "waiting"):
            return
        body = unseal_bytes(message.body_sealed, purpose=PURPOSE, row=message.id)
        try:
            notice = _read(message, body)
        except (BadSignature, Malformed) as refusal:
            _write(message, Verdict("refused", refusal.code, refusal.facts))
            return
        except NothingPaid as said:
            _write(message, note_nothing(message, said))
            return
        _lock_notice(message.rail, notice)
        order = _locked_order(message.rail, notice)
        _note(message, notice, order)
        verdict = judge(notice, _facts(order), _earlier(message))
        _write(message, verdict)
        if order is not None:
            _tell(message, order, notice, verdict)


def _read(message: InboxMessage, body: bytes) -> Notice:
    """What was said. What we asked for was judged genuine when it came, and is kept as it was read then."""
    if message.origin == "query":
        return msgspec.json.decode(body, type=Notice)
    return rail_named(message.rail).parse_notice(message.headers, body, message.received_at)


def _lock_notice(rail: str, notice: Notice) -> None:
    """Two copies of one notice are judged one after the other, even while no order is there to lock."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))",
            [f"rails.notice:{rail}:{notice.notice_id}"],
        )


def _locked_order(rail: str, notice: Notice) -> Order | None:
    if not notice.payment_reference:
        return None
    orders = Order.objects.select_for_update().filter(rail=rail, payment_reference=notice.payment_reference)
    return orders.first()


def _facts(order: Order | None) -> OrderFacts | None:
    if order is None:
        return None
    return OrderFacts(
        order_reference=order.order_reference,
        amount=Money(order.amount_minor, order.currency),
        payee_account=order.payee_account,
        paid=order.state == "paid",
    )


def _note(message: InboxMessage, notice: Notice, order: Order | None) -> None:
    message.notice_id = notice.notice_id
    message.bank_reference = notice.bank_reference
    message.payment_reference = notice.payment_reference
    message.amount_minor, message.currency = notice.amount_minor, notice.currency
    message.order_id = order.id if order else None
    message.named = told_name(notice.payment_reference, notice.payee_account, statement_settings().receiving)
    message.paid_at = notice.paid_at


def _earlier(message: InboxMessage) -> Earlier:
    others = InboxMessage.objects.filter(rail=message.rail).exclude(id=message.id)
    # A duplicate is not counted: it only repeats one of these.
    said = list(
        others.filter(
            notice_id=message.notice_id, state__in=("waiting", "exception", "settled", "noted")
        ).values_list("body_sha256", flat=True)
    )
    return Earlier(
        same_notice=bool(said),
        same_notice_other_content=any(bytes(digest) != bytes(message.body_sha256) for digest in said),
        same_payment_settled=others.filter(_DONE, bank_reference=message.bank_reference).exists(),
        same_payment_parked=others.filter(
            bank_reference=message.bank_reference,
            payment_reference=message.payment_reference,
            amount_minor=message.amount_minor,
            currency=message.currency,
            code__in=_PARKED,
            state="exception",
        ).exists(),
    )


def _write(message: InboxMessage, verdict: Verdict) -> None:
    moment = now()
    message.attempts += 1
    message.state, message.code, message.facts = verdict.state, verdict.code, verdict.facts
    message.judged_at, message.next_attempt_at = moment, None
    if verdict.state == "waiting":
        _look_again(message, moment)
    message.save()


def _look_again(message: InboxMessage, moment: datetime) -> None:
    interval = next_interval(message.attempts)
    if interval is None:
        message.state = "exception"
        return
    message.next_attempt_at = moment + interval
    defer_settlement(message.id, at=message.next_attempt_at)


def _tell(message: InboxMessage, order: Order, notice: Notice, verdict: Verdict) -> None:
    """What the verdict means outside this room; a duplicate means nothing."""
    amount: dict[str, str | int | None] = {"amount": notice.amount_minor, "currency": notice.currency}
    if verdict.state == "settled":
        order.state, order.paid_at, order.bank_reference = "paid", notice.paid_at, notice.bank_reference
        order.next_query_at = None
        if supports(rail_named(order.rail), "paid_with"):
            # The payer knows a payment by what they paid with, which the notice does not say.
            order.next_query_at, order.queries = now(), 0
            nudge_queries(order.rail)
        order.save(update_fields=["state", "paid_at", "bank_reference", "next_query_at", "queries"])
        proof = {"bank_reference": notice.bank_reference, "inbox_id": str(message.id), "rail": order.rail}
        emit("rails.top_up_paid", {"order_reference": order.order_reference, **amount, **proof})
        _audit("rails.top_up_paid", order, {**amount, **proof})
    elif verdict.state == "exception":
        if verdict.code not in _NOT_FOR_CUSTOMERS:
            emit(
                "rails.notice_parked",
                {
                    "order_reference": order.order_reference,
                    "code": verdict.code,
                    "inbox_id": str(message.id),
                    "bank_reference": notice.bank_reference,
                    "rail": order.rail,
                    **amount,
                },
            )
        _audit("rails.notice_parked", order, {**amount, "code": verdict.code, "inbox_id": str(message.id)})


def _audit(action: str, order: Order, details: dict[str, str | int | None]) -> None:
    record(Actor("rail", order.rail), action, ("rails.order", str(order.id)), details=details)
