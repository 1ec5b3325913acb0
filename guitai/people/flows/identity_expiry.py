"""Documents end: the person is told in time, and when it has ended the tier goes down until there is a new one."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.notify import api as notify
from guitai.people import reads
from guitai.people.flows.set_tier import set_tier
from guitai.people.flows.standing import hold
from guitai.people.identity_policy import identity_policy
from guitai.people.models import IdentityDocument

_AT_ONCE = 500


def check_expiries() -> tuple[int, int]:
    """The daily job: gives how many were warned and how many tiers went down."""
    today, policy = now().date(), identity_policy()
    current = IdentityDocument.objects.filter(state="current", verified_at__isnull=False)
    ended = list(current.filter(expires_on__lte=today).values_list("id", flat=True)[:_AT_ONCE])
    soon = current.filter(
        expires_on__gt=today,
        expires_on__lte=today + timedelta(days=policy.expiry_notice_days),
        expiry_told_at=None,
    )
    return sum(_warn(document) for document in soon[:_AT_ONCE]), sum(_end(document) for document in ended)


def _warn(document: IdentityDocument) -> bool:
    with transaction.atomic():
        told = IdentityDocument.objects.filter(id=document.id, expiry_told_at=None).update(
            expiry_told_at=now()
        )
        if told:
            facts = {"on": document.expires_on.isoformat()}
            notify.send(
                document.person_id, "people.identity_ends", facts, key=f"ends:{document.id}:{facts['on']}"
            )
    return bool(told)


def _end(document_id: UUID) -> bool:
    with transaction.atomic():
        person = IdentityDocument.objects.values_list("person_id", flat=True).get(id=document_id)
        hold(person)
        document = IdentityDocument.objects.select_for_update().get(id=document_id)
        if document.state != "current" or document.verified_at is None:
            return False
        tier = identity_policy().expired_tier
        if reads.profile(person, None, SYSTEM).tier > tier:
            set_tier(person, tier, SYSTEM, None, {"document": str(document.id), "reason": "expired"})
            notify.send(person, "people.identity_ended", {}, key=f"ended:{document.id}:{document.expires_on}")
        # Confirmed no longer: the next run need not look at it again.
        document.verified_at = None
        document.save(update_fields=["verified_at"])
    return True
