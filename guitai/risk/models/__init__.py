"""What risk remembers: signals. Django loads this module once apps are ready: then the room announces its policy."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.risk.policy import declare_policies

STATES = ("open", "harmless", "confirmed")


class Signal(models.Model):
    """Something about a person that staff look at; until they find it harmless, certain movements wait."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=32)
    # What it rests upon: an account, another holder. The same thing again is the same signal.
    source = models.CharField(max_length=64)
    # Who else it touches; they carry no signal of their own.
    others = ArrayField(models.UUIDField(), default=list)
    at = models.DateTimeField(default=now)
    state = models.CharField(max_length=9, default="open")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=64, blank=True, default="")
    reason = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "risk_signal"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "kind", "source"], name="risk_signal_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="risk_signal_state_known"),
            models.CheckConstraint(
                condition=Q(state="open") | (Q(decided_at__isnull=False) & ~Q(decided_by="") & ~Q(reason="")),
                name="risk_signal_decided_by_somebody",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["id"], condition=Q(state="open"), name="risk_signal_open"),
            models.Index(fields=["person"], condition=~Q(state="harmless"), name="risk_signal_holding"),
        ]


declare_policies()
