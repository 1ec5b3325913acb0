"""`guitai statements import`: files and folders into the books of what banks said, with a bar that shows how far."""

import sys
import time
from pathlib import Path

from guitai.base.actor import SYSTEM
from guitai.base.refusal import Refusal
from guitai.kit import explain
from guitai.rails import api

_BAR, _EVERY_S = 30, 0.2


def import_paths(paths: list[Path]) -> int:
    """Take in and read files, folder by folder; gives 0, or 1 when any was refused."""
    refused = 0
    for path in paths:
        for file in api.ready_statement_files(path) if path.is_dir() else [path]:
            refused += not _import(file)
    return 1 if refused else 0


def _import(path: Path) -> bool:
    bar = _Bar()
    try:
        file_id, new = api.take_statement(path, "command", SYSTEM)
        found = api.import_statement(file_id, bar.show)
    except Refusal as refusal:
        bar.clear()
        print(f"{path}: {explain.sentences(refusal.code, refusal.facts)} [{refusal.code}]")
        return False
    bar.clear()
    if found.state == "refused":
        words = explain.sentences(found.code or "refused", found.facts)
        print(f"{path}: {words} [{found.code}] kept as {found.id}")
        return False
    before = "" if new else "was taken in before: "
    print(f"{path}: {before}{found.entries_done} lines, {found.repeats} of them told before [{found.state}]")
    return True


class _Bar:
    """A progress bar, where somebody is looking."""

    def __init__(self) -> None:
        self._shown_at = 0.0  # seconds_s
        self._there = sys.stderr.isatty()

    def show(self, step: str, done: int, total: int) -> None:
        if not self._there or (time.monotonic() - self._shown_at < _EVERY_S and done < total):
            return
        self._shown_at = time.monotonic()
        share = min(done, total) * _BAR // max(total, 1)
        words = "checking" if step == "check" else "storing"
        bar = "█" * share + "░" * (_BAR - share)
        print(f"\r{words:8} {bar} {done * 100 // max(total, 1):3d}%", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        if self._there:
            print("\r\033[K", end="", file=sys.stderr, flush=True)
