"""What the operator set about a rail, version by version."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class RailSetting(models.Model):
    """One published version: whole, so that what was in force at any time can be read."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    version = models.PositiveIntegerField()
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

    class Meta:
        db_table = "rails_setting"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "version"], name="rails_setting_version_once")
        ]
