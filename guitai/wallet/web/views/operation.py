"""One operation: its state, its story, why, and what can be done."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guitai.base.money import Money
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.middleware import content_policy
from guitai.people.api import customer_required, profile, written_phone
from guitai.wallet import api
from guitai.wallet.rail_words import rail_name
from guitai.wallet.types import OperationDetail, OperationView
from guitai.wallet.web import showing, words
from guitai.wallet.web.forms import sentences
from guitai.wallet.web.payees import qr_svg
from guitai.wallet.web.views.common import owner_of, payer_of
from guitai.wallet.web.withdrawal_words import context_of as withdrawal_context

# The page watches these for a change; nothing moves on the others while somebody looks.
_WATCHED = frozenset({"awaiting_payment", "processing", "unknown"})


@require_safe
@customer_required
def operation(request: HttpRequest, reference: str) -> HttpResponse:
    detail = _found(request, reference)
    view = detail.view
    if view.reference != reference:
        return redirect("wallet:operation", view.reference)
    why, again = showing.why(detail), showing.again_url(view)
    can_repeat = detail.owner == owner_of(request) and view.state != "awaiting_payment"
    settled = view.state in ("succeeded", "sent")
    how = detail.instructions or {}
    response = render(
        request,
        "wallet/operation.html",
        {
            "view": view,
            "detail": detail,
            "page_title": words.title_of(view),
            "state": words.STATES[view.state],
            "settled": settled,
            "why": why,
            "timeline": showing.timeline(detail),
            "trace": showing.trace(detail.trace, detail.withdrawal.rail if detail.withdrawal else view.rail),
            "has_receipt": showing.has_receipt(view),
            "again": again if can_repeat and why.remedy_url != again else "",
            "can_cancel": _can_cancel(detail),
            "can_give_back": view.kind == "transfer" and view.direction == "in" and view.state == "succeeded",
            "asked_back": view.kind == "transfer" and api.was_asked_back(view.id),
            "asks_account": view.kind == "top_up"
            and bool(api.return_account_wanted(owner_of(request), reference)),
            "chargebacks": api.chargebacks_of(view.id) if view.kind == "top_up" else (),
            "asks_payment": view.state == "awaiting_payment",
            "waits_as": _waits_as(detail),
            "watched": view.state in _WATCHED,
            "rail_name": rail_name(view.rail),
            **withdrawal_context(detail),
            "arrives": _arrives(view),
            "qr": qr_svg(how["qr"], _("QR code for the payment")) if how.get("qr") else "",
        },
    )
    if how.get("method") == "form":
        # The payer's fields go to the gateway, and nowhere else but here.
        response["Content-Security-Policy"] = content_policy(posts_to=how.get("pay_url", ""))
    return response


def _can_cancel(detail: OperationDetail) -> bool:
    """Whether its owner may still take it back."""
    if detail.withdrawal is not None:
        return detail.withdrawal.can_cancel
    return detail.view.state == "held" and detail.view.direction == "out"


@require_safe
@customer_required
def state(request: HttpRequest, reference: str) -> HttpResponse:
    """The state alone, for a page that waits for it to change."""
    return JsonResponse({"state": _waits_as(_found(request, reference))})


def _waits_as(detail: OperationDetail) -> str:
    """What changes when the page has something else to say."""
    asked = detail.withdrawal is not None and detail.withdrawal.confirm_by is not None
    return f"{detail.view.state} confirm" if asked else detail.view.state


@require_safe
@customer_required
def receipt(request: HttpRequest, reference: str) -> HttpResponse:
    """A page for the printer: who, whom, how much, when, and where it stands in the books."""
    detail = _found(request, reference)
    if not showing.has_receipt(detail.view):
        return redirect("wallet:operation", detail.view.reference)
    own = profile(owner_of(request), purpose=None)
    return render(
        request,
        "wallet/receipt.html",
        {
            "view": detail.view,
            "detail": detail,
            "kind": words.kind_of(detail.view),
            "state": words.STATES[detail.view.state],
            "total": detail.view.amount + detail.view.fee,
            "arrives": _arrives(detail.view),
            "own_name": own.name,
            "own_phone": written_phone(own.phone),
        },
    )


@require_POST
@customer_required
def instructions(request: HttpRequest, reference: str) -> HttpResponse:
    """Ask the bank once more how to pay."""
    try:
        api.fetch_instructions(owner_of(request), reference, **payer_of(request))
    except NotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        _say(request, refusal)
    return redirect("wallet:operation", reference)


@require_POST
@customer_required
def cancellation(request: HttpRequest, reference: str) -> HttpResponse:
    """Take back what has not left: a held transfer, or a withdrawal that still waits for the bank."""
    try:
        outcome = api.cancel_operation(owner_of(request), reference)
    except NotFound as error:
        raise Http404 from error
    except Refusal as refusal:
        _say(request, refusal)
    else:
        words = _("The transfer is cancelled and the money is back in your wallet.")
        if outcome.state == "cancelled":
            words = _("The withdrawal is taken back and the money is in your wallet again.")
        messages.success(request, words)
    return redirect("wallet:operation", reference)


def _arrives(view: OperationView) -> Money:
    """What came into the wallet: a top-up's fee is taken from what arrives."""
    return view.amount - view.fee if view.kind == "top_up" else view.amount


def _found(request: HttpRequest, reference: str) -> OperationDetail:
    try:
        return api.operation(owner_of(request), reference)
    except NotFound as error:
        raise Http404 from error


def _say(request: HttpRequest, refusal: Refusal) -> None:
    messages.error(request, sentences(refusal.code, refusal.facts))
