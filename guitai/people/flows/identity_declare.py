"""Tier 1: the name and the number of an identity document, one document to one person."""

from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit.throttle import allow
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import identity_reads, reads
from guitai.people.errors import (
    BirthDateNeeded,
    DocumentExpired,
    DocumentInvalid,
    DocumentTaken,
    ExpiryNeeded,
    Frozen,
    IdentityConfirmed,
    IdentityNameDiffers,
    ReviewOpen,
    TooManyAttempts,
    TooYoung,
)
from guitai.people.flows.set_pin import check_present_pin
from guitai.people.flows.set_tier import set_tier
from guitai.people.flows.standing import hold
from guitai.people.identity_policy import identity_policy
from guitai.people.identity_types import Identity, IdentityClaim
from guitai.people.models import IdentityDocument, IdentityReview, User
from guitai.people.models.identity import OPEN_STATES
from guitai.people.rules.documents import WITH_EXPIRY, Document, age_on, read_document
from guitai.people.rules.name import clean_name
from guitai.people.rules.names import compare_names

_TRIES_A_DAY = 5


def declare_identity(person: UUID, claim: IdentityClaim) -> Identity:
    """See `people.api.declare_identity`."""
    # Few, so that nobody finds out by trying which documents have a wallet.
    if not allow("people.identity", str(person), limit=_TRIES_A_DAY, window_s=86_400):
        raise TooManyAttempts()
    standing = reads.standing(person)
    if standing.state != "active":
        raise Frozen(since=standing.since.isoformat() if standing.since else "")
    today, name = now().date(), clean_name(claim.name)
    document = read_document(claim.kind, claim.country, claim.number, today)
    birth = _birth(document, claim.birth, today)
    _check_dates(document, claim.expires_on, birth, today)
    # Before anything is kept, and counted with the tries above: the answer must not become a way to guess the PIN.
    check_present_pin(person, document.number, birth)
    index = identity_reads.document_index(document)
    try:
        with outermost():
            hold(person)
            before = identity_reads.current_document(person)
            _check_change(person, before, name, today)
            row = IdentityDocument(
                id=new_id(), person_id=person, kind=document.kind, country=document.country,
                expires_on=claim.expires_on,
            )  # fmt: skip
            row.put(whole=document.whole, index=index, name=name, birth=birth.isoformat())
            _replace(before, row)
            _take_name(person, name)
            _note(row)
    except IntegrityError as error:
        _note_taken(person, index)
        raise DocumentTaken() from error
    return identity_reads.identity(person)


def _birth(document: Document, given: date | None, today: date) -> date:
    birth = document.birth or given
    if birth is None:
        raise BirthDateNeeded()
    if (given and given != birth) or not date(1900, 1, 1) <= birth <= today:
        raise DocumentInvalid(why="birth")
    return birth


def _check_dates(document: Document, expires_on: date | None, birth: date, today: date) -> None:
    if expires_on is None and document.kind in WITH_EXPIRY:
        raise ExpiryNeeded()
    if expires_on is not None and expires_on <= today:
        raise DocumentExpired(on=expires_on.isoformat())
    minimum = identity_policy().minimum_age
    if age_on(birth, today) < minimum:
        raise TooYoung(minimum=minimum)


def _check_change(person: UUID, before: IdentityDocument | None, name: str, today: date) -> None:
    if IdentityReview.objects.filter(person_id=person, state__in=OPEN_STATES).exists():
        raise ReviewOpen()
    if before is None:
        return
    if before.verified_at and not identity_reads.ends_soon(before, today):
        raise IdentityConfirmed()
    # Another name is another person until staff have seen why it changed.
    if before.verified_at and compare_names(before.name, name) == "different":
        raise IdentityNameDiffers()


def _replace(before: IdentityDocument | None, row: IdentityDocument) -> None:
    if before is not None:
        before.state = "replaced"
        before.save(update_fields=["state"])
    with transaction.atomic():
        row.save(force_insert=True)


def _take_name(person: UUID, name: str) -> None:
    """The name in the document is the name of the wallet; the one given at sign-up was only said."""
    user = User.objects.select_for_update().get(id=person, kind=User.Kind.CUSTOMER)
    if user.name != name:
        user.put_name(name)
        user.save(update_fields=["name_sealed"])
        audit.record(Actor("customer", str(person)), "person.named", ("person", str(person)))


def _note(row: IdentityDocument) -> None:
    actor, person = Actor("customer", str(row.person_id)), row.person_id
    details = {"document": str(row.id), "kind": row.kind, "country": row.country}
    audit.record(actor, "person.identity_declared", ("person", str(person)), details=details)
    set_tier(person, 1, actor, None, {"document": str(row.id)})
    notify.send(person, "people.identity_declared", {"at": now().isoformat()}, key=f"identity:{row.id}")
    emit("person.identity_declared", {"person": str(person), "document": str(row.id)})


def _note_taken(person: UUID, index: bytes) -> None:
    """Whoever judges risk is told which two persons showed one document; the person is not told whose it is."""
    holder = IdentityDocument.objects.filter(number_index=index, state="current").first()
    with transaction.atomic():
        actor, subject = Actor("customer", str(person)), ("person", str(person))
        audit.record(actor, "person.document_taken", subject)
        payload = {"person": str(person), "holder": str(holder.person_id) if holder else None}
        emit("person.document_taken", payload)
