"""The part of the wallet's door that bank statements come by: matching, open items, daily closes, safeguarding."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.kit import files
from guitai.kit.cursors import Page
from guitai.rails import api as rails
from guitai.wallet.flows import parked_back
from guitai.wallet.reconciliation import proofs, reads, slips, standing
from guitai.wallet.reconciliation.flows import close_day, match_lines, settle_items
from guitai.wallet.reconciliation.flows import find_top_up as _finding
from guitai.wallet.reconciliation.types import (
    CloseView,
    ItemAction,
    ItemDetail,
    ItemView,
    MatchingView,
    MatchView,
    Safeguarding,
    SlipView,
    TopUpAnswer,
)
from guitai.wallet.types import StandingTransfer


def standing_transfer(customer: UUID, currency: str) -> StandingTransfer | None:
    """How somebody pays in by bank transfer at any time, without an order.

    takes    whose wallet, a currency
    gives    StandingTransfer, with a reference made at the first look; None where the operator has named no account
    source   the operator's policy `statements.receiving`
    """
    return standing.details(customer, currency)


def takes_standing_transfers() -> bool:
    """Whether the operator has named an account that customers may pay into at any time."""
    return bool(rails.receiving_accounts())


def is_receiving_account(number: str) -> bool:
    """Whether a number is an account that customers pay into: the operator's, or a customer's virtual one."""
    return standing.is_ours(number)


def reconcile_statement(file_id: UUID) -> None:
    """Have the lines of an imported statement file matched by a job, in the caller's transaction; once a file.

    takes    the file's id
    gives    nothing; `matching` says how far it is. Emits `wallet.receipt_unmatched {file_id, held, open}` at its end
    refuses  not_found
    """
    match_lines.begin(file_id)


def match_statement(file_id: UUID, progress: match_lines.Progress | None = None) -> MatchingView | None:
    """Match the lines of a file now, from where the last try ended; never inside a transaction.

    takes    the file's id, and who wants to know how far it is
    gives    MatchingView
    """
    match_lines.match_file(file_id, progress)
    return reads.matching(file_id)


def matching(file_id: UUID) -> MatchingView | None:
    """How far the matching of a file is, or None while it is not begun."""
    return reads.matching(file_id)


def matchings(limit: int = 10) -> list[MatchingView]:
    """How far the newest files are matched, newest first."""
    return reads.matchings(limit)


def matches_of(operation_id: UUID) -> list[MatchView]:
    """The lines of statements that prove an operation's movements, each with its rule and what the rule looked at."""
    return reads.matches_of([operation_id])


def open_items(cursor: str | None = None, limit: int = 50) -> Page[ItemView]:
    """Lines that somebody has to settle, the one that has waited longest first.

    takes    where to continue, how many (at most 100)
    gives    a page of ItemView, without anything about payers
    refuses  cursor_invalid
    """
    return reads.queue(cursor, limit)


def open_item(item_id: UUID, *, actor: Actor) -> ItemDetail:
    """One line in full with its candidates, the likeliest first; the look is recorded.

    takes    its id, the member of staff
    gives    ItemDetail
    refuses  not_found
    """
    return reads.item(item_id, actor)


def propose_item(item_id: UUID, action: ItemAction, *, target: str = "", reason: str, actor: Actor) -> None:
    """Propose what is done with a line; a later proposal takes the place of an earlier one.

    takes    its id, the action, what it names (an operation's reference; a customer's phone number), why, who
    gives    nothing
    refuses  not_found, receipt_not_open, receipt_reason_missing, receipt_action_not_possible, receipt_target_unknown,
             receipt_target_unfit, phone_invalid, not_permitted
    """
    settle_items.propose(item_id, action, target, reason, actor)


def approve_item(item_id: UUID, action: ItemAction, *, actor: Actor) -> str:
    """Do what another member of staff has proposed, in one transaction.

    takes    its id, the action that the approver has looked at, who
    gives    the state it is in then: assigned, returning, written or matched
    refuses  not_found, receipt_not_proposed, receipt_own_proposal, receipt_target_unfit, receipt_owner_stopped,
             receipt_payer_unknown, receipt_action_not_possible, not_permitted, the rail's own codes for a payout
    """
    return settle_items.approve(item_id, action, actor)


