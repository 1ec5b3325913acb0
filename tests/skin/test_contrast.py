"""Every pair of colours that meets as text and ground, in both themes, is readable (WCAG 2.2, AA)."""

import math
import re
from itertools import product
from pathlib import Path

import pytest

from guitai.skin.styles import FOLDER

_TOKEN = re.compile(
    r"--([a-z-]+): light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\), oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)\);"
)
_FALLBACK = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
TEXT, CONTROL = 4.5, 3.0

_GROUNDS = ("paper", "surface", "raised", "well", "hover")
_TEXT_PAIRS = [
    *product(("ink", "ink-soft"), _GROUNDS),
    *product(("brand", "seal", "ok", "wait", "info"), ("paper", "surface", "raised")),
    *((f"on-{role}", role) for role in ("brand", "wait", "ok", "info")),
    ("on-seal", "seal-fill"),
    *((f"on-{role}-soft", f"{role}-soft") for role in ("brand", "seal", "wait", "ok", "info")),
    ("on-brand", "brand-hover"),
    ("paper", "ink"),
]
_CONTROL_PAIRS = [
    *product(("line-strong", "focus"), ("paper", "surface", "raised")),
    *product(("brand", "seal", "ok", "wait"), ("well",)),
]


def _luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of an OKLCH colour (CSS Color 4, sample code), clipped to sRGB."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    linear = [min(1.0, max(0.0, channel)) for channel in (red, green, blue)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _luminance_of_hex(text: str) -> float:
    digits = text[1:] if len(text) == 7 else "".join(2 * digit for digit in text[1:])
    channels = [int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _themes() -> dict[str, dict[str, float]]:
    source = Path(FOLDER / "tokens.css").read_text()
    themes: dict[str, dict[str, float]] = {"light": {}, "dark": {}, "fallback": {}}
    for name, *numbers in _TOKEN.findall(source):
        values = [float(number) for number in numbers]
        themes["light"][name] = _luminance(values[0] / 100, *values[1:3])
        themes["dark"][name] = _luminance(values[3] / 100, *values[4:6])
    for name, value in _FALLBACK.findall(source[source.index("@supports not") :]):
        themes["fallback"][name] = _luminance_of_hex(value)
    return themes


THEMES = _themes()


def _contrast(theme: str, first: str, second: str) -> float:
    high, low = sorted((THEMES[theme][first], THEMES[theme][second]), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "fallback"])
@pytest.mark.parametrize(("text", "ground"), _TEXT_PAIRS)
def test_text_is_readable(theme, text, ground):
    assert _contrast(theme, text, ground) >= TEXT


@pytest.mark.parametrize("theme", ["light", "dark", "fallback"])
@pytest.mark.parametrize(("mark", "ground"), _CONTROL_PAIRS)
def test_controls_can_be_seen(theme, mark, ground):
    assert _contrast(theme, mark, ground) >= CONTROL
