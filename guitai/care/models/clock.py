"""Clocks and promises: what a case owes, counted in open hours, and what a customer was told."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.models.case import Case

_STATES = ("pending", "running", "paused", "met", "cancelled")
_METRICS = ("acknowledge", "first_reply", "next_reply", "resolve", "statutory")
_PROMISE_STATES = ("open", "kept", "broken", "void")


class CaseClock(models.Model):
    """One thing a case owes by a time; its rule is kept as it was, whatever the policy becomes."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="clocks")
    metric = models.CharField(max_length=12)
    state = models.CharField(max_length=10, default="pending")
    rule: Any = models.JSONField()
    policies = models.CharField(max_length=120)
    since = models.DateTimeField(null=True)
    used_seconds = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_clock"
        constraints: ClassVar = [
            models.CheckConstraint(name="care_clock_state_known", condition=models.Q(state__in=_STATES)),
            models.CheckConstraint(name="care_clock_metric_known", condition=models.Q(metric__in=_METRICS)),
            models.UniqueConstraint(
                fields=["case", "metric"],
                condition=models.Q(state__in=("pending", "running", "paused")),
                name="care_clock_one_open_a_metric",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                name="care_clock_due",
                condition=models.Q(state="running", breached_at=None),
            ),
            models.Index(fields=["case"], name="care_clock_case"),
        ]


class ClockEventRow(models.Model):
    """One start, pause, resumption or end of a clock: together they explain it. Never changed."""

    id = models.UUIDField(primary_key=True, default=new_id)
    clock = models.ForeignKey(CaseClock, on_delete=models.PROTECT, related_name="events")
    kind = models.CharField(max_length=10)
    at = models.DateTimeField(default=now)
    facts: Any = models.JSONField(default=dict)

    class Meta:
        db_table = "care_clock_event"
        indexes: ClassVar = [models.Index(fields=["clock", "id"], name="care_clock_event_clock")]


class Promise(models.Model):
    """A time that a customer was told, by a page, a person or a call."""

    id = models.UUIDField(primary_key=True, default=new_id)
    customer = models.UUIDField()
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="promises")
    clock = models.ForeignKey(CaseClock, null=True, on_delete=models.PROTECT, related_name="promises")
    # What was promised: reply, resolve, statutory, call_back, arrival, third_party, other.
    what = models.CharField(max_length=20)
    subject_kind = models.CharField(max_length=20, default="")
    subject = models.UUIDField(null=True)
    told_by = models.CharField(max_length=10)
    told_at = models.DateTimeField(default=now)
    by_when = models.DateTimeField()
    policies = models.CharField(max_length=160, default="")
    state = models.CharField(max_length=8, default="open")
    ended_at = models.DateTimeField(null=True)
    # When we said that we are late: before the customer has to ask.
    told_late_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_promise"
        constraints: ClassVar = [
            models.CheckConstraint(
                name="care_promise_state_known", condition=models.Q(state__in=_PROMISE_STATES)
            ),
            models.UniqueConstraint(
                fields=["what", "subject_kind", "subject"],
                condition=models.Q(state="open", subject__isnull=False),
                name="care_promise_one_open_a_subject",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["by_when"], name="care_promise_due", condition=models.Q(state="open")),
            models.Index(fields=["ended_at"], name="care_promise_ended"),
            models.Index(fields=["case"], name="care_promise_case"),
            models.Index(fields=["customer"], name="care_promise_customer"),
        ]
