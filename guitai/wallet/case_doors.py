"""The part of the door for whoever works on a case: every operation that it is about, and what happened to them."""

from collections.abc import Collection, Iterable
from uuid import UUID

from guitai.audit.api import record_many
from guitai.audit.types import Entry, Purpose
from guitai.base.actor import Actor
from guitai.kit.keysets import Before
from guitai.kit.transactions import outermost
from guitai.wallet import case_reads
from guitai.wallet.types import OperationMoment, OperationView


def operations_around(linked: Iterable[UUID], case: UUID) -> list[UUID]:
    """The operations of a case, with what was claimed, credited, put right or given back because of them.

    takes    the ids of the operations that the case names, the case's id
    gives    ids, those that were named first
    """
    return case_reads.around(linked, case)


def bills_of(owner: UUID, operations: Iterable[UUID]) -> dict[UUID, OperationView]:
    """Several of a customer's bills, in a fixed number of statements.

    takes    whose, ids of operations
    gives    OperationView by id; what is not theirs is left out
    """
    return case_reads.views(owner, operations)


def moments_for_staff(
    operations: Collection[UUID], *, actor: Actor, purpose: Purpose, before: Before | None, limit: int
) -> list[OperationMoment]:
    """What happened to several operations, newest first, for a stated purpose.

    takes    their ids, who reads, the case it is for, where the page begins, the most wanted
    gives    OperationMoment values; the look at each is audited
    refuses  purpose_missing, purpose_not_real
    """
    if not operations:
        return []
    with outermost():
        record_many([
            Entry(actor, "operation.read", ("operation", str(one)), purpose, {}) for one in operations
        ])  # fmt: skip
    return case_reads.moments(operations, before, limit)
