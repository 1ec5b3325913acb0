"""Asking for something under a key, and hearing the answer: what all the steps of people share."""

from typing import Any
from uuid import UUID

from guitai.audit.types import Purpose
from guitai.base.money import Money
from guitai.wallet import api as wallet
from guitai.wallet.flows import intents
from guitai.wallet.types import Terms
from tests.machine.simulation.known import Operation, Person, Wish, agree, alike
from tests.machine.simulation.world import Answer, World

# Refused before anything is judged: asked again with the same key, it is judged anew.
NOT_JUDGED = {"till_busy", "idempotency_key_in_flight"}


def hear(world: World, wish: Wish, answer: Answer) -> None:
    """The first answer under a key is judged by the model; every later one must be the same."""
    if answer.how == "refused":
        expected = world.model.out_of_bounds(wish) if wish.outcome is None else None
        agree(code_of(answer) in {expected, *NOT_JUDGED}, f"{wish.key}: refused as {code_of(answer)}")
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


def ask(wish: Wish) -> Any:
    """A wish once more, under its old key."""
    return {"transfer": transfer, "top_up": start_top_up, "withdrawal": withdraw}[wish.kind](wish)


def start_top_up(wish: Wish) -> Any:
    amount = Money(wish.amount, wish.currency)
    return wallet.start_top_up(id_of(wish.owner), amount=amount, key=wish.key, rail=wish.rail)


def withdraw(wish: Wish) -> Any:
    assert wish.account is not None
    return wallet.start_withdrawal(
        id_of(wish.owner), account=wish.account, amount=Money(wish.amount, wish.currency), pin=wish.pin,
        key=wish.key, terms=terms_of(wish), rail=wish.wanted,
    )  # fmt: skip


def transfer(wish: Wish) -> Any:
    return wallet.send_transfer(
        id_of(wish.owner), phone=wish.phone, amount=Money(wish.amount, wish.currency), note=wish.note,
        pin=wish.pin, key=wish.key, terms=terms_of(wish),  # type: ignore[arg-type]  # no PIN is a refusal of its own
    )  # fmt: skip


def intent(wish: Wish) -> Any:
    amount = Money(wish.amount, wish.currency)
    return intents.send_transfer(
        id_of(wish.owner), wish.phone, amount, wish.note, wish.pin, wish.key, terms_of(wish)
    )


def terms_of(wish: Wish) -> Terms | None:
    return Terms(wish.terms[0], Money(wish.terms[1], wish.currency)) if wish.terms else None


def review(operation: Operation) -> Purpose:
    return Purpose("review", str(operation.id), "review of a hold")


def anybody(world: World, *, rich: bool = False) -> Person | None:
    registered = world.registered()
    if rich and world.chance.random() < 0.9:
        registered = [person for person in registered if person.money.total() > 0] or registered
    return world.chance.choice(registered) if registered else None


def waited_for(world: World, person: Person) -> bool:
    return any(o.waits and o.phone == person.phone for o in world.model.operations.values())


def id_of(person: Person) -> UUID:
    assert person.id is not None
    return person.id


def words(wish: Wish) -> str:
    to = f" to {wish.phone[-4:]}" if wish.phone else ""
    return f"{wish.key} {wish.owner.phone[-4:]} {wish.kind} {wish.amount} {wish.currency}{to}"


def said(outcome: Any) -> str:
    return f"{outcome.reference} {outcome.state} {outcome.code or ''}" if hasattr(outcome, "state") else ""


def code_of(answer: Answer) -> str:
    return str(answer.value.code) if answer.how == "refused" else ""
