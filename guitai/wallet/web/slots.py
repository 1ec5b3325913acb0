"""What the wallet puts into the pages of people; site/wiring registers these."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string

from guitai.people.api import told_standing
from guitai.wallet.flows.close_wallet import in_flight, remains
from guitai.wallet.reconciliation_doors import slips_of
from guitai.wallet.web import showing
from guitai.wallet.web.views.in_flight import fate

_SHOWN = 3


def standing_section(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`standing.sections`: what was on its way, on the page that says what is stopped."""
    if not request.user.is_authenticated:
        # Whoever has shown one proof only sees what stops the wallet, and nothing of the money.
        return ""
    person = facts["person"]
    standing = told_standing(person)
    if standing.state == "active":
        return ""
    rows = [(view, showing.bill_row(view), fate(view, standing)) for view in in_flight(person)[:_SHOWN]]
    return render_to_string("wallet/slots/in_flight.html", {"rows": rows}, request) if rows else ""


def closing_check(person: UUID) -> tuple[str, ...]:
    """What people asks before an account is closed: codes of what keeps it open."""
    return remains(person)


def me_section(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`me.sections`: what is on its way, and the way out for good."""
    return render_to_string("wallet/slots/me.html", {}, request)


def limits_row(request: HttpRequest, facts: dict[str, Any]) -> str:
    """The way from a person's identity to what it allows; fills `identity.limits`."""
    return str(render_to_string("wallet/slots/limits.html", {}, request))


def case_slips(request: HttpRequest, facts: dict[str, Any]) -> str:
    """`case.standing`: the slips that a case's customer has sent with a payment that has not arrived."""
    slips = slips_of(facts["person"])[:_SHOWN]
    return render_to_string("wallet/slots/case_slips.html", {"slips": slips}, request) if slips else ""
