"""What staff do about money that nobody can be given: one proposes, another approves."""

from collections.abc import Callable, Iterator
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import Actor
from guitai.wallet import api as wallet
from guitai.wallet.flows.parked import Action
from guitai.wallet.types import ItemAction, ItemView, ParkedView
from tests.machine.simulation.asking import NOT_JUDGED, anybody, code_of, id_of
from tests.machine.simulation.known import agree
from tests.machine.simulation.world import World

# What staff wish to do with a payment that did not fit; a bank sends nothing back by itself.
_ACTIONS: tuple[Action, ...] = ("credit", "credit", "return")
_ITEM_ACTIONS: tuple[ItemAction, ...] = ("credit_customer", "credit_customer", "credit_operation", "return")
# What may stand in the way of settling a line: nothing moves then.
_IN_THE_WAY = {
    "receipt_own_proposal", "receipt_owner_stopped", "receipt_target_unfit", "receipt_action_not_possible",
    "payout_currency_not_taken", "receipt_not_open", "rail_account_short",
}  # fmt: skip
_NO_PAYMENT = {"parked_payer_unknown", "payout_currency_not_taken", "rail_account_short"}
_PAYABLE = ("awaiting_payment", "processing", "unknown", "expired", "failed")


def settle_parked(world: World) -> None:
    """Two of the staff settle a payment that did not fit; or one of them alone tries to."""
    found = wallet.parked_payments(states=frozenset({"open"})).items
    if not found:
        settle_item(world)
        return
    one, other = world.staff
    _settle(world, world.chance.choice(found), world.chance.choice((one, other, other, other)))


def settle_each_parked(world: World) -> Iterator[None]:
    """At the end: everything that may be credited is, one after the other."""
    for found in wallet.parked_payments(limit=100, states=frozenset({"open"})).items:
        _settle(world, found, world.staff[1], action="credit")
        yield


def settle_item(world: World) -> None:
    """Two of the staff settle a line of a statement that stands in suspense."""
    found = [item for item in wallet.open_items(limit=50).items if item.held]
    if found:
        one, other = world.staff
        _settle_item(world, world.chance.choice(found), world.chance.choice((one, other, other, other)))


def _settle(world: World, found: ParkedView, checker: Actor, action: Action | None = None) -> None:
    action, (maker, _) = action or world.chance.choice(_ACTIONS), world.staff
    purpose = Purpose("review", str(found.operation_id), "a payment that did not fit")
    world.decided = found.operation_id

    def propose() -> None:
        wallet.propose_parked(found.id, action, reason="it is theirs", actor=maker, purpose=purpose)

    answer = world.attempt("propose", propose)
    world.say(f"{found.reference}: to {action} {found.amount} is proposed: {answer.how} {code_of(answer)}")
    if answer.how != "told":
        return
    answer = world.attempt(
        "approve", lambda: wallet.approve_parked(found.id, action, actor=checker, purpose=purpose)
    )
    world.say(f"{found.reference}: to {action} is approved: {answer.how} {code_of(answer)}")
    expected = _why_not(world, found, action, own=checker == maker)
    if answer.how == "refused":
        # By the bank it goes back as a payment, and only where a statement has told from which account it came.
        by_payment = _NO_PAYMENT if action == "return" and found.rail == "bank" else set()
        agree(
            code_of(answer) in {expected, *NOT_JUDGED, *by_payment},
            f"{found.reference}: {code_of(answer)}, not {expected}",
        )
    elif answer.how == "told":
        agree(expected is None, f"{found.reference}: to {action} was to be refused as {expected}")
        world.met[f"{found.rail} parked: {action}"] += 1


def _why_not(world: World, found: ParkedView, action: str, *, own: bool) -> str | None:
    if own:
        return "parked_own_proposal"
    if action == "return":
        assert found.amount is not None
        there = world.model.float(found.rail, found.amount.currency)
        return "rail_account_short" if found.rail != "bank" and there < found.amount.minor else None
    owner = next(person for person in world.registered() if person.id == found.owner)
    return "parked_owner_stopped" if "receiving" in owner.stops else None


def _settle_item(world: World, item: ItemView, checker: Actor) -> None:
    action, (maker, _) = world.chance.choice(_ITEM_ACTIONS), world.staff
    target = _target(world, item, action)
    if target is None:
        return
    name, world.decided = target

    def propose() -> None:
        wallet.propose_item(item.id, action, target=name, reason="it is theirs", actor=maker)

    answer = world.attempt("propose", propose)
    world.say(f"line {item.bank_reference}: to {action} is proposed: {answer.how} {code_of(answer)}")
    if answer.how != "told":
        return
    answer = world.attempt("approve", lambda: wallet.approve_item(item.id, action, actor=checker))
    world.say(f"line {item.bank_reference}: to {action} is approved: {answer.how} {code_of(answer)}")
    if answer.how == "refused":
        agree(code_of(answer) in _IN_THE_WAY | NOT_JUDGED, f"line {item.bank_reference}: {code_of(answer)}")
    elif answer.how == "told":
        agree(checker != maker, f"line {item.bank_reference}: its own proposer approved")
        world.met[f"line held: {action}"] += 1


def _target(world: World, item: ItemView, action: ItemAction) -> tuple[str, UUID | None] | None:
    """Whom or what a proposal names, and whose operation will say so."""
    if action == "credit_customer":
        person = anybody(world)
        return (person.phone, id_of(person)) if person is not None else None
    if action == "return":
        # Gateways send nothing back of what no order of ours has brought in.
        return ("", None) if item.rail == "bank" else None
    if item.amount is None:
        return None
    fits = [
        o for o in world.model.operations.values()
        if o.kind == "top_up" and o.state in _PAYABLE
        and (o.amount, o.currency) == (item.amount.minor, item.amount.currency)
    ]  # fmt: skip
    if not fits:
        return None
    chosen = world.chance.choice(fits)
    return chosen.reference, chosen.id


ACTIONS: dict[Callable[[World], None], int] = {settle_parked: 3, settle_item: 1}
