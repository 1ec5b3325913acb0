"""The wallet's own rows. Money stands in the ledger; here stands what it was for."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.wallet.models.adjustment import Adjustment, LimitOverride
from guitai.wallet.models.chargeback import Chargeback
from guitai.wallet.models.disputed import DisputedPayment
from guitai.wallet.models.parked import ParkedPayment
from guitai.wallet.models.recall import Recall
from guitai.wallet.models.reconciliation import CloseItem, DailyClose, LineMatch, Matching, OpenItem
from guitai.wallet.models.reserve import ReserveRequest, ReserveSignature, ReserveSigners
from guitai.wallet.models.slip import Slip
from guitai.wallet.models.small_amounts import SmallAmounts
from guitai.wallet.models.standing_transfer import StandingReference
from guitai.wallet.models.withdrawal import Withdrawal

__all__ = [
    "Adjustment",
    "Chargeback",
    "CloseItem",
    "DailyClose",
    "DisputedPayment",
    "LimitOverride",
    "LineMatch",
    "Matching",
    "OpenItem",
    "ParkedPayment",
    "Recall",
    "ReserveRequest",
    "ReserveSignature",
    "ReserveSigners",
    "Slip",
    "SmallAmounts",
    "StandingReference",
    "Withdrawal",
]


class Claim(models.Model):
    """An idempotency key, kept as long as the books; it was answered by one event of one operation."""

    pk = models.CompositePrimaryKey("actor", "key")
    actor = models.TextField()
    key = models.TextField()
    body_hash = models.BinaryField()
    operation_id = models.UUIDField()
    event_id = models.UUIDField()
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
    # `name@day/minor` of its owner, in its currency: what it took from which day, to be given back there.
    limits_taken = ArrayField(models.TextField(), default=list)
    resolves_by = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_operation"
        indexes: ClassVar = [
            models.Index(
                fields=["owner"],
                name="wallet_operation_open",
                condition=models.Q(state__in=("held", "sent", "processing", "unknown")),
            ),
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

    pk = models.CompositePrimaryKey("operation_id", "owner")
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
        indexes: ClassVar = [
            models.Index(fields=["owner", "since", "operation_id"], name="wallet_party_bills"),
            models.Index(
                fields=["owner", "since"],
                name="wallet_party_attention",
                condition=models.Q(state__in=("awaiting_payment", "held", "unknown", "processing")),
            ),
        ]


class OperationEvent(models.Model):
    """One intent's answer, and so one moment of an operation's timeline: code and facts, never rendered text."""

    pk = models.CompositePrimaryKey("operation_id", "id")
    operation_id = models.UUIDField()
    id = models.UUIDField(default=new_id)
    at = models.DateTimeField(default=now)
    intent = models.TextField()
    outcome = models.TextField()
    # What the timeline calls it; empty when the answer changed nothing.
    event = models.TextField()
    state = models.TextField()
    code = models.TextField(null=True)
    facts = models.JSONField(default=dict)
    actor = models.TextField()
    # The ledger's transfers that it made.
    transfers = ArrayField(models.UUIDField(), default=list)

    class Meta:
        db_table = "wallet_operation_event"


class LimitUsed(models.Model):
    """How much of a limit was taken in one calendar month, and on the latest day of it."""

    pk = models.CompositePrimaryKey("owner", "name", "currency", "month")
    owner = models.UUIDField()
    name = models.TextField()
    currency = models.CharField(max_length=3)
    month = models.DateField()
    month_minor = models.BigIntegerField(default=0)
    day = models.DateField()
    day_minor = models.BigIntegerField(default=0)

    class Meta:
        db_table = "wallet_limit_used"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(day_minor__gte=0, month_minor__gte=models.F("day_minor")),
                name="wallet_limit_used_not_negative",
            )
        ]


class PaceRow(models.Model):
    """How often somebody has sent money within the last hour: twelve counts of five minutes, the latest first."""

    person = models.UUIDField(primary_key=True)
    slot = models.BigIntegerField()
    counts = models.BinaryField()

    class Meta:
        db_table = "wallet_pace"


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
