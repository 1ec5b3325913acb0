"""Solve it now: choose the trouble, choose the bill, read what the books say, do the one thing that helps."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from guitai.care import api
from guitai.care.solve import look, outcomes
from guitai.care.solve.troubles import TROUBLES, Trouble
from guitai.care.web.reader import customer_of, language
from guitai.people.api import customer_required, staff_required

_ARTICLES = 3


@require_safe
def troubles(request: HttpRequest) -> HttpResponse:
    """The ten troubles."""
    return render(request, "care/solve.html", {"troubles": TROUBLES.values()})


@require_safe
def trouble(request: HttpRequest, name: str) -> HttpResponse:
    """One trouble: which bill, or at once what is found."""
    known = _known(name)
    customer = customer_of(request)
    if customer is None and not known.signed_out:
        return redirect(f"{reverse('people:sign_in')}?next={request.path}")
    if customer is None:
        return _shown(request, known, look.finding_signed_out(known))
    found = look.candidates(customer, known)
    if known.source == "operation" and found:
        return render(request, "care/solve_choose.html", {"trouble": known, "bills": found})
    said = look.nothing_fits(known) if known.source == "operation" else look.finding(customer, known, None)
    return _shown(request, known, said)


@require_safe
@customer_required
def bill(request: HttpRequest, name: str, reference: str) -> HttpResponse:
    """What the books say about one bill."""
    known, customer = _known(name), customer_of(request)
    if customer is None:
        raise Http404
    return _shown(request, known, look.finding(customer, known, reference))


@require_POST
@customer_required
def end(request: HttpRequest, name: str) -> HttpResponse:
    """It helped; or a person is asked, with everything that is known."""
    known, customer = _known(name), customer_of(request)
    solved = request.POST.get("helped") == "yes"
    if customer is not None:
        outcomes.note_end(customer, known.name, solved=solved)
    if solved:
        messages.success(request, _("Good. Nothing more is needed."))
        return redirect("wallet:home")
    reference = request.POST.get("reference", "")
    about = f"&operation={reference}" if reference.isalnum() and reference.isascii() else ""
    return redirect(f"{reverse('care:new_case')}?category={known.category}{about}")


@require_safe
@staff_required("cases.work")
def figures(request: HttpRequest) -> HttpResponse:
    """How many troubles ended without a person."""
    rows = [(TROUBLES[row.trouble], row) for row in outcomes.figures() if row.trouble in TROUBLES]
    return render(request, "care/solved.html", {"rows": rows})


def _shown(request: HttpRequest, known: Trouble, said: look.Finding) -> HttpResponse:
    customer = customer_of(request)
    if customer is not None:
        outcomes.note_look(customer, known.name, said.code)
    articles = api.articles_about(list(known.topics), language())[:_ARTICLES]
    facts = {"trouble": known, "finding": said, "articles": articles, "signed_in": customer is not None}
    return render(request, "care/solve_found.html", facts)


def _known(name: str) -> Trouble:
    if name not in TROUBLES:
        raise Http404
    return TROUBLES[name]
