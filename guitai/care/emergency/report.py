"""Report a stolen wallet: freeze first, then one urgent case, then every bill that was not the customer's."""

from collections.abc import Sequence
from uuid import UUID

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.reference import spoken
from guitai.care.emergency.stop import stop
from guitai.care.flows.journal import access_case, append
from guitai.care.flows.open_case import report as open_case
from guitai.care.models import Case, Emergency, EmergencyBill
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet

BILLS_MAX = 40


def report(customer: UUID, references: Sequence[str], words: str, language: str) -> Emergency:
    """See `care.emergency_doors.report_stolen`."""
    # Each step by itself: a bill that cannot be stopped must not undo the freeze.
    actor = Actor("customer", str(customer))
    chosen = [
        wallet.operation(customer, reference).view for reference in dict.fromkeys(references[:BILLS_MAX])
    ]
    if not any(cause.reason == "by_customer" for cause in people.standing(customer).causes):
        people.freeze_self(customer, proof="session")
    with outermost():
        people.end_sessions(customer)
        emergency = _opened(customer, words, language, [spoken(view.reference) for view in chosen])
    for view in chosen:
        outcome = stop(customer, view.reference, emergency.case_id)
        with outermost():
            _, fresh = EmergencyBill.objects.update_or_create(
                emergency=emergency,
                operation=view.id,
                defaults={"reference": view.reference, "outcome": outcome},
            )
            case = access_case(emergency.case.reference, actor)
            if fresh:
                facts = {"action": "emergency_stop", "reference": view.reference, "outcome": outcome}
                append(case, "action", actor, facts, internal=True)
                case.save()
            audit.record(
                actor, "emergency.bill_stopped", ("operation", str(view.id)), details={"outcome": outcome}
            )
    return emergency


def _opened(customer: UUID, words: str, language: str, bills: list[str]) -> Emergency:
    reference = open_case(
        customer, "stolen_account", "stolen_wallet", {"bills": bills or None}, language, words
    )
    case = Case.objects.get(reference=reference)
    emergency, _ = Emergency.objects.get_or_create(case=case, defaults={"customer": customer})
    details = {"case": reference, "bills": len(bills)}
    audit.record(
        Actor("customer", str(customer)), "emergency.reported", ("case", str(case.id)), details=details
    )
    return emergency
