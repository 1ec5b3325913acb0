"""What is looked at after every step, and what is proved now and then."""

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models.expressions import RawSQL

from guitai.kit.models import Topic
from guitai.ledger import api as ledger
from guitai.rails.models import InboxMessage, Order, StatementEntry
from guitai.site import verify
from guitai.wallet.kinds.parked import CREDIT
from guitai.wallet.models import LimitUsed, OpenItem, Operation, OperationEvent
from guitai.wallet.reads import note_of
from guitai.wallet.rules import chart
from guitai.wallet.till.types import Outcome
from tests.machine.simulation import asking, money_in
from tests.machine.simulation.known import (
    CURRENCIES,
    UNKNOWN,
    Happened,
    Person,
    Receipt,
    Truth,
    Wish,
    agree,
    alike,
)
from tests.machine.simulation.known import Operation as Known
from tests.machine.simulation.outside import RAILS
from tests.machine.simulation.sides import Side
from tests.machine.simulation.world import World

_REPLAYS_NOW = 5
# The currency in which somebody pays who pays in the wrong one.
FOREIGN = "USD"
# Operations that begin without a customer's wish, and what only a person does.
_UNASKED = (CREDIT, money_in.CREDIT)
_BY_HAND = ("hold_cancelled", "hold_declined", "withdrawal_cancelled", "withdrawal_declined")
# What a topic may fail of: the fault that was injected.
_FAULTS = ("OperationalError", "InterfaceError", "ConnectorException")


def after_each_step(world: World) -> None:
    """Read what the timeline says, let the model follow, and compare every balance."""
    events = _events(world)
    rows = {row.id: row for row in Operation.objects.filter(id__in={event.operation_id for event in events})}
    unasked = {event.operation_id for event in events if event.intent in _UNASKED}
    _conclude(world, [r for r in rows.values() if r.id not in world.model.operations and r.id not in unasked])
    for event in events:
        _follow(world, event, rows[event.operation_id])
    for row in rows.values():
        if row.kind != "receipt":
            _same(world, row)
    _standings(world)
    _balances(world)


