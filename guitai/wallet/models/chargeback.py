"""Payments that whoever paid them disputes at their own bank: what is held of them, and how the bank decided."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

# open: the bank has not decided · won: it stays paid · lost: the bank has taken it back
# lapsed: the bank has said nothing in time, and what was held is its owner's again
STATES = ("open", "won", "lost", "lapsed")


class Chargeback(models.Model):
    """One dispute of one top-up, as its rail told it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    # The rail's own number of the dispute, and what it last said.
    dispute = models.TextField()
    status = models.TextField(default="")
    reason = models.TextField(default="")
    operation_id = models.UUIDField()
    owner = models.UUIDField()
    # What is disputed; what of it was still there and is held, by which operation.
    amount_minor = models.BigIntegerField()
    held_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    hold_id = models.UUIDField(null=True, unique=True)
    state = models.TextField(default="open")
    # Of a lost one: what the house has borne, and the movement by which the whole left.
    borne_minor = models.BigIntegerField(default=0)
    left_id = models.UUIDField(null=True)
    opened_at = models.DateTimeField(default=now)
    decide_by = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_chargeback"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "dispute"], name="wallet_chargeback_once"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="wallet_chargeback_state_known"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, held_minor__gte=0, borne_minor__gte=0)
                & Q(held_minor__lte=models.F("amount_minor")),
                name="wallet_chargeback_amounts",
            ),
            models.CheckConstraint(
                condition=Q(held_minor=0, hold_id=None) | Q(held_minor__gt=0, hold_id__isnull=False),
                name="wallet_chargeback_held_by",
            ),
            models.CheckConstraint(
                condition=Q(state="open", ended_at=None) | (~Q(state="open") & Q(ended_at__isnull=False)),
                name="wallet_chargeback_end_dated",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["decide_by"], name="wallet_chargeback_open", condition=Q(state="open")),
            models.Index(fields=["operation_id"], name="wallet_chargeback_top_up"),
        ]
