"""Ask rails about orders that nobody has told us about: a notice may be lost, an order may have ended.

Nothing here believes an answer more than a notice: what it says was paid goes into the inbox and is judged there.
"""

import re
import time
from datetime import datetime
from typing import Any

from django.db.models import Q, Value
from django.db.models.functions import Coalesce

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit.throttle import allow
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.rails import breaker
from guitai.rails.adapters import RAILS, rail_named, supports
from guitai.rails.errors import RailDeclined, RailUnavailable, RailUnsupported
from guitai.rails.flows import pay_back
from guitai.rails.flows.receive_notice import receive_answer
from guitai.rails.models import Order
from guitai.rails.queue import nudge_queries
from guitai.rails.rules.payment_reasons import UNSPECIFIED
from guitai.rails.rules.retries import next_query
from guitai.rails.settings import terms_of
from guitai.rails.types import RailAnswer

_TURN_S = 40
_WINDOW_S = 10
# Whoever was cut off while asking the rail for a payment left an order of which nobody knows whether the rail has it.
_PAYABLE = ("starting", "awaiting_payment")
# What is paid is asked about only to learn what it was paid with; it has a next time until that is known.
_ASKED_ABOUT = (*_PAYABLE, "closed", "paid")
# A payer who comes back twice in a moment is not news.
_ASKED_LATELY_S = 3
_REFERENCE = re.compile(r"[A-Za-z0-9._-]{1,64}\Z", re.ASCII)


def run_queries(rail: str) -> int:
    """One turn for a rail: every order that is due is asked about once; gives how many were."""
    rail_named(rail)
    ends, asked = time.monotonic() + _TURN_S, 0
    limit = max(1, terms_of(rail).calls_a_minute * _WINDOW_S // 60)
    while time.monotonic() < ends and _due(rail, now()).exists() and breaker.may_call(rail):
        if not allow("rails.calls", rail, limit=limit, window_s=_WINDOW_S) or not _ask_one(rail):
            break
        asked += 1
    return asked


def due_orders(rail: str, at: datetime) -> int:
    """How many orders are to be asked about now."""
    return _due(rail, at).count() if breaker.may_call(rail) else 0


def close_order(order_reference: str, rail: str) -> None:
    """Have an order closed before its time, in the caller's transaction: nobody shall pay what nobody waits for."""
    required()
    rows = Order.objects.filter(rail=rail, order_reference=order_reference, state__in=_PAYABLE)
    if rows.update(
        close_wanted_at=now(), next_query_at=now(), expires_at=Coalesce("expires_at", Value(now()))
    ):
        nudge_queries(rail)


def came_back(rail: str, order_reference: str) -> str | None:
    """The payer's browser is back, which proves nothing, but is a good moment to ask.

    gives    the page of ours to show, or None when there is no such order
    """
    rail_named(rail)
    if not _REFERENCE.match(order_reference):
        return None
    with outermost():
        rows = Order.objects.select_for_update().filter(rail=rail, order_reference=order_reference)
        order = rows.first()
        if order is None:
            return None
        lately = order.queried_at is not None and (now() - order.queried_at).total_seconds() < _ASKED_LATELY_S
        if order.state == "awaiting_payment" and order.next_query_at is not None and not lately:
            order.next_query_at = now()
            order.save(update_fields=["next_query_at"])
            nudge_queries(rail)
    return order.return_url or None


def _due(rail: str, at: datetime) -> Any:
    return Order.objects.filter(Q(state__in=_ASKED_ABOUT), rail=rail, next_query_at__lte=at).order_by(
        "next_query_at", "id"
    )


def _ask_one(rail: str) -> bool:
    moment = now()
    with outermost():
        order = _due(rail, moment).select_for_update(skip_locked=True).first()
        if order is None:
            return False
        order.queries, order.queried_at = order.queries + 1, moment
        order.next_query_at = next_query(
            order.queries, moment, order.expires_at, is_open=_owes_an_answer(order)
        )
        order.save(update_fields=["queries", "queried_at", "next_query_at"])
    if order.state == "paid":
        _name(order)
        return True
    try:
        answer = breaker.through(rail, lambda: RAILS[rail].query(order.order_reference))
    except (RailUnavailable, RailDeclined):
        return True  # its next turn is written down already
    except RailUnsupported:
        Order.objects.filter(id=order.id).update(next_query_at=None)
        return True
    if answer.payments:
        receive_answer(rail, answer.payments)
    elif answer.state in ("failed", "processing"):
        _note(order, answer)
    elif answer.state == "not_found" and order.state == "starting":
        _note_closed(order)  # it never came there, so nobody can pay it
    elif answer.state in ("unpaid", "not_found") and _is_over(order, moment):
        _close(order)
    return True


def _name(order: Order) -> None:
    """Write down what an order was paid with; a rail that does not say is asked for a day."""
    try:
        told = breaker.through(order.rail, lambda: RAILS[order.rail].paid_with(str(order.bank_reference)))
    except (RailUnavailable, RailDeclined, RailUnsupported):
        return
    sealed = pay_back.seal_paid_with(order, told)
    Order.objects.filter(id=order.id).update(paid_with_sealed=sealed, next_query_at=None)


def _owes_an_answer(order: Order) -> bool:
    """Whether the rail was working on it, or it was to be closed and the rail has not said that it is."""
    asked = order.processing_at is not None or order.close_wanted_at is not None
    return order.state in _PAYABLE and asked


def _is_over(order: Order, at: datetime) -> bool:
    expired = order.expires_at is not None and at >= order.expires_at
    return order.state in _PAYABLE and (expired or order.close_wanted_at is not None)


def _close(order: Order) -> None:
    """Close it at the rail, so that nobody pays late. Somebody who just did is found by the next query."""
    if not supports(RAILS[order.rail], "cancel"):
        return
    try:
        breaker.through(order.rail, lambda: RAILS[order.rail].cancel(order.order_reference))
    except RailDeclined:
        with outermost():
            rows = Order.objects.filter(id=order.id, state__in=_PAYABLE)
            rows.update(next_query_at=next_query(0, now(), None))
        return
    except (RailUnavailable, RailUnsupported):
        return
    _note_closed(order)


def _note_closed(order: Order) -> None:
    with outermost():
        locked = Order.objects.select_for_update().get(id=order.id)
        if locked.state in _PAYABLE:
            locked.state, locked.closed_at = "closed", now()
            locked.save(update_fields=["state", "closed_at"])
            _audit("rails.order_closed", locked, {})


def _note(order: Order, answer: RailAnswer) -> None:
    with outermost():
        locked = Order.objects.select_for_update().get(id=order.id)
        if locked.state not in _PAYABLE:
            return
        said = {"order_reference": locked.order_reference, "rail": locked.rail}
        if answer.state == "failed":
            locked.state, locked.closed_at, locked.code = "closed", now(), answer.code or UNSPECIFIED
            locked.next_query_at = None
            locked.save(update_fields=["state", "closed_at", "code", "next_query_at"])
            emit("rails.top_up_failed", {**said, "code": locked.code})
            _audit("rails.top_up_failed", locked, {"code": locked.code})
        elif locked.processing_at is None:
            locked.processing_at = now()
            locked.save(update_fields=["processing_at"])
            emit("rails.top_up_processing", said)
            _audit("rails.top_up_processing", locked, {})


def _audit(action: str, order: Order, details: dict[str, str | None]) -> None:
    record(Actor("rail", order.rail), action, ("rails.order", str(order.id)), details=details)
