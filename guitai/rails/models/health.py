"""How each rail is, in one row that every process writes to."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now


class RailState(models.Model):
    """The circuit breaker of a rail: what its last calls came to, and whether it is called at all."""

    rail = models.TextField(primary_key=True)
    circuit = models.TextField(default="closed")
    # Of the window: calls, failures among them, and the milliseconds that answers took.
    window_at = models.DateTimeField(default=now)
    calls = models.PositiveIntegerField(default=0)
    failures = models.PositiveIntegerField(default=0)
    spent_ms = models.BigIntegerField(default=0)
    # Failures in a row; openings in a row without a quiet time between them.
    failures_in_a_row = models.PositiveIntegerField(default=0)
    trips = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True)
    # When one call may try again; while that one is under way, until when the others wait for it.
    probe_at = models.DateTimeField(null=True)
    last_answer_at = models.DateTimeField(null=True)
    last_failure_at = models.DateTimeField(null=True)
    problem = models.TextField(null=True)
    # What the rooms above were told last, and since when it is so.
    told = models.TextField(default="ok")
    told_since = models.DateTimeField(null=True)

    class Meta:
        db_table = "rails_health"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(circuit__in=["closed", "open", "half_open"]), name="rails_health_circuit_known"
            ),
            models.CheckConstraint(
                condition=Q(circuit="closed") | Q(opened_at__isnull=False, probe_at__isnull=False),
                name="rails_health_open_since",
            ),
        ]
