"""The desk's queue of lines and notices that nobody has been given: looked at, proposed, approved."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.downloads import file_response
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import masked, staff_member, staff_required
from guitai.wallet import api
from guitai.wallet.types import ItemAction, ItemView, ParkedView, SlipView
from guitai.wallet.web.reconciliation_forms import ProposalForm

_WORK, _DECIDE = "cases.work", "holds.decide"
_PARKED = ("credit", "return")


@require_GET
@staff_required(_WORK)
def queue(request: HttpRequest) -> HttpResponse:
    """Everything that waits for a person, whichever way it was told, and how far matching is."""
    page = api.open_items(request.GET.get("after"))
    facts = {
        **_progress(),
        "page": page,
        "parked": api.parked_payments(limit=100).items if not request.GET.get("after") else (),
        "short": [one for one in api.safeguarding() if one.surplus.minor < 0],
        "place": "queue",
    }
    return render(request, "wallet/reconciliation/queue.html", facts)


@require_GET
@staff_required(_WORK)
def progress(request: HttpRequest) -> HttpResponse:
    """How far matching is: asked again while it is under way."""
    return render(request, "wallet/reconciliation/progress.html", _progress())


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WORK)
def item(request: HttpRequest, item: UUID) -> HttpResponseBase:
    """One line with its candidates; and what somebody says about it."""
    staff = Actor("staff", str(request.user.pk))
    detail = api.open_item(item, actor=staff)
    form = _form(request, detail.actions)
    if request.method == "POST":
        try:
            if not _settle_item(request, item, staff, form):
                return _item_page(request, staff, detail, form, status=422)
        except NotFound:
            raise
        except Refusal as refusal:
            if not form.is_bound:
                messages.warning(request, sentences(refusal.code, refusal.facts))
                return redirect("wallet:reconciliation_item", item=item)
            refusal_for_form(form, refusal)
            return _item_page(request, staff, detail, form, status=422)
        return redirect("wallet:reconciliation_item", item=item)
    return _item_page(request, staff, detail, form)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_WORK)
def parked(request: HttpRequest, parked: UUID) -> HttpResponseBase:
    """A payment that a rail's notice told of and that did not fit its top-up."""
    staff = Actor("staff", str(request.user.pk))
    detail = api.open_parked(parked, actor=staff)
    form = _form(request, _PARKED)
    facts: dict[str, Any] = {
        "detail": detail, "view": detail.view, "form": form, **_who(staff, detail.view.proposed_by),
        "slips": _parked_slips(detail.view),
    }  # fmt: skip
    if request.method == "POST":
        try:
            if _settle_parked(request, parked, staff, form):
                return redirect("wallet:reconciliation_parked", parked=parked)
        except NotFound:
            raise
        except Refusal as refusal:
            if not form.is_bound:
                messages.warning(request, sentences(refusal.code, refusal.facts))
                return redirect("wallet:reconciliation_parked", parked=parked)
            refusal_for_form(form, refusal)
        return render(request, "wallet/reconciliation/parked.html", facts, status=422)
    return render(request, "wallet/reconciliation/parked.html", facts)


@require_GET
@staff_required(_WORK)
def slip(request: HttpRequest, slip: UUID) -> HttpResponse:
    """A slip that a customer has sent; each look is recorded."""
    return file_response(*api.open_slip(slip, actor=Actor("staff", str(request.user.pk))))


def _parked_slips(view: ParkedView) -> list[SlipView]:
    amount = view.amount or view.expected
    return api.slips_like(amount, view.came_at.date(), view.reference)


def _progress() -> dict[str, Any]:
    """The newest files, and whether any of them is still being matched: then it is asked again."""
    found = api.matchings(3)
    return {"matchings": found, "running": any(one.finished_at is None for one in found)}


def _form(request: HttpRequest, actions: tuple[str, ...]) -> ProposalForm:
    proposing = request.method == "POST" and request.POST.get("verb") == "propose"
    chosen = {"action": request.GET.get("action", ""), "target": request.GET.get("target", "")}
    return ProposalForm(request.POST if proposing else None, actions=actions, initial=chosen)


def _settle_item(request: HttpRequest, item: UUID, staff: Actor, form: ProposalForm) -> bool:
    """Do what was asked; False when the form is not whole."""
    verb = request.POST.get("verb")
    if verb == "approve":
        api.approve_item(item, _action(request.POST.get("action", "")), actor=staff)
        messages.success(request, _("Approved and carried out."))
    elif verb == "decline":
        api.decline_item(item, reason=request.POST.get("reason", ""), actor=staff)
        messages.success(request, _("The proposal is put aside."))
    elif form.is_valid():
        given = form.cleaned_data
        action = _action(given["action"])
        api.propose_item(item, action, target=given["target"], reason=given["reason"], actor=staff)
        messages.success(request, _("Proposed. Another person approves."))
    else:
        return False
    return True


def _settle_parked(request: HttpRequest, parked: UUID, staff: Actor, form: ProposalForm) -> bool:
    verb, reason = request.POST.get("verb"), request.POST.get("reason", "")
    purpose = Purpose("reconciliation", str(parked), reason[:200])
    if verb == "approve":
        action = "credit" if request.POST.get("action") == "credit" else "return"
        if _DECIDE not in staff_member(UUID(staff.id)).permissions:
            raise NotFound()
        api.approve_parked(parked, "credit" if action == "credit" else "return", actor=staff, purpose=purpose)
        messages.success(request, _("Approved and carried out."))
    elif verb == "decline":
        api.decline_parked(parked, reason=reason, actor=staff, purpose=purpose)
        messages.success(request, _("The proposal is put aside."))
    elif verb == "ask":
        api.ask_parked_payer(parked, actor=staff, purpose=purpose)
        messages.success(request, _("The customer is asked for an account."))
    elif form.is_valid():
        given = form.cleaned_data
        credit = given["action"] == "credit"
        api.propose_parked(
            parked, "credit" if credit else "return", reason=given["reason"], actor=staff, purpose=purpose
        )
        messages.success(request, _("Proposed. Another person approves."))
    else:
        return False
    return True


def _item_page(
    request: HttpRequest, staff: Actor, detail: Any, form: ProposalForm, status: int = 200
) -> HttpResponse:
    view = detail.view
    slips = (
        api.slips_like(view.amount, view.booked_on or view.came_at.date(), view.names)
        if _may_be_slip(view)
        else []
    )
    facts = {"detail": detail, "view": view, "form": form, "slips": slips, **_who(staff, view.proposed_by)}
    return render(request, "wallet/reconciliation/item.html", facts, status=status)


def _may_be_slip(view: ItemView) -> bool:
    return view.credit and view.amount is not None


def _who(staff: Actor, proposed_by: str) -> dict[str, Any]:
    """Who has proposed, and whether whoever looks may approve."""
    kind, _sep, person = proposed_by.partition(":")
    name = masked([UUID(person)])[UUID(person)].name if kind == "staff" else proposed_by
    may = _DECIDE in staff_member(UUID(staff.id)).permissions
    return {"proposer": name, "own": proposed_by == str(staff), "may_approve": may, "place": "queue"}


def _action(text: str) -> ItemAction:
    known: dict[str, ItemAction] = {
        "credit_operation": "credit_operation", "credit_customer": "credit_customer", "return": "return",
        "match": "match",
    }  # fmt: skip
    return known.get(text, "write")
