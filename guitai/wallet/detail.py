"""One operation in full: timeline, trace and diagnosis, cut to what its reader may know.

A transfer to somebody the sender does not know yet looks the same whether or not that number is registered, so the
sender's trace names only what left their own account.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, get_args
from uuid import UUID

from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.kit.explain import codes, explain
from guitai.ledger.api import accounts, transfers
from guitai.ledger.types import Account, Transfer
from guitai.rails.api import rail_record
from guitai.risk.api import facts_for
from guitai.risk.types import HoldReason
from guitai.wallet.kinds.overdue import SINCE
from guitai.wallet.models import Operation, OperationEvent, Party, TopUp, Withdrawal
from guitai.wallet.reads import views_of
from guitai.wallet.rules.chart import NAMES
from guitai.wallet.rules.withdrawals import CARD
from guitai.wallet.types import (
    Audience,
    Diagnosis,
    Leg,
    OperationDetail,
    OperationView,
    TimelineStep,
    TraceStep,
)
from guitai.wallet.withdrawal_reads import view_of as withdrawal_view
from guitai.wallet.withdrawal_trace import rail_steps

# What only staff may see of a transfer between people who do not know each other yet.
_QUIET_EVENTS = frozenset({"delivered"})
# How the books call what goes back to a customer, what is taken of what was set aside, and what it cost.
_GIVES_BACK = frozenset(
    {
        "transfer.return",
        "withdrawal.give_back",
        "withdrawal.return",
        "withdrawal.fee_back",
        "claim.release",
        "chargeback.release",
    }
)
_TAKES = frozenset({"transfer.take", "withdrawal.take", "claim.take", "chargeback.take"})
_FEES = frozenset({"fee", "withdrawal.fee"})
# What is said otherwise of money that goes back to a card: a card shows it days later.
_OF_CARD = {
    f"withdrawal_out_{state}": f"withdrawal_to_card_{state}"
    for state in ("processing", "succeeded", "returned")
}
_HELD: dict[str, HoldReason] = {reason: reason for reason in get_args(HoldReason)}


def detail_for(row: Operation, party: Party, audience: Audience) -> OperationDetail:
    """Everything about an operation, for one reader."""
    view = views_of([party])[0]
    events = list(OperationEvent.objects.filter(operation_id=row.id).order_by("id"))
    legs = _legs(events, None if audience == "agent" else party.owner)
    events = [event for event in events if event.event]
    if audience == "customer":
        events = visible(events, party, row)
    top_up = TopUp.objects.filter(operation_id=row.id).first() if row.kind == "top_up" else None
    return OperationDetail(
        owner=row.owner,
        view=view,
        timeline=tuple(_step(event, audience) for event in events),
        trace=_trace(row, events, legs),
        diagnosis=diagnose(row, view, legs, audience),
        legs=tuple(legs),
        withdrawal=withdrawal_view(row.id) if row.kind == "withdrawal" else None,
        instructions=top_up.instructions if top_up and view.state == "awaiting_payment" else None,
    )


def diagnose(row: Operation, view: OperationView, legs: Sequence[Leg], audience: Audience) -> Diagnosis:
    """Why the operation is as it is, what happens next and by when."""
    rule = _rule(view)
    if rule in _OF_CARD and Withdrawal.objects.filter(operation_id=row.id, rail=CARD).exists():
        rule = _OF_CARD[rule]
    facts = facts_of(view.code, view.facts, audience)
    by_when = {"by": view.resolves_by.isoformat()} if view.resolves_by else {}
    said = explain(
        rule, {**facts, **by_when, "amount": _told_amount(view).fact(), "counterparty": view.counterparty}
    )
    return Diagnosis(
        operation_id=row.id,
        reference=row.reference,
        rule=rule,
        inputs=facts,
        ledger_ids=tuple(leg.transfer_id for leg in legs),
        headline=said.title,
        reason=said.reason,
        next_step=said.remedy,
        next_url=said.remedy_url,
        by_when=view.resolves_by,
        audience=audience,
        disclosure="limited" if view.code in _HELD else "open",
    )


def _told_amount(view: OperationView) -> Money:
    """What an operation's words are about; of a top-up that has arrived, what is left of it after the fee."""
    arrived = view.kind == "top_up" and view.state == "succeeded"
    return view.amount - view.fee if arrived else view.amount


def _rule(view: OperationView) -> str:
    if view.code is None and view.state == "unknown" and SINCE in view.facts:
        return "outcome_overdue"
    # A rail may say why in a code that has no words yet: then it is said what that means.
    wordless = view.kind in ("top_up", "withdrawal") and view.state == "failed" and view.code not in codes()
    if view.kind == "withdrawal" and view.code in _HELD:
        # What is looked at is an account of one's own and no person: it has words of its own.
        return f"withdrawal_{view.code}"
    return f"{view.kind}_{view.direction}_{view.state}" if wordless or view.code is None else view.code


