"""A result for people: what was measured, its medians, and how it compares."""

from collections.abc import Iterator, Sequence
from typing import Any

_HEAD = ("measured", "per second", "ms", "p50 ms", "p95 ms", "p99 ms", "peak MiB", "ratio")
_KEYS = ("per_second", "batch_ms", "p50_ms", "p95_ms", "p99_ms", "peak_mib")


def lines(result: dict[str, Any]) -> Iterator[str]:
    """The table, the ratios that are none of its rows', and the machine."""
    figures = {name: figure for name, figure in result["figures"].items() if isinstance(figure, dict)}
    rows = [_row(name, figure, result["ratios"]) for name, figure in figures.items()]
    yield from _aligned([_HEAD, *rows])
    yield ""
    others = {name: value for name, value in result["ratios"].items() if name not in figures}
    if others:
        yield from _aligned([("ratio", ""), *((name, f"{value:.2f}x") for name, value in others.items())])
        yield ""
    yield _machine(result["machine"])
    yield f"medians of {result['rounds']} rounds of {result['seconds']:g} s each, taken in turns"
    if proved := result.get("proved"):
        yield f"proved afterwards, every figure and balance recomputed: {', '.join(proved)}"


def _row(name: str, figure: dict[str, Any], ratios: dict[str, float]) -> tuple[str, ...]:
    cells = [f"{figure[key]:,.0f}" if key in figure else "" for key in _KEYS]
    return (name, *cells, f"{ratios[name]:.2f}x" if name in ratios else "")


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    used = [column for column in range(len(rows[0])) if any(row[column] for row in rows[1:])]
    widths = [max(len(row[column]) for row in rows) for column in used]
    for row in rows:
        cells = [row[column] for column in used]
        rest = "".join(f"  {cell:>{width}}" for cell, width in zip(cells[1:], widths[1:], strict=True))
        yield f"{cells[0]:<{widths[0]}}{rest}".rstrip()


def _machine(machine: dict[str, Any]) -> str:
    settings = machine["settings"]
    kept = " ".join(
        f"{name}={settings[name]}" for name in ("fsync", "synchronous_commit") if name in settings
    )
    return (
        f"{machine['cores']} cores ({machine['processor']}), {machine['memory_gib']} GiB, Python {machine['python']}, "
        f"PostgreSQL {machine['postgresql']}, {kept}"
    )
