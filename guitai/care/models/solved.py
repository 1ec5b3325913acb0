"""How looking at a trouble ended: without a person, or with one."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id

_OUTCOMES = ("looked", "solved", "asked")


class SolveOutcome(models.Model):
    """One look at a trouble; who looked is kept only as long as it is open, to count once."""

    id = models.UUIDField(primary_key=True, default=new_id)
    customer = models.UUIDField(null=True)
    trouble = models.CharField(max_length=20)
    finding = models.CharField(max_length=60)
    outcome = models.CharField(max_length=8, default="looked")
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_solve_outcome"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="care_solve_outcome_known", condition=models.Q(outcome__in=_OUTCOMES)
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-at"], name="care_solve_outcome_at")]
