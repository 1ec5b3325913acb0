"""What happens to withdrawals without anybody asking: rails speak, wallets are stopped, promises pass."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.people.api import lock_standing, standing, told_standing
from guitai.rails import api as rails
from guitai.rails.types import PayoutRecord
from guitai.wallet.flows import recalls, withdrawal_intents
from guitai.wallet.flows.apart import BATCH, submit_apart
from guitai.wallet.kinds.withdraw import can_withdraw
from guitai.wallet.kinds.withdraw_changes import CONTRADICTED, LAPSED, RETURN_MONEY
from guitai.wallet.kinds.withdraw_late import MARGIN
from guitai.wallet.models import Operation
from guitai.wallet.notices_withdrawals import tell_to_confirm
from guitai.wallet.reconciliation.flows import overdue_lines
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent

_log = logging.getLogger(__name__)
TO_CONFIRM = "to_confirm"
# What stops a withdrawal that has not left.
_STOPS = frozenset({"withdrawal", "spending"})


def note_payout(what: str, said: Mapping[str, Any]) -> None:
    """Carry out what a rail says of a payout, in the caller's transaction; once, however often it is said.

    takes    `sent`, `accepted`, `settled`, `rejected` or `returned`, or `to_confirm` (its payee has to), and the
             topic's payload
    """
    reference = said["order_reference"]
    row = Operation.objects.filter(reference=reference, kind="withdrawal").only("id").first()
    if row is None:
        # Money may be paid out for others than withdrawals; what is theirs is not ours.
        _log.info("a payout that is no withdrawal was told: %s", reference)
        return
    if what == TO_CONFIRM:
        tell_to_confirm(reference)
        return
    if what == "returned" and overdue_lines.is_given_away(reference):
        # Its line was set aside, and people have settled it: the same money is not given a second time.
        _contradict(reference)
        return
    answer = pipeline.run([withdrawal_intents.told(_rail_of(said), row.id, what, said)])[0]
    if isinstance(answer, Refusal):
        raise answer
    if what == "returned" and answer.outcome == "approved" and not answer.replayed:
        overdue_lines.take_back(reference)
    if answer.code in ("withdrawal_contradicted", "withdrawal_amount_differs"):
        _log.error("withdrawal %s: %s was told, and it is %s", reference, what, answer.code)


def _contradict(reference: str) -> None:
    row = Operation.objects.get(reference=reference, kind="withdrawal")
    if row.state == "returned":
        return
    emit(CONTRADICTED, {
        "operation_id": str(row.id), "reference": reference, "owner": str(row.owner), "told": RETURN_MONEY,
        "code": "withdrawal_contradicted",
    })  # fmt: skip


def stop_withdrawals(person: UUID, scope: Sequence[str]) -> None:
    """Take back what has not left of somebody who is stopped now, in the caller's transaction.

    takes    whose, and what their standing stops
    """
    if not _STOPS & set(scope):
        return
    rows = Operation.objects.filter(owner=person, kind="withdrawal", state__in=("held", "processing"))
    open_ones = dict(rows.order_by("id").values_list("id", "reference"))
    if open_ones:
        # Somebody who must not know of a stop is told nothing that gives it away.
        told = told_standing(person)
        open_to_them = told.stops("withdrawal") or told.stops("spending")
        code = "withdrawal_stopped" if open_to_them else "withdrawal_not_possible"
        pipeline.run([withdrawal_intents.cancel(operation_id, SYSTEM, code) for operation_id in open_ones])
        # Where their word is still wanted at the other end it is not waited for any more.
        rails.call_back(list(open_ones.values()))
    if standing(person).state == "frozen":
        # What is at the bank by now leaves us no other way than to ask it.
        recalls.want(person)


def stopped_payouts(references: Sequence[str]) -> frozenset[str]:
    """Of payouts that are about to leave, those whose owner is stopped now; nobody is stopped until they have left.

    takes    canonical references; what is no withdrawal is nobody's here
    """
    rows = Operation.objects.filter(reference__in=references, kind="withdrawal")
    owners = dict(rows.values_list("reference", "owner"))
    standings = lock_standing(set(owners.values()))
    return frozenset(
        reference for reference, owner in owners.items() if not can_withdraw(standings.get(owner))
    )


def watch_withdrawals() -> int:
    """Say honestly what is late, give back what nobody decided, and ask about what is unknown; gives how many."""
    rows = Operation.objects.filter(
        kind="withdrawal", state__in=("held", "processing"), resolves_by__lte=now()
    ).order_by("resolves_by", "id")
    due = [_due(row) for row in rows.only("id", "state", "facts")]
    for start in range(0, len(due), BATCH):
        submit_apart(due[start : start + BATCH])
    return len(due) + _catch_up()


def _due(row: Operation) -> Intent:
    if row.state == "held":
        return withdrawal_intents.cancel(row.id, SYSTEM, LAPSED)
    if MARGIN in row.facts and row.facts.get("stage") != "queued":
        return withdrawal_intents.unknown(row.id)
    return withdrawal_intents.late(row.id)


def _catch_up() -> int:
    """Of what is unknown, whatever its rail knows by now: a word that was lost on its way is heard all the same."""
    rows = Operation.objects.filter(kind="withdrawal", state="unknown").order_by("id")
    return sum(hear(reference) for reference in rows.values_list("reference", flat=True))


def hear(reference: str) -> bool:
    """Carry out the end of a payout that its rail knows; gives whether it knows one."""
    record = rails.payout_record(reference)
    what = _WORDS.get(record.state) if record is not None else None
    if record is None or what is None:
        return False
    with outermost():
        note_payout(what, _said(record))
    return True


_WORDS = {"settled": "settled", "rejected": "rejected", "returned": "returned"}


def _said(record: PayoutRecord) -> dict[str, Any]:
    """A payout as its topic would have told it."""
    return {
        "order_reference": record.order_reference,
        "rail": record.rail,
        "amount": record.amount.minor,
        "currency": record.amount.currency,
        "code": record.code or "payout_not_possible",
        "reason": record.iso_reason,
        "returned": record.returned.minor if record.returned is not None else record.amount.minor,
    }


def _rail_of(said: Mapping[str, Any]) -> str:
    return str(said.get("rail") or "bank")
