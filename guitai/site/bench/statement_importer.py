"""A process that takes a statement file in as the worker does: kept, proved, stored, matched."""

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from guitai.base.actor import SYSTEM
from guitai.kit.transactions import outermost
from guitai.rails import api as rails
from guitai.site import verify
from guitai.site.bench.memory import peak_mib
from guitai.wallet import api as wallet


class Worker:
    def __init__(self) -> None:
        self._file_id: UUID | None = None
        self._proved = 0.0  # seconds_s
        self._stored = 0.0  # seconds_s

    def keep(self, path: str) -> dict[str, Any]:
        """Keep its content."""
        began = time.perf_counter()
        self._file_id, _ = rails.take_statement(Path(path), "command", SYSTEM)
        return self._figure(time.perf_counter() - began)

    def prove(self) -> dict[str, Any]:
        """Read and store; the time until its first line was stored is what proving it took."""
        assert self._file_id is not None
        began, first = time.perf_counter(), 0.0

        def progress(step: str, done: int, total: int) -> None:
            nonlocal first
            if step == "check":
                first = time.perf_counter()

        found = rails.import_statement(self._file_id, progress)
        self._proved, self._stored = first - began, time.perf_counter() - first
        if found.state != "imported":
            raise RuntimeError(f"the file was not imported but {found.state} ({found.code})")
        return self._figure(self._proved)

    def store(self) -> dict[str, Any]:
        """What storing took, after it was proved."""
        return self._figure(self._stored)

    def match(self) -> dict[str, Any]:
        """Match its lines with what the wallet knows."""
        assert self._file_id is not None
        began = time.perf_counter()
        with outermost():
            wallet.reconcile_statement(self._file_id)
        wallet.match_statement(self._file_id)
        figure = self._figure(time.perf_counter() - began)
        found = wallet.matching(self._file_id)
        assert found is not None
        return {**figure, "matched": found.matched, "held": found.held}

    def verify(self) -> list[str]:
        """What `guitai verify` finds of the books and of what was matched."""
        return verify.run()[0]

    def _figure(self, seconds: float) -> dict[str, Any]:
        return {"seconds": seconds, "peak_mib": peak_mib()}
