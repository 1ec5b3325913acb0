"""The part of the wallet's door that money comes in by: top-ups by any rail, and payments that did not fit them."""

from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.reference import parse_reference
from guitai.kit.cursors import Page
from guitai.wallet import parked_reads, rail_offers
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import parked, parked_back, top_ups
from guitai.wallet.flows.close_top_ups import close_at_rail
from guitai.wallet.flows.overdue import mark_overdue as _mark_overdue
from guitai.wallet.flows.parked import Action
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import ParkedDetail, ParkedView, Terms, TopUpChoice

_OPEN = frozenset({"open", "returning"})


def top_up_choices(owner: UUID, currency: str) -> list[TopUpChoice]:
    """The ways in that a customer may use now, with fee, bounds, usual arrival and how each rail is.

    takes    whose wallet, a currency
    gives    TopUpChoice values in the order in which they are offered; none when no rail is set up for the currency
    source   rails' settings and health; the operator's policies `top_up_rails`, `fees`, `limits`
    """
    return rail_offers.choices(owner, currency)


def top_up_fee(rail: str, amount: Money) -> Money:
    """What is taken of an amount that comes by a rail, at most all of it; source: the operator's policy `fees`."""
    return rail_offers.top_up_fee(rail, amount)


def check_top_up_bounds(choice: TopUpChoice, amount: Money) -> None:
    """Whether a way in takes an amount; refuses top_up_below_minimum, top_up_above_maximum."""
    top_ups.check_bounds(amount, choice.minimum, choice.rail_maximum)


def start_top_up(
    owner: UUID,
    *,
    amount: Money,
    key: str | None,
    rail: str = "bank",
    terms: Terms | None = None,
    on_phone: bool = False,
    payer_ip: str = "",
) -> Outcome:
    """Begin a top-up by a rail.

    takes    whose wallet, a positive amount, an idempotency key, the rail's name, the terms of the review, if there was
             one (another fee is refused as top_up_terms_changed), whether the payer holds a phone
    gives    Outcome; `operation` then has the rail's instructions when it could be reached
    refuses  amount_*, top_up_rail_not_offered, top_up_below_minimum, top_up_above_maximum, idempotency_key_missing,
             idempotency_key_reused, idempotency_key_in_flight, till_busy
    """
    return top_ups.start_top_up(owner, amount, key, rail, terms, on_phone, payer_ip)


def fetch_instructions(owner: UUID, reference: str, *, on_phone: bool = False, payer_ip: str = "") -> None:
    """Ask the rail again how a waiting top-up is paid; refuses not_found and the rail's own codes."""
    parsed = parse_reference(reference)
    if parsed is None:
        raise OperationNotFound()
    top_ups.fetch_instructions(owner, parsed, on_phone, payer_ip)


def settle_top_up(
    order_reference: str, *, amount: Money, bank_reference: str, inbox_id: str, rail: str = "bank"
) -> None:
    """Credit a payment that a rail has proved, in the caller's transaction; once per notice.

    takes    the operation's reference, the amount, the rail's own number of the payment, its message, its name
    gives    nothing; what comes after the order has ended goes back instead when the policy `late_top_ups` says so
    """
    top_ups.settle_paid(order_reference, amount, bank_reference, inbox_id, rail)


def park_top_up(
    order_reference: str,
    *,
    amount: Money | None,
    code: str,
    key: str,
    rail: str = "bank",
    bank_reference: str = "",
    inbox_id: str = "",
) -> None:
    """Set aside a payment that came and is not as ordered, and say so on the bill, in the caller's transaction.

    takes    the operation's reference, the amount (None in a currency without books), why, a key, the rail's name, its
             own number of the payment and its message
    gives    nothing; the money stands in suspense until `approve_parked`
    """
    top_ups.park_paid(
        order_reference, amount, code, key, rail=rail, bank_reference=bank_reference, inbox_id=inbox_id
    )


def note_top_up_processing(order_reference: str, *, rail: str, known: bool = True) -> None:
    """A rail is working on a payment, or (not known) cannot say what became of it; in the caller's transaction."""
    top_ups.note_processing(order_reference, rail, known=known)


def note_top_up_failed(order_reference: str, *, rail: str, code: str) -> None:
    """A rail will not make a payment: the bill says why, and the limit is given back; in the caller's transaction."""
    top_ups.note_failed(order_reference, rail, code)


