"""The shapes of the wallet's API, from and to the door's frozen values."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from ninja import Field, Schema
from pydantic import ConfigDict, StrictBool, StrictInt, StrictStr, model_validator

from guitai.base.money import Money, checked_amount
from guitai.base.refusal import Fact
from guitai.wallet.detail import facts_of
from guitai.wallet.rules.policies import Fee
from guitai.wallet.types import (
    Balance,
    Diagnosis,
    DryRun,
    Leg,
    OperationDetail,
    OperationKind,
    OperationState,
    OperationView,
    TopUpChoice,
    TraceStep,
)
from guitai.wallet.web.batches import ITEMS_MAX

Facts = dict[str, Fact]


class MoneyOut(Schema):
    """Whole minor units of a currency: 12.34 yuan is `{"amount": 1234, "currency": "CNY"}`."""

    amount: int
    currency: str


class MoneyIn(Schema):
    """Whole minor units; a float, a string or a boolean is not an amount."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"amount": 1234, "currency": "CNY"}}
    )

    amount: StrictInt
    currency: Annotated[StrictStr, Field(max_length=3)]

    def money(self) -> Money:
        return checked_amount(self.amount, self.currency)


class ProblemOut(Schema):
    """`application/problem+json` (RFC 9457) with a stable code, the facts and the remedy."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    facts: Facts
    remedy: dict[str, str | None]


class AccountOut(Schema):
    currency: str
    available: MoneyOut
    reserved: MoneyOut


class AccountsOut(Schema):
    accounts: list[AccountOut]


class OperationOut(Schema):
    """One line of the bills."""

    id: UUID
    reference: str
    kind: OperationKind
    direction: Literal["in", "out"]
    state: OperationState
    amount: MoneyOut
    fee: MoneyOut
    counterparty: str
    note: str
    created_at: datetime
    resolves_by: datetime | None
    code: str | None
    facts: Facts
    rail: Annotated[
        str, Field("", description="By which rail it came in or goes out; empty for what stays inside.")
    ]


class OperationsOut(Schema):
    items: list[OperationOut]
    next_cursor: str | None


class TimelineStepOut(Schema):
    at: datetime
    event: str
    state: OperationState
    facts: Facts


class TraceStepOut(Schema):
    at: datetime
    what: str
    source: Literal["wallet", "ledger", "rail", "bank", "risk"]
    ids: dict[str, str]


class LegOut(Schema):
    """One booking on the customer's own account."""

    transfer_id: str
    kind: str
    amount: MoneyOut
    at: datetime


class DiagnosisOut(Schema):
    """Why an operation is as it is, what happens next and by when, in the reader's language."""

    rule: str
    inputs: Facts
    headline: str
    reason: str
    next_step: str
    next_url: str | None
    by_when: datetime | None
    ledger_ids: list[str]


class InstructionsOut(Schema):
    """How a top-up is paid. `method`: `transfer` to an account with a reference; `link`, a page to open; `form`, fields
    to post to `pay_url`; `qr`, a code that the rail's own app reads."""

    method: Literal["transfer", "link", "form", "qr"]
    reference: str
    expires_at: datetime
    payee_name: str = ""
    payee_account: str = ""
    bank_name: str = ""
    pay_url: str | None = None
    form: dict[str, str] = {}
    qr: str | None = None


class DetailOut(OperationOut):
    timeline: list[TimelineStepOut]
    trace: list[TraceStepOut]
    diagnosis: DiagnosisOut
    legs: list[LegOut]
    instructions: InstructionsOut | None


class DryRunIn(Schema):
    model_config = ConfigDict(extra="forbid")

    phone: Annotated[StrictStr, Field(max_length=40, description="The payee's number as people write it.")]
    amount: MoneyIn


class TransferIn(DryRunIn):
    note: Annotated[StrictStr, Field("", max_length=1000, description="At most 100 characters.")]
    pin: Annotated[StrictStr | None, Field(None, max_length=24, description="The sender's payment PIN.")]
    passkey: dict[str, Any] | None = Field(
        None,
        description="Instead of the PIN: a passkey's answer to `/transfers/approval`, for this very transfer.",
    )

    @model_validator(mode="after")
    def one_proof(self) -> "TransferIn":
        if (self.pin is None) == (self.passkey is None):
            raise ValueError("give the PIN or a passkey, and only one of them")
        return self


class ApprovalIn(DryRunIn):
    """What a passkey is to approve: the same payee, amount and note as in the transfer."""

    note: Annotated[StrictStr, Field("", max_length=1000)]


class BatchItemIn(DryRunIn):
    note: Annotated[StrictStr, Field("", max_length=1000, description="At most 100 characters.")]


class BatchIn(Schema):
    """Transfers of one sender. Each item's own key follows from the request's and its place in the list."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[BatchItemIn], Field(min_length=1, max_length=ITEMS_MAX)]
    pin: Annotated[StrictStr, Field(max_length=24, description="The sender's payment PIN, once for all.")]
    atomic: StrictBool = Field(False, description="All or none; otherwise each by itself.")


class TopUpIn(Schema):
    model_config = ConfigDict(extra="forbid")

    amount: MoneyIn
    rail: Annotated[
        StrictStr, Field("bank", max_length=20, description="One of those that `GET /top-ups/rails` offers.")
    ]


class TopUpFeeOut(Schema):
    """Taken from what arrives: a fixed part, a rate in hundredths of a per cent, a ceiling."""

    fixed: MoneyOut
    basis_points: int
    maximum: MoneyOut | None


class TopUpRailOut(Schema):
    """A way in that this customer may use now; `maximum` is what the rail and the customer's limits leave."""

    rail: str
    minimum: MoneyOut
    maximum: MoneyOut | None
    fee: TopUpFeeOut
    usual_arrival_s: int
    state: Literal["ok", "slow", "down"]


