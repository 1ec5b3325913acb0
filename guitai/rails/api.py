"""The door of rails: ways in and out of the wallet. Rails never calls the wallet; it emits topics."""

from collections.abc import Mapping
from uuid import UUID

from guitai.base.money import Money
from guitai.kit.cursors import Page
from guitai.rails import reads
from guitai.rails.adapters import rail_named
from guitai.rails.flows.receive_notice import receive_notice as _receive_notice
from guitai.rails.flows.settle_notice import settle_notice
from guitai.rails.flows.start_top_up import start_top_up as _start_top_up
from guitai.rails.types import InboxReceipt, Instructions, NoticeRecord, Quote, RailAnswer, RailRecord


def quote(amount: Money, *, rail: str = "bank") -> Quote:
    """What a top-up costs by a rail and how long it usually takes.

    takes    an amount, the rail's name
    gives    Quote
    refuses  rail_unknown, rail_unsupported
    source   the operator's agreement with the rail
    """
    return rail_named(rail).quote(amount)


def start_top_up(order_reference: str, amount: Money, *, rail: str = "bank") -> Instructions:
    """Ask a rail for a payment in, and learn how the customer pays.

    takes    the operation's canonical reference, the amount, the rail's name; never inside a transaction
    gives    Instructions; the same order again gives the same, also after a crash
    refuses  rail_unknown, rail_unsupported, rail_unavailable (try again), rail_declined, order_conflict
    source   the wire format in this room's README
    """
    return _start_top_up(order_reference, amount, rail)


def query(order_reference: str, *, rail: str = "bank") -> RailAnswer:
    """Ask a rail what became of an order; changes nothing here.

    takes    the operation's canonical reference, the rail's name; never inside a transaction
    gives    RailAnswer
    refuses  rail_unknown, rail_unsupported, rail_unavailable, rail_declined
    source   the wire format in this room's README
    """
    return rail_named(rail).query(order_reference)


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