def note_refund(refund_reference: str, *, done: bool, code: str = "") -> None:
    """A rail has sent a parked payment back, or will not; in the caller's transaction, a refund of others is left."""
    parked.note_refund(refund_reference, done=done, code=code)


def parked_payments(
    cursor: str | None = None, limit: int = 50, states: frozenset[str] = _OPEN
) -> Page[ParkedView]:
    """Payments that came and did not fit, oldest first.

    takes    where to continue, how many (at most 100), which states (open, returning, credited, returned)
    gives    a page of ParkedView
    refuses  cursor_invalid
    """
    return parked_reads.parked_payments(cursor, limit, states)


def parked_payment(parked_id: UUID) -> ParkedView:
    """One payment that did not fit; refuses not_found."""
    return parked_reads.parked_payment(parked_id)


def open_parked(parked_id: UUID, *, actor: Actor) -> ParkedDetail:
    """One payment that did not fit, with who paid it as the bank's statement says; the look is recorded.

    takes    its id, the member of staff
    gives    ParkedDetail
    refuses  not_found
    """
    return parked_reads.parked_detail(parked_id, actor)


def ask_parked_payer(parked_id: UUID, *, actor: Actor, purpose: Purpose) -> None:
    """Ask the owner of a top-up to which account a payment goes back, where no statement names the one that paid.

    takes    the parked payment's id, the member of staff, the case or review it is for
    gives    nothing; the bill asks, and the owner is told
    refuses  not_found, parked_not_open, parked_uncountable, parked_payer_known, purpose_not_real
    """
    parked_back.ask_payer(parked_id, actor, purpose)


def return_account_wanted(owner: UUID, reference: str) -> Money | None:
    """What came for a top-up and waits for an account to be named that it goes back to; None where nobody asked.

    takes    whose wallet, the top-up's reference as written
    """
    found = parked_back.wanted(owner, parse_reference(reference) or "")
    return Money(found.amount_minor, found.currency) if found and found.amount_minor else None


def name_return_account(owner: UUID, reference: str, *, account: UUID) -> None:
    """Name one's own bound account for a payment that goes back; two members of staff send it there.

    takes    whose wallet, the top-up's reference as written, the bound account
    gives    nothing
    refuses  not_found, parked_not_asked, return_account_not_usable
    """
    parked_back.name_account(owner, parse_reference(reference) or "", account)


def parked_of(operation_id: UUID) -> list[ParkedView]:
    """Every payment that named a top-up and did not fit it, oldest first."""
    return parked_reads.parked_of(operation_id)


def propose_parked(parked_id: UUID, action: Action, *, reason: str, actor: Actor, purpose: Purpose) -> None:
    """Propose what is done with a parked payment; a later proposal takes the place of an earlier one.

    takes    its id, `credit` or `return`, why, the member of staff, the case or review it is for
    gives    nothing
    refuses  not_found, parked_not_open, parked_reason_missing, parked_uncountable, purpose_not_real
    """
    parked.propose(parked_id, action, reason, actor, purpose)


def approve_parked(parked_id: UUID, action: Action, *, actor: Actor, purpose: Purpose) -> str:
    """Do what another member of staff has proposed: credit what really came, or have the rail send it back.

    takes    its id, the action that the approver has looked at, the member of staff, the case or review it is for
    gives    the state it is in then: `credited`, or `returning` until the rail has sent it back
    refuses  not_found, parked_not_open, parked_not_proposed, parked_own_proposal, parked_owner_stopped,
             parked_payer_unknown where a rail takes no refund and no account is known to pay it to, the rail's own
             codes, purpose_not_real
    """
    return parked.approve(parked_id, action, actor, purpose)


def decline_parked(parked_id: UUID, *, reason: str, actor: Actor, purpose: Purpose) -> None:
    """Put a proposal aside, also one's own.

    takes    its id, why, the member of staff, the case or review it is for
    gives    nothing; the payment is open as before
    refuses  not_found, parked_not_open, parked_not_proposed, purpose_not_real
    """
    parked.decline(parked_id, reason, actor, purpose)


def close_top_up_at_rail(operation_id: UUID, event: str) -> None:
    """Have its rail close a top-up that has just expired or become unknown, in the caller's transaction."""
    close_at_rail(operation_id, event)


def mark_overdue() -> int:
    """Mark what is unknown past its deadline and say so upward; gives how many operations were looked at."""
    return _mark_overdue()
