"""What customers said about how a case ended, and whose work it was."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.models.case import Case


class Survey(models.Model):
    """One answer a case; a later one replaces it, the timeline keeps both."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="survey")
    # Who held the case when it was solved; nobody where it ended by itself.
    staff = models.UUIDField(null=True)
    category = models.CharField(max_length=30)
    rating = models.PositiveSmallIntegerField()
    solved = models.BooleanField(null=True)
    # 1: it took no effort at all; 5: very much.
    effort = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_survey"
        constraints: ClassVar = [
            models.CheckConstraint(name="care_survey_one_to_five", condition=models.Q(rating__range=(1, 5))),
            models.CheckConstraint(
                name="care_survey_effort_one_to_five",
                condition=models.Q(effort=None) | models.Q(effort__range=(1, 5)),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["-at"], name="care_survey_at")]
