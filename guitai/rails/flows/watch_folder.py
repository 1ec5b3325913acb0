"""Take in what another program put into the drop folder, once it is whole."""

import logging
import os
import time
from pathlib import Path
from uuid import UUID

from guitai.base.actor import SYSTEM, Actor
from guitai.rails.errors import StatementChanging, StatementRefused
from guitai.rails.flows.receive_statement import receive_statement
from guitai.rails.policies import statement_settings

# How programs name what they are still writing, and what is nobody's statement.
_UNFINISHED = (
    ".part",
    ".partial",
    ".tmp",
    ".temp",
    ".filepart",
    ".crdownload",
    ".swp",
    ".lock",
    ".writing",
    "~",
)
_TAKEN, _REFUSED = "taken", "refused"
_log = logging.getLogger(__name__)


def watch_folder() -> list[UUID]:
    """Take in every file of the operator's drop folder that nobody is writing to any more; gives the new ones."""
    settings = statement_settings()
    if not settings.folder:
        return []
    folder = Path(settings.folder)
    try:
        ready = ready_files(folder, settings.quiet_s)
    except OSError as error:
        _log.warning("the folder of statements cannot be read: %s", type(error).__name__)
        return []
    return [file_id for path in ready if (file_id := _take(path)) is not None]


def ready_files(folder: Path, quiet_s: int) -> list[Path]:
    """The files of a folder that are whole, as far as can be told: no unfinished name, untouched for a while.

    A writer that pauses longer than that leaves half a file behind for a moment: it is refused as incomplete, and
    its whole self is another file.
    """
    ready = []
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "~")) or path.name.lower().endswith(_UNFINISHED):
            continue
        status = path.lstat()
        # Never through a link: it may point at anything.
        if path.is_symlink() or not path.is_file() or status.st_size == 0:
            continue
        if time.time() - status.st_mtime >= quiet_s:
            ready.append(path)
    return ready


def take_path(path: Path, source: str, actor: Actor) -> tuple[UUID, bool]:
    """Take one file in, unless it is being written; gives its id and whether it is new.

    refuses  statement_changing, statement_too_large, statement_unreadable
    """
    before = path.stat()
    with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        taken = receive_statement(file, path.name, source, actor)
    after = path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        # What was kept is what was there then; the file stays for the next look.
        raise StatementChanging()
    return taken


def _take(path: Path) -> UUID | None:
    try:
        file_id, new = take_path(path, "folder", SYSTEM)
    except StatementChanging:
        return None
    except StatementRefused as refusal:
        _log.warning("a statement file was not taken in: %s", refusal.code)
        _move(path, _REFUSED)
        return None
    except OSError as error:
        _log.warning("a statement file cannot be read: %s", type(error).__name__)
        return None
    _move(path, _TAKEN)
    return file_id if new else None


def _move(path: Path, into: str) -> None:
    """Out of the way, beside what went before; a folder that may only be read is looked at again each time."""
    try:
        folder = path.parent / into
        folder.mkdir(exist_ok=True)
        goal, number = folder / path.name, 1
        while goal.exists():
            goal = folder / f"{path.stem}.{number}{path.suffix}"
            number += 1
        path.rename(goal)
    except OSError as error:
        _log.warning("a statement file cannot be moved: %s", type(error).__name__)
