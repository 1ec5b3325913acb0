"""False contacts that people met and told us of."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class ContactReport(models.Model):
    """One report. What was reported may be somebody's number: it is sealed, and found again by its keyed code."""

    id = models.UUIDField(primary_key=True, default=new_id)
    text_sealed = models.BinaryField()
    text_index = models.BinaryField()
    kind = models.CharField(max_length=10)
    answer = models.CharField(max_length=12)
    words_sealed = models.BinaryField(null=True)
    customer = models.UUIDField(null=True)
    # So that one person counts once: the customer, or a keyed code of the address.
    reporter = models.TextField()
    reported_at = models.DateTimeField(default=now)
    handled_at = models.DateTimeField(null=True)
    handled_by = models.UUIDField(null=True)

    class Meta:
        db_table = "care_contact_report"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["text_index", "reporter"], name="care_contact_report_once"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-reported_at"], name="care_contact_report_open", condition=models.Q(handled_at=None)
            ),
            models.Index(fields=["text_index"], name="care_contact_report_index"),
        ]
