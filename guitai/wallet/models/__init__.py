"""The wallet's own rows. Money stands in the ledger; here stands what it was for."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class Claim(models.Model):
    """An idempotency key, kept as long as the books."""

    pk = models.CompositePrimaryKey("actor", "key")
    actor = models.TextField()
    key = models.TextField()
    body_hash = models.BinaryField()
    outcome = models.JSONField(null=True)
    claimed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_claim"


class Operation(models.Model):
    """A movement as people know it: its state, its code and facts, never rendered text."""

    id = models.UUIDField(primary_key=True)
    reference = models.CharField(max_length=10, unique=True)
    book = models.TextField(default="live")
    kind = models.TextField()
    state = models.TextField()
    owner = models.UUIDField()
    amount_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    payee = models.UUIDField(null=True)
    payee_phone = models.BinaryField(null=True)
    payee_index = models.BinaryField(null=True)
    note = models.BinaryField(null=True)
    code = models.TextField(null=True)
    facts = models.JSONField(default=dict)
    pending_id = models.UUIDField(null=True)
    delivered = models.BooleanField(default=False)
    limits_taken = models.JSONField(default=list)
    resolves_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_operation"
        indexes: ClassVar = [
            models.Index(fields=["owner", "created_at"], name="wallet_operation_owner"),
            models.Index(
                fields=["resolves_by"],
                name="wallet_operation_due",
                condition=models.Q(resolves_by__isnull=False),
            ),
            models.Index(
                fields=["payee_index"],
                name="wallet_operation_waiting",
                condition=models.Q(state="sent", delivered=False),
            ),
            models.Index(fields=["id"], name="wallet_operation_held", condition=models.Q(state="held")),
        ]


class Party(models.Model):
    """One person's line in their bills."""

    id = models.UUIDField(primary_key=True, default=new_id)
    operation_id = models.UUIDField()
    owner = models.UUIDField()
    direction = models.TextField()
    state = models.TextField()
    code = models.TextField(null=True)
    counterparty = models.UUIDField(null=True)
    counterparty_phone = models.BinaryField(null=True)
    label = models.TextField(default="")
    since = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_party"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["operation_id", "owner"], name="wallet_party_once")
        ]
        indexes: ClassVar = [models.Index("owner", models.F("id").desc(), name="wallet_party_bills")]


class OperationEvent(models.Model):
    """One moment of an operation's timeline."""

    id = models.BigAutoField(primary_key=True)
    operation_id = models.UUIDField(db_index=True)
    at = models.DateTimeField(default=now)
    event = models.TextField()
    state = models.TextField()
    code = models.TextField(null=True)
    facts = models.JSONField(default=dict)
    actor = models.TextField()

    class Meta:
        db_table = "wallet_operation_event"


class Leg(models.Model):
    """Which ledger transfers belong to which operation."""

    transfer_id = models.UUIDField(primary_key=True)
    operation_id = models.UUIDField(db_index=True)

    class Meta:
        db_table = "wallet_leg"


class LimitUsed(models.Model):
    """How much of a limit was taken in one window."""

    pk = models.CompositePrimaryKey("owner", "name", "currency", "window_start")
    owner = models.UUIDField()
    name = models.TextField()
    currency = models.CharField(max_length=3)
    window_start = models.DateTimeField()
    used_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "wallet_limit_used"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(used_minor__gte=0), name="wallet_limit_used_not_negative"
            )
        ]


class Dealing(models.Model):
    """`owner` has dealt with `other` before: their name may be hinted, and a refusal may be told."""

    pk = models.CompositePrimaryKey("owner", "other")
    owner = models.UUIDField()
    other = models.UUIDField()
    since = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_dealing"


class TopUp(models.Model):
    """What the payer was told: payee account, reference, until when."""

    operation_id = models.UUIDField(primary_key=True)
    instructions = models.JSONField(default=dict)
    asked_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_top_up"
