"""Clocks run with the case: they begin, stand still, go on and end where its state does; every step is stored."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, cast

import msgspec

from guitai.base.clock import now
from guitai.base.openhours import OpenHours
from guitai.care.clock_policy import ClockRule, rules_for
from guitai.care.flows.promise import keep, promise, void
from guitai.care.models import Case, CaseClock, ClockEventRow
from guitai.care.rules import clocks as rules
from guitai.care.rules.clocks import Clock, ClockEventKind, Metric, Target
from guitai.care.rules.states import turn
from guitai.care.types import Turn
from guitai.kit.calendars import calendar, calendar_pin
from guitai.kit.transactions import required

REPLY: tuple[Metric, ...] = ("first_reply", "next_reply")
_OPEN = ("pending", "running", "paused")
_PROMISED = {"first_reply": "reply", "next_reply": "reply", "resolve": "resolve", "statutory": "statutory"}


def begin(case: Case) -> None:
    """Start what a new case owes; the case is saved before and after."""
    required()
    wanted, pins = rules_for(case.category, case.priority)
    for rule in wanted:
        if rule.metric != "next_reply":
            _start(case, rule, pins)
    mirror(case)


def owe_reply(case: Case) -> None:
    """An answer is owed from now; one that is owed already stays as it was promised."""
    if not _open(case, REPLY):
        _begin_one(case, "next_reply")
    mirror(case)


def answered(case: Case) -> None:
    """The customer has an answer."""
    _end(_open(case, REPLY), "fulfil")
    mirror(case)


def turn_changed(case: Case, whose: Turn) -> None:
    """Clocks stand still while it is not our turn, as far as their rules say, and go on afterwards."""
    for row in _open(case):
        stands_still = _rule(row).pauses(whose)
        if stands_still and row.state == "running":
            _step(row, "pause")
        elif not stands_still and row.state == "paused":
            _step(row, "resume")
    mirror(case)


def ended(case: Case) -> None:
    """The case is solved: what was owed is done."""
    _end(_open(case), "fulfil")
    mirror(case)


def begun_again(case: Case) -> None:
    """The case is open again: an answer and a solution are owed anew."""
    metrics: tuple[Metric, ...] = ("next_reply", "resolve", "statutory")
    for metric in metrics:
        if not _open(case, (metric,)):
            _begin_one(case, metric)
    mirror(case)


def restarted(case: Case) -> None:
    """Somebody else looks from now: what we promised begins again; a time that the law gives never does."""
    _end((row for row in _open(case) if row.metric != "statutory"), "cancel")
    begun_again(case)


def cancelled(case: Case) -> None:
    """Nothing is owed any more: the customer withdrew the case, or another one goes on with it."""
    _end(_open(case), "cancel")
    mirror(case)


def reattached(case: Case) -> None:
    """The case was sorted anew: its clocks count by the rules that are right now; what was used stays used."""
    wanted, pins = rules_for(case.category, case.priority)
    fitting = {rule.metric: rule for rule in wanted}
    for row in _open(case):
        rule = fitting.pop(cast(Metric, row.metric), None)
        if rule is None:
            _step(row, "cancel")
        elif rule != _rule(row):
            _step(row, "reattach", rule, f"{pins} {calendar_pin()}")
    for rule in fitting.values():
        if rule.metric not in REPLY and not CaseClock.objects.filter(case=case, metric=rule.metric).exists():
            _start(case, rule, pins)
    mirror(case)


def mirror(case: Case) -> None:
    """Write what the customer was told into the case, for lists and the queue's order."""
    reply = next((row for row in _open(case, REPLY) if row.state == "running"), None)
    case.answer_by = reply.due_at if reply else None
    if reply is not None:
        case.answer_by_policies = reply.policies[:80]
        case.answer_promised_at = reply.since
    owing = turn(case.state) == "us"
    case.due_at = case.answer_by or (case.due_at if owing and case.due_at else now())


def breached(row: CaseClock) -> None:
    """The clock is past due; it goes on, for what was promised is still owed."""
    _step(row, "breach")


