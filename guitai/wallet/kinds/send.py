"""transfer.send: money to somebody's phone number.

Nobody may learn from it who is registered. To a number that the sender has not dealt with, a transfer is `sent`:
a registered payee has the money at once, an unregistered one may claim it, and for a day the two look the same.
Only to somebody they know can it be refused because of the payee.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from uuid import UUID

from django.db.models import Count

from guitai.base.clock import now
from guitai.base.money import Money
from guitai.kit import policies
from guitai.ledger.types import NewTransfer
from guitai.people.api import find_by_phone, phone_index, pin_checks, record_pin_outcomes
from guitai.people.types import PinCheck
from guitai.risk.api import assess
from guitai.risk.types import Assessment, Features
from guitai.wallet.kinds.base import (
    can_receive,
    can_spend,
    handed_over,
    hours,
    move,
    reserve,
    since_of,
    waiting,
    zone,
)
from guitai.wallet.models import Dealing, Operation
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Fees, Limits, fee_of
from guitai.wallet.rules.windows import day_end, day_start
from guitai.wallet.till.types import (
    FEE_POLICY,
    Decision,
    Intent,
    LimitKey,
    LimitUse,
    OperationDraft,
    Party,
    Place,
    View,
    refused,
)
from guitai.wallet.types import OperationState, Terms

NAME = "transfer.send"
_DAY = "transfer.day"
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class SendFacts:
    """Everything about one transfer that is not under the till's own locks."""

    owner: UUID
    phone: str
    amount: Money
    fee: Money
    fee_policy: str
    payee: UUID | None
    dealt: bool
    pin: PinCheck | None
    sent_last_hour: int
    # Shared by the batch: how many each sender has sent within it.
    batch_sent: Counter[UUID] = field(default_factory=Counter)


class SendTransfer:
    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        found = find_by_phone([_phone(i) for i in batch])
        return [self._place(intent, found.get(_phone(intent))) for intent in batch]

    def facts(self, batch: Sequence[Intent], view: View) -> Sequence[SendFacts]:
        found = find_by_phone([_phone(i) for i in batch])
        pairs = {(_owner(i), found[_phone(i)]) for i in batch if _phone(i) in found}
        dealings = set(
            Dealing.objects.filter(owner__in={a for a, _ in pairs}, other__in={b for _, b in pairs})
            .values_list("owner", "other")
        )  # fmt: skip
        proving = [(_owner(i), i.secrets["pin"]) for i in batch if "pin" in i.secrets]
        checks = iter(pin_checks(proving) if proving else [])
        recent = _sent_last_hour({_owner(i) for i in batch})
        fees, counter = policies.current(Fees), Counter[UUID]()
        return [
            SendFacts(
                owner=_owner(i), phone=_phone(i), amount=_amount(i), fee=fee_of(fees.value.transfer, _amount(i)),
                fee_policy=fees.pin,
                payee=found.get(_phone(i)), dealt=(_owner(i), found.get(_phone(i))) in dealings,
                pin=next(checks) if "pin" in i.secrets else None,
                sent_last_hour=recent.get(_owner(i), 0), batch_sent=counter,
            )
            for i in batch
        ]  # fmt: skip

    def draft(self, intent: Intent, facts: SendFacts) -> OperationDraft:
        return OperationDraft(
            "transfer", facts.owner, facts.amount, facts.fee, str(intent.body.get("note") or ""), facts.payee,
            facts.phone, phone_index(facts.phone),
        )  # fmt: skip

    def decide(self, intent: Intent, facts: SendFacts, view: View) -> Decision:
        decision = (
            _refuse_person(facts, view) or _refuse_limits(facts, view) or _refuse_balance(facts, view)
            or _approve(facts, view)
        )  # fmt: skip
        if decision.outcome != "refused":
            decision = _refuse_unconfirmed(intent, facts, decision) or decision
        if facts.fee:
            decision = replace(decision, facts={**decision.facts, FEE_POLICY: facts.fee_policy})
        if decision.outcome == "refused":
            return _seen_by_sender(decision, facts)
        facts.batch_sent[facts.owner] += 1
        return decision

    def ledger_refusal(self, intent: Intent, result: str, facts: SendFacts, view: View) -> Decision:
        decision = _refuse_balance(facts, view) or refused("ledger_refused", result=result)
        return _seen_by_sender(decision, facts)

    def record(
        self, batch: Sequence[Intent], facts: Sequence[SendFacts], decisions: Sequence[Decision]
    ) -> None:
        proved = [(f.owner, f.pin.ok) for f in facts if f.pin is not None and f.pin.is_set]
        if proved:
            record_pin_outcomes(proved)

    def _place(self, intent: Intent, payee: UUID | None) -> Place:
        owner, currency = _owner(intent), _amount(intent).currency
        accounts = [
            chart.customer_account(owner, currency),
            chart.house_account(chart.TRANSIT, currency),
            chart.house_account(chart.FEES, currency),
        ]
        if payee is not None and payee != owner:
            accounts.append(chart.customer_account(payee, currency))
        persons = (owner, payee) if payee else (owner,)
        return Place(persons=persons, limits=(_day_key(owner, currency),), accounts=tuple(accounts))


