"""What was said to us from outside, exactly as it came."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

STATES = ("received", "waiting", "settled", "duplicate", "noted", "exception", "refused")


class InboxMessage(models.Model):
    """A message stored raw before anybody judges it; headers and body never change afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    # notice: the rail told us · query: we asked, and this is one payment of a genuine answer
    origin = models.TextField(default="notice")
    headers = models.JSONField()
    # Sealed: a notice carries the payer's name and account.
    body_sealed = models.BinaryField()
    body_sha256 = models.BinaryField()
    received_at = models.DateTimeField(default=now)
    state = models.TextField(default="received")
    code = models.TextField(null=True)
    facts = models.JSONField(default=dict)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    # Only set from a message that is genuine and readable.
    notice_id = models.TextField(null=True)
    payment_reference = models.TextField(default="")
    bank_reference = models.TextField(null=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.TextField(null=True)
    order_id = models.UUIDField(null=True)
    # What a statement's line of the same payment would name: a reference of ours in the words, or the virtual account.
    named = models.TextField(default="")
    paid_at = models.DateTimeField(null=True)
    # The line of a statement by which its money was credited or settled, when it names no order.
    line_id = models.BigIntegerField(null=True, unique=True)

    class Meta:
        db_table = "rails_inbox"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="rails_inbox_state_known"),
            models.CheckConstraint(
                condition=Q(origin__in=["notice", "query"]), name="rails_inbox_origin_known"
            ),
            # The last line of defence for "exactly once": whatever code does, one of each can be settled.
            models.UniqueConstraint(
                fields=["rail", "notice_id"],
                condition=Q(state="settled"),
                name="rails_inbox_notice_settled_once",
            ),
            models.UniqueConstraint(
                fields=["rail", "bank_reference"],
                condition=Q(state="settled"),
                name="rails_inbox_payment_settled_once",
            ),
            models.UniqueConstraint(
                fields=["order_id"], condition=Q(state="settled"), name="rails_inbox_order_settled_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["received_at"],
                name="rails_inbox_open",
                condition=Q(state__in=["received", "waiting"]),
            ),
            models.Index(fields=["rail", "notice_id"], name="rails_inbox_notice"),
            models.Index(fields=["rail", "bank_reference"], name="rails_inbox_payment"),
            models.Index(
                fields=["rail", "payment_reference"],
                name="rails_inbox_unmatched",
                condition=Q(code="unknown_reference"),
            ),
            models.Index(fields=["order_id"], name="rails_inbox_order"),
            models.Index(
                fields=["received_at"],
                name="rails_inbox_nameless",
                condition=Q(code="unknown_reference", state__in=["waiting", "exception"]),
            ),
            models.Index(fields=["named"], name="rails_inbox_named", condition=~Q(named="")),
        ]
