"""What reconciliation shows: the queue, one line with its candidates, progress, closes, safeguarding."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Q

from guitai.audit.api import record
from guitai.base.actor import Actor
from guitai.base.money import EXPONENTS, Money
from guitai.kit import sql
from guitai.kit.cursors import Page, encode
from guitai.kit.operator import operator, time_zone
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import StatementLine
from guitai.wallet.models import CloseItem, DailyClose, LineMatch, Matching, OpenItem, ParkedPayment, Slip
from guitai.wallet.models.reconciliation import HOLDING_STATES
from guitai.wallet.reads import before
from guitai.wallet.reconciliation import errors
from guitai.wallet.reconciliation.flows.settle_items import possible, purpose_of
from guitai.wallet.reconciliation.naming import full_name
from guitai.wallet.reconciliation.policy import settings
from guitai.wallet.reconciliation.rules.candidates import Receipt, Waiting, rank
from guitai.wallet.reconciliation.rules.closing import is_explained
from guitai.wallet.reconciliation.rules.likeness import reference_likeness
from guitai.wallet.reconciliation.rules.matching import PAYABLE
from guitai.wallet.reconciliation.types import (
    CandidateView,
    CloseItemView,
    CloseView,
    ItemDetail,
    ItemView,
    MatchingView,
    MatchView,
    Safeguarding,
)
from guitai.wallet.rules import chart

_LIMIT_MAX = 100
# How long before a line its top-up may have been started to be a candidate, and how many are looked at.
_BEFORE, _AFTER = timedelta(days=14), timedelta(days=2)
_LOOKED_AT, _NAMED = 300, 12
_NEAR = """
SELECT o.id, o.reference, o.owner, o.amount_minor, o.created_at, o.state FROM wallet_operation o
WHERE o.kind = 'top_up' AND o.currency = %s AND o.state = ANY(%b::text[]) AND o.created_at BETWEEN %s AND %s
ORDER BY (o.amount_minor = %s) DESC, o.created_at DESC LIMIT %s
"""
_BALANCES = """
SELECT a.code, a.currency, sum(a.credits_posted - a.debits_posted) FROM ledger_account a
WHERE a.book = 'live' AND a.code = ANY(%b::int[]) GROUP BY 1, 2
"""


def queue(cursor: str | None, limit: int, states: Iterable[str] = HOLDING_STATES) -> Page[ItemView]:
    """Items that somebody has to settle, the one that has waited longest first."""
    rows = OpenItem.objects.filter(state__in=list(states)).order_by("came_at", "id")
    if cursor:
        moment, last = before(cursor)
        rows = rows.filter(Q(came_at__gt=moment) | Q(came_at=moment, id__gt=last))
    size = max(1, min(limit, _LIMIT_MAX))
    found = list(rows[: size + 1])
    more = found[size - 1] if len(found) > size else None
    after = encode(more.came_at.isoformat(), str(more.id)) if more else None
    return Page([view_of(row) for row in found[:size]], after)


def waiting_count() -> int:
    """How many items wait for somebody."""
    return int(OpenItem.objects.filter(state__in=("open", "proposed")).count())


def item(item_id: UUID, actor: Actor) -> ItemDetail:
    """One line in full, its candidates ranked; the look is recorded."""
    row = OpenItem.objects.filter(id=item_id).first()
    if row is None:
        raise errors.ItemNotFound()
    purpose = purpose_of(row, "settling a line of a statement")
    with outermost():
        record(actor, "reconciliation.item_read", ("open_item", str(row.id)), purpose=purpose)
    [line] = rails.statement_lines([row.line_id])
    return ItemDetail(
        view=view_of(row),
        account=row.account,
        payer=line.counterparty or "",
        payer_account=line.counterparty_account or "",
        words=line.remittance or "",
        candidates=_candidates(row, line) if row.credit and row.held_by is not None else (),
        actions=possible(row),
    )


def is_purpose(purpose_id: str) -> bool:
    """Whether there is an item, a parked payment, a close or a slip of that id."""
    try:
        found = UUID(purpose_id)
    except ValueError:
        return False
    return any(
        model.objects.filter(id=found).exists() for model in (OpenItem, DailyClose, ParkedPayment, Slip)
    )


def matchings(limit: int = 10) -> list[MatchingView]:
    """How far the newest statement files are matched."""
    return [_matching(row) for row in Matching.objects.order_by("-started_at")[:limit]]


def matching(file_id: UUID) -> MatchingView | None:
    """How far one statement file is matched, or None while it is not begun."""
    row = Matching.objects.filter(file_id=file_id).first()
    return _matching(row) if row is not None else None


def matches_of(operation_ids: Sequence[UUID]) -> list[MatchView]:
    """The lines that prove movements of some operations."""
    rows = LineMatch.objects.filter(operation_id__in=operation_ids).order_by("line_id")
    return [
        MatchView(row.line_id, row.transfer_id, row.operation_id, row.rule, row.facts, row.at, row.by)
        for row in rows
    ]


def closes(limit: int = 60) -> list[CloseView]:
    """The latest closes, without their items."""
    return [_close(row) for row in DailyClose.objects.order_by("-day", "rail", "currency")[:limit]]


def close(close_id: UUID) -> CloseView:
    """One close with its items; refuses not_found."""
    row = DailyClose.objects.filter(id=close_id).first()
    if row is None:
        raise errors.CloseNotFound()
    within = settings().transit_days
    items = tuple(
        CloseItemView(
            one.kind, Money(one.amount_minor, row.currency), one.reference, one.since, one.line_id,
            is_explained(one.kind, one.since, row.day, within),
        )
        for one in CloseItem.objects.filter(close_id=row.id).order_by("kind", "since", "id")
    )  # fmt: skip
    return _close(row, items)


def safeguarding() -> list[Safeguarding]:
    """What is owed to customers beside what is there for them, in each of the operator's currencies."""
    owed = (chart.CUSTOMER, chart.TRANSIT, chart.SUSPENSE)
    codes = [*owed, *chart.RAILS.values(), chart.RESERVE]
    totals: dict[tuple[int, str], int] = defaultdict(int)
    for code, currency, amount in sql.fetch(_BALANCES, [codes]):
        totals[code, currency] = int(amount)
    return [_safeguarding(currency, totals) for currency in operator().currencies]


