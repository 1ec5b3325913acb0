"""A look at somebody's data in plain words, in the active language."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from guitai.people.identity_types import Look


@dataclass(frozen=True, slots=True)
class LookWords:
    """A look, whole as a sentence and in its parts."""

    at: datetime
    sentence: str
    who: str
    what: str
    why: str
    reason: str
    purpose: str
    purpose_id: str


def look_words(look: Look) -> LookWords:
    """Who looked, at what, what for, and the reason they gave."""
    whats = {
        "person.profile_read": _("saw your name and phone number in full"),
        "person.sign_ins_read": _("saw where and when you signed in"),
        "person.name_read": _("saw your name in full"),
        "person.account_read": _("saw the number of a bank account of yours"),
        "person.identity_seen": _("saw your identity document, its photos and your face"),
        "person.document_read": _("saw the document that you showed to get your wallet back"),
    }
    whys = {
        "case": _("to work on a case of yours"),
        "call": _("during a call with you"),
        "identity": _("to compare the photos you sent with your document"),
        "review": _("to decide about a payment that was held"),
        "standing": _("to decide about your wallet's standing"),
        "break_glass": _("in an emergency, without a case; another supervisor reviews it"),
    }
    who = {"agent": _("A member of our staff"), "supervisor": _("A supervisor of ours")}
    parts = {
        "who": who.get(look.who, _("A member of our staff")),
        "what": whats.get(look.action, _("saw data of yours")),
        "why": whys.get(look.purpose, ""),
    }
    return LookWords(
        at=look.at,
        sentence=(_("%(who)s %(what)s, %(why)s.") if parts["why"] else _("%(who)s %(what)s.")) % parts,
        **parts,
        reason=look.reason,
        purpose=look.purpose,
        purpose_id=look.purpose_id,
    )
