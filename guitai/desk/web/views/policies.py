"""Every policy of the operator as it is in force, with who changed it and how it is changed."""

import json
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from guitai.desk.web.policy_words import DOORS, POLICIES
from guitai.desk.web.queue_pane import pane
from guitai.kit import policies as kept
from guitai.people import api as people
from guitai.people.api import staff_required

_STAFF = "staff:"


@require_safe
@staff_required("operator.settings")
def policies(request: HttpRequest) -> HttpResponse:
    """The whole list; nothing is changed here."""
    found = kept.in_force()
    ids = {UUID(one.by.removeprefix(_STAFF)) for one in found if one.by.startswith(_STAFF)}
    names = {f"{_STAFF}{person}": known.name for person, known in people.masked(ids).items()}
    shown = [
        {
            "policy": one,
            "title": POLICIES[one.name][0] if one.name in POLICIES else one.name,
            "meaning": POLICIES[one.name][1] if one.name in POLICIES else "",
            "door": DOORS.get(one.name),
            "by": names.get(one.by) or (_("a command on the server") if one.by else ""),
            "value": json.dumps(one.value, ensure_ascii=False, indent=1),
        }
        for one in found
    ]
    return render(request, "desk/policies.html", {"place": "policies", "pane": pane(request), "shown": shown})
