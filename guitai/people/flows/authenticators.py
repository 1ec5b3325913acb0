"""Authenticator apps, passkeys and recovery codes: set up, named, taken away; each with its record and its notice."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, validate_totp_code
from allauth.mfa.webauthn.internal.auth import WebAuthn

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import CodeWrong, ProofMissing, TooManyAttempts, TooManyPasskeys
from guitai.people.flows.address_code import plain_code
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.models import User
from guitai.people.rules.device import device_name

_Type = Authenticator.Type
_PASSKEYS_MAX = 10
_CODES_MAX, _CODES_WINDOW_S = 10, 300


def set_totp(user: User, secret: str, code: str) -> Authenticator:
    """Set the authenticator app up after it has shown one right code; refuses code_wrong, frozen, too_many_attempts."""
    check_may_choose(user.id)
    if not allow("people.totp", str(user.pk), limit=_CODES_MAX, window_s=_CODES_WINDOW_S):
        raise TooManyAttempts()
    if not validate_totp_code(secret, plain_code(code)):
        raise CodeWrong()
    with outermost():
        User.objects.select_for_update().get(id=user.id)
        Authenticator.objects.filter(user=user, type=_Type.TOTP).delete()
        made: Authenticator = TOTP.activate(user, secret).instance
        _with_recovery_codes(user)
        _note(user, "totp_set")
    return made


def add_passkey(user: User, name: str, credential: Mapping[str, Any]) -> Authenticator:
    """Store a passkey whose answer has been verified; refuses too_many_passkeys, frozen."""
    check_may_choose(user.id)
    with outermost():
        User.objects.select_for_update().get(id=user.id)
        if Authenticator.objects.filter(user=user, type=_Type.WEBAUTHN).count() >= _PASSKEYS_MAX:
            raise TooManyPasskeys(max=_PASSKEYS_MAX)
        made: Authenticator = WebAuthn.add(user, device_name(name), dict(credential)).instance
        _with_recovery_codes(user)
        _note(user, "passkey_added", name=device_name(name))
    return made


def rename_passkey(user: User, number: int, name: str) -> None:
    """Give a passkey another name; refuses not_found."""
    row = Authenticator.objects.filter(user=user, type=_Type.WEBAUTHN, id=number).first()
    if row is None:
        raise NotFound()
    row.wrap().name = device_name(name)
    row.save(update_fields=["data"])


def remove_authenticator(user: User, number: int) -> None:
    """Take an authenticator app or a passkey away; the last one takes the recovery codes with it.

    refuses  not_found, frozen
    """
    check_may_choose(user.id)
    with outermost():
        User.objects.select_for_update().get(id=user.id)
        row = Authenticator.objects.filter(user=user, id=number).exclude(type=_Type.RECOVERY_CODES).first()
        if row is None:
            raise NotFound()
        row.delete()
        if not _has_authenticator(user):
            Authenticator.objects.filter(user=user).delete()
        _note(user, "totp_removed" if row.type == _Type.TOTP else "passkey_removed")


def make_recovery_codes(user: User) -> list[str]:
    """New recovery codes; the old ones are void. Refuses frozen, and proof_missing without an authenticator."""
    check_may_choose(user.id)
    with outermost():
        User.objects.select_for_update().get(id=user.id)
        if not _has_authenticator(user):
            raise ProofMissing()
        Authenticator.objects.filter(user=user, type=_Type.RECOVERY_CODES).delete()
        made: list[str] = RecoveryCodes.activate(user).get_unused_codes()
        _note(user, "recovery_codes_made")
    return made


def recovery_codes_of(user: User) -> list[str]:
    """The codes that are still good."""
    row = Authenticator.objects.filter(user=user, type=_Type.RECOVERY_CODES).first()
    return list(row.wrap().get_unused_codes()) if row else []


def always_ask(user: User, *, on: bool) -> None:
    """Ask for a second step at every sign-in, or only when something is new; refuses frozen."""
    check_may_choose(user.id)
    with outermost():
        User.objects.filter(id=user.id).update(always_second_step=on)
        _note(user, "second_step_on" if on else "second_step_off")


def _has_authenticator(user: User) -> bool:
    return Authenticator.objects.filter(user=user).exclude(type=_Type.RECOVERY_CODES).exists()


def _with_recovery_codes(user: User) -> None:
    """Whoever loses the authenticator must be able to get back in."""
    RecoveryCodes.activate(user)


def _note(user: User, action: str, **details: str) -> None:
    person: UUID = user.id
    audit.record(Actor("customer", str(person)), f"person.{action}", ("person", str(person)), details=details)
    notify.send(person, f"people.{action}", {"at": now().isoformat()}, key=f"{action}:{person}:{new_id()}")
