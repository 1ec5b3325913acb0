"""Service actions as the case screen offers them, wishes that wait, and looks without a case."""

from uuid import UUID

from django.db.models import Q

from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.refusal import NotFound
from guitai.care import api as care
from guitai.desk.actions import ACTIONS
from guitai.desk.actions.base import About
from guitai.desk.models import Approval, BreakGlass
from guitai.desk.types import ActionOffer, ApprovalView, GlassView
from guitai.people import api as people

_SHOWN = 50


def offers(about: About, staff: Actor) -> list[ActionOffer]:
    """Every service action, offered or not, so that the screen never changes shape."""
    level = care.proof_level(about.customer, about.case.row.id)
    held = people.staff_member(UUID(staff.id)).permissions
    open_ones = Approval.objects.filter(case_id=about.case.row.id, state="open", expires_at__gt=now())
    waiting = dict(open_ones.order_by("asked_at").values_list("action", "id"))
    needs = {action.name: action.needs(about) for action in ACTIONS.values()}
    return [
        ActionOffer(
            name=action.name, title=str(action.title), icon=action.icon, danger=action.danger,
            proof=needs[action.name], proof_missing=level < needs[action.name], second=action.second,
            permitted=action.permission in held, missing=action.missing(about), waiting=waiting.get(action.name),
        )
        for action in ACTIONS.values()
    ]  # fmt: skip


def approvals(*, decided: bool) -> list[ApprovalView]:
    """Wishes that wait, the oldest first; or the latest that were decided by a second person."""
    if decided:
        rows = Approval.objects.filter(needs_second=True).exclude(state="open").order_by("-ended_at")[:_SHOWN]
    else:
        rows = Approval.objects.filter(state="open", expires_at__gt=now()).order_by("asked_at")[:_SHOWN]
    return _views(list(rows))


def approval(approval_id: UUID) -> ApprovalView:
    """One wish; refuses not_found."""
    row = Approval.objects.filter(id=approval_id).first()
    if row is None:
        raise NotFound()
    return _views([row])[0]


def glasses() -> list[GlassView]:
    """Looks without a case: what nobody has reviewed first, then the newest."""
    waiting = list(BreakGlass.objects.filter(reviewed_by=None).order_by("opened_at")[:_SHOWN])
    done = list(BreakGlass.objects.filter(~Q(reviewed_by=None)).order_by("-reviewed_at")[:_SHOWN])
    rows = waiting + done
    persons = {row.staff for row in rows} | {row.customer for row in rows}
    persons |= {row.reviewed_by for row in rows if row.reviewed_by}
    names = {person: found.name for person, found in people.masked(persons).items()}
    return [
        GlassView(
            id=row.id, staff=row.staff, staff_name=names.get(row.staff, "–"),
            customer_name=names.get(row.customer, "–"), reason=row.reason, opened_at=row.opened_at,
            expires_at=row.expires_at, reviewed_at=row.reviewed_at,
            reviewer_name=names.get(row.reviewed_by, "–") if row.reviewed_by else "", verdict=row.verdict,
            review_words=row.review_words,
        )
        for row in rows
    ]  # fmt: skip


def _views(rows: list[Approval]) -> list[ApprovalView]:
    persons = {row.maker for row in rows} | {row.checker for row in rows if row.checker}
    names = {person: found.name for person, found in people.masked(persons).items()}
    return [
        ApprovalView(
            id=row.id, case=row.case, customer=row.customer, action=row.action, facts=row.facts, reason=row.reason,
            proof_level=row.proof_level, needs_second=row.needs_second, state=row.state, maker=row.maker,
            maker_name=names.get(row.maker, "–"), checker_name=names.get(row.checker, "–") if row.checker else "",
            decision_reason=row.decision_reason, asked_at=row.asked_at, expires_at=row.expires_at,
            ended_at=row.ended_at,
        )
        for row in rows
    ]  # fmt: skip
