"""Reading what stands on a photo, on this machine, where the optional packages of `requirements/ocr.in` are there."""

import importlib
import importlib.util
import io
import logging
from functools import lru_cache
from typing import Any

from PIL import Image

_log = logging.getLogger(__name__)
# What is wider than this says nothing more, and costs much more time.
_SIDE_MAX = 2000
_SURE_ENOUGH = 0.5


def available() -> bool:
    """Whether this installation can read photos."""
    return bool(importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"))


def read_lines(picture: bytes) -> tuple[str, ...]:
    """The lines of text on a picture, from top to bottom.

    takes    a PNG, JPEG or WebP that was accepted as an upload
    gives    lines; none when nothing can be read, or nothing here can read
    """
    if not available():
        return ()
    with Image.open(io.BytesIO(picture)) as image:
        image.thumbnail((_SIDE_MAX, _SIDE_MAX))
        plain = io.BytesIO()
        image.convert("RGB").save(plain, "PNG")
    try:
        found = _engine()(plain.getvalue())
    except Exception as error:  # noqa: BLE001  a reviewer reads the photo anyway: no fault of the reader stops them
        _log.warning("a photo could not be read: %s", type(error).__name__)
        return ()
    if found.txts is None or found.scores is None:
        return ()
    return tuple(text for text, score in zip(found.txts, found.scores, strict=True) if score >= _SURE_ENOUGH)


@lru_cache(maxsize=1)
def _engine() -> Any:
    # By name: the package is an extra, and its models take a second to load.
    engine = importlib.import_module("rapidocr").RapidOCR()
    logging.getLogger("RapidOCR").setLevel(logging.WARNING)
    return engine
