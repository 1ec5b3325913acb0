"""`guitai shell`: a Python prompt with Django set up."""

import argparse

from django.core.management import call_command

from guitai.site import surroundings


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-c", dest="code", metavar="CODE", help="run this and leave")


def run(arguments: argparse.Namespace) -> int:
    with surroundings.ready():
        call_command("shell", **({"command": arguments.code} if arguments.code else {}))
    return 0
