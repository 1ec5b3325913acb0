"""What people do: one step each, drawn by chance, each predicted before it is tried."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.actor import SYSTEM, Actor
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.flows.parked import Action
from guitai.wallet.till.submit import submit_all
from guitai.wallet.types import ParkedView, Terms
from tests.machine.simulation.bank import FITS
from tests.machine.simulation.model import CURRENCIES, PIN, WRONG_PIN, Operation, Person, Wish, agree, alike
from tests.machine.simulation.world import Answer, World

PASSWORD = "counter-2026-tea"
STAFF = Actor("staff", "01890000-0000-7000-8000-000000000001")
OTHER = Actor("staff", "01890000-0000-7000-8000-000000000002")
# What staff wish to do with a payment that did not fit; the bank sends nothing back by itself.
_ACTIONS: tuple[Action, ...] = ("credit", "credit", "credit", "return")
# Refused before anything is judged: asked again with the same key, it is judged anew.
_NOT_JUDGED = {"till_busy", "idempotency_key_in_flight"}


def register(world: World) -> None:
    """Somebody opens a wallet; what was sent to their number before will reach them."""
    strangers = [person for person in world.persons if person.id is None]
    if not strangers:
        send(world)
        return
    person = world.chance.choice([p for p in strangers if _waited_for(world, p)] or strangers)

    def work() -> UUID:
        with outermost():
            return people.register_customer(person.phone, "林月", PASSWORD, PIN)

    answer = world.attempt("register", work)
    world.say(f"{person.phone} registers: {answer.how}")
    if answer.how == "told":
        person.id = answer.value
    else:
        person.id = people.find_by_phone([person.phone]).get(person.phone)
    if person.id is not None:
        world.model.opened(person, world.now)


def send(world: World) -> None:
    """A transfer: known, unknown and unregistered payees, right and wrong PINs, amounts around every limit."""
    wish = _draw_transfer(world)
    if wish is None:
        register(world)
        return
    world.wishes.append(wish)
    _ask_transfer(world, wish)


def retry(world: World) -> None:
    """An app that asks again under an old key: the original outcome, or the first one if there never was any."""
    if not world.wishes:
        register(world)
        return
    wish = world.chance.choice(world.wishes)
    if wish.kind == "transfer":
        _ask_transfer(world, wish)
    else:
        _ask_top_up(world, wish)


def misuse_key(world: World) -> None:
    """An old key with another body is refused, and changes nothing."""
    told = [wish for wish in world.wishes if wish.outcome is not None and wish.kind == "transfer"]
    if not told:
        register(world)
        return
    old = world.chance.choice(told)
    other = replace(old, amount=old.amount + 1, operation=None, outcome=None)
    answer = world.attempt("send", lambda: _send(other))
    world.say(f"{old.key} with another amount: {answer.how} {_code(answer)}")
    if answer.how != "lost":
        agree(_code(answer) in {"idempotency_key_reused", *_NOT_JUDGED}, f"{old.key} took another body")


def send_batch(world: World) -> None:
    """Several intents in one transaction of the till, twins among them."""
    drawn = [_draw_transfer(world) for _ in range(world.chance.randint(2, 8))]
    wishes = [wish for wish in drawn if wish is not None]
    if not wishes:
        register(world)
        return
    if world.chance.random() < 0.4:
        wishes.insert(world.chance.randint(0, len(wishes)), world.chance.choice(wishes))
    world.wishes += dict.fromkeys(wishes)
    answer = world.attempt("send_batch", lambda: submit_all([_intent(wish) for wish in wishes]))
    world.say(f"a batch of {len(wishes)}: {answer.how} {_code(answer)}")
    if answer.how == "lost":
        world.asked = [(wish, None) for wish in dict.fromkeys(wishes)]
    elif answer.how == "told":
        for position, (wish, outcome) in enumerate(zip(wishes, answer.value, strict=True)):
            world.say(f"  {_words(wish)}: {_said(outcome)}")
            if wish in wishes[:position]:
                first = answer.value[wishes.index(wish)]
                agree(outcome.replayed and alike(outcome, first), f"{wish.key}: its twin was told {outcome}")
            else:
                world.asked.append((wish, outcome))


def top_up(world: World) -> None:
    """An order for money from outside; the bank may not be there to say how it is paid."""
    person = _anybody(world)
    if person is None:
        register(world)
        return
    currency = world.chance.choice(CURRENCIES)
    once = world.model.rules.limits["top_up", currency][0] or 1_000_00
    amount = world.chance.choice((once // 2, once // 3, once, once, once + 1))
    wish = Wish("top_up", person, f"t{world.step}", currency, amount)
    world.wishes.append(wish)
    _ask_top_up(world, wish)
    told = world.asked[-1][1] if world.asked else None
    order = world.bank.orders.get(told.reference) if told is not None else None
    if order is not None and world.chance.random() < 0.6:
        world.bank.pay(order, FITS)
        world.say(f"  {order.reference} is paid at once")


def ask_for_instructions(world: World) -> None:
    """The customer opens the page of an order that the bank has not answered yet."""
    waiting = [
        o for o in world.model.operations.values()
        if o.kind == "top_up" and o.state == "awaiting_payment" and o.reference not in world.bank.orders
    ]  # fmt: skip
    if not waiting:
        top_up(world)
        return
    operation = world.chance.choice(waiting)
    owner = _id(operation.owner)
    world.bank.reachable = world.chance.random() < 0.8
    answer = world.attempt("instructions", lambda: wallet.fetch_instructions(owner, operation.reference))
    world.bank.reachable = True
    world.say(f"{operation.reference} asks how it is paid: {answer.how} {_code(answer)}")


def pay(world: World) -> None:
    """Somebody pays at the bank: mostly as ordered, soon or late, once or twice."""
    if not world.bank.orders:
        top_up(world)
        return
    order = world.chance.choice(list(world.bank.orders.values())[-20:])
    if world.chance.random() < 0.1:
        world.bank.forge(order)
        world.say(f"somebody forges a notice about {order.reference}")
        return
    what = world.bank.draw()
    world.bank.pay(order, what)
    world.say(f"{order.reference} is paid at the bank: {what}")


def hear_from_bank(world: World) -> None:
    """One notice arrives, whichever it is: the order in which they set out means nothing."""
    due = [copy for copy in world.bank.copies if copy.due <= world.now]
    for copy in world.chance.sample(due, min(len(due), world.chance.randint(1, 4))):
        answer = world.attempt("notice", lambda copy=copy: world.bank.tell(copy))
        world.say(f"notice N{copy.payment.number} {copy.forged or copy.payment.what}: {answer.how}")
        if answer.how == "told":
            world.bank.arrived(copy)
        else:
            world.bank.again(copy)


def take_back(world: World) -> None:
    """The sender thinks better of a transfer that is held, or that no longer is."""
    _decide(world, "take back", lambda o: lambda: wallet.cancel_hold(_id(o.owner), o.reference))


def release_hold(world: World) -> None:
    _decide(
        world, "release",
        lambda o: lambda: wallet.release_hold(o.reference, actor=STAFF, purpose=_review(o)),
    )  # fmt: skip


def decline_hold(world: World) -> None:
    _decide(
        world, "decline",
        lambda o: lambda: wallet.decline_hold(o.reference, actor=STAFF, purpose=_review(o)),
    )  # fmt: skip


def freeze(world: World) -> None:
    """Somebody is stopped, by themselves or by the house, sometimes from receiving too."""
    senders = [o.owner for o in world.model.operations.values() if o.waits]
    person = world.chance.choice(senders) if senders and world.chance.random() < 0.4 else _anybody(world)
    if person is None:
        register(world)
        return
    owner = _id(person)
    own = world.chance.random() < 0.5
    scope = {"spending", "withdrawal"} | (set() if own or world.chance.random() < 0.5 else {"receiving"})

    def work() -> None:
        if own:
            people.freeze_self(owner, proof="session")
            return
        with outermost():
            people.freeze(owner, SYSTEM, "by_risk", scope=frozenset(scope))  # type: ignore[arg-type]

    answer = world.attempt("freeze", work)
    world.say(f"{person.phone} is frozen ({', '.join(sorted(scope))}): {answer.how} {_code(answer)}")
    if answer.how == "told":
        agree(
            scope <= world.scope_of(person), f"{person.phone} was frozen, and stops {world.scope_of(person)}"
        )


def release(world: World) -> None:
    """One cause of a freeze is lifted; what waited for it is delivered by a topic."""
    frozen = [person for person in world.registered() if person.stops]
    if not frozen:
        (freeze if world.chance.random() < 0.3 else send)(world)
        return
    person = world.chance.choice(frozen)
    causes = sorted(people.standing(_id(person)).causes, key=lambda cause: (cause.since, cause.reason))
    if not causes:
        send(world)
        return
    cause = world.chance.choice(causes)

    def work() -> None:
        with outermost():
            people.release(_id(person), SYSTEM, cause=cause.id)

    answer = world.attempt("release", work)
    world.say(f"{person.phone} is released ({cause.reason}): {answer.how} {_code(answer)}")


def settle_parked(world: World) -> None:
    """Two of the staff settle a payment that did not fit; or one of them alone tries to."""
    found = wallet.parked_payments(states=frozenset({"open"})).items
    if not found:
        pay(world)
        return
    _settle(world, world.chance.choice(found), world.chance.choice((STAFF, OTHER, OTHER, OTHER)))


def settle_each_parked(world: World) -> Iterator[None]:
    """At the end: everything that may be credited is, one after the other."""
    for found in wallet.parked_payments(limit=100, states=frozenset({"open"})).items:
        _settle(world, found, OTHER, action="credit")
        yield


def _settle(world: World, found: ParkedView, checker: Actor, action: Action | None = None) -> None:
    action = action or world.chance.choice(_ACTIONS)
    purpose = Purpose("review", str(found.operation_id), "a payment that did not fit")
    world.decided = found.operation_id

    def propose() -> None:
        wallet.propose_parked(found.id, action, reason="it is theirs", actor=STAFF, purpose=purpose)

    answer = world.attempt("propose", propose)
    world.say(f"{found.reference}: to {action} {found.amount} is proposed: {answer.how} {_code(answer)}")
    if answer.how != "told":
        return
    answer = world.attempt(
        "approve", lambda: wallet.approve_parked(found.id, action, actor=checker, purpose=purpose)
    )
    world.say(f"{found.reference}: to {action} is approved: {answer.how} {_code(answer)}")
    expected = _why_not(world, found, action, checker)
    if answer.how == "refused":
        agree(
            _code(answer) in {expected, *_NOT_JUDGED}, f"{found.reference}: {_code(answer)}, not {expected}"
        )
    elif answer.how == "told":
        agree(expected is None, f"{found.reference}: to {action} was to be refused as {expected}")


def _why_not(world: World, found: ParkedView, action: str, checker: Actor) -> str | None:
    if checker == STAFF:
        return "parked_own_proposal"
    if action == "return":
        return "rail_unsupported"
    owner = next(person for person in world.registered() if person.id == found.owner)
    return "parked_owner_stopped" if "receiving" in owner.stops else None


def change_rules(world: World) -> None:
    """The operator publishes other fees, limits or waiting times."""
    chance = world.chance
    name, value = chance.choice((
        ("fees", {"transfer": {"CNY": {"basis_points": chance.choice((0, 10, 100)), "fixed_minor": 1}}}),
        ("fees", {"transfer": {"JPY": {"fixed_minor": chance.choice((0, 5)), "maximum_minor": 40}}}),
        ("fees", {"transfer": {}}),
        ("waiting", {"unclaimed_hours": chance.choice((1, 24)), "held_hours": chance.choice((1, 24)),
                     "top_up_minutes": chance.choice((5, 60))}),
        ("late_top_ups", {"then": chance.choice(("credit", "return")), "after_days": 0}),
    ))  # fmt: skip
    answer = world.attempt("rules", lambda: policies.publish(name, value, SYSTEM))
    world.say(f"{name} become {value}: {answer.how}")
    world.read_rules()


def _draw_transfer(world: World) -> Wish | None:
    person, chance = _anybody(world, rich=True), world.chance
    if person is None:
        return None
    currency = chance.choice(CURRENCIES)
    if not person.money[currency]:
        currency = max(CURRENCIES, key=lambda one: person.money[one])
    known = sorted(person.dealt) if chance.random() < 0.4 else ()
    payee = world.model.persons[chance.choice(known)] if known else chance.choice(world.persons)
    has, rules = person.money[currency], world.model.rules
    once = rules.limits["transfer", currency][0] or has
    amount = chance.choice((
        1, 100, 100, has // 9, has // 4, has // 3, has - rules.fee(currency, has), has, has + 1,
        rules.new_payee_above[currency], rules.new_payee_above[currency] + 1,
        once, once + 1,
    ))  # fmt: skip
    key = f"s{world.step}.{chance.randint(0, 9999)}"
    # Whoever was wrong once often goes on guessing.
    guesses = 0.6 if person.failures else 0.08
    pin = None if chance.random() < 0.02 else WRONG_PIN if chance.random() < guesses else PIN
    return Wish("transfer", person, key, currency, max(amount, 1), payee.phone, key, pin)


def _ask_transfer(world: World, wish: Wish) -> None:
    if wish.outcome is None and world.chance.random() < 0.4:
        _review_first(world, wish)
    answer = world.attempt("send", lambda: _send(wish))
    world.say(f"{_words(wish)}: {answer.how} {_code(answer) or _said(answer.value)}")
    _hear(world, wish, answer)


def _review_first(world: World, wish: Wish) -> None:
    """A dry run just before: it agrees with the model, and so with the run; its terms are then agreed to."""
    owner, amount = _id(wish.owner), Money(wish.amount, wish.currency)
    shown = wallet.dry_run_transfer(owner, phone=wish.phone, amount=amount)
    # Nobody is asked for a PIN before the review, and nothing is confirmed by it.
    expected = world.model.judge_review(wish, world.now)
    agree(
        (shown.outcome, shown.code, shown.fee.minor) == (expected.outcome, expected.code, expected.fee),
        f"{wish.key}: the dry run said {shown}, the model {expected}",
    )
    if shown.outcome != "refused" and world.chance.random() < 0.7:
        stale = world.chance.random() < 0.1
        wish.terms = (shown.outcome, shown.fee.minor + stale)


def _ask_top_up(world: World, wish: Wish) -> None:
    owner, amount = _id(wish.owner), Money(wish.amount, wish.currency)
    world.bank.reachable = world.chance.random() < 0.8
    answer = world.attempt("top_up", lambda: wallet.start_top_up(owner, amount=amount, key=wish.key))
    world.bank.reachable = True
    world.say(f"{_words(wish)}: {answer.how} {_code(answer) or _said(answer.value)}")
    _hear(world, wish, answer)


def _hear(world: World, wish: Wish, answer: Answer) -> None:
    """The first answer under a key is judged by the model; every later one must be the same."""
    if answer.how == "refused":
        agree(_code(answer) in _NOT_JUDGED, f"{wish.key}: refused as {_code(answer)}")
    elif wish.outcome is not None:
        if answer.how == "told":
            agree(answer.value.replayed, f"{wish.key}: asked again and done again")
            agree(
                alike(answer.value, wish.outcome), f"{wish.key}: told {answer.value}, before {wish.outcome}"
            )
            wish.outcome = answer.value
    else:
        agree(
            answer.how == "lost" or not answer.value.replayed, f"{wish.key}: replayed, and never asked before"
        )
        world.asked.append((wish, answer.value if answer.how == "told" else None))


def _decide(world: World, name: str, verb: Callable[[Operation], Callable[[], Any]]) -> None:
    held = [o for o in world.model.operations.values() if o.was_held]
    if not held:
        send(world)
        return
    still = [o for o in held if o.state == "held"]
    operation = world.chance.choice(still if still and world.chance.random() < 0.8 else held)
    expected = world.model.judge_decision(name == "release", operation, world.now)
    world.decided = operation.id
    answer = world.attempt("decide", verb(operation))
    world.say(f"{name} {operation.reference}: {answer.how} {_code(answer) or _said(answer.value)}")
    if answer.how == "refused":
        agree(
            _code(answer) in {expected, *_NOT_JUDGED},
            f"{operation.reference}: {_code(answer)}, not {expected}",
        )
    elif answer.how == "told":
        agree(expected is None, f"{operation.reference}: {name} was to be refused as {expected}")


def ask(wish: Wish) -> Any:
    """A wish once more, under its old key."""
    if wish.kind == "transfer":
        return _send(wish)
    amount = Money(wish.amount, wish.currency)
    return wallet.start_top_up(_id(wish.owner), amount=amount, key=wish.key)


def _send(wish: Wish) -> Any:
    return wallet.send_transfer(
        _id(wish.owner), phone=wish.phone, amount=Money(wish.amount, wish.currency), note=wish.note,
        pin=wish.pin, key=wish.key, terms=_terms(wish),  # type: ignore[arg-type]  # no PIN is a refusal of its own
    )  # fmt: skip


def _intent(wish: Wish) -> Any:
    amount = Money(wish.amount, wish.currency)
    return intents.send_transfer(
        _id(wish.owner), wish.phone, amount, wish.note, wish.pin, wish.key, _terms(wish)
    )


def _terms(wish: Wish) -> Terms | None:
    return Terms(wish.terms[0], Money(wish.terms[1], wish.currency)) if wish.terms else None


def _review(operation: Operation) -> Purpose:
    return Purpose("review", str(operation.id), "review of a hold")


def _anybody(world: World, *, rich: bool = False) -> Person | None:
    registered = world.registered()
    if rich and world.chance.random() < 0.9:
        registered = [person for person in registered if person.money.total() > 0] or registered
    return world.chance.choice(registered) if registered else None


def _waited_for(world: World, person: Person) -> bool:
    return any(o.waits and o.phone == person.phone for o in world.model.operations.values())


def _id(person: Person) -> UUID:
    assert person.id is not None
    return person.id


def _words(wish: Wish) -> str:
    to = f" to {wish.phone[-4:]}" if wish.phone else ""
    return f"{wish.key} {wish.owner.phone[-4:]} {wish.kind} {wish.amount} {wish.currency}{to}"


def _said(outcome: Any) -> str:
    return f"{outcome.reference} {outcome.state} {outcome.code or ''}" if hasattr(outcome, "state") else ""


def _code(answer: Answer) -> str:
    return str(answer.value.code) if answer.how == "refused" else ""


# Each with how often it happens.
ACTIONS: dict[Callable[[World], None], int] = {
    register: 1, send: 32, send_batch: 5, retry: 6, misuse_key: 1, top_up: 6, ask_for_instructions: 1, pay: 3,
    hear_from_bank: 8, take_back: 2, release_hold: 3, decline_hold: 1, freeze: 3, release: 5, change_rules: 1,
    settle_parked: 3,
}  # fmt: skip
CLOCK = (timedelta(0), timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=1))
