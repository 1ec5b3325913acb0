"""Sleeping wallets: nobody has been here for the policy's months, and nobody is put to sleep without notices before."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.flows.standing import hold, impose
from guitai.people.models import DormancyNotice, StandingCause, User
from guitai.people.rules import standing as rules
from guitai.people.standing_policy import StandingPolicy, policy_pin, standing_policy

_AT_ONCE = 500
_SLEEPING = ("inactivity", "closed")


def look_for_sleepers() -> tuple[int, int]:
    """Tell those who will fall asleep, and put to sleep those whose day has come; each day once.

    gives    how many notices were written, how many wallets sleep from now on
    """
    policy = standing_policy()
    _forget_the_awake(policy)
    if not policy.dormant_after_months:
        return 0, 0
    return _warn(policy), _put_to_sleep(policy)


def _forget_the_awake(policy: StandingPolicy) -> None:
    """Whoever has been here since the notice is told nothing more; so is everybody when the policy is off."""
    rows = DormancyNotice.objects.all()
    if policy.dormant_after_months:
        rows = rows.filter(person__last_login__gt=F("warned_at"))
    rows.delete()


def _warn(policy: StandingPolicy) -> int:
    moment, told = now(), 0
    first = timedelta(days=max(policy.dormant_notice_days))
    for users in _away(policy, moment + first):
        known = {row.person_id: row for row in DormancyNotice.objects.filter(person_id__in=list(users))}
        with outermost():
            for person, active_at in users.items():
                row = known.get(person) or _first_notice(person, active_at, policy, moment, first)
                told += _tell(row, policy, moment)
    return told


def _first_notice(
    person: UUID, active_at: datetime, policy: StandingPolicy, moment: datetime, first: timedelta
) -> DormancyNotice:
    # A policy that comes into force for people long away gives them the whole time of notice all the same.
    due = max(rules.dormant_from(active_at, policy.dormant_after_months), moment + first)
    return DormancyNotice.objects.create(person_id=person, warned_at=moment, due_at=due)


def _tell(row: DormancyNotice, policy: StandingPolicy, moment: datetime) -> int:
    """The notice whose day it is, if it is one's day; the key says that it is written once."""
    reached = [days for days in policy.dormant_notice_days if row.due_at - timedelta(days=days) <= moment]
    if not reached or row.due_at <= moment:
        return 0
    key = f"dormancy:{row.person_id}:{row.due_at.date()}:{min(reached)}"
    notify.send(row.person_id, "people.dormancy_warning", {"until": row.due_at.isoformat()}, key=key)
    return 1


def _put_to_sleep(policy: StandingPolicy) -> int:
    asleep = 0
    due = DormancyNotice.objects.filter(due_at__lte=now()).order_by("due_at")
    for person in list(due.values_list("person_id", flat=True)[:_AT_ONCE]):
        with transaction.atomic():
            held = hold(person)
            row = DormancyNotice.objects.filter(person_id=person).select_related("person").first()
            if row is None:
                continue
            # Somebody may have come in while this job was running.
            if not _came_back(row) and not any(cause.reason in _SLEEPING for cause in held.causes):
                evidence = {"policy": policy_pin(), "months": str(policy.dormant_after_months)}
                impose(person, SYSTEM, replace(rules.order_of("inactivity"), evidence=evidence))
                asleep += 1
            row.delete()
    return asleep


def _came_back(row: DormancyNotice) -> bool:
    return row.person.last_login is not None and row.person.last_login > row.warned_at


def _away(policy: StandingPolicy, until: datetime) -> Iterable[dict[UUID, datetime]]:
    """Customers whose months are over by a moment, by batches in order of id, with when they were last here."""
    # A month has 28 days at least: whoever was here later than this cannot be among them.
    bound = until - timedelta(days=28 * policy.dormant_after_months)
    rows = (
        User.objects.filter(kind=User.Kind.CUSTOMER, is_active=True, registered_at__isnull=False)
        .exclude(pk__in=StandingCause.objects.filter(ended_at=None, reason__in=_SLEEPING).values("person_id"))
        .annotate(active_at=Coalesce("last_login", "registered_at"))
        .filter(active_at__lte=bound)
        .order_by("id")
    )
    after = UUID(int=0)
    while True:
        found = list(rows.filter(id__gt=after).values_list("id", "active_at")[:_AT_ONCE])
        if not found:
            return
        after = found[-1][0]
        yield {
            person: active_at
            for person, active_at in found
            if rules.dormant_from(active_at, policy.dormant_after_months) <= until
        }
