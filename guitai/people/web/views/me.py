"""The person's own pages: who I am here, my PIN, my standing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.actor import SYSTEM
from guitai.base.refusal import Refusal
from guitai.kit.operator import operator
from guitai.kit.problems import refusal_for_form
from guitai.notify import api as notify
from guitai.people import reads
from guitai.people.access import customer_required
from guitai.people.flows.release_self import release_self
from guitai.people.flows.send_code import send_code
from guitai.people.flows.set_pin import set_pin
from guitai.people.rules.phone import masked_phone
from guitai.people.types import Standing
from guitai.people.web.forms import PinForm, ReleaseForm
from guitai.people.web.views.common import customer
from guitai.people.web.words import history_words, standing_words


@customer_required
def me(request: HttpRequest) -> HttpResponse:
    """Name, number, PIN, language, standing; other rooms add their sections."""
    user = customer(request)
    assert user is not None
    now_standing = reads.standing(user.id)
    facts = {
        "person": reads.profile(user.id, None, SYSTEM),
        "phone": masked_phone(user.phone, operator().phone_region),
        "has_pin": reads.has_pin(user.id),
        "standing": now_standing,
        "words": standing_words(now_standing),
        "unread": notify.unread_count(user.id),
    }
    return render(request, "people/me.html", facts)


@customer_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponseBase:
    """Set or change the payment PIN."""
    user = customer(request)
    assert user is not None
    form, had_pin = PinForm(request.POST or None), reads.has_pin(user.id)
    if request.method == "POST" and form.is_valid():
        try:
            set_pin(user.id, form.cleaned_data["pin"], form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(
                request, _("Your payment PIN is changed.") if had_pin else _("Your payment PIN is set.")
            )
            return redirect("people:me")
    return render(request, "people/pin.html", {"form": form, "had_pin": had_pin})


@customer_required
@require_http_methods(["GET", "POST"])
def standing(request: HttpRequest) -> HttpResponseBase:
    """What is stopped, why, what remains to be done; and doing it."""
    user = customer(request)
    assert user is not None
    current, with_pin = reads.standing(user.id), reads.has_pin(user.id)
    action = request.POST.get("action", "")
    form = ReleaseForm(request.POST if action == "release" else None, with_pin=with_pin)
    try:
        if action == "send_code" and current.state != "active":
            send_code("release", user.phone, source=str(user.id))
            messages.success(request, _("A code is on its way to your phone."))
            return redirect("people:standing")
        if form.is_bound and form.is_valid():
            given = form.cleaned_data
            release_self(user.id, password=given["password"], code=given["code"], pin=given.get("pin", ""))
            messages.success(request, _("Your wallet works again."))
            return redirect("people:standing")
    except Refusal as refusal:
        if not form.is_bound:
            form = ReleaseForm({}, with_pin=with_pin)
            form.errors.clear()
        refusal_for_form(form, refusal)
    return render(request, "people/standing.html", _facts(request, current, form))


def _facts(request: HttpRequest, current: Standing, form: ReleaseForm) -> dict[str, object]:
    return {
        "standing": current,
        "words": standing_words(current),
        "form": form,
        "own": current.reason == "by_customer",
        "history": history_words(reads.history(current.person)) if current.disclosure == "open" else (),
    }
