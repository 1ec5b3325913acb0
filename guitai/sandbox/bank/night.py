"""What the bank does by itself, once a moment: fetch files, pay, send its mail, close days that are over."""

import asyncio
import logging
from pathlib import Path

from guitai.sandbox.bank import books, clearing, days, mailbox
from guitai.sandbox.world import World

_PAUSE_S = 0.5
_FILE_BYTES_MAX = 32 * 1024 * 1024
_log = logging.getLogger(__name__)


async def run(world: World) -> None:
    """For ever; what goes wrong once is said and tried again."""
    while True:
        try:
            turn(world)
        except Exception:  # noqa: BLE001  one bad file or a full disk must not stop the bank
            _log.exception("the bank's clearing failed")
        await asyncio.sleep(_PAUSE_S)


def turn(world: World) -> None:
    """One look at everything."""
    fetch(world)
    while books.bank_day(world) < books.today():
        close(world)
    clearing.run_due(world)
    mailbox.write_due(world)


def close(world: World) -> None:
    """Close the bank day and begin the next, with what was waiting for it."""
    with world.store.transaction():
        clearing.release_waiting(world)
    clearing.run_due(world)
    days.close_day(world)
    clearing.run_due(world)


def fetch(world: World) -> int:
    """Take the wallet's files; gives how many. A file is only removed once it is kept here."""
    folder = world.settings.payouts_folder
    if folder is None or not folder.is_dir():
        return 0
    found = sorted(path for path in folder.iterdir() if _is_file(path))
    for path in found:
        clearing.take_file(world, path.name, path.read_bytes())
        path.unlink()
    return len(found)


def _is_file(path: Path) -> bool:
    return (
        path.suffix == ".xml"
        and not path.name.startswith(".")
        and not path.is_symlink()
        and path.is_file()
        and path.stat().st_size <= _FILE_BYTES_MAX
    )
