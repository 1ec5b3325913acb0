"""Closing an account over HTTP: what remains, asking for it, taking it back."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema

from guitai.people.api import ask_to_close, cancel_closing, closing, customer_auth
from guitai.wallet.flows.close_wallet import in_flight, what_remains
from guitai.wallet.web.schemas import ProblemOut, view_out

router = Router(auth=customer_auth, tags=["me"])


class BalanceLeft(Schema):
    amount: int
    currency: str


class ClosingOut(Schema):
    """What keeps the account open; `due_at` while a closing is cooling off."""

    remains: list[str]
    balances: list[BalanceLeft]
    operations: list[str]
    asked_at: datetime | None
    due_at: datetime | None


class ClosingIn(Schema):
    """`agreed` says that a closed account cannot be opened again; the password or the PIN proves who asks."""

    agreed: bool
    password: str = Field("", max_length=128)
    pin: str = Field("", max_length=12)


class InFlightOut(Schema):
    items: list[dict[str, Any]]


@router.get("/me/in-flight", response=InFlightOut, summary="What has not ended yet")
def read_in_flight(request: HttpRequest) -> dict[str, Any]:
    return {"items": [view_out(view) for view in in_flight(_person(request))]}


@router.get("/me/closing", response=ClosingOut, summary="What keeps my account open")
def read_closing(request: HttpRequest) -> dict[str, Any]:
    return _closing(_person(request))


@router.post(
    "/me/closing",
    response={200: ClosingOut, 409: ProblemOut, 422: ProblemOut},
    summary="Close my account after the days to think it over; signs out everywhere",
)
def ask(request: HttpRequest, body: ClosingIn) -> dict[str, Any]:
    person = _person(request)
    if body.agreed:
        ask_to_close(person, password=body.password, pin=body.pin)
    return _closing(person)


@router.delete("/me/closing", response=ClosingOut, summary="Keep my account after all")
def take_back(request: HttpRequest) -> dict[str, Any]:
    cancel_closing(_person(request))
    return _closing(_person(request))


def _closing(person: UUID) -> dict[str, Any]:
    remaining, asked = what_remains(person), closing(person)
    return {
        "remains": list(remaining.codes),
        "balances": [{"amount": left.minor, "currency": left.currency} for left in remaining.balances],
        "operations": [view.reference for view in remaining.operations],
        "asked_at": asked.asked_at if asked else None,
        "due_at": asked.due_at if asked else None,
    }


def _person(request: HttpRequest) -> UUID:
    return UUID(str(request.auth))  # type: ignore[attr-defined]
