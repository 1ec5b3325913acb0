"""What a customer typed and left: kept sealed for a week, and offered again."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class Draft(models.Model):
    """One form of one customer, as it was left."""

    id = models.UUIDField(primary_key=True, default=new_id)
    customer = models.UUIDField()
    # Which form: `new:<category>:<operation>` or `reply:<case>`.
    form = models.CharField(max_length=80)
    fields_sealed = models.BinaryField()
    kept_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "form"], name="care_draft_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["kept_at"], name="care_draft_kept")]
