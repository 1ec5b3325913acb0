"""Refusals of the desk."""

from guitai.base.refusal import NotFound, Refusal

__all__ = ["NotFound"]


class ReasonMissing(Refusal):
    """Whoever looks closer or decides says why."""

    code = "desk_reason_missing"
    field = "reason"


class SupervisorNeeded(Refusal):
    code = "desk_supervisor_needed"
