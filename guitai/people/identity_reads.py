"""Reading identities and bound accounts."""

import hmac
from collections.abc import Iterable
from datetime import date, timedelta
from typing import cast
from uuid import UUID

from django.db import transaction

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit import crypto
from guitai.people import reads
from guitai.people.identity_policy import TIER_MAX, identity_policy
from guitai.people.identity_types import AccountDetails, BoundAccount, Identity, ReviewState, ReviewView
from guitai.people.models import Binding, IdentityDocument, IdentityReview, User
from guitai.people.models.binding import ACCOUNT
from guitai.people.models.identity import NUMBER
from guitai.people.rules.accounts import Account, AccountKind, masked_number, number_of
from guitai.people.rules.documents import Document, DocumentKind, age_on, end_of, masked_document
from guitai.people.rules.names import Match

# Shorter ends are guessed too easily, longer ones nobody has in mind.
_END_MIN, _END_MAX = 4, 8
_NOBODY = "0" * _END_MAX


def document_index(document: Document) -> bytes:
    """The keyed index of a document's number."""
    return crypto.blind(document.whole, purpose=NUMBER)


def account_index(account: Account) -> bytes:
    """The keyed index of an account's number."""
    return crypto.blind(account.whole, purpose=ACCOUNT)


def current_document(person: UUID) -> IdentityDocument | None:
    """The document that confirms a person now."""
    return IdentityDocument.objects.filter(person_id=person, state="current").first()


def ends_soon(document: IdentityDocument, today: date) -> bool:
    """Whether a document has ended, or ends so soon that a new one may be given."""
    if document.expires_on is None:
        return False
    return bool(document.expires_on <= today + timedelta(days=identity_policy().expiry_notice_days))


def tier_max(document: IdentityDocument) -> int:
    """How far this document may lead: not everywhere for who is not of age."""
    return identity_policy().minor_tier if _is_minor(document) else TIER_MAX


def identity(person: UUID) -> Identity:
    own = reads.profile(person, None, Actor("customer", str(person)))
    document = current_document(person)
    latest = IdentityReview.objects.filter(person_id=person).order_by("-sent_at").first()
    review = review_view(latest) if latest and latest.state != "withdrawn" else None
    if document is None:
        return Identity(person, own.tier, review=review)
    return Identity(
        person=person,
        tier=own.tier,
        kind=cast(DocumentKind, document.kind),
        country=document.country,
        number=masked_document(document.number),
        name=document.name,
        expires_on=document.expires_on,
        verified_at=document.verified_at,
        minor=_is_minor(document),
        tier_max=tier_max(document),
        review=review,
        ends_soon=ends_soon(document, now().date()),
    )


def review_view(row: IdentityReview) -> ReviewView:
    return ReviewView(
        id=row.id,
        state=cast(ReviewState, row.state),
        sent_at=row.sent_at,
        due_at=row.due_at,
        decided_at=row.decided_at,
        reason=row.reason,
        words=row.words,
        turn=row.turn,
    )


def _is_minor(document: IdentityDocument) -> bool:
    if not document.birth:
        return False
    return age_on(date.fromisoformat(document.birth), now().date()) < identity_policy().adult_age


def document_end_matches(person: UUID, text: str) -> bool:
    document = current_document(person)
    # Somebody without a document costs the same work, so that time tells nothing.
    return _end_matches([document.number if document else _opened_nothing()], text) and document is not None


def card_end_matches(person: UUID, text: str) -> bool:
    # An Alipay account is named by a phone number or an address, which others know: its end proves nothing. How WeChat
    # names its account its owner never sees.
    held = Binding.objects.filter(person_id=person, removed_at=None)
    rows = list(held.exclude(kind__in=("alipay", "wechat")))
    numbers = [number_of(row.number)[1] for row in rows] or [_opened_nothing()]
    return _end_matches(numbers, text) and bool(rows)


