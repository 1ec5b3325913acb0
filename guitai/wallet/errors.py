"""What the wallet refuses before an operation exists. Refusals of the till are recorded outcomes, not exceptions."""

from guitai.base.refusal import NotFound, Refusal


class OperationNotFound(NotFound):
    pass


class KeyMissing(Refusal):
    code = "idempotency_key_missing"


class KeyReused(Refusal):
    code = "idempotency_key_reused"


class KeyInFlight(Refusal):
    code = "idempotency_key_in_flight"


class TillBusy(Refusal):
    code = "till_busy"


class HoldNotOpen(Refusal):
    code = "hold_not_open"


class SenderFrozen(Refusal):
    code = "sender_frozen"


class NoteTooLong(Refusal):
    code = "note_too_long"
    field = "note"


class RailNotOffered(Refusal):
    """This way in is not set up, switched off, or does not take that currency."""

    code = "top_up_rail_not_offered"


class TopUpBelowMinimum(Refusal):
    code = "top_up_below_minimum"
    field = "amount"


class TopUpAboveMaximum(Refusal):
    code = "top_up_above_maximum"
    field = "amount"


class ParkedNotFound(NotFound):
    pass


class ParkedNotOpen(Refusal):
    """Settled already, or on its way back."""

    code = "parked_not_open"


class ParkedNotProposed(Refusal):
    """Nothing is proposed, or something else than the approver has looked at."""

    code = "parked_not_proposed"


class ParkedOwnProposal(Refusal):
    """Whoever proposes does not approve."""

    code = "parked_own_proposal"


class ParkedReasonMissing(Refusal):
    code = "parked_reason_missing"
    field = "reason"


class ParkedOwnerStopped(Refusal):
    """The wallet may not receive: what came can only go back."""

    code = "parked_owner_stopped"


class ParkedPayerUnknown(Refusal):
    """No statement names the account that paid, and its owner has named none."""

    code = "parked_payer_unknown"


class ParkedPayerKnown(Refusal):
    """A statement names the account that paid: nobody need be asked."""

    code = "parked_payer_known"


class ParkedNotAsked(Refusal):
    """Nobody waits for an account to be named here."""

    code = "parked_not_asked"


class ReturnAccountNotUsable(Refusal):
    """Its waiting time is not over, or it is in another name."""

    code = "return_account_not_usable"


class RailAccountShort(Refusal):
    """The account at the rail does not hold what would leave it."""

    code = "rail_account_short"


class ParkedUncountable(Refusal):
    """It came in a currency that no books are kept in."""

    code = "parked_uncountable"


class WithdrawalUnderWay(Refusal):
    """It has been handed to the bank: nobody can take it back any more."""

    code = "withdrawal_under_way"


class WithdrawalNotCancellable(Refusal):
    """It has ended, one way or the other."""

    code = "withdrawal_not_cancellable"


class RecallOver(Refusal):
    """The bank was asked before, or it has ended."""

    code = "recall_over"


class AskBackNotPossible(Refusal):
    """Only a transfer of one's own that has left can be asked back."""

    code = "ask_back_not_possible"


class GiveBackNotPossible(Refusal):
    """Only a transfer that arrived can be given back."""

    code = "give_back_not_possible"
