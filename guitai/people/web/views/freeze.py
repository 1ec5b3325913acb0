"""Freeze now: for everybody, at any hour, with a phone number and the code sent to it."""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.flows.freeze_now import freeze_by_phone, freeze_self
from guitai.people.flows.send_code import send_code
from guitai.people.rules.phone import written_phone
from guitai.people.web.forms import CodeForm, PhoneForm
from guitai.people.web.views.common import address, customer, keep_sent, kept_sent, limit_address

FREEZING, FROZEN = "people.freezing", "people.frozen"


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """One tap for whoever is signed in, the number for everybody else."""
    user, form = customer(request), PhoneForm(request.POST if "phone" in request.POST else None)
    if request.method == "POST" and user and request.POST.get("action") == "freeze":
        freeze_self(user.id, proof="session")
        return _done(request)
    if form.is_bound and form.is_valid():
        try:
            limit_address(request, "people.freeze.address")
            phone = form.cleaned_data["phone"]
            keep_sent(request, FREEZING, phone, send_code("freeze", phone, source=address(request)))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:freeze_code")
    return render(request, "people/freeze.html", {"form": form, "signed_in": user is not None})


@require_http_methods(["GET", "POST"])
def freeze_code(request: HttpRequest) -> HttpResponse:
    """The code; the page is the same for a number that has no wallet."""
    kept = kept_sent(request, FREEZING)
    if kept is None:
        return redirect("people:freeze")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            freeze_by_phone(kept[0], form.cleaned_data["code"], kept[1])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _done(request)
    return render(request, "people/freeze_code.html", {"form": form, "phone": written_phone(kept[0])})


def freeze_done(request: HttpRequest) -> HttpResponse:
    """What is stopped now, what is not, and the way back."""
    if not request.session.get(FROZEN):
        return redirect("people:freeze")
    return render(request, "people/freeze_done.html")


def _done(request: HttpRequest) -> HttpResponse:
    logout(request)
    request.session[FROZEN] = True
    return redirect("people:freeze_done")
