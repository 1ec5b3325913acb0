"""What is looked at after every step, and what is proved now and then."""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from guitai.audit import api as audit
from guitai.kit.models import Topic
from guitai.ledger import api as ledger
from guitai.notify.models import Delivery
from guitai.rails.models import InboxMessage
from guitai.site import verify
from guitai.wallet.kinds.parked import CREDIT
from guitai.wallet.models import LimitUsed, Operation, OperationEvent
from guitai.wallet.reads import note_of
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Outcome
from tests.machine.simulation import story, worker
from tests.machine.simulation.model import CURRENCIES, UNKNOWN, Person, Wish, agree, alike
from tests.machine.simulation.model import Operation as Known
from tests.machine.simulation.world import World

# Longer than the bank is late and a notice about an unknown order is looked at again.
_QUIET_ROUNDS, _QUIET_STEP = 32, timedelta(hours=6)
# When everything has come that ever comes, and there is time left to tell people of it.
_STAFF_ROUND = 20
_REPLAYS_NOW, _REPLAYS_END = 5, 150
# The currency in which somebody pays who pays in the wrong one.
FOREIGN = "USD"
# What a topic may fail of: the fault that was injected.
_FAULTS = ("OperationalError", "InterfaceError")


def after_each_step(world: World) -> None:
    """Read what the timeline says, let the model follow, and compare every balance."""
    events = _events(world)
    rows = {row.id: row for row in Operation.objects.filter(id__in={event.operation_id for event in events})}
    by_staff = {event.operation_id for event in events if event.intent == CREDIT}
    _conclude(
        world, [r for r in rows.values() if r.id not in world.model.operations and r.id not in by_staff]
    )
    for event in events:
        _follow(world, event, rows[event.operation_id])
    for row in rows.values():
        _same(world, row)
    _standings(world)
    _balances(world)


def everything(world: World, replays: int = _REPLAYS_NOW) -> None:
    """All the proofs of the house, and the model's own sums."""
    findings, _ = verify.run()
    agree(not findings, f"verify found {findings}")
    agree(
        Operation.objects.count() == len(world.model.operations), "there are operations that nobody asked for"
    )
    _limits(world)
    broken = [t for t in Topic.objects.filter(handled_at=None, attempts__gt=0) if not _by_fault(t.error)]
    agree(not broken, f"topics fail: {[(t.name, t.payload, t.error) for t in broken[:3]]}")
    if not Topic.objects.filter(handled_at=None).exists():
        late = world.model.overdue(world.now)
        agree(not late, f"no topic brings {[o.reference for o in late]} to those who can have it")
    told = [wish for wish in world.wishes if wish.outcome is not None]
    for wish in world.chance.sample(told, min(len(told), replays)):
        before = wish.outcome
        again = story.ask(wish)
        agree(again.replayed and alike(again, before), f"{wish.key}: told {again} and before {before}")


def quiet_down(world: World) -> None:
    """No more wishes and no more faults: everything that is on its way arrives, and nothing is left."""
    world.faults = False
    world.step += 1
    world.begin_step()
    with world.at_this_moment():
        for _again in range(3):
            worker.drain(world)
        after_each_step(world)
        everything(world)
    for number in range(_QUIET_ROUNDS):
        world.step += 1
        world.begin_step()
        world.pass_time(_QUIET_STEP)
        with world.at_this_moment():
            for copy in [c for c in world.bank.copies if c.due <= world.now]:
                world.bank.tell(copy)
                world.bank.arrived(copy)
            for _again in range(3):
                worker.drain(world)
            after_each_step(world)
            if number == _STAFF_ROUND:
                for _settled in story.settle_each_parked(world):
                    after_each_step(world)
    with world.at_this_moment():
        _nothing_is_left(world)
        everything(world, _REPLAYS_END)
        while audit.seal():
            pass
        chain = audit.verify()
        agree(not chain.problems, f"{chain.problems}")


