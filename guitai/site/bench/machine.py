"""What the figures were measured on."""

import os
import platform
from pathlib import Path
from typing import Any

from guitai.site.bench.place import Place, is_durable

_KIBIBYTES_A_GIBIBYTE = 1024 * 1024


def described(place: Place) -> dict[str, Any]:
    """Cores, memory, versions, and the settings of the server that matter."""
    settings = place.settings()
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "memory_gib": round(_memory_kib() / _KIBIBYTES_A_GIBIBYTE, 1),
        "python": platform.python_version(),
        "postgresql": place.version,
        "durable": is_durable(settings),
        "settings": settings,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def _memory_kib() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1])
    return 0
