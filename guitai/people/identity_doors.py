"""What people's door says about identity, bound accounts and personal data; `people.api` gives it out."""

from collections.abc import Callable, Iterable, Mapping
from typing import Literal
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.refusal import NotFound
from guitai.kit.cursors import Page
from guitai.kit.files import StoredFile, Upload
from guitai.kit.personal import Kept, Text
from guitai.people import account_offer, data_reads, identity_reads, review_reads
from guitai.people.account_offer import AccountLink
from guitai.people.flows import bindings as _bindings
from guitai.people.flows import identity_declare as _declare
from guitai.people.flows import identity_photos as _photos
from guitai.people.flows import identity_review as _review
from guitai.people.flows import leave as _leave
from guitai.people.flows import personal_data as _data
from guitai.people.identity_types import (
    AccountClaim,
    AccountDetails,
    BoundAccount,
    ExportView,
    Identity,
    IdentityClaim,
    Look,
    Photo,
    Proof,
    ReviewLine,
    ReviewWork,
    Verdict,
)
from guitai.people.rules.accounts import AccountKind
from guitai.people.rules.reviews import BETTER_REASONS, REFUSE_REASONS
from guitai.people.web.identity_words import document_words, reason_choices


def document_end_matches(person: UUID, text: str) -> bool:
    """Whether the number of a person's identity document ends like this.

    takes    whose, four to eight characters as typed (an X may be small, digits full-width)
    gives    True or False, in the same time for right, wrong and a person without a document; limit the tries
    """
    return identity_reads.document_end_matches(person, text)


def card_end_matches(person: UUID, text: str) -> bool:
    """Whether the number of an account that a person has bound ends like this; like `document_end_matches`."""
    return identity_reads.card_end_matches(person, text)


def bindings(person: UUID) -> list[BoundAccount]:
    """The accounts that a person has bound, oldest first, numbers masked."""
    return identity_reads.bindings(person)


def bindings_of(persons: Iterable[UUID]) -> dict[UUID, list[BoundAccount]]:
    """The accounts that several people have bound, by person, numbers masked; whoever has none is left out."""
    return identity_reads.bindings_of(persons)


def binding(person: UUID, binding_id: UUID) -> BoundAccount:
    """One bound account.

    takes    whose, which
    gives    BoundAccount; `usable` says whether its waiting time is over
    refuses  not_found, also when it is somebody else's or was removed
    """
    return identity_reads.binding(person, binding_id)


def set_account_check(check: Callable[[str], bool]) -> None:
    """A room above answers whether money can be paid out to accounts of a kind; `site.wiring` names it."""
    account_offer.set_account_check(check)


def set_account_link(kind: str, link: AccountLink) -> None:
    """A room above knows how accounts of a kind are shown to be somebody's; `site.wiring` names it."""
    account_offer.set_account_link(kind, link)


def account_kinds(accounts: Iterable[UUID]) -> dict[UUID, AccountKind]:
    """Of what kind accounts are, whosever they are, bound or not any more; one read and nothing opened.

    takes    ids of accounts
    gives    the kinds, by id; what there is not is left out
    """
    return identity_reads.account_kinds(accounts)


def bind_account(person: UUID, claim: AccountClaim, proof: Proof) -> BoundAccount:
    """Bind an account of one's own for withdrawals.

    takes    whose, the account (cn_card | iban | us_account | gb_account | hk_account | alipay), password or PIN;
             wechat is bound on its page alone
    gives    BoundAccount; usable after the waiting time of the policy; `person.account_bound` is emitted, and
             `person.account_shared` when somebody else has bound the same account
    refuses  account_needs_link, account_invalid, card_not_supported, account_name_differs, identity_needed,
             already_bound, too_many_bindings, frozen, proof_needed, password_wrong, pin_wrong, pin_locked, pin_not_set,
             too_many_attempts
    source   ISO/IEC 7812-1, ISO 13616
    """
    return _bindings.bind_account(person, claim, proof)


def unbind(person: UUID, binding_id: UUID, proof: Proof) -> None:
    """Remove a bound account; what is on its way to it still arrives.

    takes    whose, which, password or PIN
    gives    nothing; `person.account_unbound` is emitted
    refuses  not_found, proof_needed, password_wrong, pin_wrong, pin_locked, pin_not_set, too_many_attempts
    """
    _bindings.unbind(person, binding_id, proof)


def confirm_account(binding_id: UUID, evidence: str) -> None:
    """Note that money has shown an account to be there and theirs; a second time changes nothing.

    takes    which, what showed it (`small_amount:WD…`), without personal data
    """
    _bindings.confirm_account(binding_id, evidence)


def account_details(binding_id: UUID, *, purpose: Purpose, reader: Actor = SYSTEM) -> AccountDetails:
    """A bound account in full, for the rail that pays to it.

    takes    which (one removed meanwhile included), the purpose, who reads
    gives    AccountDetails; the look is recorded
    refuses  not_found, purpose_missing, purpose_not_real
    """
    return identity_reads.account_details(binding_id, purpose, reader)


def account_holders(binding_id: UUID) -> list[UUID]:
    """Who else has, or had, the same account bound: for risk. Never tell a customer.

    takes    which
    gives    persons, the one of this binding left out
    refuses  not_found
    """
    return identity_reads.account_holders(binding_id)


def name_of(person: UUID, *, purpose: Purpose, reader: Actor = SYSTEM) -> str:
    """The name of a person in full, for a rail that has to say who pays.

    takes    whose, the purpose, who reads
    gives    the name as in the identity document, or else as given at sign-up; the look is recorded
    refuses  not_found, purpose_missing, purpose_not_real
    """
    return identity_reads.name_of(person, purpose, reader)


