"""What becomes of an open item: one proposes, another approves, and then the money moves."""

from collections.abc import Mapping
from typing import Any, get_args
from uuid import UUID

from guitai.audit.api import record
from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.base.clock import now
from guitai.base.reference import parse_reference
from guitai.base.refusal import Refusal
from guitai.kit.transactions import outermost, required
from guitai.people import api as people
from guitai.rails import api as rails
from guitai.rails.types import Payout
from guitai.wallet.errors import RailAccountShort
from guitai.wallet.models import OpenItem, Operation
from guitai.wallet.reconciliation import errors, intents, store
from guitai.wallet.reconciliation.rules.matching import PAYABLE, Line, Verdict
from guitai.wallet.reconciliation.types import ItemAction
from guitai.wallet.till import pipeline
from guitai.wallet.till.types import Intent, Outcome

PROPOSE, APPROVE = "cases.work", "holds.decide"
_REASON_MAX = 500
_DONE: dict[str, str] = {
    "credit_operation": "assigned", "credit_customer": "assigned", "write": "written", "match": "matched",
}  # fmt: skip


def propose(item_id: UUID, action: ItemAction, target: str, reason: str, actor: Actor) -> None:
    """Say what should be done; a later proposal takes the place of an earlier one."""
    _permitted(actor, PROPOSE)
    reason = " ".join(reason.split())[:_REASON_MAX]
    if not reason:
        raise errors.ReasonMissing()
    with outermost():
        item = locked(item_id)
        if item.state not in ("open", "proposed"):
            raise errors.ItemNotOpen()
        if action not in possible(item):
            raise errors.ActionNotPossible()
        item.proposed_target = _target(item, action, target)
        item.state, item.proposed_action, item.proposed_reason = "proposed", action, reason
        item.proposed_by, item.proposed_at, item.changed_at = str(actor), now(), now()
        item.save()
        _audit("reconciliation.proposed", item, actor, purpose_of(item, reason), action=action)


def decline(item_id: UUID, reason: str, actor: Actor) -> None:
    """Put a proposal aside, also one's own."""
    _permitted(actor, PROPOSE)
    with outermost():
        item = locked(item_id)
        if item.state != "proposed":
            raise errors.ItemNotProposed()
        action = item.proposed_action
        forget_proposal(item)
        item.save()
        purpose = purpose_of(item, " ".join(reason.split())[:_REASON_MAX])
        _audit("reconciliation.declined", item, actor, purpose, action=action)


def approve(item_id: UUID, action: ItemAction, actor: Actor) -> str:
    """Do what somebody else has proposed, in one transaction; gives the state it is in then."""
    _permitted(actor, APPROVE)
    with outermost():
        item = locked(item_id)
        if item.state != "proposed" or item.proposed_action != action:
            raise errors.ItemNotProposed()
        if item.proposed_by == str(actor):
            raise errors.OwnProposal()
        purpose = purpose_of(item, item.proposed_reason)
        item.decided_by = str(actor)
        _audit("reconciliation.approved", item, actor, purpose, action=action, proposed_by=item.proposed_by)
        carry_out(item, action, actor, purpose)
        return item.state


def carry_out(item: OpenItem, action: ItemAction, actor: Actor, purpose: Purpose | None) -> Outcome | None:
    """Move an item's money, in the caller's transaction with its row locked."""
    required()
    outcome: Outcome | None = None
    if action == "match":
        item.settled_by = _match(item, actor)
    elif action == "return":
        outcome = _send_back(item, actor, purpose)
    else:
        outcome = _run(_intent(item, action, actor, purpose))
        item.settled_by = outcome.operation_id
        if item.held_by is None:
            _mark(item, outcome.operation_id, "written", actor)
    item.state, item.changed_at = _DONE.get(action, "returning"), now()
    item.save()
    return outcome


def note_return(what: str, payload: Mapping[str, Any]) -> None:
    """A bank has said what became of a return, in the caller's transaction; a payout of others is left alone."""
    required()
    reference = str(payload["order_reference"])
    item = OpenItem.objects.select_for_update().filter(return_reference=reference, state="returning").first()
    if item is None or what not in ("settled", "rejected", "returned"):
        return
    operation = Operation.objects.get(reference=reference)
    left = what != "rejected"
    _run(intents.end_return(item, operation.id, left=left, code=str(payload.get("code") or "")))
    if left:
        # What comes back later is a line of its own, and stands in suspense anew.
        item.state, item.settled_by = "returned", operation.id
    else:
        item.problem = str(payload.get("code") or "return_rejected")
        item.return_reference = None
        forget_proposal(item)
    item.changed_at = now()
    item.save()


