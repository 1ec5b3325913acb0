"""The help centre: what is published, how it came to be, whether it helped, and what was looked for."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class Words(models.Model):
    """What is written in an article; the published row and each version carry the same fields."""

    title = models.TextField()
    summary = models.TextField()
    topics = ArrayField(models.CharField(max_length=60), default=list)
    keywords = ArrayField(models.TextField(), default=list)
    related = ArrayField(models.CharField(max_length=80), default=list)
    audience = models.CharField(max_length=10, default="everyone")
    position = models.PositiveSmallIntegerField(default=100)
    updated = models.DateField()
    markdown = models.TextField()

    class Meta:
        abstract = True


class Article(Words):
    """One article in one language as readers have it: rendered, sanitised, ready to be searched."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    # Which version this is, and whether it came with the product or from the staff of this installation.
    version = models.PositiveIntegerField()
    origin = models.CharField(max_length=10)
    withdrawn = models.BooleanField(default=False)
    html = models.TextField()
    outline = models.JSONField(default=list)
    text = models.TextField()
    source_hash = models.CharField(max_length=64)
    # Its phrases as vectors, when the encoder was there; and which encoder and phrases they are of.
    meaning = models.BinaryField(null=True)
    meaning_of = models.CharField(max_length=64, default="")
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_article"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language"], name="care_article_once_a_language"),
        ]


class ArticleVersion(Words):
    """Everything that was ever written: drafts, what is planned, what was published. Words never change."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=12)
    origin = models.CharField(max_length=10)
    source_hash = models.CharField(max_length=64, default="")
    author = models.TextField()
    note = models.TextField(default="")
    created_at = models.DateTimeField(default=now)
    publish_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "care_article_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language", "number"], name="care_article_version_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "scheduled", "published", "withdrawn"]),
                name="care_article_version_state",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["publish_at"],
                name="care_article_version_due",
                condition=models.Q(state="scheduled"),
            ),
        ]


class ArticleFeedback(models.Model):
    """Whether an article helped, once a reader; the reader is a keyed code that leads back to nobody."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    version = models.PositiveIntegerField()
    reader = models.BinaryField()
    helped = models.BooleanField()
    reason = models.CharField(max_length=20, default="")
    at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_article_feedback"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "reader"], name="care_article_feedback_once_a_reader"),
        ]


class ArticleReadings(models.Model):
    """How often an article was read in an hour: a count and nothing else."""

    pk = models.CompositePrimaryKey("slug", "hour")
    slug = models.CharField(max_length=80)
    hour = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "care_article_readings"


class UnansweredQuestion(models.Model):
    """A question that found nothing: how often a day; its words only once several have asked it."""

    pk = models.CompositePrimaryKey("code", "language", "day")
    code = models.BinaryField()
    language = models.CharField(max_length=10)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)
    words = models.TextField(default="")

    class Meta:
        db_table = "care_unanswered_question"
