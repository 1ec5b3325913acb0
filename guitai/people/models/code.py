"""SMS codes of our own flows (freeze, release, forgotten password): keyed, short-lived, few tries."""

from typing import Any, ClassVar

from django.db import models

from guitai.base.ids import new_id


class SmsCode(models.Model):
    """One code sent, or pretended to be sent: a number nobody registered gets a row all the same."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    purpose = models.CharField(max_length=16)
    phone_index = models.BinaryField(max_length=32)
    person = models.UUIDField(null=True)
    code = models.BinaryField(max_length=32)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_sms_code"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["phone_index", "purpose", "-sent_at"], name="people_sms_code_latest"),
            models.Index(fields=["expires_at"], name="people_sms_code_expiry"),
        ]
