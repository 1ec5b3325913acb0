"""SWIFT MT940 customer statements, line by line.

Written after the standard's field formats rather than taken from a library: those read the whole file at once,
join statements of several accounts, and fall back to another encoding when the text does not fit.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from guitai.rails.errors import (
    StatementCurrencyMixed,
    StatementIncomplete,
    StatementMalformed,
    StatementRefused,
    StatementTooLarge,
)
from guitai.rails.statements.mt940_details import Details, read_details
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead, StatementPart
from guitai.rails.statements.source import Source
from guitai.rails.statements.values import decimals_of, line_of, minor_of, plain

_TAG = re.compile(r":(\d{2}[A-Z]?|NS):(.*)", re.ASCII | re.DOTALL)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,15}(?:,\d{0,9})?)\s*", re.ASCII)
_LINE = re.compile(
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<mark>R[CD]|E[CD]|[CD])(?P<funds>[A-Z])?(?P<amount>\d{1,15}(?:,\d{0,9})?)"
    r"(?P<type>[NFS][A-Z0-9]{3})(?P<own>.*?)(?://(?P<bank>.*))?",
    re.ASCII | re.DOTALL,
)
_BLOCK = re.compile(r"\{[1-35S]:[^}]*\}?|\}", re.ASCII)
_DETAIL_LINES_MAX = 200


@dataclass(slots=True)
class _Draft:
    """A :61: line that waits for its :86:."""

    words: str
    supplement: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)
    line: int = 0


@dataclass(slots=True)
class _Message:
    """One statement while it is being read."""

    reference: str
    account: str = ""
    number: str | None = None
    currency: str = ""
    opened: bool = False
    draft: _Draft | None = None
    entries: int = 0
    credits: int = 0
    debits: int = 0
    pending: int = 0


def read_mt940(source: Source, encoding: str) -> Iterator[StatementPart]:
    """The statements of an MT940 file, part by part.

    takes    a source and its encoding
    gives    StatementHead, its entries, StatementFoot; again for the next message
    refuses  statement_incomplete (no closing balance), statement_malformed, statement_amount_wrong,
             statement_currency_*, statement_encoding_wrong, statement_too_large
    source   SWIFT category 9, MT940 customer statement message
    """
    reading, number = _Reading(source.limits.statements_max), 0
    try:
        for number, line in enumerate(source.lines(encoding), start=1):
            yield from reading.line(line, number)
        yield from reading.end()
    except StatementRefused as refusal:
        if refusal.facts.get("line") is None:
            refusal.facts["line"] = number
        raise


class _Reading:
    def __init__(self, statements_max: int) -> None:
        self._statements_max = statements_max
        self._count = 0
        self._message: _Message | None = None
        self._continues = ""

    def line(self, text: str, number: int) -> Iterator[StatementPart]:
        """One line of the file: a field, or what continues the field before it."""
        text = _without_blocks(text)
        if not text.strip():
            return
        if text.strip() in ("-", "-}"):
            self._continues = ""
            return
        match = _TAG.fullmatch(text)
        if match is None:
            self._continue(text)
            return
        tag, words = match[1], match[2].strip()
        self._continues = tag
        if tag == "20":
            yield from self._begin(words)
        elif self._message is None:
            raise StatementMalformed(problem="field_before_20")
        elif tag in ("25", "25P"):
            self._message.account = line_of(words)
        elif tag in ("28", "28C"):
            self._message.number = line_of(words) or None
        elif tag in ("60F", "60M"):
            yield self._open(words)
        elif tag == "61":
            yield from self._line(words, number)
        elif tag == "86" and self._message.draft is not None:
            self._message.draft.details.append(words)
        elif tag in ("62F", "62M"):
            yield from self._close(words)

    def end(self) -> Iterator[StatementPart]:
        """The file is read to its end; refuses statement_incomplete when its last statement was not closed."""
        if self._message is not None:
            raise StatementIncomplete()
        if not self._count:
            raise StatementMalformed(problem="no_statement")
        return iter(())

    def _begin(self, words: str) -> Iterator[StatementPart]:
        if self._message is not None:
            raise StatementIncomplete()
        self._count += 1
        if self._count > self._statements_max:
            raise StatementTooLarge(problem="statements", maximum=self._statements_max)
        self._message = _Message(reference=line_of(words))
        return iter(())

    def _continue(self, text: str) -> None:
        message = self._message
        if message is None:
            if not self._count:
                raise StatementMalformed(problem="not_a_field")
            return  # after a closing balance: the bank's own remarks
        draft = message.draft
        if draft is None or self._continues not in ("61", "86"):
            return
        lines = draft.supplement if self._continues == "61" else draft.details
        lines.append(text)
        if len(lines) > _DETAIL_LINES_MAX:
            raise StatementTooLarge(problem="text", maximum=_DETAIL_LINES_MAX)

    def _open(self, words: str) -> StatementHead:
        message = self._current()
        if message.opened:
            raise StatementMalformed(problem="two_opening_balances")
        if not message.account:
            raise StatementMalformed(problem="account_missing")
        opening, message.currency = _balance(words)
        message.opened = True
        return StatementHead(
            account=message.account,
            currency=message.currency,
            opening=opening,
            reference=message.reference,
            number=message.number,
        )

    def _line(self, words: str, number: int) -> Iterator[StatementPart]:
        message = self._current()
        if not message.opened:
            raise StatementMalformed(problem="line_before_opening_balance")
        yield from self._flush(message)
        message.draft = _Draft(words, line=number)

    def _close(self, words: str) -> Iterator[StatementPart]:
        message = self._current()
        if not message.opened:
            raise StatementMalformed(problem="no_opening_balance")
        yield from self._flush(message)
        closing, currency = _balance(words)
        if currency != message.currency:
            raise StatementCurrencyMixed(currency=message.currency, found=currency)
        self._message = None
        yield StatementFoot(closing, message.entries, message.credits, message.debits, message.pending)

    def _flush(self, message: _Message) -> Iterator[StatementPart]:
        draft, message.draft = message.draft, None
        if draft is None:
            return
        try:
            entry = _entry(draft, message.currency, message.entries)
        except StatementRefused as refusal:
            refusal.facts["line"] = draft.line
            raise
        if entry is None:
            message.pending += 1
            return
        message.entries += 1
        if entry.credit:
            message.credits += entry.amount
        else:
            message.debits += entry.amount
        yield entry

    def _current(self) -> _Message:
        if self._message is None:
            raise StatementMalformed(problem="field_before_20")
        return self._message


def _without_blocks(text: str) -> str:
    """A line without the envelope that SWIFT puts around a message."""
    if not text.startswith(("{", "-}", "}")):
        return text
    text = text.removeprefix("-}")
    return _BLOCK.sub("", text).removeprefix("{4:")


def _balance(words: str) -> tuple[int, str]:
    match = _BALANCE.fullmatch(words)
    if match is None:
        raise StatementMalformed(problem="balance", value=plain(words, 40))
    _short_day(match[2])
    minor = minor_of(match[4].replace(",", "."), match[3])
    return (minor if match[1] == "C" else -minor), match[3]


def _entry(draft: _Draft, currency: str, before: int) -> Entry | None:
    """One line, or None for one that is only expected."""
    match = _LINE.fullmatch(draft.words)
    if match is None:
        raise StatementMalformed(problem="statement_line")
    decimals_of(currency)
    mark = match["mark"]
    amount = minor_of(match["amount"].replace(",", "."), currency)
    value_on = _short_day(match["value"])
    if mark[0] == "E":
        return None
    reversal = mark[0] == "R"
    # RC takes a credit back: it is a debit.
    credit = mark in ("C", "RD")
    details: Details = read_details(draft.details)
    own, bank = line_of(match["own"]), line_of(match["bank"] or "")
    own = "" if own == "NONREF" else own
    return Entry(
        before,
        before + 1,
        amount,
        credit,
        _booked_on(match["booked"], value_on),
        value_on,
        reversal,
        bank or own or None,
        details.end_to_end_id or own or None,
        details.name,
        details.account,
        details.remittance or line_of(" ".join(draft.supplement)) or None,
        match["type"],
        details.return_reason,
        bank_reference=bank or None,
    )


def _short_day(text: str) -> date:
    """A day of two-digit year: SWIFT's years 80 to 99 are of the last century."""
    year = int(text[:2])
    try:
        return date(year + (1900 if year >= 80 else 2000), int(text[2:4]), int(text[4:6]))
    except ValueError:
        raise StatementMalformed(problem="date", value=text) from None


def _booked_on(text: str | None, value_on: date) -> date:
    """A booking's month and day in the year that brings it closest to its value date."""
    if not text:
        return value_on
    candidates = []
    for year in (value_on.year - 1, value_on.year, value_on.year + 1):
        try:
            candidates.append(date(year, int(text[:2]), int(text[2:])))
        except ValueError:
            continue  # 29 February of another year
    if not candidates:
        raise StatementMalformed(problem="date", value=text)
    return min(candidates, key=lambda day: abs((day - value_on).days))
