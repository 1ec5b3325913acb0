"""What the operator set about a rail, version by version."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guitai.base.clock import now
from guitai.base.ids import new_id


class RailSetting(models.Model):
    """One version: whole, so that what was in force can be read; a proposed one waits for a second person."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    # Of a proposal: what it becomes when it is put in force, unless another version has come meanwhile.
    version = models.PositiveIntegerField()
    # in_force: published, the newest of a rail counts · proposed: waits · declined: never came in force
    state = models.TextField(default="in_force")
    # The adapter's fields without its secrets, and what the operator decides about using the rail.
    values = models.JSONField(default=dict)
    terms = models.JSONField(default=dict)
    # JSON of the secret fields; beside it when each was set, which is all that anybody is ever shown.
    secrets_sealed = models.BinaryField()
    secrets_set = models.JSONField(default=dict)
    changed = models.JSONField(default=list)
    note = models.TextField(default="")
    published_by = models.TextField()
    published_at = models.DateTimeField(default=now)
    # Who put a proposal in force, or declined it: never whoever wrote it, except to withdraw it.
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rails_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rail", "version"], condition=Q(state="in_force"), name="rails_setting_version_once"
            ),
            models.UniqueConstraint(
                fields=["rail"], condition=Q(state="proposed"), name="rails_setting_one_proposal"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["in_force", "proposed", "declined"]), name="rails_setting_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | ~Q(decided_by=F("published_by")),
                name="rails_setting_two_persons",
            ),
        ]
