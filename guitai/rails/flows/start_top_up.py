"""Ask a rail for a payment in."""

from django.db import IntegrityError, connection, transaction

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.environment import environment
from guitai.kit.transactions import outermost
from guitai.rails.adapters import rail_named
from guitai.rails.adapters.bank import notice_url
from guitai.rails.errors import OrderConflict, RailUnavailable
from guitai.rails.models import InboxMessage, Order
from guitai.rails.queue import defer_settlement
from guitai.rails.reads import instructions_of
from guitai.rails.rules.notices import normal_reference
from guitai.rails.types import Instructions, TopUpOrder


def start_top_up(order_reference: str, amount: Money, rail: str) -> Instructions:
    """Three steps: write the order, call the rail, write its answer. Each can be repeated after a crash."""
    if connection.in_atomic_block and environment().mode != "test":
        raise transaction.TransactionManagementError("a rail is never called inside a transaction")
    adapter = rail_named(rail)
    order = _written(order_reference, amount, rail)
    known = instructions_of(order)
    if known is not None:
        return known
    answer = adapter.start_top_up(TopUpOrder(order_reference, amount, notice_url(rail)))
    _record(order, answer)
    return answer


def _written(order_reference: str, amount: Money, rail: str) -> Order:
    with outermost():
        order, created = Order.objects.get_or_create(
            rail=rail,
            order_reference=order_reference,
            defaults={
                "payment_reference": normal_reference(order_reference),
                "amount_minor": amount.minor,
                "currency": amount.currency,
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
            kept.payment_reference = reference
            kept.instructed_at = kept.instructed_at or now()
            if kept.state == "starting":  # a notice may have been faster than the answer
                kept.state = "awaiting_payment"
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
