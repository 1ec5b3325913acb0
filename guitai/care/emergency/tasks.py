"""What remains for the customer: ticked off one by one, and the police receipt."""

from uuid import UUID

import msgspec

from guitai.audit import api as audit
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.care.emergency.errors import PoliceReceiptMissing, TaskUnknown
from guitai.care.emergency.reads import find
from guitai.care.emergency.types import TASKS
from guitai.care.flows.journal import access_case, append
from guitai.care.models.emergency import POLICE, Emergency
from guitai.kit.crypto import seal
from guitai.kit.transactions import outermost

_TEXT_MAX = 80


def tick(customer: UUID, reference: str, task: str, *, done: bool) -> None:
    """See `care.emergency_doors.tick_emergency`."""
    if task not in TASKS:
        raise TaskUnknown()
    with outermost():
        emergency = _locked(customer, reference)
        kept = {name: at for name, at in emergency.done.items() if name != task}
        if done:
            kept[task] = emergency.done.get(task) or now().isoformat()
        emergency.done = kept
        emergency.save(update_fields=["done"])
        _record(emergency, "emergency.ticked", {"task": task, "done": done})


def note_police(customer: UUID, reference: str, station: str, number: str) -> None:
    """See `care.emergency_doors.note_police_receipt`."""
    station, number = (" ".join(text.split())[:_TEXT_MAX] for text in (station, number))
    if not station or not number:
        raise PoliceReceiptMissing()
    with outermost():
        emergency = _locked(customer, reference)
        plain = msgspec.json.encode({"station": station, "number": number}).decode()
        emergency.police_sealed = seal(plain, purpose=POLICE, row=emergency.id)
        emergency.police_at = now()
        emergency.done = {**emergency.done, "police": now().isoformat()}
        emergency.save(update_fields=["police_sealed", "police_at", "done"])
        actor = Actor("customer", str(customer))
        case = access_case(emergency.case.reference, actor)
        append(case, "action", actor, {"action": "police_receipt"})
        case.save()
        _record(emergency, "emergency.police_receipt", {})


def _locked(customer: UUID, reference: str) -> Emergency:
    return Emergency.objects.select_for_update().get(id=find(reference, customer).id)


def _record(emergency: Emergency, done: str, details: dict[str, str | bool]) -> None:
    actor = Actor("customer", str(emergency.customer))
    audit.record(actor, done, ("case", str(emergency.case_id)), details=details)
