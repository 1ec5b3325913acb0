"""Money in by any rail: the order first, then the rail's instructions, outside any transaction."""

import logging
from uuid import UUID

import msgspec
from django.utils.translation import get_language

from guitai.base.money import Money
from guitai.base.reference import spoken
from guitai.base.refusal import Refusal
from guitai.kit.operator import operator, word
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.wallet.errors import OperationNotFound, RailNotOffered, TopUpAboveMaximum, TopUpBelowMinimum
from guitai.wallet.flows import intents, parked, top_up_intents
from guitai.wallet.kinds.top_up import RETURNING
from guitai.wallet.models import Claim, Operation, Party, TopUp
from guitai.wallet.rail_offers import offer_of
from guitai.wallet.reconciliation import seen
from guitai.wallet.till import pipeline
from guitai.wallet.till.submit import submit
from guitai.wallet.till.types import Intent, Outcome
from guitai.wallet.types import Terms

_log = logging.getLogger(__name__)


def start_top_up(
    owner: UUID, amount: Money, key: str | None, rail: str, terms: Terms | None, on_phone: bool, payer_ip: str
) -> Outcome:
    intent = intents.start_top_up(owner, amount, intents.checked_key(key), rail, terms)
    if not Claim.objects.filter(actor=str(intent.actor), key=intent.key).exists():
        _check_offer(rail, amount)
    outcome = submit(intent)
    if outcome.outcome == "approved" and not TopUp.objects.filter(operation_id=outcome.operation_id).exists():
        try:
            fetch_instructions(owner, outcome.reference, on_phone, payer_ip)
        except Refusal as refusal:
            # The order stands; the customer's page says so and asks the rail again.
            _log.warning("top-up %s has no instructions yet: %s", outcome.reference, refusal.code)
    return outcome


def fetch_instructions(owner: UUID, reference: str, on_phone: bool, payer_ip: str) -> None:
    """Ask the rail how to pay a waiting top-up; the same order always gets the same answer."""
    row = Operation.objects.filter(
        owner=owner, reference=reference, kind="top_up", state="awaiting_payment"
    ).first()
    if row is None:
        raise OperationNotFound()
    said = rails.start_top_up(
        reference,
        Money(row.amount_minor, row.currency),
        rail=rail_of(row),
        return_url=f"/top-up/{reference}/return/",
        subject=_subject(reference),
        on_phone=on_phone,
        payer_ip=payer_ip,
    )
    plain = {name: value for name, value in msgspec.to_builtins(said).items() if value not in (None, {})}
    with outermost():
        TopUp.objects.update_or_create(operation_id=row.id, defaults={"instructions": plain})


def settle_paid(order_reference: str, amount: Money, bank_reference: str, inbox_id: str, rail: str) -> None:
    """A rail has proved a payment: credit it, or send it back by rule, in the transaction that says so."""
    row = _found(order_reference)
    if row is None:
        raise RuntimeError(f"a paid order {order_reference} is not in our books")
    answer = _run(intents.settle_top_up(row.id, amount, bank_reference, f"settle:{inbox_id}", rail, inbox_id))
    if answer.outcome != "approved":
        if seen.credited_before(row.id) or seen.settled_before(row.id, bank_reference):
            return
        # Kept as a failed topic with its error: a person looks at it, and nothing is thrown away.
        raise RuntimeError(f"top-up {order_reference} could not be credited: {answer.code}")
    if answer.code == RETURNING and not answer.replayed:
        parked.return_late(row, inbox_id)


def park_paid(
    order_reference: str,
    amount: Money | None,
    code: str,
    key: str,
    *,
    rail: str,
    bank_reference: str,
    inbox_id: str,
) -> None:
    """A payment came that is not as ordered: set it aside and say so, in the transaction that parked it."""
    row = _found(order_reference)
    if row is not None:
        told = bank_reference or parked.bank_reference_of(order_reference, inbox_id)
        if seen.held_before(rail, told, amount):
            return
        pipeline.run([intents.park_top_up(row.id, amount, code, key, rail, told, inbox_id)])


def note_processing(order_reference: str, rail: str, *, known: bool) -> None:
    """The rail is working on a payment, or cannot say what became of it."""
    if (row := _found(order_reference)) is not None:
        _run(top_up_intents.process(row.id, rail, known=known))


def note_failed(order_reference: str, rail: str, code: str) -> None:
    """The rail will not make this payment; what has moved on meanwhile stays as it is."""
    if (row := _found(order_reference)) is not None:
        _run(top_up_intents.fail(row.id, rail, code))


def rail_of(row: Operation) -> str:
    """By which rail a top-up comes."""
    party = Party.objects.filter(operation_id=row.id, owner=row.owner).only("label").first()
    return (party.label if party else "") or "bank"


def check_bounds(amount: Money, minimum: Money, maximum: Money | None) -> None:
    """refuses top_up_below_minimum, top_up_above_maximum"""
    if amount.minor < minimum.minor:
        raise TopUpBelowMinimum(limit=minimum.fact())
    if maximum is not None and amount.minor > maximum.minor:
        raise TopUpAboveMaximum(limit=maximum.fact())


def _subject(reference: str) -> str:
    """What the payer reads at the rail: whose wallet it is for, and by which bill it is found."""
    return f"{word(operator().brand, get_language() or 'en')} {spoken(reference)}".strip()


def _check_offer(rail: str, amount: Money) -> None:
    """refuses top_up_rail_not_offered, top_up_below_minimum, top_up_above_maximum"""
    offer = offer_of(rail, amount.currency)
    if offer is None:
        # Paying into an account needs nothing of the bank beforehand: such an order stands while the bank is away.
        if rail != "bank":
            raise RailNotOffered(rail=rail)
        return
    check_bounds(amount, offer.minimum, offer.maximum)


def _found(order_reference: str) -> Operation | None:
    return Operation.objects.filter(reference=order_reference, kind="top_up").first()


def _run(intent: Intent) -> Outcome:
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer
