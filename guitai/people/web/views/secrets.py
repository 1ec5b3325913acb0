"""My password and my payment PIN."""

from uuid import UUID

from allauth.account.internal.flows.login import record_authentication
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people import reads
from guitai.people.access import customer_required, fresh_proof_required, proved_lately
from guitai.people.flows.change_password import change_password
from guitai.people.flows.change_pin import change_pin, replace_pin, replacing_ways, set_pin
from guitai.people.flows.note_sign_in import keep_session
from guitai.people.flows.proofs import send_proof_code
from guitai.people.models import User
from guitai.people.passwords import hints_of, strength
from guitai.people.rules.sign_in import Way
from guitai.people.web import passkeys
from guitai.people.web.forms import FirstPinForm, PinForm
from guitai.people.web.forms_access import ChangePinForm, PasswordForm
from guitai.people.web.proving import WAY_TITLES, ProofForm, chosen_way, way_rows
from guitai.people.web.views.common import limit_address, signed_in
from guitai.people.web.views.sign_up import PHONE

SENT, SLOT = "people.pin_sent", "pin"
_LONGEST = 128


@customer_required
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest) -> HttpResponseBase:
    """Another password: everything else is signed out, this browser stays."""
    user = signed_in(request)
    form = PasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        try:
            changed = change_password(
                user.id, form.cleaned_data["password"], form.cleaned_data["new_password"]
            )
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            stay_signed_in(request, changed)
            messages.success(request, _("Your password is changed. All other devices are signed out."))
            return redirect("people:security")
    return render(request, "people/password.html", {"form": form})


@require_http_methods(["POST"])
def password_strength(request: HttpRequest) -> HttpResponse:
    """How hard a password is to guess, 0 to 4: the same judge as for the form, asked while typing."""
    limit_address(request, "people.strength.address")
    user = request.user if isinstance(request.user, User) else User()
    hints = hints_of(user) or _phone_hints(str(request.session.get(PHONE) or ""))
    return JsonResponse({"score": strength(request.POST.get("password", "")[:_LONGEST], hints)})


@customer_required
@require_http_methods(["GET", "POST"])
def pin(request: HttpRequest) -> HttpResponseBase:
    """Set the payment PIN with the password, change it with the present one."""
    user = signed_in(request)
    had = reads.has_pin(user.id)
    form = ChangePinForm(request.POST or None) if had else PinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            if had:
                change_pin(user.id, given["pin"], current=given["current"])
            else:
                set_pin(user.id, given["pin"], given["password"])
        except Refusal as refusal:
            refusal_for_form(form, _about(refusal, "current" if had else "pin"))
        else:
            messages.success(
                request, _("Your payment PIN is changed.") if had else _("Your payment PIN is set.")
            )
            return redirect("people:me")
    return render(request, "people/pin.html", {"form": form, "had_pin": had})


@customer_required
@fresh_proof_required
@require_http_methods(["GET", "POST"])
def pin_forgotten(request: HttpRequest) -> HttpResponseBase:
    """A new PIN for somebody who forgot it: what they have just shown, and another proof."""
    user = signed_in(request)
    if not reads.has_pin(user.id):
        return redirect("people:pin")
    first = proved_lately(request)
    ways = replacing_ways(user.id, first)
    way = chosen_way(request.POST.get("way") or request.GET.get("way"), ways)
    assert way is not None
    proving, sent = request.POST.get("action") == "prove", request.session.get(SENT, {})
    form = ProofForm(request.POST if proving else None, way=way)
    chosen = FirstPinForm(request.POST if proving else None)
    try:
        if way in ("sms", "email") and (request.POST.get("action") == "send" or way not in sent):
            request.session[SENT] = {**sent, way: str(send_proof_code(user, way))}
        elif proving and form.is_valid() and chosen.is_valid():
            _replace(request, user, first, way, form.given, chosen.cleaned_data["pin"])
            messages.success(
                request,
                _("Your payment PIN is changed. My limits shows what may leave until it is no longer new."),
            )
            return redirect("people:me")
    except Refusal as refusal:
        form = form if form.is_bound else ProofForm({}, way=way)
        form.errors.pop("code", None)
        refusal_for_form(chosen if refusal.code == "pin_too_simple" else form, refusal)
    facts = {
        "form": form, "pin_form": chosen, "way": way, "first": first, "way_title": WAY_TITLES[way],
        "others": way_rows(ways, way),
    }  # fmt: skip
    return render(request, "people/pin_forgotten.html", facts)


@customer_required
@require_http_methods(["POST"])
def pin_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: a passkey of whoever forgot the PIN."""
    return passkeys.ask_own(request, SLOT, signed_in(request).id)


def stay_signed_in(request: HttpRequest, user: User) -> None:
    """Keep this session over a change of the password: it gets a new key and the new fingerprint."""
    before = str(request.session.session_key)
    update_session_auth_hash(request, user)
    record_authentication(request, user, "password", reauthenticated=True)
    request.session.save()
    keep_session(before, str(request.session.session_key), user.session_generation)


def _replace(request: HttpRequest, user: User, first: str, way: Way, given: str, pin: str) -> None:
    sent = request.session.get(SENT, {}).get(way)
    challenge = passkeys.asked(request, SLOT) if way == "passkey" else b""
    replace_pin(
        user.id,
        pin,
        first=first,
        way=way,
        given=given,
        sent=UUID(sent) if sent else None,
        challenge=challenge,
    )
    request.session.pop(SENT, None)


def _about(refusal: Refusal, field: str) -> Refusal:
    """A wrong present PIN is said at its own field."""
    if refusal.code in ("pin_wrong", "pin_locked"):
        refusal.field = field
    return refusal


def _phone_hints(phone: str) -> tuple[str, ...]:
    return (phone, phone[1:], phone[-11:], phone[-8:]) if phone else ()
