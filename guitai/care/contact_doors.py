"""The part of the door that is about contacts: what is ours, what only looks like it, how long an answer takes."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import contact, pictures, waits
from guitai.care.directory import content, reports
from guitai.care.rules.check_contact import Checked
from guitai.care.types import ChannelView, ContactRegion, ReportedContact
from guitai.care.waits import Waits
from guitai.kit.files import Upload


def contact_regions() -> tuple[ContactRegion, ...]:
    """The official channels that are answered, by region, with hours and whether they are open now.

    gives    ContactRegion values; empty when the operator has published none
    """
    return contact.contact_regions()


def check_contact(text: str) -> Checked:
    """Whether a number, link, mail address, handle, badge or account that somebody was given is really ours.

    takes    what was typed
    gives    Checked: ours | look_alike | not_ours | unreadable, what it was taken for, and the one of ours it is or
             looks like; only what is published and answered counts as ours
    """
    return content.check_contact(text)


def channels(region: str | None = None) -> tuple[ChannelView, ...]:
    """What is ours beside the answered hotlines: senders, sites, social accounts, apps, accounts to pay to.

    takes    a region's code, or None for all
    gives    ChannelView values in the operator's order
    """
    return content.channels(region)


def signed_directory() -> str:
    """The directory of everything that is ours, signed, to be kept and checked offline.

    gives    a compact JSON Web Signature; `guitai directory verify` and any library for RFC 7515 check it
    source   RFC 7515, RFC 8037; Canonical and Expires after RFC 9116
    """
    return content.signed_copy()


def directory_keys() -> dict[str, Any]:
    """The keys that copies of the directory are signed with.

    gives    a JWK Set
    source   RFC 7517
    """
    return content.published_keys()


def security_text() -> str:
    """Where to report a weakness of this wallet.

    gives    the text of `/.well-known/security.txt`
    source   RFC 9116
    """
    return content.security_text()


def report_contact(text: str, words: str = "", *, customer: UUID | None = None, source: str) -> None:
    """Tell us of a false contact; from anybody, counted once a person.

    takes    what was given as ours, how it came about, the customer where there is one, the network address
    gives    nothing; staff see it, and whoever checks it later reads how often it was reported
    refuses  contact_is_ours, contact_unreadable, case_words_too_long, too_many_attempts
    """
    reports.report(text, words, customer=customer, source=source)


def times_reported(text: str) -> int:
    """How many people have reported a contact as false.

    takes    what was typed, however it is written
    gives    their number
    """
    return reports.times_reported(text)


def reported_contacts(*, handled: bool = False) -> Sequence[ReportedContact]:
    """False contacts that people told us of, those of most people first.

    takes    whether those that staff have dealt with
    gives    at most 200 ReportedContact
    """
    return reports.reported(handled=handled)


def handle_reported_contact(report: UUID, staff: Actor) -> None:
    """Note that a reported contact was dealt with: reported to its carrier, warned of, or found harmless.

    takes    the report's id, the member of staff
    gives    nothing
    refuses  not_found
    """
    reports.handle(report, staff)


def is_contact_report_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a report is a real reason to act: the check that audit asks for purposes of the kind "contact_report".

    takes    who acts, the purpose they name
    gives    True when there is such a report
    """
    return reports.is_report(purpose.id)


def text_of_code(upload: Upload) -> str:
    """What a QR code in a picture says, so that it can be checked.

    takes    a picture
    gives    the code's text
    refuses  file_empty, file_too_large, file_not_accepted, file_not_a_picture, no_code_in_picture
    source   ISO/IEC 18004
    """
    return pictures.text_of_code(upload)


def expected_wait() -> Waits:
    """How long an answer takes now, and at which hour it is quickest.

    gives    Waits, from the questions of the last four weeks
    """
    return waits.waits()
