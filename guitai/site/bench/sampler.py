"""Where the time goes: every thread is looked at some hundred times a second, and what it was doing is counted.

Waiting for the server is told apart from working in Python by the frame of psycopg that waits; which statement it
waited for is read from the frame that sent it.
"""

import re
import sys
import threading
import time
from collections import Counter
from types import FrameType
from typing import Any

_EVERY_S = 0.002
# With the usual 5 ms a busy thread would be looked at only where it lets go by itself, and not where it works.
_SWITCH_S = 0.00002
# What only a benchmark does is nobody's time.
_OURS_ALONE = "_made_up"
_SHOWN_MAX = 24
_IDLE = (
    "/threading.py", "/queue.py", "/selectors.py", "/asyncio/", "/uvloop/", "/concurrent/", "/socket.py",
    "/multiprocessing/", "/psycopg_pool/", "/uvicorn/server.py",
)  # fmt: skip
_TABLE = re.compile(
    r'\b(?:from|into|update|join|copy)\s+(?:only\s+)?"?((?:audit|django|kit|ledger|notify|people|rails|risk|wallet)_\w+)',
    re.IGNORECASE,
)
_VERB = re.compile(r"\b(copy|insert|update|delete|select|set|show)\b", re.IGNORECASE)
_LOCKS = re.compile(r"\bfor (?:no key )?(?:update|(?:key )?share)\b", re.IGNORECASE)
_STATEMENTS = ("execute", "executemany", "copy", "stream")


class Sampler:
    """`with Sampler() as sampler: ...`, then `sampler.told()`."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sampler", daemon=True)
        self._wall_s = self._cpu_s = 0.0

    def __enter__(self) -> "Sampler":
        self._wall_s, self._cpu_s = -time.perf_counter(), -time.process_time()
        self._before = sys.getswitchinterval()
        sys.setswitchinterval(_SWITCH_S)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()
        sys.setswitchinterval(self._before)
        self._wall_s += time.perf_counter()
        self._cpu_s += time.process_time()

    def told(self, count: int, wall_s: float = 0.0) -> dict[str, Any]:
        """What took how long.

        takes    how many things were done meanwhile, and in which time, if not in all of it
        gives    seconds by the clock and of the processor, and for each step of a thread that was not idle where it
                 was (`server` or `python`), what it was, and its share of all such steps
        """
        busy = sum(self._counts.values())
        return {
            "count": count, "wall_s": round(wall_s or self._wall_s, 3), "cpu_s": round(self._cpu_s, 3), "samples": busy,
            "steps": [
                {"where": where, "step": step, "share": round(seen / busy, 4)}
                for (where, step), seen in self._counts.most_common(_SHOWN_MAX)
            ],
        }  # fmt: skip

    def _run(self) -> None:
        own = threading.get_ident()
        while not self._stopped.wait(_EVERY_S):
            for thread, frame in sys._current_frames().items():
                if thread != own and (seen := _seen(frame)) is not None:
                    self._counts[seen] += 1


def _seen(frame: FrameType) -> tuple[str, str] | None:
    """What a thread is doing, None when it waits for work."""
    waits = frame.f_code.co_name in ("wait", "wait_c") and "/psycopg/" in frame.f_code.co_filename
    if waits:
        return "server", _statement(frame)
    if any(part in frame.f_code.co_filename for part in _IDLE):
        return None
    place = _place(frame)
    return ("python", place) if place is not None else None


def _statement(frame: FrameType | None) -> str:
    while frame is not None:
        code = frame.f_code
        if "/psycopg/" in code.co_filename:
            if code.co_name in _STATEMENTS:
                return label(
                    str(frame.f_locals.get("query") or frame.f_locals.get("statement") or code.co_name)
                )
            if code.co_name in ("commit", "rollback"):
                return code.co_name
            cursor = getattr(frame.f_locals.get("self"), "cursor", None)
            if "copy" in code.co_filename and (query := getattr(cursor, "_last_query", None)):
                return label(str(query))
        elif "/guitai/" in code.co_filename:
            return f"in {_name(frame)}"
        frame = frame.f_back
    return "other"


def label(query: str) -> str:
    """A statement in two words: what it does, and to which of our tables."""
    verb, table = _VERB.search(query), _TABLE.search(query)
    words = verb[1].lower() if verb else query.split(maxsplit=1)[0].lower()
    if words == "select" and _LOCKS.search(query):
        words = "lock"
    return f"{words} {table[1].lower()}" if table else words


def _place(frame: FrameType | None) -> str | None:
    """The innermost function of ours: the libraries' time belongs to who called them."""
    found = ""
    while frame is not None:
        if "/guitai/" in frame.f_code.co_filename:
            if frame.f_code.co_name == _OURS_ALONE:
                return None
            if not found and "/bench/" not in frame.f_code.co_filename:
                found = _name(frame)
        frame = frame.f_back
    return found or "libraries"


def _name(frame: FrameType) -> str:
    module = frame.f_code.co_filename.rpartition("/guitai/")[2].removesuffix(".py").removesuffix("/__init__")
    return f"{module.replace('/', '.')}.{frame.f_code.co_name}"