def facts_of(code: str | None, facts: Mapping[str, Fact], audience: Audience) -> dict[str, Fact]:
    """Recorded facts, cut to what the audience may know."""
    reason = _HELD.get(code or "")
    return facts_for(audience, reason, facts) if reason else dict(facts)


def visible(events: Sequence[OperationEvent], party: Party, row: Operation) -> list[OperationEvent]:
    """The sender does not see when a payee they do not know was given the money; the payee sees only that."""
    if party.owner == row.owner:
        return [event for event in events if event.event not in _QUIET_EVENTS]
    arrived = [
        e for e in events if e.event in ("succeeded", "sent", "delivered", "released") and e.at >= party.since
    ]
    # That it was checked first, or waited, is the sender's affair.
    return [
        OperationEvent(operation_id=row.id, at=e.at, event="succeeded", state="succeeded")
        for e in arrived[:1]
    ]


def _step(event: OperationEvent, audience: Audience) -> TimelineStep:
    return TimelineStep(event.at, event.event, facts_of(event.code, event.facts, audience), event.state)


def _legs(events: Sequence[OperationEvent], reader: UUID | None) -> list[Leg]:
    ids = [transfer for event in events for transfer in event.transfers]
    # What was booked in one moment comes in the order in which it was decided.
    place = {transfer: position for position, transfer in enumerate(ids)}
    found = sorted(transfers(ids), key=lambda t: (t.recorded_at, place[t.id]))
    touched = {t.debit_account for t in found} | {t.credit_account for t in found}
    by_id = {account.id: account for account in accounts(sorted(touched))}
    if reader is None:
        return [_leg(t, by_id) for t in found]
    return [_own_leg(t, by_id, reader) for t in found if _touches(t, by_id, reader)]


def _leg(transfer: Transfer, by_id: dict[UUID, Account]) -> Leg:
    return Leg(
        str(transfer.id), _label(by_id[transfer.debit_account]), _label(by_id[transfer.credit_account]),
        Money(transfer.amount, transfer.currency), transfer.kind, transfer.recorded_at,
    )  # fmt: skip


def _own_leg(transfer: Transfer, by_id: dict[UUID, Account], reader: UUID) -> Leg:
    """One's own side only: the other side would tell whether the payee is registered."""
    out = by_id[transfer.debit_account].owner == reader
    mine = "customer"
    back = transfer.kind in _GIVES_BACK
    kind = "returned" if back else "fee" if transfer.kind in _FEES else "out" if out else "in"
    return Leg(
        str(transfer.id), mine if out and not back else "", mine if not out or back else "",
        Money(transfer.amount, transfer.currency), kind, transfer.recorded_at,
    )  # fmt: skip


def _touches(transfer: Transfer, by_id: dict[UUID, Account], reader: UUID) -> bool:
    # Taking what was set aside is the house's bookkeeping: the sender's money left when it was set aside.
    sides = {by_id[transfer.debit_account].owner, by_id[transfer.credit_account].owner}
    return reader in sides and transfer.kind not in _TAKES


def _label(account: Account) -> str:
    return NAMES.get(account.code, str(account.code))


def _trace(row: Operation, events: Sequence[OperationEvent], legs: Sequence[Leg]) -> tuple[TraceStep, ...]:
    steps = [TraceStep(e.at, f"operation.{e.event}", "wallet", {"operation": str(row.id)}) for e in events]
    steps += [
        TraceStep(leg.at, f"ledger.{leg.kind}", "ledger", {"transfer": leg.transfer_id}) for leg in legs
    ]
    if row.kind == "withdrawal":
        steps += rail_steps(row.reference)
    if row.kind == "top_up" and (record := rail_record(row.reference)) is not None:
        steps.append(TraceStep(record.created_at, "rail.ordered", "rail", {"order": record.order_reference}))
        for notice in record.notices:
            ids = {
                "notice": str(notice.id),
                "state": notice.state,
                "bank_reference": notice.bank_reference or "",
            }
            steps.append(TraceStep(notice.received_at, "rail.notice", "rail", ids))
        if record.paid_at:
            steps.append(
                TraceStep(
                    record.paid_at, "bank.paid", "bank", {"bank_reference": record.bank_reference or ""}
                )
            )
    order: dict[Literal["wallet", "ledger", "rail", "bank", "risk"], int] = {
        "bank": 0, "rail": 1, "risk": 2, "ledger": 3, "wallet": 4,
    }  # fmt: skip
    return tuple(sorted(steps, key=lambda step: (step.at, order[step.source])))
