"""Calls that customers book: the slot is theirs, it is written down before it is dialled, tries keep their place."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Count

from guitai.audit import api as audit
from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.care.case_policy import callback_policy
from guitai.care.errors import CallbackBooked, CallbackMoved, CallbackTooEarly, NotFound, NotOpen, SlotTaken
from guitai.care.flows import promise
from guitai.care.flows.journal import access_case, append, staff_id
from guitai.care.flows.reply import require_holder
from guitai.care.models import Callback, Case
from guitai.care.notices import tell_call_booked, tell_call_missed
from guitai.care.rules import slots as rules
from guitai.care.rules.states import OPEN
from guitai.care.types import Slot
from guitai.kit.calendars import calendar
from guitai.kit.operator import operator
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost, required
from guitai.people import api as people

OPEN_CALLS = ("booked", "calling")
# A caller may be this early: the customer was told a quarter of an hour, not a minute.
_EARLY = timedelta(minutes=5)


def free_slots() -> list[Slot]:
    """Slots in which somebody can still call, in order."""
    policy = callback_policy()
    hours = calendar(policy.calendar)
    if hours is None or not official_number():
        return []
    start = now() + timedelta(minutes=policy.lead_minutes)
    length = timedelta(minutes=policy.slot_minutes)
    all_slots = rules.slots(hours, start, start + timedelta(days=policy.days_ahead), length)
    taken = _taken([begins for begins, _ in all_slots])
    return [Slot(begins, ends) for begins, ends in all_slots if taken[begins] < policy.capacity]


def official_number() -> str:
    """The number that calls come from: a hotline of ours that stands in the signed directory."""
    published = [region.hotline for region in operator().regions if region.hotline and region.hours]
    wanted = callback_policy().number
    return wanted if wanted in published else next(iter(published), "")


def book(reference: str, customer: Actor, starts_at: datetime) -> None:
    """See `care.api.book_callback`."""
    with outermost():
        case = access_case(reference, customer)
        if case.state not in OPEN:
            raise NotOpen(state=case.state)
        if _open_call(case) is not None:
            raise CallbackBooked(case=case.reference)
        ends_at = _take_slot(starts_at)
        call = Callback.objects.create(
            case=case, customer=case.customer, starts_at=starts_at, ends_at=ends_at, place_at=starts_at
        )
        _note(case, call, customer, "booked")
        _promise(case, call)
        audit.record(customer, "care.callback_booked", ("case", str(case.id)))


def move(reference: str, customer: Actor, starts_at: datetime) -> None:
    """See `care.api.move_callback`."""
    with outermost():
        case, call = _mine(reference, customer)
        if call.starts_at == starts_at:
            return
        call.ends_at = _take_slot(starts_at)
        call.starts_at = call.place_at = starts_at
        call.save()
        _note(case, call, customer, "moved")
        _promise(case, call)
        audit.record(customer, "care.callback_moved", ("case", str(case.id)))


def cancel(reference: str, customer: Actor) -> None:
    """See `care.api.cancel_callback`."""
    with outermost():
        case, call = _mine(reference, customer)
        _cancel(case, call, customer)
        case.save()
        audit.record(customer, "care.callback_cancelled", ("case", str(case.id)))


def drop_open(case: Case) -> None:
    """The case ends: nobody calls about it any more; its flow saves it."""
    required()
    call = _open_call(case)
    if call is not None:
        _cancel(case, call, SYSTEM)


def begin(call_id: UUID, staff: Actor) -> None:
    """See `care.api.begin_call`: written down before it is dialled, so that the customer can check it."""
    with outermost():
        case, call = _at_desk(call_id, staff)
        if call.state != "booked":
            raise CallbackMoved()
        if call.starts_at - _EARLY > now():
            raise CallbackTooEarly(starts_at=call.starts_at.isoformat())
        call.state, call.staff, call.calling_since = "calling", staff_id(staff), now()
        call.save()
        promise.keep("callback", call.id)
        _note(case, call, staff, "calling", badge=people.badge_of(staff_id(staff)), number=official_number())
        _record(staff, case, "care.call_begun", "case.call")
        emit(
            "care.call_begun",
            {"case": str(case.id), "customer": str(case.customer), "callback": str(call.id)},
        )


def end(call_id: UUID, staff: Actor, *, reached: bool) -> None:
    """See `care.api.end_call`."""
    with outermost():
        case, call = _at_desk(call_id, staff)
        if call.state != "calling" or call.staff != staff_id(staff):
            raise CallbackMoved()
        call.tries += 1
        if reached:
            call.state, call.ended_at = "reached", now()
        elif call.tries >= callback_policy().tries:
            call.state, call.ended_at = "missed", now()
        else:
            call.state, call.staff, call.calling_since = "booked", None, None
            _next_try(call)
        call.save()
        _note(case, call, staff, "reached" if reached else "not_reached")
        if not reached:
            tell_call_missed(
                case.customer,
                case.reference,
                call.starts_at if call.state == "booked" else None,
                key=f"care.call_missed:{call.id}:{call.tries}",
            )
            if call.state == "booked":
                _promise(case, call)
        _record(staff, case, "care.call_ended", "case.reached" if reached else "case.not_reached")


def _at_desk(call_id: UUID, staff: Actor) -> tuple[Case, Callback]:
    staff_id(staff)
    known = Callback.objects.filter(id=call_id).select_related("case").first()
    if known is None:
        raise NotFound()
    # The case before what hangs on it, as every other flow locks them.
    case = access_case(known.case.reference, staff)
    require_holder(case, staff)
    return case, Callback.objects.select_for_update().get(id=call_id)


def _mine(reference: str, customer: Actor) -> tuple[Case, Callback]:
    case = access_case(reference, customer)
    call = _open_call(case)
    if call is None or call.state != "booked":
        raise CallbackMoved()
    return case, call


def _open_call(case: Case) -> Callback | None:
    return Callback.objects.select_for_update().filter(case=case, state__in=OPEN_CALLS).first()


def _take_slot(starts_at: datetime) -> datetime:
    """The end of a slot that is free now; two who want the last one wait for each other."""
    policy = callback_policy()
    length = timedelta(minutes=policy.slot_minutes)
    hours = calendar(policy.calendar)
    soonest = now() + timedelta(minutes=policy.lead_minutes)
    latest = soonest + timedelta(days=policy.days_ahead)
    if hours is None or not soonest <= starts_at <= latest or not rules.is_slot(hours, starts_at, length):
        raise SlotTaken()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"care.slot:{starts_at.isoformat()}"]
        )
    if _taken([starts_at])[starts_at] >= policy.capacity:
        raise SlotTaken()
    return starts_at + length


def _next_try(call: Callback) -> None:
    """The next free slot; whoever kept their word and was not reached does not go to the end."""
    slot = next(iter(free_slots()), None)
    if slot is not None:
        call.starts_at, call.ends_at = slot.starts_at, slot.ends_at


def _taken(starts: Sequence[datetime]) -> Counter[datetime]:
    rows = Callback.objects.filter(state__in=OPEN_CALLS, starts_at__in=starts).values("starts_at")
    return Counter({row["starts_at"]: row["calls"] for row in rows.annotate(calls=Count("id"))})


def _promise(case: Case, call: Callback) -> None:
    promise.promise(
        case.customer, "call_back", call.ends_at, told_by="page", subject=("callback", call.id), case=case
    )
    tell_call_booked(
        case.customer, case.reference, call.starts_at, key=f"care.call:{call.id}:{call.starts_at.isoformat()}"
    )


def _cancel(case: Case, call: Callback, actor: Actor) -> None:
    call.state, call.ended_at = "cancelled", now()
    call.save()
    promise.void("callback", call.id)
    _note(case, call, actor, "cancelled", save=False)


def _note(
    case: Case,
    call: Callback,
    actor: Actor,
    what: str,
    *,
    badge: str = "",
    number: str = "",
    save: bool = True,
) -> None:
    facts = {
        "what": what,
        "starts_at": call.starts_at.isoformat(),
        "ends_at": call.ends_at.isoformat(),
        "tries": call.tries,
        **({"badge": badge, "number": number} if badge else {}),
    }
    append(case, "call", actor, facts)
    if save:
        case.save(update_fields=["event_count", "last_activity_at"])


def _record(staff: Actor, case: Case, action: str, reason: str) -> None:
    audit.record(staff, action, ("case", str(case.id)), purpose=Purpose("case", str(case.id), reason))
