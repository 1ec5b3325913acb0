"""Payments out and refunds that a rail is asked for online: each exactly once, wherever a crash falls.

queued: only written down. Before the first call the row says that it is about to be made; from then on the rail may
know of it, and whoever finds the row asks the rail what became of it before anything is asked for again. What is
asked for again keeps its reference, which the rail knows as the same wish.
"""

import logging
import os
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.kit.throttle import allow
from guitai.kit.transactions import outermost
from guitai.rails import breaker
from guitai.rails.adapters import RAILS, rail_named, supports
from guitai.rails.errors import RailDeclined, RailUnavailable, RailUnsupported
from guitai.rails.rules.payment_reasons import UNSPECIFIED
from guitai.rails.rules.retries import may_repeat, next_outcome_query
from guitai.rails.settings import terms_of
from guitai.rails.types import PayoutAnswer, Rail

_TURN_S = 40
_WINDOW_S = 10
# More than turns beside each other hold at once, so that each finds one that no other has.
_LOOKED_AT = 20
# Of a wish that the rail has heard already: it exists, so it was not declined.
_TWICE = frozenset({"payout_duplicate", "payment_refunded_before"})
_UNKNOWN_THERE = frozenset({"payout_unknown", "refund_unknown"})
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Work:
    """A kind of errand: its table, the rail's verbs for it, and what an answer does to a row."""

    name: str
    model: Any
    verb: str
    query_verb: str
    # The state in which the rail is about to be asked for the first time.
    begun: str
    open_states: tuple[str, ...]
    ask: Callable[[Rail, Any], PayoutAnswer]
    query: Callable[[Rail, Any], PayoutAnswer]
    # Writes what an answer means, in the transaction that holds the row.
    take: Callable[[Any, PayoutAnswer], None]
    # Of what waits, the first so many that may leave now, and whether one may be asked for again.
    free: Callable[[Any, int], list[UUID]]
    may_go_again: Callable[[Any], bool]
    # States that are an end, unless the rail has news all the same: then it is asked, and never asked for again.
    may_come_back: tuple[str, ...] = ()

    @property
    def heard_of(self) -> tuple[str, ...]:
        """The states in which what a rail says is still news."""
        return (*self.open_states, *self.may_come_back)

    def on(self, rail: str) -> bool:
        """Whether a rail has it."""
        return supports(RAILS[rail], self.verb)

    def queued(self, rail: str) -> Any:
        """What waits for its first call, in the order in which it leaves."""
        rows = self.model.objects.filter(rail=rail, state="queued")
        return rows.order_by("-priority", "queued_at", "id")

    def unanswered(self, rail: str, at: datetime) -> Any:
        """What is to be asked about by now."""
        open_ = self.model.objects.filter(rail=rail, state__in=self.heard_of, next_query_at__lte=at)
        return open_.order_by("next_query_at", "id")


class _Later(Exception):
    """Nothing more in this turn: the rail is down, or was called as often as it may be."""


def run_errands(rail: str, works: tuple[Work, ...]) -> int:
    """One turn for a rail: what is not known is asked about, and what waits leaves, the most urgent first.

    Several may run at once; gives how many calls were made.
    """
    rail_named(rail)
    ends, calls = time.monotonic() + _TURN_S, 0
    steps = [step for work in works if work.on(rail) for step in ((work, _ask_about), (work, _begin))]
    try:
        while time.monotonic() < ends:
            done = sum(step(work, rail) for work, step in steps)
            if not done:
                break
            calls += done
    except _Later:
        pass
    return calls


def due(rail: str, works: tuple[Work, ...], at: datetime) -> int:
    """How much there is to do for a rail now: a turn is only begun for something."""
    if not breaker.may_call(rail):
        return 0
    return sum(
        work.queued(rail).count() + work.unanswered(rail, at).count() for work in works if work.on(rail)
    )


def _begin(work: Work, rail: str) -> bool:
    """The most urgent wish that waits is written down as asked for, and then asked for."""
    if not work.queued(rail).exists():
        return False
    _may_call(rail)
    moment = now()
    with outermost():
        free = work.free(work.queued(rail), _LOOKED_AT)
        row = work.queued(rail).filter(id__in=free).select_for_update(skip_locked=True).first()
        if row is None:
            return False
        row.state, row.asked_at = work.begun, moment
        _about_to_ask(row, moment)
        row.save()
    return _ask(work, rail, row.id)


def _ask_about(work: Work, rail: str) -> bool:
    """One wish whose outcome is not known is asked about; one that the rail never heard of is asked for again."""
    moment = now()
    if not work.unanswered(rail, moment).exists():
        return False
    _may_call(rail)
    with outermost():
        row = work.unanswered(rail, moment).select_for_update(skip_locked=True).first()
        if row is None:
            return False
        _about_to_query(row, moment)
    return _queried(work, rail, row)


