"""Several pieces of work in the same moment, on connections of their own."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from django.db import connection

from guitai.base.refusal import Refusal


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Start several pieces of work at the same moment, each on a connection of its own; gives what each gave.

    A refusal is a result; any other exception is the test's failure, not one result less.
    """
    start = threading.Barrier(len(works))

    def carry(work: Callable[[], object]) -> object:
        start.wait()
        try:
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result(60) for future in [pool.submit(carry, work) for work in works]]
