"""withdrawal.start: money to an account of the customer's own, by the way that they chose of those its kind has.

It is set aside in the same moment and by the same transaction in which the payout is queued: the money is never both
out and available, and never neither.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from guitai.base.money import Money
from guitai.kit import policies
from guitai.people.types import PasskeyCheck, PinCheck, Standing
from guitai.rails import api as rails
from guitai.risk.api import assessor
from guitai.risk.types import Assessor, Features
from guitai.wallet import destinations
from guitai.wallet.kinds.base import hours, stopped, waiting
from guitai.wallet.kinds.limits import LimitRules, month_key, refuse_limits, remaining, rules_of, use_of
from guitai.wallet.kinds.payouts import begin, set_aside
from guitai.wallet.kinds.proofs import check_passkeys, check_pins, record_tries, refuse_proof
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Fees, Limited, fee_of
from guitai.wallet.rules.withdrawals import (
    BACK_TO_CARD,
    BANK,
    Arrival,
    Withdrawals,
    arrival,
    takes_currency,
    ways_of,
)
from guitai.wallet.till.pipeline import NEIGHBOUR_FAILED
from guitai.wallet.till.types import (
    FEE_POLICY,
    Decision,
    Intent,
    LimitUse,
    OperationDraft,
    OperationRecord,
    Party,
    Place,
    View,
    refused,
)
from guitai.wallet.types import Terms
from guitai.wallet.withdrawal_types import CardPayment, Destination

NAME = "withdrawal.start"
_LIMITED: Limited = "withdrawal"


class Shared(Struct, frozen=True):
    """What all withdrawals of a batch are judged by."""

    limits: LimitRules
    fees: policies.Versioned[Fees]
    policy: Withdrawals
    held: timedelta
    assess: Assessor
    # Of each rail that one of them leaves by: what it pays out, its bounds, and how much later than usual.
    currencies: Mapping[str, frozenset[str]]
    bounds: Mapping[str, tuple[int, int]]
    delay: Mapping[str, timedelta]


class WithdrawFacts(Struct, frozen=True):
    """Everything about one withdrawal that is not under the till's own locks."""

    owner: UUID
    account: Destination | None
    amount: Money
    # By which it leaves, and which was asked for: none, or one that this account may not have.
    rail: str
    wanted: str
    pin: PinCheck | None
    passkey: PasskeyCheck | None
    shared: Shared
    # The fee follows from what the month's allowance has left, which the batch's earlier withdrawals use too.
    view: View

    @property
    def fee(self) -> Money:
        used = self.view.used(self.view.window(self.owner, _LIMITED, self.amount.currency)).month_minor
        return fee_of(self.shared.fees.value.of_withdrawal(self.rail), self.amount, used)


class StartWithdrawal:
    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        # The kind of an account never changes, so that what is locked here is what is paid from.
        kinds = destinations.kinds_of((_owner(intent), account_of(intent)) for intent in batch)
        return [_place(intent, kinds.get(account_of(intent), "")) for intent in batch]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[WithdrawFacts]:
        owners = [_owner(intent) for intent in batch]
        shared = _shared(owners, {str(place.found) for place in places})
        wanted: dict[UUID, list[UUID]] = {}
        for owner, intent in zip(owners, batch, strict=True):
            wanted.setdefault(owner, []).append(account_of(intent))
        held = {owner: destinations.named(owner, ids) for owner, ids in wanted.items()}
        approved = [binding(account_of(intent), _amount(intent), _wanted(intent)) for intent in batch]
        checks = zip(check_pins(batch, owners), check_passkeys(batch, owners, approved), strict=True)
        return [
            WithdrawFacts(
                owner, held[owner].get(account_of(i)), _amount(i), str(place.found), _wanted(i), pin, passkey,
                shared, view,
            )
            for i, owner, place, (pin, passkey) in zip(batch, owners, places, checks, strict=True)
        ]  # fmt: skip

    def draft(self, intent: Intent, facts: WithdrawFacts) -> OperationDraft:
        return OperationDraft("withdrawal", facts.owner, facts.amount, facts.fee)

    def decide(self, intent: Intent, facts: WithdrawFacts, view: View) -> Decision:
        standing, fee = view.standing(facts.owner), facts.fee
        decision = (
            _refuse_person(facts, standing)
            or _refuse_account(facts)
            or refuse_limits(facts.owner, standing, facts.shared.limits, facts.amount, view)
            or _refuse_balance(facts, fee)
            or _approve(facts, fee, view)
        )
        if decision.outcome != "refused":
            decision = _refuse_unconfirmed(intent, facts, fee, decision) or decision
        if intent.rehearsal:
            taken = facts.amount if decision.outcome != "refused" else Money(0, facts.amount.currency)
            left = remaining(facts.owner, standing, facts.shared.limits, taken, view)
            decision = replace(decision, remaining=left)
        if fee:
            decision = replace(decision, facts={**decision.facts, FEE_POLICY: facts.shared.fees.pin})
        if decision.outcome == "refused":
            return _seen(decision, facts)
        return replace(decision, paced=facts.owner)

    def ledger_refusal(self, intent: Intent, result: str, facts: WithdrawFacts, view: View) -> Decision:
        if result == NEIGHBOUR_FAILED:
            return _seen(refused("batch_item_refused"), facts)
        if result == "exceeds_debits":
            # The customer has it, and it does not lie in the account that pays out.
            return _seen(refused("payout_float_short"), facts)
        decision = _refuse_balance(facts, facts.fee) or refused("ledger_refused", result=result)
        return _seen(decision, facts)

    def record(
        self, batch: Sequence[Intent], facts: Sequence[WithdrawFacts], decisions: Sequence[Decision]
    ) -> None:
        record_tries(batch, [fact.owner for fact in facts], [fact.pin for fact in facts])

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[WithdrawFacts],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        for intent, fact, decision, operation in zip(batch, facts, decisions, operations, strict=True):
            if fact.account is not None:
                closing = bool(intent.body.get("closing")) and not _available(fact)
                begin(operation, fact.account, fact.rail, decision, closing=closing)


