"""Money out to an account of one's own: asked for, looked at before, taken back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.operator import time_zone
from guitai.kit.throttle import allow
from guitai.people.api import payment_options
from guitai.rails import api as rails
from guitai.rails.types import ConfirmationPage
from guitai.wallet import destinations, withdrawal_reads
from guitai.wallet.errors import (
    HoldNotOpen,
    OperationNotFound,
    SenderFrozen,
    WithdrawalNotCancellable,
    WithdrawalUnderWay,
)
from guitai.wallet.flows import intents, withdrawal_intents
from guitai.wallet.kinds import withdraw
from guitai.wallet.models import LimitUsed, Operation
from guitai.wallet.reads import balances
from guitai.wallet.rules.policies import Fees, most_within
from guitai.wallet.rules.windows import local_day, month_of
from guitai.wallet.rules.withdrawals import Withdrawals
from guitai.wallet.till.submit import dry_run, submit
from guitai.wallet.till.types import Outcome
from guitai.wallet.types import Proof, Terms
from guitai.wallet.withdrawal_types import WithdrawalQuote

# How often a page that waits for its owner's word may have the rail asked.
_LOOKS, _LOOKS_WINDOW_S = 20, 300
_NO_PROOF = Proof()
CANCELLED, DECLINED = "withdrawal_cancelled", "withdrawal_declined"


def start_withdrawal(
    owner: UUID,
    account: UUID,
    amount: Money,
    proof: Proof,
    key: str | None,
    terms: Terms | None,
    *,
    closing: bool,
    rail: str,
) -> Outcome:
    checked = intents.checked_key(key)
    return submit(
        withdrawal_intents.start(owner, account, amount, proof, checked, terms, closing=closing, rail=rail)
    )


def approval_options(owner: UUID, account: UUID, amount: Money, rail: str) -> dict[str, Any] | None:
    return payment_options(owner, withdrawal_intents.binding(account, amount, rail))


def record_refusal(owner: UUID, account: UUID, amount: Money, code: str, key: str, rail: str) -> Outcome:
    """Without a proof the till refuses whatever it would have allowed: this can only leave a record."""
    about = withdrawal_intents.refusal_key(key, account, amount, code, rail)
    return submit(withdrawal_intents.start(owner, account, amount, _NO_PROOF, about, rail=rail))


def quote(owner: UUID, account: UUID, amount: Money, wanted: str) -> WithdrawalQuote:
    """What withdrawing would do now, by the same code as withdrawing, with nothing moved."""
    rehearsed = dry_run(withdrawal_intents.start(owner, account, amount, _NO_PROOF, "dry-run", rail=wanted))
    decision, draft = rehearsed.decision, rehearsed.draft
    if draft is None:
        raise RuntimeError("a withdrawal always drafts an operation")
    bound = destinations.named(owner, [account]).get(account)
    rail = withdraw.rail_for(bound.kind if bound else "", wanted, amount.currency)
    moment, health = now(), rails.health_of(rail)
    policy, bank = policies.current(Withdrawals).value, bound.bank if bound else ""
    arrives = withdraw.promise(policy, rail, bank, moment + health.expected_delay)
    return WithdrawalQuote(
        outcome=decision.outcome,
        code=decision.code,
        facts=decision.facts,
        account=bound,
        amount=draft.amount,
        fee=draft.fee,
        total=draft.amount + draft.fee,
        remaining_today=decision.remaining,
        leaves_at=arrives.leaves,
        earliest_at=arrives.earliest,
        latest_at=arrives.latest,
        cut_off_at=cut_off(moment, rail),
        waiting=withdrawal_reads.waiting_to_leave(rail),
        busy=withdrawal_reads.is_busy(rail),
        rail=rail,
        rail_state=health.state,
        confirm_within=rails.confirms_within(rail),
    )


def most(owner: UUID, currency: str, rail: str, account: UUID | None) -> Money:
    """The largest amount that somebody can withdraw with its fee by a rail, if limits and account allow it."""
    bound = destinations.named(owner, [account]).get(account) if account is not None else None
    available = next((b.available for b in balances(owner) if b.currency == currency), Money(0, currency))
    month = month_of(local_day(now(), time_zone()))
    used = LimitUsed.objects.filter(owner=owner, name="withdrawal", currency=currency, month=month)
    taken = used.values_list("month_minor", flat=True).first() or 0
    found = most_within(policies.current(Fees).value.of_withdrawal(rail), available, taken)
    if bound is None or bound.payment is None:
        return found
    left = bound.payment.left
    return (
        min(found, left, key=lambda money: money.minor) if left.currency == currency else Money(0, currency)
    )


def cancel(owner: UUID, reference: str) -> Outcome:
    """The owner takes it back while it has not left."""
    row = Operation.objects.filter(reference=reference, kind="withdrawal", owner=owner).only("id").first()
    if row is None:
        raise OperationNotFound()
    outcome = submit(withdrawal_intents.cancel(row.id, Actor("customer", str(owner)), CANCELLED))
    if outcome.outcome == "refused":
        raise WithdrawalUnderWay() if outcome.code == "withdrawal_under_way" else WithdrawalNotCancellable()
    return outcome


def confirmation(owner: UUID, reference: str, page_url: str) -> ConfirmationPage | None:
    """Where the rail waits for its owner. The rail is asked first: they may have confirmed it in its own app."""
    if not Operation.objects.filter(reference=reference, kind="withdrawal", owner=owner).exists():
        raise OperationNotFound()
    record = rails.payout_record(reference)
    if record is None or record.confirm_until is None:
        return None
    if allow("wallet.confirmation", reference, limit=_LOOKS, window_s=_LOOKS_WINDOW_S):
        record = rails.query_payout(reference)
    return rails.confirmation_page(reference, page_url) if record.confirm_until is not None else None


def decide_hold(operation_id: UUID, release: bool, actor: Actor, purpose: Purpose | None) -> Outcome:
    """Staff let a held withdrawal go on, or its money back; its owner may take it back."""
    if release:
        outcome = submit(withdrawal_intents.release(operation_id, actor, purpose))
    else:
        code = CANCELLED if actor.kind == "customer" else DECLINED
        outcome = submit(withdrawal_intents.cancel(operation_id, actor, code, purpose, only_held=True))
    if outcome.outcome == "refused":
        raise SenderFrozen() if outcome.code == "sender_frozen" else HoldNotOpen()
    return outcome


def cut_off(moment: datetime, rail: str) -> datetime | None:
    """Until when it leaves today; None when today's has passed, or when there is none."""
    until = rails.payouts_cut_off(moment, rail=rail)
    return until if until is not None and until > moment else None
