"""Codes of this room in words, in the active language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guitai.care.types import CaseRow, CaseState, Category, ContactRegion, EventView, OpenState, Progress
from guitai.care.web.case_words import call_event_words, merged_words
from guitai.kit.explain import render_fact
from guitai.skin.text import moment_text
from guitai.wallet.types import OperationView

CATEGORIES: dict[Category, Promise] = {
    "top_up": gettext_lazy("A top-up has not arrived"),
    "withdrawal": gettext_lazy("A withdrawal to my bank"),
    "transfer": gettext_lazy("A transfer"),
    "refused": gettext_lazy("A payment was refused"),
    "held": gettext_lazy("A payment is on hold"),
    "not_me": gettext_lazy("A payment that was not me"),
    "stolen_account": gettext_lazy("Somebody else is in my account"),
    "sign_in": gettext_lazy("Signing in, password or PIN"),
    "fees": gettext_lazy("Fees and limits"),
    "complaint": gettext_lazy("A complaint"),
    "other": gettext_lazy("Something else"),
}
_STATES: dict[CaseState, tuple[Promise, str]] = {
    "new": (pgettext_lazy("state of a case", "received"), "info"),
    "triaged": (pgettext_lazy("state of a case", "waiting for an agent"), "info"),
    "in_progress": (pgettext_lazy("state of a case", "in progress"), "info"),
    "waiting_customer": (pgettext_lazy("state of a case", "waiting for the customer"), "wait"),
    "waiting_third_party": (pgettext_lazy("state of a case", "waiting for a third party"), "wait"),
    "resolved": (pgettext_lazy("state of a case", "solved"), "ok"),
    "closed": (pgettext_lazy("state of a case", "closed"), "quiet"),
    "withdrawn": (pgettext_lazy("state of a case", "withdrawn"), "quiet"),
    "merged": (pgettext_lazy("state of a case", "goes on in another"), "quiet"),
}
_PRIORITIES: dict[int, Promise] = {
    1: gettext_lazy("urgent"),
    2: gettext_lazy("money in doubt"),
    3: gettext_lazy("normal"),
}
WEEKDAYS: tuple[Promise, ...] = (
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
)


_BILLS = {
    ("top_up", "in"): gettext_lazy("Top-up"),
    ("withdrawal", "out"): gettext_lazy("Withdrawal"),
    ("transfer", "in"): gettext_lazy("Money from %(who)s"),
    ("transfer", "out"): gettext_lazy("Transfer to %(who)s"),
}


def bill_title(view: OperationView) -> str:
    """What a bill is and whom it is with."""
    words = _BILLS.get((view.kind, view.direction), gettext_lazy("Bill"))
    return str(words) % {"who": view.counterparty or "–"}


def category_words(category: str) -> str:
    """What a case is about."""
    found = {str(code): words for code, words in CATEGORIES.items()}.get(category)
    return str(found) if found else category


def state_words(state: CaseState) -> str:
    """A state, as an agent reads it."""
    return str(_STATES[state][0])


def state_tone(state: CaseState) -> str:
    """The badge's tone of a state."""
    return _STATES[state][1]


def priority_words(priority: int) -> str:
    """1 to 3 in words."""
    return str(_PRIORITIES.get(priority, priority))


def turn_words(row: CaseRow) -> str:
    """Whose turn it is and by when, as one sentence to the customer."""
    progress = row.progress
    if progress.turn == "customer":
        return _("Your turn: we have asked you something.")
    if progress.turn == "third_party":
        return _their_turn(progress)
    if progress.turn == "nobody":
        return {
            "resolved": _("Solved."),
            "withdrawn": _("You took this question back."),
            "merged": _("This goes on in another of your cases."),
        }.get(row.state, _("Closed."))
    return _our_turn(progress)


# Whose answer is waited for, as part of a sentence.
WHOM: dict[str, Promise] = {
    "bank": pgettext_lazy("waited for", "the bank"),
    "gateway": pgettext_lazy("waited for", "the payment company"),
    "merchant": pgettext_lazy("waited for", "the merchant"),
    "payee": pgettext_lazy("waited for", "whoever received the money"),
    "police": pgettext_lazy("waited for", "the police"),
    "other": pgettext_lazy("waited for", "somebody else"),
}


