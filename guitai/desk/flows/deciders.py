"""Who decides: one question, asked by every verb that only some roles may carry out."""

from uuid import UUID

from guitai.base.actor import Actor
from guitai.desk.errors import SupervisorNeeded
from guitai.people import api as people
from guitai.people.types import Permission

DECIDES: Permission = "holds.decide"


def require_decides(staff: Actor) -> None:
    """Refuse desk_supervisor_needed to whose role does not decide."""
    if DECIDES not in people.staff_member(UUID(staff.id)).permissions:
        raise SupervisorNeeded()
