"""A process of a measurement: `python -m guitai.site.bench.child ROLE FD`, asked over the pipe FD."""

import importlib
import sys
import traceback
from multiprocessing.connection import Connection

import django

# The textbook's till needs it for the keys alone, which lie in the database.
WITH_DJANGO = ("customers", "poster", "statement_importer", "textbook_till", "till")
WITHOUT = ("load", "statement_reader", "textbook", "tigerbeetle")


def main(role: str, fd: int) -> None:
    """Answer until the other side is gone."""
    wire = Connection(fd)
    if role in WITH_DJANGO:
        django.setup(set_prefix=False)
    elif role not in WITHOUT:
        raise SystemExit(f"no role {role!r}")
    worker = importlib.import_module(f"guitai.site.bench.{role}").Worker()
    while True:
        try:
            verb, words = wire.recv()
        except EOFError:
            return
        try:
            answer = (True, getattr(worker, verb)(**words))
        except Exception:  # noqa: BLE001  whatever went wrong is told to who asked, who ends the run
            answer = (False, traceback.format_exc())
        wire.send(answer)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
