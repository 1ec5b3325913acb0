"""Wrong passwords, counted by phone number whether anybody holds it or not, and the lock that follows.

What a stranger sees of a number is the same in words, in time and in length for a number of nobody: the lock lies
with the number. Whoever holds it is locked and told by the worker, after the answer has gone out.
"""

from datetime import timedelta
from uuid import UUID

from django.db import connection

from guitai.base.clock import now
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.people.errors import SignInLocked
from guitai.people.flows.lock import lock_after_failures
from guitai.people.models import SignInFailure, User
from guitai.people.reads import phone_index
from guitai.people.rules.standing import lock_lasts_hours
from guitai.people.standing_policy import policy_pin, standing_policy

TOPIC = "people.number_locked"
# How long a number is remembered after its last failure: a lock soon after another one lasts longer.
_REMEMBERED = timedelta(days=30)
# One statement, so that parallel guesses are counted one after the other.
_COUNT = """
INSERT INTO people_sign_in_failure AS f (phone_index, failures, locks, window_start) VALUES (%(index)s, 1, 0, %(now)s)
ON CONFLICT (phone_index) DO UPDATE SET
    failures = CASE WHEN f.window_start > %(window)s THEN f.failures + 1 ELSE 1 END,
    window_start = CASE WHEN f.window_start > %(window)s THEN f.window_start ELSE %(now)s END
RETURNING failures, locks
"""


def check_not_locked(phone: str) -> None:
    """Refuse sign_in_locked while a number is locked; asked before any password is looked at."""
    until = (
        SignInFailure.objects.filter(phone_index=phone_index(phone), locked_until__gt=now())
        .values_list("locked_until", flat=True)
        .first()
    )
    if until is not None:
        raise SignInLocked(until=until.isoformat())


def note_failure(phone: str) -> None:
    """Count one wrong password; the one that reaches the policy's bound locks the number.

    refuses  sign_in_locked when this was the last try
    """
    policy, moment, index = standing_policy(), now(), phone_index(phone)
    window = moment - timedelta(hours=policy.failure_window_hours)
    with outermost():
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, {"index": index, "now": moment, "window": window})
            failures, locks = cursor.fetchone()
        if failures < policy.failures_before_lock:
            return
        until = moment + timedelta(hours=lock_lasts_hours(policy.lock_hours, locks, policy.lock_hours_max))
        SignInFailure.objects.filter(phone_index=index).update(
            failures=0, locks=locks + 1, locked_at=moment, locked_until=until
        )
        emit(TOPIC, {"phone_index": index.hex(), "until": until.isoformat(), "failures": failures})
    raise SignInLocked(until=until.isoformat())


def forget_failures(person: UUID) -> None:
    """A right password: the tries before it count no more, the locks before it do."""
    index = User.objects.filter(id=person).values_list("phone_index", flat=True).first()
    if index is not None:
        SignInFailure.objects.filter(phone_index=index, failures__gt=0).update(failures=0)


def number_locked(index: bytes) -> None:
    """Handler of `people.number_locked`, in the relay's transaction: lock whoever holds the number, if anybody."""
    row = SignInFailure.objects.filter(phone_index=index, locked_until__gt=now()).first()
    person = User.objects.filter(phone_index=index, phone_verified=True).values_list("id", flat=True).first()
    if row is None or person is None:
        return
    lock_after_failures(person, "wrong_password", until=row.locked_until, evidence={"policy": policy_pin()})


def forget_old_failures() -> int:
    """Delete what is over and remembered no more; gives how many numbers."""
    moment = now()
    rows = SignInFailure.objects.filter(window_start__lt=moment - _REMEMBERED)
    return rows.exclude(locked_until__gt=moment).delete()[0]
