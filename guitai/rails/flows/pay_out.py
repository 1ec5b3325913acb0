"""What an online answer means for a payment out."""

from collections.abc import Sequence
from datetime import datetime

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit.topics import emit
from guitai.kit.transactions import required
from guitai.rails.adapters.bank import notice_url
from guitai.rails.errors import PayoutUnknown
from guitai.rails.flows.errands import Work, ask_now
from guitai.rails.flows.leaving import free_to_leave, stopped_of
from guitai.rails.flows.start_payout import payee_of
from guitai.rails.flows.tell_payout import Told, tell
from guitai.rails.models import PayoutRow
from guitai.rails.queue import nudge_errands
from guitai.rails.rules.payout_reasons import UNSPECIFIED
from guitai.rails.types import Payout, PayoutAnswer, PayoutConfirmation, PayoutState, Rail, RailOutcome

_STATES: dict[RailOutcome, PayoutState] = {
    "accepted": "accepted", "done": "settled", "rejected": "rejected", "returned": "returned",
}  # fmt: skip


TO_CONFIRM = "rails.payout_to_confirm"


def payout_of(row: PayoutRow) -> Payout:
    """A stored payment out, as a rail is asked for it."""
    payee = payee_of(row)
    return Payout(
        order_reference=row.order_reference,
        amount=Money(row.amount_minor, row.currency),
        payee_name=payee.name,
        payee_account=payee.account,
        payee_bank=payee.bank,
        remittance=payee.remittance,
        notify_url=notice_url(row.rail),
        attempt=max(row.attempts, 1),
    )


def _ask(rail: Rail, row: PayoutRow) -> PayoutAnswer:
    return rail.pay_out(payout_of(row))


def _query(rail: Rail, row: PayoutRow) -> PayoutAnswer:
    answer = rail.query_payout(row.order_reference)
    if answer.confirmation is None:
        return answer
    if _until(row, answer.confirmation) <= now():
        return rail.call_back(row.order_reference)
    if not (answer.confirmation.package or row.confirm_package):
        # The first answer was lost, and with it what the payee confirms by: the same wish again tells it again. That
        # the rail has the wish is known, so nothing else that it says to it counts.
        again = rail.pay_out(payout_of(row))
        return again if again.confirmation is not None else answer
    return answer


def _take(row: PayoutRow, answer: PayoutAnswer) -> None:
    row.bank_reference = answer.bank_reference or row.bank_reference
    row.rail_code = answer.rail_code or row.rail_code
    _wait_for_payee(row, answer)
    if row.state == "settled" and answer.outcome == "done":
        # It was asked about once more because the rail said that it had news, and there were none.
        row.next_query_at = None
    row.save(
        update_fields=["bank_reference", "rail_code", "confirm_until", "confirm_package", "next_query_at"]
    )
    if row.state == "filed" and answer.outcome != "rejected":
        _left(row)
    state = _STATES.get(answer.outcome)
    if state is not None:
        code = (answer.code or UNSPECIFIED) if answer.outcome in ("rejected", "returned") else None
        back = row.amount_minor if answer.outcome == "returned" else None
        tell([Told(row, state, answer.rail_code, back, code=code)])


def _wait_for_payee(row: PayoutRow, answer: PayoutAnswer) -> None:
    """Until when a payee may confirm: just then the rail is asked again, and what nobody confirmed is called back."""
    if answer.outcome == "unknown":
        return
    waits = answer.confirmation
    if waits and row.confirm_until is None:
        emit(
            TO_CONFIRM,
            {"order_reference": row.order_reference, "rail": row.rail, "until": waits.until.isoformat()},
        )
    row.confirm_until = _until(row, waits) if waits else None
    row.confirm_package = (waits.package or row.confirm_package) if waits else ""
    if row.confirm_until is not None and row.next_query_at is not None and row.confirm_until > now():
        row.next_query_at = min(row.next_query_at, row.confirm_until)


def _until(row: PayoutRow, waits: PayoutConfirmation) -> datetime:
    """The end of its payee's time: what the rail gives them, unless we want it back before."""
    return waits.until if row.confirm_until is None else min(waits.until, row.confirm_until)


def call_back(order_references: Sequence[str]) -> None:
    """See `rails.api.call_back`."""
    required()
    rows = PayoutRow.objects.filter(
        order_reference__in=order_references, state__in=PAYOUTS.open_states, confirm_until__gt=now()
    )
    of_rails = set(rows.values_list("rail", flat=True))
    rows.update(confirm_until=now(), next_query_at=now())
    for rail in sorted(of_rails):
        nudge_errands(rail)


def _left(row: PayoutRow) -> None:
    """The rail was asked: from here on the money may be on its way."""
    row.state, row.sent_at = "sent", now()
    row.save(update_fields=["state", "sent_at"])
    said = {"rail": row.rail, "order_reference": row.order_reference, "amount": row.amount_minor}
    emit("rails.payout_sent", {**said, "currency": row.currency, "message_id": row.bank_reference})


def query_payout(order_reference: str) -> None:
    """See `rails.api.query_payout`."""
    row = PayoutRow.objects.filter(order_reference=order_reference).only("id").first()
    if row is None:
        raise PayoutUnknown(order_reference=order_reference)
    ask_now(PAYOUTS, row.id)


def ask_about(rail: str, order_reference: str) -> None:
    """Have a payout asked about at once, in the caller's transaction, because the rail says that it has news of it."""
    required()
    rows = PayoutRow.objects.filter(rail=rail, order_reference=order_reference, state__in=PAYOUTS.heard_of)
    if rows.update(next_query_at=now()):
        nudge_errands(rail)


PAYOUTS = Work(
    name="payout",
    model=PayoutRow,
    verb="pay_out",
    query_verb="query_payout",
    begun="filed",
    open_states=("filed", "sent", "accepted"),
    # What has left may come back days later.
    may_come_back=("settled",),
    ask=_ask,
    query=_query,
    take=_take,
    free=free_to_leave,
    may_go_again=lambda row: not stopped_of([row.order_reference]),
)
