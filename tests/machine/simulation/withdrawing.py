"""Money out: accounts are bound, withdrawals asked for and taken back, and the bank works on what it was sent."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

from stdnum.cn import ric
from stdnum.luhn import calc_check_digit

from guitai.base.actor import SYSTEM
from guitai.base.money import Money
from guitai.people import api as people
from guitai.people.types import AccountClaim, IdentityClaim, Proof
from guitai.rails import api as rails
from guitai.rails.terms import RailTerms
from guitai.wallet import api as wallet
from tests.machine.simulation.asking import NOT_JUDGED, anybody, ask, code_of, hear, id_of, said, words
from tests.machine.simulation.gateways import PAYING
from tests.machine.simulation.known import PASSWORD, PIN, WRONG_PIN, Account, Person, Wish, agree
from tests.machine.simulation.money_out import WAYS
from tests.machine.simulation.outside import RAILS
from tests.machine.simulation.world import World

# Who has less has little to withdraw.
_WORTH_IT = 10_00


def bind(world: World) -> None:
    """Somebody says who they are, and binds an account of theirs, at a bank or with a gateway."""
    without = [
        (person, kind) for person in world.registered() for kind in WAYS if kind not in person.accounts
    ]
    if not without:
        withdraw(world)
        return
    person, kind = world.chance.choice(without)
    owner, number = id_of(person), world.persons.index(person)
    if person.tier < 1:
        claim = IdentityClaim("national_id", "CN", _document(number), "林月")
        answer = world.attempt("identity", lambda: people.declare_identity(owner, claim))
        world.say(f"{person.phone} says who they are: {answer.how} {code_of(answer)}")
        person.tier = people.identity(owner).tier
    if person.tier < 1:
        return
    account = AccountClaim(kind, _NUMBERS[kind](number), "林月", bank="Sea Bank" if kind == "cn_card" else "")
    answer = world.attempt("bind", lambda: people.bind_account(owner, account, Proof(password=PASSWORD)))
    world.say(f"{person.phone} binds an account ({kind}): {answer.how} {code_of(answer)}")
    for bound in people.bindings(owner):
        person.accounts[bound.kind] = Account(bound.id, bound.kind, bound.bound_at)


def withdraw(world: World) -> None:
    """Mostly right: now and then with another PIN, to an account of nobody, by a way that is none, too much, or in a
    currency that stays."""
    person, chance = _somebody(world), world.chance
    if person is None:
        return
    stranger = not person.accounts or chance.random() < 0.04
    account = None if stranger else _choose_account(world, person)
    number = account.id if account is not None else UUID(int=chance.getrandbits(128))
    pin = None if chance.random() < 0.02 else WRONG_PIN if chance.random() < 0.05 else PIN
    currency = "JPY" if chance.random() < 0.04 else "CNY"
    wish = Wish("withdrawal", person, f"w{world.step}", currency, 1, pin=pin, account=number)
    wish.wanted = _choose_way(world, person, account)
    wish.rail = world.model.way(wish)
    wish.amount = _draw_amount(world, wish)
    if chance.random() < 0.4:
        _review_first(world, wish)
    world.wishes.append(wish)
    answer = world.attempt("withdrawal", lambda: ask(wish))
    way = f"by {wish.rail}{'' if wish.wanted else ' (not chosen)'}"
    world.say(f"{words(wish)} {way}: {answer.how} {code_of(answer) or said(answer.value)}")
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
    amount = Money(wish.amount, wish.currency)
    shown = wallet.quote_withdrawal(id_of(wish.owner), account=wish.account, amount=amount, rail=wish.wanted)
    expected = world.model.judge_withdrawal(replace(wish, pin=None), world.now, review=True)
    agree(
        (shown.outcome, shown.code, shown.fee.minor, shown.rail)
        == (expected.outcome, expected.code, expected.fee, wish.rail),
        f"{wish.key}: the review said {shown}, the model {expected}",
    )
    if shown.outcome != "refused" and world.chance.random() < 0.7:
        stale = world.chance.random() < 0.1
        wish.terms = (shown.outcome, shown.fee.minor + stale)


def _somebody(world: World) -> Person | None:
    """Mostly one who can withdraw: others are refused, and prove less."""
    able = [p for p in world.registered() if p.accounts and not p.stops and p.money["CNY"] >= _WORTH_IT]
    if able and world.chance.random() < 0.85:
        return world.chance.choice(able)
    return anybody(world, rich=True)


def _choose_way(world: World, person: Person, account: Account | None) -> str:
    """Mostly one of those that are shown, which are the model's; sometimes none is chosen, or one that is none."""
    chance = world.chance
    drawn = chance.random()
    if account is None or drawn < 0.15:
        return ""
    if drawn < 0.2:
        return chance.choice(RAILS)
    shown = wallet.withdrawal_ways(id_of(person), account=account.id)
    told, expected = {way.rail: way.funded for way in shown}, world.model.offered(account)
    agree(told == expected, f"{person.phone} is offered {told} to {account.kind}, the model has {expected}")
    funded = [way.rail for way in shown if way.funded]
    usual = [way.rail for way in shown if way.usual]
    agree(len(usual) == bool(shown) and (not funded or usual[0] in funded), f"usual are {usual} of {told}")
    return chance.choice([rail for rail in funded if _pays(world, rail)] or usual or [""])