def explained(row: CaseClock) -> Clock:
    """The clock as its events explain it: what is stored must be the same."""
    events = [
        rules.ClockEvent(cast(ClockEventKind, e.kind), e.at, _target(e.facts.get("rule")))
        for e in row.events.order_by("id")
    ]
    first = next((event.target for event in events if event.target), _rule(row).target)
    return rules.replay(cast(Metric, row.metric), first, _hours(row), events)


def _begin_one(case: Case, metric: Metric) -> None:
    wanted, pins = rules_for(case.category, case.priority)
    for rule in wanted:
        if rule.metric == metric:
            _start(case, rule, pins)


def _start(case: Case, rule: ClockRule, pins: str) -> None:
    if calendar(rule.calendar) is None:
        return  # an operator that has published no hours promises nothing
    row = CaseClock.objects.create(
        case=case,
        metric=rule.metric,
        rule=msgspec.to_builtins(rule),
        policies=f"{pins} {calendar_pin()}"[:120],
    )
    _step(row, "activate")


def _end(rows: Iterable[CaseClock], kind: ClockEventKind) -> None:
    for row in rows:
        _step(row, kind)


def _step(row: CaseClock, kind: ClockEventKind, rule: ClockRule | None = None, pins: str = "") -> None:
    """One event: the rule decides, the row follows, the event is kept, the promise knows."""
    at, before = now(), _clock(row)
    if rule is not None:
        row.rule, row.policies = msgspec.to_builtins(rule), pins[:120]
    hours = _hours(row)
    after = {
        "reattach": lambda: rules.reattach(before, _rule(row).target, hours, at),
        "activate": lambda: rules.activate(before, hours, at),
        "pause": lambda: rules.pause(before, hours, at),
        "resume": lambda: rules.resume(before, hours, at),
        "fulfil": lambda: rules.fulfil(before, hours, at),
        "cancel": lambda: rules.cancel(before, at),
        "breach": lambda: rules.breach(before, at),
    }[kind]()
    if after == before:
        return
    _write(row, after)
    facts: dict[str, Any] = {"due_at": after.due_at.isoformat() if after.due_at else None}
    if kind in ("activate", "reattach"):
        facts |= {"rule": row.rule, "policies": row.policies}
    ClockEventRow.objects.create(clock=row, kind=kind, at=at, facts=facts)
    _tell(row, kind)


def _tell(row: CaseClock, kind: ClockEventKind) -> None:
    """What a customer was told follows the clock."""
    if not _rule(row).told:
        return
    if kind in ("activate", "resume", "reattach") and row.due_at is not None:
        promise(
            row.case.customer, _PROMISED[row.metric], row.due_at, told_by="page", subject=("clock", row.id),
            case=row.case, clock=row, policies=row.policies,
        )  # fmt: skip
    elif kind == "fulfil":
        keep("clock", row.id)
    elif kind in ("pause", "cancel"):
        void("clock", row.id)


def _write(row: CaseClock, clock: Clock) -> None:
    row.state, row.since, row.due_at = clock.state, clock.since, clock.due_at
    row.used_seconds = round(clock.used.total_seconds())
    row.breached_at, row.ended_at = clock.breached_at, clock.ended_at
    row.save()


def _clock(row: CaseClock) -> Clock:
    return Clock(
        metric=cast(Metric, row.metric),
        target=_rule(row).target,
        state=cast(rules.ClockState, row.state),
        since=row.since,
        used=timedelta(seconds=row.used_seconds),
        due_at=row.due_at,
        breached_at=row.breached_at,
        ended_at=row.ended_at,
    )


def _open(case: Case, metrics: tuple[Metric, ...] = rules.METRICS) -> list[CaseClock]:
    return list(
        CaseClock.objects.filter(case=case, state__in=_OPEN, metric__in=metrics)
        .select_related("case")
        .order_by("id")
    )


def _rule(row: CaseClock) -> ClockRule:
    return msgspec.convert(row.rule, ClockRule)


def _hours(row: CaseClock) -> OpenHours:
    # Hours that were taken back later: what was promised under them runs out by the wall.
    return calendar(_rule(row).calendar) or OpenHours.always()


def _target(rule: dict[str, Any] | None) -> Target | None:
    return msgspec.convert(rule, ClockRule).target if rule else None
