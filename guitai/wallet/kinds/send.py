"""transfer.send: money to somebody's phone number.

Nobody may learn from it who is registered. To a number that the sender has not dealt with, a transfer is `sent`:
a registered payee has the money at once, an unregistered one may claim it, and for a day the two look the same.
Only to somebody they know can it be refused because of the payee.
"""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from guitai.base.money import Money
from guitai.kit import policies, sql
from guitai.ledger.types import NewTransfer
from guitai.people.api import find_by_index, phone_index
from guitai.people.types import PasskeyCheck, PinCheck, Standing
from guitai.risk.api import assessor
from guitai.risk.types import Assessment, Assessor, Features
from guitai.wallet.kinds.base import (
    can_receive,
    can_spend,
    handed_over,
    hours,
    move,
    reserve,
    stopped,
    waiting,
)
from guitai.wallet.kinds.limits import LimitRules, month_key, refuse_limits, remaining, rules_of, use_of
from guitai.wallet.kinds.proofs import check_passkeys, check_pins, record_tries, refuse_proof
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Fees, Limited, fee_of
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
from guitai.wallet.types import OperationState, Terms

NAME = "transfer.send"
_LIMITED: Limited = "transfer"
_DEALINGS = """
SELECT owner, other FROM wallet_dealing JOIN unnest(%b::uuid[], %b::uuid[]) AS w(owner, other) USING (owner, other)
"""


class Found(Struct, frozen=True):
    """Whose number a transfer goes to, if anybody's."""

    index: bytes
    payee: UUID | None


class Shared(Struct, frozen=True):
    """What all transfers of a batch are judged by."""

    limits: LimitRules
    fees: policies.Versioned[Fees]
    unclaimed: timedelta
    held: timedelta
    assess: Assessor


class SendFacts(Struct, frozen=True):
    """Everything about one transfer that is not under the till's own locks."""

    owner: UUID
    phone: str
    index: bytes
    amount: Money
    fee: Money
    payee: UUID | None
    # Whether the sender has dealt with the payee, and the payee with the sender.
    dealt: bool
    known: bool
    pin: PinCheck | None
    passkey: PasskeyCheck | None
    shared: Shared


class SendTransfer:
    name = NAME

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        indexes = [phone_index(_phone(intent)) for intent in batch]
        found = find_by_index(indexes)
        return [
            self._place(intent, Found(index, found.get(index)))
            for intent, index in zip(batch, indexes, strict=True)
        ]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[SendFacts]:
        owners = [_owner(intent) for intent in batch]
        payees = [place.found.payee for place in places]
        dealings = _dealings(owners, payees)
        bindings = [binding(_phone(i), _amount(i), str(i.body.get("note") or "")) for i in batch]
        checks, passkeys = check_pins(batch, owners), check_passkeys(batch, owners, bindings)
        shared = _shared(owners)
        fees = shared.fees.value.transfer
        return [
            SendFacts(
                owner=owner, phone=_phone(intent), index=place.found.index, amount=(amount := _amount(intent)),
                fee=fee_of(fees, amount), payee=payee,
                dealt=(owner, payee) in dealings, known=(payee, owner) in dealings, pin=check, passkey=passkey,
                shared=shared,
            )
            for intent, place, owner, payee, check, passkey in zip(
                batch, places, owners, payees, checks, passkeys, strict=True
            )
        ]  # fmt: skip

    def draft(self, intent: Intent, facts: SendFacts) -> OperationDraft:
        return OperationDraft(
            "transfer", facts.owner, facts.amount, facts.fee, str(intent.body.get("note") or ""), facts.payee,
            facts.phone, facts.index,
        )  # fmt: skip

    def decide(self, intent: Intent, facts: SendFacts, view: View) -> Decision:
        standing = view.standing(facts.owner)
        decision = (
            _refuse_person(facts, standing, view)
            or refuse_limits(facts.owner, standing, facts.shared.limits, facts.amount, view)
            or _refuse_balance(facts, view)
            or _approve(facts, view)
        )
        if decision.outcome != "refused":
            decision = _refuse_unconfirmed(intent, facts, decision) or decision
        if intent.rehearsal:
            taken = facts.amount if decision.outcome != "refused" else Money(0, facts.amount.currency)
            left = remaining(facts.owner, standing, facts.shared.limits, taken, view)
            decision = replace(decision, remaining=left)
        if facts.fee:
            decision = replace(decision, facts={**decision.facts, FEE_POLICY: facts.shared.fees.pin})
        if decision.outcome == "refused":
            return _seen_by_sender(decision, facts)
        return replace(decision, paced=facts.owner)

    def ledger_refusal(self, intent: Intent, result: str, facts: SendFacts, view: View) -> Decision:
        if result == NEIGHBOUR_FAILED:
            return _seen_by_sender(refused("batch_item_refused"), facts)
        decision = _refuse_balance(facts, view) or refused("ledger_refused", result=result)
        return _seen_by_sender(decision, facts)

    def record(
        self, batch: Sequence[Intent], facts: Sequence[SendFacts], decisions: Sequence[Decision]
    ) -> None:
        record_tries(batch, [fact.owner for fact in facts], [fact.pin for fact in facts])

    def enact(
        self,
        batch: Sequence[Intent],
        facts: Sequence[SendFacts],
        decisions: Sequence[Decision],
        operations: Sequence[OperationRecord],
    ) -> None:
        return None

    def _place(self, intent: Intent, found: Found) -> Place:
        owner, payee, currency = _owner(intent), found.payee, _amount(intent).currency
        accounts = [
            chart.customer_account(owner, currency),
            chart.house_account(chart.TRANSIT, currency),
            chart.house_account(chart.FEES, currency),
        ]
        if payee is not None and payee != owner:
            accounts.append(chart.customer_account(payee, currency))
        persons = (owner, payee) if payee else (owner,)
        window = month_key(owner, _LIMITED, currency)
        return Place(persons=persons, limits=(window,), accounts=tuple(accounts), paced=(owner,), found=found)


