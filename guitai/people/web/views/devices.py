"""Where I am signed in: devices and sessions, and ending them; “this wasn't me”."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth import logout
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import NotFound
from guitai.people import device_reads
from guitai.people.access import customer_required
from guitai.people.errors import LinkOver
from guitai.people.flows.deny_sign_in import deny_sign_in, find_sign_in
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.sign_out import forget_device, name_device, sign_out_one, sign_out_others
from guitai.people.links import opened
from guitai.people.web.device_words import sign_in_steps
from guitai.people.web.forms_access import NameDeviceForm
from guitai.people.web.views.common import signed_in
from guitai.people.web.views.freeze import FROZEN


@customer_required
@require_http_methods(["GET", "POST"])
def devices(request: HttpRequest) -> HttpResponseBase:
    """All devices with place and last use; sign out one, the others, or all."""
    user, action = signed_in(request), request.POST.get("action", "")
    key = str(request.session.session_key)
    if action == "others":
        sign_out_others(user.id, key)
        messages.success(request, _("Everything else is signed out."))
    elif action == "all":
        end_sessions(user.id)
        logout(request)
        messages.success(request, _("You are signed out everywhere."))
        return redirect("people:sign_in")
    elif action == "one":
        sign_out_one(user.id, _uuid(request.POST.get("session", "")))
        messages.success(request, _("That session is signed out."))
    if action:
        return redirect("people:devices")
    found = device_reads.sessions(user.id, key)
    facts = {
        "sessions": found,
        "others": sum(not one.current for one in found),
        "past": sign_in_steps(device_reads.past_sign_ins(user.id)),
        "forgotten": device_reads.idle_devices(user.id),
    }
    return render(request, "people/devices.html", facts)


@customer_required
@require_http_methods(["GET", "POST"])
def device(request: HttpRequest, device: UUID) -> HttpResponseBase:
    """One device: its name, its sign-ins, forgetting it."""
    user = signed_in(request)
    found = device_reads.device(user.id, device)
    if found is None:
        raise Http404
    form = NameDeviceForm(request.POST or None, initial={"name": found.name})
    action = request.POST.get("action", "")
    if action == "forget":
        forget_device(user.id, device)
        messages.success(request, _("The device is signed out and forgotten."))
        return redirect("people:devices")
    if action == "name" and form.is_valid():
        name_device(user.id, device, form.cleaned_data["name"])
        return redirect("people:devices")
    past = sign_in_steps(device_reads.past_sign_ins(user.id, device=device))
    return render(request, "people/device.html", {"device": found, "form": form, "past": past})


@customer_required
@require_http_methods(["POST"])
def deny(request: HttpRequest, sign_in: UUID) -> HttpResponseBase:
    """“This wasn't me”, said by whoever is signed in."""
    if not device_reads.is_own(signed_in(request).id, sign_in):
        raise NotFound()
    deny_sign_in(sign_in, proof="session")
    return _denied(request)


@require_http_methods(["GET", "POST"])
def not_me(request: HttpRequest, token: str) -> HttpResponse:
    """The same from a notice, without being signed in: one page, one tap."""
    sign_in = opened("not_me", token)
    if sign_in is None:
        raise Http404
    try:
        row = find_sign_in(sign_in)
        if request.method == "POST":
            deny_sign_in(sign_in, proof="notice_link")
            return _denied(request)
    except LinkOver:
        return render(request, "people/link_over.html", status=410)
    facts = {"row": row, "device": row.device, "denied": row.denied_at is not None}
    return render(request, "people/not_me.html", facts)


def _denied(request: HttpRequest) -> HttpResponse:
    logout(request)
    request.session[FROZEN] = True
    return redirect("people:not_me_done")


def not_me_done(request: HttpRequest) -> HttpResponse:
    """What has happened, and what comes next."""
    if not request.session.get(FROZEN):
        return redirect("people:freeze")
    return render(request, "people/not_me_done.html")


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise NotFound() from error
