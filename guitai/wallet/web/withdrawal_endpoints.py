"""Withdrawals over HTTP: what one would cost and when it arrives, making one, taking it back."""

import json
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema, Status
from pydantic import ConfigDict, StrictBool, StrictStr, model_validator

from guitai.base.money import Money, checked_amount
from guitai.kit.problems import problem_response
from guitai.people.api import customer_auth
from guitai.wallet import api
from guitai.wallet.detail import facts_of
from guitai.wallet.flows.intents import checked_key
from guitai.wallet.web.endpoints import KEY, KEY_PARAMETER, KEYED_PROBLEMS, mark, refused
from guitai.wallet.web.schemas import DetailOut, Facts, MoneyIn, MoneyOut, ProblemOut, detail_out
from guitai.wallet.withdrawal_types import WayOut, WithdrawalQuote, WithdrawalView

router = Router(auth=customer_auth, tags=["wallet"])


class WithdrawalWish(Schema):
    model_config = ConfigDict(extra="forbid")

    account: UUID = Field(
        description="One of your bound accounts, which `GET /me/bank-accounts` lists, or a card payment of yours, "
        "which `GET /withdrawals/cards` lists: then the money goes back to that card."
    )
    rail: StrictStr = Field(
        "",
        max_length=16,
        description="One of `GET /withdrawals/ways`; empty: the first that pays the currency.",
    )
    amount: MoneyIn = Field(description="What is to arrive; the fee comes on top of it.")


class WithdrawalIn(WithdrawalWish):
    pin: Annotated[StrictStr | None, Field(None, max_length=24, description="The owner's payment PIN.")]
    passkey: dict[str, Any] | None = Field(
        None,
        description="Instead of the PIN: a passkey's answer to `/withdrawals/approval`, for this very withdrawal.",
    )
    closing: StrictBool = Field(
        False, description="It empties the wallet to close it, and leaves before others."
    )

    @model_validator(mode="after")
    def one_proof(self) -> "WithdrawalIn":
        if (self.pin is None) == (self.passkey is None):
            raise ValueError("give the PIN or a passkey, and only one of them")
        return self


class CardPaymentOut(Schema):
    """A top-up by card that money may go back to."""

    account: UUID = Field(description="What `account` of a withdrawal to it is.")
    reference: str = Field(description="Of the top-up.")
    paid_at: datetime
    paid: MoneyOut
    left: MoneyOut = Field(description="What of it may still go back to the card.")
    until: datetime = Field(description="Until when the card takes money back.")
    brand: str = Field(description="Empty while the card company has not told it.")
    last4: str


class FeeOut(Schema):
    """A fixed part and a rate in hundredths of a per cent, with a floor, a ceiling and what a month has free."""

    fixed: MoneyOut
    basis_points: int
    minimum: MoneyOut | None
    maximum: MoneyOut | None
    free_a_month: MoneyOut | None


class WayOutOut(Schema):
    """A way out to an account, with what it would promise now."""

    rail: str
    currency: str
    fee: FeeOut
    minimum: MoneyOut
    rail_maximum: MoneyOut | None
    maximum: MoneyOut | None = Field(description="What of it your own limits leave at once.")
    leaves_at: datetime
    earliest_at: datetime
    latest_at: datetime
    cut_off_at: datetime | None
    state: Literal["ok", "slow", "down"]
    funded: bool = Field(description="Whether the account that it pays from holds anything that could leave.")
    usual: bool = Field(description="What you took to this account the last time; otherwise the first.")


class QuoteOut(Schema):
    """What would happen, with nothing moved. The dates are what would be promised now."""

    outcome: Literal["approved", "held", "refused"]
    code: str | None
    facts: Facts
    amount: MoneyOut
    fee: MoneyOut
    total: MoneyOut
    remaining_today: MoneyOut | None
    leaves_at: datetime
    earliest_at: datetime
    latest_at: datetime
    cut_off_at: datetime | None = Field(description="Until when it leaves today; null where that has passed.")
    waiting: int = Field(description="How many withdrawals wait to leave.")
    busy: bool
    rail_state: Literal["ok", "slow", "down"]
    rail: str = Field(description="By which way it leaves.")
    confirm_within_s: int | None = Field(
        description="How long you have, once it has left, to confirm it where it arrives; afterwards it comes back "
        "with its fee. Null: nobody asks you."
    )


class WithdrawalOut(DetailOut):
    """A withdrawal with its operation."""

    account: UUID | None
    account_name: str
    stage: Literal["held", "queued", "sent", "accepted", "ended"] | None
    promised_at: datetime | None
    ahead: int
    can_cancel: bool
    confirm_by: datetime | None = Field(
        description="Until when you have to confirm it where it arrives, on `/bills/<reference>/confirm/`."
    )


@router.get(
    "/withdrawals/ways",
    response={200: list[WayOutOut], 404: ProblemOut},
    summary="By which ways money can leave for a bound account, with fee, bounds and arrival of each",
)
def ways(request: HttpRequest, account: UUID) -> list[dict[str, Any]]:
    return [_way_out(way) for way in api.withdrawal_ways(_owner(request), account=account)]


@router.get(
    "/withdrawals/cards",
    response={200: list[CardPaymentOut]},
    summary="Your top-ups by card that money may go back to, the latest first, with what is left of each",
)
def cards(request: HttpRequest) -> list[dict[str, Any]]:
    payments = (one.payment for one in api.withdrawal_destinations(_owner(request)))
    return [
        {
            "account": one.operation_id,
            "reference": one.reference,
            "paid_at": one.paid_at,
            "paid": one.paid.fact(),
            "left": one.left.fact(),
            "until": one.until,
            "brand": one.brand,
            "last4": one.last4,
        }
        for one in payments
        if one is not None
    ]


