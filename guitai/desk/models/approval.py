"""Service actions: what one member of staff wanted, and what another one decided where two are needed."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.wallet.types import Decided

_STATES = ("open", "running", "done", "declined", "withdrawn", "expired", "failed")


class Approval(models.Model):
    """One wish for a service action; it is carried out once, whoever presses how often."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case_id = models.UUIDField()
    case = models.CharField(max_length=10)
    customer = models.UUIDField()
    action = models.CharField(max_length=30)
    facts: Any = models.JSONField(default=dict)
    reason = models.TextField()
    # How well the customer had shown that it is them, when it was asked for.
    proof_level = models.PositiveSmallIntegerField(default=0)
    needs_second = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="open")
    code = models.TextField(default="")
    maker = models.UUIDField()
    checker = models.UUIDField(null=True)
    decision_reason = models.TextField(default="")
    key = models.CharField(max_length=100)
    asked_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Of what asks the world outside: how often it was begun, and when the last time.
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "desk_approval"
        constraints: ClassVar = [
            models.CheckConstraint(name="desk_approval_state_known", condition=Q(state__in=_STATES)),
            models.CheckConstraint(
                name="desk_approval_two_persons", condition=Q(checker=None) | ~Q(checker=F("maker"))
            ),
            models.CheckConstraint(
                name="desk_approval_second_person",
                condition=~Q(state__in=("done", "running"))
                | Q(needs_second=False)
                | Q(checker__isnull=False),
            ),
            models.CheckConstraint(
                name="desk_approval_running_is_dated",
                condition=~Q(state="running") | Q(tried_at__isnull=False),
            ),
            models.UniqueConstraint(fields=["maker", "key"], name="desk_approval_key_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["asked_at"], name="desk_approval_open", condition=Q(state="open")),
            models.Index(fields=["tried_at"], name="desk_approval_running", condition=Q(state="running")),
            models.Index(fields=["case_id", "-asked_at"], name="desk_approval_case"),
            models.Index(fields=["customer"], name="desk_approval_customer"),
        ]

    @property
    def decided(self) -> Decided:
        """Who asked for it and who agreed, as the verbs want to know it."""
        return Decided(self.id, self.case_id, self.reason, self.maker, self.checker)
