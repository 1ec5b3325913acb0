"""Money back to the payer of an order."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.rails.models.errand import Errand

STATES = ("queued", "asked", "accepted", "done", "rejected")


class Refund(Errand):
    """One refund; its reference is ours, and makes the wish repeatable."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    refund_reference = models.TextField()
    order_reference = models.TextField()
    # The payment that is sent back, by the rail's own number.
    payment_bank_reference = models.TextField()
    paid_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    priority = models.SmallIntegerField(default=0)
    state = models.TextField(default="queued")
    code = models.TextField(null=True)
    queued_at = models.DateTimeField(default=now)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rails_refund"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "refund_reference"], name="rails_refund_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="rails_refund_state_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=models.F("paid_minor")),
                name="rails_refund_amount_within_paid",
            ),
            models.CheckConstraint(
                condition=Q(state="queued") | Q(asked_at__isnull=False), name="rails_refund_asked_for"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["rail", "-priority", "queued_at"],
                name="rails_refund_queue",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["rail", "next_query_at"],
                name="rails_refund_to_query",
                condition=Q(next_query_at__isnull=False),
            ),
            models.Index(fields=["order_reference"], name="rails_refund_order"),
        ]