class StandingTransferOut(Schema):
    """To the operator's account with the reference, or to `own_account`, which is the customer's alone."""

    currency: str
    payee_name: str
    account: str
    bank_name: str
    bic: str
    reference: str
    own_account: str | None


class TopUpRailsOut(Schema):
    rails: list[TopUpRailOut]


class DryRunOut(Schema):
    """What would happen, with nothing moved."""

    outcome: Literal["approved", "held", "refused"]
    code: str | None
    facts: Facts
    amount: MoneyOut
    fee: MoneyOut
    total: MoneyOut
    remaining_today: MoneyOut | None
    needs_pin: bool
    payee_phone: str
    payee_hint: str
    first_time: bool


class BatchResultOut(Schema):
    """What became of one item: a transfer, or the problem that stood in its way."""

    status: int
    transfer: "TransferOut | None"
    problem: ProblemOut | None


class BatchOut(Schema):
    """One result an item, in the items' order."""

    made: int
    refused: int
    results: list[BatchResultOut]


class BatchProblemOut(ProblemOut):
    """Why none of an atomic batch was made, item by item; without `results` the request itself was refused."""

    made: int | None
    refused: int | None
    results: list[BatchResultOut] | None


class TransferOut(Schema):
    """What became of a transfer; `held` is decided later."""

    reference: str
    outcome: Literal["approved", "held"]
    state: OperationState
    code: str | None
    facts: Facts


def balance_out(balance: Balance) -> dict[str, Any]:
    return {
        "currency": balance.currency,
        "available": balance.available.fact(),
        "reserved": balance.reserved.fact(),
    }


def view_out(view: OperationView) -> dict[str, Any]:
    return {
        "id": view.id,
        "reference": view.reference,
        "kind": view.kind,
        "direction": view.direction,
        "state": view.state,
        "amount": view.amount.fact(),
        "fee": view.fee.fact(),
        "counterparty": view.counterparty,
        "note": view.note,
        "created_at": view.created_at,
        "resolves_by": view.resolves_by,
        "code": view.code,
        "facts": facts_of(view.code, dict(view.facts), "customer"),
        "rail": view.rail,
    }


def choice_out(choice: TopUpChoice) -> dict[str, Any]:
    fee = choice.fee or Fee()
    return {
        "rail": choice.rail,
        "minimum": choice.minimum.fact(),
        "maximum": choice.maximum.fact() if choice.maximum else None,
        "fee": {
            "fixed": Money(fee.fixed_minor, choice.currency).fact(),
            "basis_points": fee.basis_points,
            "maximum": None
            if fee.maximum_minor is None
            else Money(fee.maximum_minor, choice.currency).fact(),
        },
        "usual_arrival_s": int(choice.usual_arrival.total_seconds()),
        "state": choice.state,
    }


def instructions_out(how: Mapping[str, Any]) -> dict[str, Any]:
    """What a payer needs; to whom a gateway pays is its own affair."""
    method = how.get("method") or "transfer"
    payee = {name: how.get(name, "") for name in ("payee_name", "payee_account", "bank_name")}
    return {
        "method": method,
        **(payee if method == "transfer" else {}),
        **{name: how[name] for name in ("reference", "expires_at", "pay_url", "form", "qr") if name in how},
    }


def detail_out(detail: OperationDetail) -> dict[str, Any]:
    return {
        **view_out(detail.view),
        "timeline": [
            {"at": step.at, "event": step.code, "state": step.state, "facts": dict(step.facts)}
            for step in detail.timeline
        ],
        "trace": [_trace_out(step) for step in detail.trace],
        "diagnosis": _diagnosis_out(detail.diagnosis),
        "legs": [_leg_out(leg) for leg in detail.legs],
        "instructions": instructions_out(detail.instructions) if detail.instructions else None,
    }


def dry_run_out(run: DryRun) -> dict[str, Any]:
    return {
        "outcome": run.outcome,
        "code": run.code,
        "facts": facts_of(run.code, dict(run.facts), "customer"),
        "amount": run.amount.fact(),
        "fee": run.fee.fact(),
        "total": run.total.fact(),
        "remaining_today": run.remaining_today.fact() if run.remaining_today else None,
        "needs_pin": run.needs_pin,
        "payee_phone": run.payee_phone,
        "payee_hint": run.payee_hint,
        "first_time": run.first_time,
    }


def _trace_out(step: TraceStep) -> dict[str, Any]:
    return {"at": step.at, "what": step.what, "source": step.source, "ids": dict(step.ids)}


def _leg_out(leg: Leg) -> dict[str, Any]:
    return {"transfer_id": leg.transfer_id, "kind": leg.kind, "amount": leg.amount.fact(), "at": leg.at}


def _diagnosis_out(said: Diagnosis) -> dict[str, Any]:
    return {
        "rule": said.rule,
        "inputs": dict(said.inputs),
        "headline": said.headline,
        "reason": said.reason,
        "next_step": said.next_step,
        "next_url": said.next_url,
        "by_when": said.by_when,
        "ledger_ids": list(said.ledger_ids),
    }