def ask_now(work: Work, row_id: UUID) -> None:
    """One wish is asked about without waiting for its turn; what was not asked for yet, or has ended, is left alone."""
    with outermost():
        row = work.model.objects.select_for_update().get(id=row_id)
        if row.state not in work.open_states or not work.on(row.rail):
            return
        _about_to_query(row, now())
    _queried(work, row.rail, row)


def _about_to_query(row: Any, moment: datetime) -> None:
    row.queries += 1
    row.next_query_at = next_outcome_query(row.queries, moment)
    row.save(update_fields=["queries", "next_query_at"])


def _queried(work: Work, rail: str, row: Any) -> bool:
    """What the rail says of a wish is carried out; whatever it never heard of is asked for again, when that is safe."""
    answer = _called(work, rail, row, "query")
    if answer is None:
        return True
    with outermost():
        free = work.may_go_again(row)
        row = work.model.objects.select_for_update().get(id=row.id)
        row.unknown_there = row.unknown_there + 1 if answer.code in _UNKNOWN_THERE else 0
        due_again = may_repeat(row.unknown_there, row.last_asked_at, now())
        repeat = free and row.state in work.open_states and due_again
        if repeat:
            _about_to_ask(row, now())
        row.save()
        if answer.outcome != "unknown":
            work.take(row, answer)
    return _ask(work, rail, row.id) if repeat else True


def _ask(work: Work, rail: str, row_id: UUID) -> bool:
    row = work.model.objects.get(id=row_id)
    answer = _called(work, rail, row, "ask")
    if answer is not None:
        with outermost():
            work.take(work.model.objects.select_for_update().get(id=row_id), answer)
    return True


def _called(work: Work, rail: str, row: Any, how: Literal["ask", "query"]) -> PayoutAnswer | None:
    """What the rail answers, made sure of: whatever is not a plain answer is `unknown`, and None changes nothing."""
    adapter = RAILS[rail]
    call = work.ask if how == "ask" else work.query
    try:
        answer = breaker.through(
            rail,
            lambda: call(adapter, row),
            # An adapter says so of a call that timed out.
            problem_of=lambda told: "no_answer" if _unheard(told) and how == "ask" else None,
        )
    except RailUnavailable as refusal:
        if breaker.not_called(refusal) and how == "ask":
            _give_back(work, row.id)
            raise _Later from refusal
        return PayoutAnswer("", "unknown") if how == "ask" else None
    except RailDeclined as refusal:
        return _declined(refusal) if how == "ask" else None
    except RailUnsupported:
        return PayoutAnswer("", "rejected", UNSPECIFIED) if how == "ask" else None
    except Exception:  # noqa: BLE001  one wish that no code of ours survives must not stop the others
        # A fault of ours or of a library, after which nobody knows what the rail has heard: it is asked.
        _log.exception("%s %s by %s: the call failed", work.name, row.id, rail)
        return PayoutAnswer("", "unknown") if how == "ask" else None
    if answer.outcome == "rejected" and answer.code in _TWICE:
        return PayoutAnswer(answer.reference, "unknown", None, answer.rail_code, answer.bank_reference)
    return answer


def _unheard(told: PayoutAnswer) -> bool:
    return told.outcome == "unknown" and told.code is None


def _declined(refusal: Refusal) -> PayoutAnswer:
    code = str(refusal.facts.get("code") or refusal.facts.get("reason") or "")
    if code in _TWICE:
        return PayoutAnswer("", "unknown")
    rail_code = str(refusal.facts.get("rail_code") or refusal.facts.get("bank_code") or "") or None
    return PayoutAnswer("", "rejected", code or None, rail_code)


def _about_to_ask(row: Any, moment: datetime) -> None:
    row.last_asked_at, row.attempts = moment, row.attempts + 1
    row.asked_by, row.unknown_there = f"{socket.gethostname()}:{os.getpid()}"[:120], 0
    # Should this process die now, whoever comes then asks the rail what became of it.
    row.next_query_at = next_outcome_query(1, moment)


def _give_back(work: Work, row_id: UUID) -> None:
    """The rail has certainly not heard of it: it waits as before, and may be cancelled as before."""
    with outermost():
        row = work.model.objects.select_for_update().get(id=row_id)
        if row.state == work.begun and row.attempts == 1:
            row.state, row.attempts = "queued", 0
            row.asked_at = row.last_asked_at = row.next_query_at = None
            row.save()


def _may_call(rail: str) -> None:
    if not breaker.may_call(rail):
        raise _Later
    limit = max(1, terms_of(rail).calls_a_minute * _WINDOW_S // 60)
    if not allow("rails.calls", rail, limit=limit, window_s=_WINDOW_S):
        raise _Later


def waiting(rail: str, works: tuple[Work, ...]) -> tuple[int, datetime | None]:
    """How much waits for its first call, and since when the oldest does."""
    found = [work.queued(rail) for work in works if work.on(rail)]
    oldest = [rows.order_by("queued_at").values_list("queued_at", flat=True).first() for rows in found]
    return sum(rows.count() for rows in found), min((at for at in oldest if at is not None), default=None)
