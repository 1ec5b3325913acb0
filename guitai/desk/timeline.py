"""Everything that happened around a case in one order: words, money, the account, sign-ins, proofs, clocks, actions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.reference import spoken
from guitai.care import api as care
from guitai.care.api import event_words
from guitai.care.types import CaseView
from guitai.desk.types import Moment, Timeline
from guitai.desk.web.action_words import outcome_words
from guitai.kit import cursors
from guitai.kit.cursors import CursorInvalid
from guitai.kit.keysets import FIRST, LAST, Before
from guitai.people import api as people
from guitai.skin.text import moment_text, money_text
from guitai.wallet import api as wallet
from guitai.wallet.api import event_words as money_words

FILTERS: dict[str, Promise] = {
    "all": pgettext_lazy("filter of a timeline", "Everything"),
    "talk": pgettext_lazy("filter of a timeline", "Words"),
    "money": pgettext_lazy("filter of a timeline", "Money"),
    "account": pgettext_lazy("filter of a timeline", "Account"),
    "proof": pgettext_lazy("filter of a timeline", "Proofs and actions"),
    "clock": pgettext_lazy("filter of a timeline", "Clocks"),
}
_SORTS = {"proof": "proof", "action": "proof", "late": "clock"}
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
    "arrival": gettext_lazy("Promised: the money, or what became of it, by %(by)s"),
    "third_party": gettext_lazy("Promised: a third party's answer by %(by)s"),
}
_ENDED: dict[str, Promise] = {
    "kept": gettext_lazy("Promise kept: %(by)s"),
    "broken": gettext_lazy("Promise not kept, and the customer was told: %(by)s"),
}
_STEPS: dict[str, Promise] = {
    "activate": pgettext_lazy("step of a clock", "runs"),
    "pause": pgettext_lazy("step of a clock", "stands still"),
    "resume": pgettext_lazy("step of a clock", "goes on"),
    "fulfil": pgettext_lazy("step of a clock", "met"),
    "breach": pgettext_lazy("step of a clock", "passed"),
    "cancel": pgettext_lazy("step of a clock", "does not count any more"),
    "reattach": pgettext_lazy("step of a clock", "counts by another rule"),
}
PAGE = 60
# What led to a case mostly happened before it was opened.
_BEFORE_OPENING = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Around:
    """What the sources of a timeline look at."""

    case: CaseView
    operations: Sequence[UUID]
    staff: Actor
    show: str

    @property
    def purpose(self) -> Purpose:
        return Purpose("case", str(self.case.row.id), "case.timeline")

    @property
    def since(self) -> datetime | None:
        """The account's own filter shows all of it; beside a case only what may have led to it."""
        return None if self.show == "account" else self.case.row.opened_at - _BEFORE_OPENING


Source = Callable[[_Around, Before | None, int], list[Moment]]


def timeline(case: CaseView, staff: Actor, show: str, cursor: str | None) -> Timeline:
    """What happened around a case under a filter, a page at a time; each read beside the case is recorded for it.

    takes    the case, who reads, a filter of `FILTERS`, where an earlier page begins
    gives    Timeline, the newest page first, each page oldest first; in a fixed number of statements
    refuses  cursor_invalid
    """
    linked = [link.id for link in case.links if link.kind == "operation"]
    around = _Around(case, wallet.operations_around(linked, case.row.id), staff, show)
    place = _place(cursor)
    found: list[tuple[datetime, int, UUID, Moment]] = []
    for rank, (sorts, source) in enumerate(_SOURCES):
        if show == "all" or show in sorts:
            moments = source(around, _before(place, rank), PAGE + 1)
            found += [(one.at, rank, one.key, one) for one in moments]
    found.sort(key=lambda one: one[:3], reverse=True)
    page, rest = found[:PAGE], found[PAGE:]
    earlier = cursors.encode(page[-1][0].isoformat(), page[-1][1], str(page[-1][2])) if rest else None
    shown = tuple(one[3] for one in reversed(page))
    return Timeline(shown, _names(shown), earlier)


def _place(cursor: str | None) -> tuple[datetime, int, UUID] | None:
    if not cursor:
        return None
    try:
        at, rank, key = cursors.decode(cursor)
        return datetime.fromisoformat(str(at)), int(rank), UUID(str(key))
    except ValueError as error:
        raise CursorInvalid() from error


