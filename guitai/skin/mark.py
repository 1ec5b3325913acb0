"""The mark: an abacus cut into a seal. One geometry, drawn as SVG for pages and as PNG for home screens."""

from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from django.utils.safestring import SafeString, mark_safe
from PIL import Image, ImageDraw

SIDE = 64
JADE, PAPER = "#0f6b50", "#fbf8f1"
_CORNER = 15
_OVERSAMPLING = 4
# A maskable icon may be cropped to a circle: the drawing keeps to the safe four fifths.
_MASKABLE_SCALE = 0.8


@dataclass(frozen=True, slots=True)
class Bar:
    """A filled rectangle with rounded ends."""

    x: float
    y: float
    width: float
    height: float
    radius: float


def _beads() -> list[Bar]:
    # Three rods read 5-2-6, a fair day's takings: upper beads count five each, lower beads one each.
    width, height = 12.4, 6.6
    rods = ((16.5, 22.2, (44.2, 51.9)), (32.0, 13.6, (36.5, 44.2)), (47.5, 22.2, (36.5, 51.9)))
    return [
        Bar(x - width / 2, y - height / 2, width, height, height / 2)
        for x, upper, lower in rods
        for y in (upper, *lower)
    ]


BEAM = Bar(7.5, 27.6, 49, 3.4, 1.7)
RODS = [Bar(x - 1.1, 9.5, 2.2, 46.5, 1.1) for x in (16.5, 32.0, 47.5)]
BEADS = _beads()


def _rectangle(bar: Bar) -> str:
    place = f'x="{bar.x:g}" y="{bar.y:g}" width="{bar.width:g}" height="{bar.height:g}"'
    return f'<rect {place} rx="{bar.radius:g}"/>'


@lru_cache(maxsize=32)
def mark_svg(size: int = 28, standalone: bool = False) -> SafeString:
    """The mark as SVG: for a page it takes the theme's colours, standing alone it brings its own."""
    ground = f' fill="{JADE}"' if standalone else ' class="mark-ground"'
    figure = f' fill="{PAPER}"' if standalone else ' class="mark-figure"'
    namespace = ' xmlns="http://www.w3.org/2000/svg"' if standalone else ' class="mark" aria-hidden="true"'
    shapes = "".join(_rectangle(bar) for bar in (*RODS, BEAM, *BEADS))
    return mark_safe(
        f'<svg{namespace} width="{size}" height="{size}" viewBox="0 0 {SIDE} {SIDE}">'
        f'<rect{ground} width="{SIDE}" height="{SIDE}" rx="{_CORNER}"/><g{figure}>{shapes}</g></svg>'
    )


@lru_cache(maxsize=8)
def mark_png(size: int, maskable: bool = False) -> bytes:
    """The mark as PNG, square to the edges when it will be masked."""
    canvas = size * _OVERSAMPLING
    unit = canvas / SIDE
    image = Image.new("RGBA", (canvas, canvas), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle(
        (0, 0, canvas - 1, canvas - 1), radius=0 if maskable else _CORNER * unit, fill=JADE
    )
    scale = _MASKABLE_SCALE if maskable else 1.0
    margin = SIDE * (1 - scale) / 2
    for bar in (*RODS, BEAM, *BEADS):
        left, top = (margin + bar.x * scale) * unit, (margin + bar.y * scale) * unit
        right, bottom = left + bar.width * scale * unit, top + bar.height * scale * unit
        draw.rounded_rectangle((left, top, right, bottom), radius=bar.radius * scale * unit, fill=PAPER)
    buffer = BytesIO()
    image.resize((size, size), Image.Resampling.LANCZOS).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()
