"""A B A B: what is compared is measured in turns, several times, and the median of each counts."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from guitai.site.bench.place import Place
from guitai.site.bench.telling import clear, show

# What one turn gives: its speed, and whatever else is worth a median.
Turn = dict[str, float]
WARM_S = 1.0


@dataclass
class Measured:
    """One thing that is measured: how, and what each turn gave."""

    name: str
    turn: Callable[[float, float], Turn]
    turns: list[Turn] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """Medians over the turns; a peak is the highest of all."""
        found: dict[str, Any] = {
            name: _rounded(max(values) if name.startswith("peak") else statistics.median(values))
            for name in self.turns[0]
            if (values := [turn[name] for turn in self.turns])
        }
        return {**found, "turns": [_rounded(turn["per_second"]) for turn in self.turns]}


def interleaved(place: Place, measured: Sequence[Measured], rounds: int, seconds: float) -> None:
    """Measure each once a round, beginning with another one each time, behind a checkpoint."""
    warm_s, began = min(WARM_S, seconds), time.monotonic()
    for number in range(rounds):
        show(f"round {number + 1} of {rounds}: checkpoint")
        place.checkpoint()
        shift = number * len(measured) // rounds
        for position, item in enumerate([*measured[shift:], *measured[:shift]]):
            done = (number + position / len(measured)) / rounds
            left = (time.monotonic() - began) * (1 - done) / done if done else 0
            rest = f", about {left:.0f} s left" if left else ""
            show(f"round {number + 1} of {rounds}, {position + 1} of {len(measured)}: {item.name}{rest}")
            item.turns.append(item.turn(seconds, warm_s))
    clear()


def together(answers: Sequence[dict[str, Any]]) -> Turn:
    """Several clients at once, as one speed."""
    return {"per_second": sum(answer["count"] / answer["seconds"] for answer in answers)}


def alone(answer: dict[str, Any]) -> Turn:
    """One process that works by the batch."""
    return {
        "per_second": answer["count"] / answer["seconds"],
        "batch_ms": answer["ms"],
        "peak_mib": answer["mib"],
    }


def ratio(figures: dict[str, Any], over: str, under: str) -> float:
    return round(figures[over]["per_second"] / figures[under]["per_second"], 2)


def _rounded(value: float) -> float:
    return round(value, 1) if value < 1000 else round(value)
