"""Another phone number: at once with the old one, after a wait and loud notices without it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.ids import new_id
from guitai.base.refusal import NotFound
from guitai.kit import crypto
from guitai.kit.operator import operator
from guitai.kit.topics import emit
from guitai.kit.transactions import outermost
from guitai.notify import api as notify
from guitai.people.errors import CodeWrong, NumberChangeOver, NumberUnchanged, ProofMissing
from guitai.people.flows.address_code import check_address_code, send_address_code
from guitai.people.flows.check_may_act import check_may_choose
from guitai.people.flows.end_sessions import end_sessions
from guitai.people.flows.proofs import check_proof, means_of
from guitai.people.links import link
from guitai.people.models import PhoneChange, User
from guitai.people.policies import sign_in_policy
from guitai.people.reads import find_by_phone, normal_phone, phone_index, standing
from guitai.people.rules.phone import masked_phone
from guitai.people.rules.sign_in import Way, phone_proofs

PHONE_CHANGE = "people.phone_change"
_State = PhoneChange.State
_OPEN = (_State.ASKED, _State.WAITING)
_ASKED_FOR = timedelta(minutes=30)
_HOLDS_UP = frozenset({"frozen", "locked", "closed"})


@dataclass(frozen=True, slots=True)
class NumberChange:
    """A change of number that is under way."""

    id: UUID
    phone: str
    with_old: bool
    waiting: bool
    due_at: datetime | None


def open_change(person: UUID) -> NumberChange | None:
    """The change that is under way, if one is."""
    row = PhoneChange.objects.filter(person_id=person, state__in=_OPEN).first()
    if row is None or (row.state == _State.ASKED and row.asked_at < now() - _ASKED_FOR):
        return None
    return NumberChange(row.id, _phone(row), row.with_old, row.state == _State.WAITING, row.due_at)


def begin_change(person: UUID, phone: str, *, with_old: bool) -> UUID | None:
    """Send a code to the new number, and one to the old number when it is still at hand.

    takes    whose (proved a moment ago), the new number as typed, whether the old one can be used
    gives    the id of the code to the old number
    refuses  phone_invalid, number_unchanged, frozen, proof_missing, too_many_attempts
    """
    user, number = User.objects.get(id=person, kind=User.Kind.CUSTOMER), normal_phone(phone)
    if number == user.phone:
        raise NumberUnchanged()
    check_may_choose(person)
    if not with_old and not phone_proofs(means_of(user)):
        raise ProofMissing()
    taken = "people.number_wanted" if find_by_phone([number]) else ""
    code = send_address_code("number_new", user, "sms", number, taken=taken)
    row = PhoneChange(id=new_id(), person=user, with_old=with_old, asked_at=now(), code=code)
    row.phone_sealed = crypto.seal(number, purpose=PHONE_CHANGE, row=row.id)
    with outermost():
        PhoneChange.objects.filter(person=user, state__in=_OPEN).update(
            state=_State.CANCELLED, ended_at=now(), ended_by="replaced"
        )
        row.save(force_insert=True)
    return send_address_code("number_old", user, "sms", user.phone) if with_old else None


def confirm_with_old(person: UUID, *, new_code: str, old_code: str, sent: UUID | None) -> None:
    """Both codes, and the number changes at once; refuses code_wrong, number_change_over, frozen."""
    row = _asked(person, with_old=True)
    check_may_choose(person)
    check_address_code("number_old", person, old_code, sent)
    check_address_code("number_new", person, new_code, row.code)
    _apply(row.id, actor=Actor("customer", str(person)))


def confirm_without_old(
    person: UUID, *, new_code: str, way: Way, given: str, sent: UUID | None = None, challenge: bytes = b""
) -> datetime:
    """The new number's code and a second proof: the change waits, and every contact is told.

    gives    when the number will change
    refuses  what the proof refuses, proof_missing, code_wrong, number_change_over, frozen
    """
    row, user = _asked(person, with_old=False), User.objects.get(id=person)
    check_may_choose(person)
    if way not in phone_proofs(means_of(user)):
        raise ProofMissing()
    check_proof(user, way, given, sent=sent, challenge=challenge)
    check_address_code("number_new", person, new_code, row.code)
    due = now() + timedelta(hours=sign_in_policy().number_change_wait_hours)
    with outermost():
        if not PhoneChange.objects.filter(id=row.id, state=_State.ASKED).update(
            state=_State.WAITING, due_at=due
        ):
            raise NumberChangeOver()
        _record(person, "person.number_change_asked", {"proof": way, "due": due.isoformat()})
        facts = {"due": due.isoformat(), "link": link("number_cancel", row.id)}
        notify.send(person, "people.number_change_waiting", facts, key=f"number-waiting:{row.id}")
    return due


def cancel_change(change: UUID, *, by: str) -> UUID:
    """Stop a change that waits; done already or stopped before: refuses number_change_over. Gives the person."""
    with outermost():
        row = PhoneChange.objects.select_for_update().filter(id=change).first()
        if row is None:
            raise NotFound()
        if row.state not in _OPEN:
            raise NumberChangeOver()
        row.state, row.ended_at, row.ended_by = _State.CANCELLED, now(), by
        row.save(update_fields=["state", "ended_at", "ended_by"])
        _record(row.person_id, "person.number_change_cancelled", {"by": by})
        facts = {"at": now().isoformat()}
        notify.send(row.person_id, "people.number_change_cancelled", facts, key=f"number-cancelled:{row.id}")
    return row.person_id


def change_state(change: UUID) -> str | None:
    """asked, waiting, done, cancelled; None for none."""
    return PhoneChange.objects.filter(id=change).values_list("state", flat=True).first()


def apply_due() -> int:
    """Change the numbers whose wait is over, unless their wallet is frozen meanwhile; gives how many."""
    due = PhoneChange.objects.filter(state=_State.WAITING, due_at__lte=now()).order_by("due_at")
    rows = list(due.values_list("id", "person_id")[:200])
    return sum(
        _apply(change, actor=SYSTEM) for change, person in rows if standing(person).state not in _HOLDS_UP
    )


def _apply(change: UUID, *, actor: Actor) -> bool:
    with outermost():
        row = PhoneChange.objects.select_for_update().get(id=change)
        if row.state not in _OPEN:
            raise NumberChangeOver()
        user = User.objects.select_for_update().get(id=row.person_id)
        before, number = user.phone, _phone(row)
        user.put_phone(number, phone_index(number))
        moved = _moved(user)
        row.state, row.ended_at = (_State.DONE if moved else _State.CANCELLED), now()
        row.ended_by = "" if moved else "taken"
        row.save(update_fields=["state", "ended_at", "ended_by"])
        if not moved:
            return False
        if not row.with_old:
            end_sessions(user.id)
        _record(user.id, "person.number_changed", {"with_old": row.with_old}, actor)
        emit("person.number_changed", {"person": str(user.id), "phone_index": phone_index(number).hex()})
        facts = {"at": now().isoformat(), "number": masked_phone(number, operator().phone_region)}
        notify.send(user.id, "people.number_changed", facts, key=f"number:{row.id}")
        notify.send_to_address(
            "sms",
            before,
            "people.number_changed",
            facts,
            language=user.language,
            key=f"number-before:{row.id}",
        )
    return True


def _moved(user: User) -> bool:
    try:
        with transaction.atomic():
            user.save(update_fields=["phone_sealed", "phone_index"])
    except IntegrityError:
        # Somebody has registered with it while the change waited.
        return False
    return True


def _asked(person: UUID, *, with_old: bool) -> PhoneChange:
    since = now() - _ASKED_FOR
    row = PhoneChange.objects.filter(
        person_id=person, state=_State.ASKED, with_old=with_old, asked_at__gt=since
    )
    found = row.first()
    if found is None:
        raise NumberChangeOver()
    if found.code is None:
        raise CodeWrong()
    return found


def _phone(row: PhoneChange) -> str:
    return crypto.unseal(bytes(row.phone_sealed), purpose=PHONE_CHANGE, row=row.id)


def _record(person: UUID, action: str, details: dict[str, object], actor: Actor | None = None) -> None:
    audit.record(actor or Actor("customer", str(person)), action, ("person", str(person)), details=details)