def _refuse_person(facts: SendFacts, view: View) -> Decision | None:
    standing = view.standing(facts.owner)
    if not can_spend(standing):
        return refused("frozen", since=since_of(standing))
    if (pin := facts.pin) is not None:
        if not pin.is_set:
            return refused("pin_not_set")
        if pin.locked_until is not None:
            return refused("pin_locked", until=pin.locked_until.isoformat())
        if not pin.ok:
            return refused("pin_wrong", attempts_left=pin.attempts_left)
    if facts.payee == facts.owner:
        return refused("payee_is_self")
    if facts.payee is not None and facts.dealt and not can_receive(view.standing(facts.payee)):
        return refused("payee_cannot_receive")
    return None


def _refuse_limits(facts: SendFacts, view: View) -> Decision | None:
    limits, amount = policies.current(Limits), facts.amount
    once = limits.value.transfer_once.get(amount.currency)
    if once is not None and amount.minor > once:
        return refused("limit_transfer_once", limit=Money(once, amount.currency).fact(), policy=limits.pin)
    day = limits.value.transfer_day.get(amount.currency)
    window = _window(facts, view)
    used = view.used(window)
    if day is not None and used + amount.minor > day:
        return refused(
            "limit_transfer_day",
            limit=Money(day, amount.currency).fact(),
            used=Money(used, amount.currency).fact(),
            remaining=Money(max(day - used, 0), amount.currency).fact(),
            resets_at=day_end(window.window_start, zone()).isoformat(),
            policy=limits.pin,
        )
    return None


def _refuse_balance(facts: SendFacts, view: View) -> Decision | None:
    account = view.account(chart.customer_account(facts.owner, facts.amount.currency).id)
    available = account.available_credit if account else 0
    needed, currency = facts.amount.minor + facts.fee.minor, facts.amount.currency
    if needed <= available:
        return None
    return refused(
        "insufficient_balance",
        available=Money(available, currency).fact(),
        needed=Money(needed, currency).fact(),
        short_by=Money(needed - available, currency).fact(),
    )


def _refuse_unconfirmed(intent: Intent, facts: SendFacts, decision: Decision) -> Decision | None:
    """Nothing moves without the PIN, nor on other terms than those that were shown."""
    if intent.rehearsal:
        return None
    if facts.pin is None:
        return refused("pin_missing")
    if intent.terms is not None and intent.terms != Terms(decision.outcome, facts.fee):
        return refused("terms_changed", fee=facts.fee.fact())
    return None


def _approve(facts: SendFacts, view: View) -> Decision:
    assessment = _assess(facts, view)
    uses = (LimitUse(_window(facts, view), facts.amount.minor),)
    if assessment.outcome == "hold":
        leg = _reserve(facts)
        return Decision(
            "held", "held", assessment.reason, {**assessment.facts, "policy": assessment.policy_pin},
            (leg,), uses, pending_id=leg.id,
            resolves_by=view.moment + hours(waiting().held_hours),
            parties=(_sender(facts, "held", assessment.reason),), event="held",
        )  # fmt: skip
    if facts.dealt and facts.payee is not None:
        return Decision(
            "approved", "succeeded", legs=_direct(facts), uses=uses, delivered=True, payee=facts.payee,
            parties=(_sender(facts, "succeeded"), _payee(facts)), dealings=((facts.payee, facts.owner),),
            event="succeeded",
        )  # fmt: skip
    return _send_first_time(facts, view, uses)


