"""What stands around a standing: failed sign-ins, the freeze word, documents to get out, closing, dormancy."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guitai.base.ids import new_id


class SignInFailure(models.Model):
    """Wrong passwords for one phone number, whether anybody holds it or not: both are locked alike."""

    phone_index = models.BinaryField(max_length=32, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    # How often this number was locked before, for the length of the next time.
    locks = models.PositiveSmallIntegerField(default=0)
    window_start = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in_failure"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["window_start"], name="people_sign_in_failure_old"),
        ]


class FreezeWord(models.Model):
    """A word that freezes and does nothing else; kept as a keyed code, never as it was typed."""

    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    code = models.BinaryField(max_length=32)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "people_freeze_word"


class ReleaseDocument(models.Model):
    """An identity document that somebody showed to get out of a cause; staff look at it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    cause = models.ForeignKey("people.StandingCause", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    files = ArrayField(models.UUIDField())
    # waiting, accepted, declined
    state = models.CharField(max_length=8, default="waiting")
    submitted_at = models.DateTimeField()
    due_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True, default="")
    # Why it was declined: unreadable, expired, other_person, not_a_document
    why = models.CharField(max_length=24, blank=True, default="")

    class Meta:
        db_table = "people_release_document"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["cause"], condition=Q(state="waiting"), name="people_release_document_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "accepted", "declined"]),
                name="people_release_document_state_known",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=Q(state="waiting"), name="people_release_document_due"),
        ]


class Closing(models.Model):
    """A wish to close the account: agreed, cooling off, then carried out or taken back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    # cooling, closed, cancelled, blocked
    state = models.CharField(max_length=16, default="cooling")
    agreement_version = models.CharField(max_length=32)
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=32, blank=True, default="")

    class Meta:
        db_table = "people_closing"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="cooling"), name="people_closing_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["cooling", "closed", "cancelled", "blocked"]),
                name="people_closing_state_known",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], condition=Q(state="cooling"), name="people_closing_due"),
        ]


class DormancyNotice(models.Model):
    """Somebody was told that their wallet will sleep, and when; waking up deletes it."""

    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    warned_at = models.DateTimeField()
    due_at = models.DateTimeField()

    class Meta:
        db_table = "people_dormancy_notice"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["due_at"], name="people_dormancy_notice_due"),
        ]