def whom_words(code: str) -> str:
    """Whose answer is waited for."""
    return str(WHOM.get(code, WHOM["other"]))


def _their_turn(progress: Progress) -> str:
    facts = {"whom": whom_words(progress.waits_for)}
    if progress.by_when is None:
        return _("We are waiting for an answer of %(whom)s and will tell you.") % facts
    facts["moment"] = moment_text(progress.by_when)
    if progress.late:
        return _("We waited for %(whom)s until %(moment)s, and take it up again ourselves.") % facts
    return _("We are waiting for an answer of %(whom)s, until %(moment)s, and will tell you.") % facts


def _our_turn(progress: Progress) -> str:
    if progress.by_when is None:
        return _("Our turn: we answer as soon as the counter is staffed.")
    moment = moment_text(progress.by_when)
    if progress.late:
        return _(
            "Our turn, and we are late: we meant to answer by %(moment)s. Your case keeps its place."
        ) % {"moment": moment}
    return _("Our turn: we answer by %(moment)s.") % {"moment": moment}


def due_words(row: CaseRow) -> str:
    """The promise as an agent reads it in a list."""
    progress = row.progress
    if progress.by_when is None:
        return state_words(row.state)
    facts = {"moment": moment_text(progress.by_when), "whom": whom_words(progress.waits_for)}
    if progress.late:
        return _("late since %(moment)s") % facts
    waits = _("waits for %(whom)s until %(moment)s")
    return (waits if progress.turn == "third_party" else _("answer by %(moment)s")) % facts


def due_tone(row: CaseRow) -> str:
    """Colour only for urgency."""
    if row.progress.late:
        return "danger"
    return "wait" if row.priority == 1 else "quiet"


def event_words(event: EventView, *, to_staff: bool = False) -> str:
    """A line of the timeline that is not a message; empty when the reader need not see it."""
    if event.kind == "state":
        return _move_words(event, to_staff=to_staff)
    if event.kind == "call":
        return call_event_words(event)
    if event.kind == "merged":
        return merged_words(event)
    words = {
        "opened": _("Case opened"),
        "escalated": _("You asked for somebody higher: a supervisor looks at it, nobody who answered before"),
        "reminded": _("A reminder was sent: it is your turn"),
        "assigned": _("An agent has taken the case"),
        "released": _("Back in the queue, in its old place") if to_staff else "",
        "rated": _("Rated %(rating)s of 5") % {"rating": event.facts.get("rating")},
        "reopened": _("Reopened"),
        "diagnosis": _("What the wallet knows was added"),
        "late": _late_words(event) if to_staff else "",
        "proof": _proof_words(event, to_staff=to_staff),
        "action": _action_words(event),
        "reported": _report_words(event),
        "sorted": _("Sorted: %(category)s") % {"category": _sorted_to(event)},
    }
    return words.get(event.kind, "")


_METRICS = {
    "first_reply": gettext_lazy("first answer"),
    "next_reply": gettext_lazy("next answer"),
    "resolve": gettext_lazy("solution"),
    "statutory": gettext_lazy("legal time limit"),
    "acknowledge": gettext_lazy("acknowledgement"),
    "third_party": gettext_lazy("answer of a third party"),
}


def _late_words(event: EventView) -> str:
    metrics = event.facts.get("metrics") or []
    return _("Late: %(what)s") % {"what": ", ".join(str(_METRICS.get(one, one)) for one in metrics)}


_PROOFS: dict[str, Promise] = {
    "sms": gettext_lazy("code by SMS"),
    "phrase": gettext_lazy("words on the phone"),
    "app": gettext_lazy("approval in the app"),
    "passkey": gettext_lazy("passkey"),
}
_PROOF_STEPS: dict[str, Promise] = {
    "asked": gettext_lazy("Asked for a proof of identity: %(method)s"),
    "given": gettext_lazy("Identity shown: %(method)s"),
    "denied": gettext_lazy("The request for a proof was declined"),
    "not_talking": gettext_lazy("The customer says that they are not talking to anybody"),
}
# What service actions are called, by the rooms that have them: `register_action_words`.
_ACTIONS: dict[str, Promise] = {}
_ACTION_STEPS: dict[str, Promise] = {
    "done": gettext_lazy("%(action)s"),
    "asked": gettext_lazy("%(action)s: waits for a second person"),
    "approved": gettext_lazy("%(action)s: approved by a second person"),
    "declined": gettext_lazy("%(action)s: declined by a second person"),
    "expired": gettext_lazy("%(action)s: nobody decided in time"),
    "refused": gettext_lazy("%(action)s: was not possible"),
}


