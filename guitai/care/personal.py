"""What care holds about somebody: their cases, what was said in them, and the files they added."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from guitai.care import reads
from guitai.care.directory.reports import TEXT, WORDS
from guitai.care.flows.drafts import PURPOSE as DRAFT
from guitai.care.models import Callback, Case, ContactReport, Draft, Evidence, Message, Survey
from guitai.care.models.clock import Promise
from guitai.care.models.solved import SolveOutcome
from guitai.care.types import CaseView, EventView
from guitai.care.web.case_words import promised_state, promised_words
from guitai.care.web.words import category_words, event_words, state_words
from guitai.kit import files
from guitai.kit.crypto import unseal
from guitai.kit.personal import Erasure, Section, register
from guitai.kit.transactions import required
from guitai.people.api import still_kept

TABLES = (
    "care_case", "care_case_link", "care_message", "care_evidence", "care_case_event", "care_case_claim",
    "care_contact_report", "care_promise", "care_proof", "care_solve_outcome",
    "care_emergency", "care_emergency_bill", "care_evidence_pack", "care_callback", "care_draft",
)  # fmt: skip


def export(person: UUID) -> list[Section]:
    """Every case of a person, as they may read it: notes among staff are not part of it."""
    views = [
        reads.view(case, internal=False)
        for case in Case.objects.filter(customer=person).order_by("opened_at")
    ]
    said = [record for view in views for record in _said(view)]
    uploads = Evidence.objects.filter(case__customer=person, message__internal=False).order_by("id")
    sections = [
        Section("cases", _("Your cases"), [_case(view) for view in views], {
            "reference": _("Reference"), "about": _("About"), "state": _("State"), "opened_at": _("Opened"),
            "solved_at": _("Solved"), "operation": _("Bill"), "rating": _("Your rating"),
            "words": _("Your words on it"),
        }),
        Section("conversations", _("What was said in them"), said, {
            "case": _("Case"), "at": _("When"), "what": _("What happened"), "words": _("Words"), "files": _("Files"),
        }, list(uploads.values_list("file", flat=True))),
        Section("contact_reports", _("False contacts you told us of"), _reports(person), {
            "contact": _("Contact"), "words": _("Words"), "at": _("When"),
        }),
        Section("promises", _("Times that you were told"), _promises(person), {
            "what": _("What was promised"), "told_at": _("Told on"), "by_when": pgettext("promise", "Promised by"),
            "state": _("What became of it"), "ended_at": _("Ended on"),
        }),
        Section("solved", _("Answers you looked up"), list(
            SolveOutcome.objects.filter(customer=person).order_by("at").values("trouble", "outcome", "at")
        ), {"trouble": _("About"), "outcome": _("State"), "at": _("When")}),
        Section("callbacks", _("Calls you booked"), list(
            Callback.objects.filter(customer=person).order_by("booked_at")
            .values("booked_at", "starts_at", "state", "tries")
        ), {"booked_at": _("Booked"), "starts_at": _("When"), "state": _("State"), "tries": _("Tries")}),
        Section("surveys", _("What you said about our answers"), list(
            Survey.objects.filter(case__customer=person).order_by("at").values("rating", "solved", "effort", "at")
        ), {"rating": _("Your rating"), "solved": _("Solved"), "effort": _("Effort"), "at": _("When")}),
        Section("drafts", _("What you typed and left"), [
            {"kept_at": row.kept_at, "words": unseal(row.fields_sealed, purpose=DRAFT, row=row.id)}
            for row in Draft.objects.filter(customer=person).order_by("kept_at")
        ], {"kept_at": _("When"), "words": _("Words")}),
    ]  # fmt: skip
    return [section for section in sections if section.records]


def erase(person: UUID) -> Erasure:
    """Words and files go when the law lets them; that there was a case, and how it ended, names nobody."""
    required()
    # What was reported warns others; who reported it does not matter any more.
    ContactReport.objects.filter(customer=person).update(customer=None, words_sealed=None)
    SolveOutcome.objects.filter(customer=person).update(customer=None)
    Draft.objects.filter(customer=person).delete()
    cases = Case.objects.filter(customer=person)
    if not cases.exists():
        return Erasure()
    kept = still_kept(person, gettext_lazy("Your cases, and what was said in them"))
    if kept is not None:
        return Erasure(0, (kept,))
    words = Message.objects.filter(case__customer=person).exclude(words="")
    erased = words.update(words="", masked=[])
    erased += files.erase(Evidence.objects.filter(case__customer=person).values_list("file", flat=True))
    cases.update(preview="", rating_words="")
    return Erasure(erased)


def _case(view: CaseView) -> Mapping[str, Any]:
    return {
        "reference": view.row.reference,
        "about": category_words(view.row.category),
        "state": state_words(view.row.state),
        "opened_at": view.row.opened_at,
        "solved_at": view.resolved_at,
        "operation": view.row.operation_reference,
        "rating": view.rating,
        "words": view.rating_words,
    }


def _promises(person: UUID) -> list[Mapping[str, Any]]:
    return [
        {
            "what": promised_words(row.what),
            "told_at": row.told_at,
            "by_when": row.by_when,
            "state": promised_state(row.state),
            "ended_at": row.ended_at,
        }
        for row in Promise.objects.filter(customer=person).order_by("told_at")
    ]


def _reports(person: UUID) -> list[Mapping[str, Any]]:
    return [
        {
            "contact": unseal(row.text_sealed, purpose=TEXT, row=row.id),
            "words": unseal(row.words_sealed, purpose=WORDS, row=row.id) if row.words_sealed else "",
            "at": row.reported_at,
        }
        for row in ContactReport.objects.filter(customer=person).order_by("id")
    ]


def _said(view: CaseView) -> list[Mapping[str, Any]]:
    return [
        {
            "case": view.row.reference,
            "at": event.at,
            "what": event_words(event),
            "words": event.message.words if event.message else "",
            "files": _names(event),
        }
        for event in view.events
    ]


def _names(event: EventView) -> list[str]:
    return [piece.name for piece in event.message.evidence] if event.message else []


register("care", export=export, erase=erase, tables=TABLES)
