"""The door of the wallet: what a customer has, what happened to it, and the verbs that move it."""

from typing import Any, Literal
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.reference import parse_reference
from guitai.kit.cursors import Page
from guitai.kit.transactions import outermost
from guitai.wallet import detail, reads
from guitai.wallet.adjustment_doors import change_limit, fee_paid, make_adjustment
from guitai.wallet.case_doors import bills_of, moments_for_staff, operations_around
from guitai.wallet.chargeback_doors import chargebacks_of, note_dispute
from guitai.wallet.disputed_doors import (
    approve_claim,
    claims_about,
    decline_claim,
    hold_claim,
    proposals,
    propose_claim,
)
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import deadlines, holds, transfers
from guitai.wallet.flows.open_wallet import open_wallet as _open_wallet
from guitai.wallet.flows.verify import verify as _verify
from guitai.wallet.hold_doors import decline_hold, release_hold
from guitai.wallet.kinds import KINDS
from guitai.wallet.limit_doors import limits_of, new_pin_until
from guitai.wallet.models import Operation, Party
from guitai.wallet.notices import register_kinds as register_message_kinds
from guitai.wallet.notices import tell as _tell
from guitai.wallet.notices_staff import (
    tell_close_differs,
    tell_movement_overdue,
    tell_payment_disputed,
    tell_rail_health,
    tell_recall,
    tell_reserve_advised,
    tell_statement_refused,
    tell_unmatched,
)
from guitai.wallet.published import published_terms as _published_terms
from guitai.wallet.recall_doors import (
    ended_recalls,
    follow_recall,
    is_recall_purpose,
    note_recall_asked,
    open_recalls,
    recalls_of,
)
from guitai.wallet.reconciliation_doors import (
    approve_item,
    close_of_day,
    daily_close,
    daily_closes,
    decline_item,
    find_top_up,
    is_receiving_account,
    is_reconciliation,
    match_statement,
    matches_of,
    matching,
    matchings,
    note_return,
    open_item,
    open_items,
    open_slip,
    prepare_close,
    propose_item,
    reconcile_statement,
    safeguarding,
    sign_close,
    slips_like,
    slips_of,
    standing_transfer,
    takes_standing_transfers,
)
from guitai.wallet.reconciliation_doors import verify_reconciliation as _verify_reconciliation
from guitai.wallet.reserve_doors import (
    fill_reserve,
    is_reserve_purpose,
    open_reserve_requests,
    request_rehearsal,
    request_release,
    request_rotation,
    reserve,
    reserve_document,
    reserve_request,
    submit_signatures,
    verify_reserve,
    withdraw_reserve_request,
)
from guitai.wallet.small_amount_doors import (
    confirm_small_amounts,
    note_small_amount,
    send_small_amounts,
    small_amounts,
)
from guitai.wallet.till.kinds import register as _register_kind
from guitai.wallet.till.types import Outcome
from guitai.wallet.top_up_doors import (
    approve_parked,
    ask_parked_payer,
    check_top_up_bounds,
    close_top_up_at_rail,
    decline_parked,
    fetch_instructions,
    mark_overdue,
    name_return_account,
    note_refund,
    note_top_up_failed,
    note_top_up_processing,
    open_parked,
    park_top_up,
    parked_of,
    parked_payment,
    parked_payments,
    propose_parked,
    return_account_wanted,
    settle_top_up,
    start_top_up,
    top_up_choices,
    top_up_fee,
)
from guitai.wallet.types import (
    Audience,
    Balance,
    Diagnosis,
    DryRun,
    HeldOperation,
    OperationDetail,
    OperationView,
    Proof,
    PublishedTerms,
    Repeat,
    Terms,
)
from guitai.wallet.web.words import event_words, state_words
from guitai.wallet.withdrawal_doors import (
    cancel_withdrawal,
    hear_withdrawal,
    most_withdrawable,
    note_payout,
    quote_withdrawal,
    reaches_accounts,
    record_withdrawal_refusal,
    repeat_withdrawal,
    start_withdrawal,
    stop_withdrawals,
    stopped_payouts,
    time_told,
    watch_withdrawals,
    withdrawal,
    withdrawal_approval_options,
    withdrawal_confirmation,
    withdrawal_destination,
    withdrawal_destinations,
    withdrawal_ways,
)
from guitai.wallet.wrong_person_doors import ask_back, give_back, may_give_back, was_asked_back

