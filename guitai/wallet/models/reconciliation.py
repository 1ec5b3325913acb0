"""What bank statements were matched to, what of them is open, and what each day came to."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from guitai.base.clock import now
from guitai.base.ids import new_id

ITEM_STATES = ("open", "proposed", "returning", "matched", "assigned", "returned", "written", "reversed")
# Money of theirs stands in suspense.
HOLDING_STATES = ("open", "proposed", "returning")
CLOSE_STATES = ("draft", "prepared", "signed")


class LineMatch(models.Model):
    """A line of a statement is a movement in the books: which rule said so, and what it looked at."""

    pk = models.CompositePrimaryKey("line_id", "transfer_id")
    line_id = models.BigIntegerField()
    # A movement is proved by one line; a line of several payments proves several.
    transfer_id = models.UUIDField(unique=True)
    operation_id = models.UUIDField()
    rule = models.TextField()
    facts = models.JSONField(default=dict)
    at = models.DateTimeField(default=now)
    by = models.TextField()

    class Meta:
        db_table = "wallet_match"


class OpenItem(models.Model):
    """A line that is not simply the movement it names. A credit's money stands in suspense until it is settled."""

    id = models.UUIDField(primary_key=True, default=new_id)
    line_id = models.BigIntegerField(unique=True)
    rail = models.TextField()
    account = models.TextField()
    credit = models.BooleanField()
    reversal = models.BooleanField(default=False)
    amount_minor = models.BigIntegerField()
    currency = models.TextField()
    booked_on = models.DateField(null=True)
    bank_reference = models.TextField(default="")
    # Why it is open, and the operation that it names, if it names one.
    code = models.TextField()
    names = models.TextField(default="")
    # What put its money into suspense; null while nothing was booked for it.
    held_by = models.UUIDField(null=True)
    state = models.TextField(default="open")
    proposed_action = models.TextField(default="")
    proposed_target = models.TextField(default="")
    proposed_reason = models.TextField(default="")
    proposed_by = models.TextField(default="")
    proposed_at = models.DateTimeField(null=True)
    decided_by = models.TextField(default="")
    # What settled it, and the reference under which it goes back.
    settled_by = models.UUIDField(null=True)
    return_reference = models.TextField(null=True, unique=True)
    problem = models.TextField(default="")
    came_at = models.DateTimeField(default=now)
    changed_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "wallet_open_item"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=ITEM_STATES), name="wallet_open_item_state_known"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="wallet_open_item_amount"),
            # Four eyes, whatever code does.
            models.CheckConstraint(
                condition=~Q(proposed_by=F("decided_by")) | Q(decided_by=""), name="wallet_open_item_two_persons"
            ),
        ]  # fmt: skip
        indexes: ClassVar = [
            models.Index(
                fields=["came_at", "id"],
                name="wallet_open_item_queue",
                condition=Q(state__in=HOLDING_STATES),
            ),
            models.Index(
                fields=["currency", "amount_minor", "booked_on"],
                name="wallet_open_item_like",
                condition=Q(state__in=HOLDING_STATES),
            ),
            models.Index(fields=["bank_reference"], name="wallet_open_item_bank_ref"),
        ]


class Matching(models.Model):
    """How far the lines of one statement file are matched."""

    file_id = models.UUIDField(primary_key=True)
    after_id = models.BigIntegerField(null=True)
    lines_total = models.BigIntegerField()
    lines_seen = models.BigIntegerField(default=0)
    matched = models.BigIntegerField(default=0)
    credited = models.BigIntegerField(default=0)
    written = models.BigIntegerField(default=0)
    held = models.BigIntegerField(default=0)
    open = models.BigIntegerField(default=0)
    started_at = models.DateTimeField(default=now)
    moved_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "wallet_matching"
        indexes: ClassVar = [
            models.Index(fields=["moved_at"], name="wallet_matching_open", condition=Q(finished_at=None)),
            models.Index(fields=["-started_at"], name="wallet_matching_newest"),
        ]


class DailyClose(models.Model):
    """One day of one rail in one currency: the books, the bank, and every minor unit between them."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    currency = models.TextField()
    day = models.DateField()
    state = models.TextField(default="draft")
    books_opening = models.BigIntegerField()
    books_in = models.BigIntegerField()
    books_out = models.BigIntegerField()
    books_closing = models.BigIntegerField()
    bank_opening = models.BigIntegerField()
    bank_in = models.BigIntegerField()
    bank_out = models.BigIntegerField()
    bank_closing = models.BigIntegerField()
    # Whether a statement that ends on the day is here; without one the bank's side is what its lines come to.
    has_statement = models.BooleanField()
    # Of the difference, what nothing explains but an item that somebody has to look at.
    unexplained = models.BigIntegerField()
    # Where the next day continues: the books' last entry and the last line that this one has seen.
    last_seq = models.BigIntegerField()
    last_line = models.BigIntegerField()
    computed_at = models.DateTimeField(default=now)
    prepared_by = models.TextField(default="")
    prepared_at = models.DateTimeField(null=True)
    signed_by = models.TextField(default="")
    signed_at = models.DateTimeField(null=True)
    note = models.TextField(default="")

    class Meta:
        db_table = "wallet_daily_close"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "currency", "day"], name="wallet_daily_close_once"),
            models.CheckConstraint(condition=Q(state__in=CLOSE_STATES), name="wallet_daily_close_state_known"),
            models.CheckConstraint(
                condition=Q(books_closing=F("books_opening") + F("books_in") - F("books_out")),
                name="wallet_daily_close_books",
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (~Q(signed_by="") & ~Q(signed_by=F("prepared_by"))),
                name="wallet_daily_close_two_persons",
            ),
        ]  # fmt: skip


class CloseItem(models.Model):
    """A part of the difference between the books and the bank at the end of a day."""

    id = models.BigAutoField(primary_key=True)
    close_id = models.UUIDField()
    kind = models.TextField()
    # Signed: what the books have more than the bank because of it.
    amount_minor = models.BigIntegerField()
    transfer_id = models.UUIDField(null=True)
    line_id = models.BigIntegerField(null=True)
    reference = models.TextField(default="")
    since = models.DateField(null=True)

    class Meta:
        db_table = "wallet_close_item"
        indexes: ClassVar = [models.Index(fields=["close_id"], name="wallet_close_item_close")]
