"""Whoever can sign in: customers by phone number, staff by e-mail address."""

import hashlib
import hmac
from functools import lru_cache
from typing import Any, ClassVar
from uuid import UUID

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q

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
    agreement_version = models.CharField(max_length=32, blank=True, default="")
    agreement_at = models.DateTimeField(null=True)
    is_active = models.BooleanField(default=True)
    # Part of every session's fingerprint: one more here, and all sessions of this person are over.
    session_generation = models.PositiveIntegerField(default=0)
    # When the password was last chosen, for reminders and the check-up.
    password_at = models.DateTimeField(null=True)
    # Chosen by the person: every sign-in asks for a second step, by SMS when there is nothing better.
    always_second_step = models.BooleanField(default=False)
    review_told_at = models.DateTimeField(null=True)
    renewal_told_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    registered_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "id"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    # Staff ended the payment PIN: the next one counts as a replaced one.
    pin_ended_at = models.DateTimeField(null=True)

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
        return session_fingerprint(self.password, self.session_generation, active=self.is_active)

    def get_session_auth_fallback_hash(self) -> Any:
        return iter(())


def session_fingerprint(password: str, generation: int, *, active: bool) -> str:
    """What a session must carry to be this person's; over and above Django's, signing out everywhere counts.

    takes    the stored password hash, the session generation, whether the person is active
    gives    hexadecimal HMAC-SHA-256
    """
    value = f"{password}:{generation}:{active}".encode()
    return hmac.digest(_fingerprint_key(settings.SECRET_KEY), value, "sha256").hex()


@lru_cache(maxsize=4)
def _fingerprint_key(secret: str) -> bytes:
    return hashlib.sha256(f"people.session{secret}".encode()).digest()


def person_id(user: Any) -> UUID:
    """The id of a signed-in user."""
    return UUID(str(user.pk))
