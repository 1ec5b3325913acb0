"""An order given to a rail."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id


class Order(models.Model):
    """A top-up we asked a rail for: written before the rail is called, so that no answer can be lost."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    order_reference = models.TextField()
    # What the payer writes: ours until the rail answers, then whatever the rail chose.
    payment_reference = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    state = models.TextField(default="starting")
    payee_name = models.TextField(default="")
    payee_account = models.TextField(null=True)
    bank_name = models.TextField(default="")
    pay_url = models.TextField(null=True)
    expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    instructed_at = models.DateTimeField(null=True)
    paid_at = models.DateTimeField(null=True)
    bank_reference = models.TextField(null=True)

    class Meta:
        db_table = "rails_order"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "order_reference"], name="rails_order_once"),
            models.UniqueConstraint(
                fields=["rail", "payment_reference"], name="rails_order_payment_reference_once"
            ),
            models.UniqueConstraint(
                fields=["rail", "bank_reference"], name="rails_order_bank_reference_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="rails_order_amount_positive"),
            models.CheckConstraint(
                condition=Q(state__in=["starting", "awaiting_payment", "paid"]),
                name="rails_order_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False, bank_reference__isnull=False),
                name="rails_order_paid_by_something",
            ),
        ]
