"""A picture of a resident card, printed with whatever CJK font the machine has."""

import io
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont

_FONTS = ("/usr/share/fonts/opentype/noto", "/usr/share/fonts/truetype", "/usr/share/fonts")


def resident_card(name: str, number: str) -> bytes:
    """A PNG with the fields of the card's front; skips where no CJK font is installed."""
    found = (path for folder in _FONTS for path in sorted(Path(folder).rglob("Noto*CJK*.ttc")))
    path = next(found, None)
    if path is None:
        pytest.skip("no CJK font here")
    font = ImageFont.truetype(str(path), 36)
    card = Image.new("RGB", (1000, 630), "#e8eef4")
    lines = (
        f"姓名 {name}",
        "性别 女  民族 汉",
        "出生 1949 年 12 月 31 日",
        "住址 北京市朝阳区",
        f"公民身份号码 {number}",
    )
    for place, line in enumerate(lines):
        ImageDraw.Draw(card).text((60, 60 + 100 * place), line, fill="#111", font=font)
    output = io.BytesIO()
    card.save(output, "PNG")
    return output.getvalue()
