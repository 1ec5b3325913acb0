"""The end of a story: nobody wishes for anything, nothing breaks, and time passes until everything is known.

Then it is looked at whether everything is in a final state, every line of a statement explained, every day of every
rail agreed to the minor unit with what the outside really holds.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from guitai.audit import api as audit
from guitai.base.actor import SYSTEM
from guitai.kit.models import Topic
from guitai.kit.transactions import outermost
from guitai.notify.models import Delivery
from guitai.people import api as people
from guitai.rails.models import InboxMessage, StatementEntry, StatementFile, StatementMatch
from guitai.wallet import api as wallet
from guitai.wallet.models import DailyClose, OpenItem, Operation, ParkedPayment
from guitai.wallet.reconciliation.flows.close_day import draft_day
from guitai.wallet.types import FINAL_STATES
from tests.machine.simulation import checks, counter, worker
from tests.machine.simulation.known import CURRENCIES, ZONE, agree
from tests.machine.simulation.outside import RAILS
from tests.machine.simulation.world import START, World

# Longer than the bank is late, than a withdrawal is waited for, and than a notice of an unknown order is looked at.
_ROUNDS, _STEP = 37, timedelta(hours=11)
# When everything has come that ever comes, and there is time left to tell people of it, and for what it causes.
_STAFF_ROUND = 25
_REPLAYS = 150
# How often all duties run, and not only those that money waits for.
_ALL_DUTIES = 6


# What has to become of a withdrawal, by what was made of it.
_ENDS = {
    "rejected": {"failed"}, "refused": {"failed"}, "fails": {"failed"}, "returned": {"returned"}, "kept": {"returned"},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of everything."""

    operations: dict[str, int]
    lines: dict[str, int]
    closes: int
    signed: str

    def __str__(self) -> str:
        return "\n".join([
            "operations by kind and final state:", *_lines(self.operations),
            "lines of statements by what they are:", *_lines(self.lines),
            f"daily closes: {self.closes}, every one of them agrees", self.signed,
        ])  # fmt: skip


def make(world: World) -> Ended:
    """No more wishes and no more faults: everything that is on its way arrives, and nothing is left."""
    world.faults = False
    for number in range(_ROUNDS):
        world.step += 1
        world.begin_step()
        world.pass_time(_STEP if number else timedelta())
        with world.at_this_moment():
            if number == 0:
                world.outside.calm()
                _release_everybody(world)
                checks.after_each_step(world)
            world.note_delay()
            _arrive(world)
            worker.drain(world, only_money=number % _ALL_DUTIES != 0)
            checks.after_each_step(world)
            if number == 0:
                checks.everything(world)
            if number == _STAFF_ROUND:
                for _settled in counter.settle_each_parked(world):
                    checks.after_each_step(world)
    with world.at_this_moment():
        _nothing_is_left(world)
        checks.everything(world, _REPLAYS)
        while audit.seal():
            pass
        chain = audit.verify()
        agree(not chain.problems, f"{chain.problems}")
        return Ended(_final(world), _explained(world), _closed(world), _safeguarded(world))


def _arrive(world: World) -> None:
    """What is on its way comes: files, notices, and what the outside does by itself."""
    outside = world.outside
    outside.work()
    outside.clearing.take()
    outside.clearing.post()
    for copy in [copy for copy in outside.copies if copy.due <= world.now]:
        copy.side.tell(copy)
        copy.side.arrived(copy)


def _release_everybody(world: World) -> None:
    """Nobody is stopped any more: what stands aside for somebody may reach them."""
    for person in world.registered():
        assert person.id is not None
        for cause in people.standing(person.id).causes:
            with outermost():
                people.release(person.id, SYSTEM, cause=cause.id)


def _nothing_is_left(world: World) -> None:
    for operation in world.model.operations.values():
        if operation.kind == "top_up" and world.outside.owes(operation.reference):
            agree(
                operation.credited or operation.parked or operation.settled,
                f"{operation.reference} was paid and is {operation.state} ({operation.code})",
            )
        elif operation.kind != "top_up":
            agree(operation.reserved == 0, f"{operation.reference} still waits, {operation.state}")
    for paid in world.outside.payouts:
        ended = _ENDS.get(paid.fate, {"succeeded"})
        if paid.state == "back" and "rejected" in paid.told:
            # What its payee had sent back when it was asked about, a gateway calls failed.
            ended = {*ended, "failed"}
        row = Operation.objects.get(reference=paid.reference)
        if row.kind == "withdrawal":
            agree(row.state in ended, f"{paid.reference} was {paid.fate} by {paid.rail}, and is {row.state}")
    agree(not worker.open_jobs(), f"jobs are left: {worker.open_jobs()[:5]}")
    topics = list(Topic.objects.filter(handled_at=None))
    agree(not topics, f"topics are left: {[(t.name, t.error) for t in topics[:3]]}")
    waiting = list(InboxMessage.objects.filter(state__in=("received", "waiting")))
    agree(not waiting, f"notices are not judged: {[(m.state, m.code) for m in waiting[:5]]}")
    unsent = list(Delivery.objects.filter(state__in=("queued", "sending")))
    agree(not unsent, f"messages are not sent: {[(d.state, d.trouble) for d in unsent[:5]]}")
    told = list(Topic.objects.filter(name="wallet.withdrawal_contradicted"))
    agree(not told, f"the bank contradicts itself, and never did: {[t.payload for t in told[:3]]}")


