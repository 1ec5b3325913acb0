"""Payments out: what was asked for, in which file it left, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.rails.models.errand import Errand

STATES = ("queued", "filed", "sent", "accepted", "settled", "rejected", "returned", "cancelled")
FILE_STATES = ("made", "drafted", "written", "dropping", "dropped")
# Somebody still has to do something with it.
FILES_OPEN = ("made", "drafted", "dropping")


class PayoutFile(models.Model):
    """A file for the bank. Its content is decided once, with the payouts in it, before anything leaves."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    message_id = models.TextField(unique=True)
    currency = models.TextField()
    count = models.PositiveIntegerField()
    control_minor = models.BigIntegerField()
    sha256 = models.BinaryField()
    content_sealed = models.BinaryField()
    # made: decided · drafted: on its way into the folder · written: the bank's client may take it
    # dropping: it never left, its payouts wait again, and its draft is taken away · dropped: it is gone
    state = models.TextField(default="made")
    made_at = models.DateTimeField(default=now)
    written_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    status = models.TextField(default="")

    class Meta:
        db_table = "rails_payout_file"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=FILE_STATES), name="rails_payout_file_state_known"),
            models.CheckConstraint(
                condition=Q(count__gt=0, control_minor__gt=0), name="rails_payout_file_not_empty"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["made_at"], name="rails_payout_file_open", condition=Q(state__in=FILES_OPEN))
        ]


class PayoutRow(Errand):
    """One payment out, in a file or asked for online."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    order_reference = models.TextField()
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    # JSON: name, account, bank, remittance.
    payee_sealed = models.BinaryField()
    # Back to which payment of a customer's: our reference of the order that was paid. Of rails that pay to payments.
    back_to = models.TextField(null=True)
    # What was asked for, to tell the same order again from another one under its reference.
    asked_sha256 = models.BinaryField()
    priority = models.SmallIntegerField(default=0)
    state = models.TextField(default="queued")
    file_id = models.UUIDField(null=True)
    code = models.TextField(null=True)
    iso_reason = models.TextField(null=True)
    queued_at = models.DateTimeField(default=now)
    sent_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Rejected, returned or cancelled.
    ended_at = models.DateTimeField(null=True)
    returned_minor = models.BigIntegerField(null=True)
    statement_entry = models.BigIntegerField(null=True)
    # While its payee has to confirm it: until when, and what their page asks the rail with.
    confirm_until = models.DateTimeField(null=True)
    confirm_package = models.TextField(default="")

    class Meta:
        db_table = "rails_payout"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "order_reference"], name="rails_payout_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="rails_payout_amount_positive"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="rails_payout_state_known"),
            # In a file, or asked for online, exactly when it is under way or beyond; never both.
            models.CheckConstraint(
                condition=Q(state__in=["queued", "cancelled"], file_id__isnull=True, asked_at__isnull=True)
                | (~Q(state__in=["queued", "cancelled"]) & Q(file_id__isnull=False, asked_at__isnull=True))
                | (~Q(state__in=["queued", "cancelled"]) & Q(file_id__isnull=True, asked_at__isnull=False)),
                name="rails_payout_leaves_by_one_way",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["currency", "-priority", "queued_at"],
                name="rails_payout_queue",
                condition=Q(state="queued"),
            ),
            models.Index(
                fields=["rail", "next_query_at"],
                name="rails_payout_to_query",
                condition=Q(next_query_at__isnull=False),
            ),
            models.Index(fields=["file_id"], name="rails_payout_by_file"),
            models.Index(
                fields=["rail", "back_to"], name="rails_payout_back_to", condition=Q(back_to__isnull=False)
            ),
            models.Index(fields=["order_reference"], name="rails_payout_reference"),
        ]
