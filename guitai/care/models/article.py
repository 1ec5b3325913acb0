"""The help centre's articles, as they were loaded from their Markdown files."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models.functions import Lower

from guitai.base.clock import now
from guitai.base.ids import new_id


class Article(models.Model):
    """One article in one language: sanitised HTML to read, segmented tokens to search."""

    id = models.UUIDField(primary_key=True, default=new_id)
    slug = models.CharField(max_length=80)
    language = models.CharField(max_length=10)
    title = models.TextField()
    summary = models.TextField()
    topics = ArrayField(models.CharField(max_length=60), default=list)
    position = models.PositiveSmallIntegerField(default=100)
    html = models.TextField()
    text = models.TextField()
    search = SearchVectorField()
    source_hash = models.CharField(max_length=64)
    loaded_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "care_article"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["slug", "language"], name="care_article_once_a_language"),
        ]
        indexes: ClassVar = [
            GinIndex(fields=["search"], name="care_article_search"),
            GinIndex(OpClass(Lower("text"), name="gin_trgm_ops"), name="care_article_trigrams"),
        ]
