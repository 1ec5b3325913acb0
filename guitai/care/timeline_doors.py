"""The part of the door for what happened around a case: for whoever has just opened it and had that look recorded."""

from collections.abc import Collection
from uuid import UUID

from guitai.care import timeline_reads
from guitai.care.types import ClockStep, EventView, PromiseStep
from guitai.kit.keysets import Before


def case_events(
    case: UUID, before: Before | None, limit: int, *, kinds: Collection[str] = (), without: bool = True
) -> list[tuple[UUID, EventView]]:
    """Events of a case with their words and files, newest first, in a fixed number of statements.

    takes    the case's id, where the page begins, the most wanted, kinds, and whether those are left out or the only
    gives    (key, EventView) pairs, internal ones among them; keys grow as the case does
    """
    return timeline_reads.events(case, before, limit, kinds=kinds, without=without)


def clock_steps(case: UUID, before: Before | None, limit: int) -> list[ClockStep]:
    """Starts, pauses and ends of a case's clocks, newest first."""
    return timeline_reads.clock_steps(case, before, limit)


def promises_told(
    case: UUID, operations: Collection[UUID], before: Before | None, limit: int
) -> list[PromiseStep]:
    """Times that the customer was told for a case or about its operations, newest first."""
    return timeline_reads.promises_told(case, operations, before, limit)


def promises_ended(
    case: UUID, operations: Collection[UUID], before: Before | None, limit: int
) -> list[PromiseStep]:
    """How such times ended, newest first."""
    return timeline_reads.promises_ended(case, operations, before, limit)
