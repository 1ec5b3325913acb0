"""The plot of docs/performance.md: bars from zero, each with its figure, readable on light and on dark paper."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _NAMES, _FIGURES = 860, 300, 150
_ROW, _BAR, _HEAD, _GAP = 24, 14, 34, 12
_STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.head { font-weight: 600 } .figure { fill: #59636e } .ours { fill: #0b6e5f } .theirs { fill: #9aa4ad }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3 } .figure { fill: #9198a1 } .ours { fill: #3fb8a2 } .theirs { fill: #636e7b }
}
"""


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure; `ours` tells it from what it is compared with."""

    name: str
    value: float
    words: str
    ours: bool


@dataclass(frozen=True, slots=True)
class Group:
    """Bars on one scale."""

    name: str
    bars: tuple[Bar, ...]


def drawn(title: str, groups: Sequence[Group]) -> str:
    """The groups below each other, as one SVG."""
    parts, y = [], 0
    for group in groups:
        y += _HEAD
        parts.append(f'<text class="head" x="0" y="{y - 10}">{escape(group.name)}</text>')
        longest = max(bar.value for bar in group.bars)
        for bar in group.bars:
            parts += _row(bar, y, longest)
            y += _ROW
        y += _GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img" aria-label="{escape(title)}">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n" + "\n".join(parts) + "\n</svg>\n"
    )


def _row(bar: Bar, y: int, longest: float) -> list[str]:
    width = max(1, round((_WIDTH - _NAMES - _FIGURES) * bar.value / longest))
    middle = y + _ROW // 2
    kind = "ours" if bar.ours else "theirs"
    box = f'x="{_NAMES}" y="{middle - _BAR // 2}" width="{width}" height="{_BAR}" rx="2"'
    return [
        f'<text x="{_NAMES - 10}" y="{middle + 4}" text-anchor="end">{escape(bar.name)}</text>',
        f'<rect class="{kind}" {box}/>',
        f'<text class="figure" x="{_NAMES + width + 8}" y="{middle + 4}">{escape(bar.words)}</text>',
    ]
