"""`guitai policies`: what the operator decides, as it is in force, and a new version of it from a file."""

import argparse
import json
from pathlib import Path

from guitai.base.actor import Actor
from guitai.base.refusal import Refusal
from guitai.site import surroundings
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused

_OPERATOR = Actor("system", "command")


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "`show NAME > FILE`, change the file, `publish NAME FILE`: the whole value is checked and becomes the next "
        "version, at most a second later in every process. Earlier versions are kept; the desk lists all of them."
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    verbs.add_parser("list", help="every policy with its version, since when, and by whom")
    shown = verbs.add_parser("show", help="print the value in force as JSON")
    shown.add_argument("name")
    published = verbs.add_parser("publish", help="put a new version in force")
    published.add_argument("name")
    published.add_argument("file", type=Path, help="JSON, as `show` prints it")


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        if arguments.verb == "publish":
            return _publish(arguments.name, arguments.file)
        found = part("policies", "in_force")()
        if arguments.verb == "list":
            for one in found:
                since = f"{one.since:%Y-%m-%d %H:%M}  {one.by}" if one.since else "default"
                print(f"{one.name}@{one.version:<4} {since}")
            return 0
        value = next((one.value for one in found if one.name == arguments.name), None)
        if value is None:
            raise StartRefused(f"there is no policy {arguments.name!r}: guitai policies list")
        print(json.dumps(value, ensure_ascii=False, indent=1))
        return 0


def _publish(name: str, file: Path) -> int:
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise StartRefused(f"{file} cannot be read as JSON: {error}") from error
    try:
        version = part("policies", "publish")(name, value, _OPERATOR)
    except Refusal as refusal:
        facts = ", ".join(f"{key}: {fact}" for key, fact in refusal.facts.items())
        raise StartRefused(f"{refusal.code} ({facts})") from refusal
    print(f"in force: {name}@{version}")
    return 0