def _refuse_person(facts: SendFacts, standing: Standing | None, view: View) -> Decision | None:
    if not can_spend(standing):
        return stopped(standing)
    if (refusal := refuse_proof(facts.pin, facts.passkey)) is not None:
        return refusal
    if facts.payee == facts.owner:
        return refused("payee_is_self")
    if facts.payee is not None and facts.dealt and not can_receive(view.standing(facts.payee)):
        return refused("payee_cannot_receive")
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
    """Nothing moves without the PIN or a passkey, nor on other terms than those that were shown."""
    if intent.rehearsal:
        return None
    if facts.pin is None and facts.passkey is None:
        return refused("pin_missing")
    if intent.terms is not None and intent.terms != Terms(decision.outcome, facts.fee):
        return refused("terms_changed", fee=facts.fee.fact())
    return None


def _approve(facts: SendFacts, view: View) -> Decision:
    assessment = _assess(facts, view)
    uses = (use_of(facts.owner, facts.shared.limits, facts.amount, view),)
    if assessment.outcome == "hold":
        leg = _reserve(facts)
        return Decision(
            "held", "held", assessment.reason, {**assessment.facts, "policy": assessment.policy_pin},
            (leg,), uses, pending_id=leg.id,
            resolves_by=view.moment + facts.shared.held,
            parties=(_sender(facts, "held", assessment.reason),), event="held",
        )  # fmt: skip
    if facts.dealt and facts.payee is not None:
        return Decision(
            "approved", "succeeded", legs=_direct(facts), uses=uses, delivered=True, payee=facts.payee,
            parties=(_sender(facts, "succeeded"), _payee(facts)), dealings=_acquainted(facts),
            event="succeeded",
        )  # fmt: skip
    return _send_first_time(facts, view, uses)


def _send_first_time(facts: SendFacts, view: View, uses: tuple[LimitUse, ...]) -> Decision:
    # Set aside in both cases: the sender's own lines in the books, fee included, do not tell them apart.
    leg, deadline = _reserve(facts), view.moment + facts.shared.unclaimed
    if facts.payee is not None and can_receive(view.standing(facts.payee)):
        return Decision(
            "approved", "sent", legs=(leg, *_taken(facts, leg)), uses=uses, delivered=True, payee=facts.payee,
            resolves_by=deadline, parties=(_sender(facts, "sent"), _payee(facts)),
            dealings=_acquainted(facts), event="sent",
        )  # fmt: skip
    return Decision(
        "approved", "sent", legs=(leg,), uses=uses, pending_id=leg.id, resolves_by=deadline,
        parties=(_sender(facts, "sent"),), event="sent",
    )  # fmt: skip


def _assess(facts: SendFacts, view: View) -> Assessment:
    shared = facts.shared
    key = view.window(facts.owner, _LIMITED, facts.amount.currency)
    return shared.assess(
        Features(
            owner=facts.owner,
            amount_minor=facts.amount.minor,
            currency=facts.amount.currency,
            sent_today_minor=view.used(key).on(view.today(key)),
            count_last_hour=view.sent_last_hour(facts.owner),
            payee_is_new=not facts.dealt,
        )
    )


def _acquainted(facts: SendFacts) -> tuple[tuple[UUID, UUID], ...]:
    """The payee has dealt with the sender from now on."""
    assert facts.payee is not None
    return () if facts.known else ((facts.payee, facts.owner),)


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
        event="refused", remaining=decision.remaining,
    )  # fmt: skip


def _shared(owners: Sequence[UUID]) -> Shared:
    waits = waiting()
    return Shared(
        rules_of(_LIMITED, owners),
        policies.current(Fees),
        hours(waits.unclaimed_hours),
        hours(waits.held_hours),
        assessor(owners),
    )


def _dealings(owners: Sequence[UUID], payees: Sequence[UUID | None]) -> set[tuple[UUID, UUID]]:
    """Which senders have dealt with their payees, and which payees with them."""
    pairs = {(owner, payee) for owner, payee in zip(owners, payees, strict=True) if payee is not None}
    pairs |= {(payee, owner) for owner, payee in pairs}
    return {(row[0], row[1]) for row in sql.fetch(_DEALINGS, sql.columns(list(pairs)))} if pairs else set()


def binding(phone: str, amount: Money, note: str) -> str:
    """What a passkey approves: the payee, the amount and the words that go with it."""
    return f"{NAME}\n{phone}\n{amount.minor} {amount.currency}\n{note}"


def _owner(intent: Intent) -> UUID:
    return UUID(intent.actor.id)


def _phone(intent: Intent) -> str:
    return str(intent.body["phone"])


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
