"""Service actions that ask the world outside: written down before the call, so that a crash leaves nothing unfinished.

The wish is on disk as `running` before anybody is called, and no lock is held while they answer. Whoever comes to an
answer first writes it, once. What a crash left is taken up again after its time, a few times; then the case says so.
"""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.base.actor import SYSTEM, Actor
from guitai.base.clock import now
from guitai.base.refusal import Refusal
from guitai.care import api as care
from guitai.desk.actions import ACTIONS
from guitai.desk.actions.base import About, ServiceAction
from guitai.desk.models import Approval
from guitai.desk.reads import about_case
from guitai.kit.transactions import outermost

# Longer than any call may take: until then whoever began it is still waiting for an answer.
_PATIENCE = timedelta(minutes=3)
_TRIES = 3
_log = logging.getLogger(__name__)


def begin(row: Approval) -> None:
    """Write down that it is about to be asked, in the caller's transaction."""
    row.state, row.tries, row.tried_at = "running", row.tries + 1, now()
    row.save()


def carry_out(row: Approval, action: ServiceAction, about: About, actor: Actor) -> None:
    """Ask, and write the answer; refuses what the verb refuses, which is an answer too."""
    try:
        told = action.run(about, row.facts, row.decided, actor)
    except Refusal as refusal:
        _end(row.id, actor, "failed", "refused", {"code": refusal.code}, code=refusal.code)
        raise
    _end(row.id, actor, "done", "done", told, tell=action.tells)


def resume() -> int:
    """See `desk.api.resume_actions`: one a turn."""
    with outermost():
        left = Approval.objects.filter(state="running", tried_at__lte=now() - _PATIENCE)
        row = left.select_for_update(skip_locked=True).order_by("tried_at").first()
        if row is None:
            return 0
        again = row.tries < _TRIES
        begin(row)
    if not again:
        _end(row.id, SYSTEM, "failed", "refused", {"code": "action_interrupted"}, code="action_interrupted")
        return 1
    try:
        carry_out(row, ACTIONS[row.action], about_case(row.case, SYSTEM, row.reason), SYSTEM)
    except Refusal as refusal:
        _log.info("a service action that was interrupted is refused: %s", refusal.code)
    return 1


def _end(
    approval: UUID,
    actor: Actor,
    state: str,
    step: str,
    facts: dict[str, Any],
    *,
    code: str = "",
    tell: bool = False,
) -> None:
    """Under the lock: of two that come to an answer, the first one's counts."""
    with outermost():
        row = Approval.objects.select_for_update().get(id=approval)
        if row.state != "running":
            return
        row.state, row.code, row.ended_at = state, code, now()
        row.save()
        care.note_action(row.case, actor, row.action, step, facts, tell=tell)
