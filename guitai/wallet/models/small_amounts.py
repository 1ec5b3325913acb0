"""Pairs of small amounts that the house has sent to accounts of customers."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

STATES = ("sent", "confirmed", "failed", "spent", "expired")


class SmallAmounts(models.Model):
    """One pair, and how often somebody has told it wrongly."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.UUIDField()
    account = models.UUIDField()
    currency = models.CharField(max_length=3)
    first_minor = models.BigIntegerField()
    second_minor = models.BigIntegerField()
    # The operations of the house that paid them.
    first_reference = models.CharField(max_length=10, unique=True)
    second_reference = models.CharField(max_length=10, unique=True)
    state = models.TextField(default="sent")
    wrong = models.PositiveSmallIntegerField(default=0)
    code = models.TextField(null=True)
    sent_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_small_amounts"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="wallet_small_amounts_state_known"),
            # What could still be told is one pair an account.
            models.UniqueConstraint(
                fields=["account"], condition=Q(state="sent"), name="wallet_small_amounts_one_open"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "sent_at"], name="wallet_small_amounts_account")]