@router.get(
    "/withdrawals/quote",
    response={200: QuoteOut, 400: ProblemOut, 422: ProblemOut},
    summary="What a withdrawal would cost and when it would arrive, with nothing moved",
)
def quote(
    request: HttpRequest,
    account: UUID,
    amount: int = Query(..., description="In minor units: what is to arrive."),
    currency: str = Query(..., max_length=3),
    rail: str = Query("", max_length=16, description="One of `GET /withdrawals/ways`."),
) -> dict[str, Any]:
    money = checked_amount(amount, currency)
    return _quote_out(api.quote_withdrawal(_owner(request), account=account, amount=money, rail=rail))


@router.post(
    "/withdrawals",
    response={201: WithdrawalOut, 202: WithdrawalOut, **KEYED_PROBLEMS},
    openapi_extra=KEY_PARAMETER,
    summary="Withdraw to a bound account: 201 set aside and queued, 202 held for a check, 422 refused",
)
def start_withdrawal(request: HttpRequest, response: HttpResponse, body: WithdrawalIn) -> Any:
    owner, key = _owner(request), checked_key(request.headers.get(KEY))
    outcome = api.start_withdrawal(
        owner,
        account=body.account,
        amount=body.amount.money(),
        pin=body.pin,
        passkey=json.dumps(body.passkey) if body.passkey else None,
        key=key,
        closing=body.closing,
        rail=body.rail,
    )
    if outcome.outcome == "refused":
        facts = {**facts_of(outcome.code, outcome.facts, "customer"), "reference": outcome.reference}
        return refused(outcome.code, facts, replayed=outcome.replayed)
    mark(response, replayed=outcome.replayed)
    return Status(202 if outcome.outcome == "held" else 201, _withdrawal_out(owner, outcome.reference))


@router.post(
    "/withdrawals/approval",
    response={200: dict[str, Any], 422: ProblemOut},
    summary="WebAuthn request options for a passkey to approve one withdrawal instead of the PIN",
)
def approve(request: HttpRequest, body: WithdrawalWish) -> Any:
    options = api.withdrawal_approval_options(
        _owner(request), account=body.account, amount=body.amount.money(), rail=body.rail
    )
    return options or problem_response("passkey_refused", {"why": "unknown"}, status=422)


@router.get(
    "/withdrawals/{reference}",
    response={200: WithdrawalOut, 404: ProblemOut},
    summary="One withdrawal: how far it is, what was promised",
)
def read_withdrawal(request: HttpRequest, reference: str) -> dict[str, Any]:
    return _withdrawal_out(_owner(request), reference)


@router.post(
    "/withdrawals/{reference}/cancellation",
    response={200: WithdrawalOut, 404: ProblemOut, 409: ProblemOut},
    summary="Take a withdrawal back while it has not left",
)
def cancel(request: HttpRequest, reference: str) -> dict[str, Any]:
    owner = _owner(request)
    return _withdrawal_out(owner, api.cancel_withdrawal(owner, reference).reference)


def _withdrawal_out(owner: UUID, reference: str) -> dict[str, Any]:
    detail = api.operation(owner, reference)
    return {**detail_out(detail), **_of(detail.withdrawal)}


def _of(view: WithdrawalView | None) -> dict[str, Any]:
    return {
        "account": view.account if view else None,
        "account_name": f"{view.bank} {view.masked}".strip() if view else "",
        "stage": view.stage if view else None,
        "promised_at": view.promised_at if view else None,
        "ahead": view.ahead if view else 0,
        "can_cancel": view.can_cancel if view else False,
        "confirm_by": view.confirm_by if view else None,
    }


def _way_out(way: WayOut) -> dict[str, Any]:
    fee = way.fee
    return {
        "rail": way.rail,
        "currency": way.currency,
        "fee": {
            "fixed": fee.fixed.fact(),
            "basis_points": fee.basis_points,
            "minimum": _fact(fee.minimum),
            "maximum": _fact(fee.maximum),
            "free_a_month": _fact(fee.free_a_month),
        },
        "minimum": way.minimum.fact(),
        "rail_maximum": _fact(way.rail_maximum),
        "maximum": _fact(way.maximum),
        "leaves_at": way.leaves_at,
        "earliest_at": way.earliest_at,
        "latest_at": way.latest_at,
        "cut_off_at": way.cut_off_at,
        "state": way.state,
        "funded": way.funded,
        "usual": way.usual,
    }


def _fact(money: Money | None) -> dict[str, Any] | None:
    return money.fact() if money is not None else None


def _quote_out(quote: WithdrawalQuote) -> dict[str, Any]:
    return {
        "outcome": quote.outcome,
        "code": quote.code,
        "facts": facts_of(quote.code, quote.facts, "customer"),
        "amount": quote.amount.fact(),
        "fee": quote.fee.fact(),
        "total": quote.total.fact(),
        "remaining_today": quote.remaining_today.fact() if quote.remaining_today else None,
        "leaves_at": quote.leaves_at,
        "earliest_at": quote.earliest_at,
        "latest_at": quote.latest_at,
        "cut_off_at": quote.cut_off_at,
        "waiting": quote.waiting,
        "busy": quote.busy,
        "rail_state": quote.rail_state,
        "rail": quote.rail,
        "confirm_within_s": int(quote.confirm_within.total_seconds()) if quote.confirm_within else None,
    }


def _owner(request: HttpRequest) -> UUID:
    return request.auth  # type: ignore[attr-defined,no-any-return]