def binding(account: UUID, amount: Money, wanted: str = "") -> str:
    """What a passkey approves: the account that is paid, by which way where one was chosen, and the amount."""
    return f"{NAME}\n{account}{f' {wanted}' if wanted else ''}\n{amount.minor} {amount.currency}"


def rail_for(kind: str, wanted: str, currency: str) -> str:
    """By which rail money leaves for an account: as was chosen, otherwise the first that pays its currency."""
    ways = ways_of(kind)
    if wanted in ways:
        return wanted
    return next((rail for rail in ways if currency in rails.payout_currencies(rail=rail)), ways[0])


def account_of(intent: Intent) -> UUID:
    return UUID(str(intent.body["account"]))


def can_withdraw(standing: Standing | None) -> bool:
    """Whether a person's money may leave now."""
    if standing is None or standing.state == "closed":
        return False
    return not (standing.stops("withdrawal") or standing.stops("spending"))


def promise(policy: Withdrawals, rail: str, bank: str, moment: datetime) -> Arrival:
    """When a withdrawal that is confirmed at a moment leaves, and by when it arrives; `delay_of` is in the moment."""
    return arrival(policy, rail, bank, moment, lambda at: rails.payouts_leave_at(at, rail=rail))


def delay_of(rail: str) -> timedelta:
    """How much later than usual something leaves by a rail that is slow or down."""
    return rails.health_of(rail).expected_delay


def promised(arrives: Arrival) -> dict[str, str]:
    """A promise as an operation keeps it."""
    return {"earliest": arrives.earliest.isoformat(), "latest": arrives.latest.isoformat()}


def _place(intent: Intent, kind: str) -> Place:
    owner, currency, account = _owner(intent), _amount(intent).currency, account_of(intent)
    rail = rail_for(kind, _wanted(intent), currency)
    accounts = (
        chart.customer_account(owner, currency),
        chart.house_account(chart.RAILS[rail], currency),
        chart.house_account(chart.FEES, currency),
    )
    windows = [month_key(owner, _LIMITED, currency)]
    if kind == BACK_TO_CARD:
        windows.append(destinations.window_of(owner, account, currency))
    # Under its own lock, as whoever disputes a payment takes it: what is told of one is seen by the other.
    paid = (account,) if kind == BACK_TO_CARD else ()
    return Place((owner,), paid, tuple(windows), accounts, paced=(owner,), found=rail)


def _shared(owners: Sequence[UUID], leaves_by: Iterable[str]) -> Shared:
    terms = {rail: rails.rail_terms(rail) for rail in leaves_by}
    return Shared(
        rules_of(_LIMITED, owners),
        policies.current(Fees),
        policies.current(Withdrawals).value,
        hours(waiting().held_hours),
        assessor(owners),
        {rail: rails.payout_currencies(rail=rail) for rail in terms},
        {rail: (found.minimum, found.maximum) for rail, found in terms.items()},
        {rail: delay_of(rail) for rail in terms},
    )


def _refuse_person(facts: WithdrawFacts, standing: Standing | None) -> Decision | None:
    if not can_withdraw(standing):
        return stopped(standing)
    if (refusal := refuse_proof(facts.pin, facts.passkey)) is not None:
        return refusal
    needed = facts.shared.policy.tier
    if standing is None or standing.tier < needed:
        return refused("withdrawal_needs_identity", tier=needed)
    return None


def _refuse_account(facts: WithdrawFacts) -> Decision | None:
    account, currency = facts.account, facts.amount.currency
    if account is None:
        return refused("account_not_bound")
    if account.usable_at > facts.view.moment:
        return refused(
            "account_not_usable_yet", account=account.masked, usable_at=account.usable_at.isoformat()
        )
    if facts.wanted and facts.wanted != facts.rail:
        return refused("withdrawal_way_not_for_account", account=account.masked)
    if currency not in facts.shared.currencies.get(facts.rail, frozenset()):
        return refused("payout_currency_not_taken", currency=currency)
    taken = account.payment.paid.currency if account.payment else None
    if (taken is not None and taken != currency) or not takes_currency(account.kind, currency):
        return refused("account_of_another_currency", account=account.masked, currency=currency)
    if facts.rail == BANK and not rails.payout_name_fits(account.holder):
        return refused("payout_unwritable")
    return _refuse_payment(facts) or _refuse_size(facts)


