"""Getting out by oneself: each proof is checked by itself, and the last one lifts exactly one cause."""

from dataclasses import dataclass
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import check_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.people.errors import (
    PasskeyNotAccepted,
    PasswordTooWeak,
    PasswordUnchanged,
    RecoveryCodeWrong,
    ReleaseIncomplete,
    StandingChanged,
    TooManyAttempts,
)
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.passkey_payment import Given as Credential
from guitai.people.flows.passkey_payment import payment_checks
from guitai.people.flows.prove import prove as confirm
from guitai.people.flows.send_code import check_code
from guitai.people.flows.set_pin import check_choice, check_own_password, store_pin
from guitai.people.flows.standing import hold, lift, only_cause
from guitai.people.identity_types import Proof
from guitai.people.models import User
from guitai.people.rules.pin import clean_pin
from guitai.people.rules.standing import check_release, remaining
from guitai.people.standing_reads import cause_of, standing
from guitai.people.types import Cause, Standing, StepCode

# What is done in the end, after everything has been proved.
_LAST: frozenset[StepCode] = frozenset({"new_password", "new_pin"})


@dataclass(frozen=True, slots=True)
class Given:
    """What somebody gives to get out, in one go or a part of it."""

    password: str = ""
    code: str = ""
    pin: str = ""
    recovery_code: str = ""
    passkey: Credential = ""
    new_password: str = ""
    new_pin: str = ""


def binding_of(cause: UUID) -> str:
    """What a passkey signs to get out of a cause; it is good for nothing else."""
    return f"release:{cause}"


def prove(person: UUID, cause: UUID, step: StepCode, given: Given, *, sent: UUID | None = None) -> None:
    """Check one proof and count the try; what is right is used up. Refuses what the proof refuses."""
    user = User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    match step:
        case "password":
            check_own_password(user, given.password)
        case "sms_code":
            check_code("release", user.phone, given.code, sent=sent)
        case "pin":
            confirm(person, Proof(pin=given.pin))
        case "recovery_code":
            use_recovery_code(person, given.recovery_code)
        case "passkey":
            _use_passkey(person, cause, given.passkey)
        case _:
            raise ReleaseIncomplete(missing=[step])


def finish(person: UUID, cause_id: UUID, proved: frozenset[StepCode], given: Given) -> Standing:
    """Lift a cause whose every step is proved, and take the new password or PIN that it asks for.

    refuses  release_incomplete with the steps that are missing, standing_changed when the cause is another one by
             now, release_needs_staff, password_too_weak, password_unchanged, pin_too_simple
    """
    actor = Actor("customer", str(person))
    with outermost():
        held = hold(person)
        row = held.open(cause_id)
        if row is None:
            raise StandingChanged()
        cause = cause_of(row, held.means)
        check_release(cause, str(person), actor)
        missing = [step.code for step in remaining(cause, proved) if not _given_last(step.code, given)]
        if missing:
            raise ReleaseIncomplete(missing=[str(code) for code in missing])
        _take_new(person, cause, given)
        shown = ",".join(sorted(proved | ({"identity_document"} if cause.document_at else set())))
        return lift(person, cause_id, actor, evidence={"proofs": shown})


def release_self(person: UUID, given: Given, cause_id: UUID | None = None) -> Standing:
    """Everything in one go, as an app sends it: check what is given, then lift.

    takes    whose, every proof at once, the cause (None: the only one)
    gives    the standing after; one that is in order stays so
    refuses  what `prove` and `finish` refuse, cause_unclear
    """
    with outermost():
        held = hold(person)
        cause_id = cause_id or only_cause(held, Actor("customer", str(person)))
        row = held.open(cause_id) if cause_id else None
        cause = cause_of(row, held.means) if row else None
    if cause is None:
        if cause_id is not None:
            raise StandingChanged()
        return standing(person)
    check_release(cause, str(person), Actor("customer", str(person)))
    _judge_new(person, cause, given)
    offered = _offered(given)
    missing = [
        step.code for step in remaining(cause, frozenset(offered)) if not _given_last(step.code, given)
    ]
    if missing:
        raise ReleaseIncomplete(missing=[str(code) for code in missing])
    # The code last, so that a slip in the others does not use it up.
    for step in offered:
        prove(person, cause.id, step, given)
    return finish(person, cause.id, frozenset(offered), given)


def use_recovery_code(person: UUID, code: str) -> None:
    """Use one recovery code up; refuses recovery_code_wrong, too_many_attempts."""
    if not allow("people.recovery", str(person), limit=10, window_s=3600):
        raise TooManyAttempts()
    typed = "".join(code.split()).lower()
    with outermost():
        row = Authenticator.objects.filter(user_id=person, type=Authenticator.Type.RECOVERY_CODES).first()
        if row is None or not typed or not row.wrap().validate_code(typed):
            raise RecoveryCodeWrong()
        audit.record(Actor("customer", str(person)), "person.recovery_code_used", ("person", str(person)))


def _use_passkey(person: UUID, cause: UUID, credential: Credential) -> None:
    with outermost():
        check = payment_checks([(person, binding_of(cause), credential)])[0]
    if not check.ok:
        raise PasskeyNotAccepted(why=check.reason)


def _judge_new(person: UUID, cause: Cause, given: Given) -> None:
    """Refuse a new password or PIN that cannot be taken, before anything else is used up."""
    user = User.objects.get(id=person)
    codes = {step.code for step in cause.release}
    if "new_password" in codes and given.new_password:
        try:
            validate_password(given.new_password, user)
        except ValidationError as error:
            raise PasswordTooWeak() from error
        if check_password(given.new_password, user.password):
            raise PasswordUnchanged()
    if "new_pin" in codes and given.new_pin:
        check_choice(user, clean_pin(given.new_pin))


def _take_new(person: UUID, cause: Cause, given: Given) -> None:
    _judge_new(person, cause, given)
    user, codes = User.objects.get(id=person), {step.code for step in cause.release}
    if "new_password" in codes:
        user.set_password(given.new_password)
        user.save(update_fields=["password"])
        end_sessions(person)
        audit.record(Actor("customer", str(person)), "person.password_changed", ("person", str(person)))
    if "new_pin" in codes:
        store_pin(user, clean_pin(given.new_pin), replaced_with="release")


def _offered(given: Given) -> list[StepCode]:
    """The proofs that were given, in the order in which they are tried."""
    order: list[tuple[StepCode, object]] = [
        ("password", given.password),
        ("pin", given.pin),
        ("passkey", given.passkey),
        ("recovery_code", given.recovery_code),
        ("sms_code", given.code),
    ]
    return [step for step, value in order if value]


def _given_last(code: StepCode, given: Given) -> bool:
    return code in _LAST and bool(given.new_password if code == "new_password" else given.new_pin)