def _final(world: World) -> dict[str, int]:
    """Every operation is over; money that nobody could be given yet is the only reason not to be."""
    found = Counter[str]()
    for row in Operation.objects.order_by("id"):
        known = world.model.operations.get(row.id)
        aside = known is not None and bool(known.parked)
        agree(row.state in FINAL_STATES or aside, f"{row.reference} ({row.kind}) is {row.state} {row.code}")
        found[f"{row.kind} {row.state}{' (money stands aside)' if aside else ''}"] += 1
    return dict(sorted(found.items()))


def _explained(world: World) -> dict[str, int]:
    """Each line is a movement, or a row with the reason why it is nobody's yet; suspense is the sum of such rows."""
    found, aside = Counter[str](), Counter[str]()
    open_ = StatementEntry.objects.filter(repeat_of=None).exclude(
        id__in=StatementMatch.objects.values("entry_id")
    )
    items = {item.line_id: item for item in OpenItem.objects.all()}
    for line in open_:
        item = items.get(line.id)
        agree(item is not None and item.code, f"line {line.reference} is no movement, and nobody knows why")
    agree(not open_, f"lines prove no movement: {[(one.reference, items[one.id].code) for one in open_[:5]]}")
    found["matched with a movement"] = StatementMatch.objects.count()
    found["told again by another statement"] = StatementEntry.objects.exclude(repeat_of=None).count()
    for item in items.values():
        found[f"held for a person: {item.code}, {item.state}"] += 1
        if item.held_by is not None and item.state in ("open", "proposed", "returning"):
            aside[item.currency] += item.amount_minor
    for row in ParkedPayment.objects.filter(state__in=("open", "returning")):
        found[f"parked: {row.code}, {row.state}"] += 1
        aside[row.currency] += row.amount_minor or 0
    agree(+aside == +world.model.suspense, f"{world.model.suspense} is in suspense, explained is {aside}")
    for state, code in StatementFile.objects.values_list("state", "code"):
        agree(state in ("imported", "refused"), f"a file is still {state}")
        found[f"file {state} {code or ''}".strip()] += 1
    return dict(sorted(found.items()))


def _closed(world: World) -> int:
    """Every day of every rail agrees, and on the last one nothing is on its way: books and bank are the same."""
    first, last = START.astimezone(ZONE).date(), world.now.astimezone(ZONE).date() - timedelta(days=1)
    for offset in range((last - first).days + 1):
        draft_day(first + timedelta(days=offset))
    rows = list(DailyClose.objects.order_by("day", "rail", "currency"))
    wrong = [row for row in rows if row.unexplained]
    agree(not wrong, f"closes differ: {[_differs(row) for row in wrong[:4]]}")
    open_ = [row for row in rows if row.day == last and row.books_closing != row.bank_closing]
    agree(not open_, f"books and bank differ in the end: {[_differs(row) for row in open_]}")
    for row in rows:
        if row.day == last:
            real = world.outside.sides[row.rail].books.balance(row.currency)
            agree(row.bank_closing == real, f"{row.rail} has {real} {row.currency}, {_differs(row)}")
    return len(rows)


def _safeguarded(world: World) -> str:
    """What customers are owed is there, where the outside says it is; what is beyond it is the house's own fees."""
    words = []
    for view in wallet.safeguarding():
        currency, model = view.currency, world.model
        owed = sum(person.money[currency] for person in world.registered())
        agree(view.customers.minor == owed, f"{view.customers} is owed, the model says {owed}")
        agree(view.suspense.minor == model.suspense[currency], f"{view.suspense} is in suspense")
        for rail in RAILS:
            real = world.outside.sides[rail].books.balance(currency)
            said = view.settlement[rail].minor if rail in view.settlement else 0
            agree(said == real, f"safeguarding says {said} {currency} at {rail}, which has {real}")
        agree(view.surplus.minor == model.fees[currency], f"{view.surplus} is beyond what is owed")
        words.append(f"{view.owed} owed, {view.held} held")
    agree(len(words) == len(CURRENCIES), "safeguarding leaves a currency out")
    return f"safeguarding: {'; '.join(words)}"


def _differs(row: DailyClose) -> str:
    parts = [(i.kind, i.amount.minor, i.reference, str(i.since)) for i in wallet.daily_close(row.id).items]
    return (
        f"{row.rail} {row.currency} {row.day}: books {row.books_closing}, bank {row.bank_closing}, "
        f"unexplained {row.unexplained} {parts[:6]}"
    )


def _lines(counts: dict[str, int]) -> list[str]:
    return [f"{count:8} {what}" for what, count in counts.items()]
