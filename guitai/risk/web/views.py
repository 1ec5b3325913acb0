"""The staff's pages of risk: signals that wait, one of them, the decision."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.problems import refusal_for_form
from guitai.people.api import masked, may, staff_required
from guitai.risk import api
from guitai.risk.web.words import signal_words


class DecisionForm(forms.Form):
    """What staff make of a signal."""

    state = forms.ChoiceField(
        label=gettext_lazy("Decision"),
        choices=[
            ("harmless", gettext_lazy("Harmless: payments pass again")),
            ("confirmed", gettext_lazy("Confirmed: payments to new payees go on being held")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why you decide so"),
        max_length=200,
        help_text=gettext_lazy("For the record; the customer does not read it."),
    )


@require_safe
@staff_required("holds.decide")
def signals(request: HttpRequest) -> HttpResponse:
    """What nobody has looked at yet, the oldest first."""
    page = api.open_signals(request.GET.get("cursor"))
    names = masked([signal.person for signal in page.items])
    rows = [(signal, names[signal.person], signal_words(signal.kind)[0]) for signal in page.items]
    return render(request, "risk/signals.html", {"rows": rows, "next_cursor": page.next_cursor})


@require_http_methods(["GET", "POST"])
@staff_required("holds.decide")
def signal(request: HttpRequest, signal_id: UUID) -> HttpResponseBase:
    """One signal with whom it touches, and the decision."""
    staff = Actor("staff", str(request.user.pk))
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            api.decide_signal(signal_id, staff, form.cleaned_data["state"], form.cleaned_data["reason"])
        except NotFound:
            raise
        except Refusal as refusal:
            refusal_for_form(form, refusal)
        else:
            messages.success(request, _("Decided. The next one is in the list."))
            return redirect("risk:signals")
    found = api.look_at_signal(signal_id, staff)
    names = masked([found.person, *found.others])
    title, detail = signal_words(found.kind)
    facts = {
        "signal": found,
        "person": names[found.person],
        "others": [names[other] for other in found.others if other in names],
        "title": title,
        "detail": detail,
        "form": form,
    }
    return render(request, "risk/signal.html", facts, status=422 if form.errors else 200)


def safety_row(request: HttpRequest, facts: dict[str, object]) -> str:
    """`safety.rows`: how many signals wait; fills a place in the page of people."""
    if not may(request, "holds.decide"):
        return ""
    return render_to_string("risk/safety_row.html", {"waiting": api.count_open_signals()}, request)