def decline_item(item_id: UUID, *, reason: str, actor: Actor) -> None:
    """Put a proposal aside, also one's own; refuses not_found, receipt_not_proposed, not_permitted."""
    settle_items.decline(item_id, reason, actor)


def note_return(what: str, payload: Mapping[str, Any]) -> None:
    """A bank says what became of money that went back to its payer; in the caller's transaction, others are left.

    takes    sent | accepted | settled | rejected | returned, and the topic's payload
    """
    settle_items.note_return(what, payload)
    parked_back.note_payout(what, payload)


def is_reconciliation(actor: Actor, purpose: Any) -> bool:
    """Whether a purpose of kind `reconciliation` names a line or a close that there is: audit asks."""
    return reads.is_purpose(purpose.id)


def find_top_up(
    owner: UUID,
    *,
    amount: Money,
    paid_from: str,
    paid_on: date,
    slip: str = "",
    picture: files.Upload | None = None,
) -> TopUpAnswer:
    """Where a top-up is that has not arrived; what is surely the asker's is credited at once.

    takes    whose wallet, the amount paid, the paying account's last digits (four at least) or the payer's name, the
             day on which it was paid, the bank's own number from the slip, a picture or PDF of the slip: kept, cleaned
             and sealed, for whoever settles the payment when it cannot be found
    gives    TopUpAnswer: solved, arrived, platform_fault, being_checked, wrong_reference, different_amount,
             paid_by_another, bank_delay or unpaid; what is somebody else's changes nothing in it
    refuses  too_many_attempts (6 an hour, 20 a day), file_too_large, file_empty, file_not_accepted, file_infected,
             file_not_scanned
    """
    return _finding.find_top_up(owner, amount, paid_from, paid_on, slip, picture)


def slips_like(amount: Money, day: date, named: str = "") -> list[SlipView]:
    """Slips that customers sent of payments of an amount about a day, or of the top-up that a line names."""
    return slips.like(amount.minor, amount.currency, day, named)


def slips_of(owner: UUID) -> list[SlipView]:
    """The latest slips that a customer sent, the newest first."""
    return slips.of_customer(owner)


def open_slip(slip_id: UUID, *, actor: Actor) -> tuple[files.StoredFile, bytes]:
    """A slip's content, for a member of staff; the look is recorded. Refuses not_found."""
    return slips.look_at(slip_id, actor)


def close_of_day(day: date) -> list[CloseView]:
    """Compute a day's figures of every rail and currency anew; what is signed stays as it is.

    takes    a day that is over
    gives    CloseView values with their items; emits `wallet.daily_close_differs {rail, currency, day, amount}` when a
             statement of the day is here and somebody has to look
    refuses  close_day_not_over
    """
    return [reads.close(close_id) for close_id in close_day.draft_day(day)]


def daily_closes(limit: int = 60) -> list[CloseView]:
    """The latest daily closes, newest first, without their items."""
    return reads.closes(limit)


def daily_close(close_id: UUID) -> CloseView:
    """One daily close with every part of its difference; refuses not_found."""
    return reads.close(close_id)


def prepare_close(close_id: UUID, *, note: str = "", actor: Actor) -> None:
    """Say that one has looked at a day's items; with words when something is not explained.

    refuses  not_found, close_signed, close_note_missing, not_permitted
    """
    close_day.prepare(close_id, note, actor)


def sign_close(close_id: UUID, *, actor: Actor) -> None:
    """Sign a day that another person has prepared: its figures never change afterwards.

    refuses  not_found, close_signed, close_not_prepared, close_own_work, not_permitted
    """
    close_day.sign(close_id, actor)


def safeguarding() -> list[Safeguarding]:
    """What is owed to customers beside what is there for them, in each of the operator's currencies."""
    return reads.safeguarding()


def verify_reconciliation() -> list[str]:
    """Compare suspense, matches and closes with the books; gives every contradiction in words."""
    return proofs.verify()
