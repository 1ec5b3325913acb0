"""Staff: withdrawals that were at the bank when their wallet was frozen, and whether the bank has been asked."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.explain import sentences
from guitai.people.api import staff_required
from guitai.wallet import api


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required("cases.work")
def recalls(request: HttpRequest) -> HttpResponse:
    """Every one that is open, with its clock; who has asked the bank writes down the bank's number."""
    if request.method == "POST":
        try:
            api.note_recall_asked(
                request.POST.get("reference", ""), bank_number=request.POST.get("bank_number", ""),
                actor=Actor("staff", str(request.user.pk)),
            )  # fmt: skip
            messages.success(request, _("Noted: the bank has been asked. The customer sees it on the bill."))
        except NotFound:
            raise
        except Refusal as refusal:
            messages.warning(request, sentences(refusal.code, refusal.facts))
        return redirect("wallet:recalls")
    facts = {"place": "recalls", "waiting": api.open_recalls(), "ended": api.ended_recalls()}
    return render(request, "wallet/recalls.html", facts)
