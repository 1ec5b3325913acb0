"""A scratch database with all tables, as `guitai migrate` makes them."""

import sys

from guitai.site import processes
from guitai.site.bench.place import Place
from guitai.site.bench.telling import show
from guitai.site.refusals import StartRefused

_LAST_LINES = 15


def migrated(place: Place, name: str) -> None:
    """Make it, or refuse with the command's last words."""
    show("the tables")
    place.make(name)
    log = place.home / "migrate.log"
    with log.open("wb") as output:
        process = processes.spawn(
            [sys.executable, "-m", "guitai", "migrate"], place.variables(name), output=output
        )
        try:
            code = process.wait()
        finally:
            processes.end([process], 3)
    if code != 0:
        words = "\n".join(log.read_text(errors="replace").splitlines()[-_LAST_LINES:])
        raise StartRefused(f"the tables could not be made (exit code {code}):\n{words}")
