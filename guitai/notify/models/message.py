"""The outbox: a message is a row first, in the transaction that gives rise to it."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.ids import new_id


class Message(models.Model):
    """What is to be said, as a kind and sealed facts; the words are made at delivery."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.UUIDField(null=True)
    kind = models.CharField(max_length=64)
    facts_sealed = models.BinaryField()
    language = models.CharField(max_length=12, blank=True, default="")
    key = models.CharField(max_length=160, unique=True)
    in_app = models.BooleanField(default=False)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "notify_message"
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["owner", "-at", "-id"], condition=Q(in_app=True), name="notify_message_inbox"
            ),
            models.Index(
                fields=["owner"], condition=Q(in_app=True, read_at=None), name="notify_message_unread"
            ),
        ]


class Delivery(models.Model):
    """One message on one channel: who it went to and in which words lies sealed."""

    class State(models.TextChoices):
        QUEUED = "queued"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="deliveries")
    channel = models.CharField(max_length=8)
    address_sealed = models.BinaryField(null=True)
    address_index = models.BinaryField(null=True, max_length=32)
    title_sealed = models.BinaryField(null=True)
    body_sealed = models.BinaryField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        db_table = "notify_delivery"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["message", "channel"], name="notify_delivery_once"),
            models.CheckConstraint(condition=Q(channel__in=["sms", "email"]), name="notify_delivery_channel"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["next_at"], condition=Q(state__in=["queued", "sending"]), name="notify_delivery_due"
            ),
            models.Index(fields=["-sent_at", "-id"], name="notify_delivery_latest"),
        ]
