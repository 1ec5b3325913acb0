"""Lines that name a movement which is not booked: not for ever. Past their deadline they are for a person.

Money that has come is set aside then, like any other that nobody can be given. Should the movement be booked after all,
what was set aside is undone in the same transaction, so that it is never there twice.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.money import EXPONENTS
from guitai.base.refusal import Refusal
from guitai.kit.topics import emit_many
from guitai.kit.transactions import outermost, required
from guitai.rails import api as rails
from guitai.wallet.models import OpenItem, Operation
from guitai.wallet.reconciliation import intents, store
from guitai.wallet.reconciliation.policy import settings
from guitai.wallet.reconciliation.rules.matching import MISSING, OVERDUE, PAYOUT_OPEN, Line, Movement, Verdict
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Outcome

TOPIC = "wallet.movement_overdue"
_BATCH = 500
# What a gateway took on one day it may book back on the next, and tells of that a day later.
_OUT_AND_BACK = 2
_BY = "rule"


def give_up_waiting() -> int:
    """Make exceptions of lines that have waited too long; gives how many.

    gives    `wallet.movement_overdue {item, reference, owner, credit, amount, currency}`, `owner` of a withdrawal where
             the policy has a case opened
    """
    config = settings()
    with outermost():
        due, patience = now(), timedelta(hours=config.missing_hours)
        rows = OpenItem.objects.select_for_update(skip_locked=True).filter(
            Q(code=MISSING, came_at__lte=due - patience)
            | Q(code=PAYOUT_OPEN, came_at__lte=due - patience * _OUT_AND_BACK),
            state="open",
            held_by=None,
        )
        late = list(rows.order_by("came_at", "id")[:_BATCH])
        if not late:
            return 0
        _set_aside([item for item in late if item.credit and item.currency in EXPONENTS])
        moment = now()
        for item in late:
            item.code, item.changed_at = OVERDUE, moment
        OpenItem.objects.bulk_update(late, ["code", "held_by", "changed_at"])
        _tell(late, cases=config.missing_opens_case)
    return len(late)


def take_back(reference: str) -> None:
    """A withdrawal has come back in the books after its line was set aside: undo that, in the caller's transaction."""
    required()
    held = _held(reference).filter(state__in=("open", "proposed")).select_for_update().first()
    if held is None:
        return
    withdrawal = Operation.objects.get(reference=reference)
    booked = store.movements([withdrawal.id], [held.currency])
    awaited = next((one for one in booked if one.money_in and one.amount == held.amount_minor), None)
    if awaited is None:
        # Another sum came back in the books than on the statement: a person sees both.
        return
    outcome = _run([intents.reverse(held.line_id, held.rail, intents.amount_of(held))])[0]
    # The line proves what set it aside, what undid that, and the movement it had waited for: together its amount.
    undone = store.movements([outcome.operation_id], [held.currency])
    _match(held, [*undone, awaited], "end_to_end")
    held.state, held.settled_by, held.changed_at = "matched", withdrawal.id, now()
    held.save(update_fields=["state", "settled_by", "changed_at"])


def is_given_away(reference: str) -> bool:
    """Whether what came back of a withdrawal was set aside and has been settled by people since."""
    return _held(reference).exclude(state__in=("open", "proposed", "matched")).exists()


def _held(reference: str) -> Any:
    return OpenItem.objects.filter(names=reference, code=OVERDUE, credit=True, held_by__isnull=False)


def _set_aside(items: Sequence[OpenItem]) -> None:
    if not items:
        return
    with connection.cursor() as cursor:
        cursor.execute(store.LOCK)
    outcomes = _run([intents.hold(i.line_id, i.rail, intents.amount_of(i), OVERDUE) for i in items])
    by_operation = {
        one.operation: one
        for one in store.movements([o.operation_id for o in outcomes], {i.currency for i in items})
    }
    lines, marks = [], []
    for item, outcome in zip(items, outcomes, strict=True):
        item.held_by = outcome.operation_id
        lines.append((_line(item), _verdict([by_operation[outcome.operation_id]], "held")))
        marks.append((item.line_id, outcome.reference))
    rails.mark_matched(marks)
    store.write_matches(lines, _BY)


def _tell(late: Sequence[OpenItem], *, cases: bool) -> None:
    named = {item.names for item in late if item.names}
    owners: Mapping[str, UUID] = dict(
        Operation.objects.filter(reference__in=named, kind="withdrawal").values_list("reference", "owner")
    )
    emit_many([
        (TOPIC, {
            "item": str(item.id), "reference": item.names, "credit": item.credit, "amount": item.amount_minor,
            "currency": item.currency,
            "owner": str(owners[item.names]) if cases and item.credit and item.names in owners else None,
        })
        for item in late
    ])  # fmt: skip


def _run(wanted: Sequence[Any]) -> list[Outcome]:
    outcomes = []
    for intent, answer in zip(wanted, pipeline.run(wanted), strict=True):
        if isinstance(answer, Refusal):
            raise answer
        if answer.outcome != "approved":
            raise RuntimeError(f"{intent.kind} was refused: {answer.code}")
        outcomes.append(answer)
    return outcomes


def _match(item: OpenItem, found: Sequence[Movement], rule: Any) -> None:
    store.write_matches([(_line(item), _verdict(found, rule))], _BY)


def _line(item: OpenItem) -> Line:
    return Line(item.line_id, item.rail, item.amount_minor, item.currency, item.credit)


def _verdict(found: Sequence[Movement], rule: Any) -> Verdict:
    return Verdict("match", rule, OVERDUE, None, tuple(found))
