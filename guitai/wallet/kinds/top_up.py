"""top_up.start, .process, .fail, .settle and .park: money in. The rail's proof moves it, never the browser's return."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from msgspec import Struct
from msgspec.structs import replace

from guitai.base.ids import new_id
from guitai.base.money import Money
from guitai.base.refusal import Fact
from guitai.kit import policies
from guitai.ledger.types import NewAccount, NewTransfer, TransferFlag
from guitai.wallet.kinds.base import ChangeKind, can_receive, hours, load, move, stopped, waiting
from guitai.wallet.kinds.limits import LimitRules, month_key, refuse_limits, rules_of, use_of
from guitai.wallet.models import LineMatch, OperationEvent
from guitai.wallet.models.parked import ParkedPayment
from guitai.wallet.rules import chart
from guitai.wallet.rules.policies import Fees, LateTopUps, Limited, TopUpRails, fee_of
from guitai.wallet.till.types import (
    FEE_POLICY,
    Decision,
    Intent,
    OperationDraft,
    OperationRecord,
    Party,
    Place,
    View,
    refused,
)
from guitai.wallet.types import OperationState

START = "top_up.start"
PROCESS = "top_up.process"
FAIL = "top_up.fail"
SETTLE = "top_up.settle"
PARK = "top_up.park"
RETURNING = "top_up_returning"
# Until when an order that was not paid could be paid: what a late payment is measured from.
ENDED = "ended_at"
# By when staff have decided about money that does not fit: also where the top-up itself is over.
DECIDED_BY = "decided_by"
# How the ledger calls money that is set aside because it does not fit, or is to go back.
PARKED = "top_up.park"
# What is set aside for its rail to send back, what that takes, and what is given up where the rail does not.
RESERVE, RETURN, GIVE_BACK = "top_up.reserve", "top_up.return", "top_up.give_back"
_LIMITED: Limited = "top_up"
_OPEN = ("awaiting_payment", "processing", "unknown")
_ENDED = ("expired", "failed")
_PAYABLE = (*_OPEN, *_ENDED)


class StartFacts(Struct, frozen=True):
    """What a batch of beginnings is judged by."""

    limits: LimitRules
    fees: policies.Versioned[Fees]
    rails: policies.Versioned[TopUpRails]

    def fee(self, rail: str, amount: Money) -> Money:
        """The fee of a rail: at most what arrives."""
        fee = fee_of(self.fees.value.top_up.get(rail, {}), amount)
        return min(fee, amount, key=lambda money: money.minor)


class StartTopUp(ChangeKind):
    """An operation that waits for money from outside. Nothing moves yet; the day's limit is taken."""

    name = START

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [
            Place(
                persons=(_owner(i),),
                limits=(month_key(_owner(i), _LIMITED, _amount(i).currency),),
                accounts=(chart.customer_account(_owner(i), _amount(i).currency),),
            )
            for i in batch
        ]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[StartFacts]:
        limits = rules_of(_LIMITED, map(_owner, batch))
        shared = StartFacts(limits, policies.current(Fees), policies.current(TopUpRails))
        return [shared] * len(batch)

    def draft(self, intent: Intent, facts: StartFacts) -> OperationDraft:
        amount = _amount(intent)
        return OperationDraft("top_up", _owner(intent), amount, facts.fee(rail_of(intent), amount))

    def decide(self, intent: Intent, facts: StartFacts, view: View) -> Decision:
        owner, amount, rail = _owner(intent), _amount(intent), rail_of(intent)
        fee = facts.fee(rail, amount)
        refusal = self._refuse(intent, facts, view)
        if refusal is not None:
            decision = Decision(
                "refused", "refused", refusal.code, refusal.facts, event="refused",
                parties=(Party(owner, "in", "refused", refusal.code, label=rail),),
            )  # fmt: skip
        else:
            decision = Decision(
                "approved", "awaiting_payment", uses=(use_of(owner, facts.limits, amount, view),),
                resolves_by=view.moment + timedelta(minutes=waiting().top_up_minutes),
                parties=(Party(owner, "in", "awaiting_payment", label=rail),), event="awaiting_payment",
            )  # fmt: skip
        return replace(decision, facts={**decision.facts, FEE_POLICY: facts.fees.pin}) if fee else decision

    def _refuse(self, intent: Intent, facts: StartFacts, view: View) -> Decision | None:
        owner, amount, rail = _owner(intent), _amount(intent), rail_of(intent)
        standing = view.standing(owner)
        if not can_receive(standing):
            return stopped(standing)
        if not facts.rails.value.allows(rail, standing.tier if standing else 0):
            return refused("top_up_rail_not_offered", rail=rail, policy=facts.rails.pin)
        if (refusal := refuse_limits(owner, standing, facts.limits, amount, view)) is not None:
            return refusal
        fee = facts.fee(rail, amount)
        if intent.terms is not None and intent.terms.fee != fee:
            return refused("top_up_terms_changed", fee=fee.fact())
        return None


