"""The door of rails: ways in and out of the wallet. Rails never calls the wallet; it emits topics."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.money import Money
from guitai.base.refusal import NotFound
from guitai.kit.cursors import Page
from guitai.rails import breaker, line_reads, payout_reads, rail_reads, reads, statement_reads
from guitai.rails.adapters import rail_named
from guitai.rails.flows import import_statement as _importing
from guitai.rails.flows import receive_statement as _receiving
from guitai.rails.flows import watch_folder as _watching
from guitai.rails.flows.inspect_statement import inspect_statement as _inspect_statement
from guitai.rails.flows.inspect_statement import is_statement_purpose as _is_statement
from guitai.rails.flows.receive_notice import receive_notice as _receive_notice
from guitai.rails.flows.settle_notice import settle_notice
from guitai.rails.flows.start_payout import cancel_payout as _cancel_payout
from guitai.rails.flows.start_payout import start_payout as _start_payout
from guitai.rails.flows.start_top_up import start_top_up as _start_top_up
from guitai.rails.notice_doors import credits_naming, nameless_payments, note_credited, orders_paid_as
from guitai.rails.policies import statement_settings
from guitai.rails.rail_doors import (
    acknowledgement,
    approve_settings,
    call_back,
    came_back,
    check_rail,
    close_order,
    confirmation_page,
    confirms_within,
    decline_settings,
    health,
    health_of,
    is_rail_purpose,
    payee_of,
    payee_sign_in,
    payments_made,
    payouts_to_confirm,
    propose_settings,
    publish_settings,
    query_payout,
    rail_names,
    rail_problems,
    rail_settings,
    rail_terms,
    rail_ways,
    rails_for,
    refund_record,
    set_payout_check,
    settings_proposal,
    settings_proposals,
    start_refund,
)
from guitai.rails.types import (
    FiledPayouts,
    InboxReceipt,
    Instructions,
    LineKey,
    NoticeRecord,
    Payout,
    PayoutRecord,
    PayoutState,
    Quote,
    RailAnswer,
    RailRecord,
    ReceivingAccount,
    StatementDay,
    StatementFileRecord,
    StatementFileState,
    StatementLine,
    StatementRecord,
)

__all__ = [
    "acknowledgement",
    "approve_settings",
    "call_back",
    "came_back",
    "check_rail",
    "close_order",
    "confirmation_page",
    "confirms_within",
    "credits_naming",
    "decline_settings",
    "health",
    "health_of",
    "is_rail_purpose",
    "nameless_payments",
    "note_credited",
    "orders_paid_as",
    "payee_of",
    "payee_sign_in",
    "payments_made",
    "payouts_to_confirm",
    "propose_settings",
    "publish_settings",
    "query_payout",
    "rail_names",
    "rail_problems",
    "rail_settings",
    "rail_terms",
    "rail_ways",
    "rails_for",
    "refund_record",
    "set_payout_check",
    "settings_proposal",
    "settings_proposals",
    "start_refund",
]


def quote(amount: Money, *, rail: str = "bank") -> Quote:
    """What a top-up costs by a rail and how long it usually takes.

    takes    an amount, the rail's name
    gives    Quote
    refuses  rail_unknown, rail_unsupported
    source   the operator's agreement with the rail
    """
    return rail_named(rail).quote(amount)


def start_top_up(
    order_reference: str,
    amount: Money,
    *,
    rail: str = "bank",
    return_url: str = "",
    subject: str = "",
    on_phone: bool = False,
    payer_ip: str = "",
) -> Instructions:
    """Ask a rail for a payment in, and learn how the customer pays.

    takes    the operation's canonical reference, the amount, the rail's name, the page of ours on which the payer ends
             up, what the payer reads at the rail, whether they hold a phone, their network address (some rails
             want it; it is not kept); never inside a transaction
    gives    Instructions; the same order again gives the same, also after a crash. Afterwards `rails.top_up_paid`,
             `rails.notice_parked`, `rails.top_up_processing {order_reference, rail}` or
             `rails.top_up_failed {order_reference, rail, code}`
    refuses  rail_unknown, rail_unsupported, rail_unavailable (try again), rail_declined, order_conflict,
             return_address_not_ours
    source   the wire format in this room's README
    """
    return _start_top_up(order_reference, amount, rail, return_url, subject, on_phone, payer_ip)


def query(order_reference: str, *, rail: str = "bank") -> RailAnswer:
    """Ask a rail what became of an order; changes nothing here.

    takes    the operation's canonical reference, the rail's name; never inside a transaction
    gives    RailAnswer
    refuses  rail_unknown, rail_unsupported, rail_unavailable, rail_declined
    source   the wire format in this room's README
    """
    adapter = rail_named(rail)
    return breaker.through(rail, lambda: adapter.query(order_reference))


def receive_notice(rail: str, headers: Mapping[str, str], body: bytes) -> InboxReceipt:
    """Store what a rail says, raw, before anybody judges it; a job settles it afterwards.

    takes    the rail's name, header names and values, the body's bytes (at most 64 KiB)
    gives    InboxReceipt once it is durable
    refuses  rail_unknown, notice_too_large
    source   the wire format in this room's README
    """
    return _receive_notice(rail, headers, body)


def settle(inbox_id: UUID) -> None:
    """Judge one stored message now; what is already judged is left alone.

    takes    the receipt's id
    gives    nothing; emits `rails.top_up_paid` or `rails.notice_parked` in the same transaction
    refuses  nothing: every outcome is a state of the message with a code
    source   this room's README, states of a notice
    """
    settle_notice(inbox_id)


def exceptions(
    cursor: str | None = None, *, limit: int = 20, codes: frozenset[str] | None = None
) -> Page[NoticeRecord]:
    """Messages from outside that moved nothing, newest first, each with its code.

    takes    a cursor of an earlier page, how many (at most 100), which codes (all)
    gives    a Page of NoticeRecord
    refuses  cursor_invalid
    source   this room's README, states of a notice
    """
    return reads.exceptions(cursor, limit, codes)


def rail_record(order_reference: str) -> RailRecord | None:
    """An order as rails knows it, with every notice about it: for traces.

    takes    the operation's canonical reference
    gives    RailRecord, or None when no rail was asked
    refuses  nothing
    source   this room's tables
    """
    return reads.rail_record(order_reference)


def receive_statement(file: BinaryIO, name: str, source: str, actor: Actor) -> tuple[UUID, bool]:
    """Keep a statement file, sealed and whole, before anybody reads it; a job reads it.

    takes    a binary file that can be read twice, its name, where it comes from (upload, folder, command), by whom
    gives    its id, and whether it is new: the same content again is the same file and changes nothing
    refuses  statement_too_large, statement_unreadable, statement_changing
    source   this room's README, statement files
    """
    return _receiving.receive_statement(file, name, source, actor)


def take_statement(path: Path, source: str, actor: Actor) -> tuple[UUID, bool]:
    """`receive_statement` for a file on this machine, unless somebody is still writing it.

    takes    its path, where it comes from, by whom
    gives    its id, and whether it is new
    refuses  statement_too_large, statement_unreadable, statement_changing
    """
    return _watching.take_path(path, source, actor)


def ready_statement_files(folder: Path) -> list[Path]:
    """The files of a folder that nobody is writing to any more.

    takes    a folder
    gives    paths, by name
    """
    return _watching.ready_files(folder, statement_settings().quiet_s)


def import_statement(file_id: UUID, progress: _importing.Progress | None = None) -> StatementFileRecord:
    """Read a kept file now: proved whole first, then stored; goes on where an earlier reading was interrupted.

    takes    its id, and who wants to know how far it is; never inside a transaction
    gives    StatementFileRecord, `imported` or `refused` with a code; emits `rails.statement_imported` or
             `rails.statement_refused`
    refuses  not_found
    source   this room's README, statement files
    """
    _importing.import_statement(file_id, progress)
    return statement_file(file_id)


def statement_file(file_id: UUID) -> StatementFileRecord:
    """A statement file and how far its reading is.

    takes    its id
    gives    StatementFileRecord
    refuses  not_found
    """
    found = statement_reads.file_record(file_id)
    if found is None:
        raise NotFound()
    return found


def statement_files(
    cursor: str | None = None, *, limit: int = 20, states: frozenset[StatementFileState] | None = None
) -> Page[StatementFileRecord]:
    """Statement files, newest first.

    takes    a cursor of an earlier page, how many (at most 100), which states (all)
    gives    a Page of StatementFileRecord
    refuses  cursor_invalid
    """
    return statement_reads.files(cursor, limit, states)


def statements_of(file_id: UUID) -> list[StatementRecord]:
    """The statements in a file.

    takes    the file's id
    gives    StatementRecord values in the file's order
    """
    return statement_reads.statements_of(file_id)


def entries_named(references: Sequence[str]) -> list[StatementLine]:
    """Lines that name one of these operations, matched or not, repeats included: for traces.

    takes    canonical references, or end-to-end ids of payouts
    gives    StatementLine values in the order in which they came in
    """
    return statement_reads.entries_named(references)


def open_lines(file_id: UUID, after: int | None = None, limit: int = 5_000) -> list[LineKey]:
    """Lines of a statement file that count and are not matched: for matching a million of them.

    takes    the file's id, the last id seen before (None: from its first line), how many (at most 10,000)
    gives    LineKey values by id; nothing about people is opened
    """
    start = line_reads.before_first(file_id) if after is None else after
    return line_reads.open_lines(file_id, start, limit)


def open_lines_of(ids: Sequence[int]) -> list[LineKey]:
    """Of some lines, those that count and are not matched.

    takes    line ids
    gives    LineKey values by id
    """
    return line_reads.open_lines_of(ids)


def statement_lines(ids: Sequence[int]) -> list[StatementLine]:
    """Lines by id, in full: the caller records who looked, and why.

    takes    line ids, at most 10,000
    gives    StatementLine values by id; unknown ids are left out
    """
    return statement_reads.lines_of(ids)


def filed_payouts(message_ids: Iterable[str]) -> dict[str, FiledPayouts]:
    """What left in files of payouts: for banks that book a whole file as one sum.

    takes    message ids of files
    gives    FiledPayouts by message id; unknown ones are left out
    """
    return line_reads.filed_payouts(message_ids)


def statement_days(until: date) -> list[StatementDay]:
    """What banks told at the end of each statement: for the daily close.

    takes    the last day that matters
    gives    StatementDay values in the order in which they came; reports and notices are none
    """
    return line_reads.statement_days(until)


def mark_matched(pairs: Sequence[tuple[int, str]]) -> list[int]:
    """Write beside lines what they were matched to, in the caller's transaction.

    takes    (line id, what it was matched to) pairs
    gives    the ids that were free until now; one that is missing was matched by somebody else, or is a repeat
    """
    return line_reads.mark(pairs)


def start_payout(payout: Payout, *, rail: str = "bank", priority: int = 0) -> None:
    """Queue a payment out, in the caller's transaction; a job hands it to the bank within the bank's hours.

    takes    the payout under its operation's canonical reference, the rail's name, a priority (higher leaves first)
    gives    nothing; the same payout again changes nothing. Afterwards `rails.payout_sent {rail, order_reference,
             amount, currency, message_id}`, then `rails.payout_accepted`, `rails.payout_settled`,
             `rails.payout_rejected {..., code, reason}` or, days later too, `rails.payout_returned {..., code, reason,
             returned, entry_id}`
    refuses  rail_unknown, payout_currency_not_taken, payout_unwritable, order_conflict
    source   ISO 20022 pain.001, pain.002, camt.053; this room's README, payouts
    """
    _start_payout(payout, rail, priority)


def cancel_payout(order_reference: str, actor: Actor, *, rail: str = "bank") -> None:
    """Take a payout out of the queue, in the caller's transaction, while no file with it lies in the outbox.

    takes    the operation's canonical reference, by whom, the rail's name
    gives    nothing; once more changes nothing
    refuses  payout_unknown, payout_under_way
    source   this room's README, payouts
    """
    _cancel_payout(order_reference, rail, actor)


def payout_record(order_reference: str) -> PayoutRecord | None:
    """A payout as rails knows it: for traces.

    takes    the operation's canonical reference
    gives    PayoutRecord, or None when there is none
    """
    return payout_reads.record_of(order_reference)


def payouts(
    cursor: str | None = None, *, limit: int = 20, states: frozenset[PayoutState] | None = None
) -> Page[PayoutRecord]:
    """Payouts, newest first.

    takes    a cursor of an earlier page, how many (at most 100), which states (all)
    gives    a Page of PayoutRecord
    refuses  cursor_invalid
    """
    return payout_reads.records(cursor, limit, states)


def payouts_leave_at(moment: datetime, *, rail: str = "bank") -> datetime:
    """When a payout that is queued at a moment is handed over: for the promise of an arrival.

    takes    an aware moment, the rail's name
    gives    that moment within the bank's hours, otherwise the opening of the next bank day, in the bank's zone; by a
             rail that is asked online always that moment, in the operator's zone
    source   the operator's policy `payouts`
    """
    return payout_reads.leaves_at(moment, rail)


def payouts_cut_off(moment: datetime, *, rail: str = "bank") -> datetime | None:
    """Until when a payout must be queued to be handed over on the day of a moment.

    takes    an aware moment, the rail's name
    gives    a moment in the bank's zone; None where that day takes none any more, or where there is no cut-off
    source   the operator's policy `payouts`
    """
    return payout_reads.cut_off(moment, rail)


def payout_name_fits(name: str) -> bool:
    """Whether the scheme of payouts can carry a payee's name: `start_payout` refuses payout_unwritable otherwise.

    takes    a name as a person writes it
    gives    True or False
    source   ISO 20022 pain.001, the operator's policy `payouts`
    """
    return payout_reads.can_write(name)


def payout_currencies(*, rail: str = "bank") -> frozenset[str]:
    """What payouts can leave in by a rail: for the bank the currencies of the operator's accounts that pay.

    takes    the rail's name
    gives    ISO 4217 codes; none until the policy `payouts` was published, or an online rail is set up and switched on
    refuses  rail_unknown
    """
    return rail_reads.payout_currencies(rail_named(rail))


def receiving_accounts() -> tuple[ReceivingAccount, ...]:
    """Where customers may pay at any time, without an order.

    takes    nothing
    gives    ReceivingAccount values; none until the policy `statements` names some
    """
    return statement_settings().receiving


def inspect_statement(file_id: UUID, reason: str, actor: Actor) -> Iterator[bytes]:
    """A statement file as it came, for whoever inspects it: who looked and why is recorded first.

    takes    the file's id, why, by whom; never inside a transaction
    gives    its bytes in pieces
    refuses  not_found
    """
    return _inspect_statement(file_id, reason, actor)


def is_statement_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of the kind `statement` holds: its id names a statement file.

    takes    who, the purpose
    gives    whether it is real
    """
    return _is_statement(purpose)
