"""Who somebody is on paper: the document that confirms a person, its review by staff, and copies of one's own data."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.kit import crypto

NUMBER, HOLDER, BIRTH = "people.document.number", "people.document.name", "people.document.birth"
READING, WORDS = "people.review.reading", "people.review.words"
OPEN_STATES = ("waiting", "claimed", "second_look", "better_photos")


class IdentityDocument(models.Model):
    """One document of one person; its number confirms nobody else while it is the current one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    country = models.CharField(max_length=2)
    number_sealed = models.BinaryField(null=True)
    number_index = models.BinaryField(null=True, max_length=32)
    name_sealed = models.BinaryField(null=True)
    birth_sealed = models.BinaryField(null=True)
    expires_on = models.DateField(null=True)
    state = models.CharField(max_length=8, default="current")
    given_at = models.DateTimeField(default=now)
    # Set when staff compared it with photos.
    verified_at = models.DateTimeField(null=True)
    expiry_told_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_identity_document"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="current"), name="people_identity_one_a_person"
            ),
            models.UniqueConstraint(
                fields=["number_index"], condition=Q(state="current"), name="people_identity_number_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["current", "replaced", "left", "erased"]),
                name="people_identity_state_known",
            ),
            models.CheckConstraint(
                condition=Q(state="erased", number_sealed=None, name_sealed=None)
                | (~Q(state="erased") & Q(number_sealed__isnull=False, number_index__isnull=False)),
                name="people_identity_erased_is_empty",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["expires_on"], condition=Q(state="current"), name="people_identity_expiry"),
        ]

    @property
    def number(self) -> str:
        # Sealed with its country and kind before it, the form that is indexed.
        return opened(self.number_sealed, NUMBER, self).rpartition(":")[2]

    @property
    def name(self) -> str:
        return opened(self.name_sealed, HOLDER, self)

    @property
    def birth(self) -> str:
        """The date of birth as YYYY-MM-DD, or nothing."""
        return opened(self.birth_sealed, BIRTH, self)

    def put(self, *, whole: str, index: bytes, name: str, birth: str) -> None:
        """Take the contents, sealed to this row; `whole` is the number with country and kind."""
        self.number_sealed, self.number_index = crypto.seal(whole, purpose=NUMBER, row=self.id), index
        self.name_sealed = crypto.seal(name, purpose=HOLDER, row=self.id)
        self.birth_sealed = crypto.seal(birth, purpose=BIRTH, row=self.id) if birth else None


class IdentityReview(models.Model):
    """Photos of a document and of its holder, compared by staff."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    document = models.ForeignKey(IdentityDocument, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=16, default="waiting")
    front = models.UUIDField(null=True)
    back = models.UUIDField(null=True)
    selfie = models.UUIDField(null=True)
    # How often photos were sent for this review.
    turn = models.PositiveSmallIntegerField(default=1)
    sent_at = models.DateTimeField(default=now)
    due_at = models.DateTimeField()
    claimed_by = models.UUIDField(null=True)
    claimed_at = models.DateTimeField(null=True)
    # The maker's judgement, when a second person has to agree.
    first_by = models.UUIDField(null=True)
    decided_by = models.UUIDField(null=True)
    decided_at = models.DateTimeField(null=True)
    expires_on = models.DateField(null=True)
    reason = models.CharField(max_length=32, blank=True, default="")
    words_sealed = models.BinaryField(null=True)
    # What the reviewer should look at twice: codes only, never personal data.
    flags = models.JSONField(default=list)
    # What our own machine read from the photos.
    reading_sealed = models.BinaryField(null=True)

    class Meta:
        db_table = "people_identity_review"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state__in=OPEN_STATES), name="people_review_one_open"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[*OPEN_STATES, "approved", "refused", "withdrawn"]),
                name="people_review_state_known",
            ),
            models.CheckConstraint(
                condition=~Q(state="second_look") | Q(first_by__isnull=False),
                name="people_review_second_has_first",
            ),
            models.CheckConstraint(
                condition=Q(first_by=None) | Q(decided_by=None) | ~Q(first_by=models.F("decided_by")),
                name="people_review_two_persons",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(
                fields=["due_at", "id"],
                condition=Q(state__in=["waiting", "claimed", "second_look"]),
                name="people_review_queue",
            ),
            models.Index(fields=["person", "-sent_at"], name="people_review_person"),
        ]

    @property
    def words(self) -> str:
        return opened(self.words_sealed, WORDS, self)

    @property
    def photos(self) -> dict[str, Any]:
        """The uploads that are there, by which they are."""
        sides = {"front": self.front, "back": self.back, "selfie": self.selfie}
        return {which: file for which, file in sides.items() if file}


class DataExport(models.Model):
    """A copy of a person's data on its way: made by a job, kept for some days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=8, default="waiting")
    asked_at = models.DateTimeField(default=now)
    ready_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    file = models.UUIDField(null=True)

    class Meta:
        db_table = "people_data_export"
        constraints: ClassVar[list[Any]] = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="waiting"), name="people_export_one_waiting"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "ready", "expired"]), name="people_export_state_known"
            ),
        ]


class Retention(models.Model):
    """A person who has left, and the day on which what the law made us keep is erased too."""

    person = models.OneToOneField("people.User", on_delete=models.PROTECT, primary_key=True, related_name="+")
    left_at = models.DateTimeField(default=now)
    until = models.DateField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_retention"
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["until"], condition=Q(erased_at=None), name="people_retention_due"),
        ]


def opened(sealed: Any, purpose: str, row: Any) -> str:
    """What a sealed field of a row says; nothing when it is empty."""
    return crypto.unseal(bytes(sealed), purpose=purpose, row=row.id) if sealed else ""
