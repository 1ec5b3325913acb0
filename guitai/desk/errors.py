"""Refusals of the desk."""

from guitai.base.refusal import NotFound, Refusal

__all__ = ["NotFound"]


class ReasonMissing(Refusal):
    """Whoever looks closer or decides says why."""

    code = "desk_reason_missing"
    field = "reason"


class SupervisorNeeded(Refusal):
    code = "desk_supervisor_needed"


class ActionProofNeeded(Refusal):
    """The customer has not shown well enough that it is them."""

    code = "action_proof_needed"


class ActionNotPermitted(Refusal):
    code = "action_not_permitted"


class ActionNotPossible(Refusal):
    code = "action_not_possible"


class ActionFieldMissing(Refusal):
    code = "action_field_missing"


class ActionStale(Refusal):
    """What the decision was about is not so any more."""

    code = "action_stale"


class CaseEnded(Refusal):
    code = "action_case_ended"


class ApprovalOver(Refusal):
    code = "approval_over"


class ApprovalOwn(Refusal):
    """Whoever asked does not agree with themselves."""

    code = "approval_own"


class ReadWithoutCase(Refusal):
    """Nobody reads a customer's data without a case."""

    code = "read_without_case"


class BreakGlassOver(Refusal):
    code = "break_glass_over"


class BreakGlassOwn(Refusal):
    code = "break_glass_own"


class CustomerUnknown(Refusal):
    code = "break_glass_unknown"
    field = "whose"
