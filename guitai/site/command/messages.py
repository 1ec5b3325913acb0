"""`guitai messages`: extract, merge and compile translations, in pure Python."""

import argparse

from guitai.site import catalogues
from guitai.site.refusals import StartRefused


def configure(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    update = actions.add_parser("update", help="extract messages and merge them into the catalogues")
    update.add_argument("rooms", nargs="*", metavar="ROOM", help="only these rooms")
    actions.add_parser("compile", help="write the .mo files that are out of date")
    missing = actions.add_parser("missing", help="list what is not translated; exits with 1 when anything is")
    missing.add_argument("rooms", nargs="*", metavar="ROOM", help="only these rooms")


def run(arguments: argparse.Namespace) -> int:
    if arguments.action == "compile":
        for path in catalogues.compile_catalogues():
            print(path.relative_to(catalogues.PACKAGE.parent))
        return 0
    rooms = _rooms(arguments.rooms)
    return _update(rooms) if arguments.action == "update" else _missing(rooms)


def _rooms(named: list[str]) -> list[str]:
    known = catalogues.rooms()
    for name in named:
        if name not in known:
            raise StartRefused(f"no room {name!r}; the rooms are {', '.join(known)}.")
    return named or known


def _update(rooms: list[str]) -> int:
    for room in rooms:
        for language in catalogues.LANGUAGES:
            count = catalogues.update(room, language)
            path = catalogues.catalogue_path(room, language)
            if path.exists():
                print(f"{path.relative_to(catalogues.PACKAGE.parent)}: {count} missing")
    return 0


def _missing(rooms: list[str]) -> int:
    found = [
        entry
        for room in rooms
        for language in catalogues.LANGUAGES
        for entry in catalogues.missing(room, language)
    ]
    for entry in found:
        print(entry)
    print(f"{len(found)} missing")
    return 1 if found else 0
