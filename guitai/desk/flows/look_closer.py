"""See a customer in full, for a case, with a reason that is recorded and that the customer may see."""

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.desk.errors import ReasonMissing
from guitai.people import api as people
from guitai.people.types import Profile

REASON_MAX = 200


def clean_reason(text: str) -> str:
    """A reason in one printable line; refuses desk_reason_missing."""
    reason = " ".join("".join(c if c.isprintable() else " " for c in text).split())[:REASON_MAX]
    if not reason:
        raise ReasonMissing()
    # A reason is kept for ever and read by others: nothing secret passes through it either.
    return care.without_secrets(reason)


def look_closer(reference: str, staff: Actor, reason: str) -> Profile:
    """See `desk.api.look_closer`."""
    reason = clean_reason(reason)
    case = care.case_for_staff(reference, staff, reason, latest=0)
    purpose = Purpose("case", str(case.row.id), reason)
    return people.profile(case.row.customer, purpose=purpose, reader=staff)
