"""The wallet over HTTP, for customers' own programs."""

import json
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from ninja import Query, Router, Status

from guitai.base.refusal import Facts
from guitai.kit.problems import CONTENT_TYPE, problem_response
from guitai.people.api import customer_auth
from guitai.wallet import api
from guitai.wallet.errors import RailNotOffered
from guitai.wallet.flows.intents import checked_key
from guitai.wallet.till.submit import submit_all
from guitai.wallet.types import Direction
from guitai.wallet.web.answers import REPLAYED, batch_answer, said
from guitai.wallet.web.batches import batch_intents
from guitai.wallet.web.schemas import (
    AccountsOut,
    ApprovalIn,
    BatchIn,
    BatchOut,
    BatchProblemOut,
    DetailOut,
    DryRunIn,
    DryRunOut,
    OperationsOut,
    ProblemOut,
    StandingTransferOut,
    TopUpIn,
    TopUpRailsOut,
    TransferIn,
    TransferOut,
    balance_out,
    choice_out,
    detail_out,
    dry_run_out,
    view_out,
)

router = Router(auth=customer_auth, tags=["wallet"])

KEY = "Idempotency-Key"
_REFUSED = 422
# Read from the request and not declared as an argument: its absence has a code of its own.
KEY_PARAMETER: dict[str, Any] = {
    "parameters": [
        {
            "name": KEY,
            "in": "header",
            "required": True,
            "description": "A fresh key for each new wish; the same key when one is repeated.",
            "schema": {"type": "string", "minLength": 1, "maxLength": 200},
        }
    ]
}
KEYED_PROBLEMS = {400: ProblemOut, 401: ProblemOut, 409: ProblemOut, 422: ProblemOut, 503: ProblemOut}


@router.get("/accounts", response=AccountsOut, summary="What I have, a currency each")
def read_accounts(request: HttpRequest) -> dict[str, Any]:
    return {"accounts": [balance_out(balance) for balance in api.balances(_owner(request))]}


@router.get("/operations", response={200: OperationsOut, 400: ProblemOut}, summary="My bills, newest first")
def list_operations(
    request: HttpRequest,
    cursor: str | None = Query(None, max_length=500),
    limit: int = Query(20, ge=1, le=100),
    direction: Direction | None = None,
) -> dict[str, Any]:
    page = api.operations(_owner(request), cursor, limit, direction)
    return {"items": [view_out(view) for view in page.items], "next_cursor": page.next_cursor}


@router.get(
    "/operations/{reference}",
    response={200: DetailOut, 404: ProblemOut},
    summary="One operation with its timeline, trace and diagnosis",
)
def read_operation(request: HttpRequest, reference: str) -> dict[str, Any]:
    return detail_out(api.operation(_owner(request), reference))


@router.post(
    "/operations/{reference}/cancellation",
    response={200: DetailOut, 404: ProblemOut, 409: ProblemOut},
    summary="Take back what has not left: a held transfer, a waiting withdrawal",
)
def cancel_operation(request: HttpRequest, reference: str) -> dict[str, Any]:
    owner = _owner(request)
    api.cancel_operation(owner, reference)
    return detail_out(api.operation(owner, reference))


@router.post(
    "/transfers/dry-run",
    response={200: DryRunOut, 422: ProblemOut},
    summary="What a transfer would do now, with nothing moved",
)
def dry_run_transfer(request: HttpRequest, body: DryRunIn) -> dict[str, Any]:
    run = api.dry_run_transfer(_owner(request), phone=body.phone, amount=body.amount.money())
    return dry_run_out(run)


@router.post(
    "/transfers",
    response={201: TransferOut, 202: TransferOut, **KEYED_PROBLEMS},
    openapi_extra=KEY_PARAMETER,
    summary="Send money to a phone number: 201 sent, 202 held for a check, 422 refused",
)
def send_transfer(request: HttpRequest, response: HttpResponse, body: TransferIn) -> Any:
    key = checked_key(request.headers.get(KEY))
    outcome = api.send_transfer(
        _owner(request),
        phone=body.phone,
        amount=body.amount.money(),
        note=body.note,
        pin=body.pin,
        passkey=json.dumps(body.passkey) if body.passkey else None,
        key=key,
    )
    status, answer = said(outcome)
    if outcome.outcome == "refused":
        return refused(answer["code"], answer["facts"], replayed=outcome.replayed)
    mark(response, replayed=outcome.replayed)
    return Status(status, answer)


