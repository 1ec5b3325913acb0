"""Owning the transaction of an intent: callers at one time share one, and nobody is answered before it is durable."""

import os
import time
from collections.abc import Callable, Sequence
from typing import TypeVar
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from msgspec import Struct
from msgspec.structs import replace
from psycopg.errors import DeadlockDetected, LockNotAvailable, SerializationFailure, UniqueViolation

from guitai.base.ids import new_ids
from guitai.base.refusal import Refusal
from guitai.kit.gather import Full, Gatherer
from guitai.kit.transactions import outermost
from guitai.wallet.errors import TillBusy
from guitai.wallet.till import pipeline
from guitai.wallet.till.store import Decided
from guitai.wallet.till.types import Intent, Outcome

T = TypeVar("T")
BATCH_MAX = 8_190
# About two full batches: what comes on top would wait for seconds, and is told to come again instead.
_WAITING_MAX = 2 * BATCH_MAX
_TRIES_MAX = 5
_RESTART = (DeadlockDetected, SerializationFailure, UniqueViolation)
# How long a database that went away is waited for before the caller is told to ask again with the same key.
_LOST_S = 10.0
_LOST_PAUSE_S = 0.2
# Only for comparing: each caller its own transaction, on its own thread.
_COALESCE = os.environ.get("GUITAI_TILL_COALESCE") != "off"

Given = list[Outcome | Refusal]


class _Ask(Struct, frozen=True):
    intents: Sequence[Intent]
    together: bool


def submit(intent: Intent) -> Outcome:
    """Carry out one intent in a durable transaction, together with what others ask for in the same moment.

    takes    an intent; the caller must not be inside a transaction
    gives    its recorded outcome, after the commit
    refuses  idempotency_key_missing, idempotency_key_reused, idempotency_key_in_flight, till_busy
    """
    return _one(submit_all([intent]))


def submit_all(intents: Sequence[Intent], *, together: bool = False) -> Given:
    """`submit` for a batch of at most 8,190; gives one answer an intent. Together: all are refused when one is."""
    ask = _Ask(intents, together)
    if connection.in_atomic_block or not _COALESCE:
        # Inside a transaction there is nobody to wait for; outside of tests `outermost` refuses to be there.
        return _settled(ask)
    try:
        return _till.ask(ask, len(intents))
    except Full:
        raise TillBusy() from None


async def submit_all_soon(intents: Sequence[Intent], *, together: bool = False) -> Given:
    """`submit_all` for coroutines."""
    try:
        return await _till.ask_soon(_Ask(intents, together), len(intents))
    except Full:
        raise TillBusy() from None


def dry_run(intent: Intent) -> Decided:
    """What the till would decide now, by the same code, with nothing moved and nothing kept.

    gives    the decision, the draft of the operation, and the operation as it would be
    refuses  till_busy
    """
    return _restarting(lambda: _rehearse(replace(intent, rehearsal=True)))


def _one(given: Given) -> Outcome:
    if isinstance(given[0], Refusal):
        raise given[0]
    return given[0]


def _carry_out(asks: list[_Ask]) -> list[Given | BaseException]:
    """What waits, in as few transactions as its callers allow, in the order in which they came."""
    answers: list[Given | BaseException] = []
    apart: list[_Ask] = []
    for ask in asks:
        if ask.together:
            answers += _shared(apart)
            answers += _shared([ask])
            apart = []
        else:
            apart.append(ask)
    return answers + _shared(apart)


def _shared(asks: list[_Ask]) -> list[Given | BaseException]:
    """Several callers in one transaction; when that fails, each in its own, so that only the cause is told."""
    if not asks:
        return []
    if len(asks) == 1:
        try:
            return [_settled(asks[0])]
        except Exception as error:  # noqa: BLE001  it is handed to the caller, whatever it is
            return [error]
    try:
        given = _settled(_Ask([intent for ask in asks for intent in ask.intents], together=False))
    except Exception:  # noqa: BLE001  told to whom it belongs, in the next line
        return [answer for ask in asks for answer in _shared([ask])]
    answers: list[Given | BaseException] = []
    start = 0
    for ask in asks:
        answers.append(given[start : start + len(ask.intents)])
        start += len(ask.intents)
    return answers


def _settled(ask: _Ask) -> Given:
    """A known outcome, even when the connection breaks between the commit and its answer: the claim says what became
    of it, under the ids that were given before the first try."""
    events = new_ids(len(ask.intents))
    until = time.monotonic() + _LOST_S
    while True:
        try:
            return _restarting(lambda: _run(ask, events))
        except (OperationalError, InterfaceError) as error:
            if not _is_lost():
                raise
            connection.close()
            if time.monotonic() > until:
                raise TillBusy() from error
            time.sleep(_LOST_PAUSE_S)


def _run(ask: _Ask, events: Sequence[UUID]) -> Given:
    with outermost():
        return pipeline.run(ask.intents, events, together=ask.together)


def _is_lost() -> bool:
    """Whether the connection is gone, rather than the statement wrong."""
    return not connection.in_atomic_block and (connection.connection is None or not connection.is_usable())


def _restarting(work: Callable[[], T]) -> T:
    """Do a whole transaction, and start it again when the database asks for that; refuses till_busy."""
    latest: DatabaseError | None = None
    for attempt in range(_TRIES_MAX):
        try:
            return work()
        except DatabaseError as error:
            if isinstance(error.__cause__, LockNotAvailable):
                raise TillBusy() from error
            if not isinstance(error.__cause__, _RESTART):
                raise
            latest = error
            time.sleep(0.01 * 2**attempt)
    raise TillBusy() from latest


class _Undone(Exception):
    """Ends a dry run's transaction without a trace."""


def _rehearse(intent: Intent) -> Decided:
    try:
        with transaction.atomic():
            decided = pipeline.judge([intent])
            raise _Undone
    except _Undone:
        return decided[0]


_till: Gatherer[_Ask, Given] = Gatherer("till", _carry_out, batch_max=BATCH_MAX, waiting_max=_WAITING_MAX)
