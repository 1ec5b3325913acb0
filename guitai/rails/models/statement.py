"""What banks said in statement files: the file as it came, the statements in it, their lines."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id

FILE_STATES = ("receiving", "received", "importing", "imported", "refused")


class StatementFile(models.Model):
    """A statement file. Its id is made of its content, so that the same content is the same row."""

    id = models.UUIDField(primary_key=True)
    sha256 = models.BinaryField(unique=True)
    name = models.TextField()
    source = models.TextField()
    # Whose file it is: a gateway's bill is read by its own adapter.
    rail = models.TextField(default="bank")
    taken_by = models.TextField()
    size = models.BigIntegerField()
    state = models.TextField(default="receiving")
    code = models.TextField(null=True)
    facts = models.JSONField(default=dict)
    format = models.TextField(default="")
    received_at = models.DateTimeField(default=now)
    # How far its reading is: bytes that were checked, then lines that are stored. Both only grow.
    bytes_checked = models.BigIntegerField(default=0)
    entries_total = models.BigIntegerField(null=True)
    entries_done = models.BigIntegerField(default=0)
    repeats = models.BigIntegerField(default=0)
    moved_at = models.DateTimeField(default=now)
    finished_at = models.DateTimeField(null=True)
    # The reading whose drafts are being stored, when the file is so large that it has any.
    draft = models.UUIDField(null=True)

    class Meta:
        db_table = "rails_statement_file"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=FILE_STATES), name="rails_statement_file_state_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="imported") | Q(entries_total=models.F("entries_done")),
                name="rails_statement_file_whole",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["received_at", "id"], name="rails_statement_file_newest"),
            models.Index(
                fields=["moved_at"],
                name="rails_statement_file_open",
                condition=Q(state__in=["receiving", "received", "importing"]),
            ),
        ]


class StatementDay(models.Model):
    """A day's bill that is fetched from a rail: when it came, or why it has not."""

    id = models.UUIDField(primary_key=True, default=new_id)
    rail = models.TextField()
    day = models.DateField()
    file_id = models.UUIDField(null=True)
    attempts = models.PositiveIntegerField(default=0)
    problem = models.TextField(null=True)
    tried_at = models.DateTimeField(null=True)
    fetched_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "rails_statement_day"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["rail", "day"], name="rails_statement_day_once")
        ]


class StatementPiece(models.Model):
    """A piece of a file's content, compressed and sealed: it names payers, and is kept to be looked at."""

    id = models.UUIDField(primary_key=True, default=new_id)
    file_id = models.UUIDField()
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()

    class Meta:
        db_table = "rails_statement_piece"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file_id", "number"], name="rails_statement_piece_once")
        ]


class StatementDraft(models.Model):
    """Lines of a large file between its proof and its storing: compressed and sealed, and gone afterwards."""

    id = models.UUIDField(primary_key=True, default=new_id)
    file_id = models.UUIDField(db_index=True)
    attempt = models.UUIDField()
    number = models.PositiveIntegerField()
    content_sealed = models.BinaryField()

    class Meta:
        db_table = "rails_statement_draft"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["attempt", "number"], name="rails_statement_draft_once")
        ]


class Statement(models.Model):
    """One account's statement within a file. The account is the operator's own."""

    id = models.UUIDField(primary_key=True, default=new_id)
    file_id = models.UUIDField()
    position = models.PositiveIntegerField()
    account = models.TextField()
    currency = models.TextField(null=True)
    kind = models.TextField()
    reference = models.TextField(default="")
    number = models.TextField(null=True)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    entries = models.BigIntegerField()
    credits_minor = models.DecimalField(max_digits=30, decimal_places=0)
    debits_minor = models.DecimalField(max_digits=30, decimal_places=0)
    period_from = models.DateField(null=True)
    period_to = models.DateField(null=True)
    said_at = models.TextField(null=True)

    class Meta:
        db_table = "rails_statement"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["file_id", "position"], name="rails_statement_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["statement", "report", "notice"]), name="rails_statement_kind_known"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["account", "currency"], name="rails_statement_account")]


class StatementEntry(models.Model):
    """One line. What it says never changes; what it was matched to is a row of its own."""

    id = models.BigAutoField(primary_key=True)
    statement_id = models.UUIDField()
    position = models.BigIntegerField()
    booking = models.BigIntegerField()
    account = models.TextField()
    currency = models.TextField()
    amount_minor = models.BigIntegerField()
    credit = models.BooleanField()
    reversal = models.BooleanField()
    booked_on = models.DateField(null=True)
    value_on = models.DateField(null=True)
    reference = models.TextField(null=True)
    end_to_end_id = models.TextField(null=True)
    transaction_id = models.TextField(null=True)
    # Our own reference, wherever the payer wrote it, when there is exactly one.
    payment_reference = models.TextField(null=True)
    bank_code = models.TextField(null=True)
    return_reason = models.TextField(null=True)
    charges_minor = models.BigIntegerField(default=0)
    batch_count = models.IntegerField(default=0)
    batch_part = models.IntegerField(default=0)
    batch_reference = models.TextField(null=True)
    # JSON: counterparty, its account, remittance, why it came back in words. Sealed to its statement.
    person_sealed = models.BinaryField()
    # What makes it the same booking in another statement, and which of several alike it is in its own.
    identity = models.BinaryField()
    occurrence = models.IntegerField()
    # The line that said it first.
    repeat_of = models.BigIntegerField(null=True)

    class Meta:
        db_table = "rails_statement_entry"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["statement_id", "position"], name="rails_statement_entry_once"),
            # The last line of defence: of one booking only one line counts, whatever code does.
            models.UniqueConstraint(
                fields=["identity", "occurrence"],
                condition=Q(repeat_of__isnull=True),
                name="rails_statement_entry_counts_once",
            ),
            models.CheckConstraint(condition=Q(amount_minor__gte=0), name="rails_statement_entry_amount"),
        ]
        indexes: ClassVar = [
            # Those that count are found by their unique constraint.
            models.Index(
                fields=["identity"], name="rails_entry_repeats", condition=Q(repeat_of__isnull=False)
            ),
            models.Index(
                fields=["payment_reference"],
                name="rails_entry_payment",
                condition=Q(payment_reference__isnull=False),
            ),
            models.Index(
                fields=["end_to_end_id"],
                name="rails_entry_end_to_end",
                condition=Q(end_to_end_id__isnull=False),
            ),
            models.Index(
                fields=["currency", "amount_minor", "booked_on"],
                name="rails_entry_like",
                condition=Q(repeat_of__isnull=True),
            ),
        ]


class StatementMatch(models.Model):
    """What a line was matched to, by whoever matches: a line without one is open. Rows are only added, for a mark
    within the wide line would write every index entry of the line anew."""

    entry_id = models.BigIntegerField(primary_key=True)
    matched_to = models.TextField()
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "rails_statement_match"
