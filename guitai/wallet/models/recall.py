"""Withdrawals that had left when their wallet was frozen: somebody asks the bank to call them back, within a time."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now

# left: it stayed paid · came_back: the money is in the wallet again
OUTCOMES = ("", "left", "came_back")


class Recall(models.Model):
    """What staff owe one withdrawal: to ask its bank, once, and what came of it."""

    operation_id = models.UUIDField(primary_key=True)
    owner = models.UUIDField()
    wanted_at = models.DateTimeField(default=now)
    # By when the bank is to be asked, and when the supervisors heard that nobody had.
    ask_by = models.DateTimeField()
    late_told_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    asked_by = models.TextField(default="")
    # The number under which the bank works on it.
    bank_number = models.TextField(default="")
    outcome = models.TextField(default="")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_recall"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(outcome__in=OUTCOMES), name="wallet_recall_outcome_known"),
            models.CheckConstraint(
                condition=Q(outcome="", ended_at=None) | (~Q(outcome="") & Q(ended_at__isnull=False)),
                name="wallet_recall_end_dated",
            ),
            models.CheckConstraint(
                condition=Q(asked_at=None, asked_by="") | (Q(asked_at__isnull=False) & ~Q(asked_by="")),
                name="wallet_recall_asked_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["ask_by"], name="wallet_recall_open", condition=Q(ended_at=None))
        ]
