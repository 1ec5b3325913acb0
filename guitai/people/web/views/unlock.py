"""The door for whoever cannot sign in: one proof of who they are shows what stops them, and what leads out.

Numbers of nobody get the same words, the same next page and the same work.
"""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.flows.send_code import check_code, send_code
from guitai.people.flows.unlock import passkey_request, person_by_passkey, person_by_recovery_code
from guitai.people.rules.phone import written_phone
from guitai.people.rules.standing import told
from guitai.people.standing_reads import standing
from guitai.people.types import StepCode
from guitai.people.web.forms import CodeForm, PhoneForm
from guitai.people.web.proofs import begin_unlocking
from guitai.people.web.standing_forms import PasskeyStep, RecoveryUnlockForm
from guitai.people.web.views.common import address, customer, keep_sent, kept_sent, limit_address

UNLOCKING, CHALLENGE = "people.unlock_code", "people.unlock_challenge"


@require_http_methods(["GET", "POST"])
def unlock(request: HttpRequest) -> HttpResponse:
    """The number; the code goes to whoever holds it."""
    if customer(request):
        return redirect("people:standing")
    form = PhoneForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_address(request, "people.unlock.address")
            phone = form.cleaned_data["phone"]
            keep_sent(request, UNLOCKING, phone, send_code("unlock", phone, source=address(request)))
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return redirect("people:unlock_code")
    return render(request, "people/unlock.html", {"form": form, "passkey": PasskeyStep()})


@require_http_methods(["GET", "POST"])
def unlock_code(request: HttpRequest) -> HttpResponse:
    """The code that was sent."""
    kept = kept_sent(request, UNLOCKING)
    if kept is None:
        return redirect("people:unlock")
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            person = check_code("unlock", kept[0], form.cleaned_data["code"], sent=kept[1])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _known(request, person, "sms_code")
    return render(request, "people/unlock_code.html", {"form": form, "phone": written_phone(kept[0])})


@require_http_methods(["GET", "POST"])
def unlock_recovery(request: HttpRequest) -> HttpResponse:
    """The number and one of the codes that were written down."""
    form = RecoveryUnlockForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            limit_address(request, "people.unlock.address")
            person = person_by_recovery_code(form.cleaned_data["phone"], form.cleaned_data["recovery_code"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _known(request, person, "recovery_code")
    return render(request, "people/unlock_recovery.html", {"form": form})


@require_POST
def unlock_passkey_options(request: HttpRequest) -> JsonResponse:
    """What a passkey is asked to sign; which one, its holder chooses, so that this names nobody."""
    limit_address(request, "people.unlock.passkey")
    challenge, options = passkey_request()
    request.session[CHALLENGE] = challenge.hex()
    return JsonResponse({"publicKey": options})


@require_POST
def unlock_passkey(request: HttpRequest) -> HttpResponse:
    """The passkey's answer."""
    form = PasskeyStep(request.POST)
    challenge = bytes.fromhex(request.session.pop(CHALLENGE, ""))
    if form.is_valid():
        try:
            person = person_by_passkey(form.cleaned_data["credential"], challenge)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            return _known(request, person, "passkey")
    facts = {"form": PhoneForm(), "passkey": form}
    return render(request, "people/unlock.html", facts, status=422)


def _known(request: HttpRequest, person: UUID, proof: StepCode) -> HttpResponse:
    """What was proved counts for every cause that stands now, and for none that comes after."""
    causes = [cause.id for cause in told(standing(person)).causes]
    begin_unlocking(request, person, proof, causes)
    return redirect("people:standing")
