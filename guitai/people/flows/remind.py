"""Reminders: the monthly review of one's safety, and renewing the password where the operator wants it."""

from datetime import timedelta

from django.db.models import Q

from guitai.base.clock import now
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.checkup import checkup
from guitai.people.models import SignIn, User
from guitai.people.policies import sign_in_policy

_AT_ONCE = 500
_LIVELY = timedelta(days=90)


def remind_reviews() -> int:
    """Ask those whose last review is long ago, and who use their wallet, to look at their safety; gives how many."""
    days = sign_in_policy().review_every_days
    if not days:
        return 0
    moment = now()
    before = moment - timedelta(days=days)
    due = User.objects.filter(kind=User.Kind.CUSTOMER, is_active=True, registered_at__lte=before)
    due = due.filter(Q(review_told_at=None) | Q(review_told_at__lte=before))
    lively = SignIn.objects.filter(seen_at__gt=moment - _LIVELY).values("person_id")
    told = 0
    for user in due.filter(id__in=lively).order_by("id")[:_AT_ONCE]:
        with outermost():
            if not _take(user, "review_told_at", before):
                continue
            weak = sum(one.level == "weak" for one in checkup(user.id).findings)
            kind = "people.review_weak" if weak else "people.review"
            notify.send(user.id, kind, {"number": weak}, key=f"review:{user.id}:{moment.date()}")
        told += 1
    return told


def remind_renewals() -> int:
    """Remind of passwords older than the policy's days, once in as many days; off unless the policy says so."""
    days = sign_in_policy().password_renew_days
    if not days:
        return 0
    moment = now()
    before = moment - timedelta(days=days)
    due = User.objects.filter(kind=User.Kind.CUSTOMER, is_active=True, registered_at__isnull=False)
    due = due.filter(Q(password_at__lte=before) | Q(password_at=None, registered_at__lte=before))
    due = due.filter(Q(renewal_told_at=None) | Q(renewal_told_at__lte=before))
    told = 0
    for user in due.order_by("id")[:_AT_ONCE]:
        with outermost():
            if not _take(user, "renewal_told_at", before):
                continue
            facts = {"days": days}
            notify.send(user.id, "people.password_old", facts, key=f"renewal:{user.id}:{moment.date()}")
        told += 1
    return told


def _take(user: User, field: str, before: object) -> bool:
    """Only one worker tells a person."""
    open_ = Q(**{field: None}) | Q(**{f"{field}__lte": before})
    return bool(User.objects.filter(open_, id=user.id).update(**{field: now()}))
