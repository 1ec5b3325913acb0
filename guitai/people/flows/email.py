"""A verified mail address: the second contact."""

from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import F

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.kit import crypto
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import CodeWrong, EmailInvalid
from guitai.people.flows.address_code import check_address_code, send_address_code
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.models import EmailContact, User
from guitai.people.reads import EMAIL, email_of

_LONGEST = 254


def clean_email(text: str) -> str:
    """An address as it is written to: its domain in lower case; refuses email_invalid (RFC 5321)."""
    name, _, domain = text.strip().rpartition("@")
    address = f"{name}@{domain.lower()}"
    try:
        if len(address) > _LONGEST:
            raise EmailInvalid()
        validate_email(address)
    except ValidationError as error:
        raise EmailInvalid() from error
    return address


def begin_email(person: UUID, text: str) -> str:
    """Send a code to an address that is to become the person's; the present one stays until it is proved.

    takes    whose, the address as typed
    gives    the address as it will be stored
    refuses  email_invalid, frozen, too_many_attempts
    """
    check_may_choose(person)
    address, user = clean_email(text), User.objects.get(id=person, kind=User.Kind.CUSTOMER)
    code = send_address_code("mail_new", user, "email", address)
    sealed = crypto.seal(address, purpose=EMAIL, row=person)
    EmailContact.objects.update_or_create(person=user, defaults={"next_sealed": sealed, "code": code})
    return address


def pending_email(person: UUID) -> str:
    """The address that waits for its code, or nothing."""
    row = EmailContact.objects.filter(person_id=person, next_sealed__isnull=False).first()
    return crypto.unseal(bytes(row.next_sealed), purpose=EMAIL, row=person) if row else ""


def confirm_email(person: UUID, typed: str) -> str:
    """Prove the address with its code; refuses code_wrong, frozen, too_many_attempts."""
    check_may_choose(person)
    row = EmailContact.objects.filter(person_id=person).first()
    if row is None or row.next_sealed is None:
        raise CodeWrong()
    before = email_of(person)
    check_address_code("mail_new", person, typed, row.code)
    moment = now()
    with outermost():
        # The address that the code went to, whatever another window has asked for meanwhile.
        changed = EmailContact.objects.filter(person_id=person, code=row.code).update(
            address_sealed=F("next_sealed"), next_sealed=None, code=None, verified_at=moment
        )
        if not changed:
            raise CodeWrong()
        _record(person, "person.email_changed" if before else "person.email_set")
        _tell_change(person, before, moment.isoformat())
    return email_of(person)


def remove_email(person: UUID) -> None:
    """Take the address away; its owner is told there for the last time. Refuses frozen."""
    check_may_choose(person)
    before, moment = email_of(person), now().isoformat()
    with outermost():
        EmailContact.objects.filter(person_id=person).delete()
        if before:
            _record(person, "person.email_removed")
            _tell_change(person, before, moment)


def masked_email(address: str) -> str:
    """`l***@example.org`."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}***@{domain}" if domain else ""


def _record(person: UUID, action: str) -> None:
    audit.record(Actor("customer", str(person)), action, ("person", str(person)))


def _tell_change(person: UUID, before: str, moment: str) -> None:
    notify.send(person, "people.email_changed", {"at": moment}, key=f"email:{person}:{moment}")
    if before:
        language = User.objects.values_list("language", flat=True).get(id=person)
        notify.send_to_address(
            "email",
            before,
            "people.email_changed",
            {"at": moment},
            language=language,
            key=f"email-before:{person}:{moment}",
        )
