"""Where people sign in from: the devices that are theirs, and every sign-in."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.ids import new_id


class Device(models.Model):
    """A browser or an app that has signed in. Its token lies with the device; here is only a keyed code of it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    token = models.BinaryField(max_length=32)
    kind = models.CharField(max_length=8)
    label = models.CharField(max_length=80)
    name = models.CharField(max_length=40, blank=True, default="")
    first_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        db_table = "people_device"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["person", "token"], name="people_device_once"),
        ]


class SignIn(models.Model):
    """One sign-in and the session it opened. Of the network address only the neighbourhood is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    device = models.ForeignKey(Device, on_delete=models.SET_NULL, null=True, related_name="+")
    session_key = models.CharField(max_length=40)
    # That of the person at the time: a later one means that this session is over.
    generation = models.PositiveIntegerField()
    at = models.DateTimeField()
    seen_at = models.DateTimeField()
    methods = models.CharField(max_length=60)
    network = models.CharField(max_length=48, blank=True, default="")
    place = models.CharField(max_length=80, blank=True, default="")
    unusual = models.BooleanField(default=False)
    ended_at = models.DateTimeField(null=True)
    denied_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sign_in"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["person", "-at"], name="people_sign_in_person"),
            models.Index(fields=["session_key"], name="people_sign_in_session"),
            models.Index(fields=["at"], name="people_sign_in_at"),
        ]
