"""What a withdrawal is besides its operation: to which account, what was promised, how far it has come."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now

ACCOUNT = "withdrawal.account"
# `ended`: nothing of it is on its way any more; how it ended stands with the operation.
STAGES = ("held", "queued", "sent", "accepted", "ended")


class Withdrawal(models.Model):
    """One withdrawal. The account is named as it was, so that one that was removed can still be told."""

    operation_id = models.UUIDField(primary_key=True)
    rail = models.TextField()
    account = models.UUIDField()
    # JSON: the bank's name and the masked number.
    account_sealed = models.BinaryField(null=True)
    # The reservation of the fee; that of the amount stands with the operation.
    fee_pending = models.UUIDField(null=True)
    priority = models.SmallIntegerField(default=0)
    stage = models.TextField()
    started_at = models.DateTimeField(default=now)
    # Since when it has waited to leave; what was promised then, and never changed afterwards.
    queued_at = models.DateTimeField(null=True)
    earliest_at = models.DateTimeField(null=True)
    promised_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_withdrawal"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=STAGES), name="wallet_withdrawal_stage_known"),
            models.CheckConstraint(
                condition=Q(stage__in=("held", "ended"))
                | Q(queued_at__isnull=False, promised_at__isnull=False),
                name="wallet_withdrawal_promised",
            ),
            models.CheckConstraint(
                condition=Q(stage="ended", ended_at__isnull=False)
                | (~Q(stage="ended") & Q(ended_at__isnull=True)),
                name="wallet_withdrawal_ended",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["-priority", "queued_at"], name="wallet_withdrawal_queue", condition=Q(stage="queued")
            ),
            models.Index(fields=["account"], name="wallet_withdrawal_account"),
        ]