__all__ = [
    "Outcome",
    "approve_claim",
    "approve_item",
    "approve_parked",
    "ask_back",
    "ask_parked_payer",
    "bills_of",
    "cancel_withdrawal",
    "change_limit",
    "chargebacks_of",
    "check_top_up_bounds",
    "claims_about",
    "close_of_day",
    "close_top_up_at_rail",
    "confirm_small_amounts",
    "daily_close",
    "daily_closes",
    "decline_claim",
    "decline_hold",
    "decline_item",
    "decline_parked",
    "ended_recalls",
    "event_words",
    "fee_paid",
    "fetch_instructions",
    "fill_reserve",
    "find_top_up",
    "follow_recall",
    "give_back",
    "hear_withdrawal",
    "hold_claim",
    "is_recall_purpose",
    "is_receiving_account",
    "is_reconciliation",
    "is_reserve_purpose",
    "limits_of",
    "make_adjustment",
    "mark_overdue",
    "match_statement",
    "matches_of",
    "matching",
    "matchings",
    "may_give_back",
    "moments_for_staff",
    "most_withdrawable",
    "name_return_account",
    "new_pin_until",
    "note_dispute",
    "note_payout",
    "note_recall_asked",
    "note_refund",
    "note_return",
    "note_small_amount",
    "note_top_up_failed",
    "note_top_up_processing",
    "open_item",
    "open_items",
    "open_parked",
    "open_recalls",
    "open_reserve_requests",
    "open_slip",
    "operations_around",
    "park_top_up",
    "parked_of",
    "parked_payment",
    "parked_payments",
    "prepare_close",
    "proposals",
    "propose_claim",
    "propose_item",
    "propose_parked",
    "quote_withdrawal",
    "reaches_accounts",
    "recalls_of",
    "reconcile_statement",
    "record_withdrawal_refusal",
    "release_hold",
    "repeat_withdrawal",
    "request_rehearsal",
    "request_release",
    "request_rotation",
    "reserve",
    "reserve_document",
    "reserve_request",
    "return_account_wanted",
    "safeguarding",
    "send_small_amounts",
    "settle_top_up",
    "sign_close",
    "slips_like",
    "slips_of",
    "small_amounts",
    "standing_transfer",
    "start_top_up",
    "start_withdrawal",
    "state_words",
    "stop_withdrawals",
    "stopped_payouts",
    "submit_signatures",
    "takes_standing_transfers",
    "tell_close_differs",
    "tell_movement_overdue",
    "tell_payment_disputed",
    "tell_rail_health",
    "tell_recall",
    "tell_reserve_advised",
    "tell_statement_refused",
    "tell_unmatched",
    "time_told",
    "top_up_choices",
    "top_up_fee",
    "verify_reserve",
    "was_asked_back",
    "watch_withdrawals",
    "withdraw_reserve_request",
    "withdrawal",
    "withdrawal_approval_options",
    "withdrawal_confirmation",
    "withdrawal_destination",
    "withdrawal_destinations",
    "withdrawal_ways",
]


def register() -> None:
    """Make this room's intents known to the till and its messages to notify; `site.wiring` calls it once."""
    for kind in KINDS:
        _register_kind(kind)
    register_message_kinds()


def open_wallet(owner: UUID) -> None:
    """Open a customer's accounts, one a currency, inside the caller's transaction; again changes nothing."""
    _open_wallet(owner)


def balances(owner: UUID) -> list[Balance]:
    """What a customer has, one Balance for each of the operator's currencies, in the operator's order."""
    return reads.balances(owner)


def operations(
    owner: UUID, cursor: str | None = None, limit: int = 20, direction: Literal["in", "out"] | None = None
) -> Page[OperationView]:
    """A customer's bills, newest first.

    takes    whose, where to continue, how many (at most 100), which direction
    gives    a page of OperationView
    refuses  cursor_invalid
    """
    return reads.operations(owner, cursor, limit, direction)


def published_terms() -> PublishedTerms:
    """The limits by identity tier, the fees and the waiting times in force, for help articles and price lists.

    gives    PublishedTerms, in the operator's order of currencies; what is not limited is left out
    """
    return _published_terms()


def needs_attention(owner: UUID) -> list[OperationView]:
    """At most five operations that are still open in a way the customer should know about."""
    return reads.needs_attention(owner)


def operation(owner: UUID, reference: str) -> OperationDetail:
    """One operation in full, as its party may see it.

    takes    whose, and a speakable reference as typed
    gives    OperationDetail
    refuses  not_found, also for an operation of others
    """
    row, party = reads.party_of(owner, reference)
    return detail.detail_for(row, party, "customer")


def operation_for_staff(reference: str, *, actor: Actor, purpose: Purpose) -> OperationDetail:
    """One operation in full, both sides of the books included, for a stated purpose.

    takes    a reference, the member of staff, the case it is for
    gives    OperationDetail; the look is audited
    refuses  not_found, purpose_missing, purpose_not_real
    """
    row = reads.find(reference)
    if row is None:
        raise OperationNotFound()
    holds.check_review(row.id, purpose)
    with outermost():
        record(actor, "operation.read", ("operation", str(row.id)), purpose=purpose)
    return detail.detail_for(row, _owner_party(row), "agent")


def find_operation(reference: str) -> tuple[UUID, UUID] | None:
    """The id and owner behind a reference as typed, or None."""
    row = reads.find(reference)
    return (row.id, row.owner) if row else None


