"""The style sheet in one answer.

`static/skin/css/skin.css` is the entry: a `@layer` line and one `@import` a file. Imports would cost a
phone one round trip more before its first paint, so the same files are also served flattened, under an
address that carries their hash and may be kept for ever.
"""

import gzip
import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "static" / "skin" / "css"
_IMPORT = re.compile(r'@import url\("([a-z_]+\.css)"\) layer\(([a-z]+)\);')
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLANK = re.compile(r"\n\s*")


@dataclass(frozen=True, slots=True)
class StyleSheet:
    text: bytes
    compressed: bytes
    digest: str


def style_sheet() -> StyleSheet:
    """The flattened style sheet, made again when a file changed."""
    return _flattened(max(path.stat().st_mtime_ns for path in FOLDER.iterdir()))


@lru_cache(maxsize=2)
def _flattened(_changed_ns: int) -> StyleSheet:
    entry = (FOLDER / "skin.css").read_text()

    def replace(match: re.Match[str]) -> str:
        return f"@layer {match[2]} {{\n{(FOLDER / match[1]).read_text()}}}\n"

    flat = _BLANK.sub("\n", _COMMENT.sub("", _IMPORT.sub(replace, entry))).strip().encode()
    return StyleSheet(flat, gzip.compress(flat, 9, mtime=0), hashlib.sha256(flat).hexdigest()[:12])
