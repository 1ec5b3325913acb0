"""Sealing waits for every older transaction of the whole cluster; so do its tests."""

import time

from guitai.audit import api

_PATIENCE_S = 60.0


def sealed(count: int) -> None:
    """Seal until so many rows are: other databases of the cluster may hold the horizon back for a while."""
    deadline = time.monotonic() + _PATIENCE_S
    while (got := api.seal()) != count:
        assert got == 0, f"{got} rows were sealed at once, not {count}"
        assert time.monotonic() < deadline, f"{count} rows were never sealed"
        time.sleep(0.05)
