"""Freeze now: for everybody, at any hour, by a code, by the freeze word, or without the phone."""

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.access import customer_required
from guitai.people.flows.freeze_now import (
    freeze_by_phone,
    freeze_by_word,
    freeze_provisionally,
    freeze_self,
)
from guitai.people.flows.freeze_word import forget_freeze_word, has_freeze_word, set_freeze_word
from guitai.people.flows.send_code import send_code
from guitai.people.rules.phone import written_phone
from guitai.people.standing_policy import standing_policy
from guitai.people.web.forms import CodeForm, PhoneForm
from guitai.people.web.standing_forms import FreezeByWordForm, FreezeWithoutPhoneForm, FreezeWordForm
from guitai.people.web.views.common import address, customer, keep_sent, kept_sent, limit_address

FREEZING, FROZEN, CLAIMED = "people.freezing", "people.frozen", "people.freeze_claimed"


@require_http_methods(["GET", "POST"])
def freeze(request: HttpRequest) -> HttpResponse:
    """One tap for whoever is signed in, the number for everybody else."""
    user, form = customer(request), PhoneForm(request.POST if "phone" in request.POST else None)
    if request.method == "POST" and user and request.POST.get("action") == "freeze":
        freeze_self(user.id, proof="session")
        return frozen_now(request)
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
            return frozen_now(request)
    return render(request, "people/freeze_code.html", {"form": form, "phone": written_phone(kept[0])})


@require_http_methods(["GET", "POST"])
def freeze_word(request: HttpRequest) -> HttpResponse:
    """The number and the word that was chosen for it."""
    form = FreezeByWordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            freeze_by_word(given["phone"], given["word"], source=address(request))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return frozen_now(request)
    return render(request, "people/freeze_word.html", {"form": form})


@require_http_methods(["GET", "POST"])
def freeze_without_phone(request: HttpRequest) -> HttpResponse:
    """The number and the end of an ID or card number: for some hours, and the answer is always the same."""
    form, hours = FreezeWithoutPhoneForm(request.POST or None), standing_policy().provisional_hours
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            freeze_provisionally(given["phone"], given["end"], source=address(request))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session[CLAIMED] = given["phone"]
            return redirect("people:freeze_claimed")
    return render(request, "people/freeze_without_phone.html", {"form": form, "hours": hours})


def freeze_claimed(request: HttpRequest) -> HttpResponse:
    """What happens if number and end fit; whether they do, nobody is told here."""
    phone = request.session.get(CLAIMED)
    if not phone:
        return redirect("people:freeze_without_phone")
    policy = standing_policy()
    facts = {
        "phone": written_phone(phone),
        "hours": policy.provisional_hours,
        "somebody_on_call": bool(policy.on_call),
    }
    return render(request, "people/freeze_claimed.html", facts)


def freeze_done(request: HttpRequest) -> HttpResponse:
    """What is stopped now, what is not, and the way back."""
    if not request.session.get(FROZEN):
        return redirect("people:freeze")
    return render(request, "people/freeze_done.html")


@require_http_methods(["GET", "POST"])
@customer_required
def my_freeze_word(request: HttpRequest) -> HttpResponseBase:
    """Choose the word, choose another one, or have none."""
    user = customer(request)
    assert user is not None
    if request.method == "POST" and request.POST.get("action") == "forget":
        forget_freeze_word(user.id)
        messages.success(request, _("You have no freeze word any more."))
        return redirect("people:my_freeze_word")
    form = FreezeWordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            set_freeze_word(user.id, form.cleaned_data["word"], form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Your freeze word is chosen. Keep it in mind, not on your phone."))
            return redirect("people:me")
    return render(request, "people/my_freeze_word.html", {"form": form, "chosen": has_freeze_word(user.id)})


def frozen_now(request: HttpRequest) -> HttpResponse:
    """After a freeze: signed out here as everywhere, and told what happens now."""
    logout(request)
    request.session[FROZEN] = True
    return redirect("people:freeze_done")