def _send_first_time(facts: SendFacts, view: View, uses: tuple[LimitUse, ...]) -> Decision:
    # Set aside in both cases: the sender's own lines in the books, fee included, do not tell them apart.
    leg, deadline = _reserve(facts), view.moment + hours(waiting().unclaimed_hours)
    if facts.payee is not None and can_receive(view.standing(facts.payee)):
        return Decision(
            "approved", "sent", legs=(leg, *_taken(facts, leg)), uses=uses, delivered=True, payee=facts.payee,
            resolves_by=deadline, parties=(_sender(facts, "sent"), _payee(facts)),
            dealings=((facts.payee, facts.owner),), event="sent",
        )  # fmt: skip
    return Decision(
        "approved", "sent", legs=(leg,), uses=uses, pending_id=leg.id, resolves_by=deadline,
        parties=(_sender(facts, "sent"),), event="sent",
    )  # fmt: skip


def _assess(facts: SendFacts, view: View) -> Assessment:
    features = Features(
        owner=facts.owner,
        amount_minor=facts.amount.minor,
        currency=facts.amount.currency,
        sent_today_minor=view.used(_window(facts, view)),
        count_last_hour=facts.sent_last_hour + facts.batch_sent[facts.owner],
        payee_is_new=not facts.dealt,
    )
    return assess([features])[0]


def _direct(facts: SendFacts) -> tuple[NewTransfer, ...]:
    assert facts.payee is not None
    currency = facts.amount.currency
    debit = chart.customer_account(facts.owner, currency).id
    legs = [move(debit, chart.customer_account(facts.payee, currency).id, facts.amount, "transfer.deliver")]
    if facts.fee:
        legs.append(move(debit, chart.house_account(chart.FEES, currency).id, facts.fee, "fee"))
    return tuple(legs)


def _reserve(facts: SendFacts) -> NewTransfer:
    debit = chart.customer_account(facts.owner, facts.amount.currency).id
    return reserve(debit, facts.amount + facts.fee, "transfer.reserve")


def _taken(facts: SendFacts, reserved: NewTransfer) -> tuple[NewTransfer, ...]:
    """What was set aside a moment ago goes to its payee at once."""
    assert facts.payee is not None
    return handed_over(reserved.id, facts.payee, facts.amount, facts.fee)


def _sender(facts: SendFacts, state: OperationState, code: str | None = None) -> Party:
    known = facts.payee if facts.dealt else None
    return Party(facts.owner, "out", state, code, known, None if known else facts.phone)


def _payee(facts: SendFacts) -> Party:
    assert facts.payee is not None
    return Party(facts.payee, "in", "succeeded", None, facts.owner)


def _seen_by_sender(decision: Decision, facts: SendFacts) -> Decision:
    return Decision(
        "refused", "refused", decision.code, decision.facts, parties=(_sender(facts, "refused", decision.code),),
        event="refused",
    )  # fmt: skip


def _sent_last_hour(owners: set[UUID]) -> dict[UUID, int]:
    rows = (
        Operation.objects.filter(owner__in=owners, kind="transfer", created_at__gt=now() - _HOUR)
        .exclude(state="refused")
        .values("owner")
        .annotate(count=Count("id"))
    )
    return {row["owner"]: row["count"] for row in rows}


def _day_key(owner: UUID, currency: str) -> LimitKey:
    return LimitKey(owner, _DAY, currency, day_start(now(), zone()))


def _window(facts: SendFacts, view: View) -> LimitKey:
    return view.window(facts.owner, _DAY, facts.amount.currency)


def _owner(intent: Intent) -> UUID:
    return UUID(intent.actor.id)


def _phone(intent: Intent) -> str:
    return str(intent.body["phone"])


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
