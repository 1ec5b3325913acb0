"""Looks at a customer without a case: rare, short, and looked at by somebody else afterwards."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guitai.base.clock import now
from guitai.base.ids import new_id


class BreakGlass(models.Model):
    """A supervisor opens one customer's data for a quarter of an hour, and says why."""

    id = models.UUIDField(primary_key=True, default=new_id)
    staff = models.UUIDField()
    customer = models.UUIDField()
    reason = models.TextField()
    opened_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    reviewed_by = models.UUIDField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    verdict = models.CharField(max_length=12, default="")
    review_words = models.TextField(default="")

    class Meta:
        db_table = "desk_break_glass"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="desk_break_glass_verdict_known", condition=Q(verdict__in=("", "right", "wrong"))
            ),
            models.CheckConstraint(
                name="desk_break_glass_reviewed_by_another",
                condition=Q(reviewed_by=None) | ~Q(reviewed_by=F("staff")),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["opened_at"], name="desk_break_glass_unreviewed", condition=Q(reviewed_by=None)
            ),
            models.Index(fields=["customer"], name="desk_break_glass_customer"),
        ]
