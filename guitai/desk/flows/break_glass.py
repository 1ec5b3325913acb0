"""A look without a case: one customer, a quarter of an hour, a reason, and somebody else who looks at it afterwards."""

from datetime import timedelta
from uuid import UUID

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.reference import parse_reference, reference_kind
from guitai.base.refusal import NotFound, Refusal
from guitai.care import api as care
from guitai.desk import errors
from guitai.desk.flows.deciders import require_decides
from guitai.desk.flows.look_closer import clean_reason
from guitai.desk.models import BreakGlass
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people import api as people
from guitai.people.types import Profile
from guitai.wallet import api as wallet

_LASTS = timedelta(minutes=15)


def break_glass(staff: Actor, whose: str, reason: str) -> UUID:
    """See `desk.api.break_glass`."""
    require_decides(staff)
    reason = clean_reason(reason)
    customer = _find(whose)
    with outermost():
        row = BreakGlass.objects.create(
            staff=UUID(staff.id), customer=customer, reason=reason, opened_at=now(), expires_at=now() + _LASTS
        )
        purpose = Purpose("break_glass", str(row.id), reason)
        audit.record(staff, "desk.glass_broken", ("person", str(customer)), purpose=purpose)
        notify.send(customer, "care.break_glass", {}, key=f"glass:{row.id}")
    return row.id


def look(staff: Actor, glass: UUID) -> tuple[BreakGlass, Profile]:
    """The customer in full, while it lasts; each look is recorded and the customer sees it."""
    row = BreakGlass.objects.filter(id=glass, staff=UUID(staff.id)).first()
    if row is None:
        raise NotFound()
    if row.expires_at <= now():
        raise errors.BreakGlassOver()
    return row, people.profile(
        row.customer, purpose=Purpose("break_glass", str(row.id), row.reason), reader=staff
    )


def review(staff: Actor, glass: UUID, *, right: bool, words: str) -> None:
    """See `desk.api.review_glass`."""
    require_decides(staff)
    words = clean_reason(words)
    with outermost():
        row = BreakGlass.objects.select_for_update().filter(id=glass).first()
        if row is None or row.reviewed_by is not None:
            raise NotFound()
        if row.staff == UUID(staff.id):
            raise errors.BreakGlassOwn()
        row.reviewed_by, row.reviewed_at, row.review_words = UUID(staff.id), now(), words
        row.verdict = "right" if right else "wrong"
        row.save()
        purpose = Purpose("break_glass", str(row.id), words)
        audit.record(
            staff, "desk.glass_reviewed", ("person", str(row.customer)), purpose=purpose,
            details={"verdict": row.verdict, "of": str(row.staff)},
        )  # fmt: skip


def is_purpose(actor: Actor, purpose: Purpose) -> bool:
    """Whether a look is still open for whoever opened it; others come to it only to review it."""
    row = BreakGlass.objects.filter(id=purpose.id).first()
    if row is None:
        return False
    return row.expires_at > now() if str(row.staff) == actor.id else True


def refuse_read(staff: Actor, what: str) -> None:
    """A read without a case is refused, and the try is recorded; always raises read_without_case."""
    with outermost():
        # The one act of staff without a purpose: that there is none is what is recorded.
        audit.record(SYSTEM, "desk.read_refused", ("staff", staff.id), details={"what": what[:40]})
    raise errors.ReadWithoutCase()


def _find(whose: str) -> UUID:
    reference = parse_reference(whose)
    if reference is not None:
        if reference_kind(reference) == "case":
            found = care.customer_of_case(reference)
        else:
            operation = wallet.find_operation(reference)
            found = operation[1] if operation else None
        if found is not None:
            return found
        raise errors.CustomerUnknown()
    try:
        phone = people.normal_phone(whose)
    except Refusal as refusal:
        raise errors.CustomerUnknown() from refusal
    known = people.find_by_phone([phone]).get(phone)
    if known is None:
        raise errors.CustomerUnknown()
    return known
