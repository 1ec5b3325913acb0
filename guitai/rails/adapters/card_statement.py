"""A day's balance transactions of the acquirer's account, as a file: a line of JSON each, of what settlement needs.

Nothing about the payer is in it: neither name nor figures of a card. The first line says whose and when, the last how
many, so that a file that was cut is found. What the acquirer took is a line of its own beside what was paid.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, BinaryIO, Literal

import msgspec

from guitai.base.money import MINOR_MAX
from guitai.rails.adapters.bills import Sums
from guitai.rails.adapters.card_amounts import from_acquirer
from guitai.rails.errors import (
    Malformed,
    StatementIncomplete,
    StatementMalformed,
    StatementTooLarge,
    StatementUnrecognised,
)
from guitai.rails.statements.shape import Entry, StatementHead, StatementPart

_LINE_BYTES_MAX = 16_384
_LINES_MAX = 5_000_000
_Token = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]
_Amount = Annotated[int, msgspec.Meta(ge=-MINOR_MAX, le=MINOR_MAX)]
_Seconds = Annotated[int, msgspec.Meta(ge=0, le=4_102_444_800)]
_Reference = Annotated[str, msgspec.Meta(max_length=200)]


class _Head(msgspec.Struct, frozen=True, tag="head", tag_field="line"):
    account: _Token
    day: date
    format: Literal["balance_transactions.1"] = "balance_transactions.1"


class _Line(msgspec.Struct, frozen=True, tag="transaction", tag_field="line", omit_defaults=True):
    id: _Token
    type: Annotated[str, msgspec.Meta(pattern=r"\A[a-z_]{1,60}\Z")]
    amount: _Amount
    fee: _Amount
    currency: Annotated[str, msgspec.Meta(pattern=r"\A[A-Za-z]{3}\Z")]
    created: _Seconds
    available_on: _Seconds
    source: _Reference = ""
    payment: _Reference = ""
    reference: _Reference = ""


class _Foot(msgspec.Struct, frozen=True, tag="end", tag_field="line"):
    lines: int


# Where a reference of ours stands: of a refund, of a payout back to a payment, of a payment.
_OURS = ("refund_reference", "payout_reference", "order_reference")
_decoder = msgspec.json.Decoder(_Head | _Line | _Foot)


def write_day(account: str, day: date, transactions: Iterable[dict[str, Any]]) -> bytes:
    """The file of a day.

    takes    the account, the day (UTC), the acquirer's balance transactions with their sources
    gives    bytes for `read_day`, by currency, oldest first
    refuses  msgspec.ValidationError for an answer that is not of that shape
    """
    lines = sorted(
        (msgspec.convert(_needed(each), _Line) for each in transactions),
        key=lambda line: (line.currency, line.created, line.id),
    )
    parts = [_Head(account, day), *lines, _Foot(len(lines))]
    return b"".join(msgspec.json.encode(part) + b"\n" for part in parts)


def read_day(file: BinaryIO) -> Iterator[StatementPart]:
    """A day's file, part by part, a statement a currency.

    takes    the file at its beginning
    gives    StatementHead, its entries, StatementFoot, for each currency
    refuses  statement_unrecognised, statement_incomplete, statement_malformed, statement_too_large
    source   Stripe: balance transactions; `write_day`
    """
    head, currency, seen = None, "", set[str]()
    sums = Sums()
    for number, part in enumerate(_parts(file), 1):
        if number == 1:
            if not isinstance(part, _Head):
                raise StatementUnrecognised(problem="no_head")
            head = part
        elif head is None or isinstance(part, _Head):
            raise StatementMalformed(line=number, problem="head")
        elif isinstance(part, _Foot):
            if part.lines != number - 2:
                raise StatementIncomplete(line=number)
            if currency:
                yield sums.foot()
            return
        else:
            if part.currency.upper() != currency:
                if currency:
                    yield sums.foot()
                currency = part.currency.upper()
                if currency in seen:
                    raise StatementMalformed(line=number, problem="currency")
                seen.add(currency)
                sums = Sums()
                yield StatementHead(
                    head.account,
                    currency,
                    None,
                    reference=f"{head.day}",
                    period_from=head.day,
                    period_to=head.day,
                )
            yield from _entries(part, head.day, number, sums, number - 2)
    raise StatementIncomplete()


def _entries(line: _Line, day: date, number: int, sums: Sums, booking: int) -> Iterator[Entry]:
    """A booking and, beside it, what the acquirer took for it."""
    currency = line.currency.upper()
    try:
        gross, fee = from_acquirer(line.amount, currency), from_acquirer(line.fee, currency)
    except Malformed as refusal:
        raise StatementMalformed(line=number, problem=str(refusal.facts["problem"])) from refusal
    for minor, word, mark in ((gross, line.type, ""), (-fee, "fee", ":fee")):
        if not minor:
            continue
        yield sums.count(
            Entry(
                position=sums.entries,
                booking=booking,
                amount=abs(minor),
                credit=minor > 0,
                booked_on=day,
                value_on=datetime.fromtimestamp(line.available_on, UTC).date(),
                reference=None if mark else line.id,
                end_to_end_id=None if mark else line.reference or None,
                bank_code=word,
                transaction_id=line.payment or line.source or None,
                bank_reference=line.id + mark,
            )
        )


def _parts(file: BinaryIO) -> Iterator[_Head | _Line | _Foot]:
    for number in range(1, _LINES_MAX):
        line = file.readline(_LINE_BYTES_MAX)
        if not line:
            return
        if not line.endswith(b"\n"):
            raise (
                StatementIncomplete(line=number)
                if len(line) < _LINE_BYTES_MAX
                else StatementMalformed(line=number)
            )
        try:
            yield _decoder.decode(line)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            raise (
                StatementUnrecognised(problem="no_head") if number == 1 else StatementMalformed(line=number)
            ) from error
    raise StatementTooLarge(lines_max=_LINES_MAX)


def _needed(transaction: dict[str, Any]) -> dict[str, Any]:
    """What settlement needs of a balance transaction; whose card it was stays with the acquirer."""
    source = transaction.get("source")
    expanded = source if isinstance(source, dict) else {}
    metadata = expanded.get("metadata") or {}
    return {
        "line": "transaction",
        **{
            name: transaction.get(name)
            for name in ("id", "type", "amount", "fee", "currency", "created", "available_on")
        },
        "source": expanded.get("id") or (source if isinstance(source, str) else ""),
        "payment": expanded.get("payment_intent") or "",
        "reference": next((str(metadata[name])[:200] for name in _OURS if metadata.get(name)), ""),
    }
