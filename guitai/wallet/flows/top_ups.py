"""Money in by bank transfer: the order first, then the bank's instructions, outside any transaction."""

import logging
from uuid import UUID

import msgspec

from guitai.base.money import Money
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import intents
from guitai.wallet.models import Operation, TopUp
from guitai.wallet.till import pipeline
from guitai.wallet.till.submit import submit
from guitai.wallet.till.types import Outcome

_log = logging.getLogger(__name__)


def start_top_up(owner: UUID, amount: Money, key: str | None) -> Outcome:
    outcome = submit(intents.start_top_up(owner, amount, intents.checked_key(key)))
    if outcome.outcome == "approved" and not TopUp.objects.filter(operation_id=outcome.operation_id).exists():
        try:
            fetch_instructions(owner, outcome.reference)
        except Refusal as refusal:
            # The order stands; the customer's page says so and asks the bank again.
            _log.warning("top-up %s has no instructions yet: %s", outcome.reference, refusal.code)
    return outcome


def fetch_instructions(owner: UUID, reference: str) -> None:
    """Ask the bank how to pay a waiting top-up; the same order always gets the same answer."""
    row = Operation.objects.filter(
        owner=owner, reference=reference, kind="top_up", state="awaiting_payment"
    ).first()
    if row is None:
        raise OperationNotFound()
    said = rails.start_top_up(reference, Money(row.amount_minor, row.currency))
    plain = {name: value for name, value in msgspec.to_builtins(said).items() if value is not None}
    with outermost():
        TopUp.objects.update_or_create(operation_id=row.id, defaults={"instructions": plain})


def settle_paid(order_reference: str, amount: Money, bank_reference: str, inbox_id: str) -> None:
    """A rail has proved a payment: credit it in the transaction that says so."""
    row = Operation.objects.filter(reference=order_reference, kind="top_up").only("id").first()
    if row is None:
        raise RuntimeError(f"a paid order {order_reference} is not in our books")
    intent = intents.settle_top_up(row.id, amount, bank_reference, f"settle:{inbox_id}")
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.outcome != "approved":
        # Kept as a failed topic with its error: a person looks at it, and nothing is thrown away.
        raise RuntimeError(f"top-up {order_reference} could not be credited: {answer.code}")


def park_paid(order_reference: str, amount: Money | None, code: str, key: str) -> None:
    """A payment came that is not as ordered: say so on the bill, in the transaction that parked it."""
    row = Operation.objects.filter(reference=order_reference, kind="top_up").only("id").first()
    if row is not None:
        pipeline.run([intents.park_top_up(row.id, amount, code, key)])