def register_action_words(words: dict[str, Promise]) -> None:
    """A room above names its service actions, so that the customer's case can say them."""
    _ACTIONS.update(words)


# What a customer told us with one tap, or what we knew before they asked, by the rooms that report it.
_REPORTS: dict[str, Promise] = {}


def register_report_words(words: Mapping[str, Promise]) -> None:
    """Give the words for codes of `report`; `%(fact)s` stands for a fact."""
    _REPORTS.update(words)


def _report_words(event: EventView) -> str:
    code, facts = str(event.facts.get("code")), dict(event.facts.get("facts") or {})
    return str(_REPORTS.get(code, code)) % {name: render_fact(value) for name, value in facts.items()}


def proof_method_words(method: str) -> str:
    """A way to prove that it is you."""
    return str(_PROOFS.get(method, method))


def _proof_words(event: EventView, *, to_staff: bool) -> str:
    said = _PROOF_STEPS.get(str(event.facts.get("step")))
    words = str(said) % {"method": proof_method_words(str(event.facts.get("method")))} if said else ""
    if to_staff and event.facts.get("step") == "given":
        facts = {
            "words": words,
            "level": event.facts.get("level"),
            "until": render_fact(event.facts.get("until")),
        }
        return _("%(words)s (level %(level)s, until %(until)s)") % facts
    return words


def _action_words(event: EventView) -> str:
    name = str(event.facts.get("action"))
    said = _ACTION_STEPS.get(str(event.facts.get("step")), _ACTION_STEPS["done"])
    return str(said) % {"action": str(_ACTIONS.get(name, name))}


def _sorted_to(event: EventView) -> str:
    return category_words(str((event.facts.get("to") or {}).get("category", "")))


def _move_words(event: EventView, *, to_staff: bool) -> str:
    move = str(event.facts.get("move"))
    if move == "keep_working" and event.facts.get("waited_for"):
        return _("No longer waiting for %(whom)s") % {"whom": whom_words(str(event.facts["waited_for"]))}
    words = {
        "ask_third_party": _("Waiting for a third party"),
        "resolve": _("Marked as solved"),
        "close": _("Closed: the time for reopening is over"),
        "withdraw": _("The question was taken back"),
        "give_up": _("Counts as solved: no answer came"),
    }
    staff_words = {"triage": _("Sorted automatically"), "ask_customer": _("Waiting for the customer")}
    return words.get(move) or (staff_words.get(move, "") if to_staff else "")


def open_words(state: OpenState) -> str:
    """Open until when, or closed until when, in the reader's zone."""
    if state.open:
        if state.changes_at is None:
            return _("open now, day and night")
        return _("open now, until %(moment)s") % {"moment": moment_text(state.changes_at)}
    if state.changes_at is None:
        return pgettext("opening hours", "closed")
    return _("closed, opens %(moment)s") % {"moment": moment_text(state.changes_at)}


def week_table(region: ContactRegion) -> list[tuple[str, str]]:
    """Weekdays with equal hours together: (days, hours), in the region's own time."""
    hours_of = []
    for day in range(1, 8):
        spans = sorted((h.opens, h.closes) for h in region.hours if day in h.days)
        hours_of.append(" · ".join(f"{opens}–{closes}" for opens, closes in spans))
    rows: list[tuple[str, str]] = []
    start = 0
    for day in range(1, 8):
        if day < 7 and hours_of[day] == hours_of[start]:
            continue
        rows.append((_days(start, day - 1), hours_of[start] or pgettext("opening hours", "closed")))
        start = day
    return rows


def _days(first: int, last: int) -> str:
    if first == last:
        return str(WEEKDAYS[first])
    return _("%(first)s to %(last)s") % {"first": WEEKDAYS[first], "last": WEEKDAYS[last]}