class ProcessTopUp(ChangeKind):
    """The rail says that it is working on the payment, or cannot say what became of it: there is more to wait for."""

    name = PROCESS

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        state: OperationState = "processing" if intent.body.get("known", True) else "unknown"
        if operation is None or operation.kind != "top_up" or operation.state not in (*_OPEN, "expired"):
            return refused("top_up_not_payable")
        # Money that lies in suspense is known, and what the rail says of the order does not change it.
        if _has_parked(operation) or operation.state == state:
            return refused("top_up_not_payable")
        return Decision(
            "approved", state, resolves_by=outcome_by(view),
            parties=(Party(operation.owner, "in", state),), event=state,
        )  # fmt: skip


class FailTopUp(ChangeKind):
    """The rail says that the order will not be paid: the limit goes back, and nothing has moved."""

    name = FAIL

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(intent.operation_id,)) for intent in batch]

    def decide(self, intent: Intent, facts: None, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up" or operation.state not in _OPEN:
            return refused("top_up_not_payable")
        if _has_parked(operation):
            return refused("top_up_not_payable")
        code = str(intent.body["code"])
        return Decision(
            "approved", "failed", code, {ENDED: view.moment.isoformat()}, gives_back=True,
            parties=(Party(operation.owner, "in", "failed", code),), event="failed",
        )  # fmt: skip


class SettleFacts(Struct, frozen=True):
    """The rule for what comes late, and whether this very payment is in the books already."""

    late: LateTopUps
    booked: bool


class SettleTopUp(ChangeKind):
    """The rail has proved that the money is there. Late is not lost: it is credited, or goes back by rule."""

    name = SETTLE

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [_place_of(intent, operation) for intent, operation in zip(batch, load(batch), strict=True)]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[SettleFacts]:
        rule = policies.current(LateTopUps).value
        return [SettleFacts(rule, booked) for booked in _booked(batch)]

    def decide(self, intent: Intent, facts: SettleFacts, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up" or operation.state not in _PAYABLE or facts.booked:
            return refused("top_up_not_payable")
        if operation.amount != _amount(intent):
            return refused(
                "top_up_wrong_amount", expected=operation.amount.fact(), paid=_amount(intent).fact()
            )
        proof: dict[str, Fact] = {"bank_reference": str(intent.body.get("bank_reference") or "")}
        if operation.state in _ENDED and _goes_back(operation, facts.late, view):
            return _sent_back(intent, operation, proof, view)
        credit = chart.customer_account(operation.owner, operation.amount.currency).id
        rail = chart.house_account(chart.RAILS[rail_of(intent)], operation.amount.currency).id
        legs = [move(rail, credit, operation.amount, "top_up")]
        if operation.fee:
            fees = chart.house_account(chart.FEES, operation.amount.currency).id
            legs.append(move(credit, fees, operation.fee, "fee"))
        return Decision(
            "approved", "succeeded", facts=proof, legs=tuple(legs),
            parties=(Party(operation.owner, "in", "succeeded"),), event="succeeded",
        )  # fmt: skip

    def record(
        self, batch: Sequence[Intent], facts: Sequence[SettleFacts], decisions: Sequence[Decision]
    ) -> None:
        """What goes back stands in suspense until the rail has sent it."""
        _record_parked(
            [
                (intent, "late_payment", "returning", decision.legs[-1].id)
                for intent, decision in zip(batch, decisions, strict=True)
                if decision.code == RETURNING
            ]
        )


class ParkTopUp(ChangeKind):
    """Money came, but not as ordered. It stands in suspense; the customer is told, and nobody guesses whose it is."""

    name = PARK

    def locate(self, batch: Sequence[Intent]) -> Sequence[Place]:
        return [Place(operations=(i.operation_id,), accounts=suspense_accounts(i)) for i in batch]

    def facts(self, batch: Sequence[Intent], places: Sequence[Place], view: View) -> Sequence[bool]:
        return _booked(batch)

    def decide(self, intent: Intent, facts: bool, view: View) -> Decision:
        operation = view.operation(intent.operation_id)
        if operation is None or operation.kind != "top_up" or facts:
            return refused("top_up_not_payable")
        # What was credited before stays credited; anything else is not over while money lies in suspense.
        state: OperationState = "succeeded" if operation.state == "succeeded" else "unknown"
        code = str(intent.body["code"])
        received = {"received": _amount(intent).fact()} if intent.body["currency"] else {}
        told = {
            **received, "expected": operation.amount.fact(), DECIDED_BY: outcome_by(view).isoformat(),
            "bank_reference": str(intent.body.get("bank_reference") or ""),
        }  # fmt: skip
        return Decision(
            "approved", state, code, told, to_suspense(intent),
            resolves_by=None if state == "succeeded" else outcome_by(view),
            parties=(Party(operation.owner, "in", state, code),), event="parked",
        )  # fmt: skip

    def record(self, batch: Sequence[Intent], facts: Sequence[bool], decisions: Sequence[Decision]) -> None:
        _record_parked(
            [
                (intent, str(intent.body["code"]), "open", None)
                for intent, decision in zip(batch, decisions, strict=True)
                if decision.outcome == "approved"
            ]
        )


def rail_of(intent: Intent) -> str:
    """By which rail; what was stored before there were several came by the bank."""
    return str(intent.body.get("rail") or "bank")


def outcome_by(view: View) -> datetime:
    """By when an outcome that nobody knows yet is known, or overdue."""
    return view.moment + hours(waiting().outcome_hours)


def suspense_accounts(intent: Intent) -> tuple[NewAccount, ...]:
    """The two accounts between which money of an intent is set aside; none in a currency without books."""
    if not intent.body["currency"]:
        return ()
    currency = str(intent.body["currency"])
    rail = chart.house_account(chart.RAILS[rail_of(intent)], currency)
    return (rail, chart.house_account(chart.SUSPENSE, currency))


def to_suspense(intent: Intent) -> tuple[NewTransfer, ...]:
    """The rail has it, and it is not known yet for whom."""
    if not (accounts := suspense_accounts(intent)):
        return ()
    return (move(accounts[0].id, accounts[1].id, _amount(intent), PARKED),)


def reserve(intent: Intent, number: UUID) -> NewTransfer:
    """What stands in suspense is set aside on the rail's account, to leave by it."""
    (rail, suspense), amount = suspense_accounts(intent), _amount(intent)
    return NewTransfer(
        number, suspense.id, rail.id, amount.minor, amount.currency, RESERVE, TransferFlag.PENDING
    )


def _place_of(intent: Intent, operation: OperationRecord) -> Place:
    currency = operation.amount.currency
    accounts = [
        chart.customer_account(operation.owner, currency),
        chart.house_account(chart.RAILS[rail_of(intent)], currency),
    ]
    if operation.fee:
        accounts.append(chart.house_account(chart.FEES, currency))
    # When it ends between here and the locks the ledger knows no such account, and the rail's word is taken up again.
    if operation.state in _ENDED:
        accounts.append(chart.house_account(chart.SUSPENSE, currency))
    return Place(persons=(operation.owner,), operations=(operation.id,), accounts=tuple(accounts))


def _goes_back(operation: OperationRecord, rule: LateTopUps, view: View) -> bool:
    standing = view.standing(operation.owner)
    ended = operation.facts.get(ENDED)
    late = view.moment - datetime.fromisoformat(str(ended)) if ended else timedelta()
    closed = standing is not None and standing.state == "closed"
    return rule.sends_back(late, closed=closed, stopped=not can_receive(standing))


def _sent_back(intent: Intent, operation: OperationRecord, proof: dict[str, Fact], view: View) -> Decision:
    legs = (*to_suspense(intent), reserve(intent, new_id()))
    return Decision(
        "approved", "processing", RETURNING, {**proof, "received": operation.amount.fact()}, legs,
        resolves_by=outcome_by(view), parties=(Party(operation.owner, "in", "processing", RETURNING),),
        event="returning",
    )  # fmt: skip


def _payment(intent: Intent) -> tuple[UUID, str]:
    """A payment by the operation that it was for and its rail's own number of it."""
    return intent.operation_id, str(intent.body.get("bank_reference") or "")


def _booked(batch: Sequence[Intent]) -> list[bool]:
    """Whether each payment is in the books before: a rail tells of one by notice, answer and statement, and money that
    is on its way back, or already is, must not be credited as well.

    Of two payments alike, a line may have proved the movement of either: then the other line still has none.
    """
    told = {intent.operation_id for intent in batch if _payment(intent)[1]}
    events = OperationEvent.objects.filter(operation_id__in=told, intent=SETTLE, outcome="approved")
    settled = list(events.values_list("operation_id", "facts__bank_reference", "transfers"))
    lines = list(
        LineMatch.objects.filter(operation_id__in=told).values_list(
            "operation_id", "facts__bank_reference", "transfer_id"
        )
    )
    known = {(operation_id, number) for operation_id, number, _ in (*settled, *lines)}
    proved = {transfer for _, _, transfer in lines}
    unproved = {(operation_id, number) for operation_id, number, legs in settled if not proved & set(legs)}
    return [_payment(intent) in (unproved if _is_line(intent) else known) for intent in batch]


def _is_line(intent: Intent) -> bool:
    """Whether it is a line of a statement that tells of the payment."""
    return str(intent.body.get("inbox_id") or "").startswith("line:")


def _has_parked(operation: OperationRecord) -> bool:
    """Whether it is open because of money that stands in suspense: only then it has a code while it is open."""
    return operation.state in _OPEN and operation.code is not None


def _record_parked(parked: Sequence[tuple[Intent, str, str, UUID | None]]) -> None:
    ParkedPayment.objects.bulk_create(
        ParkedPayment(
            operation_id=intent.operation_id,
            inbox_id=str(intent.body.get("inbox_id") or ""),
            rail=rail_of(intent),
            bank_reference=str(intent.body.get("bank_reference") or ""),
            code=code,
            amount_minor=intent.body["amount"] if intent.body["currency"] else None,
            currency=str(intent.body["currency"] or ""),
            state=state,
            reserved=reserved,
        )
        for intent, code, state, reserved in parked
    )


def _owner(intent: Intent) -> UUID:
    return UUID(str(intent.body["owner"]))


def _amount(intent: Intent) -> Money:
    return Money(int(intent.body["amount"] or 0), str(intent.body["currency"]))
