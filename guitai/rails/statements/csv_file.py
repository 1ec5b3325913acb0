"""CSV account lists by an operator's mapping. No guess is made about a column, a sign or a date."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from guitai.rails.errors import (
    StatementMalformed,
    StatementMappingWrong,
    StatementRefused,
    StatementUnbalanced,
)
from guitai.rails.statements.mapping import CsvMapping
from guitai.rails.statements.shape import Entry, StatementFoot, StatementHead, StatementPart
from guitai.rails.statements.source import Source
from guitai.rails.statements.values import amount_fact, decimals_of, line_of, minor_of, plain

Row = dict[str, str]
# Newest first means that the first balance is only known at the end: such files are turned round in memory.
_TURNED_MAX = 200_000
_GROUPING = {".": ",", ",": "."}


@dataclass(slots=True)
class _Open:
    """The statement being read: rows of one account in one currency that follow each other."""

    account: str
    currency: str
    entries: int = 0
    credits: int = 0
    debits: int = 0
    balance: int | None = None


def read_csv(source: Source, mapping: CsvMapping) -> Iterator[StatementPart]:
    """The account lists of a CSV file, part by part.

    takes    a source and the bank's mapping
    gives    StatementHead, its entries, StatementFoot; again whenever account or currency change; balances
             only where the mapping names a column of running balances
    refuses  statement_mapping_wrong (a heading is missing), statement_malformed, statement_amount_wrong,
             statement_unbalanced (a running balance that does not follow), statement_encoding_wrong
    source   the operator's mapping
    """
    number = mapping.skip_lines + 1
    current: _Open | None = None
    try:
        for number, row in _rows(source, mapping):  # noqa: B007  said in a refusal
            account = line_of(row.get(mapping.columns.account or "", "")) or mapping.account
            currency = row.get(mapping.columns.currency or "", "").strip() or mapping.currency
            decimals_of(currency)
            if not account:
                raise StatementMalformed(problem="account_missing")
            entry, balance = _entry(row, mapping, currency, current.entries if current else 0)
            if current is None or (current.account, current.currency) != (account, currency):
                if current is not None:
                    yield _foot(current)
                current = _Open(account, currency)
                entry, balance = _entry(row, mapping, currency, 0)
                signed = entry.amount if entry.credit else -entry.amount
                yield StatementHead(account, currency, None if balance is None else balance - signed)
                current.balance = None if balance is None else balance - signed
            _follow(current, entry, balance)
            yield entry
    except StatementRefused as refusal:
        if refusal.facts.get("line") is None:
            refusal.facts["line"] = number
        raise
    except csv.Error as error:
        raise StatementMalformed(problem=plain(str(error), 60), line=number) from error
    if current is None:
        raise StatementMalformed(problem="no_statement", line=number)
    yield _foot(current)


def _rows(source: Source, mapping: CsvMapping) -> Iterator[tuple[int, Row]]:
    lines = source.lines(mapping.encoding)
    for _ in range(mapping.skip_lines):
        next(lines, None)
    # The reader wants its line ends back: a quoted field may hold some.
    reader = csv.reader(
        (f"{line}\n" for line in lines), delimiter=mapping.delimiter, quotechar=mapping.quote, strict=True
    )
    headings = [heading.strip() for heading in next(reader, [])]
    missing = [heading for heading in mapping.columns.named() if heading not in headings]
    if missing:
        raise StatementMappingWrong(
            problem="column_missing", column=plain(missing[0], 40), mapping=mapping.name
        )
    if len({h for h in headings if h}) != len([h for h in headings if h]):
        raise StatementMappingWrong(problem="column_twice", mapping=mapping.name)
    rows = partial(_dicts, reader, headings, mapping.skip_lines)
    if not mapping.newest_first:
        yield from rows()
        return
    turned = []
    for item in rows():
        turned.append(item)
        if len(turned) > _TURNED_MAX:
            raise StatementMalformed(problem="too_long_to_turn", line=item[0])
    yield from reversed(turned)


def _dicts(reader, headings: list[str], skipped: int) -> Iterator[tuple[int, Row]]:  # type: ignore[no-untyped-def]
    for cells in reader:
        if not any(cell.strip() for cell in cells):
            continue
        line = reader.line_num + skipped
        # A row that is too short is what a half-written file ends in.
        if len(cells) < len(headings):
            raise StatementMalformed(problem="row_too_short", line=line)
        yield line, dict(zip(headings, cells, strict=False))


def _entry(row: Row, mapping: CsvMapping, currency: str, before: int) -> tuple[Entry, int | None]:
    columns = mapping.columns
    signed = _signed(row, mapping, currency)
    balance = _number(row[columns.balance], mapping, currency) if columns.balance else None

    def words(column: str | None) -> str | None:
        return line_of(row[column]) or None if column else None

    entry = Entry(
        before,
        before + 1,
        abs(signed),
        signed > 0 or (signed == 0 and _says_credit(row, mapping)),
        _day(row[columns.booked_on], mapping.date_format),
        _day(row[columns.value_on], mapping.date_format) if columns.value_on else None,
        False,
        words(columns.reference),
        words(columns.end_to_end_id),
        words(columns.counterparty),
        words(columns.counterparty_account),
        words(columns.remittance),
        bank_reference=words(columns.reference),
        own_account=words(columns.own_account),
    )
    return entry, balance


def _signed(row: Row, mapping: CsvMapping, currency: str) -> int:
    columns = mapping.columns
    if columns.amount is None:
        credit, debit = row[columns.credit or ""], row[columns.debit or ""]
        came = _number(credit, mapping, currency) if credit.strip() else 0
        # Some banks write what goes out with a minus in its own column, others without.
        went = abs(_number(debit, mapping, currency)) if debit.strip() else 0
        if (came and went) or not (credit.strip() or debit.strip()):
            raise StatementMalformed(problem="credit_and_debit")
        return came - went
    amount = _number(row[columns.amount], mapping, currency)
    if columns.direction is None:
        return amount
    return abs(amount) if _says_credit(row, mapping) else -abs(amount)


def _says_credit(row: Row, mapping: CsvMapping) -> bool:
    return mapping.columns.direction is None or row[mapping.columns.direction].strip() in mapping.credit_words


def _number(text: str, mapping: CsvMapping, currency: str) -> int:
    """A signed amount; groups of thousands may be apart by the other sign, a space or an apostrophe."""
    cleaned = "".join(text.split()).replace("−", "-").replace("'", "").replace("’", "")
    negative = (
        cleaned.startswith("-") or cleaned.endswith("-") or (cleaned[:1] == "(" and cleaned[-1:] == ")")
    )
    cleaned = cleaned.strip("+-()").lstrip("¥￥$€£")
    whole, sign, fraction = cleaned.partition(mapping.decimal_sign)
    groups = whole.split(_GROUPING[mapping.decimal_sign])
    if len(groups) > 1 and (not 1 <= len(groups[0]) <= 3 or any(len(group) != 3 for group in groups[1:])):
        # `1,23` under a mapping that says a point: reading it as 123 would be a guess.
        raise StatementMalformed(problem="thousands", value=plain(text, 40))
    minor = minor_of("".join(groups) + ("." + fraction if sign else ""), currency)
    return -minor if negative else minor


def _day(text: str, date_format: str) -> date:
    try:
        return datetime.strptime(text.strip(), date_format).date()  # noqa: DTZ007  a day, not a moment
    except ValueError:
        raise StatementMalformed(problem="date", value=plain(text, 40)) from None


def _follow(current: _Open, entry: Entry, balance: int | None) -> None:
    current.entries += 1
    if entry.credit:
        current.credits += entry.amount
    else:
        current.debits += entry.amount
    if balance is None or current.balance is None:
        return
    expected = current.balance + (entry.amount if entry.credit else -entry.amount)
    if expected != balance:
        raise StatementUnbalanced(
            expected=amount_fact(expected, current.currency),
            closing=amount_fact(balance, current.currency),
            difference=amount_fact(balance - expected, current.currency),
        )
    current.balance = balance


def _foot(current: _Open) -> StatementFoot:
    return StatementFoot(current.balance, current.entries, current.credits, current.debits)
