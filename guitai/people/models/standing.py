"""Standing: what a person may do now, and every change that led there."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guitai.base.ids import new_id


class StandingRow(models.Model):
    """One row a person, made at registration: the till locks it FOR SHARE."""

    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    state = models.CharField(max_length=8, default="active")
    scope = ArrayField(models.CharField(max_length=16), default=list)
    reason = models.CharField(max_length=32, blank=True, default="")
    disclosure = models.CharField(max_length=8, default="open")
    since = models.DateTimeField()

    class Meta:
        db_table = "people_standing"
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                condition=models.Q(state__in=["active", "locked", "frozen", "dormant", "closed"]),
                name="people_standing_state_known",
            ),
            models.CheckConstraint(
                condition=models.Q(scope__contained_by=["sign_in", "spending", "receiving", "withdrawal"]),
                name="people_standing_scope_known",
            ),
            models.CheckConstraint(
                condition=models.Q(disclosure__in=["open", "limited", "silent"]),
                name="people_standing_disclosure_known",
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
    evidence = models.JSONField(default=dict)

    class Meta:
        db_table = "people_standing_event"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "-at"], name="people_standing_event_person"),
        ]
