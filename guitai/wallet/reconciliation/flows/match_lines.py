"""Match the lines of a statement: read, judge, move, write; a step is one transaction, and begins where the last ended.

Killed anywhere it goes on; run twice at once, each step is done by one of them. What a line moves has the line's key
at the till, its movement can be proved by one line only, and a line is marked once.
"""

from collections.abc import Callable, Container, Mapping, Sequence, Set
from datetime import timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Q
from msgspec import Struct, field

from guitai.base.clock import now
from guitai.base.money import EXPONENTS, Money
from guitai.kit.collector import paused
from guitai.kit.jobs import app
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.rails import api as rails
from guitai.rails.types import LineKey
from guitai.wallet.flows import intents as till_intents
from guitai.wallet.flows import parked
from guitai.wallet.kinds.top_up import RETURNING
from guitai.wallet.models import Matching, OpenItem, Operation
from guitai.wallet.reconciliation import intents, items, naming, standing, store
from guitai.wallet.reconciliation.disputes import disputes_of
from guitai.wallet.reconciliation.policy import ReconciliationSettings, settings
from guitai.wallet.reconciliation.rules.matching import (
    DISPUTED,
    MISSING,
    OVERDUE,
    PAYOUT_OPEN,
    Filed,
    Known,
    Line,
    Op,
    Verdict,
    in_order,
    judge,
)
from guitai.wallet.reconciliation.undoing import undo_taken
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome

JOB = "wallet.match_statement"
# Lines a step: enough that its statements do not count, few enough that nobody waits for its locks.
STEP = 5_000
_QUIET = timedelta(minutes=5)
BY = "rule"
UNMATCHED = "wallet.receipt_unmatched"

# What may still find its movement; the rest is for a person, and would only keep these from being looked at.
_WAITS = Q(code__in=(MISSING, OVERDUE, DISPUTED, PAYOUT_OPEN)) | ~Q(problem="")

# Called with (lines seen, lines of the file).
Progress = Callable[[int, int], None]


class Step(Struct):
    """What came of a batch of lines."""

    seen: int = 0
    matched: int = 0
    credited: int = 0
    written: int = 0
    held: int = 0
    open: int = 0
    marks: list[tuple[int, str]] = field(default_factory=list)


def begin(file_id: UUID) -> None:
    """Have the lines of an imported file matched, in the caller's transaction; again changes nothing."""
    required()
    file = rails.statement_file(file_id)
    Matching.objects.get_or_create(file_id=file_id, defaults={"lines_total": file.entries_total or 0})
    _defer(file_id)


def resume() -> int:
    """Put back on the queue what was begun and has not moved for a while; gives how many files."""
    with outermost():
        rows = Matching.objects.filter(finished_at=None, moved_at__lt=now() - _QUIET)
        for row in rows.order_by("started_at")[:20]:
            _defer(row.file_id)
        return len(rows)


def match_file(file_id: UUID, progress: Progress | None = None) -> None:
    """Bring the matching of one file to its end; never inside a transaction."""
    while True:
        with paused(STEP), outermost():
            done = _step(file_id)
        if progress is not None:
            row = Matching.objects.get(file_id=file_id)
            progress(row.lines_seen, row.lines_total)
        if done:
            return


def match_lines(keys: Sequence[LineKey]) -> Step:
    """Match some lines in the caller's transaction."""
    required()
    with connection.cursor() as cursor:
        cursor.execute(store.LOCK)
    config = settings()
    lines = [_line(key, config) for key in keys]
    judged = _judged(lines, config)
    judged = naming.named(judged, config)
    step = Step(seen=len(lines))
    _act(judged, {key.id: key for key in keys}, step)
    rails.mark_matched(step.marks)
    return step


def retry_items() -> int:
    """Look again at lines whose movement was not booked yet; gives how many of them are done now."""
    with outermost():
        rows = OpenItem.objects.select_for_update(skip_locked=True).filter(_WAITS, state="open", held_by=None)
        found = {row.line_id: row for row in rows.order_by("came_at")[:1_000]}
        keys = rails.open_lines_of(list(found))
        if not keys:
            return 0
        step = match_lines(keys)
        marked = dict(step.marks)
        for line_id, item in found.items():
            if line_id in marked:
                items.close_matched(item, marked[line_id])
        return len(marked.keys() & found.keys())


def _defer(file_id: UUID) -> None:
    app.configure_task(JOB, queue="default", lock=f"{JOB}:{file_id}").defer(file_id=str(file_id))


