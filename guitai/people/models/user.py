"""Whoever can sign in: customers by phone number, staff by e-mail address."""

from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.crypto import salted_hmac

from guitai.base.ids import new_id
from guitai.kit import crypto

PHONE = "people.phone"
NAME = "people.name"


class UserManager(BaseUserManager["User"]):
    """No `create_user`: a customer comes through sign-up, staff through `people.api.create_staff`."""


class User(AbstractBaseUser):
    """One person. Phone and name lie sealed; the phone is found by its keyed index."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer"
        STAFF = "staff"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.CUSTOMER)
    phone_sealed = models.BinaryField(null=True)
    phone_index = models.BinaryField(null=True, max_length=32)
    phone_verified = models.BooleanField(default=False)
    email = models.EmailField(blank=True, default="")
    name_sealed = models.BinaryField(null=True)
    role = models.CharField(max_length=16, blank=True, default="")
    language = models.CharField(max_length=12, default="en")
    time_zone = models.CharField(max_length=64, default="Asia/Shanghai")
    tier = models.PositiveSmallIntegerField(default=0)
    agreement_version = models.CharField(max_length=32, blank=True, default="")
    agreement_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    # Part of every session's fingerprint: one more here, and all sessions of this person are over.
    session_generation = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        db_table = "people_user"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["phone_index"], condition=Q(phone_verified=True), name="people_user_phone_once"
            ),
            models.UniqueConstraint(fields=["email"], condition=~Q(email=""), name="people_user_email_once"),
            models.CheckConstraint(
                condition=Q(kind="customer", role="", email="")
                | (Q(kind="staff") & ~Q(role="") & ~Q(email="")),
                name="people_user_kind_fits",
            ),
            models.CheckConstraint(
                condition=Q(phone_verified=False) | Q(phone_index__isnull=False),
                name="people_user_verified_has_phone",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["created_at"], condition=Q(registered_at=None), name="people_user_unfinished"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def phone(self) -> str:
        """The number in E.164, or nothing."""
        return (
            crypto.unseal(bytes(self.phone_sealed), purpose=PHONE, row=self.id) if self.phone_sealed else ""
        )

    @property
    def name(self) -> str:
        return crypto.unseal(bytes(self.name_sealed), purpose=NAME, row=self.id) if self.name_sealed else ""

    def put_phone(self, phone: str, index: bytes) -> None:
        """Take a new number; it still has to be verified and saved."""
        self.phone_sealed = crypto.seal(phone, purpose=PHONE, row=self.id)
        self.phone_index = index

    def put_name(self, name: str) -> None:
        self.name_sealed = crypto.seal(name, purpose=NAME, row=self.id) if name else None

    def get_session_auth_hash(self) -> str:
        return self._fingerprint(None)

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())

    def _fingerprint(self, secret: str | None) -> str:
        # Over and above Django's: signing out everywhere must not need a new password.
        value = f"{self.password}:{self.session_generation}:{self.is_active}"
        return salted_hmac("people.session", value, secret=secret, algorithm="sha256").hexdigest()


def person_id(user: Any) -> UUID:
    """The id of a signed-in user."""
    return UUID(str(user.pk))
