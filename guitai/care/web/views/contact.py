"""Contact: who we are, whether something is ours, and telling us of what is not."""

import json
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.care import api
from guitai.care.rules.check_contact import CHECKED_MAX
from guitai.care.web.reader import customer_of
from guitai.kit.explain import Explanation, explain
from guitai.kit.operator import operator
from guitai.people.api import staff_required

_HOUR = 3600


@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest) -> HttpResponse:
    """The channels that are answered, and a check of what somebody was given; a picture of a code is posted."""
    checked, problem = request.GET.get("check", "")[:CHECKED_MAX], None
    if request.method == "POST":
        try:
            checked = _read_code(request)
        except Refusal as refusal:
            problem = explain(refusal.code, refusal.facts)
    return _page(request, checked, problem)


@require_POST
def report(request: HttpRequest) -> HttpResponse:
    """Somebody tells us of a false contact."""
    typed = request.POST.get("check", "")[:CHECKED_MAX]
    try:
        api.report_contact(
            typed,
            request.POST.get("words", ""),
            customer=customer_of(request),
            source=str(request.META.get("REMOTE_ADDR", "")),
        )
    except Refusal as refusal:
        return _page(request, typed, explain(refusal.code, refusal.facts))
    messages.success(request, _("Thank you. Whoever checks this from now on reads that it was reported."))
    return redirect("care:contact")


@require_safe
def signed_directory(request: HttpRequest) -> HttpResponse:
    """The signed copy, for programs and for keeping."""
    return _public(HttpResponse(api.signed_directory(), content_type="application/jose"))


@require_safe
def directory_keys(request: HttpRequest) -> HttpResponse:
    """The keys of the signed copy."""
    return _public(HttpResponse(json.dumps(api.directory_keys()), content_type="application/jwk-set+json"))


@require_safe
def security_text(request: HttpRequest) -> HttpResponse:
    """Where to report a weakness (RFC 9116)."""
    return _public(HttpResponse(api.security_text(), content_type="text/plain; charset=utf-8"))


@require_safe
@staff_required("cases.work")
def reported(request: HttpRequest) -> HttpResponse:
    """What people told us of, for staff."""
    handled = request.GET.get("show") == "handled"
    return render(
        request, "care/reported.html", {"rows": api.reported_contacts(handled=handled), "handled": handled}
    )


@require_POST
@staff_required("cases.work")
def reported_handled(request: HttpRequest, report_id: UUID) -> HttpResponse:
    """A reported contact was dealt with."""
    api.handle_reported_contact(report_id, Actor("staff", str(request.user.pk)))
    return redirect("care:reported")


def _page(request: HttpRequest, checked: str, problem: Explanation | None) -> HttpResponse:
    region, regions = _region(request), api.contact_regions()
    facts = {
        "regions": [known for known in regions if region in ("", known.code)],
        "all_regions": regions,
        "region": region,
        "channels": api.channels(region or None),
        "wait": api.expected_wait(),
        "problem": problem,
        **_verdict(checked),
    }
    return render(request, "care/contact.html", facts, status=422 if problem else 200)


def _read_code(request: HttpRequest) -> str:
    upload = request.FILES.get("picture")
    if upload is None:
        return request.POST.get("check", "")[:CHECKED_MAX]
    return api.text_of_code(upload)[:CHECKED_MAX]


def _verdict(typed: str) -> dict[str, object]:
    if not typed.strip():
        return {"checked": typed, "verdict": None, "reported_times": 0}
    return {
        "checked": typed,
        "verdict": api.check_contact(typed),
        "reported_times": api.times_reported(typed),
    }


def _region(request: HttpRequest) -> str:
    """The region that the reader chose; nothing else is one."""
    chosen = request.GET.get("region", "")
    return chosen if chosen in {known.code for known in operator().regions} else ""


def _public(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = f"public, max-age={_HOUR}"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
