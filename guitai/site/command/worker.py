"""`guitai worker`: background jobs, topics and the audit sealer."""

import argparse

from guitai.site import surroundings
from guitai.site.command.late import part


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--concurrency", type=int, default=4, metavar="N", help="jobs at the same time (4)")
    parser.epilog = "Several workers may run; jobs of a worker that died are taken back after some seconds."


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        part("worker", "run")(concurrency=arguments.concurrency)
    return 0
