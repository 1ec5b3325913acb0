"""Identity, bank accounts and personal data over the API."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, File, Router, Schema, Status
from ninja.files import UploadedFile

from guitai.kit.downloads import file_response
from guitai.people import data_reads, identity_reads
from guitai.people.access import customer_auth
from guitai.people.account_offer import offered_kinds
from guitai.people.flows.bindings import bind_account, unbind
from guitai.people.flows.identity_declare import declare_identity
from guitai.people.flows.identity_photos import send_photos, withdraw_review
from guitai.people.flows.personal_data import ask_for_export, open_export
from guitai.people.identity_types import (
    AccountClaim,
    BoundAccount,
    ExportView,
    Identity,
    IdentityClaim,
    Proof,
)
from guitai.people.rules.accounts import LINKED
from guitai.people.web.identity_words import review_words
from guitai.people.web.look_words import look_words

router = Router(auth=customer_auth, tags=["identity"])


class ReviewOut(Schema):
    """Photos that were sent: the state, by when we answer, and what to do when they were not enough."""

    state: str
    sent_at: datetime
    due_at: datetime
    reason: str
    remedy: str
    words: str


class IdentityOut(Schema):
    tier: int
    tier_max: int
    kind: str | None
    country: str
    number: str
    name: str
    expires_on: date | None
    verified_at: datetime | None
    review: ReviewOut | None


class IdentityIn(Schema):
    """national_id | passport | home_return_permit | taiwan_permit | residence_permit | permanent_residence."""

    kind: str = Field(max_length=24)
    country: str = Field("", max_length=2)
    number: str = Field(max_length=40)
    name: str = Field(max_length=200)
    birth: date | None = None
    expires_on: date | None = None


class ProofIn(Schema):
    """The password or the payment PIN."""

    password: str = Field("", max_length=128)
    pin: str = Field("", max_length=12)


class AccountIn(ProofIn):
    """cn_card | iban | us_account | gb_account | hk_account | alipay; the code is a routing number, sort code or bank
    code. The number of an Alipay account is the mobile number or e-mail address that signs in to it."""

    kind: str = Field(max_length=16)
    number: str = Field(max_length=60)
    code: str = Field("", max_length=20)
    holder: str = Field(max_length=200)
    bank: str = Field("", max_length=80)


class AccountOut(Schema):
    id: UUID
    kind: str
    country: str
    bank: str
    number: str
    holder: str
    bound_at: datetime
    usable_at: datetime
    usable: bool


class KindOut(Schema):
    """`by` is `number`, or `page` for what is added on the page of the wallet alone."""

    kind: str
    by: str


class LookOut(Schema):
    at: datetime
    who: str
    what: str
    why: str
    reason: str


class LooksOut(Schema):
    items: list[LookOut]
    next_cursor: str | None


class ExportOut(Schema):
    id: UUID
    state: str
    asked_at: datetime
    expires_at: datetime | None
    size: int


@router.get("/me/identity", response=IdentityOut, summary="My tier, my document, and the review of my photos")
def read_identity(request: HttpRequest) -> dict[str, Any]:
    return _identity(identity_reads.identity(_person(request)))


@router.post("/me/identity", response=IdentityOut, summary="Give my document's number and name: tier 1")
def give_identity(request: HttpRequest, body: IdentityIn) -> dict[str, Any]:
    return _identity(declare_identity(_person(request), IdentityClaim(**body.dict())))


@router.post(
    "/me/identity/photos", response=IdentityOut, summary="Send photos for tier 2, as multipart form data"
)
def give_photos(
    request: HttpRequest,
    front: UploadedFile | None = File(None),
    back: UploadedFile | None = File(None),
    selfie: UploadedFile | None = File(None),
) -> dict[str, Any]:
    sent = {"front": front, "back": back, "selfie": selfie}
    given: Any = {which: upload for which, upload in sent.items() if upload is not None}
    return _identity(send_photos(_person(request), given))


@router.delete("/me/identity/photos", response={204: None}, summary="Take my photos back; they are erased")
def take_photos_back(request: HttpRequest) -> Status[None]:
    withdraw_review(_person(request))
    return Status(204, None)


@router.get("/me/bank-accounts", response=list[AccountOut], summary="Accounts that I can withdraw to")
def list_accounts(request: HttpRequest) -> list[dict[str, Any]]:
    return [_account(bound) for bound in identity_reads.bindings(_person(request))]


@router.get(
    "/me/bank-accounts/kinds",
    response=list[KindOut],
    summary="Kinds of account that money can be paid out to now",
)
def kinds(request: HttpRequest) -> list[dict[str, str]]:
    return [{"kind": kind, "by": "page" if kind in LINKED else "number"} for kind in offered_kinds()]


@router.post("/me/bank-accounts", response={201: AccountOut}, summary="Add an account of my own")
def add_account(request: HttpRequest, body: AccountIn) -> Status[dict[str, Any]]:
    claim = AccountClaim(body.kind, body.number, body.holder, body.code, body.bank)
    bound = bind_account(_person(request), claim, Proof(body.password, body.pin))
    return Status(201, _account(bound))


@router.post("/me/bank-accounts/{account}/removal", response={204: None}, summary="Remove an account")
def remove_account(request: HttpRequest, account: UUID, body: ProofIn) -> Status[None]:
    unbind(_person(request), account, Proof(body.password, body.pin))
    return Status(204, None)


@router.get("/me/data", response=LooksOut, summary="Who looked at my data")
def list_looks(request: HttpRequest, cursor: str | None = None) -> dict[str, Any]:
    page = data_reads.looks(_person(request), cursor)
    return {"items": [look_words(look) for look in page.items], "next_cursor": page.next_cursor}


@router.get("/me/data/exports", response=list[ExportOut], summary="Copies of my data")
def list_exports(request: HttpRequest) -> list[ExportView]:
    return data_reads.exports(_person(request))


@router.post("/me/data/exports", response={202: ExportOut}, summary="Ask for a copy of my data")
def add_export(request: HttpRequest) -> Status[ExportView]:
    return Status(202, ask_for_export(_person(request)))


@router.post("/me/data/exports/{export}/content", summary="Fetch a copy, as a ZIP", response={200: None})
def fetch_export(request: HttpRequest, export: UUID, body: ProofIn) -> HttpResponse:
    return file_response(*open_export(_person(request), export, Proof(body.password, body.pin)))


def _person(request: HttpRequest) -> UUID:
    person: UUID = request.auth  # type: ignore[attr-defined]
    return person


def _identity(own: Identity) -> dict[str, Any]:
    review = own.review
    said = review_words(review.state, review.reason) if review else ("", "")
    return {
        "tier": own.tier,
        "tier_max": own.tier_max,
        "kind": own.kind,
        "country": own.country,
        "number": own.number,
        "name": own.name,
        "expires_on": own.expires_on,
        "verified_at": own.verified_at,
        "review": {
            "state": "waiting" if review.state in ("claimed", "second_look") else review.state,
            "sent_at": review.sent_at,
            "due_at": review.due_at,
            "reason": review.reason,
            "remedy": said[1],
            "words": review.words,
        }
        if review
        else None,
    }


def _account(bound: BoundAccount) -> dict[str, Any]:
    return {
        "id": bound.id,
        "kind": bound.kind,
        "country": bound.country,
        "bank": bound.bank,
        "number": bound.masked,
        "holder": bound.holder,
        "bound_at": bound.bound_at,
        "usable_at": bound.usable_at,
        "usable": bound.usable,
    }