@router.post(
    "/transfers/approval",
    response={200: dict[str, Any], 422: ProblemOut},
    summary="WebAuthn request options for a passkey to approve one transfer instead of the PIN",
)
def approve_transfer(request: HttpRequest, body: ApprovalIn) -> Any:
    options = api.approval_options(
        _owner(request), phone=body.phone, amount=body.amount.money(), note=body.note
    )
    return options or problem_response("passkey_refused", {"why": "unknown"}, status=422)


@router.post(
    "/transfers/batch",
    response={200: BatchOut, 201: BatchOut, **KEYED_PROBLEMS, 422: BatchProblemOut},
    openapi_extra=KEY_PARAMETER,
    summary="Send up to 8,190 transfers: each by itself (200), or with `atomic` all (201) or none (422)",
)
def send_batch(request: HttpRequest, response: HttpResponse, body: BatchIn) -> Any:
    items = [(i.phone, i.amount.amount, i.amount.currency, i.note) for i in body.items]
    wishes = batch_intents(_owner(request), items, body.pin, request.headers.get(KEY), body.atomic)
    status, answer, replayed = batch_answer(submit_all(wishes, together=body.atomic), body.atomic)
    if status == _REFUSED:
        # As it is: a problem with a result for each item besides.
        response = JsonResponse(answer, status=status, content_type=CONTENT_TYPE)
        mark(response, replayed=replayed)
        return response
    mark(response, replayed=replayed)
    return Status(status, answer)


@router.get(
    "/top-ups/rails",
    response={200: TopUpRailsOut, 422: ProblemOut},
    summary="The ways in that I may use now, with fee, bounds, usual arrival and how each rail is",
)
def read_top_up_rails(
    request: HttpRequest, currency: str = Query(..., min_length=3, max_length=3)
) -> dict[str, Any]:
    return {"rails": [choice_out(choice) for choice in api.top_up_choices(_owner(request), currency)]}


@router.get(
    "/top-ups/by-transfer",
    response={200: StandingTransferOut, 422: ProblemOut},
    summary="How I pay in by bank transfer at any time, without an order",
)
def read_standing_transfer(
    request: HttpRequest, currency: str = Query(..., min_length=3, max_length=3)
) -> dict[str, Any]:
    found = api.standing_transfer(_owner(request), currency)
    if found is None:
        raise RailNotOffered()
    return asdict(found)


@router.post(
    "/top-ups",
    response={201: DetailOut, **KEYED_PROBLEMS},
    openapi_extra=KEY_PARAMETER,
    summary="Begin a top-up by one of the rails offered; `instructions` says how to pay",
)
def start_top_up(request: HttpRequest, response: HttpResponse, body: TopUpIn) -> Any:
    owner, key = _owner(request), checked_key(request.headers.get(KEY))
    outcome = api.start_top_up(owner, amount=body.amount.money(), key=key, rail=body.rail)
    if outcome.outcome == "refused":
        facts = {**outcome.facts, "reference": outcome.reference}
        return refused(outcome.code, facts, replayed=outcome.replayed)
    mark(response, replayed=outcome.replayed)
    return Status(201, detail_out(api.operation(owner, outcome.reference)))


def refused(code: str | None, facts: Facts, *, replayed: bool) -> HttpResponse:
    """A recorded refusal: 422 whatever its code, with the operation's reference among the facts."""
    headers = {REPLAYED: "true"} if replayed else None
    return problem_response(code or "refused", facts, status=422, headers=headers)


def mark(response: HttpResponse, *, replayed: bool) -> None:
    if replayed:
        response[REPLAYED] = "true"


def _owner(request: HttpRequest) -> UUID:
    return request.auth  # type: ignore[attr-defined,no-any-return]
