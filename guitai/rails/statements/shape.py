"""The one shape of every account statement, whatever format it came in. Amounts in minor units.

A file is read as a stream of parts: a Head, its Entries, a Foot, then the next Head. These are msgspec structs
where the rest of the house has dataclasses, because a file may have a million of them: they are made ten times faster.
"""

from datetime import date
from typing import Literal

from msgspec import Struct

# statement: closed, with balances · report: of a day not over yet · notice: of single bookings, without balances
StatementKind = Literal["statement", "report", "notice"]
StatementFormat = Literal["camt", "mt940", "csv"]


class StatementHead(Struct, frozen=True):
    """Whose account, and what it held before the entries that follow."""

    account: str
    currency: str | None
    opening: int | None
    kind: StatementKind = "statement"
    reference: str = ""
    number: str | None = None
    created_at: str | None = None
    period_from: date | None = None
    period_to: date | None = None


class Entry(Struct, frozen=True):
    """One line: a booking, or one payment of a booking that the bank broke down to the last minor unit.

    `credit` says which way the balance went, also for a reversal: a credit taken back is a debit with
    `reversal`. `booking` counts the bank's bookings within the statement and `position` counts lines.
    """

    position: int
    booking: int
    amount: int
    credit: bool
    booked_on: date | None
    value_on: date | None
    reversal: bool = False
    reference: str | None = None
    end_to_end_id: str | None = None
    counterparty: str | None = None
    counterparty_account: str | None = None
    remittance: str | None = None
    # The bank's own word for what it was (BkTxCd, MT940 type), and why it came back if it did.
    bank_code: str | None = None
    return_reason: str | None = None
    return_text: str | None = None
    # Included in the amount; what the bank took is positive.
    charges: int = 0
    # A booking of several payments: how many, which of them this line is (0: it stands for all), under which name.
    batch_count: int = 0
    batch_part: int = 0
    batch_reference: str | None = None
    transaction_id: str | None = None
    # What the bank itself calls the booking, where it has a name that is never used twice: the same one in another
    # statement is the same booking.
    bank_reference: str | None = None
    # The number that a payer sent it to, where the bank tells: of a virtual account, which stands for one customer.
    own_account: str | None = None


class StatementFoot(Struct, frozen=True):
    """What the account held after the entries, and what they came to."""

    closing: int | None
    entries: int
    credits: int
    debits: int
    # Lines that the bank announced and had not booked: they are no entries.
    pending: int = 0


class Statement(Struct, frozen=True):
    """A whole statement in memory: for small files."""

    head: StatementHead
    entries: tuple[Entry, ...]
    foot: StatementFoot


StatementPart = StatementHead | Entry | StatementFoot
