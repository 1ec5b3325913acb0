"""The person's own data over the API. Sign-up and sign-in are allauth's: `/_allauth/app/v1/auth/…`."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from guitai.people import api
from guitai.people.access import customer_auth
from guitai.people.flows.register import name_person
from guitai.people.flows.release_self import release_self
from guitai.people.flows.send_code import send_code
from guitai.people.types import Standing

router = Router(auth=customer_auth, tags=["me"])


class StepOut(Schema):
    code: str
    whose: str
    by: datetime | None


class StandingOut(Schema):
    """What is stopped; the reason only as far as it may be told."""

    state: str
    scope: list[str]
    reason: str
    since: datetime | None
    release: list[StepOut]


class MeOut(Schema):
    id: str
    name: str
    phone: str
    language: str
    tier: int
    registered_at: datetime | None
    has_pin: bool
    standing: StandingOut


class NameIn(Schema):
    name: str = Field(max_length=200)


class PinIn(Schema):
    pin: str = Field(max_length=12)
    password: str = Field(max_length=128)


class ReleaseIn(Schema):
    password: str = Field(max_length=128)
    code: str = Field(max_length=16)
    pin: str = Field("", max_length=12)


@router.get("/me", response=MeOut, summary="Who I am here")
def read_me(request: HttpRequest) -> dict[str, Any]:
    return _me(request)


@router.post("/me/name", response=MeOut, summary="Give my name, once, after signing up")
def give_name(request: HttpRequest, body: NameIn) -> dict[str, Any]:
    name_person(request.auth, body.name)  # type: ignore[attr-defined]
    return _me(request)


@router.post("/me/pin", response=MeOut, summary="Set or change my payment PIN")
def set_pin(request: HttpRequest, body: PinIn) -> dict[str, Any]:
    api.set_pin(request.auth, body.pin, body.password)  # type: ignore[attr-defined]
    return _me(request)


@router.post("/me/freeze", response=StandingOut, summary="Freeze my wallet and sign out everywhere")
def freeze(request: HttpRequest) -> dict[str, Any]:
    api.freeze_self(request.auth, proof="session")  # type: ignore[attr-defined]
    return _standing(api.standing(request.auth))  # type: ignore[attr-defined]


@router.post("/me/release-code", response={202: None}, summary="Send the SMS code that a release asks for")
def send_release_code(request: HttpRequest) -> Status[None]:
    person = request.auth  # type: ignore[attr-defined]
    send_code("release", api.profile(person, purpose=None).phone, source=str(person))
    return Status(202, None)


@router.post("/me/release", response=StandingOut, summary="Lift a freeze I made myself")
def release(request: HttpRequest, body: ReleaseIn) -> dict[str, Any]:
    person = request.auth  # type: ignore[attr-defined]
    release_self(person, password=body.password, code=body.code, pin=body.pin)
    return _standing(api.standing(person))


def _me(request: HttpRequest) -> dict[str, Any]:
    person = request.auth  # type: ignore[attr-defined]
    own = api.profile(person, purpose=None)
    return {
        "id": str(own.id),
        "name": own.name,
        "phone": own.phone,
        "language": own.language,
        "tier": own.tier,
        "registered_at": own.registered_at,
        "has_pin": api.has_pin(person),
        "standing": _standing(api.standing(person)),
    }


def _standing(standing: Standing) -> dict[str, Any]:
    if standing.disclosure == "silent":
        standing = Standing(person=standing.person)
    return {
        "state": standing.state,
        "scope": sorted(standing.scope),
        "reason": standing.reason if standing.disclosure == "open" else "",
        "since": standing.since,
        "release": [{"code": step.code, "whose": step.whose, "by": step.by} for step in standing.release],
    }
