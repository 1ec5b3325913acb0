"""The second proofs of a person: authenticator app, recovery code, PIN, password, code by SMS or mail, passkey.

Each is bounded over all processes, and each refusal says only that it was not right.
"""

import hmac
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP

from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.people import webauthn
from guitai.people.errors import (
    CodeWrong,
    IdentityNumberWrong,
    PasskeyRefused,
    PinLocked,
    PinNotSet,
    PinWrong,
    TooManyAttempts,
)
from guitai.people.flows.address_code import check_address_code, plain_code, send_address_code
from guitai.people.flows.check_pins import pin_checks, record_pin_outcomes
from guitai.people.flows.set_pin import check_own_password
from guitai.people.identity_reads import current_document
from guitai.people.models import User
from guitai.people.reads import email_of, has_pin
from guitai.people.rules.sign_in import Means, Way

_CODES_MAX, _CODES_WINDOW_S = 10, 300
# Whoever has held the document once has its number: few tries, so that it cannot be guessed from a part of it.
_NUMBERS_MAX, _NUMBERS_WINDOW_S = 5, 3_600
_Type = Authenticator.Type


def means_of(user: User) -> Means:
    """What a person can prove themselves with."""
    rows = {row.type: row for row in Authenticator.objects.filter(user=user)}
    codes = rows.get(_Type.RECOVERY_CODES)
    return Means(
        passkey=_Type.WEBAUTHN in rows,
        totp=_Type.TOTP in rows,
        recovery=codes is not None and bool(codes.wrap().get_unused_codes()),
        email=bool(email_of(user.id)),
        pin=has_pin(user.id),
        identity=current_document(user.id) is not None,
    )


def send_proof_code(user: User, way: Way) -> UUID:
    """Send the code that the ways `sms` and `email` ask for; refuses too_many_attempts."""
    if way == "email":
        return send_address_code("step_mail", user, "email", email_of(user.id))
    return send_address_code("step", user, "sms", user.phone)


def check_proof(
    user: User, way: Way, given: str, *, sent: UUID | None = None, challenge: bytes = b""
) -> int | None:
    """Check one proof.

    takes    whose, which, what was given (digits, password, or a passkey's assertion as JSON), the id of the code
             that was sent, the challenge that the passkey answers
    gives    the id of the authenticator that was used, if one was
    refuses  code_wrong, identity_number_wrong, password_wrong, pin_wrong, pin_locked, pin_not_set, passkey_refused,
             too_many_attempts
    """
    if way in ("totp", "recovery"):
        return _check_authenticator(user, way, plain_code(given))
    if way == "passkey":
        return check_passkey(user.id, given, challenge)
    if way == "password":
        check_own_password(user, given)
    elif way == "pin":
        check_own_pin(user.id, given)
    elif way == "identity":
        check_own_document(user.id, given)
    else:
        check_address_code("step" if way == "sms" else "step_mail", user.id, given, sent)
    return None


def check_passkey(person: UUID, given: str | Mapping[str, Any], challenge: bytes) -> int:
    """The id of the passkey that answered; refuses passkey_refused."""
    rows = {webauthn.key_of(row).credential_id: row for row in webauthn.passkeys_of([person]).get(person, [])}
    keys = {name: webauthn.key_of(row) for name, row in rows.items()}
    try:
        signer = webauthn.check_assertion(webauthn.read_assertion(given), challenge, keys)
    except webauthn.Rejected as error:
        raise PasskeyRefused(why="not_verified") from error
    return int(rows[signer].id)


def check_own_pin(person: UUID, pin: str) -> None:
    """One try, committed by itself: a refusal must not undo the count."""
    with outermost():
        check = pin_checks([(person, pin)])[0]
        record_pin_outcomes([(person, check.ok)])
    if check.ok:
        return
    if not check.is_set:
        raise PinNotSet()
    if check.locked_until:
        raise PinLocked(until=check.locked_until.isoformat())
    raise PinWrong(attempts_left=check.attempts_left)


def check_own_document(person: UUID, number: str) -> None:
    """The whole number of the document that confirms them; refuses identity_number_wrong, too_many_attempts."""
    if not allow("people.document_number", str(person), limit=_NUMBERS_MAX, window_s=_NUMBERS_WINDOW_S):
        raise TooManyAttempts()
    document = current_document(person)
    typed = "".join(number.split()).upper().encode()
    if document is None or not hmac.compare_digest(typed, document.number.upper().encode()):
        raise IdentityNumberWrong()


def _check_authenticator(user: User, way: Way, code: str) -> int:
    if not allow("people.totp", str(user.pk), limit=_CODES_MAX, window_s=_CODES_WINDOW_S):
        raise TooManyAttempts()
    kind = _Type.TOTP if way == "totp" else _Type.RECOVERY_CODES
    row = Authenticator.objects.filter(user=user, type=kind).first()
    if row is None or not (code.isascii() and code.isdigit()) or not row.wrap().validate_code(code):
        raise CodeWrong()
    row.record_usage()
    return int(row.pk)


def totp_of(user: User) -> TOTP | None:
    """The authenticator app of a person, if one is set up."""
    row = Authenticator.objects.filter(user=user, type=_Type.TOTP).first()
    return row.wrap() if row else None
