"""Prove that it is you: what staff asked a customer for in a case, and what was given."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.models.case import Case

METHODS = ("sms", "phrase", "app", "passkey")
_STATES = ("asked", "given", "denied", "over")


class Proof(models.Model):
    """One request for a proof. What was given counts for half an hour, in its case only."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="proofs")
    customer = models.UUIDField()
    method = models.CharField(max_length=8)
    state = models.CharField(max_length=8, default="asked")
    # 1 knows something that was sent to them; 2 approved in the app with the PIN; 3 used a passkey.
    level = models.PositiveSmallIntegerField(default=0)
    asked_by = models.UUIDField()
    asked_at = models.DateTimeField(default=now)
    answer_by = models.DateTimeField()
    # The keyed code of what was sent by SMS; the words that both sides see, sealed.
    code = models.BinaryField(null=True)
    phrase = models.BinaryField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    given_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_proof"
        constraints: ClassVar = [
            models.CheckConstraint(name="care_proof_method_known", condition=models.Q(method__in=METHODS)),
            models.CheckConstraint(name="care_proof_state_known", condition=models.Q(state__in=_STATES)),
            models.CheckConstraint(
                name="care_proof_given_has_level",
                condition=~models.Q(state="given")
                | (models.Q(level__range=(1, 3)) & models.Q(expires_at__isnull=False)),
            ),
            models.UniqueConstraint(
                fields=["case", "method"], condition=models.Q(state="asked"), name="care_proof_one_asked"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["case", "-expires_at"], name="care_proof_case"),
            models.Index(fields=["customer", "state"], name="care_proof_customer"),
        ]
