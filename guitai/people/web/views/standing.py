"""My standing: what is stopped, why, what remains to be done; and doing it, one step after the other."""

from typing import Any, ClassVar
from uuid import UUID

from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.errors import StandingChanged
from guitai.people.flows.close_account import cancel_closing
from guitai.people.flows.expire_causes import expire_due
from guitai.people.flows.freeze_now import freeze_self
from guitai.people.flows.passkey_payment import payment_options
from guitai.people.flows.release_self import binding_of, finish, prove
from guitai.people.flows.send_code import send_code
from guitai.people.flows.show_document import show_document
from guitai.people.models import User
from guitai.people.rules.standing import KINDS, remaining, told
from guitai.people.standing_reads import last_document, standing, told_history
from guitai.people.types import Cause, Step, StepCode
from guitai.people.web import proofs
from guitai.people.web.proofs import known_person, person_of
from guitai.people.web.standing_forms import FORMS, given_by
from guitai.people.web.views.freeze import frozen_now
from guitai.people.web.words import cause_words, history_words, standing_words, step_lines, way_words

_HISTORY_SHORT = 5


@require_http_methods(["GET", "POST"])
@known_person
def my_standing(request: HttpRequest) -> HttpResponseBase:
    """Every cause that the person may know of, each with its own way out."""
    user = person_of(request)
    if request.POST.get("action") == "keep" and cancel_closing(user.id, why="asked"):
        messages.success(request, _("Your wallet stays open."))
        return redirect("people:standing")
    if request.POST.get("action") == "firm":
        freeze_self(user.id, proof="session" if request.user.is_authenticated else "unlocking")
        return frozen_now(request)
    expire_due(user.id)
    current = told(standing(user.id))
    facts = {
        "standing": current,
        "words": standing_words(current),
        "causes": [cause_words(cause, proofs.proved(request, cause.id)) for cause in current.causes],
        "history": history_words(told_history(user.id)[:_HISTORY_SHORT]),
        "provisional": any(cause.reason == "provisional" for cause in current.causes),
    }
    return render(request, "people/standing.html", facts)


@require_safe
@known_person
def my_history(request: HttpRequest) -> HttpResponseBase:
    """Every change that the person may know of."""
    changes = history_words(told_history(person_of(request).id))
    return render(request, "people/standing_history.html", {"changes": changes})


@require_http_methods(["GET", "POST"])
@known_person
def release(request: HttpRequest, cause: UUID) -> HttpResponseBase:
    """The way out of one cause: the next step's form, and the other ways to do it."""
    user = person_of(request)
    found = _own_cause(user, cause)
    if found is None:
        messages.info(request, _("This is over, or something newer has taken its place."))
        return redirect("people:standing")
    step = next(iter(remaining(found, proofs.proved(request, cause))), None)
    if step is None:
        return _finished(request, user, found, FORMS["password"]())
    way = _way(request, step)
    if request.method == "POST" and request.POST.get("action") == "send_code":
        return _send_code(request, user, found, step)
    form = _form(request, way, user)
    if form is not None and form.is_bound and form.is_valid():
        try:
            return _take(request, user, found, way, form)
        except Refusal as refusal:
            refusal_for_form(form, refusal)
    return _render(request, found, step, way, form)


@require_POST
@known_person
def release_passkey(request: HttpRequest, cause: UUID) -> HttpResponseBase:
    """What the browser asks a passkey to sign: good for getting out of this cause, and for nothing else."""
    user = person_of(request)
    if _own_cause(user, cause) is None:
        return JsonResponse({}, status=409)
    options = payment_options(user.id, binding_of(cause))
    return JsonResponse({"publicKey": options} if options else {}, status=200 if options else 409)


def _take(
    request: HttpRequest, user: User, cause: Cause, way: StepCode, form: forms.Form
) -> HttpResponseBase:
    """One step's answer: the last one lifts, a document waits for us, a proof is remembered."""
    if way in ("new_password", "new_pin"):
        return _finished(request, user, cause, form)
    if way == "identity_document":
        show_document(user.id, cause.id, form.cleaned_data["files"])
        messages.success(
            request, _("We have your photos, and write to you as soon as we have looked at them.")
        )
        return redirect("people:release", cause=cause.id)
    prove(user.id, cause.id, way, given_by(form))
    proofs.remember(request, cause.id, way)
    if not remaining(cause, proofs.proved(request, cause.id)):
        return _finished(request, user, cause, form)
    return redirect("people:release", cause=cause.id)


def _finished(request: HttpRequest, user: User, cause: Cause, form: forms.Form) -> HttpResponseBase:
    try:
        given = given_by(form) if form.is_bound else given_by(_Empty)
        after = finish(user.id, cause.id, proofs.proved(request, cause.id), given)
    except StandingChanged:
        messages.info(request, _("This is over, or something newer has taken its place."))
        return redirect("people:standing")
    signed_in = request.user.is_authenticated
    if signed_in:
        user.refresh_from_db()
        update_session_auth_hash(request, user)
    over = told(after).state == "active"
    messages.success(request, _("Your wallet works again.") if over else _("Done. Something else remains."))
    if over:
        proofs.forget(request)
    return redirect("people:standing" if signed_in or not over else "people:sign_in")


def _send_code(request: HttpRequest, user: User, cause: Cause, step: Step) -> HttpResponseBase:
    form = FORMS["sms_code"]({})
    form.errors.clear()
    try:
        send_code("release", user.phone, source=str(user.id))
    except Refusal as refusal:
        refusal_for_form(form, refusal)
        return _render(request, cause, step, "sms_code", form)
    messages.success(request, _("A code is on its way to your phone."))
    return redirect("people:release", cause=cause.id)


def _render(
    request: HttpRequest, cause: Cause, step: Step, way: StepCode, form: forms.Form | None
) -> HttpResponseBase:
    facts: dict[str, Any] = {
        "words": cause_words(cause),
        "lines": step_lines(cause, proofs.proved(request, cause.id)),
        "cause": cause,
        "way": way,
        "way_title": way_words(way)[0],
        "way_detail": way_words(way)[1],
        "others": [(code, *way_words(code)) for code in step.choices if code not in (way, "waiting")],
        "form": form,
        "document": last_document(cause.id) if way == "identity_document" else None,
    }
    return render(request, "people/release.html", facts)


def _own_cause(user: User, cause: UUID) -> Cause | None:
    """A cause that its person may lift, if it stands."""
    expire_due(user.id)
    found = next((one for one in told(standing(user.id)).causes if one.id == cause), None)
    if found is None or not found.reason or not KINDS[found.reason].own or not found.release:
        return None
    return found


def _way(request: HttpRequest, step: Step) -> StepCode:
    wanted = request.POST.get("way") or request.GET.get("way", "")
    return next((code for code in step.choices if code == wanted and code != "waiting"), step.code)


def _form(request: HttpRequest, way: StepCode, user: User) -> forms.Form | None:
    if way not in FORMS:
        return None
    bound = request.method == "POST" and request.POST.get("action") == "prove"
    options = {"user": user} if way == "new_password" else {}
    return FORMS[way](request.POST if bound else None, request.FILES if bound else None, **options)


class _Empty:
    cleaned_data: ClassVar[dict[str, Any]] = {}