def _refuse_payment(facts: WithdrawFacts) -> Decision | None:
    """What stands against money going back to a payment, and what of it is left under the till's locks."""
    payment = facts.account.payment if facts.account else None
    if payment is None:
        return None
    if payment.disputed:
        return refused("card_payment_disputed")
    if payment.until <= facts.view.moment:
        return refused("card_payment_too_old", until=payment.until.isoformat())
    window = facts.view.window(facts.owner, _back_to(payment), payment.paid.currency)
    left = payment.left_beside(facts.view.used(window).month_minor)
    if not left:
        return refused("card_payment_sent_back", paid=payment.paid.fact())
    if facts.amount > left:
        return refused("withdrawal_over_card_payment", left=left.fact())
    return None


def _back_to(payment: CardPayment) -> str:
    return destinations.window_of(payment.operation_id, payment.operation_id, payment.paid.currency).name


def _refuse_size(facts: WithdrawFacts) -> Decision | None:
    """What the house takes for too little, and what the way that was chosen does not carry."""
    currency, (least, most) = facts.amount.currency, facts.shared.bounds[facts.rail]
    smallest = Money(max(facts.shared.policy.minimum.get(currency, 0), least), currency)
    if facts.amount < smallest:
        return refused("withdrawal_too_small", minimum=smallest.fact())
    if most and facts.amount.minor > most:
        return refused("withdrawal_over_way", maximum=Money(most, currency).fact())
    return None


def _refuse_balance(facts: WithdrawFacts, fee: Money) -> Decision | None:
    available, needed = _available(facts), facts.amount + fee
    if needed <= available:
        return None
    return refused(
        "insufficient_balance",
        available=available.fact(),
        needed=needed.fact(),
        short_by=(needed - available).fact(),
    )


def _available(facts: WithdrawFacts) -> Money:
    """What can be spent, as the batch's earlier decisions leave it."""
    account = facts.view.account(chart.customer_account(facts.owner, facts.amount.currency).id)
    return Money(account.available_credit if account else 0, facts.amount.currency)


def _refuse_unconfirmed(
    intent: Intent, facts: WithdrawFacts, fee: Money, decision: Decision
) -> Decision | None:
    """Nothing moves without the PIN or a passkey, nor on other terms than those that were shown."""
    if intent.rehearsal:
        return None
    if facts.pin is None and facts.passkey is None:
        return refused("pin_missing")
    if intent.terms is not None and intent.terms != Terms(decision.outcome, fee):
        return refused("terms_changed", fee=fee.fact())
    return None


def _approve(facts: WithdrawFacts, fee: Money, view: View) -> Decision:
    assert facts.account is not None
    assessment = facts.shared.assess(_features(facts, facts.account, view))
    legs = set_aside(facts.owner, facts.rail, facts.amount, fee)
    uses = [use_of(facts.owner, facts.shared.limits, facts.amount, view)]
    if (payment := facts.account.payment) is not None:
        window = view.window(facts.owner, _back_to(payment), facts.amount.currency)
        uses.append(LimitUse(window, view.today(window), facts.amount.minor))
    if assessment.outcome == "hold":
        return Decision(
            "held", "held", assessment.reason,
            {**assessment.facts, "policy": assessment.policy_pin, "stage": "held"}, legs, tuple(uses),
            pending_id=legs[0].id, resolves_by=view.moment + facts.shared.held,
            parties=(Party(facts.owner, "out", "held", assessment.reason),), event="held",
        )  # fmt: skip
    moment = view.moment + facts.shared.delay[facts.rail]
    arrives = promise(facts.shared.policy, facts.rail, facts.account.bank, moment)
    return Decision(
        "approved", "processing", None, {**promised(arrives), "stage": "queued"}, legs, tuple(uses),
        pending_id=legs[0].id, resolves_by=arrives.latest,
        parties=(Party(facts.owner, "out", "processing"),), event="queued",
    )  # fmt: skip


def _features(facts: WithdrawFacts, account: Destination, view: View) -> Features:
    key = view.window(facts.owner, _LIMITED, facts.amount.currency)
    new_until = account.bound_at + timedelta(hours=facts.shared.policy.new_account_hours)
    return Features(
        owner=facts.owner,
        amount_minor=facts.amount.minor,
        currency=facts.amount.currency,
        sent_today_minor=view.used(key).on(view.today(key)),
        count_last_hour=view.sent_last_hour(facts.owner),
        payee_is_new=new_until > view.moment,
        leaves=True,
    )


def _seen(decision: Decision, facts: WithdrawFacts) -> Decision:
    return Decision(
        "refused", "refused", decision.code, decision.facts,
        parties=(Party(facts.owner, "out", "refused", decision.code),), event="refused",
        remaining=decision.remaining,
    )  # fmt: skip


def _owner(intent: Intent) -> UUID:
    return UUID(intent.actor.id)


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))


def _wanted(intent: Intent) -> str:
    return str(intent.body.get("rail") or "")
