"""What reconciliation refuses."""

from guitai.base.refusal import NotFound, Refusal


class ItemNotFound(NotFound):
    pass


class CloseNotFound(NotFound):
    pass


class ItemNotOpen(Refusal):
    """Settled already, or on its way back."""

    code = "receipt_not_open"


class ItemNotProposed(Refusal):
    """Nothing is proposed, or something else than the approver has looked at."""

    code = "receipt_not_proposed"


class OwnProposal(Refusal):
    """Whoever proposes does not approve."""

    code = "receipt_own_proposal"


class ReasonMissing(Refusal):
    code = "receipt_reason_missing"
    field = "reason"


class ActionNotPossible(Refusal):
    """This cannot be done with such a line."""

    code = "receipt_action_not_possible"
    field = "action"


class TargetUnknown(Refusal):
    """No such operation or customer."""

    code = "receipt_target_unknown"
    field = "target"


class TargetUnfit(Refusal):
    """That operation does not wait for this money."""

    code = "receipt_target_unfit"
    field = "target"


class PayerUnknown(Refusal):
    """The bank did not say from which account it came."""

    code = "receipt_payer_unknown"


class OwnerStopped(Refusal):
    """The wallet may not receive."""

    code = "receipt_owner_stopped"


class PermissionMissing(Refusal):
    """The role does not include this."""

    code = "not_permitted"


class CloseNotOpen(Refusal):
    """Signed already."""

    code = "close_signed"


class CloseNotPrepared(Refusal):
    """Nobody has looked at its items yet."""

    code = "close_not_prepared"


class CloseOwnWork(Refusal):
    """Whoever prepares a day does not sign it."""

    code = "close_own_work"


class CloseNoteMissing(Refusal):
    """A difference that nothing explains is signed with words."""

    code = "close_note_missing"
    field = "note"


class CloseDayNotOver(Refusal):
    """A day is closed when it is over."""

    code = "close_day_not_over"
    field = "day"


class AskedTooOften(Refusal):
    code = "too_many_attempts"
