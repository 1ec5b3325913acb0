"""The payment PIN: a keyed code, never the digits, with a bounded number of tries."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q


class Pin(models.Model):
    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    code = models.BinaryField(max_length=32)
    failures = models.PositiveSmallIntegerField(default=0)
    locks = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    set_at = models.DateTimeField()
    # When it last took the place of one that was forgotten, and with which proof: for a while less may leave.
    replaced_at = models.DateTimeField(null=True)
    replaced_with = models.TextField(default="")

    class Meta:
        db_table = "people_pin"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=Q(failures__lt=5), name="people_pin_failures_bounded"),
        ]