def diagnose(operation_id: UUID, audience: Audience) -> Diagnosis:
    """Why an operation is as it is, for its owner, an agent or an article.

    takes    the operation's id and who reads
    gives    Diagnosis, cut to what the audience may know
    refuses  not_found
    """
    row = Operation.objects.filter(id=operation_id).first()
    if row is None:
        raise OperationNotFound()
    return detail.detail_for(row, _owner_party(row), audience).diagnosis


def held_operations(cursor: str | None = None, limit: int = 50) -> Page[HeldOperation]:
    """Transfers that wait for a decision, oldest first; refuses cursor_invalid."""
    return reads.held(cursor, limit)


def is_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `review` names an operation that staff have to decide: audit asks before they do."""
    return reads.was_reviewed(purpose.id)


def cancel_hold(owner: UUID, reference: str) -> Outcome:
    """The sender takes a held transfer back.

    takes    whose, and a reference
    gives    Outcome with state `returned`
    refuses  not_found, hold_not_open
    """
    return holds.decide_hold(_canonical(reference), False, Actor("customer", str(owner)), None)


def cancel_operation(owner: UUID, reference: str) -> Outcome:
    """Take back what has not left: `cancel_hold` or `cancel_withdrawal`, whichever it is.

    takes    whose, and a reference
    gives    Outcome with state `returned` or `cancelled`
    refuses  not_found, hold_not_open, withdrawal_under_way, withdrawal_not_cancellable
    """
    found = reads.find(reference)
    if found is not None and found.kind == "withdrawal":
        return cancel_withdrawal(owner, reference)
    return cancel_hold(owner, reference)


def send_transfer(
    owner: UUID,
    *,
    phone: str,
    amount: Money,
    note: str = "",
    pin: str | None = None,
    passkey: str | None = None,
    key: str | None,
    terms: Terms | None = None,
) -> Outcome:
    """Send money to a phone number.

    takes    the sender, the payee's phone as typed, a positive amount, a note of at most 100 characters, the
             sender's PIN or the answer of a passkey to `approval_options`, a key that is the same when the same wish
             comes again, and the terms of the review, if there was one: another outcome or fee is refused as
             terms_changed
    gives    Outcome: approved (`sent` to somebody new, `succeeded` to somebody known), held, or refused with a
             code; each is recorded and has a reference
    refuses  (as exceptions, before anything is recorded) phone_invalid, amount_*, note_too_long,
             idempotency_key_missing, idempotency_key_reused, idempotency_key_in_flight, till_busy
    """
    return transfers.send_transfer(owner, phone, amount, note, Proof(pin, passkey), key, terms)


def approval_options(owner: UUID, *, phone: str, amount: Money, note: str = "") -> dict[str, Any] | None:
    """Ask for a passkey instead of the PIN, for one transfer only.

    takes    what `send_transfer` will be given
    gives    WebAuthn request options whose challenge follows from payee, amount and note; None without a passkey
    refuses  phone_invalid, amount_*, note_too_long, too_many_attempts
    source   WebAuthn Level 3
    """
    return transfers.approval_options(owner, phone, amount, note)


def record_refusal(owner: UUID, *, phone: str, amount: Money, note: str, code: str, key: str) -> Outcome:
    """Keep what a review has just refused as an operation, so that it has a reference and can be asked about.

    takes    what was reviewed, the code it was refused with, and the wish's key
    gives    Outcome, always refused: without a PIN nothing is ever sent
    refuses  phone_invalid, amount_*, note_too_long, till_busy
    """
    return transfers.record_refusal(owner, phone, amount, note, code, key)


def repeat(owner: UUID, reference: str) -> Repeat | None:
    """What the owner of an operation entered; None for one of others or one that is not there."""
    return reads.repeat(owner, reference)


def dry_run_transfer(owner: UUID, *, phone: str, amount: Money) -> DryRun:
    """What sending would do now, by the same code as sending, with nothing moved.

    takes    the sender, the payee's phone as typed, a positive amount
    gives    DryRun
    refuses  phone_invalid, amount_*
    """
    return transfers.dry_run_transfer(owner, phone, amount)


def deliver_waiting(phone_index: bytes) -> None:
    """Give a newly registered or released payee what waits for them, in the caller's transaction."""
    deadlines.deliver_waiting(phone_index)


def close_due() -> int:
    """Close what is past its deadline; gives how many operations were looked at."""
    return deadlines.close_due()


def tell(operation_id: UUID, event: str) -> None:
    """Tell the parties of an operation what has just happened to it."""
    _tell(operation_id, event)


def verify() -> list[str]:
    """Compare operations, limits and keys with the books; gives every contradiction in words."""
    return _verify() + _verify_reconciliation() + verify_reserve()


def _canonical(reference: str) -> str:
    parsed = parse_reference(reference)
    if parsed is None:
        raise OperationNotFound()
    return parsed


def _owner_party(row: Operation) -> Party:
    return Party.objects.get(operation_id=row.id, owner=row.owner)
