"""What the house gives of its own accord, and limits of one customer that differ from everybody's for a while."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.wallet.rules.adjustments import KINDS

_WINDOWS = ("once", "day", "month")


class Adjustment(models.Model):
    """One adjustment: what it was for, who wanted it and who agreed. The money is its operation's."""

    operation_id = models.UUIDField(primary_key=True)
    # Whatever was decided, by one or by two persons, is carried out once.
    approval = models.UUIDField(unique=True)
    owner = models.UUIDField()
    kind = models.CharField(max_length=12)
    # The operation whose fee is waived.
    about = models.UUIDField(null=True)
    case_id = models.UUIDField()
    reason = models.TextField()
    made_by = models.UUIDField()
    agreed_by = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_adjustment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="wallet_adjustment_kind_known"),
            models.UniqueConstraint(
                fields=["about"], condition=Q(kind="fee_waiver"), name="wallet_fee_waived_once"
            ),
            models.CheckConstraint(
                condition=Q(agreed_by=None) | ~Q(agreed_by=models.F("made_by")),
                name="wallet_adjustment_two_persons",
            ),
        ]


class LimitOverride(models.Model):
    """One limit of one customer that differs until a moment; the latest that is open counts."""

    id = models.UUIDField(primary_key=True, default=new_id)
    approval = models.UUIDField(unique=True)
    owner = models.UUIDField()
    name = models.TextField()
    currency = models.CharField(max_length=3)
    window = models.CharField(max_length=5)
    minor = models.BigIntegerField()
    expires_at = models.DateTimeField()
    case_id = models.UUIDField()
    reason = models.TextField()
    made_by = models.UUIDField()
    agreed_by = models.UUIDField(null=True)
    at = models.DateTimeField(default=now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_limit_override"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(window__in=_WINDOWS), name="wallet_limit_override_window"),
            models.CheckConstraint(condition=Q(minor__gte=0), name="wallet_limit_override_not_negative"),
            models.UniqueConstraint(
                fields=["owner", "name", "currency", "window"],
                condition=Q(ended_at=None),
                name="wallet_limit_override_one_open",
            ),
        ]
