"""The operator's pages about rails: what is set up, how it is, what was changed by whom."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import proved_lately, staff_member, staff_required
from guitai.rails import api
from guitai.rails.breaker import pulse_of
from guitai.rails.settings import pays_out
from guitai.rails.types import SettingsView
from guitai.rails.web.setting_forms import RailForm
from guitai.rails.web.setting_words import CIRCUITS, problem_words, rail_words

_PERMISSION = "operator.settings"


@require_GET
@staff_required(_PERMISSION)
def rails(request: HttpRequest) -> HttpResponse:
    """Every rail of this version in a line."""
    return render(request, "rails/desk/rails.html", {"lines": _lines(), "rail": ""})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_required(_PERMISSION)
def rail(request: HttpRequest, rail: str) -> HttpResponseBase:
    """One rail: its settings as a form, how it is, and its history."""
    if rail not in api.rail_names():
        raise NotFound()
    view, terms = api.rail_settings(rail), api.rail_terms(rail)
    given = [request.POST] if request.method == "POST" else []
    form = RailForm(view, terms, api.rail_ways(rail), *given)
    proved = proved_lately(request)
    if request.method == "POST" and form.is_valid():
        if not proved:
            form.add_error(None, _("Nothing was changed: show once more that it is you, then send it again."))
        elif _proposed(request, rail, form):
            return redirect("rails:setting", rail=rail)
    facts = {
        "rail": rail,
        "lines": _lines(),
        "line": _line(rail),
        "view": view,
        "form": form,
        "history": _history(view),
        "problems": view.problems if view.version else (),
        "proved": proved,
        "proposal": _proposal(rail, _staff(request)),
    }
    return render(request, "rails/desk/rail.html", facts, status=422 if form.errors else 200)


@require_POST
@staff_required(_PERMISSION)
def decide(request: HttpRequest, rail: str, proposal: UUID) -> HttpResponse:
    """Put another's proposal in force, or decline it."""
    approve = request.POST.get("action") == "approve"
    if not proved_lately(request):
        page = reverse("rails:setting", args=[rail])
        return redirect(f"{reverse('people:staff_confirm')}?{urlencode({'next': page})}")
    try:
        if approve:
            api.approve_settings(proposal, _staff(request))
        else:
            api.decline_settings(proposal, _staff(request))
    except NotFound:
        raise
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
    else:
        messages.success(request, _("In force now.") if approve else _("Declined. Nothing has changed."))
    return redirect("rails:setting", rail=rail)


@require_POST
@staff_required(_PERMISSION)
def check(request: HttpRequest, rail: str) -> HttpResponse:
    """Try the connection now."""
    if rail not in api.rail_names():
        raise NotFound()
    try:
        found = api.check_rail(rail, _staff(request))
    except Refusal as refusal:
        messages.warning(request, sentences(refusal.code, refusal.facts))
        return redirect("rails:setting", rail=rail)
    name = rail_words(rail)
    if found.answers:
        said = _("%(rail)s answers, within %(took)s ms.") % {"rail": name, "took": found.took_ms}
        messages.success(request, said)
    else:
        problem = problem_words(found.problem)
        messages.warning(
            request, _("%(rail)s does not answer: %(problem)s.") % {"rail": name, "problem": problem}
        )
    return redirect("rails:setting", rail=rail)


def _proposed(request: HttpRequest, rail: str, form: RailForm) -> bool:
    """Whether what was sent is in force or waits for another; otherwise the form says why not."""
    cleaned = form.cleaned_data
    try:
        waits = api.propose_settings(
            rail,
            form.values(),
            _staff(request),
            terms=form.terms(),
            note=cleaned["note"],
            based_on=cleaned["based_on"],
        )
    except NotFound:
        raise
    except Refusal as refusal:
        refusal_for_form(form, refusal)
        return False
    said = _("Proposed. Another supervisor puts it in force.") if waits else _("In force now.")
    messages.success(request, said)
    return True


def _proposal(rail: str, actor: Actor) -> dict[str, Any] | None:
    """What waits, as whoever looks may decide about it."""
    found = api.settings_proposal(rail)
    if found is None:
        return None
    fields = [(name, found.values.get(name)) for name in found.changed]
    own = found.proposed_by == str(actor)
    return {"it": found, "who": _name(found.proposed_by), "own": own, "fields": fields}


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))


def _lines() -> list[dict[str, Any]]:
    return [_line(rail) for rail in api.rail_names()]


def _line(rail: str) -> dict[str, Any]:
    """A rail at a glance."""
    terms, problems = api.rail_terms(rail), api.rail_problems(rail)
    found = pulse_of(rail)
    ways = api.rail_ways(rail)
    takes = terms.top_ups and "in" in ways
    pays = terms.payouts and "out" in ways and (bool(problems) or pays_out(rail))
    return {
        "rail": rail,
        "takes": takes,
        "pays": pays,
        "set_up": not problems,
        "on": not problems and (takes or pays),
        "health": api.health_of(rail),
        "circuit": CIRCUITS[found[0].circuit] if found else "",
        "pulse": found[0] if found else None,
        "row": found[1] if found else None,
    }


def _history(view: SettingsView) -> list[dict[str, Any]]:
    names: dict[str, str] = {}
    for version in view.history:
        for actor in (version.published_by, version.approved_by):
            if actor and actor not in names:
                names[actor] = _name(actor)
    return [
        {
            "version": version,
            "who": names[version.published_by],
            "approved": names.get(version.approved_by, ""),
        }
        for version in view.history
    ]


def _name(actor: str) -> str:
    kind, _separator, identity = actor.partition(":")
    if kind != "staff":
        return _("the system")
    try:
        return staff_member(UUID(identity)).name
    except (NotFound, ValueError):
        return _("somebody who is not with us any more")
