"""Reading account statements of any format into one shape, as a stream, exactly or not at all.

Pure: no Django and no database, so that a file can be looked at wherever it lies.
"""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from guitai.rails.errors import StatementMappingWrong, StatementUnbalanced, StatementUnrecognised
from guitai.rails.rules.currencies import decimal_text
from guitai.rails.statements.camt import read_camt
from guitai.rails.statements.csv_file import read_csv
from guitai.rails.statements.mapping import CsvColumns, CsvMapping
from guitai.rails.statements.mt940 import read_mt940
from guitai.rails.statements.shape import (
    Entry,
    Statement,
    StatementFoot,
    StatementFormat,
    StatementHead,
    StatementPart,
)
from guitai.rails.statements.source import DEFAULT_LIMITS, Limits, Source, detect
from guitai.rails.statements.values import amount_fact

__all__ = [
    "CsvColumns", "CsvMapping", "Entry", "Limits", "Statement", "StatementFoot", "StatementHead", "StatementPart",
    "decimal_text", "open_statements", "read_all", "read_statements",
]  # fmt: skip


def read_statements(
    file: BinaryIO,
    *,
    format_: StatementFormat | None = None,
    mappings: tuple[CsvMapping, ...] = (),
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    on_bytes: Callable[[int], None] | None = None,
) -> Iterator[StatementPart]:
    """Everything a statement file says, part by part.

    takes    a binary file at its beginning; the format when it is known, mappings for CSV, the encoding of an
             MT940 file that is not UTF-8, limits, and who wants to know how many bytes are read
    gives    StatementHead, its entries, StatementFoot; again for each statement. What opening balance, entries
             and closing balance say agrees; until its StatementFoot came, a statement is not proved
    refuses  statement_* (see `errors`); nothing else is raised, whatever the file holds
    source   ISO 20022 camt.052/053/054, SWIFT MT940, the operator's CSV mapping
    """
    return open_statements(
        file, format_=format_, mappings=mappings, encoding=encoding, limits=limits, on_bytes=on_bytes
    )[1]


def open_statements(
    file: BinaryIO,
    *,
    format_: StatementFormat | None = None,
    mappings: tuple[CsvMapping, ...] = (),
    encoding: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    on_bytes: Callable[[int], None] | None = None,
) -> tuple[StatementFormat, Iterator[StatementPart]]:
    """`read_statements`, with the format that was found."""
    source = Source(file, limits, on_bytes)
    found, told = detect(source.head)
    format_ = format_ or found
    if format_ == "camt":
        if found != "camt":
            raise StatementUnrecognised(problem="no_xml")
        return format_, checked(read_camt(source, told))
    if format_ == "mt940":
        return format_, checked(read_mt940(source, encoding or told))
    return format_, checked(read_csv(source, _mapping_for(source, mappings)))


def read_all(file: BinaryIO, **how) -> list[Statement]:  # type: ignore[no-untyped-def]  # as read_statements
    """`read_statements` into memory: for small files."""
    statements: list[Statement] = []
    head, entries = None, []
    for part in read_statements(file, **how):
        if isinstance(part, StatementHead):
            head, entries = part, []
        elif isinstance(part, Entry):
            entries.append(part)
        elif head is not None:
            statements.append(Statement(head, tuple(entries), part))
    return statements


def checked(parts: Iterator[StatementPart]) -> Iterator[StatementPart]:
    """The same parts; refuses statement_unbalanced when opening balance and entries are not the closing balance."""
    head, moved = None, 0
    for part in parts:
        if isinstance(part, Entry):
            moved += part.amount if part.credit else -part.amount
        elif isinstance(part, StatementHead):
            head, moved = part, 0
        elif head is not None and head.kind == "statement":
            _check(head, moved, part)
        yield part


def _check(head: StatementHead, moved: int, foot: StatementFoot) -> None:
    if head.opening is None or foot.closing is None or head.currency is None:
        return
    expected = head.opening + moved
    if expected != foot.closing:
        raise StatementUnbalanced(
            expected=amount_fact(expected, head.currency),
            closing=amount_fact(foot.closing, head.currency),
            difference=amount_fact(foot.closing - expected, head.currency),
        )


def _mapping_for(source: Source, mappings: tuple[CsvMapping, ...]) -> CsvMapping:
    """The first mapping whose headings all stand in the file's beginning."""
    for mapping in mappings:
        lines = source.head.decode(mapping.encoding, "replace").removeprefix("\ufeff").splitlines()
        heading = lines[mapping.skip_lines] if len(lines) > mapping.skip_lines else ""
        there = {cell.strip().strip(mapping.quote) for cell in heading.split(mapping.delimiter)}
        if there >= set(mapping.columns.named()):
            return mapping
    if len(mappings) == 1:
        return mappings[0]  # whose own refusal names the column that is missing
    if not mappings:
        raise StatementUnrecognised(problem="csv_needs_mapping" if b"," in source.head else "no_format")
    raise StatementMappingWrong(problem="none_fits")
