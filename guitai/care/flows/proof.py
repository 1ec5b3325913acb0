"""Prove that it is you: asked for by staff in a case, given by the customer, never seen by staff."""

import hmac
import json
import secrets
from datetime import timedelta
from uuid import UUID

from django.db.models import F

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.reference import parse_reference, spoken
from guitai.care.errors import NotFound
from guitai.care.errors_proofs import (
    ProofCodeWrong,
    ProofMethodMissing,
    ProofOver,
    ProofPasskeyRefused,
    ProofPhraseWrong,
    ProofPinLocked,
    ProofPinWrong,
    ProofTooOften,
)
from guitai.care.flows.journal import access_case, append
from guitai.care.models import Case, Proof
from guitai.care.proof_types import LEVELS, Method
from guitai.care.rules.phrases import HALF, new_phrase, same_words
from guitai.care.rules.states import OPEN
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people

CODE, PHRASE = "care.proof_code", "care.proof_phrase"
_ASKED_FOR = timedelta(minutes=10)
_COUNTS_FOR = timedelta(minutes=30)
_TRIES = 5
_ASKED_AN_HOUR = 8


def ask(reference: str, method: Method, staff: Actor) -> UUID:
    """See `care.api.ask_proof`."""
    with outermost():
        case = access_case(reference, staff)
        if case.state not in OPEN:
            raise ProofOver()
        _check_possible(case.customer, method)
        if not allow("care.proof.ask", str(case.id), limit=_ASKED_AN_HOUR, window_s=3600):
            raise ProofTooOften()
        Proof.objects.filter(case=case, method=method, state="asked").update(state="over", ended_at=now())
        row = Proof(
            case=case,
            customer=case.customer,
            method=method,
            asked_by=UUID(staff.id),
            asked_at=now(),
            answer_by=now() + _ASKED_FOR,
        )
        if method == "phrase":
            words = json.dumps(new_phrase(case.language))
            row.phrase = crypto.seal(words, purpose=PHRASE, row=row.id)
        code = f"{secrets.randbelow(10**6):06}" if method == "sms" else ""
        row.code = crypto.mac(CODE, str(row.id), code) if code else None
        row.save(force_insert=True)
        _tell(case, row, code)
        _note(case, row, staff, "asked")
        return row.id


def give_code(reference: str, typed: str, *, source: str) -> None:
    """See `care.api.give_proof_code`: whoever has the phone types it, signed in or not. All wrong ones are alike."""
    if not allow("care.proof.code", source, limit=20, window_s=600):
        raise ProofTooOften()
    canonical = parse_reference(reference)
    row = (
        Proof.objects.filter(case__reference=canonical, method="sms", state="asked", answer_by__gt=now())
        .select_related("case")
        .first()
        if canonical
        else None
    )
    digits = "".join(c for c in typed if c.isdigit())
    if row is None or not _counted(row):
        raise ProofCodeWrong()
    if not hmac.compare_digest(bytes(row.code or b""), crypto.mac(CODE, str(row.id), digits)):
        raise ProofCodeWrong()
    _given(row.id, LEVELS["sms"], Actor("customer", str(row.customer)))


def give_pin(customer: UUID, proof: UUID, pin: str) -> None:
    """See `care.api.give_proof_pin`. The try counts, whatever becomes of the proof."""
    row = own(customer, proof)
    if row.method != "app":
        raise NotFound()
    with outermost():
        check = people.pin_checks([(customer, pin)])[0]
        people.record_pin_outcomes([(customer, check.ok)])
    if check.locked_until:
        raise ProofPinLocked(until=check.locked_until.isoformat())
    if not check.ok:
        raise ProofPinWrong(left=check.attempts_left)
    _given(row.id, LEVELS["app"], Actor("customer", str(customer)))


def give_passkey(customer: UUID, proof: UUID, answer: str) -> None:
    """See `care.api.give_proof_passkey`: it approves this very request of this member of staff."""
    row = own(customer, proof)
    with outermost():
        check = people.payment_checks([(customer, binding(row), answer)])[0]
    if not check.ok or row.method not in ("app", "passkey"):
        raise ProofPasskeyRefused(why=check.reason)
    _given(row.id, LEVELS["passkey"], Actor("customer", str(customer)))


