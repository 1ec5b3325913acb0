"""Several pieces of work in the same moment, on connections of their own."""

import threading
from collections.abc import Callable

from django.db import connection

from guitai.base.refusal import Refusal


def at_once(works: list[Callable[[], object]]) -> list[object]:
    """Start several pieces of work at the same moment, each on a connection of its own; gives what each gave.

    A refusal is a result; any other exception is the test's failure, not one result less.
    """
    start, results = threading.Barrier(len(works)), [None] * len(works)
    broken: list[BaseException] = []

    def carry(position: int, work: Callable[[], object]) -> None:
        start.wait()
        try:
            results[position] = work()  # type: ignore[call-overload]
        except Refusal as refusal:
            results[position] = refusal  # type: ignore[call-overload]
        except BaseException as error:
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=carry, args=(i, work)) for i, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not any(thread.is_alive() for thread in threads), "a piece of work has not ended in a minute"
    if broken:
        raise broken[0]
    return results
