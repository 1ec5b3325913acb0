"""What an emergency is refused with."""

from guitai.base.refusal import Refusal


class TaskUnknown(Refusal):
    """The list has no such thing."""

    code = "emergency_task_unknown"


class PoliceReceiptMissing(Refusal):
    """Station and number are needed."""

    code = "police_receipt_missing"
    field = "number"


class ReasonMissing(Refusal):
    """A pack leaves the house only for a reason."""

    code = "pack_reason_missing"
    field = "reason"
