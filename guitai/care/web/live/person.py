"""Live answers about the reader: PIN, standing, level of identity. Nothing at all for somebody who is signed out."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from guitai.people import api as people


def pin(reader: Any) -> str:
    """Whether the reader has a payment PIN."""
    if reader.customer is None:
        return ""
    return _("You have set yours.") if people.has_pin(reader.customer) else _("You have not set one yet.")


def standing(reader: Any) -> str:
    """Whether something is stopped, as far as the reader may know, and the way to what remains to be done."""
    if reader.customer is None:
        return ""
    now = reader.standing
    told = now.state != "active" and now.disclosure != "silent"
    return render_to_string("care/live/standing.html", {"standing": now, "stopped": told}, reader.request)


def tier(reader: Any) -> str:
    """The reader's level of identity."""
    if reader.customer is None:
        return ""
    return _("Your level now: %(level)s.") % {"level": people.profile(reader.customer, purpose=None).tier}
