"""A process that reads a statement file and keeps nothing of it. No Django: what it holds is what reading takes."""

import time
from pathlib import Path
from typing import Any

from guitai.rails.statements import Entry, read_statements
from guitai.site.bench.memory import peak_mib


class Worker:
    def parse(self, path: str) -> dict[str, Any]:
        """Read it to its end; gives seconds and the most memory that was held."""
        began, count = time.perf_counter(), 0
        with Path(path).open("rb") as file:
            for part in read_statements(file):
                count += isinstance(part, Entry)
        return {"entries": count, "seconds": time.perf_counter() - began, "peak_mib": peak_mib()}
