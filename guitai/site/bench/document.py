"""`guitai bench document`: the tables and the plot of docs/performance.md, made from what `--json` has printed."""

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from guitai.site.bench.plot import Bar, Group, drawn
from guitai.site.refusals import StartRefused

TEXT, PLOT = "performance.md", "performance.svg"
_BLOCK = re.compile(r"(<!-- begin (?P<name>[a-z0-9_]+) -->\n).*?(<!-- end (?P=name) -->)", re.DOTALL)
_STEPS_MAX = 16
_NAMES = {
    "textbook_uniform": "textbook",
    "textbook_pipelined_uniform": "textbook, writes pipelined",
    "textbook_hot": "textbook",
    "textbook_pipelined_hot": "textbook, writes pipelined",
    "textbook_alone": "textbook, the ledger alone",
    "textbook_till": "textbook, the same effects by hand",
    "http": "coalesced",
    "http_one_by_one": "one transaction a request",
    "page": "our front, Django on threads",
    "page_django_asgi": "Django's own ASGI handler",
    "rows_empty": "empty",
    "rows_full": "full",
}
_HEADS = {
    "per_second": "per second", "batch_ms": "ms a batch", "p50_ms": "p50 ms", "p95_ms": "p95 ms", "p99_ms": "p99 ms",
    "peak_mib": "peak MiB",
}  # fmt: skip
Row = tuple[str, dict[str, Any], float | None]


def write(files: Sequence[Path], folder: Path) -> list[Path]:
    """Put new results into the document's marked blocks, and draw the plot.

    takes    what `guitai bench ... --json` printed, one object a file; the folder of the document
    gives    what was written
    refuses  StartRefused when a file is no such result, or the document is not there
    """
    results: dict[str, dict[str, Any]] = {}
    for result in map(_read, files):
        # Parts that were measured one after the other are told as one.
        into = results.setdefault(result["bench"], result)
        for part in ("figures", "ratios", "profiles"):
            if part in result:
                into[part] |= result[part]
    path = folder / TEXT
    if not path.exists():
        raise StartRefused(f"{path} is not there: name the folder of the document with --folder.")
    blocks = dict(_blocks(results))
    text = _BLOCK.sub(lambda found: _filled(found, blocks), path.read_text())
    path.write_text(text)
    written = [path]
    if groups := list(_groups(results)):
        (folder / PLOT).write_text(drawn("Transfers a second, ours beside the textbook", groups))
        written.append(folder / PLOT)
    return written


def _read(path: Path) -> dict[str, Any]:
    try:
        result = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        raise StartRefused(f"{path} is no result of a measurement: {error}") from error
    if not isinstance(result, dict) or result.get("bench") not in ("ledger", "http", "profile"):
        raise StartRefused(f"{path} is no result of `guitai bench ... --json`.")
    return result


def _filled(found: re.Match[str], blocks: dict[str, str]) -> str:
    # What was not measured this time stays as it was.
    name = found["name"]
    return f"{found[1]}\n{blocks[name]}\n\n{found[3]}" if name in blocks else found[0]


def _blocks(results: dict[str, dict[str, Any]]) -> Iterator[tuple[str, str]]:
    for kind, result in results.items():
        yield f"{kind}_machine", _machine(result)
        if kind == "profile":
            for name, profile in result["profiles"].items():
                yield f"profile_{name.partition('_')[0]}", _profile(profile)
        else:
            for name, rows in _tables(result).items():
                yield name, _table(rows)


def _tables(result: dict[str, Any]) -> dict[str, list[Row]]:
    """The rows of each table; a textbook comes first in its own."""
    figures, ratios = result["figures"], result["ratios"]
    found: dict[str, list[Row]] = {}
    for name, figure in figures.items():
        if isinstance(figure, dict):
            found.setdefault(_table_of(name), []).append((name, figure, ratios.get(name)))
    if "till" in found and "textbook_uniform" in figures:
        found["till"].insert(0, ("textbook_alone", figures["textbook_uniform"], None))
    named = {"rows_full": "rows_10m", "http": "http_single", "page": "page_over_django_asgi"}
    return {
        table: [(name, figure, ratios.get(named.get(name, name), ratio)) for name, figure, ratio in rows]
        for table, rows in found.items()
    }


def _table_of(name: str) -> str:
    if name.startswith("till") or name == "textbook_till":
        return "till"
    if name.startswith(("rows", "http", "page")):
        return name.partition("_")[0]
    return f"ledger_{name.rpartition('_')[2]}"


def _table(rows: Sequence[Row]) -> str:
    keys = [key for key in _HEADS if any(key in figure for _, figure, _ in rows)]
    head = ["", *(_HEADS[key] for key in keys), "ratio"]
    body = [
        [
            _said(name),
            *(f"{figure[key]:,.0f}" if key in figure else "" for key in keys),
            f"{ratio:.2f}" if ratio is not None else "",
        ]
        for name, figure, ratio in rows
    ]
    return _markdown(head, body)


def _profile(profile: dict[str, Any]) -> str:
    count, wall_s = max(profile["count"], 1), profile["wall_s"]
    steps = profile["steps"][:_STEPS_MAX]
    rest = 1 - sum(step["share"] for step in steps)
    server = sum(step["share"] for step in profile["steps"] if step["where"] == "server")
    rows = [[step["where"], f"`{step['step']}`", f"{step['share']:.1%}"] for step in steps]
    rows.append(["", "everything else", f"{rest:.1%}"])
    return (
        f"{count:,} in {wall_s:.1f} s: {1000 * wall_s / count:.3f} ms each by the clock, "
        f"{1000 * profile['cpu_s'] / count:.3f} ms of the process's processor, "
        f"{server:.0%} of its busy time waiting for the server.\n\n" + _markdown(["", "step", "share"], rows)
    )


def _machine(result: dict[str, Any]) -> str:
    machine = result["machine"]
    settings = ", ".join(f"`{name}={value}`" for name, value in machine["settings"].items())
    turns = f"{result['rounds']} rounds of {result['seconds']:g} s each, " if "rounds" in result else ""
    return (
        f"{turns}{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, Python "
        f"{machine['python']}, PostgreSQL {machine['postgresql']}: {settings}."
    )


def _markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    rules = ["---", *("---:" for _ in head[1:])]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, rules, *rows))


def _said(name: str) -> str:
    if name in _NAMES:
        return _NAMES[name]
    kind, _, rest = name.partition("_")
    return f"{kind}, batches of {int(rest.partition('_')[0]):,}"


def _groups(results: dict[str, dict[str, Any]]) -> Iterator[Group]:
    titles = {
        "ledger_uniform": "The ledger, 10,000 accounts alike", "ledger_hot": "The ledger, one account on one side",
        "till": "The whole till", "http": "POST /api/v1/transfers",
    }  # fmt: skip
    for kind in ("ledger", "http"):
        if kind in results:
            tables = _tables(results[kind])
            yield from (Group(words, _bars(tables[name])) for name, words in titles.items() if name in tables)


def _bars(rows: Sequence[Row]) -> tuple[Bar, ...]:
    return tuple(
        Bar(
            _said(name), figure["per_second"],
            f"{figure['per_second']:,.0f}/s" + (f", {ratio:.1f} times" if ratio is not None else ""),
            name.startswith(("ledger", "till", "rows")) or name == "http",
        )
        for name, figure, ratio in rows
    )  # fmt: skip
