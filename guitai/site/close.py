"""`guitai close`: a day's figures of every rail, with every part of the difference."""

from collections.abc import Iterator
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit import explain
from guitai.kit.operator import time_zone
from guitai.wallet import api as wallet
from guitai.wallet.types import CloseView


def run(day: date | None) -> tuple[list[str], bool]:
    """Compute a day; gives what there is to say, and whether nobody has to look at anything."""
    day = day or now().astimezone(ZoneInfo(time_zone())).date() - timedelta(days=1)
    try:
        found = wallet.close_of_day(day)
    except Refusal as refusal:
        return [f"{explain.sentences(refusal.code, refusal.facts)} [{refusal.code}]"], False
    if not found:
        return [f"{day}: no rail has a statement or an account in the books."], True
    return [line for one in found for line in _lines(one)], all(one.agrees for one in found)


def _lines(one: CloseView) -> Iterator[str]:
    yield f"{one.day} {one.rail} {one.currency} [{one.state}]" + (
        "" if one.has_statement else " (no statement yet)"
    )
    for name, books, bank in zip(("opening", "in", "out", "closing"), one.books, one.bank, strict=True):
        yield f"  {name:8} books {books.grouped():>20}   bank {bank.grouped():>20}"
    yield f"  difference {one.difference.grouped()}, to be looked at {one.unexplained.grouped()}"
    for part in one.items:
        mark = " " if part.explained else "!"
        yield f"  {mark} {part.kind:14} {part.amount.grouped():>20} {part.reference} {part.since or ''}".rstrip()
