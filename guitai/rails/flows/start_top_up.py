"""Ask a rail for a payment in."""

from typing import Any

from django.db import IntegrityError, connection, transaction
from django.utils.http import url_has_allowed_host_and_scheme

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.environment import environment
from guitai.kit.transactions import outermost
from guitai.rails import breaker
from guitai.rails.adapters import rail_named, supports
from guitai.rails.adapters.bank import notice_url
from guitai.rails.errors import OrderConflict, RailUnavailable, ReturnAddressNotOurs
from guitai.rails.models import InboxMessage, Order
from guitai.rails.queue import defer_settlement
from guitai.rails.reads import instructions_of
from guitai.rails.rules.notices import normal_reference
from guitai.rails.rules.retries import next_query
from guitai.rails.types import Instructions, TopUpOrder


def start_top_up(
    order_reference: str,
    amount: Money,
    rail: str,
    return_url: str,
    subject: str,
    on_phone: bool,
    payer_ip: str = "",
) -> Instructions:
    """Three steps: write the order, call the rail, write its answer. Each can be repeated after a crash."""
    if connection.in_atomic_block and environment().mode != "test":
        raise transaction.TransactionManagementError("a rail is never called inside a transaction")
    adapter = rail_named(rail)
    wish = {"return_url": _own_page(return_url), "subject": subject, "on_phone": on_phone}
    order = _written(order_reference, amount, rail, wish)
    known = instructions_of(order)
    if known is not None:
        return known
    asked = TopUpOrder(
        order_reference,
        amount,
        notice_url(rail),
        return_url=back_url(rail, order_reference),
        # As it was wished first: the same order again is the same in everything.
        subject=order.subject,
        on_phone=order.on_phone,
        payer_ip=payer_ip,
    )
    answer = breaker.through(rail, lambda: adapter.start_top_up(asked))
    _record(order, answer)
    return answer


def back_url(rail: str, order_reference: str) -> str:
    """Where a rail sends the payer's browser: a page of ours that knows where the payer began."""
    return f"{environment().public_url}/rails/{rail}/return/{order_reference}/"


def _own_page(address: str) -> str:
    """A page of this wallet without its host, or none; refuses return_address_not_ours."""
    if not address:
        return ""
    own = environment().public_url
    path = address.removeprefix(own) if address.startswith(f"{own}/") else address
    if not path.startswith("/") or not url_has_allowed_host_and_scheme(path, allowed_hosts=None):
        raise ReturnAddressNotOurs()
    return path


def _written(order_reference: str, amount: Money, rail: str, wish: dict[str, Any]) -> Order:
    with outermost():
        order, created = Order.objects.get_or_create(
            rail=rail,
            order_reference=order_reference,
            defaults={
                "payment_reference": normal_reference(order_reference),
                "amount_minor": amount.minor,
                "currency": amount.currency,
                **wish,
            },
        )
        if (order.amount_minor, order.currency) != (amount.minor, amount.currency):
            raise OrderConflict(order_reference=order_reference)
        if created:
            _wake_waiting(rail, order.payment_reference)
    return order


def _record(order: Order, answer: Instructions) -> None:
    try:
        with outermost():
            reference = normal_reference(answer.reference)
            # Messages before orders, as settlement locks them: the other way round the two could wait for each other.
            _wake_waiting(order.rail, reference)
            kept = Order.objects.select_for_update().get(id=order.id)
            kept.payee_name, kept.payee_account = answer.payee_name, answer.payee_account
            kept.bank_name, kept.pay_url, kept.expires_at = (
                answer.bank_name,
                answer.pay_url,
                answer.expires_at,
            )
            kept.method, kept.form, kept.qr = answer.method, dict(answer.form), answer.qr
            kept.payment_reference = reference
            kept.instructed_at = kept.instructed_at or now()
            if kept.state == "starting":  # a notice may have been faster than the answer
                kept.state = "awaiting_payment"
                if supports(rail_named(kept.rail), "query"):
                    kept.next_query_at = next_query(0, now(), kept.expires_at)
            with transaction.atomic():
                kept.save()
    except IntegrityError as error:
        # The rail gave us a reference that already names another order: money must not be able to meet both.
        raise RailUnavailable(rail=order.rail, problem="reference_reused") from error


def _wake_waiting(rail: str, payment_reference: str) -> None:
    """Look again at notices that came before the order they name."""
    early = InboxMessage.objects.filter(
        rail=rail,
        code="unknown_reference",
        payment_reference=payment_reference,
        state__in=("waiting", "exception"),
    )
    for message in early.select_for_update().order_by("id"):
        # One that had been given up on gets its turns back.
        message.state, message.attempts = "waiting", 0
        message.save(update_fields=["state", "attempts"])
        defer_settlement(message.id)
