"""`guitai bench statements`: a day's statement of a busy account, read, taken in and matched."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from guitai.site.bench.camt_file import write_day
from guitai.site.bench.children import Children
from guitai.site.bench.machine import described
from guitai.site.bench.place import opened
from guitai.site.bench.prepared import migrated
from guitai.site.bench.telling import clear, show

_MILLION = 1_000_000


@dataclass
class Plan:
    """What was asked for."""

    lines: int = _MILLION
    # Against a wallet that expects none of it: every line is held for a person, which is the dearest there is.
    match: bool = False


def measure(plan: Plan) -> dict[str, Any]:
    """Write a statement, then each step in a process of its own; gives one object: figures, machine."""
    with opened() as place, Children(place.home) as children:
        machine = described(place)
        migrated(place, "statements")
        show(f"a statement of {plan.lines:,} lines")
        path = place.home / "day.xml"
        with path.open("wb") as file:
            size = write_day(file, plan.lines)
        figures = {"parse": _parse(children, path, place.variables("statements"))}
        place.checkpoint()
        figures |= _take_in(plan, children, path, place.variables("statements"))
        clear()
    return {"bench": "statements", "lines": plan.lines, "bytes": size, "figures": figures, "machine": machine}


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
    children.stop(importer)
    return figures


def lines(result: dict[str, Any]) -> list[str]:
    """The result for people."""
    told = [f"{result['lines']:,} lines, {result['bytes'] / 1_048_576:,.0f} MiB of camt.053"]
    for name, figure in result["figures"].items():
        rate = result["lines"] / figure["seconds"] if figure["seconds"] else 0
        told.append(
            f"{name:<8} {figure['seconds']:8.1f} s  {rate:10,.0f} lines/s  {figure['peak_mib']:6.0f} MiB at most"
        )
    took = {name: figure["seconds"] for name, figure in result["figures"].items()}
    rest = sum(seconds for name, seconds in took.items() if name not in ("parse", "prove"))
    told.append(
        f"{'in all':<8} {took['prove'] + rest:8.1f} s  from the file to its lines: {rest:.1f} s beyond reading it"
    )
    machine = result["machine"]
    told.append(f"{machine['cores']} cores ({machine['processor']}), PostgreSQL {machine['postgresql']}")
    return told
