"""Append-only rows and the chain of digests over them."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Func

from guitai.base.clock import now


class CurrentTransaction(Func):
    """The writing transaction's id: it orders rows for the sealer, which waits until it has ended."""

    template = "(pg_current_xact_id()::text::bigint)"
    output_field = models.BigIntegerField()


class AuditRow(models.Model):
    id = models.BigAutoField(primary_key=True)
    transaction = models.BigIntegerField(db_default=CurrentTransaction())
    at = models.DateTimeField(default=now)
    actor_kind = models.TextField()
    actor_id = models.TextField()
    action = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    purpose_kind = models.TextField(default="")
    purpose_id = models.TextField(default="")
    reason = models.TextField(default="")
    details = models.JSONField(default=dict)

    class Meta:
        db_table = "audit_row"
        indexes: ClassVar = [
            models.Index(fields=["transaction", "id"], name="audit_row_sealing"),
            models.Index("subject_kind", "subject_id", F("id").desc(), name="audit_row_subject"),
        ]


class AuditSeal(models.Model):
    """One link of the chain: a run of rows in sealing order, and the digest over them and the link before."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(default=now)
    rows = models.PositiveIntegerField()
    last_transaction = models.BigIntegerField()
    last_row = models.BigIntegerField()
    digest = models.BinaryField()

    class Meta:
        db_table = "audit_seal"
