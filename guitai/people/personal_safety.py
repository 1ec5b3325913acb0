"""What people holds about how somebody gets in and stays safe: contacts, means, devices, documents shown."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from guitai.kit.crypto import unseal
from guitai.kit.personal import Section
from guitai.people import reads
from guitai.people.flows.change_phone import PHONE_CHANGE
from guitai.people.models import (
    Closing,
    DataExport,
    Device,
    DormancyNotice,
    EmailContact,
    FreezeWord,
    PhoneChange,
    Pin,
    ReleaseDocument,
)


def sections(person: UUID) -> list[Section]:
    """Contacts, means of proof, devices, documents, and what somebody asked for."""
    return [_contacts(person), _means(person), _devices(person), _documents(person), _wishes(person)]


def _contacts(person: UUID) -> Section:
    records: list[Mapping[str, Any]] = []
    for row in EmailContact.objects.filter(person_id=person):
        for sealed, state in (
            (row.address_sealed, _("confirmed")),
            (row.next_sealed, _("waits for its code")),
        ):
            if sealed:
                address = unseal(sealed, purpose=reads.EMAIL, row=person)
                records.append({"contact": address, "state": state, "at": row.verified_at})
    for change in PhoneChange.objects.filter(person_id=person).order_by("asked_at"):
        number = unseal(change.phone_sealed, purpose=PHONE_CHANGE, row=change.id)
        records.append({"contact": number, "state": change.state, "at": change.asked_at})
    labels = {"contact": _("Number or address"), "state": _("State"), "at": _("When")}
    return Section("contacts", _("Other contacts, and changes of your number"), records, labels)


def _means(person: UUID) -> Section:
    """That there is one, and since when: a secret itself is in no copy."""
    records: list[Mapping[str, Any]] = [
        {"what": _("Payment PIN"), "since": row.set_at} for row in Pin.objects.filter(person_id=person)
    ]
    records += [
        {"what": _("Freeze word"), "since": row.set_at} for row in FreezeWord.objects.filter(person_id=person)
    ]
    names = {
        Authenticator.Type.TOTP: _("Authenticator app"),
        Authenticator.Type.WEBAUTHN: _("Passkey"),
        Authenticator.Type.RECOVERY_CODES: _("Recovery codes"),
    }
    for one in Authenticator.objects.filter(user_id=person).order_by("created_at"):
        given = str(one.data.get("name") or "")
        title = f"{names.get(one.type, one.type)} {given}".strip()
        records.append({"what": title, "since": one.created_at, "last_used_at": one.last_used_at})
    labels = {"what": pgettext("personal data", "What"), "since": _("Since"), "last_used_at": _("Last used")}
    return Section("means", _("How you prove that it is you"), records, labels)


def _devices(person: UUID) -> Section:
    records = [
        {"device": row.name or row.label, "began_at": row.first_at, "last_seen_at": row.seen_at}
        for row in Device.objects.filter(person_id=person).order_by("first_at")
    ]
    labels = {"device": _("Device"), "began_at": _("First seen"), "last_seen_at": _("Last seen")}
    return Section("devices", _("Your devices"), records, labels)


def _documents(person: UUID) -> Section:
    rows = list(ReleaseDocument.objects.filter(person_id=person).order_by("submitted_at"))
    records = [
        {"at": row.submitted_at, "state": row.state, "decided_at": row.decided_at, "why": row.why}
        for row in rows
    ]
    labels = {
        "at": _("Shown"), "state": _("State"), "decided_at": _("Decided"), "why": pgettext("personal data", "Why"),
    }  # fmt: skip
    photos = [file_id for row in rows for file_id in row.files]
    return Section("documents_shown", _("Documents you showed to get in again"), records, labels, photos)


def _wishes(person: UUID) -> Section:
    records: list[Mapping[str, Any]] = [
        {"what": _("Close the wallet"), "at": row.asked_at, "state": row.state}
        for row in Closing.objects.filter(person_id=person).order_by("asked_at")
    ]
    records += [
        {"what": _("A copy of your data"), "at": row.asked_at, "state": row.state}
        for row in DataExport.objects.filter(person_id=person).order_by("asked_at")
    ]
    records += [
        {"what": _("Told that the wallet falls asleep"), "at": row.warned_at, "state": ""}
        for row in DormancyNotice.objects.filter(person_id=person)
    ]
    labels = {"what": pgettext("personal data", "What"), "at": _("When"), "state": _("State")}
    return Section("wishes", _("What you asked for"), records, labels)
