"""The part of care's door for a stolen wallet."""

from collections.abc import Sequence
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import reads as case_reads
from guitai.care.emergency import packs, reads, report, tasks
from guitai.care.emergency.packs import GivenPack
from guitai.care.emergency.packs import evidence_keys as _evidence_keys
from guitai.care.emergency.types import EmergencyView, StaffBill
from guitai.care.emergency.words import staff_outcome_words as _outcome_words
from guitai.kit.transactions import outermost
from guitai.wallet.types import OperationView


def report_stolen(customer: UUID, references: Sequence[str], words: str, language: str) -> EmergencyView:
    """Somebody else is in the wallet: freeze it, end every session, open one urgent case, stop what can be stopped.

    takes    whose, the references of operations that were not theirs (at most 40 are looked at), what happened in
             the customer's words if there are any, the language to answer in
    gives    EmergencyView; reported again it is the same emergency, with the bills added
    refuses  not_found for an operation of others (before anything is done), case_words_too_long
    source   Regulation (EU) 2015/2366, articles 71 and 73; China's 2016 rules on telecom fraud
    """
    return reads.view_of(report.report(customer, references, words, language))


def recent_bills(customer: UUID) -> list[OperationView]:
    """What has left a wallet, or was to leave it, within the last thirty days, newest first."""
    return reads.recent_bills(customer)


def open_emergency(customer: UUID) -> str | None:
    """The case of a customer's emergency that is not over yet, or None."""
    return reads.open_of(customer)


def emergency(customer: UUID, reference: str) -> EmergencyView:
    """One's own emergency, by the reference of its case; refuses not_found."""
    return reads.view_of(reads.find(reference, customer))


def tick_emergency(customer: UUID, reference: str, task: str, *, done: bool) -> None:
    """Tick something off that remains, or take the tick back.

    takes    whose, the case's reference, password | pin | devices | email | passkeys | bank | police, done or not
    gives    nothing
    refuses  not_found, emergency_task_unknown
    """
    tasks.tick(customer, reference, task, done=done)


def note_police_receipt(customer: UUID, reference: str, station: str, number: str) -> None:
    """Write down where it was reported to the police.

    takes    whose, the case's reference, the station, the number on the receipt
    gives    nothing; sealed, and part of every pack from now on
    refuses  not_found, police_receipt_missing
    """
    tasks.note_police(customer, reference, station, number)


def own_pack(customer: UUID, reference: str, language: str) -> GivenPack:
    """One's own evidence pack: what the books and the case say, without what is only for staff.

    takes    whose, the case's reference, the language of the report
    gives    GivenPack; that it was given out is recorded
    refuses  not_found
    """
    case = reads.find(reference, customer).case_id
    return packs.give(case, Actor("customer", str(customer)), "", language)


def police_pack(reference: str, staff: Actor, reason: str, language: str) -> GivenPack:
    """The pack for the police, with everything that is recorded of a case.

    takes    the case's reference, the member of staff, who it is for, the language of the report
    gives    GivenPack; audited, in the case's timeline and in the custody log of every later pack
    refuses  not_found, pack_reason_missing
    """
    return packs.give(case_reads.find(reference).id, staff, reason, language)


def evidence_keys() -> dict[str, object]:
    """The public keys by which a pack is checked offline."""
    return _evidence_keys()


def emergency_bills(reference: str, staff: Actor) -> list[StaffBill]:
    """What left within thirty days, what was reported of it, and what can still be done; the look is recorded.

    takes    the case's reference, the member of staff
    gives    StaffBill values, what was reported first
    refuses  not_found
    """
    case = case_reads.find(reference)
    with outermost():
        purpose = Purpose("case", str(case.id), "case.emergency")
        audit.record(staff, "emergency.bills_read", ("person", str(case.customer)), purpose=purpose)
    return reads.staff_bills(case)


def emergency_of_case(case: UUID) -> bool:
    """Whether the customer has reported a stolen wallet in this case."""
    return reads.is_emergency(case)


def staff_outcome_words(code: str) -> str:
    """What could be done about a bill when it was reported, as staff read it.

    takes    the outcome's code
    gives    words in the active language
    """
    return _outcome_words(code)