def _choose_account(world: World, person: Person) -> Account:
    """Mostly one to which something can be paid out."""
    own, model = list(person.accounts.values()), world.model
    able = [account for account in own if any(_pays(world, rail) for rail in model.offered(account))]
    return world.chance.choice(able if able and world.chance.random() < 0.9 else own)


def _pays(world: World, rail: str) -> bool:
    return world.model.float(rail, "CNY") >= _WORTH_IT


def _draw_amount(world: World, wish: Wish) -> int:
    rules, has = world.model.rules, wish.owner.money["CNY"]
    fee, once = rules.withdrawal_fee(wish.rail, "CNY", has), rules.limits["withdrawal", "CNY"][0] or has
    there, (_, least, most) = world.model.float(wish.rail, "CNY"), rules.ways[wish.rail]
    edge = world.chance.choice((least - 1, least, most, most + 1, once + 1, has, has - fee, there + 1))
    able = min(there, has - fee, once)
    amount = world.chance.choice(
        (100, able // 20, able // 9, able // 9, able // 5, able // 3, able // 2, able, edge)
    )
    return max(amount, 1)


def change_terms(world: World) -> None:
    """The operator lets other amounts out by a gateway, or nothing for a while."""
    chance = world.chance
    rail = chance.choice(tuple(PAYING))
    least, most = chance.choice(((1, 0), (1, 0), (50_00, 0), (1, 1_200_00)))
    on = not world.model.rules.ways[rail][0] or chance.random() < 0.85
    terms = RailTerms(payouts=on, minimum=least, maximum=most)
    answer = world.attempt("terms", lambda: rails.publish_settings(rail, {}, SYSTEM, terms=terms))
    world.say(f"{rail} is used with {terms}: {answer.how}")
    world.read_rules()


def _document(number: int) -> str:
    start = f"11010119900307{number + 100:03}"
    return start + ric.calc_check_digit(f"{start}0")


def _card(number: int) -> str:
    start = f"622202{number + 1_000:012}"
    return start + calc_check_digit(start)


# The number that somebody has who is one of so many, by kind of account.
_NUMBERS = {"cn_card": _card, "alipay": lambda number: f"payee{number}@example.com"}
ACTIONS: dict[Callable[[World], None], int] = {
    bind: 4, withdraw: 16, misuse_key: 1, take_back: 2, bank_works: 8, change_terms: 2,
}  # fmt: skip
