"""Wishes that wait for a second person; and looks without a case."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.refusal import NotFound, Refusal
from guitai.desk import api
from guitai.desk.emergency import verbs
from guitai.desk.flows.deciders import DECIDES
from guitai.desk.web.action_forms import GlassForm, VerdictForm
from guitai.desk.web.queue_pane import pane, staff_of
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import may, staff_required


@require_safe
@staff_required("cases.work")
def approvals(request: HttpRequest) -> HttpResponse:
    """What waits, the oldest first; and what was decided lately."""
    return _page(request, VerdictForm())


@require_POST
@staff_required("cases.work")
def verdict(request: HttpRequest, approval_id: UUID) -> HttpResponse:
    """Approve, decline, or take one's own wish back."""
    staff, reason = staff_of(request), request.POST.get("reason", "")
    try:
        if request.POST.get("verdict") == "approve":
            api.approve(approval_id, staff, reason)
            messages.success(request, _("Approved and done. It stands in the case."))
        else:
            api.decline(approval_id, staff, reason)
            messages.success(request, _("Nothing was done. It stands in the case."))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    return redirect("desk:approvals")


@require_POST
@staff_required("holds.decide")
def claim_verdict(request: HttpRequest, reference: str, claim: UUID) -> HttpResponse:
    """Agree to what a colleague proposed about a disputed payment, or put it aside."""
    staff, reason = staff_of(request), request.POST.get("reason", "")
    verdict = verbs.VERDICTS.get(request.POST.get("verdict", ""))
    if verdict is None:
        raise Http404
    try:
        if request.POST.get("answer") == "approve":
            verbs.approve(reference, claim, verdict, staff, reason)
            messages.success(request, _("Decided. Both sides have been told."))
        else:
            verbs.decline(reference, claim, verdict, staff, reason)
            messages.success(request, _("Nothing was done. It stands in the case."))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    return redirect("desk:approvals")


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("holds.decide")
def break_glass(request: HttpRequest) -> HttpResponse:
    """Open a customer's data without a case; below, every look and its review."""
    form = GlassForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            glass = api.break_glass(
                staff_of(request), form.cleaned_data["whose"], form.cleaned_data["reason"]
            )
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("desk:glass", glass)
    facts = {
        "place": "glass",
        "pane": pane(request),
        "form": form,
        "glasses": api.glasses(),
        "me": request.user.pk,
    }
    return render(request, "desk/break_glass.html", facts, status=422 if form.errors else 200)


@require_safe
@staff_required("holds.decide")
def glass(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """The customer in full, for a quarter of an hour."""
    full = api.look_through_glass(staff_of(request), glass_id)
    row = next(one for one in api.glasses() if one.id == glass_id)
    return render(
        request, "desk/glass.html", {"place": "glass", "pane": pane(request), "full": full, "glass": row}
    )


@require_POST
@staff_required("holds.decide")
def glass_review(request: HttpRequest, glass_id: UUID) -> HttpResponse:
    """Another supervisor says whether it was right."""
    right = request.POST.get("verdict") == "right"
    try:
        api.review_glass(staff_of(request), glass_id, right=right, words=request.POST.get("reason", ""))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    else:
        messages.success(request, _("Reviewed."))
    return redirect("desk:break_glass")


def _page(request: HttpRequest, form: VerdictForm) -> HttpResponse:
    facts = {
        "place": "approvals",
        "pane": pane(request),
        "waiting": api.approvals(),
        "elsewhere": api.seconds_elsewhere(staff_of(request)),
        "decided": api.approvals(decided=True),
        "form": form,
        "me": request.user.pk,
        "me_id": str(request.user.pk),
        "may_check": may(request, DECIDES),
    }
    return render(request, "desk/approvals.html", facts)
