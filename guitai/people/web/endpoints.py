"""The person's own data over the API. Sign-up and sign-in are allauth's: `/_allauth/app/v1/auth/…`."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Field, Router, Schema

from guitai.people import api
from guitai.people.access import customer_auth
from guitai.people.flows.register import name_person
from guitai.people.web.endpoints_access import router as access_router
from guitai.people.web.identity_endpoints import router as identity_router
from guitai.people.web.standing_endpoints import StandingOut, standing_out
from guitai.people.web.standing_endpoints import router as standing_router

router = Router(auth=customer_auth, tags=["me"])
router.add_router("", access_router)
router.add_router("", identity_router)
router.add_router("", standing_router)


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
    """`current` is the present PIN, when there is one."""

    pin: str = Field(max_length=12)
    password: str = Field(max_length=128)
    current: str = Field("", max_length=12)


@router.get("/me", response=MeOut, summary="Who I am here")
def read_me(request: HttpRequest) -> dict[str, Any]:
    return _me(request)


@router.post("/me/name", response=MeOut, summary="Give my name, once, after signing up")
def give_name(request: HttpRequest, body: NameIn) -> dict[str, Any]:
    name_person(request.auth, body.name)  # type: ignore[attr-defined]
    return _me(request)


@router.post("/me/pin", response=MeOut, summary="Set or change my payment PIN")
def set_pin(request: HttpRequest, body: PinIn) -> dict[str, Any]:
    api.set_pin(request.auth, body.pin, body.password, current=body.current)  # type: ignore[attr-defined]
    return _me(request)


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
        "standing": standing_out(api.standing(person)),
    }
