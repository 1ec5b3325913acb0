"""Bind and unbind the accounts that withdrawals may go to."""

from datetime import timedelta
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
    AccountNameDiffers,
    AccountNeedsLink,
    AlreadyBound,
    Frozen,
    IdentityNeeded,
    TooManyAttempts,
    TooManyBindings,
)
from guitai.people.flows.prove import prove
from guitai.people.identity_policy import binding_policy
from guitai.people.identity_types import AccountClaim, BoundAccount, Proof
from guitai.people.models import Binding, User
from guitai.people.rules.accounts import LINKED, Account, masked_number, read_account
from guitai.people.rules.name import clean_name
from guitai.people.rules.names import Match, compare_names

_TRIES_A_DAY = 20
_BANK_MAX = 80


def bind_account(person: UUID, claim: AccountClaim, proof: Proof, *, linked: bool = False) -> BoundAccount:
    """See `people.api.bind_account`; `linked`: whoever keeps the account has said that it is theirs."""
    if claim.kind in LINKED and not linked:
        raise AccountNeedsLink()
    if not allow("people.bind", str(person), limit=_TRIES_A_DAY, window_s=86_400):
        raise TooManyAttempts()
    _check_may_bind(person)
    account, holder = read_account(claim.kind, claim.number, claim.code), clean_name(claim.holder)
    match = _check_name(person, holder)
    proven = prove(person, proof)
    with outermost():
        # One at a time for one person, so that the count holds.
        User.objects.select_for_update().get(id=person)
        _check_room(person, account)
        row = _write(person, account, holder, match, bank=claim.bank)
        _tell(row, account, "account_bound", proven)
    return identity_reads.bound(row)


def unbind(person: UUID, binding_id: UUID, proof: Proof) -> None:
    """See `people.api.unbind`."""
    identity_reads.binding_row(person, binding_id)
    proven = prove(person, proof)
    with outermost():
        User.objects.select_for_update().get(id=person)
        row = identity_reads.binding_row(person, binding_id)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _tell(row, None, "account_unbound", proven)


def confirm_account(binding_id: UUID, evidence: str) -> None:
    """See `people.api.confirm_account`."""
    with transaction.atomic():
        row = Binding.objects.select_for_update().filter(id=binding_id, confirmed_at=None).first()
        if row is not None:
            row.confirmed_at = now()
            row.save(update_fields=["confirmed_at"])
            subject = ("person", str(row.person_id))
            details = {"account": str(row.id), "evidence": evidence}
            audit.record(Actor("system", "rails"), "person.account_confirmed", subject, details=details)


def _check_may_bind(person: UUID) -> None:
    standing = reads.standing(person)
    if standing.state != "active":
        raise Frozen(since=standing.since.isoformat() if standing.since else "")
    needed = binding_policy().tier
    if reads.profile(person, None, Actor("customer", str(person))).tier < needed:
        raise IdentityNeeded(tier=needed)


def _check_name(person: UUID, holder: str) -> Match:
    document = identity_reads.current_document(person)
    own = document.name if document else User.objects.get(id=person).name
    match = compare_names(own, holder)
    if match == "different" or (match == "close" and not binding_policy().close_names):
        raise AccountNameDiffers()
    return match


def _check_room(person: UUID, account: Account) -> None:
    held = Binding.objects.filter(person_id=person, removed_at=None)
    if held.filter(number_index=identity_reads.account_index(account)).exists():
        raise AlreadyBound()
    most = binding_policy().accounts
    if held.count() >= most:
        raise TooManyBindings(maximum=most)


def _write(person: UUID, account: Account, holder: str, match: Match, *, bank: str) -> Binding:
    moment = now()
    row = Binding(id=new_id(), person_id=person, kind=account.kind, country=account.country)
    row.bank = " ".join("".join(c if c.isprintable() else " " for c in bank).split())[:_BANK_MAX]
    row.name_match, row.bound_at = match, moment
    row.usable_at = moment + timedelta(hours=binding_policy().wait_hours)
    index = identity_reads.account_index(account)
    row.put(whole=account.whole, index=index, holder=holder)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise AlreadyBound() from error
    return row


def _tell(row: Binding, account: Account | None, what: str, proven: str) -> None:
    """The record, the notice to the person, and the topic for whoever judges risk."""
    moment, person = now(), str(row.person_id)
    details = {"account": str(row.id), "kind": row.kind, "proof": proven}
    audit.record(Actor("customer", person), f"person.{what}", ("person", person), details=details)
    facts = {"account": identity_reads.bound(row).masked, "at": moment.isoformat()}
    if account is not None:
        facts |= {"account": masked_number(account.number), "usable_at": row.usable_at.isoformat()}
    notify.send(row.person_id, f"people.{what}", facts, key=f"{what}:{row.id}")
    emit(f"person.{what}", {"person": person, "account": str(row.id)})
    others = identity_reads.account_holders(row.id) if account is not None else []
    if others:
        emit(
            "person.account_shared",
            {"person": person, "account": str(row.id), "others": [str(other) for other in others]},
        )
