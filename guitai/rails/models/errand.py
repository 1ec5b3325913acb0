"""What payments and refunds that are asked for online have in common: when the rail was asked, and is asked again."""

from django.db import models


class Errand(models.Model):
    """A wish that is written down before the rail hears of it, so that a crash never lets it be wished twice."""

    attempts = models.PositiveIntegerField(default=0)
    # Set before the first call: from then on the rail may know of it.
    asked_at = models.DateTimeField(null=True)
    last_asked_at = models.DateTimeField(null=True)
    asked_by = models.TextField(default="")
    queries = models.PositiveIntegerField(default=0)
    next_query_at = models.DateTimeField(null=True)
    # How often the rail said, one answer after the other, that it knows nothing of it.
    unknown_there = models.PositiveIntegerField(default=0)
    bank_reference = models.TextField(null=True)
    rail_code = models.TextField(null=True)

    class Meta:
        abstract = True