def _step(file_id: UUID) -> bool:
    row = Matching.objects.select_for_update().get(file_id=file_id)
    if row.finished_at is not None:
        return True
    _need_not_wait()
    keys = rails.open_lines(file_id, row.after_id, STEP)
    if keys:
        step = match_lines(keys)
        row.after_id = keys[-1].id
        row.lines_seen += step.seen
        row.matched += step.matched
        row.credited += step.credited
        row.written += step.written
        row.held += step.held
        row.open += step.open
    else:
        # Lines that told of a booking again were never looked at.
        row.finished_at, row.lines_seen = now(), row.lines_total
        if row.held or row.open:
            emit(UNMATCHED, {"file_id": str(file_id), "held": row.held, "open": row.open})
    row.moved_at = now()
    row.save()
    return not keys


def _need_not_wait() -> None:
    """A power cut may take the last steps away, money and marks together: then they are simply done again."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def _judged(lines: Sequence[Line], config: ReconciliationSettings) -> list[tuple[Line, Verdict]]:
    filed = rails.filed_payouts(
        line.batch_reference for line in lines if line.batch_reference and not line.credit
    )
    names = {name for line in lines for name in line.names}
    names |= {reference for one in filed.values() for reference in one.order_references}
    found = store.operations(names)
    disputes = disputes_of(lines)
    left = [one.left.id for one in disputes.values() if one.left is not None]
    movements = store.movements(
        [*(one.id for one in found), *left], {one.currency for one in (*found, *lines)}
    )
    known = Known(
        found,
        movements,
        {name: Filed(one.total, one.currency, one.order_references) for name, one in filed.items()},
        config.house_lines(),
        store.held_like(line for line in lines if line.reversal and not line.credit),
        standing.owners(names - {one.reference for one in found}),
        disputes,
        store.taken_by_gateways(lines),
    )
    return [(line, judge(line, known)) for line in in_order(lines, movements)]


def _act(judged: Sequence[tuple[Line, Verdict]], keys: dict[int, LineKey], step: Step) -> None:
    """Do what was judged: what moves money first, then every line is written beside its movement."""
    matched = [(line, verdict) for line, verdict in judged if verdict.outcome == "match"]
    # First, because what moves may undo one of them.
    left = [
        items.row(keys[line.id], line, verdict, None)
        for line, verdict in judged
        if verdict.outcome in ("wait", "open") and line.amount > 0
    ]
    store.write_items(left)
    step.open += len(left)
    moving = [(line, verdict) for line, verdict in judged if verdict.outcome in _MOVING]
    matched += _move(moving, keys, step, {m.id for _, verdict in matched for m in verdict.movements})
    _write_charges(matched)
    store.write_matches(matched, BY)
    step.marks = _marks(matched)
    step.matched = len(matched) - step.held


def _move(
    moving: Sequence[tuple[Line, Verdict]], keys: dict[int, LineKey], step: Step, taken: Set[UUID]
) -> list[tuple[Line, Verdict]]:
    """Post what lines move, each once for ever, and find the movements that came of it.

    `taken`: movements that other lines of the batch are
    """
    wanted = [(line, verdict) for line, verdict in moving if line.currency in EXPONENTS and line.amount > 0]
    strange = [pair for pair in moving if pair not in wanted] if len(wanted) < len(moving) else []
    store.write_items(
        [items.row(keys[line.id], line, verdict, None) for line, verdict in strange if line.amount > 0]
    )
    step.open += len(strange)
    answers = pipeline.run([_intent(line, verdict) for line, verdict in wanted]) if wanted else []
    outcomes = [answer for answer in answers if isinstance(answer, Outcome)]
    if len(outcomes) != len(answers):
        raise RuntimeError("a line's key was used for something else")
    known = Known(
        [
            Op(outcome.operation_id, outcome.reference, "", "", line.amount, line.currency)
            for outcome, (line, _) in zip(outcomes, wanted, strict=True)
        ],
        [
            movement
            for movement in store.movements(
                {o.operation_id for o in outcomes}, {line.currency for line, _ in wanted}
            )
            if movement.id not in taken
        ],
    )
    done, rows = [], []
    for (line, verdict), outcome in zip(wanted, outcomes, strict=True):
        found = known.take(line, known.operations[outcome.reference])
        if verdict.outcome == "hold" and found is not None:
            rows.append(items.row(keys[line.id], line, verdict, outcome.operation_id))
        if found is None:
            # A notice was faster and has another amount, or the account at the bank holds less than it takes back.
            rows.append(
                items.row(keys[line.id], line, verdict, None, problem=outcome.code or "ledger_refused")
            )
            step.open += 1
            continue
        _count(step, verdict)
        if _follow(line, verdict, outcome, keys):
            step.open, step.written = step.open - 1, step.written + 1
        done.append(
            (line, Verdict("match", verdict.rule, verdict.code, None, (found[0],), found[1], verdict.facts))
        )
    store.write_items(rows)
    return done


def _intent(line: Line, verdict: Verdict) -> Intent:
    amount = Money(line.amount, line.currency)
    if verdict.outcome == "settle" and verdict.operation is not None:
        paid = Money(verdict.operation.amount, verdict.operation.currency)
        return till_intents.settle_top_up(
            verdict.operation.id, paid, line.number, f"line:{line.id}", line.rail, f"line:{line.id}"
        )
    if verdict.outcome == "receive" and verdict.owner is not None:
        return intents.receive(line.id, line.rail, amount, verdict.owner, line.reference)
    if verdict.outcome == "write":
        return intents.write(line.id, line.rail, amount, credit=line.credit)
    if verdict.outcome == "undo":
        return intents.undo(line.id, line.rail, amount, credit=True)
    if verdict.outcome == "reverse":
        return intents.reverse(line.id, line.rail, amount)
    if verdict.outcome == "park" and verdict.operation is not None:
        own = f"line:{line.id}"
        return till_intents.park_top_up(
            verdict.operation.id, amount, verdict.code, own, line.rail, line.number, own
        )
    return intents.hold(line.id, line.rail, amount, verdict.code)


_MOVING = ("settle", "receive", "write", "reverse", "undo", "hold", "park")


def _follow(line: Line, verdict: Verdict, outcome: Outcome, keys: Container[int]) -> bool:
    """What else comes of a line that moved money; gives whether another line of the batch is settled with it."""
    if verdict.outcome == "settle" and outcome.code == RETURNING and not outcome.replayed:
        parked.return_late(Operation.objects.get(id=outcome.operation_id), f"line:{line.id}")
    if verdict.outcome == "reverse":
        items.close_reversed(line, outcome.operation_id)
    return verdict.outcome == "undo" and undo_taken(line, verdict) in keys


def _write_charges(matched: Sequence[tuple[Line, Verdict]]) -> None:
    """What the bank has kept of a payment is the house's expense, and part of the same line."""
    kept = [(line, verdict) for line, verdict in matched if verdict.charges]
    if not kept:
        return
    outcomes = pipeline.run([
        intents.write(line.id, line.rail, Money(verdict.charges, line.currency), credit=False, part="charges")
        for line, verdict in kept
    ])  # fmt: skip
    ids = {
        o.operation_id: line for o, (line, _) in zip(outcomes, kept, strict=True) if isinstance(o, Outcome)
    }
    found = store.movements(ids, {line.currency for line, _ in kept})
    store.write_matches(
        [(ids[m.operation], Verdict("match", "written", "charges", None, (m,))) for m in found], BY
    )


