"""`guitai bench ledger`: the ledger and the whole till, each beside its textbook, in one run."""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from guitai.site.bench import rows, textbook, tigerbeetle
from guitai.site.bench.children import Child, Children
from guitai.site.bench.machine import described
from guitai.site.bench.place import Place, opened
from guitai.site.bench.prepared import migrated
from guitai.site.bench.rounds import Measured, Turn, alone, interleaved, ratio, together
from guitai.site.bench.telling import say, show
from guitai.site.refusals import StartRefused

PARTS = ("ledger", "till", "rows")
BATCHES, TILL_BATCHES = (1, 64, 512, 8190), (64, 512, 2048, 8190)
KNOWN = 4
_SHAPES = {"uniform": False, "hot": True}
# Of the rows' own pair only these are compared.
_ROWS_BATCH = 8190
# Every line of more would take longer than the measurement: then it is asked whether all sums are right.
_ROWS_PROVED_MAX = 1_000_000


@dataclass
class Plan:
    """What was asked for."""

    parts: tuple[str, ...] = ("ledger", "till")
    rows: int = 0
    seconds: float = 4.0
    rounds: int = 3
    accounts: int = 10_000
    customers: int = 1_024
    clients: int = 8
    # Which of the batches; all of them when none is named.
    batches: tuple[int, ...] = ()

    def of(self, sizes: tuple[int, ...]) -> tuple[int, ...]:
        """Those of some sizes that were asked for."""
        return tuple(size for size in sizes if not self.batches or size in self.batches)


@dataclass
class Run:
    """What is there while it runs."""

    plan: Plan
    place: Place
    children: Children
    measured: list[Measured] = field(default_factory=list)
    proofs: dict[str, Callable[[], list[str]]] = field(default_factory=dict)


def measure(plan: Plan) -> dict[str, Any]:
    """Prepare, measure in turns, prove the books, and drop everything.

    gives    one object: ratios, figures, machine, proved
    refuses  StartRefused when something cannot be made, or when the books are wrong in the end
    """
    with opened() as place, Children(place.home) as children:
        run = Run(plan, place, children)
        machine = described(place)
        migrated(place, "base")
        # The textbook of the ledger is what everything else is measured against.
        if {"ledger", "till"} & set(plan.parts):
            _ledger(run)
        if "till" in plan.parts:
            _till(run)
        filled = _rows(run) if "rows" in plan.parts else 0
        interleaved(place, run.measured, plan.rounds, plan.seconds)
        _prove(run)
    figures: dict[str, Any] = {item.name: item.figures() for item in run.measured}
    if filled:
        figures["rows"] = filled
    return {
        "bench": "ledger", "ratios": _ratios(figures), "figures": figures, "machine": machine,
        "proved": sorted(run.proofs), "seconds": plan.seconds, "rounds": plan.rounds,
    }  # fmt: skip


def _ledger(run: Run) -> None:
    poster = _books(run, "ledger")
    url = run.place.address("ledger")
    show("the textbook's tables")
    textbook.make_tables(url)
    clients = run.children.many("textbook", run.place.variables("ledger"), run.plan.clients)
    _each(clients, "connect", url=url)
    wide = "ledger" in run.plan.parts
    for name, hot in _SHAPES.items():
        if not wide and hot:
            continue
        run.measured.append(Measured(f"textbook_{name}", _by_all(clients, hot=hot, pipelined=False)))
        if wide:
            pipelined = _by_all(clients, hot=hot, pipelined=True)
            run.measured.append(Measured(f"textbook_pipelined_{name}", pipelined))
        for batch in run.plan.of(BATCHES) if wide else ():
            run.measured.append(Measured(f"ledger_{batch}_{name}", _by_one(poster, batch=batch, hot=hot)))
    if wide and (address := tigerbeetle.address()):
        beetle = run.children.start("tigerbeetle", run.place.variables("ledger"))
        beetle.ask("connect", where=address, accounts=run.plan.accounts)
        run.measured.append(Measured(f"tigerbeetle_{tigerbeetle.BATCH}_uniform", _by_one(beetle)))
    run.proofs["ledger"] = lambda: poster.ask("verify", whole=True)
    run.proofs["textbook"] = lambda: textbook.verify(url)


