"""A service action: asked for by one, decided by another where it takes two, carried out once."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.care import api as care
from guitai.care.types import OVER
from guitai.desk import errors
from guitai.desk.actions import ACTIONS
from guitai.desk.actions.base import About, ServiceAction
from guitai.desk.flows import outside
from guitai.desk.flows.deciders import require_decides
from guitai.desk.flows.look_closer import clean_reason
from guitai.desk.models import Approval
from guitai.desk.reads import about_case
from guitai.desk.rules.service_policy import ServiceActions
from guitai.desk.types import Acted
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people

_BATCH = 100


def act(reference: str, staff: Actor, name: str, given: Mapping[str, str], reason: str, key: str) -> Acted:
    """See `desk.api.act`."""
    action = ACTIONS.get(name)
    if action is None:
        raise NotFound()
    maker = UUID(staff.id)
    if action.permission not in people.staff_member(maker).permissions:
        raise errors.ActionNotPermitted()
    reason = clean_reason(reason)
    made = Approval.objects.filter(maker=maker, key=key).first()
    if made is not None:
        return Acted(made.state, made.id)
    about = about_case(reference, staff, reason)
    if about.case.row.state in OVER:
        raise errors.CaseEnded()
    if missing := action.missing(about):
        raise errors.ActionNotPossible(why=missing)
    level = care.proof_level(about.customer, about.case.row.id)
    if level < (needed := action.needs(about)):
        raise errors.ActionProofNeeded(needed=needed, level=level)
    facts = action.clean(about, given)
    with outermost():
        hours = policies.current(ServiceActions).value.approval_hours
        row, fresh = Approval.objects.get_or_create(
            maker=maker, key=key,
            defaults={
                "case_id": about.case.row.id, "case": about.case.row.reference, "customer": about.customer,
                "action": name, "facts": facts, "reason": reason, "proof_level": level,
                "needs_second": _needs_second(action, facts), "expires_at": now() + timedelta(hours=hours),
            },
        )  # fmt: skip
        if not fresh:
            return Acted(row.state, row.id)
        if row.needs_second:
            care.note_action(reference, staff, name, "asked", action.told_facts(facts))
            return Acted("open", row.id)
        if action.inside:
            _carry_out(row, action, about, staff)
            return Acted("done", row.id)
        outside.begin(row)
    outside.carry_out(row, action, about, staff)
    return Acted("done", row.id)


def approve(approval: UUID, staff: Actor, reason: str) -> Acted:
    """See `desk.api.approve`: looked at anew, under the lock that makes it happen once."""
    require_decides(staff)
    asked = Approval.objects.filter(id=approval).first()
    if asked is None:
        raise NotFound()
    # The look is recorded whatever becomes of it; what it saw is read again under the lock.
    seen = about_case(asked.case, staff, asked.reason)
    with outermost():
        row = _open(approval)
        if row.maker == UUID(staff.id):
            raise errors.ApprovalOwn()
        action = ACTIONS[row.action]
        about = replace(seen, standing=people.standing(seen.customer))
        if about.case.row.state in OVER:
            raise errors.CaseEnded()
        if action.missing(about) or row.proof_level < action.needs(about) or _was_denied(row):
            raise errors.ActionStale()
        action.check(about, row.facts)
        row.checker = UUID(staff.id)
        row.decision_reason = care.without_secrets(" ".join(reason.split())[:200])
        _carry_out(row, action, about, staff)
        return Acted("done", row.id)


def decline(approval: UUID, staff: Actor, reason: str) -> Acted:
    """See `desk.api.decline`. Whoever asked may take it back."""
    own = Approval.objects.filter(id=approval, maker=UUID(staff.id)).exists()
    if not own:
        require_decides(staff)
    reason = clean_reason(reason)
    with outermost():
        row = _open(approval)
        row.state, row.decision_reason, row.ended_at = ("withdrawn" if own else "declined"), reason, now()
        row.checker = None if own else UUID(staff.id)
        row.save()
        care.note_action(row.case, staff, row.action, "declined", {})
        return Acted(row.state, row.id)


def expire() -> int:
    """See `desk.api.expire_approvals`."""
    with outermost():
        rows = list(
            Approval.objects.select_for_update(skip_locked=True)
            .filter(state="open", expires_at__lte=now())
            .order_by("asked_at")[:_BATCH]
        )
        for row in rows:
            row.state, row.ended_at = "expired", now()
            row.save()
            care.note_action(row.case, SYSTEM, row.action, "expired", {})
        return len(rows)


def _carry_out(row: Approval, action: ServiceAction, about: About, staff: Actor) -> None:
    told = action.run(about, row.facts, row.decided, staff)
    row.state, row.ended_at = "done", now()
    row.save()
    step = "approved" if row.checker else "done"
    care.note_action(row.case, staff, row.action, step, told, tell=action.tells)


def _needs_second(action: ServiceAction, facts: dict[str, object]) -> bool:
    if action.second != "above":
        return action.second == "always"
    amount = action.amount(facts)
    return amount is None or policies.current(ServiceActions).value.needs_second(action.name, amount)


def _open(approval: UUID) -> Approval:
    row = Approval.objects.select_for_update().filter(id=approval).first()
    if row is None:
        raise NotFound()
    if row.state != "open" or row.expires_at <= now():
        raise errors.ApprovalOver()
    return row


def _was_denied(row: Approval) -> bool:
    """A customer who has said since that they speak to nobody has taken back what was shown."""
    if not row.proof_level:
        return False
    proofs = care.proofs_of(row.case_id)
    return any(
        one.state == "denied" and one.asked_at >= row.asked_at - timedelta(minutes=30) for one in proofs
    )
