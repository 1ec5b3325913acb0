"""Money out: accounts are bound, withdrawals asked for and taken back, and the bank works on what it was sent."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from stdnum.cn import ric
from stdnum.luhn import calc_check_digit

from guitai.base.money import Money
from guitai.people import api as people
from guitai.people.types import AccountClaim, IdentityClaim, Proof
from guitai.rails import api as rails
from guitai.wallet import api as wallet
from tests.machine.simulation.asking import NOT_JUDGED, anybody, ask, code_of, hear, id_of, said, words
from tests.machine.simulation.known import PASSWORD, PIN, WRONG_PIN, Person, Wish, agree
from tests.machine.simulation.world import World


def bind(world: World) -> None:
    """Somebody says who they are, and binds an account of theirs."""
    without = [person for person in world.registered() if person.account is None]
    if not without:
        withdraw(world)
        return
    person = world.chance.choice(without)
    owner, number = id_of(person), world.persons.index(person)
    if person.tier < 1:
        claim = IdentityClaim("national_id", "CN", _document(number), "林月")
        answer = world.attempt("identity", lambda: people.declare_identity(owner, claim))
        world.say(f"{person.phone} says who they are: {answer.how} {code_of(answer)}")
        person.tier = people.identity(owner).tier
    if person.tier < 1:
        return
    account = AccountClaim("cn_card", _card(number), "林月", bank="Sea Bank")
    answer = world.attempt("bind", lambda: people.bind_account(owner, account, Proof(password=PASSWORD)))
    world.say(f"{person.phone} binds an account: {answer.how} {code_of(answer)}")
    _read_account(person)


def withdraw(world: World) -> None:
    """Mostly right: now and then with another PIN, to an account of nobody, too much, or in a currency that stays."""
    person, chance = anybody(world, rich=True), world.chance
    if person is None:
        return
    has, fee = person.money["CNY"], world.model.rules.fee("withdrawal", "CNY", person.money["CNY"])
    once = world.model.rules.limits["withdrawal", "CNY"][0] or has
    amount = chance.choice(
        (100, has // 20, has // 9, has // 9, has // 5, has // 3, has - fee, has, once, once + 1)
    )
    stranger = person.account is None or chance.random() < 0.04
    account = UUID(int=chance.getrandbits(128)) if stranger else person.account
    pin = None if chance.random() < 0.02 else WRONG_PIN if chance.random() < 0.05 else PIN
    currency = "JPY" if chance.random() < 0.04 else "CNY"
    key = f"w{world.step}"
    wish = Wish("withdrawal", person, key, currency, max(amount, 1), pin=pin, account=account)
    if chance.random() < 0.4:
        _review_first(world, wish)
    world.wishes.append(wish)
    answer = world.attempt("withdrawal", lambda: ask(wish))
    world.say(f"{words(wish)}: {answer.how} {code_of(answer) or said(answer.value)}")
    hear(world, wish, answer)


def misuse_key(world: World) -> None:
    """An old key for another amount is refused, and moves nothing."""
    told = [wish for wish in world.wishes if wish.outcome is not None and wish.kind == "withdrawal"]
    if not told:
        withdraw(world)
        return
    old = world.chance.choice(told)
    other = replace(old, amount=old.amount + 1, operation=None, outcome=None)
    answer = world.attempt("withdrawal", lambda: ask(other))
    world.say(f"{old.key} with another amount: {answer.how} {code_of(answer)}")
    if answer.how != "lost":
        agree(code_of(answer) in {"idempotency_key_reused", *NOT_JUDGED}, f"{old.key} took another body")


def take_back(world: World) -> None:
    """Its owner takes a withdrawal back: before it has left it can be, afterwards it cannot."""
    own = [o for o in world.model.operations.values() if o.kind == "withdrawal" and o.state != "refused"]
    if not own:
        withdraw(world)
        return
    still = [o for o in own if o.reserved]
    operation = world.chance.choice(still if still and world.chance.random() < 0.8 else own)
    expected = {world.model.judge_take_back(operation)}
    record = rails.payout_record(operation.reference)
    if operation.stage == "queued" and record is not None and record.state != "queued":
        # It is in a file already, and the topic that says so has not come.
        expected = {"withdrawal_under_way"}
    world.decided = operation.id
    answer = world.attempt(
        "take back", lambda: wallet.cancel_withdrawal(id_of(operation.owner), operation.reference)
    )
    world.say(f"{operation.reference} is taken back: {answer.how} {code_of(answer) or said(answer.value)}")
    if answer.how == "refused":
        agree(
            code_of(answer) in {*expected, *NOT_JUDGED},
            f"{operation.reference}: {code_of(answer)}, not {expected}",
        )
    elif answer.how == "told":
        agree(None in expected, f"{operation.reference} was taken back, and was to be refused as {expected}")


def bank_works(world: World) -> None:
    """The bank fetches our files, and puts its own where we look for them."""
    taken, names = world.outside.clearing.take(), world.outside.clearing.post()
    world.say(f"the bank takes {taken} payouts, and writes {', '.join(names) or 'nothing'}")
    world.met["payouts taken by the bank"] += taken
    for name in names:
        world.met[f"file of the bank {name[7:10]}"] += 1


def _review_first(world: World, wish: Wish) -> None:
    """What is shown before the PIN agrees with the model, and so with what is done; its terms are then agreed to."""
    assert wish.account is not None
    shown = wallet.quote_withdrawal(
        id_of(wish.owner), account=wish.account, amount=Money(wish.amount, wish.currency)
    )
    expected = world.model.judge_withdrawal(replace(wish, pin=None), world.now, review=True)
    agree(
        (shown.outcome, shown.code, shown.fee.minor) == (expected.outcome, expected.code, expected.fee),
        f"{wish.key}: the review said {shown}, the model {expected}",
    )
    if shown.outcome != "refused" and world.chance.random() < 0.7:
        stale = world.chance.random() < 0.1
        wish.terms = (shown.outcome, shown.fee.minor + stale)


def _read_account(person: Person) -> None:
    for bound in people.bindings(id_of(person)):
        person.account, person.bound_at = bound.id, bound.bound_at


def _document(number: int) -> str:
    start = f"11010119900307{number + 100:03}"
    return start + ric.calc_check_digit(f"{start}0")


def _card(number: int) -> str:
    start = f"622202{number + 1_000:012}"
    return start + calc_check_digit(start)


ACTIONS: dict[Callable[[World], None], int] = {
    bind: 3, withdraw: 14, misuse_key: 1, take_back: 2, bank_works: 8,
}  # fmt: skip
