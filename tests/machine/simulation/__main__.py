"""`python -m tests.machine.simulation`: hours of it, on a database of its own, until something is wrong.

A long run is many worlds: the seed, the next one, the one after, each of some thousand steps. So what fails can be
seen again from its beginning in minutes.
"""

import argparse
import logging
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import django
from django.core.management import call_command
from django.db import connection, connections

from guitai.site.postgres import Cluster

_STEPS_A_WORLD = 3_000


def main(words: Sequence[str] | None = None) -> int:
    """Exit code 0 when every world ended well, 1 when one did not."""
    arguments = _arguments(words)
    seed = arguments.seed if arguments.seed is not None else random.SystemRandom().randrange(10**9)
    print(f"simulation: SEED={seed}", flush=True)
    with _database(seed) as keep:
        return _live(seed, arguments.steps, arguments.hours, keep)


def _live(seed: int, steps: int | None, hours: float | None, keep: "Kept") -> int:
    # Nothing of the product may be imported before its settings stand.
    from tests.machine.simulation.run import Failed, run

    deadline = time.monotonic() + (hours or 0) * 3600
    met: Counter[str] = Counter()
    while True:
        try:
            report = run(seed, steps or _STEPS_A_WORLD)
        except Failed as failed:
            keep.failed = True
            print(f"\nFAILED\n{failed}", flush=True)
            return 1
        met.update(report.met)
        print(report, flush=True)
        if time.monotonic() >= deadline:
            break
        seed += 1
    print("what was met:", *(f"{count:8} {what}" for what, count in sorted(met.items())), sep="\n")
    return 0


class Kept:
    """Whether the database is left for somebody to look at."""

    failed = False


@contextmanager
def _database(seed: int) -> Iterator[Kept]:
    """A cluster of this run's own, or a database in the one that GUITAI_DATABASE_URL names."""
    given = os.environ.get("GUITAI_DATABASE_URL")
    os.environ |= {"GUITAI_MODE": "test", "DJANGO_SETTINGS_MODULE": "guitai.site.settings"}
    home = Path(tempfile.gettempdir()) / "guitai-simulate"
    home.mkdir(mode=0o755, exist_ok=True)
    os.environ["GUITAI_HOME"] = str(home)
    # What faults make the product say is not news here.
    logging.disable(logging.CRITICAL)
    cluster = None if given else Cluster.open(home, durable=False)
    if cluster is not None:
        os.environ["GUITAI_DATABASE_URL"] = cluster.url
    django.setup()
    name, kept = f"simulate_{seed}", Kept()
    original = connection.settings_dict["NAME"]
    try:
        with _own(name):
            call_command("migrate", verbosity=0, interactive=False)
            call_command("createcachetable", verbosity=0)
            yield kept
    finally:
        connections.close_all()
        if kept.failed:
            print(f"the database {name} is left as it was when it failed")
        else:
            _admin(original, f"DROP DATABASE IF EXISTS {name}")
        if cluster is not None:
            cluster.close()


@contextmanager
def _own(name: str) -> Iterator[None]:
    original = str(connection.settings_dict["NAME"])
    _admin(original, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name} TEMPLATE template0")
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connections.close_all()
        connections["default"].settings_dict["NAME"] = original


def _admin(database: str, *statements: str) -> None:
    connections["default"].settings_dict["NAME"] = database
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    connections.close_all()


def _arguments(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make simulate", description=__doc__)
    parser.add_argument("--seed", type=int, help="where chance begins; drawn and printed when it is left out")
    parser.add_argument("--steps", type=int, help=f"steps of each world, {_STEPS_A_WORLD}")
    parser.add_argument("--hours", type=float, help="how long new worlds are begun; one world when left out")
    return parser.parse_args(words)


if __name__ == "__main__":
    sys.exit(main())
