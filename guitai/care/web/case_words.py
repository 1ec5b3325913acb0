"""What a case owes, promised and asked, in the reader's words."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guitai.base.reference import spoken
from guitai.care.asking.answers import shown
from guitai.care.asking.table import WAYS
from guitai.care.types import CallbackView, CaseView, ClockView, EventView, Slot
from guitai.people.api import badge_of
from guitai.people.types import KnownDevice
from guitai.skin.text import moment_text

_BADGE_HALF = 4
_OWED = {
    "first_reply": gettext_lazy("We answer by %(moment)s."),
    "next_reply": gettext_lazy("We answer by %(moment)s."),
    "resolve": gettext_lazy("It is solved by %(moment)s."),
    "statutory": gettext_lazy("The law gives us until %(moment)s."),
}
_OWED_LATE = {
    "first_reply": gettext_lazy("The answer is late: it was promised by %(moment)s."),
    "next_reply": gettext_lazy("The answer is late: it was promised by %(moment)s."),
    "resolve": gettext_lazy("The solution is late: it was promised by %(moment)s."),
    "statutory": gettext_lazy("The time that the law gives us is over since %(moment)s."),
}
_STILL = {
    "first_reply": gettext_lazy("The time for our answer stands still until it is our turn."),
    "next_reply": gettext_lazy("The time for our answer stands still until it is our turn."),
    "resolve": gettext_lazy("The time for the solution stands still until it is our turn."),
    "statutory": gettext_lazy("The time of the law stands still until it is our turn."),
}
_PROMISED = {
    "reply": gettext_lazy("An answer"),
    "resolve": gettext_lazy("A solution"),
    "statutory": gettext_lazy("An answer within the time of the law"),
    "call_back": gettext_lazy("A call"),
    "arrival": gettext_lazy("Money that arrives"),
    "third_party": gettext_lazy("An answer of a third party"),
}
_PROMISE_STATES = {
    "open": (gettext_lazy("promised"), "info"),
    "kept": (gettext_lazy("kept"), "ok"),
    "broken": (gettext_lazy("not kept"), "danger"),
    "void": (gettext_lazy("not owed any more"), "quiet"),
}
_CALLS = {
    "booked": gettext_lazy("A call was booked for %(moment)s"),
    "moved": gettext_lazy("The call was moved to %(moment)s"),
    "cancelled": gettext_lazy("The booked call was cancelled"),
    "calling": gettext_lazy("We are calling you: badge %(badge)s, from %(number)s"),
    "reached": gettext_lazy("We spoke on the phone"),
    "not_reached": gettext_lazy("We called and did not reach you"),
}
_STANDINGS = {
    "locked": gettext_lazy("Your account is locked, and why"),
    "frozen": gettext_lazy("Your account is frozen"),
    "dormant": gettext_lazy("Your account sleeps, since it was not used for long"),
    "closed": gettext_lazy("Your account is closed"),
}


def way_words(rail: str) -> str:
    """By which way money came in or goes out."""
    return str(WAYS.get(rail, rail))


def standing_known(state: str) -> str:
    """What stops an account, as something that nobody has to tell us."""
    return str(_STANDINGS.get(state, state))


def device_known(device: KnownDevice) -> str:
    """A device and the latest sign-in from it, as something that nobody has to tell us."""
    facts = {
        "device": device.name or "–", "moment": moment_text(device.signed_in_at), "place": device.place or "–",
    }  # fmt: skip
    if device.denied:
        return _("You told us that a sign-in was not you: %(device)s, %(place)s, %(moment)s") % facts
    if device.unusual:
        return _("Last sign-in from an unusual place: %(device)s, %(place)s, %(moment)s") % facts
    return _("Last sign-in on %(device)s: %(place)s, %(moment)s") % facts


def clock_lines(view: CaseView) -> list[tuple[str, str]]:
    """Every time that the customer was told for this case, as (sentence, tone); a time that stands still once."""
    # By when we answer, the sentence about whose turn it is says already.
    said = view.row.progress.by_when
    told = [clock for clock in view.clocks if clock.told and (said is None or clock.due_at != said)]
    return [(_clock_words(clock), "danger" if clock.late else "quiet") for clock in told]


def _clock_words(clock: ClockView) -> str:
    if clock.due_at is None:
        return str(_STILL.get(clock.metric, ""))
    words = _OWED_LATE if clock.late else _OWED
    return str(words.get(clock.metric, "%(moment)s")) % {"moment": moment_text(clock.due_at)}


def promised_words(what: str) -> str:
    """What was promised."""
    return str(_PROMISED.get(what, _("Something")))


def promised_state(state: str) -> str:
    """What became of a promise."""
    return str(_PROMISE_STATES[state][0])


def promised_tone(state: str) -> str:
    """Its badge's tone."""
    return _PROMISE_STATES[state][1]


def call_event_words(event: EventView) -> str:
    """A line of the timeline about a call."""
    facts = event.facts
    words = str(_CALLS.get(str(facts.get("what")), ""))
    badge = badge_text(str(facts.get("badge", "")))
    return words % {
        "moment": moment_text(datetime.fromisoformat(str(facts["starts_at"]))),
        "badge": badge,
        "number": facts.get("number", ""),
    }


def call_words(call: CallbackView, name: str) -> str:
    """Who calls when from which number, as a customer compares it with the call that comes."""
    facts = {
        "name": name,
        "badge": badge_text(call.badge),
        "number": call.number,
        "from": moment_text(call.starts_at),
        "until": moment_text(call.ends_at),
    }
    if call.state == "calling":
        return _("%(name)s (badge %(badge)s) is calling you now from %(number)s.") % facts
    if call.state == "reached":
        return _("We spoke on the phone.")
    if call.state == "missed":
        return _("We called several times and did not reach you. Book another time if you like.")
    if name:
        return _("%(name)s (badge %(badge)s) calls from %(number)s between %(from)s and %(until)s.") % facts
    return _("Somebody of ours calls from %(number)s between %(from)s and %(until)s.") % facts


def slot_value(slot: Slot) -> str:
    """A slot as a form carries it."""
    return slot.starts_at.isoformat()


def badge_text(badge: str) -> str:
    """A badge as it is said: two groups of four."""
    return f"{badge[:_BADGE_HALF]} {badge[_BADGE_HALF:]}".strip()


def badge_of_staff(staff: object) -> str:
    """The badge of whoever holds a case."""
    return badge_text(badge_of(UUID(str(staff)))) if staff else ""


def answers_shown(view: CaseView) -> list[tuple[str, str]]:
    """What the customer answered when the case was opened."""
    return shown(_category_then(view), view.answers)


def _category_then(view: CaseView) -> str:
    """The category it was opened in, whatever it was sorted to later."""
    opened = next((event for event in view.events if event.kind == "opened"), None)
    return str(opened.facts.get("category")) if opened else view.row.category


def merged_words(event: EventView) -> str:
    """A line about two cases that became one."""
    if "into" in event.facts:
        return _("Goes on in case %(reference)s") % {"reference": spoken(str(event.facts["into"]))}
    return _("Case %(reference)s goes on here") % {"reference": spoken(str(event.facts["from"]))}
