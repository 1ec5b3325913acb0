"""Processes of a measurement: each works on its own, is asked over a pipe, and never outlives us."""

import contextlib
import sys
from collections.abc import Mapping
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from guitai.site import processes
from guitai.site.refusals import StartRefused

_GRACE_S = 3
_LAST_LINES = 15


class Child:
    """One process of `child.py` in one role: `ask` a verb of its role, or `tell` several and `hear` them later."""

    def __init__(self, role: str, variables: Mapping[str, str], log: Path) -> None:
        ours, theirs = Pipe()
        self._wire, self._role, self._log = ours, role, log
        with log.open("ab") as output:
            self.process = processes.spawn(
                [sys.executable, "-m", "guitai.site.bench.child", role, str(theirs.fileno())],
                variables, output=output, fds=(theirs.fileno(),),
            )  # fmt: skip
        theirs.close()

    def ask(self, verb: str, **words: Any) -> Any:
        """Have something done and wait for what it gives."""
        self.tell(verb, **words)
        return self.hear()

    def tell(self, verb: str, **words: Any) -> None:
        """Have something done."""
        try:
            self._wire.send((verb, words))
        except OSError as error:
            raise self._dead() from error

    def hear(self) -> Any:
        """What it gave, in the order of asking; refuses StartRefused with its last words when it failed."""
        try:
            went_well, value = self._wire.recv()
        except (EOFError, OSError) as error:
            raise self._dead() from error
        if not went_well:
            raise StartRefused(f"the measurement's process {self._role!r} failed:\n{_last(value)}")
        return value

    def close(self) -> None:
        self._wire.close()

    def _dead(self) -> StartRefused:
        words = _last(self._log.read_text(errors="replace"))
        return StartRefused(f"the measurement's process {self._role!r} ended. Its last words:\n{words}")


class Children(contextlib.AbstractContextManager["Children"]):
    """All processes of a run; none is left when the block ends."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._all: list[Child] = []

    def start(self, role: str, variables: Mapping[str, str]) -> Child:
        """A process in a role, ready when its first answer comes."""
        child = Child(role, variables, self._folder / f"{role}.log")
        self._all.append(child)
        return child

    def many(self, role: str, variables: Mapping[str, str], count: int) -> list[Child]:
        """Several processes in one role, all begun before any is waited for."""
        return [self.start(role, variables) for _ in range(count)]

    def stop(self, *children: Child) -> None:
        processes.end([child.process for child in children], _GRACE_S)
        for child in children:
            child.close()
            self._all.remove(child)

    def __exit__(self, *_: object) -> None:
        self.stop(*tuple(self._all))


def _last(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()[-_LAST_LINES:])
