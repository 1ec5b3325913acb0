"""SMS codes of our own flows. A number that nobody registered gets the same answer, in the same time."""

import hmac
import secrets
from datetime import timedelta
from typing import Literal
from uuid import UUID

from django.db.models import F
from django.utils.translation import get_language

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import CodeWrong, TooManyAttempts
from guitai.people.models import SmsCode, User
from guitai.people.reads import phone_index

CodePurpose = Literal["freeze", "release", "reset", "unlock"]
_CODE = "people.sms_code"
_VALID = timedelta(minutes=10)
_TRIES = 5
_SENT_AN_HOUR: dict[CodePurpose, int] = {"freeze": 20, "release": 8, "reset": 8, "unlock": 8}
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF1A)}


def send_code(purpose: CodePurpose, phone: str, *, source: str) -> UUID:
    """Send a six-digit code.

    takes    what for, a number in E.164, who asks (a network address or a person), for the limits
    gives    the id of the code sent, to be kept in the asker's session
    refuses  too_many_attempts
    """
    index = phone_index(phone)
    # Strict for one asker, wider for the number: a stranger must not use up the tries of its owner.
    if not (
        allow("people.sms.soon", f"{purpose}:{phone}:{source}", limit=1, window_s=20)
        and allow("people.sms.source", f"{phone}:{source}", limit=6, window_s=3600)
        and allow("people.sms.hour", f"{purpose}:{phone}", limit=_SENT_AN_HOUR[purpose], window_s=3600)
    ):
        raise TooManyAttempts()
    owner = User.objects.filter(phone_index=index, phone_verified=True).only("id", "language").first()
    row, code = SmsCode(id=new_id(), purpose=purpose, phone_index=index), f"{secrets.randbelow(10**6):06}"
    row.person = owner.id if owner else None
    row.code, row.sent_at = crypto.mac(_CODE, str(row.id), code), now()
    row.expires_at = row.sent_at + _VALID
    language = owner.language if owner else get_language() or "en"
    with outermost():
        row.save(force_insert=True)
        kind = f"people.code_{purpose}" if owner else "people.number_unknown"
        facts = {"code": code, "minutes": int(_VALID.total_seconds() // 60)} if owner else {}
        notify.send_to_address("sms", phone, kind, facts, language=language, key=f"code:{row.id}")
    return row.id


def check_code(purpose: CodePurpose, phone: str, code: str, *, sent: UUID | None = None) -> UUID:
    """Use up a code.

    takes    the purpose and number it was sent for, what was typed, the id that `send_code` gave to this asker
             (None: the newest for the number, only for somebody who is signed in)
    gives    the person of that number
    refuses  code_wrong (wrong, used, expired, too many tries, number of nobody: all alike)
    """
    typed = "".join(code.translate(_FULL_WIDTH).split()).replace("-", "")
    moment = now()
    rows = SmsCode.objects.filter(phone_index=phone_index(phone), purpose=purpose, used_at=None)
    if sent is not None:
        rows = rows.filter(id=sent)
    latest = rows.filter(expires_at__gt=moment).order_by("-sent_at").first()
    if latest is None:
        raise CodeWrong()
    # Counted by the database before it is compared, so that parallel guesses share the five tries.
    counted = SmsCode.objects.filter(id=latest.id, tries__lt=_TRIES, used_at=None).update(
        tries=F("tries") + 1
    )
    right = hmac.compare_digest(bytes(latest.code), crypto.mac(_CODE, str(latest.id), typed))
    if not counted or not right or latest.person is None:
        raise CodeWrong()
    if not SmsCode.objects.filter(id=latest.id, used_at=None).update(used_at=moment):
        raise CodeWrong()
    return latest.person
