"""`guitai rehearse NAME`: stage a trouble in the running demonstration, and say where to look."""

import argparse
import json

from guitai.site import surroundings
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused

NAMES = (
    "locked", "refused", "top_up", "withdrawal", "wrong_person", "not_me", "stolen", "change_phone", "fees", "held",
)  # fmt: skip


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Needs `guitai up` in another terminal, in demo mode. Everything goes through the doors that people use, "
        "with customers made for it, so that a trouble can be staged as often as one likes. Refused in production."
    )
    parser.add_argument("name", nargs="?", choices=NAMES, metavar="NAME", help=", ".join(NAMES))
    parser.add_argument("--list", action="store_true", help="what can be staged")
    parser.add_argument("--json", action="store_true", help="print what was staged as JSON, for tests")


def run(arguments: argparse.Namespace) -> int:
    if surroundings.checked().mode not in ("demo", "development"):
        raise StartRefused(
            "a rehearsal needs the demonstration: it makes customers with published passwords."
        )
    if arguments.list or not arguments.name:
        with surroundings.ready():
            print(*part("rehearse", "listed")(), sep="\n")
        return 0
    with surroundings.ready():
        scene = part("rehearse", "staged")(arguments.name)
        if arguments.json:
            print(json.dumps({"look": scene.look, **scene.facts}, ensure_ascii=False))
        else:
            print(*part("rehearse", "told")(scene), sep="\n")
    return 0
