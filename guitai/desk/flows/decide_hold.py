"""Let a held movement go on, or give it back: a supervisor's decision, for a case or a review."""

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.care import api as care
from guitai.desk import reads
from guitai.desk.flows.deciders import require_decides
from guitai.desk.flows.look_closer import clean_reason
from guitai.kit.transactions import outermost
from guitai.wallet import api as wallet


def decide_hold(operation: str, staff: Actor, *, release: bool, reason: str, case: str | None) -> None:
    """See `desk.api.decide_hold`."""
    require_decides(staff)
    reason = clean_reason(reason)
    operation_id = reads.held_operation_id(operation)
    if case:
        purpose = Purpose("case", str(reads.the_case(case, staff).row.id), reason)
    else:
        purpose = Purpose("review", str(operation_id), reason)
    decide = wallet.release_hold if release else wallet.decline_hold
    decide(operation, actor=staff, purpose=purpose)
    if case:
        facts = {"reason": reason, "reference": operation}
        with outermost():
            action = "hold_released" if release else "hold_declined"
            care.note_action(case, staff, action, "done", facts, internal=True)
