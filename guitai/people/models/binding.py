"""Accounts and cards that withdrawals may go to."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto
from guitai.people.models.identity import opened

ACCOUNT, ACCOUNT_HOLDER = "people.binding.number", "people.binding.holder"


class Binding(models.Model):
    """One account of one person; the same account of another person has the same index."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16)
    country = models.CharField(max_length=2)
    # Number, and the routing code where the scheme has one, as `code/number`.
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True, max_length=32)
    holder_sealed = models.BinaryField(null=True)
    bank = models.CharField(max_length=80, blank=True, default="")
    name_match = models.CharField(max_length=8)
    bound_at = models.DateTimeField(default=now)
    usable_at = models.DateTimeField()
    # Set by the rails once money, or a small amount, has shown that the account is there and theirs.
    confirmed_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_binding"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person", "number_index"], condition=Q(removed_at=None), name="people_binding_once"
            ),
            models.CheckConstraint(
                condition=Q(number_sealed__isnull=False) | Q(removed_at__isnull=False),
                name="people_binding_erased_is_removed",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["number_index"], name="people_binding_number"),
            models.Index(fields=["person", "bound_at"], name="people_binding_person"),
        ]

    @property
    def number(self) -> str:
        return opened(self.number_sealed, ACCOUNT, self)

    @property
    def holder(self) -> str:
        return opened(self.holder_sealed, ACCOUNT_HOLDER, self)

    def put(self, *, whole: str, index: bytes, holder: str) -> None:
        """Take the contents, sealed to this row; `whole` is the number with its routing code."""
        self.number_sealed, self.number_index = crypto.seal(whole, purpose=ACCOUNT, row=self.id), index
        self.holder_sealed = crypto.seal(holder, purpose=ACCOUNT_HOLDER, row=self.id)
