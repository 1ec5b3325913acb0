"""What staff may do about a stolen wallet: each runs the real verb, for the case, and stands in its timeline."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.care.types import CaseView, StaffBill
from guitai.desk.errors import NotFound, SupervisorNeeded
from guitai.desk.flows.look_closer import clean_reason
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.types import Verdict

_DECIDES = "holds.decide"
VERDICTS: dict[str, Verdict] = {"return": "return", "release": "release"}


def freeze(reference: str, staff: Actor, reason: str) -> None:
    """Stop what leaves and end every session; refuses not_found, desk_reason_missing."""
    case, purpose = _for_case(reference, staff, reason)
    people.freeze(case.row.customer, staff, "by_staff", purpose=purpose)
    _note(case, staff, f"freeze: {purpose.reason}")


def sign_out(reference: str, staff: Actor, reason: str) -> None:
    """End every session; refuses not_found, desk_reason_missing."""
    case, purpose = _for_case(reference, staff, reason)
    with outermost():
        people.end_sessions(case.row.customer)
        audit.record(staff, "emergency.signed_out", ("person", str(case.row.customer)), purpose=purpose)
    _note(case, staff, f"sessions ended: {purpose.reason}")


def stop(reference: str, operation: str, staff: Actor, reason: str) -> None:
    """Give back what is held, or take back a withdrawal that has not left.

    refuses  not_found, desk_reason_missing, desk_supervisor_needed for a hold, hold_not_open
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _bill(case, operation, staff)
    if bill.view.state == "held":
        _check_decides(staff)
        wallet.decline_hold(operation, actor=staff, purpose=purpose)
    else:
        with outermost():
            # Every withdrawal that has not left: an open one of a stolen wallet is nobody's wish.
            wallet.stop_withdrawals(case.row.customer, ("withdrawal",))
            audit.record(
                staff, "emergency.withdrawals_stopped", ("person", str(case.row.customer)), purpose=purpose
            )
    _note(case, staff, f"stopped {bill.view.reference}: {purpose.reason}")


def hold(reference: str, operation: str, staff: Actor, reason: str, *, limited: bool) -> None:
    """Hold what is unspent at the receiving wallet.

    refuses  not_found, desk_reason_missing, claim_not_possible, claim_made_before, claim_nothing_unspent
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _bill(case, operation, staff)
    wallet.hold_claim(
        bill.view.reference,
        actor=staff,
        purpose=purpose,
        case=case.row.id,
        disclosure="limited" if limited else "open",
    )
    _note(case, staff, f"held {bill.view.reference}: {purpose.reason}")


def propose(reference: str, claim: UUID, verdict: Verdict, staff: Actor, reason: str) -> None:
    """The first of two people says what should become of a held payment.

    refuses  not_found, desk_reason_missing, claim_not_open
    """
    case, purpose = _for_case(reference, staff, reason)
    _check_own(case, claim, staff)
    wallet.propose_claim(claim, verdict, purpose.reason, actor=staff, purpose=purpose)
    _note(case, staff, f"proposed {verdict}: {purpose.reason}")


def approve(reference: str, claim: UUID, verdict: Verdict, staff: Actor) -> None:
    """The second person carries out exactly that.

    refuses  not_found, desk_supervisor_needed, claim_not_open, claim_not_proposed, claim_own_proposal,
             claim_owner_stopped
    """
    case, purpose = _for_case(reference, staff, "approved a claim")
    _check_decides(staff)
    _check_own(case, claim, staff)
    wallet.approve_claim(claim, verdict, actor=staff, purpose=purpose)
    _note(case, staff, f"approved {verdict}")


def _for_case(reference: str, staff: Actor, reason: str) -> tuple[CaseView, Purpose]:
    reason = clean_reason(reason)
    case = care.case_for_staff(reference, staff, reason)
    return case, Purpose("case", str(case.row.id), reason)


def _bill(case: CaseView, operation: str, staff: Actor) -> StaffBill:
    """One of the customer's own movements: a case opens no other wallet."""
    for bill in care.emergency_bills(case.row.reference, staff):
        if bill.view.reference == operation:
            return bill
    raise NotFound()


def _check_own(case: CaseView, claim: UUID, staff: Actor) -> None:
    bills = care.emergency_bills(case.row.reference, staff)
    if not any(bill.claim and bill.claim.id == claim for bill in bills):
        raise NotFound()


def _check_decides(staff: Actor) -> None:
    if _DECIDES not in people.staff_member(UUID(staff.id)).permissions:
        raise SupervisorNeeded()


def _note(case: CaseView, staff: Actor, words: str) -> None:
    care.note(case.row.reference, staff, words)
