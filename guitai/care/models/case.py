"""A case and what hangs on it. Other rooms' things are ids without foreign keys."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.types import CATEGORIES

_STATES = (
    "new", "triaged", "in_progress", "waiting_customer", "waiting_third_party", "resolved", "closed",
    "withdrawn", "merged",
)  # fmt: skip
_OPEN = _STATES[:5]


class Case(models.Model):
    """One question of one customer, from its opening to its end."""

    id = models.UUIDField(primary_key=True, default=new_id)
    reference = models.CharField(max_length=10, unique=True)
    customer = models.UUIDField()
    category = models.CharField(max_length=30)
    state = models.CharField(max_length=30, default="new")
    priority = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=10)
    assigned_to = models.UUIDField(null=True)
    # What the customer was told: an answer by this moment. Empty while it is not our turn.
    answer_by = models.DateTimeField(null=True)
    answer_promised_at = models.DateTimeField(null=True)
    answer_by_policies = models.CharField(max_length=80, default="")
    # Orders the queue: the promise while there is one, else the last moment the customer wrote.
    due_at = models.DateTimeField()
    opened_at = models.DateTimeField(default=now)
    first_reply_at = models.DateTimeField(null=True)
    last_activity_at = models.DateTimeField(default=now)
    answer_waiting = models.BooleanField(default=False)
    preview = models.CharField(max_length=160, default="")
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    rating = models.PositiveSmallIntegerField(null=True)
    rating_words = models.TextField(default="")
    follows = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # Somebody higher looks: nobody who answered before that moment may hold it.
    escalated_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    # Since when it is the customer's turn, and when we last reminded them of it.
    waiting_since = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    # Whose answer we wait for while it is neither ours nor the customer's turn, and by when they have it.
    waits_for = models.CharField(max_length=12, default="")
    waits_until = models.DateTimeField(null=True)
    event_count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "care_case"
        constraints: ClassVar = [
            models.CheckConstraint(name="care_case_state_known", condition=models.Q(state__in=_STATES)),
            models.CheckConstraint(
                name="care_case_category_known", condition=models.Q(category__in=CATEGORIES)
            ),
            models.CheckConstraint(
                name="care_case_rating_one_to_five",
                condition=models.Q(rating=None) | models.Q(rating__range=(1, 5)),
            ),
            models.CheckConstraint(
                name="care_case_working_is_assigned",
                condition=~models.Q(state__in=_STATES[2:5]) | models.Q(assigned_to__isnull=False),
            ),
            models.CheckConstraint(
                name="care_case_merged_somewhere",
                condition=~models.Q(state="merged") | models.Q(merged_into__isnull=False),
            ),
            models.CheckConstraint(
                name="care_case_waits_for_somebody",
                condition=models.Q(waits_for="", waits_until=None)
                | (
                    models.Q(state="waiting_third_party", waits_until__isnull=False) & ~models.Q(waits_for="")
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["priority", "due_at", "id"],
                name="care_case_queue",
                condition=models.Q(state__in=_OPEN),
            ),
            models.Index(fields=["customer", "-last_activity_at"], name="care_case_customer"),
            models.Index(
                fields=["resolved_at"], name="care_case_to_close", condition=models.Q(state="resolved")
            ),
            models.Index(
                fields=["waiting_since"],
                name="care_case_waiting",
                condition=models.Q(state="waiting_customer"),
            ),
            models.Index(
                fields=["waits_until"],
                name="care_case_waits",
                condition=models.Q(state="waiting_third_party"),
            ),
        ]


class CaseLink(models.Model):
    """What a case is about: an operation today; a conversation, a call or another case tomorrow."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="links")
    customer = models.UUIDField()
    kind = models.CharField(max_length=30)
    target = models.UUIDField()
    reference = models.CharField(max_length=10, default="")
    # Follows the case's state, so that the database itself keeps one open case an operation and customer:
    # both parties of a transfer may ask about it, and neither learns of the other's question.
    open = models.BooleanField(default=True)

    class Meta:
        db_table = "care_case_link"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "kind", "target"], name="care_case_link_once"),
            models.UniqueConstraint(
                fields=["customer", "kind", "target"],
                name="care_one_open_case_an_operation",
                condition=models.Q(open=True, kind="operation"),
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["kind", "target"], name="care_case_link_target")]


class Message(models.Model):
    """Words of a customer, of staff, or of the system: plain text, never markup, secrets already masked."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="messages")
    channel = models.CharField(max_length=20, default="case")
    author_kind = models.CharField(max_length=10)
    author_id = models.TextField()
    words = models.TextField()
    internal = models.BooleanField(default=False)
    masked = models.JSONField(default=list)
    written_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_message"


class Evidence(models.Model):
    """A file that somebody added to a case; its content lies with kit.files."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="evidence")
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="evidence")
    file = models.UUIDField()
    content_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    # Of what came in, before it was cleaned: the sender still has that file.
    original_sha256 = models.CharField(max_length=64, default="")
    added_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_evidence"


class CaseEvent(models.Model):
    """One line of the timeline: a code with facts, never rendered text. Written once; the database refuses more."""

    id = models.UUIDField(primary_key=True, default=new_id)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="events")
    customer = models.UUIDField()
    sequence = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    at = models.DateTimeField(default=now)
    actor_kind = models.CharField(max_length=10)
    actor_id = models.TextField()
    facts: Any = models.JSONField(default=dict)
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    internal = models.BooleanField(default=False)

    class Meta:
        db_table = "care_case_event"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "sequence"], name="care_case_event_in_order"),
        ]
        indexes: ClassVar = [models.Index(fields=["customer", "-at"], name="care_case_event_customer")]


class CaseClaim(models.Model):
    """A caller's key: the same key and body gives the first outcome again, another body is refused."""

    id = models.UUIDField(primary_key=True, default=new_id)
    actor = models.CharField(max_length=60)
    key = models.CharField(max_length=100)
    body_hash = models.BinaryField()
    case = models.ForeignKey(Case, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    claimed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_case_claim"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["actor", "key"], name="care_case_claim_once"),
        ]
