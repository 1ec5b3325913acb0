"""The emergency screen, and its buttons."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guitai.base.refusal import NotFound, Refusal
from guitai.care import api as care
from guitai.desk.emergency import reads, verbs
from guitai.desk.flows.deciders import DECIDES
from guitai.desk.web.queue_pane import pane, staff_of
from guitai.kit.explain import Explanation, explain
from guitai.people.api import staff_required


@require_safe
@staff_required("cases.work")
def emergency(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about a stolen wallet."""
    return _page(request, reference)


@require_POST
@staff_required("cases.work")
def act(request: HttpRequest, reference: str, verb: str) -> HttpResponse:
    """One of the buttons."""
    if verb not in _VERBS:
        raise Http404
    try:
        said = _VERBS[verb](request, reference)
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, reference, explain(refusal.code, refusal.facts))
    messages.success(request, said)
    return redirect("desk:emergency", reference)


@require_POST
@staff_required("customers.read")
def police_pack(request: HttpRequest, reference: str) -> HttpResponse:
    """The pack for the police."""
    try:
        given = care.police_pack(
            reference, staff_of(request), request.POST.get("reason", ""), get_language() or "en"
        )
    except NotFound:
        raise
    except Refusal as refusal:
        return _page(request, reference, explain(refusal.code, refusal.facts))
    response = HttpResponse(given.content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{given.name}"'
    return response


def _freeze(request: HttpRequest, reference: str) -> str:
    verbs.freeze(reference, staff_of(request), _reason(request))
    return _("Frozen. Every session has ended.")


def _sign_out(request: HttpRequest, reference: str) -> str:
    verbs.sign_out(reference, staff_of(request), _reason(request))
    return _("Every session has ended.")


def _stop(request: HttpRequest, reference: str) -> str:
    verbs.stop(reference, request.POST.get("operation", ""), staff_of(request), _reason(request))
    return _("Stopped. The customer has been told.")


def _hold(request: HttpRequest, reference: str) -> str:
    limited = request.POST.get("disclosure") == "limited"
    operation = request.POST.get("operation", "")
    verbs.hold(reference, operation, staff_of(request), _reason(request), limited=limited)
    return _("What is unspent is held. The payee has been told.")


def _propose(request: HttpRequest, reference: str) -> str:
    verdict = _verdict(request)
    verbs.propose(reference, _claim(request), verdict, staff_of(request), _reason(request))
    return _("Proposed. Another person decides.")


def _approve(request: HttpRequest, reference: str) -> str:
    verbs.approve(reference, _claim(request), _verdict(request), staff_of(request), _reason(request))
    return _("Decided. Both sides have been told.")


_VERBS: dict[str, Callable[[HttpRequest, str], str]] = {
    "freeze": _freeze, "sign-out": _sign_out, "stop": _stop, "hold": _hold, "propose": _propose, "approve": _approve,
}  # fmt: skip


def _reason(request: HttpRequest) -> str:
    return request.POST.get("reason", "")


def _verdict(request: HttpRequest) -> verbs.Verdict:
    verdict = verbs.VERDICTS.get(request.POST.get("verdict", ""))
    if verdict is None:
        raise Http404
    return verdict


def _claim(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("claim", ""))
    except ValueError as error:
        raise Http404 from error


def _page(request: HttpRequest, reference: str, problem: Explanation | None = None) -> HttpResponse:
    shown = reads.screen(reference, staff_of(request))
    facts = {
        "place": "queue", "pane": pane(request, shown.case.row.reference), "screen": shown, "problem": problem,
        "decides": DECIDES in shown.member.permissions, "me": f"staff:{shown.member.id}",
        "events": list(reversed(shown.case.events))[:12],
    }  # fmt: skip
    return render(request, "desk/emergency.html", facts, status=422 if problem else 200)
