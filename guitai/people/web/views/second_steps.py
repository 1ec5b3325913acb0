"""Passkeys, authenticator app, recovery codes: what there is, setting up, taking away."""

import segno
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import clear_totp_secret, get_totp_secret
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.access import customer_required, fresh_proof_required
from guitai.people.flows import authenticators
from guitai.people.flows.proofs import means_of
from guitai.people.web import passkeys
from guitai.people.web.forms import CodeForm
from guitai.people.web.forms_access import NameDeviceForm, PasskeyForm
from guitai.people.web.views.common import shown_phone, signed_in

_Type = Authenticator.Type


@customer_required
def second_steps(request: HttpRequest) -> HttpResponse:
    """What this person has set up, and what may still be."""
    user = signed_in(request)
    rows = list(Authenticator.objects.filter(user=user).order_by("id"))
    facts = {
        "passkeys": [row for row in rows if row.type == _Type.WEBAUTHN],
        "app": next((row for row in rows if row.type == _Type.TOTP), None),
        "codes_left": len(authenticators.recovery_codes_of(user)),
        "has_codes": any(row.type == _Type.RECOVERY_CODES for row in rows),
        "always": user.always_second_step,
        "phone": shown_phone(user),
    }
    return render(request, "people/second_steps.html", facts)


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def app_set_up(request: HttpRequest) -> HttpResponseBase:
    """Scan, then show one code."""
    user = signed_in(request)
    if means_of(user).totp:
        return redirect("people:second_steps")
    form, secret = CodeForm(request.POST or None), get_totp_secret(regenerate=False)
    if request.method == "POST" and form.is_valid():
        try:
            authenticators.set_totp(user, secret, form.cleaned_data["code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            clear_totp_secret(request)
            messages.success(request, _("Your authenticator app is set up."))
            return redirect("people:recovery_codes")
    address = get_adapter().build_totp_url(user, secret)
    picture = segno.make(address, micro=False).svg_data_uri(scale=5, border=2)
    return render(
        request,
        "people/app_set_up.html",
        {"form": form, "secret": secret, "picture": picture, "address": address},
    )


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def passkey_add(request: HttpRequest) -> HttpResponseBase:
    """Name it, and let the device make it."""
    user = signed_in(request)
    form = PasskeyForm(request.POST or None, initial={"name": _("My device")})
    if request.method == "POST" and form.is_valid():
        first = not authenticators.recovery_codes_of(user)
        try:
            passkeys.finish_enrolment(
                request, user, form.cleaned_data["name"], form.cleaned_data["credential"]
            )
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("The passkey is ready: sign in with it from now on."))
            return redirect("people:recovery_codes" if first else "people:second_steps")
    return render(request, "people/passkey_add.html", {"form": form})


@customer_required
@fresh_proof_required
@require_http_methods(["POST"])
def passkey_options(request: HttpRequest) -> HttpResponseBase:
    """What the device is asked with."""
    return JsonResponse(passkeys.begin_enrolment(request, signed_in(request)))


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def authenticator(request: HttpRequest, number: int) -> HttpResponseBase:
    """One passkey or the app: another name, or away with it."""
    user = signed_in(request)
    row = Authenticator.objects.filter(user=user, id=number).exclude(type=_Type.RECOVERY_CODES).first()
    if row is None:
        raise Http404
    is_app = row.type == _Type.TOTP
    form = NameDeviceForm(request.POST or None, initial={"name": "" if is_app else row.wrap().name})
    if request.POST.get("action") == "remove":
        authenticators.remove_authenticator(user, number)
        messages.success(request, _("It is removed and opens nothing any more."))
        return redirect("people:second_steps")
    if request.POST.get("action") == "rename" and not is_app and form.is_valid():
        authenticators.rename_passkey(user, number, form.cleaned_data["name"] or _("Passkey"))
        return redirect("people:second_steps")
    last = Authenticator.objects.filter(user=user).exclude(type=_Type.RECOVERY_CODES).count() == 1
    facts = {"row": row, "is_app": is_app, "form": form, "last": last}
    return render(request, "people/authenticator.html", facts)


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def recovery_codes(request: HttpRequest) -> HttpResponseBase:
    """The codes that are left; new ones on request."""
    user = signed_in(request)
    means = means_of(user)
    if not (means.totp or means.passkey):
        return redirect("people:second_steps")
    if request.method == "POST":
        authenticators.make_recovery_codes(user)
        messages.success(request, _("These codes are new. The old ones no longer work."))
        return redirect("people:recovery_codes")
    codes = authenticators.recovery_codes_of(user)
    return render(
        request, "people/recovery_codes.html", {"codes": [f"{code[:4]} {code[4:]}" for code in codes]}
    )


@customer_required
@fresh_proof_required
@require_http_methods(["POST"])
def always(request: HttpRequest) -> HttpResponseBase:
    """Ask for a second step at every sign-in, or only when something is new."""
    authenticators.always_ask(signed_in(request), on=request.POST.get("on") == "yes")
    messages.success(request, _("Saved."))
    return redirect("people:second_steps")
