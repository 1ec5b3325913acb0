"""Codes that a signed-in person proves an address with: a new number, a mail address, the number they have."""

import hmac
import secrets
from datetime import timedelta
from typing import Any, Literal
from uuid import UUID

from django.db.models import F

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.notify.types import AddressChannel
from guitai.people.errors import CodeWrong, TooManyAttempts
from guitai.people.models import SmsCode, User

Purpose = Literal["step", "step_mail", "pin", "number_old", "number_new", "mail_new"]
_CODE, _ADDRESS = "people.address_code", "people.address_code.address"
_VALID, _TRIES = timedelta(minutes=10), 5
_SENT_AN_HOUR, _TRIED_AN_HOUR = 6, 20
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def plain_code(text: str) -> str:
    """The digits of a code as typed: full-width ones, spaces and dashes are understood."""
    return "".join(text.translate(_FULL_WIDTH).split()).replace("-", "")


def send_address_code(
    purpose: Purpose, user: User, channel: AddressChannel, address: str, *, taken: str = ""
) -> UUID:
    """Send six digits to an address of, or claimed by, a person.

    takes    what for, who, sms or email, the address, the kind of a message that goes out instead when the address
             is somebody else's (then the code can never be right, and the answer looks the same)
    gives    the id of the code, to be kept where the person's step is kept
    refuses  too_many_attempts
    """
    key = f"{purpose}:{user.id}"
    if not (
        allow("people.address.soon", key, limit=2, window_s=20)
        and allow("people.address.hour", key, limit=_SENT_AN_HOUR, window_s=3600)
        and allow("people.address.to", address.lower(), limit=2 * _SENT_AN_HOUR, window_s=3600)
    ):
        raise TooManyAttempts()
    row, code = SmsCode(id=new_id(), purpose=purpose), f"{secrets.randbelow(10**6):06}"
    row.phone_index = crypto.blind(address.lower(), purpose=_ADDRESS)
    row.person = None if taken else user.id
    row.code, row.sent_at = crypto.mac(_CODE, str(row.id), code), now()
    row.expires_at = row.sent_at + _VALID
    facts: dict[str, Any] = {"code": code, "minutes": int(_VALID.total_seconds() // 60)}
    with outermost():
        row.save(force_insert=True)
        kind, said = (taken, {}) if taken else (f"people.code_{purpose}", facts)
        notify.send_to_address(channel, address, kind, said, language=user.language, key=f"code:{row.id}")
    return row.id


def check_address_code(purpose: Purpose, person: UUID, code: str, sent: UUID | None) -> None:
    """Use up a code; refuses code_wrong (wrong, used, expired, five tries gone: all alike), too_many_attempts."""
    if not allow("people.address.try", f"{purpose}:{person}", limit=_TRIED_AN_HOUR, window_s=3600):
        raise TooManyAttempts()
    moment = now()
    row = SmsCode.objects.filter(id=sent, purpose=purpose, used_at=None, expires_at__gt=moment).first()
    if row is None:
        raise CodeWrong()
    # Counted by the database before it is compared, so that parallel guesses share the five tries.
    counted = SmsCode.objects.filter(id=row.id, tries__lt=_TRIES, used_at=None).update(tries=F("tries") + 1)
    right = hmac.compare_digest(bytes(row.code), crypto.mac(_CODE, str(row.id), plain_code(code)))
    if not counted or not right or row.person != person:
        raise CodeWrong()
    if not SmsCode.objects.filter(id=row.id, used_at=None).update(used_at=moment):
        raise CodeWrong()
