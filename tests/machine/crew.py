"""`python -m tests.machine.crew`: loads the product once, and forks a process for each thing it is ordered to do.

Orders come as lines of JSON and are answered so. `do` runs one of the judge's verbs to its end, `write` starts a writer
and gives its process id, `wait` waits for one. When the orders end, so does whoever still writes.
"""

import contextlib
import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "guitai.site.settings"
    logging.disable(logging.CRITICAL)
    django.setup()

from django.db import connections

from tests.machine import judge, writer


def serve() -> None:
    running: set[int] = set()
    verbs: dict[str, Callable[[dict[str, Any]], Any]] = {"do": _do, "write": _write, "wait": _wait}
    for line in sys.stdin:
        order = json.loads(line)
        answer = verbs[order["verb"]](order)
        if order["verb"] == "write":
            running.add(answer)
        elif order["verb"] == "wait":
            running.discard(order["pid"])
        print(json.dumps(answer), flush=True)
    for pid in running:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _do(order: dict[str, Any]) -> Any:
    reading, writing = os.pipe()
    pid = _fork(order, lambda: os.write(writing, _done(order).encode()))
    os.close(writing)
    with os.fdopen(reading) as file:
        said = file.read()
    _wait({"pid": pid})
    return json.loads(said or '{"problems": ["it ended without a word"]}')


def _done(order: dict[str, Any]) -> str:
    try:
        return json.dumps(judge.MODES[order["mode"]](*order["files"]))
    except Exception as error:  # noqa: BLE001  told to the test, which fails with it
        return json.dumps({"problems": [f"{order['mode']}: {type(error).__name__}: {error}"]})


def _write(order: dict[str, Any]) -> int:
    def work() -> None:
        over = threading.Event()
        signal.signal(signal.SIGTERM, lambda *_: over.set())
        with Path(order["notes"]).open("a") as file:
            plan = json.loads(Path(order["plan"]).read_text())
            writer.MODES[order["mode"]](plan, writer.Notes(file), order["number"], over)

    return _fork(order, work)


def _wait(order: dict[str, Any]) -> int:
    return os.waitstatus_to_exitcode(os.waitpid(order["pid"], 0)[1])


def _fork(order: dict[str, Any], work: Callable[[], Any]) -> int:
    pid = os.fork()
    if pid:
        return pid
    try:
        # Before the first connection: which database is this process's own.
        connections["default"].settings_dict["NAME"] = order["database"]
        work()
    except BaseException as error:  # noqa: BLE001  the last words of a process
        print(f"{order}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        os._exit(1)
    os._exit(0)


if __name__ == "__main__":
    serve()
