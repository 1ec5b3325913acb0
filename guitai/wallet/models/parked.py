"""Money that came in and does not fit its top-up: it stands in suspense until two people, or a rule, settle it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

STATES = ("open", "returning", "credited", "returned")


class ParkedPayment(models.Model):
    """One payment that was proved and not credited as ordered, and what is being done with it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    # The top-up it named, and the rail's message that proves it.
    operation_id = models.UUIDField()
    inbox_id = models.TextField(default="")
    rail = models.TextField()
    bank_reference = models.TextField(default="")
    code = models.TextField()
    # Null in a currency that no books are kept in: such money stands nowhere here.
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(default="")
    state = models.TextField(default="open")
    came_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)
    # What one member of staff proposes and another one approves.
    proposed_action = models.TextField(default="")
    proposed_by = models.TextField(default="")
    proposed_reason = models.TextField(default="")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.TextField(default="")
    # The top-up that it was credited as, or the refund it goes back by.
    credited_as = models.UUIDField(null=True)
    refund_reference = models.TextField(null=True, unique=True)
    refused_code = models.TextField(default="")
    # What is set aside on its rail's account while the rail is to send it back: nothing else leaves from that.
    reserved = models.UUIDField(null=True)
    # Where no statement names the account that paid: when its owner was asked, and which of their own they named.
    asked_at = models.DateTimeField(null=True)
    return_account = models.UUIDField(null=True)

    class Meta:
        db_table = "wallet_parked_payment"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="wallet_parked_state_known"),
            models.CheckConstraint(
                condition=~Q(state="credited") | Q(credited_as__isnull=False),
                name="wallet_parked_credited_as_something",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("open", "credited")) | Q(amount_minor__isnull=False),
                name="wallet_parked_returned_amount_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["operation_id"], name="wallet_parked_operation"),
            models.Index(fields=["came_at", "id"], name="wallet_parked_open", condition=Q(state="open")),
        ]