def check_phrase(reference: str, staff: Actor, said: str) -> None:
    """See `care.api.check_proof_phrase`: the agent types what the caller answered."""
    with outermost():
        case = access_case(reference, staff)
        row = Proof.objects.filter(case=case, method="phrase", state="asked", answer_by__gt=now()).first()
    if row is None:
        raise ProofOver()
    if not _counted(row):
        raise ProofPhraseWrong(left=0)
    if not same_words(said, words_of(row)[HALF:]):
        raise ProofPhraseWrong(left=max(0, _TRIES - row.tries - 1))
    _given(row.id, LEVELS["phrase"], staff)


def deny(customer: UUID, proof: UUID, *, alone: bool) -> None:
    """See `care.api.deny_proof`. Somebody who speaks to nobody is being spoken for: staff look at it at once."""
    with outermost():
        row, case = _locked(own(customer, proof).id)
        if row.state != "asked":
            raise ProofOver()
        row.state, row.ended_at = "denied", now()
        row.save()
        actor = Actor("customer", str(customer))
        _note(case, row, actor, "not_talking" if alone else "denied")
        # What was shown before counts no more: somebody else may have shown it.
        if alone:
            Proof.objects.filter(case=case, state="given").update(state="over", ended_at=now())
            emit(
                "care.proof_denied",
                {
                    "proof": str(row.id),
                    "case": str(case.id),
                    "customer": str(customer),
                    "staff": str(row.asked_by),
                },
            )


def own(customer: UUID, proof: UUID) -> Proof:
    """A request that waits for this customer; refuses not_found, proof_over."""
    row = Proof.objects.filter(id=proof, customer=customer).select_related("case").first()
    if row is None:
        raise NotFound()
    if row.state != "asked" or row.answer_by <= now():
        raise ProofOver()
    return row


def words_of(row: Proof) -> tuple[str, ...]:
    """The four words of a phrase."""
    return (
        tuple(json.loads(crypto.unseal(bytes(row.phrase), purpose=PHRASE, row=row.id))) if row.phrase else ()
    )


def binding(row: Proof) -> str:
    """What a passkey approves: this request, of this member of staff, in this case."""
    return f"proof/{row.id}/{row.case_id}/{row.asked_by}"


def _given(proof: UUID, level: int, actor: Actor) -> None:
    with outermost():
        row, case = _locked(proof)
        if row.state != "asked" or row.answer_by <= now():
            raise ProofOver()
        row.state, row.level, row.given_at = "given", level, now()
        row.expires_at, row.ended_at = now() + _COUNTS_FOR, now()
        row.code = row.phrase = None
        row.save()
        _note(case, row, actor, "given")


def _locked(proof: UUID) -> tuple[Proof, Case]:
    """The case first, as everywhere, then its proof."""
    case_id = Proof.objects.values_list("case_id", flat=True).get(id=proof)
    case = Case.objects.select_for_update().get(id=case_id)
    return Proof.objects.select_for_update().get(id=proof), case


def _counted(row: Proof) -> bool:
    """Counted by the database before it is compared, so that guesses at once share the tries."""
    return bool(Proof.objects.filter(id=row.id, tries__lt=_TRIES).update(tries=F("tries") + 1))


def _check_possible(customer: UUID, method: Method) -> None:
    if (method == "app" and not (people.has_pin(customer) or people.has_passkey(customer))) or (
        method == "passkey" and not people.has_passkey(customer)
    ):
        raise ProofMethodMissing()


def _tell(case: Case, row: Proof, code: str) -> None:
    facts = {"case": spoken(case.reference), "proof": str(row.id), "reference": case.reference}
    if row.method == "sms":
        address = people.address_of(case.customer)
        if address is None or not address.phone:
            raise ProofMethodMissing()
        notify.send_to_address(
            "sms", address.phone, "care.proof_code", {**facts, "code": code}, language=address.language,
            key=f"proof:{row.id}",
        )  # fmt: skip
        return
    notify.send(case.customer, "care.proof_asked", facts, key=f"proof:{row.id}")


def _note(case: Case, row: Proof, actor: Actor, step: str) -> None:
    """The case's timeline and the record; never what was shown."""
    until = {"until": row.expires_at.isoformat()} if row.expires_at else {}
    append(case, "proof", actor, {"method": row.method, "step": step, "level": row.level, **until})
    case.save()
    purpose = Purpose("case", str(case.id), "case.proof") if actor.kind == "staff" else None
    audit.record(
        actor, f"care.proof_{step}", ("case", str(case.id)), purpose=purpose,
        details={"method": row.method, "level": row.level, "proof": str(row.id)},
    )  # fmt: skip
