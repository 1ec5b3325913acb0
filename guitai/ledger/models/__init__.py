"""The books. Balances are never indexed, so that their updates stay within the page (HOT)."""

from typing import ClassVar

from django.db import models
from django.db.models import lookups
from django.db.models.functions import Greatest

_BOOKS = [("live", "live"), ("test", "test")]
# Closing an account, and giving that up, need not reserve anything: flags 8 (void), 64 and 128 (closing).
_CLOSES = models.Q(lookups.GreaterThan(models.F("flags").bitand(8 | 64 | 128), 0))

_DATED = ~models.Q(effective_at=models.F("recorded_at"))
_LATEST = Greatest("effective_at", "recorded_at")


class Account(models.Model):
    id = models.UUIDField(primary_key=True)
    book = models.TextField(choices=_BOOKS)
    owner = models.UUIDField(db_index=True)
    code = models.IntegerField()
    currency = models.CharField(max_length=3)
    flags = models.IntegerField(default=0)
    debits_pending = models.BigIntegerField(default=0)
    debits_posted = models.BigIntegerField(default=0)
    credits_pending = models.BigIntegerField(default=0)
    credits_posted = models.BigIntegerField(default=0)
    version = models.BigIntegerField(default=0)
    # Of its last entry, so that a batch learns from its locks what moment it may not fall behind.
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "ledger_account"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(
                    debits_pending__gte=0, debits_posted__gte=0, credits_pending__gte=0, credits_posted__gte=0
                ),
                name="ledger_account_not_negative",
            ),
        ]


class Transfer(models.Model):
    id = models.UUIDField(primary_key=True)
    book = models.TextField(choices=_BOOKS)
    debit_account = models.UUIDField()
    credit_account = models.UUIDField()
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    kind = models.TextField()
    flags = models.IntegerField(default=0)
    pending_id = models.UUIDField(null=True)
    expires_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    user_data = models.UUIDField(null=True)

    class Meta:
        db_table = "ledger_transfer"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) | (models.Q(amount=0) & _CLOSES),
                name="ledger_transfer_positive",
            ),
            models.CheckConstraint(
                condition=~models.Q(debit_account=models.F("credit_account")),
                name="ledger_transfer_two_accounts",
            ),
        ]
        # Empty but for transfers that count at another time than they were written down.
        indexes: ClassVar = [
            models.Index("debit_account", _LATEST, name="ledger_transfer_dated_debit", condition=_DATED),
            models.Index("credit_account", _LATEST, name="ledger_transfer_dated_credit", condition=_DATED),
        ]


class Entry(models.Model):
    pk = models.CompositePrimaryKey("account_id", "seq")
    account_id = models.UUIDField()
    seq = models.BigIntegerField()
    transfer_id = models.UUIDField()
    amount = models.BigIntegerField()
    debits_pending = models.BigIntegerField()
    debits_posted = models.BigIntegerField()
    credits_pending = models.BigIntegerField()
    credits_posted = models.BigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_entry"


class Pending(models.Model):
    """A reservation; of all rows in the books only its fate changes, once."""

    transfer_id = models.UUIDField(primary_key=True)
    state = models.TextField(default="pending")
    amount = models.BigIntegerField()
    expires_at = models.DateTimeField(null=True)
    resolved_by = models.UUIDField(null=True)

    class Meta:
        db_table = "ledger_pending"
        indexes: ClassVar = [
            models.Index(
                fields=["expires_at"], name="ledger_pending_due", condition=models.Q(state="pending")
            )
        ]


class FailedTransfer(models.Model):
    """An id that was refused for a passing reason: it is burnt, so that a retry cannot succeed by surprise."""

    id = models.UUIDField(primary_key=True)
    result = models.TextField()

    class Meta:
        db_table = "ledger_failed_transfer"
