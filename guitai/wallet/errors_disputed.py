"""What a claim to a payment is refused with."""

from guitai.base.refusal import NotFound, Refusal


class ClaimNotFound(NotFound):
    """No such claim."""


class ClaimNotPossible(Refusal):
    """Only a transfer that its payee has received can be claimed."""

    code = "claim_not_possible"


class ClaimNothingUnspent(Refusal):
    """The receiving wallet has nothing left of it."""

    code = "claim_nothing_unspent"


class ClaimMadeBefore(Refusal):
    """A payment is disputed once."""

    code = "claim_made_before"


class ClaimNotOpen(Refusal):
    """It has been decided, or its time is over."""

    code = "claim_not_open"


class ClaimNotProposed(Refusal):
    """Nobody has proposed this verdict."""

    code = "claim_not_proposed"


class ClaimOwnProposal(Refusal):
    """Whoever proposed does not approve."""

    code = "claim_own_proposal"


class ClaimReasonMissing(Refusal):
    code = "claim_reason_missing"
    field = "reason"


class ClaimOwnerStopped(Refusal):
    """The wallet it would go back to may not receive."""

    code = "claim_owner_stopped"