def _before(place: tuple[datetime, int, UUID] | None, rank: int) -> Before | None:
    """Where a page begins in one source: of what happened in the same moment, sources of a lower rank come earlier."""
    if place is None:
        return None
    at, here, key = place
    return Before(at, key if rank == here else LAST if rank < here else FIRST)


def _names(moments: Sequence[Moment]) -> dict[str, str]:
    events = [one.event for one in moments if one.event is not None]
    staff = {UUID(event.actor_id) for event in events if event.actor_kind == "staff"}
    return {str(person): found.name for person, found in people.masked(staff).items()}


def _of_case(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    kinds = [kind for kind, sort in _SORTS.items() if around.show in ("all", sort)]
    without = around.show == "talk"
    chosen = list(_SORTS) if without else () if around.show == "all" else kinds
    events = care.case_events(
        around.case.row.id, before, limit, kinds=chosen, without=without or around.show == "all"
    )
    return [
        Moment(
            at=event.at,
            key=key,
            sort="talk" if event.message else _SORTS.get(event.kind, "talk"),
            title="" if event.message else event_words(event, to_staff=True),
            detail=outcome_words(event.facts) if event.kind == "action" else "",
            event=event,
        )
        for key, event in events
    ]


def _of_money(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    found = wallet.moments_for_staff(
        around.operations, actor=around.staff, purpose=around.purpose, before=before, limit=limit
    )
    return [
        Moment(
            one.at, one.id, "money", money_words(one.kind, one.direction, one.event, one.rail),
            # Of one operation everybody knows which; of several each line names its own.
            f"{spoken(one.reference)} · {money_text(one.amount)}" if len(around.operations) > 1 else "",
        )
        for one in found
    ]  # fmt: skip


def _of_standing(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    found = people.standing_changes_for_staff(
        around.case.row.customer, purpose=around.purpose, reader=around.staff, before=before, limit=limit,
        since=around.since,
    )  # fmt: skip
    return [
        Moment(
            one.at,
            key,
            "account",
            str(_CHANGES.get(one.action, one.action)),
            str(REASONS.get(one.reason, "")),
        )
        for key, one in found
    ]


def _of_sign_ins(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    found = people.sign_ins_for_staff(
        around.case.row.customer, purpose=around.purpose, reader=around.staff, before=before, limit=limit,
        since=around.since,
    )  # fmt: skip
    return [
        Moment(
            one.at, one.id, "account", _sign_in_words(one.unusual, one.denied),
            " · ".join(part for part in (one.device, one.place) if part),
        )
        for one in found
    ]  # fmt: skip


def _sign_in_words(unusual: bool, denied: bool) -> str:
    if denied:
        return _("A sign-in that the customer denies")
    return _("Signed in from an unusual place") if unusual else pgettext("event", "Signed in")


def _of_clocks(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    return [
        Moment(
            one.at, one.id, "clock",
            _("Clock %(clock)s: %(step)s") % {
                "clock": str(METRICS.get(one.metric, one.metric)), "step": str(_STEPS.get(one.kind, one.kind)),
            },
            _("by %(by)s") % {"by": moment_text(one.due_at)} if one.due_at and one.kind != "fulfil" else "",
        )
        for one in care.clock_steps(around.case.row.id, before, limit)
    ]  # fmt: skip


def _of_promises(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    found = care.promises_told(around.case.row.id, around.operations, before, limit)
    return [
        Moment(one.at, one.id, "clock", str(_PROMISED[one.what]) % {"by": moment_text(one.by_when)}, "")
        for one in found
        if one.what in _PROMISED
    ]


def _of_promises_ended(around: _Around, before: Before | None, limit: int) -> list[Moment]:
    found = care.promises_ended(around.case.row.id, around.operations, before, limit)
    return [
        Moment(one.at, one.id, "clock", str(_ENDED[one.state]) % {"by": moment_text(one.by_when)}, "")
        for one in found
    ]


# The filters under which each source shows, in the order in which things of one moment are read.
_SOURCES: tuple[tuple[frozenset[str], Source], ...] = (
    (frozenset({"account"}), _of_standing),
    (frozenset({"account"}), _of_sign_ins),
    (frozenset({"money"}), _of_money),
    (frozenset({"talk", "proof", "clock"}), _of_case),
    (frozenset({"clock"}), _of_clocks),
    (frozenset({"clock"}), _of_promises),
    (frozenset({"clock"}), _of_promises_ended),
)
