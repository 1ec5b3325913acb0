"""The operator's pages about rails: what is set up, how it is, what was changed by whom."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guitai.base.actor import Actor
from guitai.base.refusal import NotFound, Refusal
from guitai.kit.explain import sentences
from guitai.kit.problems import refusal_for_form
from guitai.people.api import staff_member, staff_required
from guitai.rails import api
from guitai.rails.breaker import pulse_of
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
    if request.method == "POST" and form.is_valid():
        cleaned = form.cleaned_data
        try:
            api.publish_settings(
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
        else:
            messages.success(request, _("In force now."))
            return redirect("rails:setting", rail=rail)
    facts = {
        "rail": rail,
        "lines": _lines(),
        "line": _line(rail),
        "view": view,
        "form": form,
        "history": _history(view),
        "problems": view.problems if view.version else (),
    }
    return render(request, "rails/desk/rail.html", facts, status=422 if form.errors else 200)


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


def _staff(request: HttpRequest) -> Actor:
    return Actor("staff", str(request.user.pk))


def _lines() -> list[dict[str, Any]]:
    return [_line(rail) for rail in api.rail_names()]


def _line(rail: str) -> dict[str, Any]:
    """A rail at a glance."""
    terms, problems = api.rail_terms(rail), api.rail_problems(rail)
    found = pulse_of(rail)
    ways = api.rail_ways(rail)
    takes, pays = terms.top_ups and "in" in ways, terms.payouts and "out" in ways
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
        if version.published_by not in names:
            names[version.published_by] = _name(version.published_by)
    return [{"version": version, "who": names[version.published_by]} for version in view.history]


def _name(actor: str) -> str:
    kind, _separator, identity = actor.partition(":")
    if kind != "staff":
        return _("the system")
    try:
        return staff_member(UUID(identity)).name
    except (NotFound, ValueError):
        return _("somebody who is not with us any more")
