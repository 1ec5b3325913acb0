"""Calls that customers booked: a slot, tries, and how each ended."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.models.case import Case

STATES = ("booked", "calling", "reached", "missed", "cancelled")


class Callback(models.Model):
    """One booked call about a case."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="callbacks")
    customer = models.UUIDField()
    state = models.CharField(max_length=10, default="booked")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # The first slot that was booked: whoever was not reached keeps this place.
    place_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    # Who calls, from when on: written down before they dial.
    staff = models.UUIDField(null=True)
    calling_since = models.DateTimeField(null=True)
    booked_at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_callback"
        constraints: ClassVar = [
            models.CheckConstraint(name="care_callback_state_known", condition=models.Q(state__in=STATES)),
            models.CheckConstraint(
                name="care_callback_calling_is_somebody",
                condition=~models.Q(state="calling") | models.Q(staff__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(state__in=("booked", "calling")),
                name="care_callback_one_open_a_case",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["starts_at"],
                name="care_callback_slots",
                condition=models.Q(state__in=("booked", "calling")),
            ),
            models.Index(fields=["customer", "-booked_at"], name="care_callback_customer"),
        ]
