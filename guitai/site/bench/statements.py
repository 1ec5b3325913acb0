"""`guitai bench statements`: a day's statement of a busy account, read, taken in and matched."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from guitai.site.bench.booked import book
from guitai.site.bench.camt_file import write_day
from guitai.site.bench.children import Children
from guitai.site.bench.machine import described
from guitai.site.bench.place import Place, opened
from guitai.site.bench.prepared import migrated
from guitai.site.bench.telling import clear, show
from guitai.site.refusals import StartRefused

_MILLION = 1_000_000
_CUSTOMERS = 100
Match = Literal["known", "nobody"]
Part = Literal["parse", "import"]
# What importing consists of.
_IMPORT = ("keep", "prove", "store")


@dataclass
class Plan:
    """What was asked for."""

    lines: int = _MILLION
    # Against a wallet that knows every line as a booked top-up, or one that expects none of it: then every line is held
    # for a person, which is the dearest there is.
    match: Match | None = None
    # Reading it without storing anything, taking it in, or both.
    only: Part | None = None


def measure(plan: Plan) -> dict[str, Any]:
    """Write a statement, then each step in a process of its own; gives one object: figures, machine."""
    with opened() as place, Children(place.home) as children:
        machine = described(place)
        migrated(place, "statements")
        show(f"a statement of {plan.lines:,} lines")
        path = place.home / "day.xml"
        told = place.home / "day.told"
        with path.open("wb") as file, told.open("w") as names:
            size = write_day(file, plan.lines, names)
        figures: dict[str, Any] = {}
        if plan.only != "import":
            figures["parse"] = _parse(children, path, place.variables("statements"))
        if plan.only != "parse":
            if plan.match == "known":
                _book(place, children, told)
            place.checkpoint()
            figures |= _take_in(plan, children, path, place.variables("statements"))
        clear()
    return {
        "bench": "statements", "lines": plan.lines, "bytes": size, "matched_with": plan.match, "figures": figures,
        "machine": machine,
    }  # fmt: skip


def _book(place: Place, children: Children, told: Path) -> None:
    show("customers, and the top-ups that the lines are")
    customers = children.start("customers", place.variables("statements"))
    customers.ask("seed", count=_CUSTOMERS, known=0)
    children.stop(customers)
    book(place.address("statements"), told)


def _parse(children: Children, path: Path, variables: dict[str, str]) -> dict[str, Any]:
    show("reading it, without storing anything")
    reader = children.start("statement_reader", variables)
    figure: dict[str, Any] = reader.ask("parse", path=str(path))
    children.stop(reader)
    return figure


def _take_in(plan: Plan, children: Children, path: Path, variables: dict[str, str]) -> dict[str, Any]:
    importer = children.start("statement_importer", variables)
    figures: dict[str, Any] = {}
    for verb, words in (
        ("keep", "keeping it, sealed"),
        ("prove", "reading it to its end"),
        ("store", "storing its lines"),
        *([("match", "matching them")] if plan.match else []),
    ):
        show(words)
        figures[verb] = importer.ask(verb, **({"path": str(path)} if verb == "keep" else {}))
    if plan.match is not None:
        show("proving the books")
        if wrong := importer.ask("verify"):
            raise StartRefused("the books are wrong, so there are no figures:\n" + "\n".join(wrong))
    children.stop(importer)
    taken = [figures[name] for name in _IMPORT]
    figures["import"] = {
        "seconds": sum(one["seconds"] for one in taken),
        "peak_mib": max(one["peak_mib"] for one in taken),
    }
    return figures


_WORDS = {"known": "a top-up that is booked", "nobody": "a payment that nobody expects"}


def lines(result: dict[str, Any]) -> list[str]:
    """The result for people."""
    told = [f"{result['lines']:,} lines, {result['bytes'] / 1_048_576:,.0f} MiB of camt.053"]
    figures = result["figures"]
    for name, figure in figures.items():
        rate = result["lines"] / figure["seconds"] if figure["seconds"] else 0
        told.append(
            f"{name:<8} {figure['seconds']:8.1f} s  {rate:10,.0f} lines/s  {figure['peak_mib']:6.0f} MiB at most"
        )
    if "match" in figures:
        told.append(f"each line is, to the wallet, {_WORDS[result['matched_with']]}")
    machine = result["machine"]
    told.append(f"{machine['cores']} cores ({machine['processor']}), PostgreSQL {machine['postgresql']}")
    return told
