"""Standing: what a person may do now, every cause that makes it so, and every change that led there."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guitai.base.ids import new_id

_STATES = ["active", "locked", "frozen", "dormant", "closed"]
_SCOPES = ["sign_in", "spending", "receiving", "withdrawal"]
_CLASSES = ["open", "limited", "silent"]


class StandingRow(models.Model):
    """One row a person, made at registration: the till locks it FOR SHARE. It is the union of the open causes."""

    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(max_length=8, default="active")
    scope = ArrayField(models.CharField(max_length=16), default=list)
    # Reason, disclosure and since are those of the most open cause: the triple may be told as it stands.
    reason = models.CharField(max_length=32, blank=True, default="")
    disclosure = models.CharField(max_length=8, default="open")
    since = models.DateTimeField()
    # Here and not with the person, because the till reads it under the same lock.
    tier = models.PositiveSmallIntegerField(default=0)

    class Meta:
        db_table = "people_standing"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(condition=models.Q(state__in=_STATES), name="people_standing_state_known"),
            models.CheckConstraint(
                condition=models.Q(scope__contained_by=_SCOPES), name="people_standing_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(disclosure__in=_CLASSES), name="people_standing_disclosure_known"
            ),
        ]


class StandingCause(models.Model):
    """One thing that stops something. Each ends by itself or is lifted by itself; none takes another with it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8)
    reason = models.CharField(max_length=32)
    # What tells two causes of one reason apart: the case, the court's order. Empty for the person's own.
    basis = models.CharField(max_length=64, blank=True, default="")
    scope = ArrayField(models.CharField(max_length=16), default=list)
    disclosure = models.CharField(max_length=8, default="open")
    actor = models.CharField(max_length=64)
    since = models.DateTimeField()
    # When it ends by itself; None: only when somebody lifts it.
    until = models.DateTimeField(null=True)
    # By when it is decided, where the turn is ours.
    review_by = models.DateTimeField(null=True)
    evidence = models.JSONField(default=dict)
    # An identity document was seen and accepted for this cause.
    document_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=64, blank=True, default="")
    # released, expired, replaced, woken, cancelled
    ended_how = models.CharField(max_length=16, blank=True, default="")

    class Meta:
        db_table = "people_standing_cause"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "reason", "basis"],
                condition=models.Q(ended_at=None),
                name="people_standing_cause_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=_STATES[1:]), name="people_standing_cause_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(scope__contained_by=_SCOPES), name="people_standing_cause_scope_known"
            ),
            models.CheckConstraint(
                condition=models.Q(disclosure__in=_CLASSES), name="people_standing_cause_class_known"
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "-since"], name="people_standing_cause_person"),
            models.Index(
                fields=["until"],
                condition=models.Q(ended_at=None, until__isnull=False),
                name="people_standing_cause_due",
            ),
        ]


class StandingEvent(models.Model):
    """Append-only history: who changed a standing, from what to what, and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor = models.CharField(max_length=64)
    action = models.CharField(max_length=16)
    state_before = models.CharField(max_length=8)
    state_after = models.CharField(max_length=8)
    scope_after = ArrayField(models.CharField(max_length=16), default=list)
    reason = models.CharField(max_length=32)
    cause = models.UUIDField(null=True)
    # What the person may know of this line.
    disclosure = models.CharField(max_length=8, default="open")
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "people_standing_event"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "-at"], name="people_standing_event_person"),
        ]
