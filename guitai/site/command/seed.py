"""`guitai seed`: the demonstration cast, through the real flows."""

import argparse

from guitai.site import surroundings
from guitai.site.command.late import part
from guitai.site.refusals import StartRefused


def configure(parser: argparse.ArgumentParser) -> None:
    parser.epilog = (
        "Members of the cast who are already there are left alone. The sandbox, web and worker must be "
        "running (`guitai up` in another terminal). Refused in production."
    )


def run(arguments: argparse.Namespace) -> int:
    if surroundings.checked().mode == "production":
        raise StartRefused(
            "the demonstration cast has published passwords: it is never seeded in production."
        )
    with surroundings.ready():
        for line in part("seed", "seed")() or ():
            print(line)
    return 0
