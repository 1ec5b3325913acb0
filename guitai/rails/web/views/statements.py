"""Statement files for those who run the house: take one in, see how far it is, what it said, why it was refused."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.kit.cursors import CursorInvalid
from guitai.kit.explain import Explanation, explain
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_required
from guitai.rails import api
from guitai.rails.statements import decimal_text
from guitai.rails.types import StatementFileRecord, StatementRecord
from guitai.rails.web import statement_words as words

_PERMISSION: Final = "operator.settings"
_PAGE = 20


class UploadForm(forms.Form):
    """A file of a bank's."""

    file = forms.FileField(label=gettext_lazy("Statement file"))


class InspectForm(forms.Form):
    """Why somebody looks into a file."""

    reason = forms.CharField(
        label=gettext_lazy("Why do you look into it?"), min_length=4, max_length=200, strip=True
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A file in the list."""

    file: StatementFileRecord
    state: object
    tone: str
    source: object
    format: str
    # Percent of what is being done; None when nothing is.
    progress: int | None


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_PERMISSION)
def statements(request: HttpRequest) -> HttpResponseBase:
    """The files, newest first, and a way to bring one."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data["file"]
        try:
            file_id, new = api.receive_statement(given.file, given.name, "upload", _staff(request))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(
                request, _("Taken in.") if new else _("This file was taken in before; nothing changed.")
            )
            return redirect("rails:statement", file_id=file_id)
    facts = {"upload": form, **_listed(request)}
    return render(request, "rails/desk/statements.html", facts, status=422 if form.errors else 200)


@require_GET
@staff_required(_PERMISSION)
def statement_list(request: HttpRequest) -> HttpResponse:
    """The list alone, for a page that looks again by itself."""
    return render(request, "rails/desk/statement_list.html", _listed(request))


@require_GET
@staff_required(_PERMISSION)
def statement(request: HttpRequest, file_id: UUID) -> HttpResponse:
    """One file: how far it is, the accounts in it and their figures, why it was refused."""
    facts = {**_shown(file_id), "form": InspectForm(), "upload": UploadForm()}
    # While it is under way the page asks again for this part alone.
    template = "statement_state.html" if request.GET.get("part") == "state" else "statement.html"
    return render(request, f"rails/desk/{template}", facts)


@require_POST
@staff_required(_PERMISSION)
def statement_content(request: HttpRequest, file_id: UUID) -> HttpResponseBase:
    """The file as it came; who looked and why is on record before the first byte leaves."""
    form = InspectForm(request.POST)
    shown = _shown(file_id)
    if not form.is_valid():
        return render(
            request, "rails/desk/statement.html", {**shown, "form": form, "upload": UploadForm()}, status=422
        )
    pieces: Iterator[bytes] = api.inspect_statement(file_id, form.cleaned_data["reason"], _staff(request))
    response = StreamingHttpResponse(pieces, content_type="application/octet-stream")
    name = shown["line"].file.name.encode("ascii", "replace").decode().replace('"', "'").replace("\\", "_")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _listed(request: HttpRequest) -> dict[str, Any]:
    chosen = request.GET.get("show", "")
    chosen = chosen if chosen in words.CHOICES else ""
    try:
        page = api.statement_files(
            request.GET.get("cursor") or None, limit=_PAGE, states=words.CHOICES[chosen][1]
        )
    except CursorInvalid:
        page = api.statement_files(limit=_PAGE, states=words.CHOICES[chosen][1])
    lines = [_line(file) for file in page.items]
    return {
        "lines": lines,
        "under_way": any(line.progress is not None for line in lines),
        "again": _address("rails:statement_list", show=chosen),
        "next": _address("rails:statements", show=chosen, cursor=page.next_cursor)
        if page.next_cursor
        else "",
        "choices": [
            {"href": _address("rails:statements", show=key), "label": label, "current": key == chosen}
            for key, (label, _states) in words.CHOICES.items()
        ],
    }


def _shown(file_id: UUID) -> dict[str, Any]:
    file = api.statement_file(file_id)
    return {
        "line": _line(file),
        "why": _why(file),
        "accounts": [_account(one) for one in api.statements_of(file_id)] if file.state != "refused" else [],
    }


def _line(file: StatementFileRecord) -> Line:
    return Line(
        file=file,
        state=words.STATES[file.state],
        tone=words.TONES[file.state],
        source=words.SOURCES.get(file.source, file.source),
        format=words.FORMATS.get(file.format, file.format),
        progress=_progress(file),
    )


def _progress(file: StatementFileRecord) -> int | None:
    """Checking is the first half of the way, storing the second."""
    if file.state not in words.UNDER_WAY:
        return None
    checked = file.bytes_checked * 50 // max(file.size, 1)
    stored = file.entries_done * 50 // max(file.entries_total or 1, 1)
    return min(checked if file.state != "importing" else 50 + stored, 99)


def _why(file: StatementFileRecord) -> Explanation | None:
    return explain(file.code, file.facts) if file.code else None


def _account(one: StatementRecord) -> dict[str, Any]:
    def told(minor: int | None) -> str:
        return "–" if minor is None or one.currency is None else decimal_text(minor, one.currency)

    return {
        "account": one.account,
        "currency": one.currency or "",
        "kind": words.KINDS.get(one.kind, one.kind),
        "period": (one.period_from, one.period_to),
        "opening": told(one.opening),
        "credits": told(one.credits),
        "debits": told(one.debits),
        "closing": told(one.closing),
        "entries": one.entries,
    }


def _address(name: str, **parameters: str | None) -> str:
    given = {key: value for key, value in parameters.items() if value}
    return reverse(name) + (f"?{urlencode(given)}" if given else "")


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))