def _till(run: Run) -> None:
    show("customers: registering, topping up, getting to know each other")
    run.place.make("customers", template="base")
    seeder = run.children.start("customers", run.place.variables("customers"))
    persons = seeder.ask("seed", count=run.plan.customers, known=KNOWN)
    run.children.stop(seeder)
    run.place.make("till", template="customers")
    by_hand = run.place.make("till_by_hand", template="customers")
    till = run.children.start("till", run.place.variables("till"))
    till.ask("know", persons=persons, known=KNOWN)
    clients = run.children.many("textbook_till", run.place.variables("till_by_hand"), run.plan.clients)
    _each(clients, "connect", url=by_hand, persons=persons, known=KNOWN)
    run.measured.append(Measured("textbook_till", _by_all(clients)))
    for batch in run.plan.of(TILL_BATCHES):
        run.measured.append(Measured(f"till_{batch}_uniform", _by_one(till, batch=batch)))
    for name in ("till", "till_by_hand"):
        run.proofs[name] = _verifier(run, name)


def _rows(run: Run) -> int:
    """Two books that differ only in how much is in them."""
    empty = _books(run, "rows_empty")
    run.place.make("rows_full", template="books")
    began = time.monotonic()
    filled = rows.fill(run.place.address("rows_full"), run.plan.rows)
    say(f"filled books with {filled:,} transfers in {time.monotonic() - began:.0f} s")
    full = run.children.start("poster", run.place.variables("rows_full"))
    full.ask("know_books")
    for name, poster in (("rows_empty", empty), ("rows_full", full)):
        run.measured.append(Measured(name, _by_one(poster, batch=_ROWS_BATCH, hot=False)))
    run.proofs["rows_full"] = lambda: full.ask("verify", whole=filled <= _ROWS_PROVED_MAX)
    return filled


def _books(run: Run, name: str) -> Child:
    """A scratch database with open accounts that have money, and a process that posts to it."""
    if not run.place.has("books"):
        show("the books: opening accounts")
        run.place.make("books", template="base")
        opener = run.children.start("poster", run.place.variables("books"))
        opener.ask("open_books", accounts=run.plan.accounts)
        run.children.stop(opener)
    run.place.make(name, template="books")
    poster = run.children.start("poster", run.place.variables(name))
    poster.ask("know_books")
    return poster


def _by_one(child: Child, **words: Any) -> Callable[[float, float], Turn]:
    return lambda seconds, warm: alone(child.ask("measure", seconds=seconds, warm=warm, **words))


def _by_all(clients: list[Child], **words: Any) -> Callable[[float, float], Turn]:
    return lambda seconds, warm: together(_each(clients, "measure", seconds=seconds, warm=warm, **words))


def _each(clients: list[Child], verb: str, **words: Any) -> list[Any]:
    for client in clients:
        client.tell(verb, **words)
    return [client.hear() for client in clients]


def _verifier(run: Run, name: str) -> Callable[[], list[str]]:
    def verify() -> list[str]:
        child = run.children.start("customers", run.place.variables(name))
        found: list[str] = child.ask("verify")
        run.children.stop(child)
        return found

    return verify


def _prove(run: Run) -> None:
    for name, proof in run.proofs.items():
        show(f"proving the books of {name}")
        if found := proof():
            raise StartRefused(
                f"after the measurement the books of {name} are wrong:\n" + "\n".join(found[:10])
            )


def _ratios(figures: dict[str, Any]) -> dict[str, float]:
    ratios = {}
    for name in figures:
        kind, _, rest = name.partition("_")
        shape = rest.rpartition("_")[2]
        if kind in ("ledger", "tigerbeetle", "till"):
            ratios[name] = ratio(figures, name, f"textbook_{shape}")
        if kind == "till":
            ratios[f"till_{rest.partition('_')[0]}_over_textbook_till"] = ratio(
                figures, name, "textbook_till"
            )
    if "rows_full" in figures:
        ratios["rows_10m"] = ratio(figures, "rows_full", "rows_empty")
    return ratios


def check(plan: Plan) -> None:
    """Refuse a plan that cannot be measured, before anything is started."""
    if "rows" in plan.parts and plan.rows < plan.accounts:
        raise StartRefused(f"--rows must be at least the number of accounts, {plan.accounts:,}.")
    if plan.accounts < 16 or plan.customers < 16:
        raise StartRefused("at least 16 accounts and customers are needed: each must find another one.")
    if not 1 <= plan.clients <= 64:
        raise StartRefused("--clients must be from 1 to 64.")
    if os.cpu_count() == 1:
        say("one core only: clients and server take turns, whatever is measured")