def _nothing_is_left(world: World) -> None:
    open_states = ("held", "sent", "awaiting_payment")
    stuck = Operation.objects.filter(
        state__in=open_states, resolves_by__lte=world.now - timedelta(minutes=10)
    )
    agree(not stuck, f"past their deadlines: {[(o.reference, o.state) for o in stuck]}")
    for operation in world.model.operations.values():
        if operation.kind == "top_up" and world.bank.owes(operation.reference):
            agree(
                operation.credited or operation.parked or operation.settled,
                f"{operation.reference} was paid and is {operation.state} ({operation.code})",
            )
        elif operation.kind == "transfer":
            agree(operation.reserved == 0, f"{operation.reference} still waits, {operation.state}")
    _suspense_is_explained(world)
    agree(not worker.open_jobs(), f"jobs are left: {worker.open_jobs()[:5]}")
    topics = list(Topic.objects.filter(handled_at=None))
    agree(not topics, f"topics are left: {[(t.name, t.error) for t in topics[:3]]}")
    waiting = list(InboxMessage.objects.filter(state__in=("received", "waiting")))
    agree(not waiting, f"notices are not judged: {[(m.state, m.code) for m in waiting[:5]]}")
    unsent = list(Delivery.objects.filter(state__in=("queued", "sending")))
    agree(not unsent, f"messages are not sent: {[(d.state, d.trouble) for d in unsent[:5]]}")


def _suspense_is_explained(world: World) -> None:
    """What nobody has settled yet is known, line by line, and each of its top-ups says so and by when it was due."""
    aside = Counter[str]()
    for operation in world.model.operations.values():
        for amount, currency in operation.parked:
            aside[currency] += amount
        if operation.parked and not operation.credited:
            agree(
                operation.state == "unknown",
                f"{operation.reference} is over, and {operation.parked} stands aside",
            )
    agree(+aside == +world.model.suspense, f"{world.model.suspense} is in suspense, explained is {aside}")


