"""From the fields of a camt message to heads, entries and feet."""

from typing import Any

from guitai.rails.errors import (
    StatementCurrencyMixed,
    StatementMalformed,
    StatementTooLarge,
    StatementVersionUnknown,
)
from guitai.rails.statements.camt_entry import entries_of, is_booked
from guitai.rails.statements.camt_tree import KINDS, NAMESPACE, VERSIONS, tree
from guitai.rails.statements.shape import StatementFoot, StatementHead, StatementPart
from guitai.rails.statements.source import Limits
from guitai.rails.statements.tree import Node
from guitai.rails.statements.values import day_of, decimals_of, line_of, minor_of, plain

Fields = dict[str, Any]


class CamtStatements:
    """Takes what the reader found, in the order it stands, and puts parts out."""

    def __init__(self, limits: Limits) -> None:
        self.out: list[StatementPart] = []
        self._limits = limits
        self._kind = "statement"
        self._count = 0
        self._reset()

    def recognise(self, namespace: str) -> Node:
        """The tree of a camt message; refuses statement_version_unknown."""
        match = NAMESPACE.fullmatch(namespace)
        if match is None or int(match[2]) not in VERSIONS:
            raise StatementVersionUnknown(found=plain(namespace, 80) or "–")
        self._kind = KINDS[match[1]]
        return tree(match[1], namespace)

    def opened(self, group: str) -> None:
        """A group begins."""
        if group == "statement":
            self._count += 1
            if self._count > self._limits.statements_max:
                raise StatementTooLarge(problem="statements", maximum=self._limits.statements_max)
            self._reset()

    def closed(self, group: str, record: Fields, parent: Fields) -> None:
        """A group ends: hand its fields to the one around it."""
        if group == "entry":
            self._entry(record, parent)
        elif group == "detail":
            details = parent.setdefault("details", [])
            details.append(record)
            if len(details) > self._limits.batch_max:
                raise StatementTooLarge(problem="batch", maximum=self._limits.batch_max)
        elif group == "charge":
            parent.setdefault("charges", []).append(record)
        elif group == "balance":
            if self._head is not None:
                raise StatementMalformed(problem="balance_after_entries")
            parent.setdefault("balances", []).append(record)
        elif group == "statement":
            self._end(record)

    def finish(self) -> None:
        """The file is read to its end; refuses statement_malformed when it held no statement."""
        if not self._count:
            raise StatementMalformed(problem="no_statement")

    def _reset(self) -> None:
        self._head: StatementHead | None = None
        self._closing: int | None = None
        self._bookings = self._entries = self._pending = self._credits = self._debits = 0

    def _entry(self, record: Fields, statement: Fields) -> None:
        head = self._head or self._begin(statement, record.get("amount_currency"))
        if not is_booked(record):
            self._pending += 1
            return
        if record.get("amount_currency") != head.currency:
            raise StatementCurrencyMixed(
                currency=head.currency, found=plain(record.get("amount_currency") or "–", 8)
            )
        self._bookings += 1
        for entry in entries_of(record, head.currency or "", self._entries, self._bookings):
            self.out.append(entry)
            self._entries += 1
            if entry.credit:
                self._credits += entry.amount
            else:
                self._debits += entry.amount

    def _begin(self, statement: Fields, entry_currency: str | None = None) -> StatementHead:
        if not statement.get("account"):
            raise StatementMalformed(problem="account_missing")
        balances = statement.get("balances", ())
        told = [
            statement.get("currency") or None,
            *(b.get("amount_currency") for b in balances),
            entry_currency,
        ]
        currency = next((code for code in told if code), None)
        if currency is not None:
            decimals_of(currency)
        opening, self._closing = _opening_and_closing(balances, currency)
        self._head = StatementHead(
            account=line_of(statement["account"]),
            currency=currency,
            opening=opening,
            kind=self._kind,  # type: ignore[arg-type]  # one of KINDS
            reference=line_of(statement.get("reference", "")),
            number=statement.get("number") or None,
            created_at=line_of(statement.get("created_at", "")) or None,
            period_from=_day(statement.get("period_from")),
            period_to=_day(statement.get("period_to")),
        )
        self.out.append(self._head)
        return self._head

    def _end(self, statement: Fields) -> None:
        if self._head is None:
            self._begin(statement)
        self.out.append(
            StatementFoot(self._closing, self._entries, self._credits, self._debits, self._pending)
        )


def _opening_and_closing(
    balances: list[Fields] | tuple[Fields, ...], currency: str | None
) -> tuple[int | None, ...]:
    """Booked balances; on one page of several, the interim balance stands for the one that is on another page."""
    found: dict[str, list[tuple[str, int]]] = {}
    for balance in balances:
        kind = balance.get("type")
        if kind not in ("OPBD", "PRCD", "CLBD", "ITBD"):
            continue
        if balance.get("amount_currency") != currency:
            raise StatementCurrencyMixed(
                currency=currency, found=plain(balance.get("amount_currency") or "–", 8)
            )
        found.setdefault(kind, []).append((balance.get("day", "")[:10], _signed(balance, currency or "")))
    openings = found.get("OPBD") or found.get("PRCD")
    # A statement of several days may give a pair for each: the first opening and the last closing are its own.
    opening = min(openings, key=_first)[1] if openings else None
    closing = max(reversed(found["CLBD"]), key=_first)[1] if "CLBD" in found else None
    interim = [minor for _, minor in found.get("ITBD", ())]
    if opening is None and interim and (closing is not None or len(interim) > 1):
        opening = interim.pop(0)
    if closing is None and interim:
        closing = interim[-1]
    return opening, closing


def _first(dated: tuple[str, int]) -> str:
    return dated[0]


def _signed(balance: Fields, currency: str) -> int:
    minor = minor_of(balance.get("amount", ""), currency)
    direction = balance.get("direction")
    if direction not in ("CRDT", "DBIT"):
        raise StatementMalformed(problem="direction", value=plain(direction or "–", 8))
    return minor if direction == "CRDT" else -minor


def _day(text: str | None):  # type: ignore[no-untyped-def]  # date or None
    return day_of(text) if text else None
