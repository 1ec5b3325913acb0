"""The cold reserve: requests with their exact text, who signed them, and which keys were agreed."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

KINDS = ("release", "rotation", "rehearsal")
STATES = ("open", "done", "expired", "withdrawn")


class ReserveSigners(models.Model):
    """A set of keys that counted from a moment on: the first as it was published, each later one by signatures."""

    id = models.UUIDField(primary_key=True, default=new_id)
    number = models.PositiveIntegerField(unique=True)
    digest = models.TextField()
    needed = models.PositiveIntegerField()
    # [{"name": …, "public_key": …}]
    keys = models.JSONField()
    # The rotation that agreed it; null for the first.
    request_id = models.UUIDField(null=True, unique=True)
    since = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_reserve_signers"


class ReserveRequest(models.Model):
    """A wish whose text is signed; what the columns say is only a copy of it."""

    id = models.UUIDField(primary_key=True)
    kind = models.TextField()
    state = models.TextField(default="open")
    # The canonical text, and what names it.
    document = models.BinaryField()
    digest = models.TextField(unique=True)
    policy_version = models.PositiveIntegerField()
    signers = models.ForeignKey(ReserveSigners, on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField(default=0)
    currency = models.TextField(default="")
    asked_by = models.TextField()
    created_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # What moved the money.
    operation_id = models.UUIDField(null=True, unique=True)

    class Meta:
        db_table = "wallet_reserve_request"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="wallet_reserve_request_kind"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="wallet_reserve_request_state"),
            models.CheckConstraint(
                condition=~Q(kind="release", state="done") | Q(operation_id__isnull=False),
                name="wallet_reserve_request_moved",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="wallet_reserve_open", condition=Q(state="open"))
        ]


class ReserveSignature(models.Model):
    """One key's signature; a key signs a request once."""

    pk = models.CompositePrimaryKey("request_id", "key")
    request_id = models.UUIDField()
    key = models.TextField()
    signature = models.TextField()
    submitted_by = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_reserve_signature"
