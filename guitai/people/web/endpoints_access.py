"""Getting in, over the API: sessions and devices, the check-up, password, mail address, phone number.

What an app shows to sign in lies at allauth's addresses, `/_allauth/app/v1/…`; see the README of people.
"""

from datetime import datetime
from typing import Any, Literal, cast
from uuid import UUID

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from guitai.people import device_reads
from guitai.people.access import customer_auth
from guitai.people.checkup import checkup
from guitai.people.errors import LinkOver
from guitai.people.flows import change_phone, email
from guitai.people.flows.change_password import change_password
from guitai.people.flows.change_pin import replace_pin, replacing_ways
from guitai.people.flows.deny_sign_in import deny_sign_in
from guitai.people.flows.proofs import send_proof_code
from guitai.people.flows.set_pin import check_own_password
from guitai.people.flows.sign_out import forget_device, name_device, sign_out_one, sign_out_others
from guitai.people.models import User
from guitai.people.reads import email_of
from guitai.people.rules.sign_in import Way

router = Router(auth=customer_auth, tags=["me"])
_PASSWORD, _CODE = 128, 16
CodeWay = Literal["totp", "recovery", "sms", "email", "pin", "password", "identity"]


class DeviceOut(Schema):
    id: str
    name: str
    label: str
    kind: str
    seen_at: datetime


class SessionOut(Schema):
    """A sign-in whose session still runs; `place` is a place or a network, as far as one is known."""

    id: str
    device: DeviceOut | None
    at: datetime
    seen_at: datetime
    methods: list[str]
    place: str
    current: bool


class FindingOut(Schema):
    subject: str
    level: str
    number: int


class EventOut(Schema):
    at: datetime
    action: str
    detail: str


class CheckupOut(Schema):
    """What is strong, fair or weak, and what happened lately."""

    level: str
    findings: list[FindingOut]
    events: list[EventOut]


class NameIn(Schema):
    name: str = Field(max_length=200)


class PasswordIn(Schema):
    password: str = Field(max_length=_PASSWORD)
    new_password: str = Field(max_length=_PASSWORD)


class EmailIn(Schema):
    email: str = Field(max_length=300)
    password: str = Field(max_length=_PASSWORD)


class CodeIn(Schema):
    code: str = Field(max_length=_CODE)


class EmailOut(Schema):
    email: str
    waiting: str


class NumberIn(Schema):
    phone: str = Field(max_length=40)
    with_old: bool = True
    password: str = Field(max_length=_PASSWORD)


class NumberOut(Schema):
    """A change of number that is under way; `sent` is given back with the old number's code."""

    waiting: bool
    due_at: datetime | None
    sent: str


class NumberConfirmIn(Schema):
    """Both codes with the old number; without it the new number's code and one more proof."""

    new_code: str = Field(max_length=_CODE)
    old_code: str = Field("", max_length=_CODE)
    sent: UUID | None = None
    way: CodeWay | None = None
    proof: str = Field("", max_length=_PASSWORD)


class ProofCodeIn(Schema):
    way: Literal["sms", "email"]


class ProofCodeOut(Schema):
    sent: str


class PinReplacementIn(Schema):
    pin: str = Field(max_length=12)
    password: str = Field(max_length=_PASSWORD)
    way: CodeWay
    proof: str = Field(max_length=_PASSWORD)
    sent: UUID | None = None


@router.get("/me/sessions", response=list[SessionOut], summary="Where I am signed in")
def list_sessions(request: HttpRequest) -> list[dict[str, Any]]:
    return [_session(one) for one in device_reads.sessions(_person(request), _key(request))]


@router.delete("/me/sessions/others", response={204: None}, summary="Sign out everything but this")
def end_others(request: HttpRequest) -> Status[None]:
    sign_out_others(_person(request), _key(request))
    return Status(204, None)


@router.delete("/me/sessions/{session}", response={204: None}, summary="Sign out one session")
def end_session(request: HttpRequest, session: UUID) -> Status[None]:
    sign_out_one(_person(request), session)
    return Status(204, None)


@router.post(
    "/me/sessions/{session}/denial", response={204: None}, summary="This wasn't me: freeze and sign out"
)
def deny_session(request: HttpRequest, session: UUID) -> Status[None]:
    if not device_reads.is_own(_person(request), session):
        raise LinkOver()
    deny_sign_in(session, proof="session")
    return Status(204, None)


@router.post("/me/devices/{device}", response={204: None}, summary="Give a device a name")
def rename_device(request: HttpRequest, device: UUID, body: NameIn) -> Status[None]:
    name_device(_person(request), device, body.name)
    return Status(204, None)


