"""By what a customer is known to a payer's bank when money comes without an order."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now


class StandingReference(models.Model):
    """One customer's reference, and the number behind their virtual accounts; neither is ever another's."""

    number = models.BigAutoField(primary_key=True)
    customer = models.UUIDField(unique=True)
    reference = models.CharField(max_length=10, unique=True)
    made_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_standing_reference"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(number__gt=0), name="wallet_standing_number_positive")
        ]
