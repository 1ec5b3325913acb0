"""Closing the wallet: what remains, the agreement, the time to think it over."""

from datetime import datetime

from django import forms
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from guitai.base.refusal import Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.api import ask_to_close, closing_days, customer_required, told_standing
from guitai.people.api import closing as closing_of
from guitai.wallet.flows.close_wallet import what_remains
from guitai.wallet.web import showing
from guitai.wallet.web.views.common import owner_of

_ASKED = "wallet.closing_asked"


class ClosingForm(forms.Form):
    agreed = forms.BooleanField(
        label=gettext_lazy("I know that a closed wallet cannot be opened again, and want to close mine"),
        error_messages={"required": gettext_lazy("Say that you know it, or keep your wallet.")},
    )
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=128,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


@require_http_methods(["GET", "POST"])
@customer_required
def closing(request: HttpRequest) -> HttpResponse:
    """Show what remains; when nothing does, ask for agreement and password, and begin the time to think."""
    owner = owner_of(request)
    if closing_of(owner) is not None:
        return redirect("people:standing")
    remaining = what_remains(owner)
    form = ClosingForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and not remaining.codes:
        try:
            asked = ask_to_close(owner, password=form.cleaned_data["password"])
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            logout(request)
            request.session[_ASKED] = asked.due_at.isoformat()
            return redirect("wallet:closing_asked")
    facts = {
        "form": form,
        "remaining": remaining,
        "rows": showing.days(remaining.operations),
        "standing": told_standing(owner),
        "days": closing_days(),
    }
    return render(request, "wallet/closing.html", facts)


@require_safe
def closing_asked(request: HttpRequest) -> HttpResponse:
    """What happens now, and how to take it back."""
    due = request.session.get(_ASKED)
    if not due:
        messages.info(request, _("Sign in to see how your wallet is."))
        return redirect("people:sign_in")
    return render(request, "wallet/closing_asked.html", {"due": datetime.fromisoformat(due)})
