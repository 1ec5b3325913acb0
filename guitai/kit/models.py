"""Tables of the plumbing: topics, versioned policies, files, throttle counters."""

from typing import ClassVar

from django.db import models

from guitai.base.clock import now
from guitai.base.ids import new_id


class Topic(models.Model):
    """Something that happened, told upward: written with its cause, handled exactly once."""

    id = models.BigAutoField(primary_key=True)
    name = models.TextField()
    payload = models.JSONField()
    emitted_at = models.DateTimeField(default=now)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(default=now)
    handled_at = models.DateTimeField(null=True)
    error = models.TextField(default="")

    class Meta:
        db_table = "kit_topic"
        indexes: ClassVar = [
            models.Index(fields=["due_at", "id"], name="kit_topic_open", condition=models.Q(handled_at=None))
        ]


class PolicyVersion(models.Model):
    """One version of an operator's setting; the highest version is in force."""

    id = models.UUIDField(primary_key=True, default=new_id)
    name = models.TextField()
    version = models.PositiveIntegerField()
    value = models.JSONField()
    published_at = models.DateTimeField(default=now)
    published_by = models.TextField()

    class Meta:
        db_table = "kit_policy_version"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["name", "version"], name="kit_policy_version_once")
        ]


class File(models.Model):
    """An upload: what it was, and where its sealed content lies."""

    id = models.UUIDField(primary_key=True, default=new_id)
    owner = models.UUIDField(db_index=True)
    name = models.BinaryField()
    content_type = models.TextField()
    size = models.PositiveIntegerField()
    sha256 = models.BinaryField()
    original_sha256 = models.BinaryField()
    stored_at = models.DateTimeField(default=now)

    class Meta:
        db_table = "kit_file"


class ThrottleCount(models.Model):
    """How often something was tried within one window, counted for all processes together."""

    id = models.BigAutoField(primary_key=True)
    bucket = models.TextField()
    key = models.BinaryField()
    window_start = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "kit_throttle_count"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bucket", "key", "window_start"], name="kit_throttle_count_once")
        ]


class DataKey(models.Model):
    """A key of the ring, wrapped by a master key of the environment. Read and written by `keyring` alone."""

    id = models.CharField(primary_key=True, max_length=16)
    role = models.CharField(max_length=8)
    master = models.CharField(max_length=16)
    # Empty once the key was destroyed.
    wrapped = models.BinaryField(null=True)
    made_at = models.DateTimeField(default=now)
    # Everything that an older key sealed has been sealed anew by this one.
    finished_at = models.DateTimeField(null=True)
    retired_at = models.DateTimeField(null=True)
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kit_data_key"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["role"], condition=models.Q(retired_at=None), name="kit_data_key_one_a_role"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["seal", "index", "code"]), name="kit_data_key_role_known"
            ),
            models.CheckConstraint(
                condition=models.Q(wrapped__isnull=False) | models.Q(retired_at__isnull=False),
                name="kit_data_key_destroyed_is_retired",
            ),
        ]
