"""What the emergency screen shows, joined from the doors below; each look is for the case and recorded."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.care.types import CaseView, StaffBill
from guitai.kit import personal
from guitai.people import api as people
from guitai.people.types import BoundAccount, MaskedProfile, StaffMember, StaffStanding

_SIGN_INS, _EVENTS = 8, 12


@dataclass(frozen=True, slots=True)
class Screen:
    """A stolen wallet on one screen."""

    case: CaseView
    customer: MaskedProfile
    standing: StaffStanding
    frozen: bool
    sign_ins: Sequence[Mapping[str, Any]]
    devices: Sequence[Mapping[str, Any]]
    accounts: Sequence[BoundAccount]
    bills: Sequence[StaffBill]
    reported: bool
    names: Mapping[str, str]
    member: StaffMember


def screen(reference: str, staff: Actor) -> Screen:
    """See `desk.emergency.views.emergency`; refuses not_found."""
    case = care.case_for_staff(reference, staff, "case.emergency", latest=_EVENTS)
    customer = case.row.customer
    purpose = Purpose("case", str(case.row.id), "case.emergency")
    standing = people.standing_for_staff(customer, purpose=purpose, reader=staff)
    bills = care.emergency_bills(case.row.reference, staff)
    proposers = {
        bill.claim.proposed_by.partition(":")[2] for bill in bills if bill.claim and bill.claim.proposed_by
    }
    actors = {event.actor_id for event in case.events if event.actor_kind == "staff"} | proposers
    known = people.masked({customer, *(UUID(actor) for actor in actors)})
    own = {section.name: section.records for section in personal.export(customer).get("people", ())}
    return Screen(
        case=case,
        customer=known.get(customer) or MaskedProfile(customer, "–", ""),
        standing=standing,
        frozen=standing.standing.stops("spending") and standing.standing.stops("withdrawal"),
        sign_ins=list(own.get("sign_ins", ()))[:_SIGN_INS],
        devices=list(own.get("devices", ())),
        accounts=people.bindings(customer),
        bills=bills,
        reported=care.emergency_of_case(case.row.id),
        names={str(person): found.name for person, found in known.items()},
        member=people.staff_member(UUID(staff.id)),
    )
