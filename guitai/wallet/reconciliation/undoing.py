"""What a rail took and booked back, with nothing in the books that had left: both lines through suspense, at once."""

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.rails import api as rails
from guitai.wallet.models import OpenItem
from guitai.wallet.reconciliation import intents, store
from guitai.wallet.reconciliation.rules.matching import DISPUTED, OVERDUE, PAYOUT_OPEN, Line, Verdict
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Outcome

BY = "rule"
# Under what the line of taking waits, by the rule that found the one of giving back.
_WAITS = {"dispute": (DISPUTED,), "out_and_back": (PAYOUT_OPEN, OVERDUE)}


def undo_taken(line: Line, verdict: Verdict) -> int:
    """A line has given back what another took, which is settled with it; gives the id of the other one."""
    assert verdict.operation is not None
    waiting = OpenItem.objects.filter(
        names=verdict.operation.reference, rail=line.rail, amount_minor=line.amount, currency=line.currency,
        code__in=_WAITS[verdict.rule], credit=False, state="open",
    )  # fmt: skip
    item = waiting.order_by("line_id").select_for_update().first()
    if item is None:
        raise RuntimeError("what a rail gives back it has taken before, under lock")
    taken = intents.undo(item.line_id, item.rail, Money(item.amount_minor, item.currency), credit=False)
    (outcome,) = pipeline.run([taken])
    if not isinstance(outcome, Outcome) or outcome.outcome != "approved":
        raise RuntimeError("what a rail took cannot be booked")
    [movement] = store.movements([outcome.operation_id], {item.currency})
    own = Line(item.line_id, item.rail, item.amount_minor, item.currency, item.credit)
    said = Verdict("match", verdict.rule, item.code, None, (movement,), 0, verdict.facts)
    store.write_matches([(own, said)], BY)
    rails.mark_matched([(item.line_id, verdict.operation.reference)])
    item.state, item.settled_by, item.changed_at = "reversed", outcome.operation_id, now()
    item.save(update_fields=["state", "settled_by", "changed_at"])
    return int(item.line_id)
