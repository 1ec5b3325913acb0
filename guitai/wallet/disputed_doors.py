"""The part of the door for payments that their sender says somebody else made."""

from collections.abc import Iterable
from typing import Literal
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.wallet import disputed_reads, proposal_reads
from guitai.wallet.disputed_types import ClaimView, Proposal, Verdict
from guitai.wallet.errors import OperationNotFound
from guitai.wallet.flows import disputed
from guitai.wallet.reads import find


def hold_claim(
    reference: str,
    *,
    actor: Actor,
    purpose: Purpose | None = None,
    case: UUID | None = None,
    disclosure: Literal["open", "limited"] = "open",
) -> ClaimView:
    """Set aside, at the receiving wallet, what is unspent of a payment, until it is decided whose it is.

    takes    the payment's reference; its sender (only while it is as fresh as the policy `disputed_payments` asks) or
             a member of staff with their purpose; the case; whether the payee is told which payment it is (open), or
             only that a sum is being checked (limited)
    gives    ClaimView; the payee is told, and by when it is decided
    refuses  not_found, claim_not_possible, claim_made_before, claim_nothing_unspent, purpose_not_real
    """
    row = find(reference)
    if row is None:
        raise OperationNotFound()
    return disputed.hold(row.id, actor, purpose, case, disclosure)


def propose_claim(claim: UUID, verdict: Verdict, reason: str, *, actor: Actor, purpose: Purpose) -> None:
    """Say what should become of a held payment; another person decides.

    takes    the claim's id, return (to its sender) or release (to its holder), why, the member of staff, the purpose
    gives    nothing
    refuses  not_found, claim_not_open, claim_reason_missing, purpose_not_real
    """
    disputed.propose(claim, verdict, reason, actor, purpose)


def approve_claim(claim: UUID, verdict: Verdict, *, actor: Actor, purpose: Purpose) -> ClaimView:
    """Carry out what a colleague proposed, in one transaction.

    takes    the claim's id, the verdict as it was proposed, the member of staff, the purpose
    gives    ClaimView; both sides are told
    refuses  not_found, claim_not_open, claim_not_proposed, claim_own_proposal, claim_owner_stopped, purpose_not_real
    """
    return disputed.approve(claim, verdict, actor, purpose)


def decline_claim(claim: UUID, reason: str, *, actor: Actor, purpose: Purpose) -> None:
    """Put a proposal aside, also one's own; what is held stays held until its time is over.

    takes    the claim's id, why, the member of staff, the purpose
    gives    nothing
    refuses  not_found, claim_not_open, claim_not_proposed, purpose_not_real
    """
    disputed.decline(claim, reason, actor, purpose)


def proposals() -> list[Proposal]:
    """What one member of staff has proposed and another decides: claims, parked payments, lines of
    statements, daily closes.

    gives    Proposal values, the oldest first, at most a hundred of each kind
    """
    return proposal_reads.proposals()


def claims_about(operations: Iterable[UUID]) -> dict[UUID, ClaimView]:
    """Claims to payments.

    takes    ids of operations
    gives    ClaimView by operation; operations without a claim are left out
    """
    return disputed_reads.claims_about(operations)
