"""A stolen wallet: what was reported, what was stopped, what remains, and which packs were given out."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.models.case import Case

POLICE = "care.emergency.police"
AUDIENCES = ("customer", "staff")


class Emergency(models.Model):
    """One stolen wallet, beside the urgent case that staff work on."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    customer = models.UUIDField()
    opened_at = models.DateTimeField(default=now)
    # What the customer has ticked off, with the moment: {"password": "2026-…"}.
    done: Any = models.JSONField(default=dict)
    # Station and number of the police receipt: they lead to a person, so they are sealed.
    police_sealed = models.BinaryField(null=True)
    police_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_emergency"
        indexes: ClassVar = [models.Index(fields=["customer", "-opened_at"], name="care_emergency_customer")]


class EmergencyBill(models.Model):
    """One operation that was not the customer's, and what could be done about it."""

    id = models.UUIDField(primary_key=True, default=new_id)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, related_name="bills")
    operation = models.UUIDField()
    reference = models.CharField(max_length=10)
    outcome = models.CharField(max_length=20)
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_emergency_bill"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["emergency", "operation"], name="care_emergency_bill_once"),
        ]


class EvidencePack(models.Model):
    """One pack that was given out; each names the one before it, so that none can be denied."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    audience = models.CharField(max_length=10)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.TextField()
    at = models.DateTimeField(default=now)
    manifest_sha256 = models.CharField(max_length=64)
    previous_sha256 = models.CharField(max_length=64)

    class Meta:
        db_table = "care_evidence_pack"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "number"], name="care_evidence_pack_in_order"),
            models.CheckConstraint(
                name="care_evidence_pack_audience_known", condition=models.Q(audience__in=AUDIENCES)
            ),
        ]