@router.delete("/me/devices/{device}", response={204: None}, summary="Sign out a device and forget it")
def remove_device(request: HttpRequest, device: UUID) -> Status[None]:
    forget_device(_person(request), device)
    return Status(204, None)


@router.get("/me/security", response=CheckupOut, summary="My security check-up")
def read_checkup(request: HttpRequest) -> dict[str, Any]:
    found = checkup(_person(request))
    return {
        "level": found.level,
        "findings": [{"subject": f.subject, "level": f.level, "number": f.number} for f in found.findings],
        "events": [{"at": e.at, "action": e.action, "detail": e.detail} for e in found.events],
    }


@router.post("/me/password", response={204: None}, summary="Change my password and sign out everywhere")
def new_password(request: HttpRequest, body: PasswordIn) -> Status[None]:
    change_password(_person(request), body.password, body.new_password)
    return Status(204, None)


@router.post("/me/email", response=EmailOut, summary="Send a code to a new mail address")
def new_email(request: HttpRequest, body: EmailIn) -> dict[str, str]:
    person = _proved(request, body.password)
    email.begin_email(person, body.email)
    return _email(person)


@router.post("/me/email/confirmation", response=EmailOut, summary="Confirm the new mail address")
def prove_email(request: HttpRequest, body: CodeIn) -> dict[str, str]:
    email.confirm_email(_person(request), body.code)
    return _email(_person(request))


@router.post("/me/number", response=NumberOut, summary="Begin to change my phone number")
def new_number(request: HttpRequest, body: NumberIn) -> dict[str, Any]:
    person = _proved(request, body.password)
    sent = change_phone.begin_change(person, body.phone, with_old=body.with_old)
    return {"waiting": False, "due_at": None, "sent": str(sent or "")}


@router.post("/me/number/confirmation", response=NumberOut, summary="Confirm the change of my phone number")
def confirm_number(request: HttpRequest, body: NumberConfirmIn) -> dict[str, Any]:
    person = _person(request)
    if body.way is None:
        change_phone.confirm_with_old(person, new_code=body.new_code, old_code=body.old_code, sent=body.sent)
        return {"waiting": False, "due_at": None, "sent": ""}
    due = change_phone.confirm_without_old(
        person, new_code=body.new_code, way=cast(Way, body.way), given=body.proof, sent=body.sent
    )
    return {"waiting": True, "due_at": due, "sent": ""}


@router.delete("/me/number", response={204: None}, summary="Stop a change of my phone number")
def stop_number(request: HttpRequest) -> Status[None]:
    going = change_phone.open_change(_person(request))
    if going is not None:
        change_phone.cancel_change(going.id, by="session")
    return Status(204, None)


@router.post("/me/proof-code", response=ProofCodeOut, summary="Send the code of a second proof")
def proof_code(request: HttpRequest, body: ProofCodeIn) -> dict[str, str]:
    return {"sent": str(send_proof_code(User.objects.get(id=_person(request)), body.way))}


@router.get("/me/pin/replacement", response=list[str], summary="What a forgotten PIN can be replaced with")
def pin_ways(request: HttpRequest) -> list[str]:
    return list(replacing_ways(_person(request)))


@router.post("/me/pin/replacement", response={204: None}, summary="A new PIN when the old one is forgotten")
def new_pin(request: HttpRequest, body: PinReplacementIn) -> Status[None]:
    person = _proved(request, body.password)
    way = cast(Way, body.way)
    replace_pin(person, body.pin, first="password", way=way, given=body.proof, sent=body.sent)
    return Status(204, None)


def _person(request: HttpRequest) -> UUID:
    return cast(UUID, request.auth)  # type: ignore[attr-defined]


def _proved(request: HttpRequest, password: str) -> UUID:
    person = _person(request)
    check_own_password(User.objects.get(id=person), password)
    return person


def _key(request: HttpRequest) -> str:
    return str(request.headers.get("X-Session-Token", ""))


def _email(person: UUID) -> dict[str, str]:
    return {"email": email_of(person), "waiting": email.pending_email(person)}


def _session(one: device_reads.SessionView) -> dict[str, Any]:
    device = one.device
    return {
        "id": str(one.id),
        "device": {
            "id": str(device.id), "name": device.name, "label": device.label, "kind": device.kind,
            "seen_at": device.seen_at,
        } if device else None,
        "at": one.at,
        "seen_at": one.seen_at,
        "methods": list(one.methods),
        "place": one.place,
        "current": one.current,
    }  # fmt: skip
