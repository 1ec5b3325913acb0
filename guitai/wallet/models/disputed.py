"""Payments that their sender says somebody else made: what of them is held at the receiving wallet, and who decides."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

STATES = ("held", "returned", "released", "lapsed")


class DisputedPayment(models.Model):
    """One payment is disputed once; what was unspent at that moment stands aside until two people have decided."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # The payment, and the operation by which its unspent part is held.
    operation_id = models.UUIDField(unique=True)
    hold_id = models.UUIDField(unique=True)
    sender = models.UUIDField()
    payee = models.UUIDField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    state = models.TextField(default="held")
    # What the payee is told: open names the payment, limited says only that a sum is being checked.
    disclosure = models.TextField(default="open")
    case = models.UUIDField(null=True)
    held_by = models.TextField()
    held_at = models.DateTimeField(default=now)
    decide_by = models.DateTimeField()
    proposed_verdict = models.TextField(default="")
    proposed_by = models.TextField(default="")
    proposed_reason = models.TextField(default="")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.TextField(default="")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_disputed_payment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="wallet_disputed_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="wallet_disputed_holds_something"),
            models.CheckConstraint(
                condition=Q(state="held") | Q(decided_at__isnull=False), name="wallet_disputed_end_dated"
            ),
            models.CheckConstraint(
                condition=Q(decided_by="") | ~Q(decided_by=models.F("proposed_by")),
                name="wallet_disputed_two_people",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["decide_by"], name="wallet_disputed_open", condition=Q(state="held")),
            models.Index(fields=["case"], name="wallet_disputed_case"),
        ]
