"""What care puts into the pages of lower rooms; site/wiring registers these."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string

from guitai.care import api
from guitai.care.web.case_words import answers_shown
from guitai.care.web.reader import customer_of, language


def operation_help(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`operation.help`: one tap to a case that already knows, or to the one that is open."""
    customer, operation = customer_of(request), facts["operation"]
    if customer is None:
        return ""
    case = api.open_case_about(customer, "operation", operation.id)
    return render_to_string("care/slots/operation_help.html", {"operation": operation, "case": case}, request)


def footer(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`footer`: the official hotline by region with hours, on every page."""
    return render_to_string("care/slots/footer.html", {"regions": api.contact_regions()}, request)


def announced(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`home.announcements`: outages and warnings that are not over, changes still to come."""
    rows = api.current_announcements(language())
    return render_to_string("care/slots/announcements.html", {"rows": rows}, request) if rows else ""


def home_needs_you(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`home.needs_you`: an answer to read, a question to answer."""
    customer = customer_of(request)
    cases = api.answers_waiting(customer) if customer else []
    return render_to_string("care/slots/needs_you.html", {"cases": cases}, request) if cases else ""


def proofs_waiting(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`home.needs_you`: somebody on the staff asks for a proof that it is them."""
    customer = customer_of(request)
    proofs = api.proofs_waiting(customer) if customer else []
    return render_to_string("care/slots/proofs.html", {"proofs": proofs}, request) if proofs else ""


def freeze_done(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`freeze.done`: from a frozen wallet to what can still be stopped."""
    return render_to_string("care/slots/freeze_done.html", {}, request)


def case_more(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`case.standing`: what the customer answered, the booked call, and the way to merge, beside a case at the desk."""
    view = api.case_beside(facts["case"])
    more = {
        "answers": answers_shown(view),
        "call": api.callback_of(view.row.reference),
        "open": view.may_reply,
        "reference": view.row.reference,
    }
    return render_to_string("care/slots/case_more.html", more, request)
