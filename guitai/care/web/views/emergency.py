"""Somebody else is in my wallet: report it, see what was stopped, tick off what remains, take the evidence along."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.refusal import NotFound, Refusal
from guitai.care import api
from guitai.care.emergency.types import EmergencyView
from guitai.care.emergency.words import OUTCOMES, TASKS
from guitai.care.web.reader import customer_of, language, slow_down, the_customer
from guitai.kit.explain import Explanation, explain
from guitai.people.api import customer_required

_SALT, _SHOWN_S = "care.emergency", 3600


@require_http_methods(["GET", "HEAD", "POST"])
def emergency(request: HttpRequest) -> HttpResponse:
    """Which bills were not mine, and one button; whoever is signed out freezes first."""
    customer = customer_of(request)
    if customer is None:
        return render(request, "care/emergency_signed_out.html")
    if request.method != "POST":
        known = api.open_emergency(customer)
        if known and "more" not in request.GET:
            return redirect("care:emergency_case", known)
        return _asked(request, customer, [request.GET.get("bill", "")], "", None)
    chosen, words = request.POST.getlist("bill"), request.POST.get("words", "").strip()
    try:
        slow_down(customer)
        reported = api.report_stolen(customer, chosen, words, language())
    except NotFound:
        raise
    except Refusal as refusal:
        return _asked(request, customer, chosen, words, explain(refusal.code, refusal.facts))
    # Signed out here as everywhere; what was done is shown for an hour to whoever holds this address.
    logout(request)
    shown = signing.dumps([str(customer), reported.reference], salt=_SALT)
    return redirect("care:emergency_reported", shown)


@require_safe
def reported(request: HttpRequest, token: str) -> HttpResponse:
    """What was stopped, right after the report: without a sign-in, for there is none any more."""
    try:
        customer, reference = signing.loads(token, salt=_SALT, max_age=_SHOWN_S)
    except signing.BadSignature as error:
        raise Http404 from error
    shown = api.emergency(UUID(customer), reference)
    response = render(request, "care/emergency_reported.html", {"emergency": shown, "bills": _bills(shown)})
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_safe
@customer_required
def emergency_case(request: HttpRequest, reference: str) -> HttpResponse:
    """What was stopped, what remains, the police receipt, the evidence pack."""
    return _shown(request, reference)


@require_POST
@customer_required
def tick(request: HttpRequest, reference: str) -> HttpResponse:
    """One thing of the list is done, or it is not after all."""
    done = request.POST.get("done") == "yes"
    try:
        api.tick_emergency(the_customer(request), reference, request.POST.get("task", ""), done=done)
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, reference, explain(refusal.code, refusal.facts))
    return redirect("care:emergency_case", reference)


@require_POST
@customer_required
def police(request: HttpRequest, reference: str) -> HttpResponse:
    """Where it was reported."""
    station, number = request.POST.get("station", ""), request.POST.get("number", "")
    try:
        api.note_police_receipt(the_customer(request), reference, station, number)
    except NotFound:
        raise
    except Refusal as refusal:
        return _shown(request, reference, explain(refusal.code, refusal.facts))
    messages.success(request, _("Kept. It is part of your evidence pack from now on."))
    return redirect("care:emergency_case", reference)


@require_POST
@customer_required
def own_pack(request: HttpRequest, reference: str) -> HttpResponse:
    """One's own evidence pack."""
    slow_down(the_customer(request))
    pack = api.own_pack(the_customer(request), reference, language())
    return zipped(pack.content, pack.name)


@require_safe
def evidence_keys(request: HttpRequest) -> HttpResponse:
    """The keys by which a pack is checked without us."""
    response = JsonResponse(api.evidence_keys())
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def zipped(content: bytes, name: str) -> HttpResponse:
    """A pack as a download that nobody keeps on the way."""
    response = HttpResponse(content, content_type="application/zip")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "no-store"
    return response


def _asked(
    request: HttpRequest, customer: UUID, chosen: list[str], words: str, problem: Explanation | None
) -> HttpResponse:
    facts = {"bills": api.recent_bills(customer), "chosen": chosen, "words": words, "problem": problem}
    return render(request, "care/emergency.html", facts, status=422 if problem else 200)


def _shown(request: HttpRequest, reference: str, problem: Explanation | None = None) -> HttpResponse:
    shown = api.emergency(the_customer(request), reference)
    tasks = [(name, words, shown.done.get(name)) for name, words in TASKS.items()]
    facts = {
        "emergency": shown, "bills": _bills(shown), "tasks": tasks, "problem": problem,
        "done": len(tasks) - shown.remaining, "of": len(tasks),
    }  # fmt: skip
    return render(request, "care/emergency_case.html", facts, status=422 if problem else 200)


def _bills(shown: EmergencyView) -> list[tuple[object, object, str]]:
    return [(bill.view, *OUTCOMES[bill.outcome]) for bill in shown.bills]
