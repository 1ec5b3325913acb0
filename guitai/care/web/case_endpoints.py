"""How a case goes on over /api/v1: its form, somebody higher, taken back, calls."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from guitai.care import api
from guitai.care.asking.table import Question
from guitai.care.web.reader import as_actor, slow_down
from guitai.people.api import customer_auth

router = Router(tags=["counter"])


class ChoiceOut(Schema):
    value: str
    label: str


class QuestionOut(Schema):
    """One question that is still open; its answer may be left out."""

    name: str
    kind: str
    label: str
    help: str
    maximum: int
    choices: list[ChoiceOut]


class DeviceOut(Schema):
    """A device of the customer's, and the latest sign-in from it."""

    name: str
    kind: str
    signed_in_at: datetime
    place: str
    unusual: bool
    denied: bool


class KnownOut(Schema):
    """What nobody is asked for."""

    operation: str | None
    operation_state: str | None
    rail: str | None
    standing: str
    follows: str | None
    devices: list[DeviceOut]


class FormOut(Schema):
    category: str
    known: KnownOut
    questions: list[QuestionOut]


class SlotOut(Schema):
    starts_at: datetime
    ends_at: datetime


class SlotIn(Schema):
    starts_at: datetime


class WordsIn(Schema):
    words: str


class CallOut(Schema):
    """A booked call: whoever calls from another number is not us."""

    state: str
    starts_at: datetime
    ends_at: datetime
    tries: int
    number: str
    badge: str


@router.get("/cases/form", auth=customer_auth, response=FormOut)
def case_form(
    request: HttpRequest,
    category: str | None = None,
    operation: str | None = None,
    follows: str | None = None,
) -> FormOut:
    """What a case would be asked for, and what is known already, in the language of Accept-Language."""
    form = api.case_form(_person(request), category, operation, follows)
    view = form.operation.view if form.operation else None
    return FormOut(
        category=form.category,
        known=KnownOut(
            operation=view.reference if view else None,
            operation_state=view.state if view else None,
            rail=view.rail if view else None,
            standing=form.standing,
            follows=form.follows,
            devices=[
                DeviceOut(
                    name=one.name,
                    kind=one.kind,
                    signed_in_at=one.signed_in_at,
                    place=one.place,
                    unusual=one.unusual,
                    denied=one.denied,
                )
                for one in form.devices
            ],
        ),
        questions=[_question(question) for question in form.questions],
    )


@router.post("/cases/{reference}/escalation", auth=customer_auth, response={204: None})
def escalate(request: HttpRequest, reference: str, body: WordsIn) -> Status[None]:
    """Ask for somebody higher."""
    slow_down(_person(request))
    api.escalate(reference, as_actor(_person(request)), body.words)
    return Status(204, None)


@router.post("/cases/{reference}/withdrawal", auth=customer_auth, response={204: None})
def withdraw(request: HttpRequest, reference: str) -> Status[None]:
    """Take a question back."""
    api.withdraw(reference, as_actor(_person(request)))
    return Status(204, None)


@router.get("/callbacks/slots", auth=customer_auth, response=list[SlotOut])
def slots(request: HttpRequest) -> list[SlotOut]:
    """When we can call."""
    return [SlotOut(starts_at=slot.starts_at, ends_at=slot.ends_at) for slot in api.free_slots()]


@router.get("/cases/{reference}/callback", auth=customer_auth, response={200: CallOut, 204: None})
def read_call(request: HttpRequest, reference: str) -> Status[CallOut | None]:
    """The call of a case."""
    call = api.callback_of(reference, _person(request))
    if call is None:
        return Status(204, None)
    return Status(
        200,
        CallOut(
            state=call.state,
            starts_at=call.starts_at,
            ends_at=call.ends_at,
            tries=call.tries,
            number=call.number,
            badge=call.badge,
        ),
    )


@router.post("/cases/{reference}/callback", auth=customer_auth, response={204: None})
def book(request: HttpRequest, reference: str, body: SlotIn) -> Status[None]:
    """Book a call."""
    slow_down(_person(request))
    api.book_callback(reference, as_actor(_person(request)), body.starts_at)
    return Status(204, None)


@router.put("/cases/{reference}/callback", auth=customer_auth, response={204: None})
def move(request: HttpRequest, reference: str, body: SlotIn) -> Status[None]:
    """Move a booked call."""
    slow_down(_person(request))
    api.move_callback(reference, as_actor(_person(request)), body.starts_at)
    return Status(204, None)


@router.delete("/cases/{reference}/callback", auth=customer_auth, response={204: None})
def cancel(request: HttpRequest, reference: str) -> Status[None]:
    """Cancel a booked call."""
    api.cancel_callback(reference, as_actor(_person(request)))
    return Status(204, None)


def _question(question: Question) -> QuestionOut:
    choices = [ChoiceOut(value=v, label=str(label)) for v, label in (question.choices or {}).items()]
    return QuestionOut(
        name=question.name,
        kind=question.kind,
        label=str(question.label),
        help=str(question.help),
        maximum=question.maximum,
        choices=choices,
    )


def _person(request: HttpRequest) -> UUID:
    return UUID(str(request.auth))  # type: ignore[attr-defined]
