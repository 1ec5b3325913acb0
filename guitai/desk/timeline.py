"""Everything that happened around a case in one order: words, money, the account, sign-ins, proofs, clocks, actions."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care.api import event_words
from guitai.care.types import CaseView
from guitai.desk.types import Moment
from guitai.desk.web.action_words import outcome_words
from guitai.people import api as people
from guitai.skin.text import moment_text
from guitai.wallet.api import event_words as money_words
from guitai.wallet.types import OperationDetail

FILTERS: dict[str, Promise] = {
    "all": pgettext_lazy("filter of a timeline", "Everything"),
    "talk": pgettext_lazy("filter of a timeline", "Words"),
    "money": pgettext_lazy("filter of a timeline", "Money"),
    "account": pgettext_lazy("filter of a timeline", "Account"),
    "proof": pgettext_lazy("filter of a timeline", "Proofs and actions"),
    "clock": pgettext_lazy("filter of a timeline", "Clocks"),
}
_SORTS = {
    "message": "talk", "note": "talk", "opened": "talk", "proof": "proof", "action": "proof", "late": "clock",
}  # fmt: skip
_CHANGES: dict[str, Promise] = {
    "freeze": gettext_lazy("Account frozen"),
    "lock": gettext_lazy("Account locked"),
    "sleep": gettext_lazy("Account went dormant"),
    "close": gettext_lazy("Account closed"),
    "release": gettext_lazy("A stop was lifted"),
    "released": gettext_lazy("A stop was lifted"),
    "expired": gettext_lazy("A stop ended by itself"),
    "tier": gettext_lazy("Identity tier changed"),
}
# What made a stop, for staff.
REASONS: dict[str, Promise] = {
    "by_staff": gettext_lazy("by staff"),
    "by_risk": gettext_lazy("by our checks"),
    "by_law": gettext_lazy("by order of the law"),
    "by_customer": gettext_lazy("by the customer"),
    "provisional": gettext_lazy("for a while, without the phone"),
    "wrong_password": gettext_lazy("wrong passwords"),
    "wrong_pin": gettext_lazy("wrong PINs"),
    "unusual_place": gettext_lazy("an unusual place"),
    "security_check": gettext_lazy("a security check"),
    "inactivity": gettext_lazy("not used for long"),
    "closing": gettext_lazy("being closed"),
}
METRICS: dict[str, Promise] = {
    "acknowledge": gettext_lazy("Acknowledgement"),
    "first_reply": gettext_lazy("First answer"),
    "next_reply": gettext_lazy("Next answer"),
    "resolve": gettext_lazy("Solution"),
    "statutory": gettext_lazy("Legal time limit"),
}
_PROMISED: dict[str, Promise] = {
    "reply": gettext_lazy("Promised: an answer by %(by)s"),
    "resolve": gettext_lazy("Promised: a solution by %(by)s"),
    "statutory": gettext_lazy("Legal time limit: %(by)s"),
    "call_back": gettext_lazy("Promised: a call by %(by)s"),
}
_ENDED: dict[str, Promise] = {
    "kept": gettext_lazy("kept"),
    "broken": gettext_lazy("not kept; the customer was told"),
    "void": gettext_lazy("not owed any more"),
    "open": gettext_lazy("open"),
}


def moments(
    case: CaseView, operation: OperationDetail | None, names: dict[str, str], staff: Actor, show: str
) -> list[Moment]:
    """What happened, oldest first, under a filter; each read beside the case is recorded for it."""
    purpose = Purpose("case", str(case.row.id), "case.timeline")
    found = _of_case(case, names)
    if show in ("all", "money"):
        found += _of_money(operation)
    if show in ("all", "account"):
        found += _of_account(case, staff, purpose, whole=show == "account")
    if show in ("all", "clock"):
        found += _of_clocks(case)
    chosen = [one for one in found if show in ("all", one.sort)]
    return sorted(chosen, key=lambda one: one.at)


def _of_case(case: CaseView, names: dict[str, str]) -> list[Moment]:
    return [
        Moment(
            at=event.at,
            sort="talk" if event.message else _SORTS.get(event.kind, "talk"),
            title="" if event.message else event_words(event, to_staff=True),
            detail=outcome_words(event.facts) if event.kind == "action" else "",
            who=names.get(event.actor_id, ""),
            event=event,
        )
        for event in case.events
    ]


def _of_money(operation: OperationDetail | None) -> list[Moment]:
    if operation is None:
        return []
    view = operation.view
    return [
        Moment(
            step.at, "money", money_words(view.kind, view.direction, step.code, view.rail or "bank"), "", ""
        )
        for step in operation.timeline
    ]


def _of_account(case: CaseView, staff: Actor, purpose: Purpose, *, whole: bool) -> list[Moment]:
    customer, since = case.row.customer, case.row.opened_at
    standing = people.standing_for_staff(customer, purpose=purpose, reader=staff)
    found = [
        Moment(
            change.at,
            "account",
            str(_CHANGES.get(change.action, change.action)),
            str(REASONS.get(change.reason, "")),
            "",
        )
        for change in standing.history
        if whole or change.at >= since
    ]  # fmt: skip
    for one in people.sign_ins_for_staff(customer, purpose=purpose, reader=staff):
        if not whole and one.at < since:
            continue
        title = _("Signed in from an unusual place") if one.unusual else pgettext("event", "Signed in")
        if one.denied:
            title = _("A sign-in that the customer denies")
        found.append(
            Moment(one.at, "account", title, " · ".join(p for p in (one.device, one.place) if p), "")
        )
    return found


def _of_clocks(case: CaseView) -> list[Moment]:
    found = []
    for one in case.promises:
        said = _PROMISED.get(one.what)
        if said is not None:
            words = str(said) % {"by": moment_text(one.by_when)}
            found.append(Moment(one.told_at, "clock", words, str(_ENDED.get(one.state, "")), ""))
    return found
