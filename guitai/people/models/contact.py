"""The second contact of a person, and a number that is about to become theirs."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.ids import new_id


class EmailContact(models.Model):
    """An e-mail address, proved by a code; a new one takes the place of the old only when it is proved."""

    person = models.OneToOneField("people.User", on_delete=models.CASCADE, primary_key=True, related_name="+")
    address_sealed = models.BinaryField(null=True)
    verified_at = models.DateTimeField(null=True)
    next_sealed = models.BinaryField(null=True)
    # The code that proves the next address.
    code = models.UUIDField(null=True)

    class Meta:
        db_table = "people_email"


class PhoneChange(models.Model):
    """A change of number: proved at once with the old number, after a wait without it."""

    class State(models.TextChoices):
        ASKED = "asked"
        WAITING = "waiting"
        DONE = "done"
        CANCELLED = "cancelled"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    phone_sealed = models.BinaryField()
    # The code that proves the new number.
    code = models.UUIDField(null=True)
    with_old = models.BooleanField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        db_table = "people_phone_change"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state__in=["asked", "waiting"]),
                name="people_phone_change_one_open",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="people_phone_change_due"),
        ]
