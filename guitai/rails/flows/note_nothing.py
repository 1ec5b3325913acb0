"""A genuine notice by which no money arrived: it is kept, and a dispute is told to the rooms above, exactly once."""

from django.db import connection

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.rails.errors import NothingPaid, PaymentDisputed, PayoutTold
from guitai.rails.flows.pay_out import ask_about
from guitai.rails.models import InboxMessage, Order
from guitai.rails.rules.judgement import Verdict

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))"


def note_nothing(message: InboxMessage, said: NothingPaid) -> Verdict:
    """What becomes of the message, in the caller's transaction with the message locked.

    takes    the message and what its rail's adapter said of it
    gives    Verdict: `noted`, or `duplicate` when the same notice was noted before. A dispute of a payment that we
             know emits `rails.payment_disputed {rail, order_reference, bank_reference, dispute, status, reason,
             amount, currency}`
    """
    required()
    if isinstance(said, PayoutTold):
        # What became of it is not believed from a notice: the rail is asked, and its answer is carried out.
        ask_about(message.rail, str(said.facts["payout"]))
    if not isinstance(said, PaymentDisputed):
        return Verdict("noted", said.code, dict(said.facts))
    message.notice_id = str(said.facts["notice"])
    message.bank_reference = str(said.facts["bank_reference"])
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [f"rails.notice:{message.rail}:{message.notice_id}"])
    before = InboxMessage.objects.filter(rail=message.rail, notice_id=message.notice_id, state="noted")
    if before.exclude(id=message.id).exists():
        return Verdict("duplicate", "duplicate", {"bank_reference": message.bank_reference})
    order = Order.objects.filter(rail=message.rail, bank_reference=message.bank_reference).first()
    if order is not None:
        message.order_id = order.id
        _tell(message, order, said)
    return Verdict("noted", said.code, dict(said.facts))


def _tell(message: InboxMessage, order: Order, said: PaymentDisputed) -> None:
    names = ("bank_reference", "dispute", "status", "reason", "amount", "currency")
    told: dict[str, str | int | None] = {name: said.facts[name] for name in names}  # type: ignore[misc]
    emit("rails.payment_disputed", {"rail": order.rail, "order_reference": order.order_reference, **told})
    record(
        Actor("rail", order.rail),
        "rails.payment_disputed",
        ("rails.order", str(order.id)),
        details={**told, "inbox_id": str(message.id)},
    )