def _count(step: Step, verdict: Verdict) -> None:
    if verdict.outcome in ("settle", "receive"):
        step.credited += 1
    elif verdict.outcome in ("write", "reverse", "undo"):
        step.written += 1
    else:
        step.held += 1


def _marks(matched: Sequence[tuple[Line, Verdict]]) -> list[tuple[int, str]]:
    """What each line was matched to, by a reference that a person can look up."""
    unnamed = [verdict.movements[0].operation for _, verdict in matched if verdict.operation is None]
    found = Operation.objects.filter(id__in=unnamed).values_list("id", "reference") if unnamed else ()
    references = dict(found)
    return [(line.id, _reference(line, verdict, references)) for line, verdict in matched]


def _reference(line: Line, verdict: Verdict, references: Mapping[UUID, str]) -> str:
    if verdict.rule == "batch":
        return line.batch_reference
    if verdict.operation is not None:
        return verdict.operation.reference
    return references[verdict.movements[0].operation]


def _line(key: LineKey, config: ReconciliationSettings) -> Line:
    return Line(
        key.id, config.rail_of(key.account, key.rail), key.amount, key.currency, key.credit, key.reversal,
        key.reference or "", key.end_to_end_id or "", key.payment_reference or "", key.bank_code or "", key.charges,
        key.batch_part, key.batch_reference or "",
        key.came_back, key.transaction_id or "",
    )  # fmt: skip
