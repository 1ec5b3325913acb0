"""How I am reached: the mail address, the phone number."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.access import customer_required, fresh_proof_required
from guitai.people.errors import NumberChangeOver
from guitai.people.flows import change_phone, email
from guitai.people.flows.proofs import means_of, send_proof_code
from guitai.people.links import opened
from guitai.people.reads import email_of
from guitai.people.rules.phone import written_phone
from guitai.people.rules.sign_in import Way, phone_proofs
from guitai.people.web import passkeys
from guitai.people.web.forms import CodeForm
from guitai.people.web.forms_access import EmailForm, NewCodeForm, NumberForm, TwoCodesForm
from guitai.people.web.proving import WAY_TITLES, ProofForm, chosen_way, way_rows
from guitai.people.web.views.common import shown_phone, signed_in

SENT, SLOT = "people.number_sent", "number"


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def mail(request: HttpRequest) -> HttpResponseBase:
    """The address there is, and another one."""
    user = signed_in(request)
    form, present = EmailForm(request.POST if "email" in request.POST else None), email_of(user.id)
    if request.POST.get("action") == "remove":
        email.remove_email(user.id)
        messages.success(request, _("The address is removed."))
        return redirect("people:mail")
    if form.is_bound and form.is_valid():
        try:
            email.begin_email(user.id, form.cleaned_data["email"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:mail_code")
    return render(request, "people/mail.html", {"form": form, "present": present})


@customer_required
@require_http_methods(["GET", "POST"])
def mail_code(request: HttpRequest) -> HttpResponseBase:
    """The code that was sent to the new address."""
    user = signed_in(request)
    waiting, form = email.pending_email(user.id), CodeForm(request.POST or None)
    if not waiting:
        return redirect("people:mail")
    if request.method == "POST" and form.is_valid():
        try:
            email.confirm_email(user.id, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("The address is confirmed. We write to it when something matters."))
            return redirect("people:security")
    return render(request, "people/mail_code.html", {"form": form, "address": waiting})


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def number(request: HttpRequest) -> HttpResponseBase:
    """The new number, and whether the old one is still at hand."""
    user, going = signed_in(request), change_phone.open_change(signed_in(request).id)
    if going is not None and request.POST.get("action") == "cancel":
        change_phone.cancel_change(going.id, by="session")
        messages.success(request, _("The change is cancelled. Your number stays."))
        return redirect("people:number")
    form = NumberForm(request.POST or None, initial={"old": "yes"})
    if request.method == "POST" and form.is_valid():
        with_old = form.cleaned_data["old"] == "yes"
        try:
            sent = change_phone.begin_change(user.id, form.cleaned_data["phone"], with_old=with_old)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session[SENT] = {"old": str(sent) if sent else ""}
            return redirect("people:number_code")
    facts = {
        "form": form,
        "present": shown_phone(user),
        "waiting": going if going is not None and going.waiting else None,
        "waiting_phone": written_phone(going.phone) if going is not None and going.waiting else "",
        "provable": bool(phone_proofs(means_of(user))),
    }
    return render(request, "people/number.html", facts)


@customer_required
@require_http_methods(["GET", "POST"])
def number_code(request: HttpRequest) -> HttpResponseBase:
    """The codes; without the old number a second proof instead of its code."""
    user, going = signed_in(request), change_phone.open_change(signed_in(request).id)
    kept = request.session.get(SENT)
    if going is None or going.waiting or kept is None:
        return redirect("people:number")
    return _with_old(request, user.id, going, kept) if going.with_old else _without_old(request, going, kept)


@customer_required
@require_http_methods(["POST"])
def number_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: a passkey of whoever changes the number."""
    return passkeys.ask_own(request, SLOT, signed_in(request).id)


@require_http_methods(["GET", "POST"])
def number_cancel(request: HttpRequest, token: str) -> HttpResponse:
    """Stop a change of number from a notice, without being signed in."""
    change = opened("number_cancel", token)
    state = change_phone.change_state(change) if change else None
    if change is None or state is None:
        raise Http404
    if request.method == "POST":
        try:
            change_phone.cancel_change(change, by="notice_link")
        except NumberChangeOver:
            return render(request, "people/link_over.html", status=410)
        return render(request, "people/number_cancelled.html")
    if state not in ("asked", "waiting"):
        return render(request, "people/link_over.html", status=410)
    return render(request, "people/number_cancel.html")


def _with_old(
    request: HttpRequest, person: UUID, going: change_phone.NumberChange, kept: dict[str, str]
) -> HttpResponse:
    form = TwoCodesForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            change_phone.confirm_with_old(
                person, new_code=given["new_code"], old_code=given["old_code"], sent=UUID(kept["old"])
            )
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            request.session.pop(SENT, None)
            messages.success(request, _("Your number is changed. Sign in with the new one from now on."))
            return redirect("people:security")
    facts = {"form": form, "phone": written_phone(going.phone), "with_old": True}
    return render(request, "people/number_code.html", facts)


def _without_old(
    request: HttpRequest, going: change_phone.NumberChange, kept: dict[str, str]
) -> HttpResponse:
    user = signed_in(request)
    ways = phone_proofs(means_of(user))
    way = chosen_way(request.POST.get("way") or request.GET.get("way"), ways)
    if way is None:
        return redirect("people:number")
    proving = request.POST.get("action") == "prove"
    form, code = (
        ProofForm(request.POST if proving else None, way=way),
        NewCodeForm(request.POST if proving else None),
    )
    try:
        if way == "email" and (request.POST.get("action") == "send" or not kept.get("email")):
            request.session[SENT] = {**kept, "email": str(send_proof_code(user, way))}
        elif proving and form.is_valid() and code.is_valid():
            _confirm_without_old(request, user.id, way, form, code)
            return redirect("people:number")
    except Refusal as refusal:
        form = form if form.is_bound else ProofForm({}, way=way)
        form.errors.pop("code", None)
        refusal_for_form(form, refusal)
    facts: dict[str, Any] = {
        "form": form,
        "code_form": code,
        "way": way,
        "way_title": WAY_TITLES[way],
        "others": way_rows(ways, way),
        "phone": written_phone(going.phone),
        "with_old": False,
    }
    return render(request, "people/number_code.html", facts)


def _confirm_without_old(
    request: HttpRequest, person: UUID, way: Way, form: ProofForm, code: NewCodeForm
) -> None:
    sent = request.session.get(SENT, {}).get(way)
    challenge = passkeys.asked(request, SLOT) if way == "passkey" else b""
    change_phone.confirm_without_old(
        person,
        new_code=code.cleaned_data["new_code"],
        way=way,
        given=form.given,
        sent=UUID(sent) if sent else None,
        challenge=challenge,
    )
    request.session.pop(SENT, None)
    messages.success(
        request, _("Asked for. Every contact of yours has been told, and can stop it until then.")
    )
