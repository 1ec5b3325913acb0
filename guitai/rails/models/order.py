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
    # How the payer pays, where that is not a transfer to an account.
    method = models.TextField(default="transfer")
    form = models.JSONField(default=dict)
    qr = models.TextField(null=True)
    # The page of ours on which the payer ends up, and what the rail was told beside the amount.
    return_url = models.TextField(default="")
    subject = models.TextField(default="")
    on_phone = models.BooleanField(default=False)
    # When the rail is asked next by itself, and how often it has been.
    next_query_at = models.DateTimeField(null=True)
    queries = models.PositiveIntegerField(default=0)
    queried_at = models.DateTimeField(null=True)
    # The wallet wants it closed before its time.
    close_wanted_at = models.DateTimeField(null=True)
    # The rail has said that a payment is under way.
    processing_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    code = models.TextField(null=True)
    # JSON: what it was paid with, where its rail tells; asked for once it is paid.
    paid_with_sealed = models.BinaryField(null=True)

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
                condition=Q(state__in=["starting", "awaiting_payment", "paid", "closed"]),
                name="rails_order_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_at__isnull=False, bank_reference__isnull=False),
                name="rails_order_paid_by_something",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["next_query_at"],
                name="rails_order_to_query",
                condition=Q(next_query_at__isnull=False),
            ),
            models.Index(fields=["order_reference"], name="rails_order_reference"),
        ]
