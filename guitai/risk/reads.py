"""Reading signals: who carries one, for a whole batch; which wait for staff."""

from collections.abc import Collection
from typing import cast
from uuid import UUID

from guitai.base.refusal import NotFound
from guitai.kit import cursors, sql
from guitai.kit.cursors import Page
from guitai.risk.models import Signal
from guitai.risk.types import SignalKind, SignalState, SignalView

_PAGE = 50
_HOLDING = (
    "SELECT DISTINCT person_id FROM risk_signal WHERE person_id = ANY(%b::uuid[]) AND state <> 'harmless'"
)


def under_review(persons: Collection[UUID]) -> frozenset[UUID]:
    """Who of these carries a signal that nobody has found harmless yet; one statement."""
    return frozenset(row[0] for row in sql.fetch(_HOLDING, [list(persons)])) if persons else frozenset()


def open_signals(cursor: str | None) -> Page[SignalView]:
    """What nobody has looked at yet, the oldest first."""
    rows = Signal.objects.filter(state="open").order_by("id")
    if cursor:
        rows = rows.filter(id__gt=_after(cursor))
    found = list(rows[: _PAGE + 1])
    more = cursors.encode(str(found[_PAGE - 1].id)) if len(found) > _PAGE else None
    return Page([view(row) for row in found[:_PAGE]], more)


def count_open() -> int:
    """How many wait."""
    return Signal.objects.filter(state="open").count()


def signal_row(signal: UUID) -> Signal:
    """One signal; refuses not_found."""
    row = Signal.objects.filter(id=signal).first()
    if row is None:
        raise NotFound()
    return row


def view(row: Signal) -> SignalView:
    """A row as it passes through the door."""
    return SignalView(
        row.id, row.person_id, cast(SignalKind, row.kind), row.at, cast(SignalState, row.state), tuple(row.others),
        row.decided_at, row.decided_by, row.reason,
    )  # fmt: skip


def is_signal(text: str) -> bool:
    """Whether an id is a signal's; text that is no id is none."""
    try:
        return Signal.objects.filter(id=UUID(text)).exists()
    except ValueError:
        return False


def _after(cursor: str) -> UUID:
    parts = cursors.decode(cursor)
    try:
        return UUID(str(parts[0]))
    except (ValueError, IndexError) as error:
        raise cursors.CursorInvalid() from error
