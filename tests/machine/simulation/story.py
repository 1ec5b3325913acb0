"""What people do: one step each, drawn by chance, each predicted before it is tried."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.kit import policies
from guitai.kit.transactions import outermost
from guitai.people import api as people
from guitai.wallet import api as wallet
from guitai.wallet.till.submit import submit_all
from tests.machine.simulation import counter, paying, withdrawing
from tests.machine.simulation.asking import (
    NOT_JUDGED,
    anybody,
    ask,
    code_of,
    hear,
    id_of,
    intent,
    review,
    said,
    transfer,
    waited_for,
    words,
)
from tests.machine.simulation.gateways import PAYING
from tests.machine.simulation.known import CURRENCIES, PASSWORD, PIN, WRONG_PIN, Operation, Wish, agree, alike
from tests.machine.simulation.world import World


def register(world: World) -> None:
    """Somebody opens a wallet; what was sent to their number before will reach them."""
    strangers = [person for person in world.persons if person.id is None]
    if not strangers:
        send(world)
        return
    person = world.chance.choice([p for p in strangers if waited_for(world, p)] or strangers)

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
        return
    answer = world.attempt(wish.kind, lambda: ask(wish))
    world.say(f"{words(wish)} again: {answer.how} {code_of(answer) or said(answer.value)}")
    hear(world, wish, answer)


def misuse_key(world: World) -> None:
    """An old key with another body is refused, and changes nothing."""
    told = [wish for wish in world.wishes if wish.outcome is not None and wish.kind == "transfer"]
    if not told:
        register(world)
        return
    old = world.chance.choice(told)
    other = replace(old, amount=old.amount + 1, operation=None, outcome=None)
    answer = world.attempt("send", lambda: transfer(other))
    world.say(f"{old.key} with another amount: {answer.how} {code_of(answer)}")
    if answer.how != "lost":
        agree(code_of(answer) in {"idempotency_key_reused", *NOT_JUDGED}, f"{old.key} took another body")


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
    answer = world.attempt("send_batch", lambda: submit_all([intent(wish) for wish in wishes]))
    world.say(f"a batch of {len(wishes)}: {answer.how} {code_of(answer)}")
    if answer.how == "lost":
        world.asked = [(wish, None) for wish in dict.fromkeys(wishes)]
    elif answer.how == "told":
        for position, (wish, outcome) in enumerate(zip(wishes, answer.value, strict=True)):
            world.say(f"  {words(wish)}: {said(outcome)}")
            if wish in wishes[:position]:
                first = answer.value[wishes.index(wish)]
                agree(outcome.replayed and alike(outcome, first), f"{wish.key}: its twin was told {outcome}")
            else:
                world.asked.append((wish, outcome))


def take_back(world: World) -> None:
    """The sender thinks better of a transfer that is held, or that no longer is."""
    _decide(world, "take back", lambda o: lambda: wallet.cancel_hold(id_of(o.owner), o.reference))


def release_hold(world: World) -> None:
    _decide(
        world, "release",
        lambda o: lambda: wallet.release_hold(o.reference, actor=world.staff[0], purpose=review(o)),
    )  # fmt: skip


def decline_hold(world: World) -> None:
    _decide(
        world, "decline",
        lambda o: lambda: wallet.decline_hold(o.reference, actor=world.staff[0], purpose=review(o)),
    )  # fmt: skip


def freeze(world: World) -> None:
    """Somebody is stopped, by themselves or by the house, sometimes from receiving too."""
    senders = [o.owner for o in world.model.operations.values() if o.waits]
    person = world.chance.choice(senders) if senders and world.chance.random() < 0.4 else anybody(world)
    if person is None:
        register(world)
        return
    owner = id_of(person)
    own = world.chance.random() < 0.5
    scope = {"spending", "withdrawal"} | (set() if own or world.chance.random() < 0.5 else {"receiving"})

    def work() -> None:
        if own:
            people.freeze_self(owner, proof="session")
            return
        with outermost():
            people.freeze(owner, SYSTEM, "by_risk", scope=frozenset(scope))  # type: ignore[arg-type]

    answer = world.attempt("freeze", work)
    world.say(f"{person.phone} is frozen ({', '.join(sorted(scope))}): {answer.how} {code_of(answer)}")
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
    causes = sorted(people.standing(id_of(person)).causes, key=lambda cause: (cause.since, cause.reason))
    if not causes:
        send(world)
        return
    cause = world.chance.choice(causes)

    def work() -> None:
        with outermost():
            people.release(id_of(person), SYSTEM, cause=cause.id)

    answer = world.attempt("release", work)
    world.say(f"{person.phone} is released ({cause.reason}): {answer.how} {code_of(answer)}")


def change_rules(world: World) -> None:
    """The operator publishes other fees, limits or waiting times."""
    chance = world.chance
    name, value = chance.choice((
        ("fees", {"transfer": {"CNY": {"basis_points": chance.choice((0, 10, 100)), "fixed_minor": 1}}}),
        ("fees", {"transfer": {"JPY": {"fixed_minor": chance.choice((0, 5)), "maximum_minor": 40}}}),
        ("fees", {"transfer": {}}),
        ("fees", {"withdrawal": {"CNY": {"fixed_minor": chance.choice((50, 200)), "basis_points": 10}},
                  "withdrawal_by_rail": {chance.choice(tuple(PAYING)): {"CNY": {"fixed_minor": 100}}},
                  "top_up": {"card": {"CNY": {"basis_points": 60}}, "wechat": {"JPY": {"fixed_minor": 30}}}}),
        ("waiting", {"unclaimed_hours": chance.choice((1, 24)), "held_hours": chance.choice((1, 24)),
                     "top_up_minutes": chance.choice((5, 60))}),
        ("late_top_ups", {"then": chance.choice(("credit", "return")), "after_days": 0}),
    ))  # fmt: skip
    answer = world.attempt("rules", lambda: policies.publish(name, value, SYSTEM))
    world.say(f"{name} become {value}: {answer.how}")
    world.read_rules()


def _draw_transfer(world: World) -> Wish | None:
    person, chance = anybody(world, rich=True), world.chance
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
        1, 100, 100, has // 9, has // 4, has // 3, has - rules.fee("transfer", currency, has), has, has + 1,
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
    answer = world.attempt("send", lambda: transfer(wish))
    world.say(f"{words(wish)}: {answer.how} {code_of(answer) or said(answer.value)}")
    hear(world, wish, answer)


def _review_first(world: World, wish: Wish) -> None:
    """A dry run just before: it agrees with the model, and so with the run; its terms are then agreed to."""
    owner, amount = id_of(wish.owner), Money(wish.amount, wish.currency)
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
    world.say(f"{name} {operation.reference}: {answer.how} {code_of(answer) or said(answer.value)}")
    if answer.how == "refused":
        agree(
            code_of(answer) in {expected, *NOT_JUDGED},
            f"{operation.reference}: {code_of(answer)}, not {expected}",
        )
    elif answer.how == "told":
        agree(expected is None, f"{operation.reference}: {name} was to be refused as {expected}")


# Each with how often it happens.
ACTIONS: dict[Callable[[World], None], int] = {
    register: 1, send: 18, send_batch: 3, retry: 5, misuse_key: 1, take_back: 2, release_hold: 5, decline_hold: 1,
    freeze: 2, release: 7, change_rules: 1, **paying.ACTIONS, **withdrawing.ACTIONS, **counter.ACTIONS,
}  # fmt: skip
CLOCK = (timedelta(0), timedelta(seconds=1), timedelta(seconds=15), timedelta(minutes=1))
