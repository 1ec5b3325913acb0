"""Owning the transaction of an intent, and starting it again when the database asks for that."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from django.db import DatabaseError, transaction
from psycopg.errors import DeadlockDetected, SerializationFailure, UniqueViolation

from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost
from guitai.wallet.errors import TillBusy
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Decision, Intent, OperationDraft, Outcome

T = TypeVar("T")
_TRIES_MAX = 5
_RESTART = (DeadlockDetected, SerializationFailure, UniqueViolation)


def submit(intent: Intent) -> Outcome:
    """Carry out one intent in a transaction of its own.

    takes    an intent; the caller must not be inside a transaction
    gives    its recorded outcome, after the commit
    refuses  idempotency_key_missing, idempotency_key_reused, idempotency_key_in_flight, till_busy
    """
    answer = submit_all([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    return answer


def submit_all(intents: Sequence[Intent]) -> list[Outcome | Refusal]:
    """`submit` for a batch; gives one answer an intent."""
    return _restarting(lambda: _run(intents))


def _run(intents: Sequence[Intent]) -> list[Outcome | Refusal]:
    with outermost():
        return pipeline.run(intents)


def _restarting(work: Callable[[], T]) -> T:
    """Do a whole transaction, and start it again when the database asks for that; refuses till_busy."""
    latest: DatabaseError | None = None
    for attempt in range(_TRIES_MAX):
        try:
            return work()
        except DatabaseError as error:
            if not isinstance(error.__cause__, _RESTART):
                raise
            latest = error
            time.sleep(0.01 * 2**attempt)
    raise TillBusy() from latest


class _Undone(Exception):
    """Ends a dry run's transaction without a trace."""


def dry_run(intent: Intent) -> tuple[Decision, OperationDraft | None]:
    """What the till would decide now, by the same code, with nothing moved and nothing kept.

    gives    the decision and the draft of the operation
    refuses  till_busy
    """
    return _restarting(lambda: _rehearse(replace(intent, rehearsal=True)))


def _rehearse(intent: Intent) -> tuple[Decision, OperationDraft | None]:
    try:
        with transaction.atomic():
            decided, _ = pipeline.judge([intent])
            raise _Undone
    except _Undone:
        return decided[0].decision, decided[0].draft
