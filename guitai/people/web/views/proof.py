"""Prove that it is still you, before changing how you sign in."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.base.internal.flows import post_authentication
from allauth.mfa.models import Authenticator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.access import customer_required, proved_lately
from guitai.people.flows.proofs import check_proof, means_of
from guitai.people.models import User
from guitai.people.rules.sign_in import Way
from guitai.people.web import passkeys
from guitai.people.web.proving import WAY_TITLES, ProofForm, chosen_way, way_rows
from guitai.people.web.views.common import keep_next, onward, signed_in

SLOT = "confirm"


@customer_required
@require_http_methods(["GET", "POST"])
def confirm(request: HttpRequest) -> HttpResponseBase:
    """The password, a passkey or the authenticator app; good for ten minutes."""
    user = signed_in(request)
    keep_next(request)
    if proved_lately(request):
        return redirect(onward(request, "/me/security/"))
    ways = _ways(user)
    way = chosen_way(request.POST.get("way") or request.GET.get("way"), ways) or "password"
    form = ProofForm(request.POST or None, way=way)
    if request.method == "POST" and form.is_valid():
        try:
            challenge = passkeys.asked(request, SLOT) if way == "passkey" else b""
            number = check_proof(user, way, form.given, challenge=challenge)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            _remember(request, user, number)
            return redirect(onward(request, "/me/security/"))
    facts = {"form": form, "way": way, "way_title": WAY_TITLES[way], "others": way_rows(ways, way)}
    return render(request, "people/confirm.html", facts)


@customer_required
@require_http_methods(["POST"])
def confirm_options(request: HttpRequest) -> HttpResponse:
    """What the browser is asked with: a passkey of whoever is signed in."""
    return passkeys.ask_own(request, SLOT, signed_in(request).id)


def _ways(user: User) -> tuple[Way, ...]:
    means = means_of(user)
    offered: tuple[tuple[Way, bool], ...] = (
        ("password", True),
        ("passkey", means.passkey),
        ("totp", means.totp),
    )
    return tuple(way for way, held in offered if held)


def _remember(request: HttpRequest, user: User, number: int | None) -> None:
    if number is not None:
        post_authentication(request, Authenticator.objects.get(id=number), reauthenticated=True)
    else:
        record_authentication(request, user, "password", reauthenticated=True)
