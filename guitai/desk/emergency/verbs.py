"""What staff may do about a stolen wallet: each runs the real verb, for the case, and stands in its timeline."""

from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.care.types import CaseView, StaffBill
from guitai.desk.errors import NotFound
from guitai.desk.flows.deciders import require_decides
from guitai.desk.flows.look_closer import clean_reason
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.types import Verdict

VERDICTS: dict[str, Verdict] = {"return": "return", "release": "release"}


def freeze(reference: str, staff: Actor, reason: str) -> None:
    """Stop what leaves and end every session; refuses not_found, desk_reason_missing."""
    case, purpose = _for_case(reference, staff, reason)
    with outermost():
        people.freeze(case.row.customer, staff, "by_staff", purpose=purpose)
        _note(case, staff, "freeze", purpose)


def sign_out(reference: str, staff: Actor, reason: str) -> None:
    """End every session; refuses not_found, desk_reason_missing."""
    case, purpose = _for_case(reference, staff, reason)
    with outermost():
        people.end_sessions(case.row.customer)
        audit.record(staff, "emergency.signed_out", ("person", str(case.row.customer)), purpose=purpose)
        _note(case, staff, "end_sessions", purpose)


def stop(reference: str, operation: str, staff: Actor, reason: str) -> None:
    """Give back what is held, or take back a withdrawal that has not left.

    refuses  not_found, desk_reason_missing, desk_supervisor_needed for a hold, hold_not_open
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _bill(case, operation, staff)
    if bill.view.state == "held":
        require_decides(staff)
        # The till has a transaction of its own: what a crash leaves unsaid here stands in the operation's own record.
        wallet.decline_hold(operation, actor=staff, purpose=purpose)
        with outermost():
            _note(case, staff, "bill_stopped", purpose, operation=bill.view.reference)
        return
    with outermost():
        # Every withdrawal that has not left: an open one of a stolen wallet is nobody's wish.
        wallet.stop_withdrawals(case.row.customer, ("withdrawal",))
        audit.record(
            staff, "emergency.withdrawals_stopped", ("person", str(case.row.customer)), purpose=purpose
        )
        _note(case, staff, "bill_stopped", purpose, operation=bill.view.reference)


def hold(reference: str, operation: str, staff: Actor, reason: str, *, limited: bool) -> None:
    """Hold what is unspent at the receiving wallet.

    refuses  not_found, desk_reason_missing, claim_not_possible, claim_made_before, claim_nothing_unspent
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _bill(case, operation, staff)
    with outermost():
        wallet.hold_claim(
            bill.view.reference, actor=staff, purpose=purpose, case=case.row.id,
            disclosure="limited" if limited else "open",
        )  # fmt: skip
        _note(case, staff, "claim_hold", purpose, operation=bill.view.reference)


def propose(reference: str, claim: UUID, verdict: Verdict, staff: Actor, reason: str) -> None:
    """The first of two people says what should become of a held payment.

    refuses  not_found, desk_reason_missing, claim_not_open
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _of_claim(case, claim, staff)
    with outermost():
        wallet.propose_claim(claim, verdict, purpose.reason, actor=staff, purpose=purpose)
        _note(case, staff, f"claim_{verdict}", purpose, step="asked", operation=bill.view.reference)


def approve(reference: str, claim: UUID, verdict: Verdict, staff: Actor, reason: str) -> None:
    """The second person carries out exactly that; why may stay unsaid.

    refuses  not_found, desk_supervisor_needed, claim_not_open, claim_not_proposed, claim_own_proposal,
             claim_owner_stopped
    """
    case, purpose = _for_case(reference, staff, reason.strip() or "claim.approved")
    require_decides(staff)
    bill = _of_claim(case, claim, staff)
    with outermost():
        wallet.approve_claim(claim, verdict, actor=staff, purpose=purpose)
        _note(case, staff, f"claim_{verdict}", purpose, step="approved", operation=bill.view.reference)


def decline(reference: str, claim: UUID, verdict: Verdict, staff: Actor, reason: str) -> None:
    """Put a proposal aside, also one's own; what is held stays held.

    refuses  not_found, desk_supervisor_needed, desk_reason_missing, claim_not_open, claim_not_proposed
    """
    case, purpose = _for_case(reference, staff, reason)
    bill = _of_claim(case, claim, staff)
    if bill.claim is None or bill.claim.proposed_by != str(staff):
        require_decides(staff)
    with outermost():
        wallet.decline_claim(claim, purpose.reason, actor=staff, purpose=purpose)
        _note(case, staff, f"claim_{verdict}", purpose, step="declined", operation=bill.view.reference)


def _for_case(reference: str, staff: Actor, reason: str) -> tuple[CaseView, Purpose]:
    reason = clean_reason(reason)
    case = care.case_for_staff(reference, staff, reason, latest=0)
    return case, Purpose("case", str(case.row.id), reason)


def _bill(case: CaseView, operation: str, staff: Actor) -> StaffBill:
    """One of the customer's own movements: a case opens no other wallet."""
    for bill in care.emergency_bills(case.row.reference, staff):
        if bill.view.reference == operation:
            return bill
    raise NotFound()


def _of_claim(case: CaseView, claim: UUID, staff: Actor) -> StaffBill:
    for bill in care.emergency_bills(case.row.reference, staff):
        if bill.claim and bill.claim.id == claim:
            return bill
    raise NotFound()


def _note(
    case: CaseView, staff: Actor, action: str, purpose: Purpose, *, step: str = "done", operation: str = ""
) -> None:
    """For staff: what is left at a receiving wallet, and that it is held, is told only once it is decided."""
    facts = {"reason": purpose.reason, **({"reference": operation} if operation else {})}
    care.note_action(case.row.reference, staff, action, step, facts, internal=True)
