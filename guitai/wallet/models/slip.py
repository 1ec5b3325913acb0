"""Pictures of bank slips that customers send with "my top-up has not arrived", for whoever settles the payment."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class Slip(models.Model):
    """One picture or PDF, and what its sender said about the payment; the file itself is sealed and cleaned."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.UUIDField()
    file_id = models.UUIDField(unique=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    paid_on = models.DateField()
    # The top-up of theirs that it is about, where one is known, and what they were answered.
    operation_id = models.UUIDField(null=True)
    cause = models.TextField(default="")
    sent_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_slip"
        indexes: ClassVar = [
            models.Index(fields=["currency", "amount_minor", "paid_on"], name="wallet_slip_like"),
            models.Index(fields=["owner", "sent_at"], name="wallet_slip_owner"),
            models.Index(fields=["operation_id"], name="wallet_slip_operation"),
        ]
