"""Challenges that a passkey has to answer to approve one payment: bound, single use, short-lived."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.ids import new_id


class PasskeyChallenge(models.Model):
    """The challenge is a keyed code over person, nonce and what is to be approved; the row keeps both ends."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.CASCADE, related_name="+")
    nonce = models.BinaryField(max_length=32)
    challenge = models.BinaryField(max_length=32)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_passkey_challenge"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(fields=["challenge"], name="people_passkey_challenge_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["expires_at"], name="people_passkey_expiry"),
        ]