def view_of(row: OpenItem) -> ItemView:
    """An item as the queue shows it."""
    known = row.currency in EXPONENTS
    amount = Money(row.amount_minor, row.currency) if known else None
    return ItemView(
        id=row.id, line_id=row.line_id, rail=row.rail, credit=row.credit, reversal=row.reversal, amount=amount,
        amount_text=str(amount) if amount else f"{row.amount_minor} {row.currency}", booked_on=row.booked_on,
        bank_reference=row.bank_reference, code=row.code, names=row.names, held=row.held_by is not None,
        state=row.state, proposed_action=row.proposed_action, proposed_target=row.proposed_target,
        proposed_reason=row.proposed_reason, proposed_by=row.proposed_by, proposed_at=row.proposed_at,
        problem=row.problem, came_at=row.came_at,
    )  # fmt: skip


def _candidates(row: OpenItem, line: StatementLine) -> tuple[CandidateView, ...]:
    day = row.booked_on or row.came_at.date()
    middle = datetime.combine(day, time(12), ZoneInfo(time_zone())).astimezone(UTC)
    found = sql.fetch(
        _NEAR,
        [row.currency, sorted(PAYABLE), middle - _BEFORE, middle + _AFTER, row.amount_minor, _LOOKED_AT],
    )
    words = " ".join(filter(None, (line.remittance, line.end_to_end_id, row.names)))
    # Whose names are looked at is decided without names: only the likeliest are opened.
    nearest = sorted(
        found, key=lambda o: (o[3] != row.amount_minor, -reference_likeness(o[1], words), abs(o[4] - middle))
    )
    waiting = {
        one.operation: one
        for one in (
            Waiting(
                o[0],
                o[1],
                o[2],
                full_name(o[2], str(row.id)),
                o[3],
                o[4].astimezone(middle.tzinfo).date(),
                o[5],
            )
            for o in nearest[:_NAMED]
        )
    }
    started = {o[0]: o[4] for o in found}
    ranked = rank(
        Receipt(row.amount_minor, row.currency, day, line.counterparty or "", words), waiting.values()
    )
    masks = people.masked([one.waiting.owner for one in ranked])
    return tuple(
        CandidateView(
            one.waiting.reference, one.waiting.owner,
            f"{masks[one.waiting.owner].name} {masks[one.waiting.owner].phone}" if one.waiting.owner in masks else "–",
            Money(one.waiting.amount, row.currency), started[one.waiting.operation], one.waiting.state, one.score,
            one.parts,
        )
        for one in ranked
    )  # fmt: skip


def _matching(row: Matching) -> MatchingView:
    return MatchingView(
        row.file_id, row.lines_total, row.lines_seen, row.matched, row.credited, row.written, row.held, row.open,
        row.started_at, row.finished_at,
    )  # fmt: skip


def _close(row: DailyClose, items: tuple[CloseItemView, ...] = ()) -> CloseView:
    def money(*amounts: int) -> tuple[Money, ...]:
        return tuple(Money(amount, row.currency) for amount in amounts)

    books = money(row.books_opening, row.books_in, row.books_out, row.books_closing)
    bank = money(row.bank_opening, row.bank_in, row.bank_out, row.bank_closing)
    return CloseView(
        id=row.id, rail=row.rail, currency=row.currency, day=row.day, state=row.state,
        books=(books[0], books[1], books[2], books[3]), bank=(bank[0], bank[1], bank[2], bank[3]),
        has_statement=row.has_statement, difference=books[3] - bank[3],
        unexplained=Money(row.unexplained, row.currency), computed_at=row.computed_at, prepared_by=row.prepared_by,
        signed_by=row.signed_by, signed_at=row.signed_at, note=row.note, items=items,
    )  # fmt: skip


def _safeguarding(currency: str, totals: dict[tuple[int, str], int]) -> Safeguarding:
    def money(code: int, sign: int = 1) -> Money:
        return Money(sign * totals[code, currency], currency)

    return Safeguarding(
        currency=currency,
        customers=money(chart.CUSTOMER),
        transit=money(chart.TRANSIT),
        suspense=money(chart.SUSPENSE),
        settlement={rail: money(code, -1) for rail, code in chart.RAILS.items() if totals[code, currency]},
        reserve=money(chart.RESERVE, -1),
    )
