"""`guitai keys`: the keys that personal data is sealed by: which there are, new ones, and the end of old ones."""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Mapping
from typing import Any

from guitai.kit.environment import environment
from guitai.site import surroundings
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused

_BAR = 24
_SHOWN_EVERY_S = 0.1


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Data keys lie in the database, wrapped by the newest of GUITAI_DATA_KEYS. `rotate` works beside running "
        "traffic and may be ended at any time: the next one goes on. To replace a key of GUITAI_DATA_KEYS put the new "
        "one first, restart everything, `guitai keys rotate`, and take the old one out when `guitai keys status` says "
        "that nothing needs it."
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("status", help="which keys there are, and how much each has sealed")
    rotate = actions.add_parser("rotate", help="make a new key and seal everything anew by it")
    rotate.add_argument(
        "--indexes",
        action="store_true",
        help="the key of blind indexes instead; web and worker must be stopped",
    )
    actions.add_parser("retire", help="destroy old data keys by which nothing is sealed any more")


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        try:
            if arguments.action == "status":
                return _status()
            if arguments.action == "retire":
                return _retire()
            return _rotate_indexes() if arguments.indexes else _rotate()
        except part("keys", "RotationRefused") as refused:
            raise StartRefused(str(refused)) from refused


class Bar:
    """One line of progress on a terminal; one line for each finished column elsewhere."""

    def __init__(self) -> None:
        self._name, self._line, self._shown_at = "", "", 0.0
        self._live = sys.stderr.isatty()

    def __call__(self, name: str, done: int, total: int) -> None:
        if name != self._name:
            self.close()
        share = done / total if total else 1.0
        filled = round(_BAR * min(share, 1.0))
        self._name = name
        self._line = f"{name:<40} [{'#' * filled}{'.' * (_BAR - filled)}] {done:,} of {total:,}"
        if self._live and time.monotonic() - self._shown_at > _SHOWN_EVERY_S:
            self._shown_at = time.monotonic()
            print(f"\r\033[K{self._line}", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """End the line of the column before."""
        if self._line:
            print(f"\r\033[K{self._line}" if self._live else self._line, file=sys.stderr)
        self._name = self._line = ""


def _rotate() -> int:
    bar = Bar()
    report = part("keys", "rotate")(bar)
    bar.close()
    print(f"{'Went on with' if report.resumed else 'Made'} data key {report.key}.")
    _print_counts(report.resealed)
    for place in report.unreadable:
        print(f"could not be opened: {place}")
    if report.finished:
        print(
            "Everything is sealed by the new key. `guitai keys retire` destroys the old ones after two days."
        )
        return 0
    print("Not finished: run `guitai keys rotate` again, it goes on where it is.")
    return 1


def _rotate_indexes() -> int:
    bar = Bar()
    done = part("keys", "rotate_indexes")(bar)
    bar.close()
    print(f"{done:,} indexes were computed by a new key. Start web and worker again.")
    return 0


def _retire() -> int:
    gone = part("keys", "retire")()
    print(
        f"Destroyed: {', '.join(gone)}"
        if gone
        else "No key can go: each is in use, or younger than two days."
    )
    return 0


def _status() -> int:
    rows, counts = part("keys", "status")()
    for row in rows:
        print(_described(row))
    sealed: Counter[str] = sum(counts.values(), Counter())
    names = [name for name, _ in environment().data_keys]
    wrapping = {row["master"] for row in rows if row["held"]}
    for place, name in enumerate(names):
        needed = name in wrapping or sealed[name] or (place == 0) or not rows
        print(
            f"master key {name}: {'in use' if needed else 'nothing needs it: take it out of GUITAI_DATA_KEYS'}"
        )
    print()
    _print_counts(sealed, "sealed by")
    known = {row["id"] for row in rows if row["held"]} | set(names)
    strange = {key_id: count for key_id, count in sealed.items() if key_id not in known}
    for key_id, count in strange.items():
        print(f"{count:,} values name key {key_id!r}, which nobody has: they cannot be opened")
    return 1 if strange else 0


def _described(row: Mapping[str, Any]) -> str:
    roles = {"seal": "data key", "index": "index key", "code": "code key"}
    state = "in force"
    if row["destroyed_at"]:
        state = f"destroyed {row['destroyed_at']:%Y-%m-%d}"
    elif row["retired_at"]:
        state = f"retired {row['retired_at']:%Y-%m-%d}, still opens"
    elif row["role"] == "seal" and not row["finished_at"]:
        state = "in force; older values are not all sealed anew yet: run `guitai keys rotate`"
    return f"{roles[row['role']]} {row['id']}, made {row['made_at']:%Y-%m-%d %H:%M} UTC: {state}"


def _print_counts(counts: Mapping[str, int], word: str = "sealed anew in") -> None:
    for name, count in sorted(counts.items()):
        if count:
            print(f"{count:>12,} {word} {name}")
