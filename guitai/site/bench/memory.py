"""How much memory a process has held at most."""

from pathlib import Path

_KIBIBYTES_A_MEBIBYTE = 1024


def peak_mib(pid: int | str = "self") -> float:
    """The peak resident set of a process since it began."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / _KIBIBYTES_A_MEBIBYTE
    return 0