def _standings(world: World) -> None:
    """What is stopped now, by whomever: it is what the next step's wishes are judged by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, scope FROM people_standing")
        scopes = dict(cursor.fetchall())
    for person in world.registered():
        scope = set(scopes[person.id])
        if scope - person.stops:
            world.model.stopped(person)
        elif person.stops - scope and "receiving" not in scope:
            world.model.opened(person, world.now)
        person.stops = scope


def _events(world: World) -> list[OperationEvent]:
    """What the timelines say of this moment and was not read before, in the order in which it was written."""
    found = OperationEvent.objects.filter(at=world.now).exclude(event="")
    # Ids of one millisecond are in no order; within a transaction its commands are counted.
    found = found.annotate(
        written=RawSQL("wallet_operation_event.xmin::text::bigint", ()),
        command=RawSQL("wallet_operation_event.cmin::text::bigint", ()),
    ).order_by("written", "command", "id")
    fresh = [event for event in found if event.id not in world.events_seen]
    world.events_seen |= {event.id for event in fresh}
    return fresh


def _conclude(world: World, new: list[Operation]) -> None:
    """The wishes of this step: told ones, and those whose answer was lost but whose operation is there."""
    dealt = {wish.owner.phone: frozenset(wish.owner.dealt) for wish, _ in world.asked}
    for wish, told in world.asked:
        outcome = told if told is not None else _found(wish, new)
        if outcome is None:
            continue
        if wish.kind == "transfer":
            expected = world.model.judge_send(wish, world.now, dealt[wish.owner.phone])
        else:
            expected = world.model.judge_top_up(wish, world.now)
        if told is None:
            world.say(f"  {wish.key} was not told, and is in the books: {outcome.reference} {outcome.state}")
        world.model.take(wish, expected, outcome, world.now)
        world.met[f"{wish.kind} {outcome.state} {outcome.code or ''}".strip()] += 1


def _found(wish: Wish, new: Iterable[Operation]) -> Outcome | None:
    """The outcome that a wish must be told when it is asked again. Its facts are not known here."""
    for row in new:
        same = (row.owner, row.kind, row.currency, row.amount_minor)
        if same == (wish.owner.id, wish.kind, wish.currency, wish.amount) and note_of(row) == wish.note:
            how = {"refused": "refused", "held": "held"}.get(row.state, "approved")
            return Outcome(row.id, row.reference, how, row.state, row.code, UNKNOWN)  # type: ignore[arg-type]
    return None


def _follow(world: World, event: OperationEvent, row: Operation) -> None:
    operation = world.model.operations.get(event.operation_id)
    if operation is None and event.intent == CREDIT:
        _follow_credit(world, event, row)
        return
    agree(operation is not None, f"nobody asked for operation {row.reference} ({event.event}, {event.code})")
    assert operation is not None
    if not operation.told:
        operation.told = True
        agree(
            (event.state, event.code) == (operation.state, operation.code),
            f"{row.reference} began as {event.state}",
        )
        return
    world.say(f"  {row.reference} {operation.state} -> {event.state} {event.event} {event.code or ''}")
    world.met[f"{row.kind} {event.event} {event.code or ''}".strip()] += 1
    by_hand = event.code in ("hold_cancelled", "hold_declined")
    by_hand = by_hand or event.event in ("released", "parked_credited")
    agree(not by_hand or world.decided == row.id, f"{row.reference} was {event.event}, and nobody decided it")
    proved = world.bank.proved(row.reference)
    world.model.advance(operation, event.state, event.code, row.delivered, world.now, proved, event.event)
    if event.event in ("parked", "returning"):
        received = event.facts["received"]
        world.model.set_aside(operation, received["amount"], received["currency"])


def _follow_credit(world: World, event: OperationEvent, row: Operation) -> None:
    """What staff credited of a payment that did not fit."""
    named = next(
        (o for o in world.model.operations.values() if o.reference == event.facts.get("named")), None
    )
    agree(named is not None and world.decided == named.id, f"{row.reference} was credited by nobody")
    assert named is not None
    credited = Known(
        row.id, row.reference, row.kind, named.owner, row.currency, row.amount_minor, row.fee_minor, row.state,
        row.code, world.now,
    )  # fmt: skip
    world.say(f"  {named.reference}: {row.amount_minor} {row.currency} credited as {row.reference}")
    world.met["parked credited"] += 1
    world.model.credit_aside(named, credited)


def _same(world: World, row: Operation) -> None:
    known = world.model.operations[row.id]
    said = (
        row.state,
        row.code,
        row.delivered,
        row.resolves_by,
        row.amount_minor,
        row.fee_minor,
        row.currency,
    )
    ours = (known.state, known.code, known.delivered, known.deadline, known.amount, known.fee, known.currency)
    agree(said == ours, f"{row.reference} is {said}, the model has {ours}")


def _balances(world: World) -> None:
    """Every customer's money, what is set aside, and the house's own accounts, to the last minor unit."""
    wanted: dict[UUID, tuple[Person, str]] = {}
    for person in world.registered():
        for currency in CURRENCIES:
            wanted[chart.customer_account(person.id, currency).id] = (person, currency)  # type: ignore[arg-type]
    reserved = dict.fromkeys(wanted.values(), 0)
    for operation in world.model.operations.values():
        if (aside := operation.reserved) != 0:
            reserved[operation.owner, operation.currency] += aside
    found = {account.id: account for account in ledger.accounts(list(wanted))}
    for number, (person, currency) in wanted.items():
        account = found.get(number)
        has = (account.available_credit, account.debits_pending) if account else (0, 0)
        ours = (person.money[currency], reserved[person, currency])
        agree(has == ours, f"{person.phone} has {has} {currency}, the model says {ours}")
    for currency in (*CURRENCIES, FOREIGN):
        _house(world, currency, sum(aside for (_, c), aside in reserved.items() if c == currency))


def _house(world: World, currency: str, reserved: int) -> None:
    codes = (chart.BANK, chart.FEES, chart.TRANSIT, chart.SUSPENSE)
    found = {a.code: a for a in ledger.accounts([chart.house_account(c, currency).id for c in codes])}
    bank, fees, transit, suspense = (found.get(code) for code in codes)
    has = (
        bank.debits_posted - bank.credits_posted if bank else 0,
        fees.credits_posted - fees.debits_posted if fees else 0,
        transit.credits_posted - transit.debits_posted if transit else 0,
        transit.credits_pending if transit else 0,
        suspense.credits_posted - suspense.debits_posted if suspense else 0,
    )
    model = world.model
    ours = (model.banked[currency], model.fees[currency], 0, reserved, model.suspense[currency])
    what = "bank, fees, transit, reserved, suspense"
    agree(has == ours, f"the house has {has} {currency} ({what}), the model says {ours}")


def _limits(world: World) -> None:
    """Each limit window, against the model's count."""
    phones = {person.id: person.phone for person in world.registered()}
    months: Counter[Any] = Counter()
    for (kind, phone, currency, day), count in world.model.used.items():
        months[kind, phone, currency, day.replace(day=1)] += count
    for row in LimitUsed.objects.all():
        window = (row.name, phones[row.owner], row.currency)
        has = (row.month_minor, row.day_minor)
        ours = (months.pop((*window, row.month), 0), world.model.used[*window, row.day])
        agree(has == ours, f"{window} has taken {has} of {row.month} and {row.day}, the model says {ours}")
    agree(not +months, f"these limits are not taken: {+months}")


def _by_fault(error: str) -> bool:
    return any(name in error for name in _FAULTS)
