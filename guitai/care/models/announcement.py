"""What the operator tells everybody: changes of policy and fees, outages, warnings."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.types import ANNOUNCEMENT_KINDS

_STATES = ("draft", "published", "withdrawn")


class Announcement(models.Model):
    """One announcement in both languages; what was published is never changed, only followed by updates."""

    id = models.UUIDField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=20)
    # What it is about, for outages: a rail, messages, the counter, the wallet.
    service = models.CharField(max_length=30, default="")
    title = models.JSONField()
    words = models.JSONField()
    state = models.CharField(max_length=12, default="draft")
    # From when it counts: a new fee is announced before it is charged.
    effective_at = models.DateTimeField(null=True)
    ends_at = models.DateTimeField(null=True)
    tell_everybody = models.BooleanField(default=False)
    told_to = models.UUIDField(null=True)
    told_at = models.DateTimeField(null=True)
    written_by = models.UUIDField(null=True)
    written_at = models.DateTimeField(default=now)
    published_by = models.UUIDField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_announcement"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="care_announcement_kind_known", condition=models.Q(kind__in=ANNOUNCEMENT_KINDS)
            ),
            models.CheckConstraint(
                name="care_announcement_state_known", condition=models.Q(state__in=_STATES)
            ),
            models.CheckConstraint(
                name="care_announcement_published_when",
                condition=models.Q(state="draft") | models.Q(published_at__isnull=False),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["-published_at"], name="care_announcement_published"),
        ]


class AnnouncementUpdate(models.Model):
    """What was added later, such as "repaired at 14:05"; never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    announcement = models.ForeignKey(Announcement, on_delete=models.PROTECT, related_name="updates")
    words = models.JSONField()
    written_by = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_announcement_update"


class ServiceSpell(models.Model):
    """A time during which a service was in one state; the last one has no end."""

    id = models.UUIDField(primary_key=True, default=new_id)
    service = models.CharField(max_length=30)
    state = models.CharField(max_length=8)
    began_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_service_spell"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["service"], condition=models.Q(ended_at=None), name="care_service_spell_one_open"
            ),
            models.CheckConstraint(
                name="care_service_spell_state_known",
                condition=models.Q(state__in=("ok", "slow", "down")),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["service", "-began_at"], name="care_service_spell_service")]
