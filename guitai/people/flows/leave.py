"""What remains of a person who has left: erased at once where it may be, later what the law made us keep."""

from datetime import date
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.utils.translation import get_language

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.base.clock import now
from guitai.kit import files, personal
from guitai.kit.operator import word
from guitai.kit.transactions import required
from guitai.people.flows.personal_data import drop_exports
from guitai.people.identity_policy import personal_data_policy
from guitai.people.models import (
    Binding,
    Device,
    EmailContact,
    IdentityDocument,
    IdentityReview,
    PasskeyChallenge,
    PhoneChange,
    Pin,
    Retention,
    SignIn,
    SmsCode,
    User,
)
from guitai.people.models.identity import OPEN_STATES

_AT_ONCE = 200


def forget_secrets(person: UUID) -> int:
    """Erase what only served the wallet while it was open; gives how many records. A second time finds nothing."""
    required()
    user = User.objects.select_for_update().get(id=person)
    erased = sum(
        model.objects.filter(**{field: person}).delete()[0]
        for model, field in (
            (Pin, "person_id"),
            (SmsCode, "person"),
            (Authenticator, "user_id"),
            (SignIn, "person_id"),
            (Device, "person_id"),
            (EmailContact, "person_id"),
            (PhoneChange, "person_id"),
            (PasskeyChallenge, "person_id"),
        )
    )
    erased += drop_exports(person) + _erase_bindings(person)
    _free_number(user)
    IdentityDocument.objects.filter(person_id=person, state="current").update(state="left")
    IdentityReview.objects.filter(person_id=person, state__in=OPEN_STATES).update(
        state="withdrawn", decided_at=now(), claimed_by=None, claimed_at=None
    )
    return erased


def retain(person: UUID) -> date:
    """Note until when the rest is kept; gives the day. It does not move when the person is erased again."""
    required()
    row, _ = Retention.objects.get_or_create(person_id=person, defaults={"until": kept_until(person)})
    if row.until <= now().date():
        _erase_rest(row)
    return row.until


def kept_until(person: UUID) -> date:
    """Until when the law makes us keep the rest: noted when the person left, else as if they left today."""
    noted = Retention.objects.filter(person_id=person).values_list("until", flat=True).first()
    return noted or _years_after(now().date(), personal_data_policy().kept_years)


def still_kept(person: UUID, what: personal.Text) -> personal.Kept | None:
    """See `people.api.still_kept`."""
    until = kept_until(person)
    if until <= now().date():
        return None
    return personal.Kept(what, word(personal_data_policy().duty, get_language() or "en"), until)


def end_retentions() -> int:
    """The job: what had to be kept until today is erased; gives how many persons."""
    due = Retention.objects.filter(until__lte=now().date(), erased_at=None).values_list(
        "person_id", flat=True
    )
    people = list(due[:_AT_ONCE])
    for person in people:
        with transaction.atomic():
            # Every room once more: what was on its way when the person left has come to rest.
            personal.erase(person)
    return len(people)


def _erase_bindings(person: UUID) -> int:
    rows = Binding.objects.select_for_update().filter(person_id=person)
    moment, erased = now(), 0
    for row in rows:
        erased += row.number_sealed is not None
        row.removed_at = row.removed_at or moment
        row.number_sealed = row.number_index = row.holder_sealed = None
        row.bank = ""
        row.save()
    return erased


def _free_number(user: User) -> None:
    """The number may be registered again by whoever has it next; as a number of this person it is only kept."""
    user.phone_verified, user.phone_index, user.is_active = False, None, False
    user.set_unusable_password()
    user.session_generation += 1
    user.save()


def _erase_rest(row: Retention) -> None:
    if row.erased_at is not None:
        return
    user = User.objects.select_for_update().get(id=row.person_id)
    user.phone_sealed = user.name_sealed = None
    user.save(update_fields=["phone_sealed", "name_sealed"])
    for review in IdentityReview.objects.select_for_update().filter(person_id=row.person_id):
        files.erase(review.photos.values())
        review.front = review.back = review.selfie = None
        review.words_sealed = review.reading_sealed = None
        review.save()
    IdentityDocument.objects.filter(person_id=row.person_id).update(
        state="erased", number_sealed=None, number_index=None, name_sealed=None, birth_sealed=None
    )
    row.erased_at = now()
    row.save(update_fields=["erased_at"])
    audit.record(SYSTEM, "person.retention_ended", ("person", str(row.person_id)))


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        # 29 February.
        return day.replace(year=day.year + years, month=3, day=1)
