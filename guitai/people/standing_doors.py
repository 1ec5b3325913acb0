"""The part of the door that is about standing: what stops somebody, and what leads out of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from django.db import transaction

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.people import standing_reads
from guitai.people.errors import ReleaseNeedsProof
from guitai.people.flows import close_account, freeze_now, lock, show_document
from guitai.people.flows import failed_sign_ins as failures
from guitai.people.flows import set_on_call as _on_call
from guitai.people.flows import set_tier as _set_tier
from guitai.people.flows import standing as _standing
from guitai.people.flows.prove import prove
from guitai.people.identity_types import Proof
from guitai.people.rules import standing as rules
from guitai.people.standing_policy import NAME as POLICY
from guitai.people.standing_policy import OnCall, standing_policy
from guitai.people.types import (
    ClosingState,
    Disclosure,
    NewPin,
    Reason,
    Scope,
    ShownDocument,
    StaffStanding,
    Standing,
    StandingChange,
)

# Reasons whose causes are told apart by the case or order that they rest upon.
_BASED: frozenset[Reason] = frozenset({"by_staff", "by_risk", "by_law", "security_check"})
_BASIS_MAX = 64


def standing(person: UUID) -> Standing:
    """What a person may do now, with every cause and what leads out of it; refuses not_found."""
    return standing_reads.standing(person)


def told_standing(person: UUID) -> Standing:
    """A standing as its person may see it: silent causes left out, the reason of limited ones; refuses not_found."""
    return rules.told(standing_reads.standing(person))


def history(person: UUID) -> list[StandingChange]:
    """The latest changes of a standing, newest first, for staff and for the record."""
    return standing_reads.history(person)


def told_history(person: UUID) -> list[StandingChange]:
    """The latest changes of a standing that its person may know of, newest first."""
    return standing_reads.told_history(person)


def standing_for_staff(person: UUID, *, purpose: Purpose, reader: Actor) -> StaffStanding:
    """Everything about a standing, for a stated purpose.

    takes    whose, the case it is for, who reads
    gives    StaffStanding: every cause with evidence and release path, every change, documents that wait, closing
    refuses  not_found, purpose_missing, purpose_not_real
    """
    return standing_reads.standing_for_staff(person, purpose, reader)


def new_pin(person: UUID) -> NewPin | None:
    """When a forgotten payment PIN was last replaced and after which proof: for a while less may leave; None: never."""
    return standing_reads.new_pin(person)


def standings(persons: Iterable[UUID]) -> dict[UUID, Standing]:
    """Several standings at once, without causes and without a lock; ids of nobody are left out."""
    return standing_reads.standings(persons)


def lock_standing(persons: Sequence[UUID]) -> dict[UUID, Standing]:
    """Standings with their tiers, locked FOR SHARE in order of id until the caller's transaction ends.

    takes    ids; must be called inside a transaction
    gives    by id, in one statement, without causes and release path; ids of nobody are left out
    """
    return standing_reads.lock_standing(persons)


def freeze(
    person: UUID,
    actor: Actor,
    reason: Reason,
    *,
    scope: frozenset[Scope] = frozenset({"spending", "withdrawal"}),
    disclosure: Disclosure | None = None,
    purpose: Purpose | None = None,
    evidence: Mapping[str, str] | None = None,
    basis: str | None = None,
) -> Standing:
    """Stop what the scope names, sign the person out everywhere, and tell them as far as the class allows.

    takes    whom, who acts, by_customer | by_staff | by_risk | by_law | security_check, scope, disclosure (that of
             the reason unless given), the purpose (required of staff), plain evidence, and what the cause rests
             upon (the purpose's id unless given): two orders of one reason stand and fall each by itself
    gives    the standing after; other causes stay as they are
    refuses  not_found, purpose_missing, purpose_not_real
    """
    order = replace(
        rules.order_of(reason),
        scope=scope,
        disclosure=disclosure or rules.disclosure_of(reason),
        evidence=dict(evidence or {}),
    )
    if reason in _BASED:
        order = replace(order, basis=(purpose.id if basis is None and purpose else basis or "")[:_BASIS_MAX])
    if reason in ("by_staff", "by_risk"):
        order = replace(order, review_by=now() + timedelta(hours=standing_policy().review_hours))
    with transaction.atomic():
        return _standing.impose(person, actor, order, purpose=purpose)


def freeze_self(person: UUID, *, proof: str) -> None:
    """Freeze on the person's own word; `proof` names what they showed (session, sms_code)."""
    freeze_now.freeze_self(person, proof=proof)


def release(
    person: UUID, actor: Actor, *, cause: UUID | None = None, purpose: Purpose | None = None
) -> Standing:
    """Lift one cause after the caller has asked for the proofs; every other one stays.

    takes    whom, who acts, which cause (None: the only one), the purpose (required of staff)
    gives    the standing after; one that is in order stays so
    refuses  not_found, cause_unclear when several stand and none is named, standing_changed when it stands no more,
             release_needs_staff, purpose_missing, purpose_not_real
    """
    with transaction.atomic():
        held = _standing.hold(person)
        named = cause or _standing.only_cause(held, actor)
        if named is None:
            return held.standing
        return _standing.lift(person, named, actor, purpose=purpose)


def release_by_staff(person: UUID, staff: Actor, *, cause: UUID, purpose: Purpose) -> Standing:
    """Lift one cause that is staff's to lift: what a person lifts by proofs of their own stays theirs.

    takes    whom, who acts, which cause, the case it is for
    gives    the standing after; every other cause stays
    refuses  not_found, standing_changed when it stands no more, release_needs_proof, purpose_missing,
             purpose_not_real
    """
    with transaction.atomic():
        found = _standing.hold(person).open(cause)
        if found is not None and rules.KINDS[found.reason].own:
            raise ReleaseNeedsProof()
        return _standing.lift(person, cause, staff, purpose=purpose)


def lock_after_failures(
    person: UUID,
    reason: Reason,
    *,
    scope: frozenset[Scope] | None = None,
    evidence: Mapping[str, str] | None = None,
    actor: Actor = SYSTEM,
    purpose: Purpose | None = None,
) -> Standing:
    """Lock persistently; the person gets out by proofs of their own.

    takes    whom, wrong_password | wrong_pin | unusual_place | security_check, what to stop (that of the reason
             unless given), plain evidence, who acts, the purpose (required of staff)
    gives    the standing after; a lock of the same reason that stands already stays as it is
    refuses  not_found, purpose_missing, purpose_not_real
    """
    return lock.lock_after_failures(
        person, reason, scope=scope, evidence=evidence, actor=actor, purpose=purpose
    )


def set_tier(
    person: UUID,
    tier: int,
    actor: Actor,
    *,
    purpose: Purpose | None = None,
    evidence: Mapping[str, str] | None = None,
) -> None:
    """Write how much is known of who somebody is, in the caller's transaction, under the lock of the standing.

    takes    whom, 0 to 2, who acts, the purpose (required of staff), plain evidence
    gives    nothing; a line of history and an audit row, unless it is the tier already
    refuses  not_found, purpose_missing, purpose_not_real
    """
    _set_tier.set_tier(person, tier, actor, purpose, evidence or {})


def waiting_documents() -> list[ShownDocument]:
    """Documents that were shown to get out and wait for a look, the most urgent first."""
    return standing_reads.waiting_documents()


def look_at_document(document: UUID, *, reader: Actor, purpose: Purpose) -> ShownDocument:
    """One of them, with its files; the look is recorded. Refuses not_found, purpose_missing, purpose_not_real."""
    return show_document.look_at_document(document, reader, purpose)


def decide_document(document: UUID, staff: Actor, *, accepted: bool, purpose: Purpose, why: str = "") -> None:
    """Accept a document for its cause or decline it, once.

    takes    the document, who decides, the verdict, the purpose, and why it is declined (unreadable, expired,
             other_person, not_a_document)
    gives    nothing; a cause that asked for nothing else is lifted with it
    refuses  not_found, document_decided, purpose_missing, purpose_not_real
    """
    show_document.decide_document(document, staff, accepted=accepted, why=why, purpose=purpose)


def is_document_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `release_document` names a document that was shown: audit asks."""
    return standing_reads.is_document_purpose(actor, purpose)


def on_call() -> tuple[OnCall, ...]:
    """Who is told at any hour when a wallet is frozen without the phone."""
    return standing_policy().on_call


def set_on_call(staff: Actor, reached: Sequence[OnCall], reason: str) -> int:
    """Name who is on call; whoever is new is told so on the very way that will wake them.

    takes    who decides, numbers and mail addresses with a language each, why in words
    gives    the new version of the policy `standing`
    refuses  phone_invalid, email_invalid, policy_changed_meanwhile
    """
    return _on_call.set_on_call(staff, reached, reason)


def is_policy_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a purpose of kind `policy` names the policy that this room lets staff change: audit asks."""
    return purpose.id == POLICY


def set_closing_check(check: Callable[[UUID], tuple[str, ...]]) -> None:
    """A room above answers, by codes, what still keeps an account open; `site.wiring` names it."""
    close_account.set_closing_check(check)


def ask_to_close(person: UUID, *, password: str = "", pin: str = "") -> ClosingState:
    """Begin to close an account, after the person has agreed.

    takes    whose, and the password or the payment PIN
    gives    ClosingState: until when it can be taken back, by signing in
    refuses  proof_needed, password_wrong, pin_wrong, pin_locked, pin_not_set, too_many_attempts, frozen,
             closing_stopped with what remains, closing_open
    """
    prove(person, Proof(password=password, pin=pin))
    return close_account.ask_to_close(person)


def cancel_closing(person: UUID, *, why: str = "asked") -> bool:
    """Take a closing back; gives whether there was one."""
    return close_account.cancel_closing(person, why=why)


def closing(person: UUID) -> ClosingState | None:
    """The closing that is cooling off, if one is."""
    return close_account.closing(person)


def closing_days() -> int:
    """How many days there are to think a closing over."""
    return standing_policy().closing_days


def number_locked(payload: Mapping[str, str]) -> None:
    """Handler of `people.number_locked`: lock whoever holds the number, if anybody does."""
    failures.number_locked(bytes.fromhex(payload["phone_index"]))


def pin_locked(payload: Mapping[str, str | int]) -> None:
    """Handler of `people.pin_locked {person, locks}`: a PIN that is locked again and again locks the wallet."""
    lock.pin_locked(UUID(str(payload["person"])), int(payload["locks"]))


def freeze_claimed(payload: Mapping[str, str]) -> None:
    """Handler of `people.freeze_claimed`: judge a provisional freeze that was asked for without the phone."""
    freeze_now.judge_claim(UUID(payload["claim"]), bytes.fromhex(payload["phone_index"]), payload["end"])


def erase_closed(payload: Mapping[str, str]) -> None:
    """Handler of `person.erasure_due`: every room erases what it may of somebody whose account is closed."""
    close_account.erase(UUID(payload["person"]))