def everything(world: World, replays: int = _REPLAYS_NOW) -> None:
    """All the proofs of the house, and the model's own sums."""
    findings, _ = verify.run()
    agree(not findings, f"verify found {findings}")
    agree(
        Operation.objects.count() == len(world.model.operations) + len(world.model.receipts),
        "there are operations that nobody asked for",
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
        again = asking.ask(wish)
        agree(again.replayed and alike(again, before), f"{wish.key}: told {again} and before {before}")


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
        elif wish.kind == "withdrawal":
            world.note_delay()
            expected = world.model.judge_withdrawal(wish, world.now)
        else:
            expected = world.model.judge_top_up(wish, world.now)
        if told is None:
            world.say(f"  {wish.key} was not told, and is in the books: {outcome.reference} {outcome.state}")
        world.model.take(wish, expected, outcome, world.now)
        way = f" by {wish.rail}" if wish.kind == "withdrawal" else ""
        world.met[f"{wish.kind}{way} {outcome.state} {outcome.code or ''}".strip()] += 1


def _found(wish: Wish, new: Iterable[Operation]) -> Outcome | None:
    """The outcome that a wish must be told when it is asked again. Its facts are not known here."""
    for row in new:
        same = (row.owner, row.kind, row.currency, row.amount_minor)
        if same == (wish.owner.id, wish.kind, wish.currency, wish.amount) and note_of(row) == wish.note:
            how = {"refused": "refused", "held": "held"}.get(row.state, "approved")
            return Outcome(row.id, row.reference, how, row.state, row.code, UNKNOWN)  # type: ignore[arg-type]
    return None


def _follow(world: World, event: OperationEvent, row: Operation) -> None:
    if row.kind == "receipt":
        _follow_receipt(world, event, row)
        return
    operation = world.model.operations.get(event.operation_id)
    if operation is None and event.intent in _UNASKED:
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
    way = f" by {operation.rail}" if row.kind == "withdrawal" else ""
    world.met[f"{row.kind}{way} {event.event} {event.code or ''}".strip()] += 1
    agree(
        not event.actor.startswith("rail:") or event.actor == f"rail:{operation.rail}",
        f"{row.reference} is told of by {event.actor}, and goes by {operation.rail}",
    )
    by_hand = event.code in _BY_HAND or event.event in ("released", "parked_credited")
    agree(not by_hand or world.decided == row.id, f"{row.reference} was {event.event}, and nobody decided it")
    told = event.facts.get("received")
    received = (told["amount"], told["currency"]) if isinstance(told, dict) else None
    happened = Happened(
        event.intent, event.event, event.state, event.code, row.delivered, world.now, received,
        bool(event.transfers),
    )  # fmt: skip
    world.model.advance(operation, happened, _truth(world, operation))


def _truth(world: World, operation: Known) -> Truth:
    """What the outside has of an operation, and may have told."""
    if operation.kind == "withdrawal":
        world.note_delay()
        paid = world.outside.paid_out(operation.reference)
        return (
            Truth(has_it=True, told=frozenset(paid.told), came_back=paid.came_back)
            if paid is not None
            else Truth()
        )
    if operation.kind != "top_up":
        return Truth()
    side = world.outside.sides[operation.rail]
    order = side.orders.get(operation.reference)
    paid_in = tuple((p.amount, p.currency) for p in side.payments.get(operation.reference, []) if p.heard)
    return Truth(
        proved=side.proved(operation.reference) or _unanswered(side, operation.reference),
        paid=paid_in,
        # What its rail never heard of, nobody can pay.
        closed=order is None or order.closed or bool(order.failed),
        failed=order.failed if order is not None else "",
    )


def _unanswered(side: Side, reference: str) -> bool:
    """Whether a notice was judged before its rail had said to which account the order is paid: it takes any of ours."""
    if not any(p.heard and p.what == "wrong_payee" for p in side.payments.get(reference, [])):
        return False
    order = Order.objects.get(order_reference=reference)
    settled = InboxMessage.objects.filter(payment_reference=reference, state="settled")
    return order.instructed_at is None or settled.filter(judged_at__lte=order.instructed_at).exists()


def _follow_credit(world: World, event: OperationEvent, row: Operation) -> None:
    """What staff credited of money that stood in suspense."""
    owner = next(person for person in world.registered() if person.id == row.owner)
    credited = Known(
        row.id, row.reference, row.kind, owner, row.currency, row.amount_minor, row.fee_minor, row.state, row.code,
        world.now,
    )  # fmt: skip
    if event.intent == money_in.CREDIT:
        agree(world.decided == row.owner, f"{row.reference} was credited by nobody")
        if event.outcome == "refused":
            credited.told = True
            world.model.operations[credited.id] = credited
            return
        world.say(f"  {row.amount_minor} {row.currency} out of suspense credited as {row.reference}")
        world.met["receipt credited"] += 1
        world.model.credit_receipt(credited, owner)
        return
    named = next(
        (o for o in world.model.operations.values() if o.reference == event.facts.get("named")), None
    )
    agree(named is not None and world.decided == named.id, f"{row.reference} was credited by nobody")
    assert named is not None
    world.say(f"  {named.reference}: {row.amount_minor} {row.currency} credited as {row.reference}")
    world.met["parked credited"] += 1
    world.model.credit_aside(named, credited)


def _follow_receipt(world: World, event: OperationEvent, row: Operation) -> None:
    """The house's own movements: each of them is a line that the outside has really written."""
    world.say(f"  receipt {row.reference} {event.intent} {event.state} {row.amount_minor} {row.currency}")
    world.met[f"{event.intent} {event.state}"] += 1
    if event.intent == money_in.HOLD:
        item = OpenItem.objects.get(held_by=row.id)
        real = [
            one for one in world.outside.sides[item.rail].books.bookings
            if (one.reference, one.minor, one.currency) == (item.bank_reference, row.amount_minor, row.currency)
        ]  # fmt: skip
        agree(len(real) == 1, f"{row.reference} holds {item.bank_reference}, which is nowhere in the books")
        world.model.held(Receipt(row.id, item.rail, row.amount_minor, row.currency, "held"))
        return
    if event.intent == money_in.UNDO:
        line = StatementEntry.objects.get(id=int(event.facts["line"]))
        taken = [
            (rail, one.minor) for rail, side in world.outside.sides.items() for one in side.books.bookings
            if (one.reference, one.currency) == (line.reference, row.currency) and one.end_to_end == line.end_to_end_id
        ]  # fmt: skip
        agree(len(taken) == 1, f"{row.reference} undoes {line.reference}, which is nowhere in the books")
        world.model.undone(*taken[0], row.currency)
        return
    agree(event.intent in (money_in.RETURN, money_in.RETURN_END), f"nobody asked for {event.intent}")
    receipt = Receipt(row.id, "bank", row.amount_minor, row.currency, event.state)
    world.model.sent_back(receipt, event.state)


def _same(world: World, row: Operation) -> None:
    known = world.model.operations[row.id]
    if known.deadlines:
        agree(row.resolves_by in known.deadlines, f"{row.reference} is promised by {row.resolves_by}, "
              f"the model has {sorted(known.deadlines)}")  # fmt: skip
        known.deadline, known.deadlines = row.resolves_by, frozenset()
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
    transit = {
        o.id for o in world.model.operations.values() if o.kind == "transfer" and o.reserved
    }  # fmt: skip
    waiting = [o for o in world.model.operations.values() if o.id in transit]
    for currency in (*CURRENCIES, FOREIGN):
        _house(world, currency, sum(o.reserved for o in waiting if o.currency == currency))


def _house(world: World, currency: str, reserved: int) -> None:
    codes = (*(chart.RAILS[rail] for rail in RAILS), chart.FEES, chart.TRANSIT, chart.SUSPENSE)
    found = {a.code: a for a in ledger.accounts([chart.house_account(c, currency).id for c in codes])}
    fees, transit, suspense = (found.get(code) for code in (chart.FEES, chart.TRANSIT, chart.SUSPENSE))
    rails = {rail: found.get(chart.RAILS[rail]) for rail in RAILS}
    has = (
        {rail: a.debits_posted - a.credits_posted if a else 0 for rail, a in rails.items()},
        fees.credits_posted - fees.debits_posted if fees else 0,
        transit.credits_posted - transit.debits_posted if transit else 0,
        transit.credits_pending if transit else 0,
        suspense.credits_posted - suspense.debits_posted if suspense else 0,
    )
    model = world.model
    ours = (
        {rail: model.banked[rail, currency] for rail in RAILS},
        model.fees[currency], 0, reserved, model.suspense[currency],
    )  # fmt: skip
    what = "rails, fees, transit, reserved, suspense"
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