def bindings(person: UUID) -> list[BoundAccount]:
    rows = Binding.objects.filter(person_id=person, removed_at=None).order_by("bound_at", "id")
    return [bound(row) for row in rows]


def bindings_of(persons: Iterable[UUID]) -> dict[UUID, list[BoundAccount]]:
    found: dict[UUID, list[BoundAccount]] = {}
    rows = Binding.objects.filter(person_id__in=set(persons), removed_at=None)
    for row in rows.order_by("bound_at", "id"):
        found.setdefault(row.person_id, []).append(bound(row))
    return found


def account_kinds(accounts: Iterable[UUID]) -> dict[UUID, AccountKind]:
    rows = Binding.objects.filter(id__in=set(accounts)).values_list("id", "kind")
    return {row: cast(AccountKind, kind) for row, kind in rows}


def binding(person: UUID, binding_id: UUID) -> BoundAccount:
    return bound(binding_row(person, binding_id))


def binding_row(person: UUID, binding_id: UUID) -> Binding:
    """An account that is bound now; refuses not_found for any other, somebody else's included."""
    row = Binding.objects.filter(id=binding_id, person_id=person, removed_at=None).first()
    if row is None:
        raise NotFound()
    return row


def account_details(binding_id: UUID, purpose: Purpose, reader: Actor) -> AccountDetails:
    """An account in full, with its look recorded; one that was removed is still paid what is on its way."""
    row = Binding.objects.filter(id=binding_id, number_sealed__isnull=False).first()
    if row is None:
        raise NotFound()
    details = {"account": str(row.id)}
    with transaction.atomic():
        audit.record(
            reader, "person.account_read", ("person", str(row.person_id)), purpose=purpose, details=details
        )
    code, number = number_of(row.number)
    return AccountDetails(
        row.id, cast(AccountKind, row.kind), row.country, number, code, row.holder, row.bank
    )


def account_holders(binding_id: UUID) -> list[UUID]:
    """Everybody who has, or had, this account bound, the person of this binding left out."""
    row = Binding.objects.filter(id=binding_id).first()
    if row is None:
        raise NotFound()
    others = Binding.objects.filter(number_index=row.number_index).exclude(person_id=row.person_id)
    return sorted(set(others.values_list("person_id", flat=True))) if row.number_index else []


def name_of(person: UUID, purpose: Purpose, reader: Actor) -> str:
    """The name a person is known by: that of the document, or the one they gave; the look is recorded."""
    user = User.objects.filter(id=person, kind=User.Kind.CUSTOMER).first()
    if user is None:
        raise NotFound()
    with transaction.atomic():
        audit.record(reader, "person.name_read", ("person", str(person)), purpose=purpose)
    document = current_document(person)
    return document.name if document else user.name


def bound(row: Binding) -> BoundAccount:
    """A row as it may be shown."""
    _, number = number_of(row.number)
    return BoundAccount(
        id=row.id,
        person=row.person_id,
        kind=cast(AccountKind, row.kind),
        country=row.country,
        bank=row.bank,
        masked=masked_number(number),
        holder=row.holder,
        name_match=cast(Match, row.name_match),
        bound_at=row.bound_at,
        usable_at=row.usable_at,
        confirmed_at=row.confirmed_at,
        usable=row.usable_at <= now(),
    )


def _end_matches(numbers: Iterable[str], text: str) -> bool:
    """Whether a number ends like this: every number is compared, none sooner than the others."""
    typed = end_of(text)
    if not _END_MIN <= len(typed) <= _END_MAX:
        typed = ""
    asked = crypto.mac("people.end", typed)
    found = 0
    for number in numbers:
        end = end_of(number)[-(len(typed) or _END_MAX) :]
        found |= hmac.compare_digest(asked, crypto.mac("people.end", end))
    return bool(found) and bool(typed)


def _opened_nothing() -> str:
    nobody = new_id()
    return crypto.unseal(crypto.seal(_NOBODY, purpose=NUMBER, row=nobody), purpose=NUMBER, row=nobody)
