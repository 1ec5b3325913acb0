"""Money from outside: orders by any rail, payers, notices, and rails that are gone for hours."""

from collections.abc import Callable
from datetime import timedelta

from guitai.wallet import api as wallet
from tests.machine.simulation import gateways
from tests.machine.simulation.asking import anybody, ask, code_of, hear, id_of, said, words
from tests.machine.simulation.known import CURRENCIES, Wish
from tests.machine.simulation.outside import RAILS
from tests.machine.simulation.sides import FITS
from tests.machine.simulation.world import World

# Orders that somebody may still think of.
_LATEST = 25


def top_up(world: World) -> None:
    """An order for money from outside; its rail may not be there to say how it is paid."""
    person, chance = anybody(world), world.chance
    if person is None:
        return
    currency, rail = chance.choice(CURRENCIES), chance.choice(("bank", *RAILS))
    once = world.model.rules.limits["top_up", currency][0] or 1_000_00
    amount = chance.choice((once // 2, once // 3, once // 7, once, once + 1))
    wish = Wish("top_up", person, f"t{world.step}", currency, amount, rail=rail)
    world.wishes.append(wish)
    answer = world.attempt("top_up", lambda: ask(wish))
    world.say(f"{words(wish)} by {rail}: {answer.how} {code_of(answer) or said(answer.value)}")
    hear(world, wish, answer)
    told = world.asked[-1][1] if world.asked else None
    order = world.outside.order(told.reference) if told is not None else None
    if order is not None and chance.random() < 0.6:
        world.outside.sides[rail].pay(order, FITS)
        world.say(f"  {order.reference} is paid at once")


def ask_for_instructions(world: World) -> None:
    """The customer opens the page of an order that its rail has not answered yet."""
    waiting = [
        o for o in world.model.operations.values()
        if o.kind == "top_up" and o.state == "awaiting_payment" and world.outside.order(o.reference) is None
    ]  # fmt: skip
    if not waiting:
        top_up(world)
        return
    operation = world.chance.choice(waiting)
    owner = id_of(operation.owner)
    answer = world.attempt("instructions", lambda: wallet.fetch_instructions(owner, operation.reference))
    world.say(f"{operation.reference} asks how it is paid: {answer.how} {code_of(answer)}")


def pay(world: World) -> None:
    """Somebody pays: mostly as ordered, soon or late, once or twice."""
    orders, chance = world.outside.orders[-_LATEST:], world.chance
    if not orders:
        top_up(world)
        return
    order = chance.choice(orders)
    side = world.outside.sides[order.rail]
    if chance.random() < 0.1:
        side.forge(order)
        world.say(f"somebody forges a notice about {order.reference}")
    elif (order.closed or order.failed) and chance.random() < 0.8:
        world.say(f"{order.reference} cannot be paid any more")
    else:
        what = side.draw()
        side.pay(order, what)
        world.say(f"{order.reference} is paid by {order.rail}: {what}")
        world.met[f"{order.rail} paid {what}"] += 1


def fail(world: World) -> None:
    """A gateway ends an order, or says that it is working on its payment."""
    open_ = [
        order for order in world.outside.orders[-_LATEST:]
        if order.rail != "bank" and not (order.closed or order.failed)
        and not world.outside.sides[order.rail].payments.get(order.reference)
    ]  # fmt: skip
    if not open_:
        top_up(world)
        return
    order = world.chance.choice(open_)
    how = gateways.draw_failure(world.outside.gateways[order.rail], order)
    world.say(f"{order.reference} at {order.rail}: {how}")
    world.met[f"{order.rail} says {how}"] += 1


def hear_from_rails(world: World) -> None:
    """Notices arrive, whichever they are: the order in which they set out means nothing."""
    due = [copy for copy in world.outside.copies if copy.due <= world.now]
    for copy in world.chance.sample(due, min(len(due), world.chance.randint(1, 5))):
        answer = world.attempt("notice", lambda copy=copy: copy.side.tell(copy))
        world.say(f"{copy.side.rail} notice {copy.what}: {answer.how}")
        world.met[f"{copy.side.rail} notice {f'forged: {copy.forged}' if copy.forged else 'told'}"] += 1
        if answer.how == "told":
            copy.side.arrived(copy)
        else:
            copy.side.again(copy)


def outage(world: World) -> None:
    """A rail is gone, for minutes or for hours."""
    side = world.outside.sides[world.chance.choice(RAILS)]
    if side.is_down:
        side.down_until = None
        world.say(f"{side.rail} is back")
        return
    side.down_until = world.now + timedelta(minutes=world.chance.choice((2, 15, 90, 400)))
    world.say(f"{side.rail} is down until {side.down_until:%m-%d %H:%M}")
    world.met[f"{side.rail} down"] += 1


ACTIONS: dict[Callable[[World], None], int] = {
    top_up: 12, ask_for_instructions: 1, pay: 6, fail: 1, hear_from_rails: 12, outage: 1,
}  # fmt: skip