def identity(person: UUID) -> Identity:
    """Where a person stands with their identity: tier, document (masked), review, what is open to them."""
    return identity_reads.identity(person)


def declare_identity(person: UUID, claim: IdentityClaim) -> Identity:
    """Give the name and the number of an identity document: tier 1.

    takes    whose, the document as it stands there
    gives    Identity; `person.identity_declared` is emitted
    refuses  document_invalid, document_taken (without saying whose), document_expired, expiry_needed,
             birth_date_needed, too_young, identity_confirmed, identity_name_differs, review_open, frozen,
             name_missing, too_many_attempts
    source   GB 11643, ICAO Doc 9303
    """
    return _declare.declare_identity(person, claim)


def send_photos(person: UUID, photos: Mapping[Photo, Upload]) -> Identity:
    """Send photos of the document and of oneself for review: the way to tier 2.

    takes    whose; front, selfie, and back where the document has two sides; after `better_photos` only the new ones
    gives    Identity with its review and by when we answer
    refuses  identity_needed, photos_missing, review_open, identity_confirmed, too_young, too_many_attempts,
             file_too_large, file_empty, file_not_accepted, file_not_a_picture, picture_too_small, file_infected,
             file_not_scanned
    """
    return _photos.send_photos(person, photos)


def withdraw_review(person: UUID) -> None:
    """Take photos back that nobody is looking at; they are erased. Refuses review_not_open."""
    _photos.withdraw_review(person)


def reviews(staff: UUID, cursor: str | None = None) -> Page[ReviewLine]:
    """The queue of identity reviews, the one due first first, customers masked.

    takes    who asks: what colleagues hold is left out, a cursor
    gives    a page of ReviewLine
    refuses  cursor_invalid
    """
    return review_reads.reviews(staff, cursor)


def second_looks() -> list[ReviewLine]:
    """Identity reviews that one member of staff has confirmed and that wait for a second, masked."""
    return review_reads.second_looks()


def reviews_waiting() -> int:
    """How many identity reviews nobody holds."""
    return review_reads.waiting_count()


def review(review_id: UUID) -> ReviewLine:
    """One review, masked; refuses not_found."""
    found = review_reads.review_line(review_id)
    if found is None:
        raise NotFound()
    return found


def claim_review(review_id: UUID, staff: Actor) -> None:
    """Take a review in one's own name; one that was left alone for two hours may be taken over.

    takes    which, who
    refuses  not_found, not_permitted, review_not_open, review_taken, review_needs_another
    """
    _review.claim_review(review_id, staff)


def release_review(review_id: UUID, staff: Actor) -> None:
    """Give a review back to the queue; refuses not_found, review_not_open, review_needs_claim."""
    _review.release_review(review_id, staff)


def review_work(review_id: UUID, staff: Actor) -> ReviewWork:
    """A review in full, for whoever has claimed it; the look is recorded and the customer can see it.

    refuses  not_found, review_not_open, review_needs_claim
    """
    return _review.open_review(review_id, staff)


def review_photo(review_id: UUID, which: Photo, staff: Actor) -> tuple[StoredFile, bytes]:
    """One photo of a review, for whoever has claimed it; the look is recorded.

    refuses  not_found, review_not_open, review_needs_claim
    """
    return _review.open_photo(review_id, which, staff)


def decide_review(review_id: UUID, staff: Actor, verdict: Verdict) -> None:
    """Approve, refuse or ask for better photos. By the policy a second person has to agree to an approval.

    takes    which, who holds it, the verdict with a reason code unless it is an approval
    gives    nothing; the customer is told; `person.identity_approved` or `person.identity_refused` is emitted
    refuses  not_found, review_not_open, review_needs_claim, review_needs_another, review_reason_missing,
             document_expired
    """
    _review.decide_review(review_id, staff, verdict)


def is_identity_review(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `identity` names a review that this member of staff holds or decided."""
    return _review.is_identity_review(actor, purpose)


def looks(person: UUID, cursor: str | None = None) -> Page[Look]:
    """Who looked at a person's data, newest first, as far as the person may know.

    takes    whose, a cursor
    gives    a page of Look
    refuses  cursor_invalid
    """
    return data_reads.looks(person, cursor)


def ask_for_export(person: UUID) -> ExportView:
    """Have a copy of a person's data made by a job; one that is being made already is given instead.

    refuses  too_many_attempts
    """
    return _data.ask_for_export(person)


def open_export(person: UUID, export: UUID, proof: Proof) -> tuple[StoredFile, bytes]:
    """Fetch a copy.

    takes    whose, which, password or PIN
    gives    the ZIP: data.json, index.html, the person's own files
    refuses  not_found, export_not_ready, proof_needed, password_wrong, pin_wrong, pin_locked, pin_not_set
    """
    return _data.open_export(person, export, proof)


def still_kept(person: UUID, what: Text) -> Kept | None:
    """What any room keeps of somebody who leaves or has left, because a law makes the operator keep it.

    takes    whose, and what it is in words
    gives    Kept with the duty and its day; None when the day is over and it must go
    source   the operator's policy `personal_data`
    """
    return _leave.still_kept(person, what)


def review_reasons(what: Literal["better_photos", "refuse"]) -> list[tuple[str, str]]:
    """The reasons for a verdict: codes and what the customer will read, in the active language."""
    return reason_choices(BETTER_REASONS if what == "better_photos" else REFUSE_REASONS)


def document_name(kind: str, country: str) -> str:
    """What a document is called, in the active language; takes the kind and the issuing country."""
    return document_words(kind, country)
