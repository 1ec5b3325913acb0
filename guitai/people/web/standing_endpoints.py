"""Standing over the API: what stops me and what leads out, freezing, the freeze word."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from guitai.people import api
from guitai.people.access import customer_auth
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.freeze_word import WORD_MAX, forget_freeze_word, has_freeze_word, set_freeze_word
from guitai.people.flows.passkey_payment import payment_options
from guitai.people.flows.release_self import Given, binding_of, release_self
from guitai.people.flows.send_code import send_code
from guitai.people.rules.standing import told
from guitai.people.types import Cause, Standing, StandingChange

router = Router(auth=customer_auth, tags=["me"])


class StepOut(Schema):
    """A step that remains; `instead` names what does as well."""

    code: str
    whose: str
    by: datetime | None
    instead: list[str]


class CauseOut(Schema):
    """One thing that stops something; the reason only as far as it may be told."""

    id: str
    state: str
    reason: str
    scope: list[str]
    since: datetime
    until: datetime | None
    release: list[StepOut]


class StandingOut(Schema):
    """What is stopped; the reason only as far as it may be told."""

    state: str
    scope: list[str]
    reason: str
    since: datetime | None
    release: list[StepOut]
    causes: list[CauseOut]


class ChangeOut(Schema):
    at: datetime
    action: str
    state: str
    reason: str


class HistoryOut(Schema):
    items: list[ChangeOut]


class FreezeWordIn(Schema):
    word: str = Field(max_length=WORD_MAX)
    password: str = Field(max_length=128)


class FreezeWordOut(Schema):
    chosen: bool


class PasskeyOptionsOut(Schema):
    """`PublicKeyCredentialRequestOptionsJSON` for `navigator.credentials.get`; none without a passkey."""

    public_key: dict[str, Any] | None


class ReleaseIn(Schema):
    """Every proof that the cause asks for, at once; `cause` may be left out when one alone stands."""

    cause: UUID | None = None
    password: str = Field("", max_length=128)
    code: str = Field("", max_length=16)
    pin: str = Field("", max_length=12)
    recovery_code: str = Field("", max_length=40)
    passkey: dict[str, Any] | None = None
    new_password: str = Field("", max_length=128)
    new_pin: str = Field("", max_length=12)


@router.get("/me/standing", response=StandingOut, summary="What stops me, and what leads out")
def read_standing(request: HttpRequest) -> dict[str, Any]:
    expire_due(_person(request))
    return standing_out(api.standing(_person(request)))


@router.get("/me/standing/history", response=HistoryOut, summary="What changed my standing")
def read_history(request: HttpRequest) -> dict[str, Any]:
    return {"items": [_change(change) for change in api.told_history(_person(request))]}


@router.post("/me/freeze", response=StandingOut, summary="Freeze my wallet and sign out everywhere")
def freeze(request: HttpRequest) -> dict[str, Any]:
    api.freeze_self(_person(request), proof="session")
    return standing_out(api.standing(_person(request)))


@router.get("/me/freeze-word", response=FreezeWordOut, summary="Whether I have a freeze word")
def read_freeze_word(request: HttpRequest) -> dict[str, Any]:
    return {"chosen": has_freeze_word(_person(request))}


@router.put("/me/freeze-word", response=FreezeWordOut, summary="Choose the word that freezes my wallet")
def choose_freeze_word(request: HttpRequest, body: FreezeWordIn) -> dict[str, Any]:
    set_freeze_word(_person(request), body.word, body.password)
    return {"chosen": True}


@router.delete("/me/freeze-word", response=FreezeWordOut, summary="Have no freeze word")
def drop_freeze_word(request: HttpRequest) -> dict[str, Any]:
    forget_freeze_word(_person(request))
    return {"chosen": False}


@router.post("/me/release-code", response={202: None}, summary="Send the SMS code that a release asks for")
def send_release_code(request: HttpRequest) -> Status[None]:
    person = _person(request)
    send_code("release", api.profile(person, purpose=None).phone, source=str(person))
    return Status(202, None)


@router.post(
    "/me/standing/{cause}/passkey-options",
    response=PasskeyOptionsOut,
    summary="What a passkey signs to get out",
)
def passkey_options(request: HttpRequest, cause: UUID) -> dict[str, Any]:
    return {"public_key": payment_options(_person(request), binding_of(cause))}


@router.post("/me/release", response=StandingOut, summary="Lift one cause that I may lift myself")
def release(request: HttpRequest, body: ReleaseIn) -> dict[str, Any]:
    given = Given(
        password=body.password,
        code=body.code,
        pin=body.pin,
        recovery_code=body.recovery_code,
        passkey=body.passkey or "",
        new_password=body.new_password,
        new_pin=body.new_pin,
    )
    return standing_out(release_self(_person(request), given, body.cause))


def standing_out(standing: Standing) -> dict[str, Any]:
    """A standing as its person may see it."""
    seen = told(standing)
    return {
        "state": seen.state,
        "scope": sorted(seen.scope),
        "reason": seen.reason,
        "since": seen.since,
        "release": [_step(step) for step in seen.release],
        "causes": [_cause(cause) for cause in seen.causes],
    }


def _cause(cause: Cause) -> dict[str, Any]:
    return {
        "id": str(cause.id),
        "state": cause.state,
        "reason": cause.reason,
        "scope": sorted(cause.scope),
        "since": cause.since,
        "until": cause.until,
        "release": [_step(step) for step in cause.release],
    }


def _step(step: Any) -> dict[str, Any]:
    return {"code": step.code, "whose": step.whose, "by": step.by, "instead": list(step.instead)}


def _change(change: StandingChange) -> dict[str, Any]:
    return {"at": change.at, "action": change.action, "state": change.state, "reason": change.reason}


def _person(request: HttpRequest) -> UUID:
    return UUID(str(request.auth))  # type: ignore[attr-defined]