def possible(item: OpenItem) -> tuple[ItemAction, ...]:
    """What may be done with an item."""
    if item.held_by is not None:
        return tuple(action for action in get_args(ItemAction) if action != "match")
    return ("match", "write")


def locked(item_id: UUID) -> OpenItem:
    """An item under lock; refuses not_found."""
    item = OpenItem.objects.select_for_update().filter(id=item_id).first()
    if item is None:
        raise errors.ItemNotFound()
    return item


def purpose_of(item: OpenItem, reason: str) -> Purpose:
    """Why somebody looks at an item, or settles it."""
    return Purpose("reconciliation", str(item.id), reason)


def forget_proposal(item: OpenItem) -> None:
    """Open again, as if nobody had proposed anything."""
    item.state = "open"
    item.proposed_action = item.proposed_target = item.proposed_reason = item.proposed_by = (
        item.decided_by
    ) = ""
    item.proposed_at, item.changed_at = None, now()


def _target(item: OpenItem, action: ItemAction, text: str) -> str:
    """What a proposal names, checked: an operation's canonical reference, or a customer's id."""
    if action == "credit_customer":
        found = people.find_by_phone([people.normal_phone(text)])
        if not found:
            raise errors.TargetUnknown()
        return str(next(iter(found.values())))
    if action not in ("credit_operation", "match"):
        return ""
    reference = parse_reference(text)
    operation = Operation.objects.filter(reference=reference).first() if reference else None
    if operation is None or reference is None:
        raise errors.TargetUnknown()
    if action == "credit_operation" and not _waits_for(operation, item):
        raise errors.TargetUnfit()
    return reference


def _waits_for(operation: Operation, item: OpenItem) -> bool:
    return (
        operation.kind == "top_up"
        and operation.state in PAYABLE
        and (operation.amount_minor, operation.currency) == (item.amount_minor, item.currency)
    )


def _intent(item: OpenItem, action: ItemAction, actor: Actor, purpose: Purpose | None) -> Intent:
    if action == "credit_operation":
        operation = Operation.objects.get(reference=item.proposed_target)
        return intents.assign(item, operation.id, actor, purpose)
    if action == "credit_customer":
        return intents.credit(item, UUID(item.proposed_target), actor, purpose)
    return intents.write_item(item, actor, purpose)


def _send_back(item: OpenItem, actor: Actor, purpose: Purpose | None) -> Outcome:
    [line] = rails.statement_lines([item.line_id])
    if not line.counterparty_account or not line.counterparty:
        raise errors.PayerUnknown()
    outcome = _run(intents.send_back(item, actor, purpose))
    rails.start_payout(
        Payout(
            outcome.reference,
            intents.amount_of(item),
            line.counterparty,
            line.counterparty_account,
            remittance=item.bank_reference,
        ),
        rail=item.rail,
    )
    item.return_reference = outcome.reference
    return outcome


def _match(item: OpenItem, actor: Actor) -> UUID:
    """Join a line by hand to a movement of exactly its amount."""
    operation = Operation.objects.get(reference=item.proposed_target)
    _mark(item, operation.id, "by_hand", actor)
    return UUID(str(operation.id))


def _mark(item: OpenItem, operation_id: UUID, rule: Any, actor: Actor) -> None:
    """Write a line beside the movement of its amount that no other line has proved."""
    movement = next(
        (
            one
            for one in store.movements([operation_id], [item.currency])
            if (one.amount, one.money_in, one.rail) == (item.amount_minor, item.credit, item.rail)
        ),
        None,
    )
    reference = Operation.objects.get(id=operation_id).reference
    if movement is None or not rails.mark_matched([(item.line_id, reference)]):
        raise errors.TargetUnfit()
    line = Line(item.line_id, item.rail, item.amount_minor, item.currency, item.credit)
    store.write_matches([(line, Verdict("match", rule, item.code, None, (movement,)))], str(actor))


def _run(intent: Intent) -> Outcome:
    answer = pipeline.run([intent])[0]
    if isinstance(answer, Refusal):
        raise answer
    if answer.outcome == "approved":
        return answer
    if answer.code in ("top_up_not_payable", "top_up_wrong_amount"):
        raise errors.TargetUnfit()
    if answer.code in ("frozen", "not_possible_now"):
        raise errors.OwnerStopped()
    if answer.code == "rail_account_short":
        raise RailAccountShort()
    raise errors.ActionNotPossible()


def _permitted(actor: Actor, permission: str) -> None:
    if permission not in people.staff_member(UUID(actor.id)).permissions:
        raise errors.PermissionMissing()


def _audit(what: str, item: OpenItem, actor: Actor, purpose: Purpose, **details: str) -> None:
    about = {"line": item.line_id, "amount": item.amount_minor, "currency": item.currency}
    record(actor, what, ("open_item", str(item.id)), purpose=purpose, details={**about, **details})
