"""Reports of false contacts: taken from anybody, counted once a person, looked at by staff."""

import unicodedata
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Max

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.care.directory.content import check_contact
from guitai.care.errors import ContactIsOurs, ContactUnreadable, NotFound, TooFast
from guitai.care.models import ContactReport
from guitai.care.rules.check_contact import CHECKED_MAX
from guitai.care.rules.words import clean_words
from guitai.care.types import ReportedContact
from guitai.kit.crypto import blind, mac, seal, unseal
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost

TEXT, WORDS = "care.contact_report", "care.contact_report.words"
_AN_HOUR = 3600
_REPORTS_AN_HOUR = 10
_SHOWN_MAX = 200


def report(text: str, words: str, *, customer: UUID | None, source: str) -> None:
    """See `care.api.report_contact`."""
    typed = text.strip()[:CHECKED_MAX]
    checked = check_contact(typed)
    if checked.answer == "ours":
        raise ContactIsOurs()
    if checked.answer == "unreadable":
        raise ContactUnreadable()
    reporter = str(customer) if customer else mac("care.contact_reporter", source).hex()
    if not allow("care.contact_report", reporter, limit=_REPORTS_AN_HOUR, window_s=_AN_HOUR):
        raise TooFast()
    said, _ = clean_words(words, required=False)
    row = new_id()
    with outermost():
        ContactReport.objects.get_or_create(
            text_index=_index(typed),
            reporter=reporter,
            defaults={
                "id": row,
                "text_sealed": seal(typed, purpose=TEXT, row=row),
                "words_sealed": seal(said, purpose=WORDS, row=row) if said else None,
                "kind": checked.kind or "website",
                "answer": checked.answer,
                "customer": customer,
            },
        )


def times_reported(text: str) -> int:
    """How many people have reported what was typed."""
    return ContactReport.objects.filter(text_index=_index(text.strip()[:CHECKED_MAX])).count()


def reported(*, handled: bool = False) -> Sequence[ReportedContact]:
    """What was reported, the most often first; each once, however many told us."""
    wanted = ContactReport.objects.filter(handled_at__isnull=not handled)
    counted = wanted.values("text_index").annotate(people=Count("id"), last=Max("reported_at"))
    groups = list(counted.order_by("-people", "-last")[:_SHOWN_MAX])
    told = wanted.filter(text_index__in=[group["text_index"] for group in groups])
    first = {
        bytes(row.text_index): row
        for row in told.order_by("text_index", "reported_at").distinct("text_index")
    }
    return [_view(group, first[bytes(group["text_index"])]) for group in groups]


def handle(report_id: UUID, staff: Actor) -> None:
    """See `care.api.handle_reported_contact`."""
    row = ContactReport.objects.filter(id=report_id).first()
    if row is None:
        raise NotFound()
    with outermost():
        open_ones = ContactReport.objects.filter(text_index=row.text_index, handled_at=None)
        if open_ones.update(handled_at=now(), handled_by=UUID(staff.id)):
            audit.record(
                staff,
                "care.contact_report_handled",
                ("contact_report", str(row.id)),
                purpose=Purpose("contact_report", str(row.id), "contact.handled"),
            )


def is_report(text: str) -> bool:
    """Whether this is the id of a report."""
    try:
        return ContactReport.objects.filter(id=UUID(text)).exists()
    except ValueError:
        return False


def _view(group: dict[str, Any], row: ContactReport) -> ReportedContact:
    words = bytes(row.words_sealed) if row.words_sealed else b""
    return ReportedContact(
        id=row.id,
        text=unseal(bytes(row.text_sealed), purpose=TEXT, row=row.id),
        words=unseal(words, purpose=WORDS, row=row.id) if words else "",
        kind=row.kind,
        answer=row.answer,
        people=group["people"],
        first_at=row.reported_at,
        last_at=group["last"],
    )


def plain_contact(text: str) -> str:
    """The same number, however it was typed."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in plain if c.isalnum() or c in "@._/")


def _index(text: str) -> bytes:
    return blind(plain_contact(text), purpose=TEXT)
